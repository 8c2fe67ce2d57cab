// Package permission holds docs/aws-permissions.md to its word: with exactly the policies it documents every kind of request
// goes through, by each provisioner; with any one of their statements removed some request is denied, and says what it was
// denied. The policies are internal/cloud's own.
package permission
