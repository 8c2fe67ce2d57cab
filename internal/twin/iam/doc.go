// Package iam plays AWS IAM and STS for every account of the twin: users, roles, policies, access keys and sessions. It
// knows who signs a request and which policies speak for them.
package iam
