package iam

import (
	"testing"

	"github.com/aws/aws-sdk-go-v2/service/iam"
	"github.com/aws/aws-sdk-go-v2/service/sts"
	"github.com/google/go-cmp/cmp"

	"accountfactory/internal/twin/state"
)

func TestAddMember(t *testing.T) {
	t.Parallel()
	b := setup(t)
	_ = b.state.View(func(tx *state.Tx) error {
		r := b.Role(tx, member, "AWSControlTowerExecution")
		if r == nil || r.ARN() != execution {
			t.Fatalf("role %v", r)
		}
		if diff := cmp.Diff([]string{administratorAccess}, r.Managed); diff != "" {
			t.Errorf("policies (-want +got):\n%s", diff)
		}
		if got, want := trusted(r.Trust), []string{"arn:aws:iam::111122223333:root"}; !cmp.Equal(got, want) {
			t.Errorf("trusts %v, want %v", got, want)
		}
		return nil
	})
}

func TestSuspendAccount_ClosesItsRoles(t *testing.T) {
	t.Parallel()
	b := setup(t)
	out := must[*sts.AssumeRoleOutput](t)(b.assume(t, b.ctx, &sts.AssumeRoleInput{RoleArn: ptr(execution)}))
	b.update(t, func(tx *state.Tx) { b.SuspendAccount(tx, member, true) })
	if _, err := b.Lookup(t.Context(), *out.Credentials.AccessKeyId); err == nil {
		t.Error("a session in a suspended account works")
	}
	if _, err := b.assume(t, b.ctx, &sts.AssumeRoleInput{RoleArn: ptr(execution)}); code(err) != "AccessDenied" {
		t.Errorf("assuming a role of a suspended account: %v", err)
	}
	b.update(t, func(tx *state.Tx) { b.SuspendAccount(tx, member, false) })
	must[*sts.AssumeRoleOutput](t)(b.assume(t, b.ctx, &sts.AssumeRoleInput{RoleArn: ptr(execution)}))
}

func TestRemoveAccount_LeavesNothing(t *testing.T) {
	t.Parallel()
	v := serve(t)
	c, ctx := v.client(t, adminKey), t.Context()
	must[*iam.CreateGroupOutput](t)(c.CreateGroup(ctx, &iam.CreateGroupInput{GroupName: ptr("g")}))
	must[*iam.AddUserToGroupOutput](t)(c.AddUserToGroup(ctx, &iam.AddUserToGroupInput{GroupName: ptr("g"), UserName: ptr("bob")}))
	must[*iam.CreatePolicyOutput](t)(c.CreatePolicy(ctx, &iam.CreatePolicyInput{PolicyName: ptr("p"), PolicyDocument: ptr(allowAll)}))
	must[*iam.CreateRoleOutput](t)(c.CreateRole(ctx, &iam.CreateRoleInput{RoleName: ptr("r"), AssumeRolePolicyDocument: ptr(trustAccount(management))}))
	must[*sts.GetSessionTokenOutput](t)(v.GetSessionToken(v.ctx, &sts.GetSessionTokenInput{}))
	v.update(t, func(tx *state.Tx) { v.RemoveAccount(tx, management) })
	_ = v.state.View(func(tx *state.Tx) error {
		rows := map[string]int{
			"accounts": v.accounts.Len(tx), "users": v.users.rows.Len(tx), "groups": v.groups.rows.Len(tx), "roles": v.roles.rows.Len(tx),
			"memberships": v.memberships.Len(tx), "policies": v.policies.Len(tx), "keys": v.keys.Len(tx), "sessions": v.sessions.Len(tx),
		}
		want := map[string]int{"accounts": 1, "users": 0, "groups": 0, "roles": 1, "memberships": 0, "policies": 0, "keys": 0, "sessions": 0}
		if diff := cmp.Diff(want, rows); diff != "" {
			t.Errorf("rows left besides the member's (-want +got):\n%s", diff)
		}
		return nil
	})
}
