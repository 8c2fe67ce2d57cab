// Package codec reads and writes the SDK's input, output and error types in AWS's three protocols. What a type looks like
// on the wire is compiled once, by reflection, into a plan: from the Go type, which has the members, and the facts of its
// shape, which have the rest. A member without facts follows the name rule of the protocol.
package codec
