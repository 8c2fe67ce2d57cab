package iam

import (
	"context"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/iam"
	"github.com/aws/aws-sdk-go-v2/service/iam/types"
	"github.com/google/go-cmp/cmp"

	"accountfactory/internal/twin/state"
)

func TestRole_Life(t *testing.T) {
	t.Parallel()
	v := serve(t)
	c, ctx := v.client(t, adminKey), t.Context()
	made := must[*iam.CreateRoleOutput](t)(c.CreateRole(ctx, &iam.CreateRoleInput{
		RoleName: ptr("builder"), Path: ptr("/ci/"), Description: ptr("builds"), AssumeRolePolicyDocument: ptr(trustAccount(management)), MaxSessionDuration: ptr(int32(7200)),
		Tags: []types.Tag{{Key: ptr("b"), Value: ptr("2")}, {Key: ptr("a"), Value: ptr("1")}}, PermissionsBoundary: ptr("arn:aws:iam::aws:policy/ReadOnlyAccess"),
	})).Role
	if *made.Arn != "arn:aws:iam::111122223333:role/ci/builder" || (*made.RoleId)[:4] != "AROA" || len(*made.RoleId) != 21 {
		t.Errorf("made %s %s", *made.Arn, *made.RoleId)
	}
	// RFC 3986: blanks as %20, nothing but letters, digits and -_.~ left as it is.
	if want := "%7B%22Version%22%3A%222012-10-17%22%2C%22Statement%22%3A%5B%7B%22Effect%22%3A%22Allow%22"; !strings.HasPrefix(*made.AssumeRolePolicyDocument, want) {
		t.Errorf("trust policy %s\nwant %s…", *made.AssumeRolePolicyDocument, want)
	}
	got := must[*iam.GetRoleOutput](t)(c.GetRole(ctx, &iam.GetRoleInput{RoleName: ptr("builder")})).Role
	want := &types.Role{
		Arn: made.Arn, RoleId: made.RoleId, RoleName: ptr("builder"), Path: ptr("/ci/"), Description: ptr("builds"), CreateDate: &noon, MaxSessionDuration: ptr(int32(7200)),
		AssumeRolePolicyDocument: made.AssumeRolePolicyDocument, RoleLastUsed: &types.RoleLastUsed{},
		PermissionsBoundary: &types.AttachedPermissionsBoundary{PermissionsBoundaryArn: ptr("arn:aws:iam::aws:policy/ReadOnlyAccess"), PermissionsBoundaryType: types.PermissionsBoundaryAttachmentTypePolicy},
		Tags:                []types.Tag{{Key: ptr("a"), Value: ptr("1")}, {Key: ptr("b"), Value: ptr("2")}},
	}
	if diff := cmp.Diff(want, got, ignoreSerde); diff != "" {
		t.Errorf("role (-want +got):\n%s", diff)
	}
	_, err := c.CreateRole(ctx, &iam.CreateRoleInput{RoleName: ptr("Builder"), AssumeRolePolicyDocument: ptr(trustAccount(management))})
	wantError(t, err, "EntityAlreadyExists", "Role with name Builder already exists.")

	must[*iam.UpdateRoleOutput](t)(c.UpdateRole(ctx, &iam.UpdateRoleInput{RoleName: ptr("builder"), MaxSessionDuration: ptr(int32(3600))}))
	must[*iam.UpdateAssumeRolePolicyOutput](t)(c.UpdateAssumeRolePolicy(ctx, &iam.UpdateAssumeRolePolicyInput{RoleName: ptr("builder"), PolicyDocument: ptr(trustAccount(member))}))
	after := must[*iam.UpdateRoleDescriptionOutput](t)(c.UpdateRoleDescription(ctx, &iam.UpdateRoleDescriptionInput{RoleName: ptr("builder"), Description: ptr("new")})).Role
	if *after.MaxSessionDuration != 3600 || *after.Description != "new" || !strings.Contains(*after.AssumeRolePolicyDocument, member) {
		t.Errorf("updated: %d %s %s", *after.MaxSessionDuration, *after.Description, *after.AssumeRolePolicyDocument)
	}
	must[*iam.AttachRolePolicyOutput](t)(c.AttachRolePolicy(ctx, &iam.AttachRolePolicyInput{RoleName: ptr("builder"), PolicyArn: ptr(administratorAccess)}))
	drop := func() error {
		_, err := c.DeleteRole(ctx, &iam.DeleteRoleInput{RoleName: ptr("builder")})
		return err
	}
	wantError(t, drop(), "DeleteConflict", "Cannot delete entity, must detach all policies first.")
	must[*iam.DetachRolePolicyOutput](t)(c.DetachRolePolicy(ctx, &iam.DetachRolePolicyInput{RoleName: ptr("builder"), PolicyArn: ptr(administratorAccess)}))
	must[*iam.PutRolePolicyOutput](t)(c.PutRolePolicy(ctx, &iam.PutRolePolicyInput{RoleName: ptr("builder"), PolicyName: ptr("p"), PolicyDocument: ptr(allowAll)}))
	wantError(t, drop(), "DeleteConflict", "Cannot delete entity, must delete policies first.")
	must[*iam.DeleteRolePolicyOutput](t)(c.DeleteRolePolicy(ctx, &iam.DeleteRolePolicyInput{RoleName: ptr("builder"), PolicyName: ptr("p")}))
	wantError(t, drop(), "", "")
	wantError(t, drop(), "NoSuchEntity", "The role with name builder cannot be found.")
}

func TestCreateRole_Refused(t *testing.T) {
	t.Parallel()
	v := serve(t)
	c := v.client(t, adminKey)
	trust := func(members string) *string {
		return ptr(`{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"sts:AssumeRole",` + members + `}]}`)
	}
	for i, tc := range []struct {
		name, code, message string
		in                  iam.CreateRoleInput
	}{
		{name: "trust that is no JSON", code: "MalformedPolicyDocument", message: "This policy contains invalid Json", in: iam.CreateRoleInput{AssumeRolePolicyDocument: ptr("{")}},
		{name: "trust with a resource", code: "MalformedPolicyDocument", message: "Has prohibited field Resource", in: iam.CreateRoleInput{AssumeRolePolicyDocument: trust(`"Principal":{"AWS":"*"},"Resource":"*"`)}},
		{name: "trust in nobody", code: "MalformedPolicyDocument", message: "Missing required field Principal", in: iam.CreateRoleInput{AssumeRolePolicyDocument: ptr(`{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"sts:AssumeRole"}]}`)}},
		{name: "trust in a user who does not exist", code: "MalformedPolicyDocument", message: `Invalid principal in policy: "AWS":"arn:aws:iam::111122223333:user/none"`, in: iam.CreateRoleInput{AssumeRolePolicyDocument: trust(`"Principal":{"AWS":["111122223333","arn:aws:iam::111122223333:user/none"]}`)}},
		{name: "trust in a role by the wrong path", code: "MalformedPolicyDocument", message: `Invalid principal in policy: "AWS":"arn:aws:iam::444455556666:role/x/AWSControlTowerExecution"`, in: iam.CreateRoleInput{AssumeRolePolicyDocument: trust(`"Principal":{"AWS":"arn:aws:iam::444455556666:role/x/AWSControlTowerExecution"}`)}},
		{name: "trust in an account outside", in: iam.CreateRoleInput{AssumeRolePolicyDocument: trust(`"Principal":{"AWS":"arn:aws:iam::999999999999:user/vendor"}`)}},
		{name: "trust too long", code: "LimitExceeded", message: "Cannot exceed quota for ACLSizePerRole: 2048", in: iam.CreateRoleInput{AssumeRolePolicyDocument: trust(`"Principal":{"AWS":"*"},"Sid":"` + strings.Repeat("x", 2048) + `"`)}},
		{name: "boundary that does not exist", code: "NoSuchEntity", message: "Scope ARN: arn:aws:iam::aws:policy/None does not exist or is not attachable.", in: iam.CreateRoleInput{AssumeRolePolicyDocument: ptr(trustAccount(member)), PermissionsBoundary: ptr("arn:aws:iam::aws:policy/None")}},
		{name: "path of AWS", code: "ValidationError", message: "The specified value for path is invalid. /aws-reserved/x/ is reserved for roles that AWS makes.", in: iam.CreateRoleInput{AssumeRolePolicyDocument: ptr(trustAccount(member)), Path: ptr("/aws-reserved/x/")}},
		{name: "tag twice", code: "InvalidInput", message: "Duplicate tag keys found. Please note that Tag keys are case insensitive.", in: iam.CreateRoleInput{AssumeRolePolicyDocument: ptr(trustAccount(member)), Tags: []types.Tag{{Key: ptr("a"), Value: ptr("")}, {Key: ptr("A"), Value: ptr("")}}}},
	} {
		t.Run(tc.name, func(t *testing.T) {
			tc.in.RoleName = ptr(fmt.Sprintf("x%d", i))
			_, err := c.CreateRole(t.Context(), &tc.in)
			wantError(t, err, tc.code, tc.message)
		})
	}
}

func TestRole_OfService(t *testing.T) {
	t.Parallel()
	const name = "AWSReservedSSO_AWSAdministratorAccess_0123456789abcdef"
	v := serve(t)
	v.update(t, func(tx *state.Tx) {
		v.PutRole(tx, management, RoleSpec{
			Name: name, Path: "/aws-reserved/sso.amazonaws.com/", Trust: `{"Version":"2012-10-17","Statement":{"Effect":"Allow","Principal":{"Federated":"arn:aws:iam::111122223333:saml-provider/AWSSSO_0_DO_NOT_DELETE"},"Action":"sts:AssumeRoleWithSAML"}}`,
			Managed: []string{administratorAccess}, MaxSession: 12 * time.Hour, Service: "sso.amazonaws.com",
		})
	})
	c := v.client(t, adminKey)
	calls := map[string]func(ctx context.Context) error{
		"DeleteRole": func(ctx context.Context) error {
			_, err := c.DeleteRole(ctx, &iam.DeleteRoleInput{RoleName: ptr(name)})
			return err
		},
		"DetachRolePolicy": func(ctx context.Context) error {
			_, err := c.DetachRolePolicy(ctx, &iam.DetachRolePolicyInput{RoleName: ptr(name), PolicyArn: ptr(administratorAccess)})
			return err
		},
		"PutRolePolicy": func(ctx context.Context) error {
			_, err := c.PutRolePolicy(ctx, &iam.PutRolePolicyInput{RoleName: ptr(name), PolicyName: ptr("p"), PolicyDocument: ptr(allowAll)})
			return err
		},
		"UpdateAssumeRolePolicy": func(ctx context.Context) error {
			_, err := c.UpdateAssumeRolePolicy(ctx, &iam.UpdateAssumeRolePolicyInput{RoleName: ptr(name), PolicyDocument: ptr(trustAccount(management))})
			return err
		},
		"TagRole": func(ctx context.Context) error {
			_, err := c.TagRole(ctx, &iam.TagRoleInput{RoleName: ptr(name), Tags: []types.Tag{{Key: ptr("a"), Value: ptr("b")}}})
			return err
		},
	}
	for operation, call := range calls {
		t.Run(operation, func(t *testing.T) {
			wantError(t, call(t.Context()), "UnmodifiableEntity", "Cannot perform the operation on the protected role '"+name+"' - this role is only modifiable by AWS")
		})
	}
	roles := must[*iam.ListRolesOutput](t)(c.ListRoles(t.Context(), &iam.ListRolesInput{PathPrefix: ptr("/aws-reserved/")})).Roles
	if len(roles) != 1 || *roles[0].Arn != "arn:aws:iam::111122223333:role/aws-reserved/sso.amazonaws.com/"+name {
		t.Errorf("reserved roles: %v", roles)
	}
}

func TestPutRole(t *testing.T) {
	t.Parallel()
	v := serve(t)
	var first, second *Role
	v.update(t, func(tx *state.Tx) {
		first = v.PutRole(tx, member, RoleSpec{Name: "x", Trust: trustAccount(management), Inline: map[string]string{"a": allowAll}})
	})
	v.update(t, func(tx *state.Tx) {
		second = v.PutRole(tx, member, RoleSpec{Name: "x", Trust: trustAccount(member), MaxSession: 2 * time.Hour})
		if got := v.Role(tx, member, "x"); got != second {
			t.Errorf("Role gives %v", got)
		}
		if !v.DeleteRole(tx, member, "x") || v.DeleteRole(tx, member, "x") || v.Role(tx, member, "x") != nil {
			t.Error("DeleteRole does not delete once")
		}
	})
	if first.ID != second.ID || second.Inline != nil || second.MaxSession != 2*time.Hour || first.MaxSession != time.Hour || first.Path != "/" {
		t.Errorf("first %+v\nsecond %+v", first, second)
	}
}
