// Package wire serves AWS protocols from the SDK's own input, output and error types: awsJson1.1, restJson1 and awsQuery,
// with Signature Version 4. It knows no service: a service brings its table of operations, made with On, and everything
// else comes from the types and from a committed table of facts per service (facts/).
//
// Each call goes through the same steps, and nothing later runs when one refuses:
//
//	route → verify signature → decode → validate → authorise → fault → handle → encode
package wire
