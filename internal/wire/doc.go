// Package wire serves AWS protocols from the SDK's own input, output and error types: awsJson1.1, restJson1 and awsQuery,
// with Signature Version 4. It knows no service: a service brings its table of operations, made with On, and everything
// else comes from the types (codec/) and from a committed table of facts per service (facts/).
//
// Each call goes through the same steps, and nothing later runs when one refuses:
//
//	route → verify signature → decode → validate → authorise → fault → handle → encode
//
//	route.go  which service and operation a request means      auth.go     whose signature it carries
//	call.go   the steps, in their order                        fault.go    what goes wrong on purpose
//	json.go, rest.go, query.go   the three protocols           failure.go  what an error becomes
//	invalid.go                   which error each service makes of an input that breaks its model
package wire
