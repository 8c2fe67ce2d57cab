// Package policy has principals, IAM policy documents and their evaluation. It fails closed: what it does not understand
// does not allow.
package policy
