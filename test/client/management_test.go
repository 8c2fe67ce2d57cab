package client

import (
	"slices"
	"testing"
)

// The management user makes users, keys and roles, in the management account and, by Control Tower's execution role, in a
// member.
func TestManagement(t *testing.T) {
	t.Parallel()
	j := speedJourney(t, "instant")
	j.launch()
	j.await()
	j.administers(j.server.Account)
	role := "arn:aws:iam::" + j.account + ":role/AWSControlTowerExecution"
	j.assume(role)
	j.administers(j.account)
	for _, c := range []struct {
		name, service, operation string
		input                    m
		codes                    []string
	}{
		{"another account's users", "iam", "GetUser", m{"UserName": "management"}, []string{"NoSuchEntity"}},
		{"a member makes no accounts", "organizations", "CreateAccount", m{"AccountName": "x", "Email": "x@example.com"}, []string{"AccessDeniedException"}},
		{"a member lists no accounts", "organizations", "ListAccounts", nil, []string{"AccessDeniedException"}},
		{"a role of the management account", "sts", "AssumeRole", m{"RoleArn": j.role, "RoleSessionName": "eve"}, []string{"AccessDenied"}},
	} {
		_, failed := j.try(c.service, c.operation, c.input)
		if failed == nil || !slices.Contains(c.codes, failed.Code) {
			t.Errorf("%s: %v, want %v", c.name, failed, c.codes)
		}
	}
}

// administers makes a user with a key, and a role with a managed policy, and works as both.
func (j *journey) administers(account string) {
	j.t.Helper()
	before := j.as
	defer func() { j.as = before }()
	if got := text(j.call("sts", "GetCallerIdentity", nil), "Account"); got != account {
		j.t.Fatalf("in account %s, want %s", got, account)
	}
	const readOnly = "arn:aws:iam::aws:policy/ReadOnlyAccess"
	j.call("iam", "CreateUser", m{"UserName": "ann"})
	j.call("iam", "AttachUserPolicy", m{"UserName": "ann", "PolicyArn": "arn:aws:iam::aws:policy/AdministratorAccess"})
	key := j.call("iam", "CreateAccessKey", m{"UserName": "ann"})
	arn := text(j.call("iam", "CreateRole", m{"RoleName": "Auditor", "AssumeRolePolicyDocument": trust(account)}), "Role", "Arn")
	j.call("iam", "AttachRolePolicy", m{"RoleName": "Auditor", "PolicyArn": readOnly})
	j.as = keys{ID: text(key, "AccessKey", "AccessKeyId"), Secret: text(key, "AccessKey", "SecretAccessKey")}
	if got, want := text(j.call("sts", "GetCallerIdentity", nil), "Arn"), "arn:aws:iam::"+account+":user/ann"; got != want {
		j.t.Errorf("the new key is %s's, want %s's", got, want)
	}
	j.assume(arn)
	j.call("iam", "ListRoles", nil)
	if _, failed := j.try("iam", "CreateUser", m{"UserName": "eve"}); failed == nil || failed.Code != "AccessDenied" {
		j.t.Errorf("the auditor makes a user: %v, want AccessDenied", failed)
	}
}

// assume goes on as a role.
func (j *journey) assume(role string) {
	j.t.Helper()
	out := j.call("sts", "AssumeRole", m{"RoleArn": role, "RoleSessionName": "ann"})
	j.as = keys{text(out, "Credentials", "AccessKeyId"), text(out, "Credentials", "SecretAccessKey"), text(out, "Credentials", "SessionToken")}
}
