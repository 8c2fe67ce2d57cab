// Package iam plays AWS IAM and STS for every account of the twin: users, groups, roles, policies, access keys and
// sessions. It knows who signs a request and which policies speak for them.
//
//	request ─▶ Lookup: access key → wire.Caller             (on every call, reads only)
//	        ─▶ Identity: wire.Caller → principal, policies   (live: a change of a role binds its sessions at once)
//	        ─▶ ResourcePolicy: the trust policy of the role that is to be assumed
//
// AWS's IAM is eventually consistent; here a change holds at once. Sessions and their ends are of wall time, the dates
// that answers show are of the twin's time.
package iam
