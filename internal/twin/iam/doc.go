// Package iam plays AWS IAM and STS for every account of the twin: users, groups, roles, policies, access keys and
// sessions. It knows who signs a request and which policies speak for them, keeps the roles of services, and simulates.
//
//	request ─▶ Lookup: access key → wire.Caller             (on every call, reads only)
//	        ─▶ Identity: wire.Caller → principal, policies   (live: a change of a role binds its sessions at once)
//	        ─▶ ResourcePolicy: the trust policy of the role that is to be assumed
//
// Sessions and their ends are of wall time, the dates that answers show are of the twin's time.
//
// Where this is not as in AWS: a change holds at once, there is no eventual consistency. A trust policy goes on naming a
// user or role by ARN when that one is deleted; AWS puts its unique id in the place of the ARN. The documents of AWS
// managed policies are our own, in one version each. Last uses of keys are forgotten with the process. How much room
// session tags and policies take is an estimate, as AWS documents no figures. Users have no passwords and no MFA devices.
package iam
