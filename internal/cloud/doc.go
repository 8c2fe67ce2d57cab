// Package cloud makes AWS SDK clients for the factory and the console, for the twin and for AWS alike: endpoint, Region,
// credentials, and the factory's own role. It depends on the SDK alone.
//
// Inherited AWS_ENDPOINT_URL settings are never followed: a variable left over in a shell must not send a real launch to
// a twin, or a rehearsal to AWS.
package cloud
