package organizations_test

import (
	"context"
	"errors"
	"net/http/httptest"
	"slices"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/credentials"
	sdk "github.com/aws/aws-sdk-go-v2/service/organizations"
	"github.com/aws/aws-sdk-go-v2/service/organizations/types"
	"github.com/google/go-cmp/cmp"

	"accountfactory/internal/twin/organizations"
	"accountfactory/internal/twin/state"
	"accountfactory/internal/wire"
)

type oneKey struct{}

func (oneKey) Lookup(context.Context, string) (wire.Key, error) {
	return wire.Key{Secret: "secret", Caller: wire.Caller{AccountID: management, ARN: "arn:aws:iam::" + management + ":user/test"}}, nil
}

// client is the SDK's client on the service behind a real endpoint, which asks authorize.
func (w *twin) client(authorize func(context.Context, *wire.Request, []wire.Check) error) *sdk.Client {
	w.t.Helper()
	e, err := wire.NewEndpoint(wire.Config{Services: []*wire.Service{w.API()}, Keys: oneKey{}, Authorize: authorize, Region: "us-east-1"})
	must(w.t, err)
	srv := httptest.NewServer(e)
	w.t.Cleanup(srv.Close)
	return sdk.New(sdk.Options{
		Region: "us-east-1", BaseEndpoint: &srv.URL, RetryMaxAttempts: 1, Credentials: aws.NewCredentialsCache(
			credentials.NewStaticCredentialsProvider("AKIAIOSFODNN7EXAMPLE", "secret", "")),
	})
}

// Each operation asks for its own action, on the ARNs and with the keys of the Service Authorization Reference.
func TestChecks(t *testing.T) {
	t.Parallel()
	w := setup(t, organizations.Quotas{}, 0)
	ou, policy := w.ou(w.root, "A"), w.policy("p")
	var id string
	w.update(func(tx *state.Tx) {
		id = w.AddAccount(tx, organizations.Account{Name: "x", Email: "x@example.com", Tags: []organizations.Tag{{Key: "cost", Value: "1"}}}).ID
	})
	arn := func(kind, id string) string {
		return "arn:aws:organizations::" + management + ":" + kind + "/" + w.org + "/" + id
	}
	keys := func(pairs ...string) map[string][]string {
		out := map[string][]string{}
		for i := 0; i < len(pairs); i += 2 {
			out[pairs[i]] = append(out[pairs[i]], pairs[i+1])
		}
		return out
	}
	typed := keys("organizations:PolicyType", "SERVICE_CONTROL_POLICY")
	tagTyped := keys("organizations:PolicyType", "TAG_POLICY")
	tagTypedTagging := keys("organizations:PolicyType", "TAG_POLICY", "aws:RequestTag/team", "a", "aws:TagKeys", "team")
	tagPolicy, err := w.make(tagType, "tags", contents[tagType])
	must(t, err)
	service := keys("organizations:ServicePrincipal", "sso.amazonaws.com")
	costly, costlyService := keys("aws:ResourceTag/cost", "1"), keys("aws:ResourceTag/cost", "1", "organizations:ServicePrincipal", "sso.amazonaws.com")
	tagging := keys("aws:RequestTag/team", "a", "aws:TagKeys", "team")
	scp, sso := types.PolicyTypeServiceControlPolicy, new("sso.amazonaws.com")
	tags := []types.Tag{{Key: new("team"), Value: new("a")}}
	request := new("car-00000000")
	guest := &types.HandshakeParty{Type: types.HandshakePartyTypeEmail, Id: new("guest@example.com")}
	invited, err := w.InviteAccountToOrganization(w.ctx, &sdk.InviteAccountToOrganizationInput{Target: guest})
	must(t, err)
	handshake := invited.Handshake.Id
	const everything = "*"

	var asked []wire.Check
	c := w.client(func(_ context.Context, _ *wire.Request, checks []wire.Check) error {
		asked = checks
		return &wire.Error{Code: "AccessDeniedException", Message: "no"}
	})
	call := func(_ any, err error) error { return err }
	ctx := t.Context()
	covered := map[string]bool{}
	for _, tc := range []struct {
		op   string
		call func() error
		want []wire.Check // Action without its prefix; empty is the operation's name
	}{
		{"DescribeOrganization", func() error { return call(c.DescribeOrganization(ctx, &sdk.DescribeOrganizationInput{})) }, []wire.Check{{Resource: everything}}},
		{"CreateOrganization", func() error { return call(c.CreateOrganization(ctx, &sdk.CreateOrganizationInput{})) }, []wire.Check{{Resource: everything}}},
		{"ListRoots", func() error { return call(c.ListRoots(ctx, &sdk.ListRootsInput{})) }, []wire.Check{{Resource: everything}}},
		{"CreateOrganizationalUnit", func() error {
			return call(c.CreateOrganizationalUnit(ctx, &sdk.CreateOrganizationalUnitInput{ParentId: &ou, Name: new("x"), Tags: tags}))
		}, []wire.Check{{Resource: arn("ou", ou), Context: tagging}, {Action: "TagResource", Resource: arn("ou", "ou-*"), Context: tagging}}},
		{"DescribeOrganizationalUnit", func() error {
			return call(c.DescribeOrganizationalUnit(ctx, &sdk.DescribeOrganizationalUnitInput{OrganizationalUnitId: &ou}))
		}, []wire.Check{{Resource: arn("ou", ou)}}},
		{"UpdateOrganizationalUnit", func() error {
			return call(c.UpdateOrganizationalUnit(ctx, &sdk.UpdateOrganizationalUnitInput{OrganizationalUnitId: &ou}))
		}, []wire.Check{{Resource: arn("ou", ou)}}},
		{"DeleteOrganizationalUnit", func() error {
			return call(c.DeleteOrganizationalUnit(ctx, &sdk.DeleteOrganizationalUnitInput{OrganizationalUnitId: &ou}))
		}, []wire.Check{{Resource: arn("ou", ou)}}},
		{"ListOrganizationalUnitsForParent", func() error {
			return call(c.ListOrganizationalUnitsForParent(ctx, &sdk.ListOrganizationalUnitsForParentInput{ParentId: &w.root}))
		}, []wire.Check{{Resource: arn("root", w.root)}}},
		{"ListChildren", func() error {
			return call(c.ListChildren(ctx, &sdk.ListChildrenInput{ParentId: &ou, ChildType: types.ChildTypeAccount}))
		}, []wire.Check{{Resource: arn("ou", ou)}}},
		{"ListParents", func() error { return call(c.ListParents(ctx, &sdk.ListParentsInput{ChildId: &id})) }, []wire.Check{{Resource: arn("account", id), Context: costly}}},
		{"ListAccounts", func() error { return call(c.ListAccounts(ctx, &sdk.ListAccountsInput{})) }, []wire.Check{{Resource: everything}}},
		{"ListAccountsForParent", func() error {
			return call(c.ListAccountsForParent(ctx, &sdk.ListAccountsForParentInput{ParentId: &ou}))
		}, []wire.Check{{Resource: arn("ou", ou)}}},
		{"DescribeAccount", func() error {
			return call(c.DescribeAccount(ctx, &sdk.DescribeAccountInput{AccountId: new("000000000000")}))
		}, []wire.Check{{Resource: arn("account", "000000000000")}}},
		{"MoveAccount", func() error {
			return call(c.MoveAccount(ctx, &sdk.MoveAccountInput{AccountId: &id, SourceParentId: &w.root, DestinationParentId: &ou}))
		}, []wire.Check{{Resource: arn("account", id), Context: costly}, {Resource: arn("root", w.root)}, {Resource: arn("ou", ou)}}},
		{"CloseAccount", func() error { return call(c.CloseAccount(ctx, &sdk.CloseAccountInput{AccountId: &id})) }, []wire.Check{{Resource: arn("account", id), Context: costly}}},
		{"RemoveAccountFromOrganization", func() error {
			return call(c.RemoveAccountFromOrganization(ctx, &sdk.RemoveAccountFromOrganizationInput{AccountId: &id}))
		}, []wire.Check{{Resource: arn("account", id), Context: costly}}},
		{"CreateAccount", func() error {
			in := newAccount("x", "y@example.com")
			in.Tags = tags
			return call(c.CreateAccount(ctx, in))
		}, []wire.Check{{Resource: everything, Context: tagging}, {Action: "TagResource", Resource: arn("account", "*"), Context: tagging}}},
		{"DescribeCreateAccountStatus", func() error {
			return call(c.DescribeCreateAccountStatus(ctx, &sdk.DescribeCreateAccountStatusInput{CreateAccountRequestId: request}))
		}, []wire.Check{{Resource: everything}}},
		{"ListCreateAccountStatus", func() error { return call(c.ListCreateAccountStatus(ctx, &sdk.ListCreateAccountStatusInput{})) }, []wire.Check{{Resource: everything}}},
		{"TagResource", func() error { return call(c.TagResource(ctx, &sdk.TagResourceInput{ResourceId: &ou, Tags: tags})) }, []wire.Check{{Resource: arn("ou", ou), Context: tagging}}},
		{"UntagResource", func() error {
			return call(c.UntagResource(ctx, &sdk.UntagResourceInput{ResourceId: &ou, TagKeys: []string{"team"}}))
		}, []wire.Check{{Resource: arn("ou", ou), Context: keys("aws:TagKeys", "team")}}},
		{"ListTagsForResource", func() error {
			return call(c.ListTagsForResource(ctx, &sdk.ListTagsForResourceInput{ResourceId: &policy}))
		}, []wire.Check{{Resource: "arn:aws:organizations::" + management + ":policy/" + w.org + "/service_control_policy/" + policy}}},
		{"CreatePolicy", func() error { return call(c.CreatePolicy(ctx, newPolicy("x", denyAll))) }, []wire.Check{{Resource: everything, Context: typed}}},
		{"DescribePolicy", func() error {
			return call(c.DescribePolicy(ctx, &sdk.DescribePolicyInput{PolicyId: new(organizations.FullAccessID)}))
		}, []wire.Check{{Resource: "arn:aws:organizations::aws:policy/service_control_policy/p-FullAWSAccess", Context: typed}}},
		{"UpdatePolicy", func() error { return call(c.UpdatePolicy(ctx, &sdk.UpdatePolicyInput{PolicyId: &policy})) }, []wire.Check{{Resource: arn("policy", "service_control_policy/"+policy), Context: typed}}},
		{"DeletePolicy", func() error { return call(c.DeletePolicy(ctx, &sdk.DeletePolicyInput{PolicyId: &policy})) }, []wire.Check{{Resource: arn("policy", "service_control_policy/"+policy), Context: typed}}},
		{"ListPolicies", func() error { return call(c.ListPolicies(ctx, &sdk.ListPoliciesInput{Filter: scp})) }, []wire.Check{{Resource: everything, Context: typed}}},
		{"AttachPolicy", func() error {
			return call(c.AttachPolicy(ctx, &sdk.AttachPolicyInput{PolicyId: &policy, TargetId: &ou}))
		}, []wire.Check{{Resource: arn("policy", "service_control_policy/"+policy), Context: typed}, {Resource: arn("ou", ou), Context: typed}}},
		{"DetachPolicy", func() error {
			return call(c.DetachPolicy(ctx, &sdk.DetachPolicyInput{PolicyId: &policy, TargetId: &w.root}))
		}, []wire.Check{{Resource: arn("policy", "service_control_policy/"+policy), Context: typed}, {Resource: arn("root", w.root), Context: typed}}},
		{"ListPoliciesForTarget", func() error {
			return call(c.ListPoliciesForTarget(ctx, &sdk.ListPoliciesForTargetInput{TargetId: &ou, Filter: scp}))
		}, []wire.Check{{Resource: arn("ou", ou), Context: typed}}},
		{"ListTargetsForPolicy", func() error {
			return call(c.ListTargetsForPolicy(ctx, &sdk.ListTargetsForPolicyInput{PolicyId: &policy}))
		}, []wire.Check{{Resource: arn("policy", "service_control_policy/"+policy), Context: typed}}},
		{"DescribePolicy", func() error {
			return call(c.DescribePolicy(ctx, &sdk.DescribePolicyInput{PolicyId: &tagPolicy}))
		}, []wire.Check{{Resource: arn("policy", "tag_policy/"+tagPolicy), Context: tagTyped}}},
		{"AttachPolicy", func() error {
			return call(c.AttachPolicy(ctx, &sdk.AttachPolicyInput{PolicyId: &tagPolicy, TargetId: &ou}))
		}, []wire.Check{{Resource: arn("policy", "tag_policy/"+tagPolicy), Context: tagTyped}, {Resource: arn("ou", ou), Context: tagTyped}}},
		{"CreatePolicy", func() error {
			in := newPolicy("x", contents[tagType])
			in.Type, in.Tags = tagType, tags
			return call(c.CreatePolicy(ctx, in))
		}, []wire.Check{{Resource: everything, Context: tagTypedTagging}, {Action: "TagResource", Resource: arn("policy", "tag_policy/p-*"), Context: tagTypedTagging}}},
		{"DescribeEffectivePolicy", func() error {
			return call(c.DescribeEffectivePolicy(ctx, &sdk.DescribeEffectivePolicyInput{PolicyType: types.EffectivePolicyTypeTagPolicy, TargetId: &id}))
		}, []wire.Check{{Resource: arn("account", id), Context: keys("organizations:PolicyType", "TAG_POLICY", "aws:ResourceTag/cost", "1")}}},
		{"DescribeEffectivePolicy", func() error {
			return call(c.DescribeEffectivePolicy(ctx, &sdk.DescribeEffectivePolicyInput{PolicyType: types.EffectivePolicyTypeTagPolicy}))
		}, []wire.Check{{Resource: arn("account", management), Context: tagTyped}}},
		{"PutResourcePolicy", func() error {
			return call(c.PutResourcePolicy(ctx, &sdk.PutResourcePolicyInput{Content: new("{}"), Tags: tags}))
		}, []wire.Check{{Resource: everything, Context: tagging}, {Action: "TagResource", Resource: arn("resourcepolicy", "rp-*"), Context: tagging}}},
		{"DescribeResourcePolicy", func() error { return call(c.DescribeResourcePolicy(ctx, &sdk.DescribeResourcePolicyInput{})) }, []wire.Check{{Resource: everything}}},
		{"DeleteResourcePolicy", func() error { return call(c.DeleteResourcePolicy(ctx, &sdk.DeleteResourcePolicyInput{})) }, []wire.Check{{Resource: everything}}},
		{"EnablePolicyType", func() error {
			return call(c.EnablePolicyType(ctx, &sdk.EnablePolicyTypeInput{RootId: &w.root, PolicyType: scp}))
		}, []wire.Check{{Resource: arn("root", w.root), Context: typed}}},
		{"DisablePolicyType", func() error {
			return call(c.DisablePolicyType(ctx, &sdk.DisablePolicyTypeInput{RootId: &w.root, PolicyType: scp}))
		}, []wire.Check{{Resource: arn("root", w.root), Context: typed}}},
		{"EnableAWSServiceAccess", func() error {
			return call(c.EnableAWSServiceAccess(ctx, &sdk.EnableAWSServiceAccessInput{ServicePrincipal: sso}))
		}, []wire.Check{{Resource: everything, Context: service}}},
		{"DisableAWSServiceAccess", func() error {
			return call(c.DisableAWSServiceAccess(ctx, &sdk.DisableAWSServiceAccessInput{ServicePrincipal: sso}))
		}, []wire.Check{{Resource: everything, Context: service}}},
		{"ListAWSServiceAccessForOrganization", func() error {
			return call(c.ListAWSServiceAccessForOrganization(ctx, &sdk.ListAWSServiceAccessForOrganizationInput{}))
		}, []wire.Check{{Resource: everything}}},
		{"RegisterDelegatedAdministrator", func() error {
			return call(c.RegisterDelegatedAdministrator(ctx, &sdk.RegisterDelegatedAdministratorInput{AccountId: &id, ServicePrincipal: sso}))
		}, []wire.Check{{Resource: arn("account", id), Context: costlyService}}},
		{"DeregisterDelegatedAdministrator", func() error {
			return call(c.DeregisterDelegatedAdministrator(ctx, &sdk.DeregisterDelegatedAdministratorInput{AccountId: &id, ServicePrincipal: sso}))
		}, []wire.Check{{Resource: arn("account", id), Context: costlyService}}},
		{"ListDelegatedAdministrators", func() error {
			return call(c.ListDelegatedAdministrators(ctx, &sdk.ListDelegatedAdministratorsInput{ServicePrincipal: sso}))
		}, []wire.Check{{Resource: everything, Context: service}}},
		{"ListDelegatedServicesForAccount", func() error {
			return call(c.ListDelegatedServicesForAccount(ctx, &sdk.ListDelegatedServicesForAccountInput{AccountId: &id}))
		}, []wire.Check{{Resource: arn("account", id), Context: costly}}},
		{"InviteAccountToOrganization", func() error {
			return call(c.InviteAccountToOrganization(ctx, &sdk.InviteAccountToOrganizationInput{Target: guest, Tags: tags}))
		}, []wire.Check{{Resource: everything, Context: tagging}, {Action: "TagResource", Resource: arn("account", "*"), Context: tagging}}},
		{"AcceptHandshake", func() error { return call(c.AcceptHandshake(ctx, &sdk.AcceptHandshakeInput{HandshakeId: handshake})) }, []wire.Check{{Resource: arn("handshake", "invite/"+*handshake)}}},
		{"DeclineHandshake", func() error { return call(c.DeclineHandshake(ctx, &sdk.DeclineHandshakeInput{HandshakeId: handshake})) }, []wire.Check{{Resource: arn("handshake", "invite/"+*handshake)}}},
		{"CancelHandshake", func() error { return call(c.CancelHandshake(ctx, &sdk.CancelHandshakeInput{HandshakeId: handshake})) }, []wire.Check{{Resource: arn("handshake", "invite/"+*handshake)}}},
		{"DescribeHandshake", func() error {
			return call(c.DescribeHandshake(ctx, &sdk.DescribeHandshakeInput{HandshakeId: new("h-00000000")}))
		}, []wire.Check{{Resource: everything}}},
		{"ListHandshakesForAccount", func() error { return call(c.ListHandshakesForAccount(ctx, &sdk.ListHandshakesForAccountInput{})) }, []wire.Check{{Resource: everything}}},
		{"ListHandshakesForOrganization", func() error {
			return call(c.ListHandshakesForOrganization(ctx, &sdk.ListHandshakesForOrganizationInput{}))
		}, []wire.Check{{Resource: everything}}},
		{"EnableAllFeatures", func() error { return call(c.EnableAllFeatures(ctx, &sdk.EnableAllFeaturesInput{})) }, []wire.Check{{Resource: everything}}},
		{"LeaveOrganization", func() error { return call(c.LeaveOrganization(ctx, &sdk.LeaveOrganizationInput{})) }, []wire.Check{{Resource: everything}}},
		{"DeleteOrganization", func() error { return call(c.DeleteOrganization(ctx, &sdk.DeleteOrganizationInput{})) }, []wire.Check{{Resource: everything}}},
	} {
		asked, covered[tc.op] = nil, true
		wantError(t, tc.call(), "AccessDeniedException")
		for i := range tc.want {
			if tc.want[i].Action == "" {
				tc.want[i].Action = tc.op
			}
			tc.want[i].Action = "organizations:" + tc.want[i].Action
		}
		if diff := cmp.Diff(tc.want, asked); diff != "" {
			t.Errorf("%s (-want +asked):\n%s", tc.op, diff)
		}
	}
	for _, op := range w.API().Operations() {
		if !covered[op.Name] {
			t.Errorf("%s is served, and no test knows what it asks for", op.Name)
		}
	}
}

// Outputs, errors and their reasons arrive at the SDK's own client.
func TestThroughTheClient(t *testing.T) {
	t.Parallel()
	w := setup(t, organizations.Quotas{}, 0)
	c := w.client(func(context.Context, *wire.Request, []wire.Check) error { return nil })
	ctx := t.Context()
	begun, err := c.CreateAccount(ctx, newAccount("Team", "team@example.com"))
	must(t, err)
	end := w.ended(*begun.CreateAccountStatus.Id)
	var names []string
	for p := sdk.NewListAccountsPaginator(c, &sdk.ListAccountsInput{MaxResults: new(int32(1))}); p.HasMorePages(); {
		page, err := p.NextPage(ctx)
		must(t, err)
		for _, a := range page.Accounts {
			names = append(names, *a.Name+" "+string(a.State)+" "+string(a.Status))
		}
	}
	slices.Sort(names)
	if diff := cmp.Diff([]string{"Owner ACTIVE ACTIVE", "Team ACTIVE ACTIVE"}, names); diff != "" {
		t.Errorf("accounts (-want +got):\n%s", diff)
	}
	_, err = c.MoveAccount(ctx, &sdk.MoveAccountInput{AccountId: end.AccountId, SourceParentId: &w.root, DestinationParentId: &w.root})
	if typed := new(types.DuplicateAccountException); !errors.As(err, &typed) {
		t.Errorf("move to where it is: %v", err)
	}
	_, err = c.CloseAccount(ctx, &sdk.CloseAccountInput{AccountId: new(management)})
	if typed := new(types.ConstraintViolationException); !errors.As(err, &typed) || typed.Reason != types.ConstraintViolationExceptionReasonCannotCloseManagementAccount {
		t.Errorf("close the management account: %v", err)
	}
}
