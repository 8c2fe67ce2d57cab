// Package server puts the parts together: it locks the data folder, opens the two listeners, starts the twin, the factory
// and the console, says that it is ready, and stops everything in the opposite order.
package server
