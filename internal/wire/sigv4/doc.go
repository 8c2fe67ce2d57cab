// Package sigv4 verifies AWS Signature Version 4, in the Authorization header and in the query (presigned URLs), the way
// AWS documents it: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-create-signed-request.html.
// Parse reads what a request claims, Verifier.Verify proves it with the secret; between the two stands the look-up of the key.
package sigv4
