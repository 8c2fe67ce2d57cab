package iam

import (
	"net/url"
	"slices"
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/credentials"
	"github.com/aws/aws-sdk-go-v2/service/iam"
	"github.com/aws/aws-sdk-go-v2/service/iam/types"
	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"accountfactory/internal/policy"
	"accountfactory/internal/twin/state"
	"accountfactory/internal/wire"
)

const allowAll = `{"Version":"2012-10-17","Statement":{"Effect":"Allow","Action":"*","Resource":"*"}}`

// ignoreSerde leaves the SDK's marker fields out of comparisons.
var ignoreSerde = cmpopts.IgnoreUnexported(types.User{}, types.Role{}, types.Tag{}, types.AttachedPermissionsBoundary{}, types.RoleLastUsed{}, types.Policy{}, types.AttachedPolicy{})

func staticKey(k *types.AccessKey) aws.CredentialsProvider {
	return credentials.NewStaticCredentialsProvider(*k.AccessKeyId, *k.SecretAccessKey, "")
}

func TestPolicy_Life(t *testing.T) {
	t.Parallel()
	const own = "arn:aws:iam::111122223333:policy/team/p"
	v := serve(t)
	c, ctx := v.client(t, adminKey), t.Context()
	made := must[*iam.CreatePolicyOutput](t)(c.CreatePolicy(ctx, &iam.CreatePolicyInput{PolicyName: ptr("p"), Path: ptr("/team/"), Description: ptr("d"), PolicyDocument: ptr(allowAll), Tags: []types.Tag{{Key: ptr("a"), Value: ptr("b")}}})).Policy
	if *made.Arn != own || (*made.PolicyId)[:4] != "ANPA" || *made.DefaultVersionId != "v1" || *made.AttachmentCount != 0 {
		t.Errorf("made %s %s %s", *made.Arn, *made.PolicyId, *made.DefaultVersionId)
	}
	_, err := c.CreatePolicy(ctx, &iam.CreatePolicyInput{PolicyName: ptr("p"), PolicyDocument: ptr(allowAll)})
	wantError(t, err, "EntityAlreadyExists", "A policy called p already exists. Duplicate names are not allowed.")
	_, err = c.CreatePolicy(ctx, &iam.CreatePolicyInput{PolicyName: ptr("long"), PolicyDocument: ptr(strings.Replace(allowAll, `"Action"`, `"Sid":"`+strings.Repeat("x", 6144)+`","Action"`, 1))})
	wantError(t, err, "LimitExceeded", "Cannot exceed quota for PolicySize: 6144")

	must[*iam.AttachUserPolicyOutput](t)(c.AttachUserPolicy(ctx, &iam.AttachUserPolicyInput{UserName: ptr("bob"), PolicyArn: ptr(own)}))
	must[*iam.PutUserPermissionsBoundaryOutput](t)(c.PutUserPermissionsBoundary(ctx, &iam.PutUserPermissionsBoundaryInput{UserName: ptr("admin"), PermissionsBoundary: ptr(own)}))
	got := must[*iam.GetPolicyOutput](t)(c.GetPolicy(ctx, &iam.GetPolicyInput{PolicyArn: ptr(own)})).Policy
	want := &types.Policy{
		Arn: ptr(own), AttachmentCount: ptr(int32(1)), CreateDate: &noon, DefaultVersionId: ptr("v1"), Description: ptr("d"), IsAttachable: true, Path: ptr("/team/"),
		PermissionsBoundaryUsageCount: ptr(int32(1)), PolicyId: made.PolicyId, PolicyName: ptr("p"), UpdateDate: &noon, Tags: []types.Tag{{Key: ptr("a"), Value: ptr("b")}},
	}
	if diff := cmp.Diff(want, got, ignoreSerde); diff != "" {
		t.Errorf("policy (-want +got):\n%s", diff)
	}
	ask := []wire.Check{{Action: "s3:GetObject", Resource: "*"}}
	if sentence := v.authorize(t, v.bob, ask); sentence != "" {
		t.Error(sentence)
	}

	second := must[*iam.CreatePolicyVersionOutput](t)(c.CreatePolicyVersion(ctx, &iam.CreatePolicyVersionInput{PolicyArn: ptr(own), PolicyDocument: ptr(strings.Replace(allowAll, `"Action":"*"`, `"Action":"iam:*"`, 1)), SetAsDefault: true})).PolicyVersion
	if *second.VersionId != "v2" || !second.IsDefaultVersion {
		t.Errorf("second version %s default %v", *second.VersionId, second.IsDefaultVersion)
	}
	if v.authorize(t, v.bob, ask) == "" {
		t.Error("the new default version does not count")
	}
	_, err = c.DeletePolicyVersion(ctx, &iam.DeletePolicyVersionInput{PolicyArn: ptr(own), VersionId: ptr("v2")})
	wantError(t, err, "DeleteConflict", "Cannot delete the default version of a policy.")
	must[*iam.SetDefaultPolicyVersionOutput](t)(c.SetDefaultPolicyVersion(ctx, &iam.SetDefaultPolicyVersionInput{PolicyArn: ptr(own), VersionId: ptr("v1")}))
	must[*iam.DeletePolicyVersionOutput](t)(c.DeletePolicyVersion(ctx, &iam.DeletePolicyVersionInput{PolicyArn: ptr(own), VersionId: ptr("v2")}))
	for range 4 {
		must[*iam.CreatePolicyVersionOutput](t)(c.CreatePolicyVersion(ctx, &iam.CreatePolicyVersionInput{PolicyArn: ptr(own), PolicyDocument: ptr(allowAll)}))
	}
	_, err = c.CreatePolicyVersion(ctx, &iam.CreatePolicyVersionInput{PolicyArn: ptr(own), PolicyDocument: ptr(allowAll)})
	wantError(t, err, "LimitExceeded", "A managed policy can have up to 5 versions. Before you create a new version, you must delete an existing version.")
	var versions []string
	p := iam.NewListPolicyVersionsPaginator(c, &iam.ListPolicyVersionsInput{PolicyArn: ptr(own), MaxItems: ptr(int32(2))})
	for p.HasMorePages() {
		for _, ver := range must[*iam.ListPolicyVersionsOutput](t)(p.NextPage(ctx)).Versions {
			versions = append(versions, *ver.VersionId)
		}
	}
	if diff := cmp.Diff([]string{"v6", "v5", "v4", "v3", "v1"}, versions); diff != "" {
		t.Errorf("versions (-want +got):\n%s", diff)
	}
	_, err = c.GetPolicyVersion(ctx, &iam.GetPolicyVersionInput{PolicyArn: ptr(own), VersionId: ptr("v2")})
	wantError(t, err, "NoSuchEntity", "Policy "+own+" version v2 does not exist or is not attachable.")

	drop := func() error {
		_, err := c.DeletePolicy(ctx, &iam.DeletePolicyInput{PolicyArn: ptr(own)})
		return err
	}
	wantError(t, drop(), "DeleteConflict", "Cannot delete a policy attached to entities.")
	must[*iam.DetachUserPolicyOutput](t)(c.DetachUserPolicy(ctx, &iam.DetachUserPolicyInput{UserName: ptr("bob"), PolicyArn: ptr(own)}))
	must[*iam.DeleteUserPermissionsBoundaryOutput](t)(c.DeleteUserPermissionsBoundary(ctx, &iam.DeleteUserPermissionsBoundaryInput{UserName: ptr("admin")}))
	wantError(t, drop(), "DeleteConflict", "This policy has more than one version. Before you delete a policy, you must delete the policy's versions. The default version is deleted with the policy.")
	for _, ver := range []string{"v3", "v4", "v5", "v6"} {
		must[*iam.DeletePolicyVersionOutput](t)(c.DeletePolicyVersion(ctx, &iam.DeletePolicyVersionInput{PolicyArn: ptr(own), VersionId: &ver}))
	}
	wantError(t, drop(), "", "")
	wantError(t, drop(), "NoSuchEntity", "Policy "+own+" was not found.")
}

func TestPolicy_OfAWS(t *testing.T) {
	t.Parallel()
	v := serve(t)
	c, ctx := v.client(t, adminKey), t.Context()
	m := must[*iam.GetPolicyOutput](t)(c.GetPolicy(ctx, &iam.GetPolicyInput{PolicyArn: ptr(administratorAccess)})).Policy
	if *m.PolicyName != "AdministratorAccess" || *m.AttachmentCount != 1 || len(*m.PolicyId) != 21 {
		t.Errorf("%s attached %d, id %s", *m.PolicyName, *m.AttachmentCount, *m.PolicyId)
	}
	version := must[*iam.GetPolicyVersionOutput](t)(c.GetPolicyVersion(ctx, &iam.GetPolicyVersionInput{PolicyArn: ptr(administratorAccess), VersionId: m.DefaultVersionId})).PolicyVersion
	document := must[string](t)(url.PathUnescape(*version.Document))
	if doc, err := policy.Parse(document); err != nil || doc.Validate(policy.Identity) != nil {
		t.Errorf("document %s: %v", document, err)
	}
	_, err := c.CreatePolicyVersion(ctx, &iam.CreatePolicyVersionInput{PolicyArn: ptr(administratorAccess), PolicyDocument: ptr(allowAll)})
	wantError(t, err, "AccessDenied", "User: arn:aws:iam::111122223333:user/admin is not authorized to perform: iam:CreatePolicyVersion on resource: "+administratorAccess)
	_, err = c.DeletePolicy(ctx, &iam.DeletePolicyInput{PolicyArn: ptr(administratorAccess)})
	wantError(t, err, "AccessDenied", "User: arn:aws:iam::111122223333:user/admin is not authorized to perform: iam:DeletePolicy on resource: "+administratorAccess)
}

func TestListPolicies(t *testing.T) {
	t.Parallel()
	v := serve(t)
	c, ctx := v.client(t, adminKey), t.Context()
	for _, name := range []string{"zeta", "alpha"} {
		must[*iam.CreatePolicyOutput](t)(c.CreatePolicy(ctx, &iam.CreatePolicyInput{PolicyName: &name, PolicyDocument: ptr(allowAll)}))
	}
	must[*iam.PutUserPermissionsBoundaryOutput](t)(c.PutUserPermissionsBoundary(ctx, &iam.PutUserPermissionsBoundaryInput{UserName: ptr("bob"), PermissionsBoundary: ptr("arn:aws:iam::111122223333:policy/zeta")}))
	list := func(in iam.ListPoliciesInput) (names []string) {
		in.MaxItems = ptr(int32(3))
		p := iam.NewListPoliciesPaginator(c, &in)
		for p.HasMorePages() {
			for _, m := range must[*iam.ListPoliciesOutput](t)(p.NextPage(ctx)).Policies {
				names = append(names, *m.PolicyName)
			}
		}
		return names
	}
	all := list(iam.ListPoliciesInput{})
	if len(all) != 2+len(v.managed) || all[0] != "alpha" || all[1] != "zeta" || !slices.Contains(all, "AWSServiceCatalogEndUserFullAccess") {
		t.Errorf("all: %v", all)
	}
	for _, tc := range []struct {
		name string
		in   iam.ListPoliciesInput
		want []string
	}{
		{"own", iam.ListPoliciesInput{Scope: types.PolicyScopeTypeLocal}, []string{"alpha", "zeta"}},
		{"attached", iam.ListPoliciesInput{OnlyAttached: true}, []string{"AdministratorAccess"}},
		{"boundaries", iam.ListPoliciesInput{PolicyUsageFilter: types.PolicyUsageTypePermissionsBoundary}, []string{"zeta"}},
		{"by path", iam.ListPoliciesInput{Scope: types.PolicyScopeTypeAws, PathPrefix: ptr("/job-function/")}, []string{"Billing", "ViewOnlyAccess"}},
	} {
		if diff := cmp.Diff(tc.want, list(tc.in)); diff != "" {
			t.Errorf("%s (-want +got):\n%s", tc.name, diff)
		}
	}
}

func TestListEntitiesForPolicy(t *testing.T) {
	t.Parallel()
	v := serve(t)
	v.update(t, func(tx *state.Tx) {
		v.PutRole(tx, management, RoleSpec{Name: "r", Trust: trustAccount(member), Managed: []string{administratorAccess}})
		v.PutRole(tx, management, RoleSpec{Name: "s", Trust: trustAccount(member), Boundary: administratorAccess})
		g := &Group{newEntity(tx, management, "g", nil, groupPrefix)}
		g.Managed = []string{administratorAccess}
		v.groups.rows.Put(tx, g)
	})
	c := v.client(t, adminKey)
	list := func(in iam.ListEntitiesForPolicyInput) (names []string) {
		in.PolicyArn, in.MaxItems = ptr(administratorAccess), ptr(int32(1))
		p := iam.NewListEntitiesForPolicyPaginator(c, &in)
		for p.HasMorePages() {
			out := must[*iam.ListEntitiesForPolicyOutput](t)(p.NextPage(t.Context()))
			for _, g := range out.PolicyGroups {
				names = append(names, "group "+*g.GroupName)
			}
			for _, r := range out.PolicyRoles {
				names = append(names, "role "+*r.RoleName)
			}
			for _, u := range out.PolicyUsers {
				names = append(names, "user "+*u.UserName)
			}
		}
		return names
	}
	for _, tc := range []struct {
		name string
		in   iam.ListEntitiesForPolicyInput
		want []string
	}{
		{"all", iam.ListEntitiesForPolicyInput{}, []string{"group g", "role r", "role s", "user admin"}},
		{"roles", iam.ListEntitiesForPolicyInput{EntityFilter: types.EntityTypeRole}, []string{"role r", "role s"}},
		{"as boundary", iam.ListEntitiesForPolicyInput{PolicyUsageFilter: types.PolicyUsageTypePermissionsBoundary}, []string{"role s"}},
		{"under a path nobody has", iam.ListEntitiesForPolicyInput{PathPrefix: ptr("/x/")}, nil},
	} {
		if diff := cmp.Diff(tc.want, list(tc.in)); diff != "" {
			t.Errorf("%s (-want +got):\n%s", tc.name, diff)
		}
	}
	_, err := c.ListEntitiesForPolicy(t.Context(), &iam.ListEntitiesForPolicyInput{PolicyArn: ptr("arn:aws:iam::111122223333:policy/none")})
	wantError(t, err, "NoSuchEntity", "Policy arn:aws:iam::111122223333:policy/none was not found.")
}
