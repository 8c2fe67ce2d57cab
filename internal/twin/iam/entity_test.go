package iam

import (
	"context"
	"fmt"
	"net/url"
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/service/iam"
	"github.com/aws/aws-sdk-go-v2/service/iam/types"
	"github.com/google/go-cmp/cmp"

	"accountfactory/internal/twin/state"
)

// kindOfEntity has the operations that users, groups and roles have alike.
type kindOfEntity struct {
	kind, name  string
	inlineLimit int
	quota       string

	attach, detach func(ctx context.Context, policyARN string) error
	attached       func(ctx context.Context) ([]types.AttachedPolicy, error)
	put            func(ctx context.Context, name, document string) error
	get            func(ctx context.Context, name string) (*string, error)
	drop           func(ctx context.Context, name string) error
	names          func(ctx context.Context, marker *string) ([]string, *string, error)
	bound          func(ctx context.Context, policyARN string) error // nil for groups
	unbound        func(ctx context.Context) error
	tag            func(ctx context.Context, tags ...types.Tag) error // nil for groups
	untag          func(ctx context.Context, keys ...string) error
	tags           func(ctx context.Context) ([]types.Tag, error)
}

func kinds(c *iam.Client) []kindOfEntity {
	u, g, r := ptr("bob"), ptr("devs"), ptr("tool")
	return []kindOfEntity{
		{
			kind: "user", name: *u, inlineLimit: 2048, quota: "PoliciesPerUser",
			attach: func(ctx context.Context, p string) error {
				_, err := c.AttachUserPolicy(ctx, &iam.AttachUserPolicyInput{UserName: u, PolicyArn: &p})
				return err
			},
			detach: func(ctx context.Context, p string) error {
				_, err := c.DetachUserPolicy(ctx, &iam.DetachUserPolicyInput{UserName: u, PolicyArn: &p})
				return err
			},
			attached: func(ctx context.Context) ([]types.AttachedPolicy, error) {
				out, err := c.ListAttachedUserPolicies(ctx, &iam.ListAttachedUserPoliciesInput{UserName: u})
				if err != nil {
					return nil, err
				}
				return out.AttachedPolicies, nil
			},
			put: func(ctx context.Context, n, d string) error {
				_, err := c.PutUserPolicy(ctx, &iam.PutUserPolicyInput{UserName: u, PolicyName: &n, PolicyDocument: &d})
				return err
			},
			get: func(ctx context.Context, n string) (*string, error) {
				out, err := c.GetUserPolicy(ctx, &iam.GetUserPolicyInput{UserName: u, PolicyName: &n})
				if err != nil {
					return nil, err
				}
				return out.PolicyDocument, nil
			},
			drop: func(ctx context.Context, n string) error {
				_, err := c.DeleteUserPolicy(ctx, &iam.DeleteUserPolicyInput{UserName: u, PolicyName: &n})
				return err
			},
			names: func(ctx context.Context, m *string) ([]string, *string, error) {
				out, err := c.ListUserPolicies(ctx, &iam.ListUserPoliciesInput{UserName: u, Marker: m, MaxItems: ptr(int32(1))})
				if err != nil {
					return nil, nil, err
				}
				return out.PolicyNames, out.Marker, nil
			},
			bound: func(ctx context.Context, p string) error {
				_, err := c.PutUserPermissionsBoundary(ctx, &iam.PutUserPermissionsBoundaryInput{UserName: u, PermissionsBoundary: &p})
				return err
			},
			unbound: func(ctx context.Context) error {
				_, err := c.DeleteUserPermissionsBoundary(ctx, &iam.DeleteUserPermissionsBoundaryInput{UserName: u})
				return err
			},
			tag: func(ctx context.Context, t ...types.Tag) error {
				_, err := c.TagUser(ctx, &iam.TagUserInput{UserName: u, Tags: t})
				return err
			},
			untag: func(ctx context.Context, k ...string) error {
				_, err := c.UntagUser(ctx, &iam.UntagUserInput{UserName: u, TagKeys: k})
				return err
			},
			tags: func(ctx context.Context) ([]types.Tag, error) {
				out, err := c.ListUserTags(ctx, &iam.ListUserTagsInput{UserName: u})
				if err != nil {
					return nil, err
				}
				return out.Tags, nil
			},
		},
		{
			kind: "group", name: *g, inlineLimit: 5120, quota: "PoliciesPerGroup",
			attach: func(ctx context.Context, p string) error {
				_, err := c.AttachGroupPolicy(ctx, &iam.AttachGroupPolicyInput{GroupName: g, PolicyArn: &p})
				return err
			},
			detach: func(ctx context.Context, p string) error {
				_, err := c.DetachGroupPolicy(ctx, &iam.DetachGroupPolicyInput{GroupName: g, PolicyArn: &p})
				return err
			},
			attached: func(ctx context.Context) ([]types.AttachedPolicy, error) {
				out, err := c.ListAttachedGroupPolicies(ctx, &iam.ListAttachedGroupPoliciesInput{GroupName: g})
				if err != nil {
					return nil, err
				}
				return out.AttachedPolicies, nil
			},
			put: func(ctx context.Context, n, d string) error {
				_, err := c.PutGroupPolicy(ctx, &iam.PutGroupPolicyInput{GroupName: g, PolicyName: &n, PolicyDocument: &d})
				return err
			},
			get: func(ctx context.Context, n string) (*string, error) {
				out, err := c.GetGroupPolicy(ctx, &iam.GetGroupPolicyInput{GroupName: g, PolicyName: &n})
				if err != nil {
					return nil, err
				}
				return out.PolicyDocument, nil
			},
			drop: func(ctx context.Context, n string) error {
				_, err := c.DeleteGroupPolicy(ctx, &iam.DeleteGroupPolicyInput{GroupName: g, PolicyName: &n})
				return err
			},
			names: func(ctx context.Context, m *string) ([]string, *string, error) {
				out, err := c.ListGroupPolicies(ctx, &iam.ListGroupPoliciesInput{GroupName: g, Marker: m, MaxItems: ptr(int32(1))})
				if err != nil {
					return nil, nil, err
				}
				return out.PolicyNames, out.Marker, nil
			},
		},
		{
			kind: "role", name: *r, inlineLimit: 10240, quota: "PoliciesPerRole",
			attach: func(ctx context.Context, p string) error {
				_, err := c.AttachRolePolicy(ctx, &iam.AttachRolePolicyInput{RoleName: r, PolicyArn: &p})
				return err
			},
			detach: func(ctx context.Context, p string) error {
				_, err := c.DetachRolePolicy(ctx, &iam.DetachRolePolicyInput{RoleName: r, PolicyArn: &p})
				return err
			},
			attached: func(ctx context.Context) ([]types.AttachedPolicy, error) {
				out, err := c.ListAttachedRolePolicies(ctx, &iam.ListAttachedRolePoliciesInput{RoleName: r})
				if err != nil {
					return nil, err
				}
				return out.AttachedPolicies, nil
			},
			put: func(ctx context.Context, n, d string) error {
				_, err := c.PutRolePolicy(ctx, &iam.PutRolePolicyInput{RoleName: r, PolicyName: &n, PolicyDocument: &d})
				return err
			},
			get: func(ctx context.Context, n string) (*string, error) {
				out, err := c.GetRolePolicy(ctx, &iam.GetRolePolicyInput{RoleName: r, PolicyName: &n})
				if err != nil {
					return nil, err
				}
				return out.PolicyDocument, nil
			},
			drop: func(ctx context.Context, n string) error {
				_, err := c.DeleteRolePolicy(ctx, &iam.DeleteRolePolicyInput{RoleName: r, PolicyName: &n})
				return err
			},
			names: func(ctx context.Context, m *string) ([]string, *string, error) {
				out, err := c.ListRolePolicies(ctx, &iam.ListRolePoliciesInput{RoleName: r, Marker: m, MaxItems: ptr(int32(1))})
				if err != nil {
					return nil, nil, err
				}
				return out.PolicyNames, out.Marker, nil
			},
			bound: func(ctx context.Context, p string) error {
				_, err := c.PutRolePermissionsBoundary(ctx, &iam.PutRolePermissionsBoundaryInput{RoleName: r, PermissionsBoundary: &p})
				return err
			},
			unbound: func(ctx context.Context) error {
				_, err := c.DeleteRolePermissionsBoundary(ctx, &iam.DeleteRolePermissionsBoundaryInput{RoleName: r})
				return err
			},
			tag: func(ctx context.Context, t ...types.Tag) error {
				_, err := c.TagRole(ctx, &iam.TagRoleInput{RoleName: r, Tags: t})
				return err
			},
			untag: func(ctx context.Context, k ...string) error {
				_, err := c.UntagRole(ctx, &iam.UntagRoleInput{RoleName: r, TagKeys: k})
				return err
			},
			tags: func(ctx context.Context) ([]types.Tag, error) {
				out, err := c.ListRoleTags(ctx, &iam.ListRoleTagsInput{RoleName: r})
				if err != nil {
					return nil, err
				}
				return out.Tags, nil
			},
		},
	}
}

// serveKinds is a served bundle with a group and a role beside its users.
func serveKinds(t *testing.T) (*served, []kindOfEntity) {
	t.Helper()
	v := serve(t)
	v.update(t, func(tx *state.Tx) {
		v.groups.rows.Put(tx, &Group{newEntity(tx, management, "devs", nil, groupPrefix)})
		v.PutRole(tx, management, RoleSpec{Name: "tool", Trust: trustAccount(management)})
	})
	return v, kinds(v.client(t, adminKey))
}

func TestEntity_ManagedPolicies(t *testing.T) {
	t.Parallel()
	v, all := serveKinds(t)
	for _, k := range all {
		t.Run(k.kind, func(t *testing.T) {
			ctx := t.Context()
			wantError(t, k.attach(ctx, "arn:aws:iam::aws:policy/None"), "NoSuchEntity", "Policy arn:aws:iam::aws:policy/None does not exist or is not attachable.")
			wantError(t, k.detach(ctx, administratorAccess), "NoSuchEntity", "Policy "+administratorAccess+" was not found.")
			var arns []string
			for a := range v.managed {
				if checkAttachable(a) == nil {
					arns = append(arns, a)
				}
			}
			for _, a := range append(arns[:10:10], arns[0]) {
				if err := k.attach(ctx, a); err != nil {
					t.Fatal(err)
				}
			}
			wantError(t, k.attach(ctx, arns[10]), "LimitExceeded", "Cannot exceed quota for "+k.quota+": 10")
			got := must[[]types.AttachedPolicy](t)(k.attached(ctx))
			if len(got) != 10 {
				t.Errorf("%d attached", len(got))
			}
			for _, a := range arns[1:10] {
				if err := k.detach(ctx, a); err != nil {
					t.Fatal(err)
				}
			}
			_, _, name, _ := splitARN(arns[0], "policy")
			want := []types.AttachedPolicy{{PolicyArn: &arns[0], PolicyName: &name}}
			if diff := cmp.Diff(want, must[[]types.AttachedPolicy](t)(k.attached(ctx)), ignoreSerde); diff != "" {
				t.Errorf("one left (-want +got):\n%s", diff)
			}
		})
	}
}

func TestEntity_InlinePolicies(t *testing.T) {
	t.Parallel()
	_, all := serveKinds(t)
	for _, k := range all {
		t.Run(k.kind, func(t *testing.T) {
			ctx := t.Context()
			_, err := k.get(ctx, "a")
			wantError(t, err, "NoSuchEntity", "The "+k.kind+" policy with name a cannot be found.")
			wantError(t, k.put(ctx, "a", "{}"), "MalformedPolicyDocument", "Syntax errors in policy.")
			for _, name := range []string{"b", "a", "c", "a"} {
				if err := k.put(ctx, name, allowAll); err != nil {
					t.Fatal(err)
				}
			}
			long := strings.Replace(allowAll, `"Action"`, `"Sid":"`+strings.Repeat("x", k.inlineLimit-250)+`","Action"`, 1)
			wantError(t, k.put(ctx, "d", long), "LimitExceeded", fmt.Sprintf("Maximum policy size of %d bytes exceeded for %s %s", k.inlineLimit, k.kind, k.name))
			document := must[string](t)(url.PathUnescape(*must[*string](t)(k.get(ctx, "a"))))
			if document != allowAll {
				t.Errorf("document %s", document)
			}
			var names []string
			for marker := (*string)(nil); ; {
				page, next, err := k.names(ctx, marker)
				if err != nil {
					t.Fatal(err)
				}
				names = append(names, page...)
				if marker = next; marker == nil {
					break
				}
			}
			if diff := cmp.Diff([]string{"a", "b", "c"}, names); diff != "" {
				t.Errorf("names (-want +got):\n%s", diff)
			}
			wantError(t, k.drop(ctx, "a"), "", "")
			wantError(t, k.drop(ctx, "a"), "NoSuchEntity", "The "+k.kind+" policy with name a cannot be found.")
		})
	}
}

func TestEntity_Boundary(t *testing.T) {
	t.Parallel()
	_, all := serveKinds(t)
	for _, k := range all {
		if k.bound == nil {
			continue
		}
		t.Run(k.kind, func(t *testing.T) {
			ctx := t.Context()
			wantError(t, k.unbound(ctx), "NoSuchEntity", title(k.kind)+" "+k.name+" does not have a permission boundary")
			wantError(t, k.bound(ctx, "arn:aws:iam::444455556666:policy/x"), "NoSuchEntity", "Scope ARN: arn:aws:iam::444455556666:policy/x does not exist or is not attachable.")
			wantError(t, k.bound(ctx, administratorAccess), "", "")
			wantError(t, k.unbound(ctx), "", "")
		})
	}
}

func TestEntity_Tags(t *testing.T) {
	t.Parallel()
	_, all := serveKinds(t)
	tag := func(k, v string) types.Tag { return types.Tag{Key: &k, Value: &v} }
	for _, k := range all {
		if k.tag == nil {
			continue
		}
		t.Run(k.kind, func(t *testing.T) {
			ctx := t.Context()
			wantError(t, k.tag(ctx, tag("Team", "a"), tag("b", "1")), "", "")
			wantError(t, k.tag(ctx, tag("TEAM", "c")), "", "")
			wantError(t, k.tag(ctx, tag("a", "1"), tag("A", "1")), "InvalidInput", "Duplicate tag keys found. Please note that Tag keys are case insensitive.")
			if diff := cmp.Diff([]types.Tag{tag("TEAM", "c"), tag("b", "1")}, must[[]types.Tag](t)(k.tags(ctx)), ignoreSerde); diff != "" {
				t.Errorf("tags (-want +got):\n%s", diff)
			}
			var many []types.Tag
			for i := range 49 {
				many = append(many, tag(fmt.Sprintf("t%d", i), ""))
			}
			wantError(t, k.tag(ctx, many...), "LimitExceeded", "The number of tags has reached the maximum limit.")
			wantError(t, k.untag(ctx, "team", "none"), "", "")
			if diff := cmp.Diff([]types.Tag{tag("b", "1")}, must[[]types.Tag](t)(k.tags(ctx)), ignoreSerde); diff != "" {
				t.Errorf("tags left (-want +got):\n%s", diff)
			}
		})
	}
}

func TestPolicy_Tags(t *testing.T) {
	t.Parallel()
	const own = "arn:aws:iam::111122223333:policy/p"
	v := serve(t)
	c, ctx := v.client(t, adminKey), t.Context()
	must[*iam.CreatePolicyOutput](t)(c.CreatePolicy(ctx, &iam.CreatePolicyInput{PolicyName: ptr("p"), PolicyDocument: ptr(allowAll)}))
	must[*iam.TagPolicyOutput](t)(c.TagPolicy(ctx, &iam.TagPolicyInput{PolicyArn: ptr(own), Tags: []types.Tag{{Key: ptr("a"), Value: ptr("1")}, {Key: ptr("b"), Value: ptr("2")}}}))
	must[*iam.UntagPolicyOutput](t)(c.UntagPolicy(ctx, &iam.UntagPolicyInput{PolicyArn: ptr(own), TagKeys: []string{"a"}}))
	tags := must[*iam.ListPolicyTagsOutput](t)(c.ListPolicyTags(ctx, &iam.ListPolicyTagsInput{PolicyArn: ptr(own)})).Tags
	if diff := cmp.Diff([]types.Tag{{Key: ptr("b"), Value: ptr("2")}}, tags, ignoreSerde); diff != "" {
		t.Errorf("tags (-want +got):\n%s", diff)
	}
	_, err := c.TagPolicy(ctx, &iam.TagPolicyInput{PolicyArn: ptr(administratorAccess), Tags: []types.Tag{{Key: ptr("a"), Value: ptr("1")}}})
	wantError(t, err, "AccessDenied", "User: arn:aws:iam::111122223333:user/admin is not authorized to perform: iam:TagPolicy on resource: "+administratorAccess)
}

func TestAccountAlias(t *testing.T) {
	t.Parallel()
	v := serve(t)
	v.update(t, func(tx *state.Tx) { v.accounts.Change(tx, member, func(a *Account) { a.Alias = "taken" }) })
	c, ctx := v.client(t, adminKey), t.Context()
	aliases := func() []string {
		return must[*iam.ListAccountAliasesOutput](t)(c.ListAccountAliases(ctx, &iam.ListAccountAliasesInput{})).AccountAliases
	}
	if got := aliases(); len(got) != 0 {
		t.Errorf("fresh account: %v", got)
	}
	_, err := c.CreateAccountAlias(ctx, &iam.CreateAccountAliasInput{AccountAlias: ptr("taken")})
	wantError(t, err, "EntityAlreadyExists", "The account alias taken already exists.")
	for _, a := range []string{"one", "two"} {
		must[*iam.CreateAccountAliasOutput](t)(c.CreateAccountAlias(ctx, &iam.CreateAccountAliasInput{AccountAlias: &a}))
	}
	if diff := cmp.Diff([]string{"two"}, aliases()); diff != "" {
		t.Errorf("the second alias takes the place of the first (-want +got):\n%s", diff)
	}
	_, err = c.DeleteAccountAlias(ctx, &iam.DeleteAccountAliasInput{AccountAlias: ptr("one")})
	wantError(t, err, "NoSuchEntity", "The account alias with name one cannot be found.")
	must[*iam.DeleteAccountAliasOutput](t)(c.DeleteAccountAlias(ctx, &iam.DeleteAccountAliasInput{AccountAlias: ptr("two")}))
	if got := aliases(); len(got) != 0 {
		t.Errorf("after deletion: %v", got)
	}
}

func TestGetAccountSummary(t *testing.T) {
	t.Parallel()
	v, _ := serveKinds(t)
	sum := must[*iam.GetAccountSummaryOutput](t)(v.client(t, adminKey).GetAccountSummary(t.Context(), &iam.GetAccountSummaryInput{})).SummaryMap
	got := map[string]int32{}
	for _, k := range []string{"Users", "Groups", "Roles", "Policies", "UsersQuota", "AccountAccessKeysPresent"} {
		got[k] = sum[k]
	}
	if diff := cmp.Diff(map[string]int32{"Users": 2, "Groups": 1, "Roles": 1, "Policies": 0, "UsersQuota": 5000, "AccountAccessKeysPresent": 0}, got); diff != "" {
		t.Errorf("summary (-want +got):\n%s", diff)
	}
}
