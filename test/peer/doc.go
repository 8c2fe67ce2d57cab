// Package peer runs the factory against a server that is not ours: moto's, which plays many of AWS's services by its own
// reading of them. A listener of the tests stands before it and makes what AWS makes of networks and replicas: it throttles,
// loses answers of calls that took effect, and answers reads with what was true moments ago.
//
// What moto has not got, or has otherwise than AWS documents, stands in rules_test.go, each with its reason; the factory is not
// bent to it.
package peer
