// Package replica runs the factory as companies do: away from the cloud it works on, guarded against the wrong one, and as
// several processes on one PostgreSQL. A twin of its own process stands in for AWS.
package replica
