package twin_test

import (
	"context"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	sdk "github.com/aws/aws-sdk-go-v2/service/organizations"
	"github.com/aws/aws-sdk-go-v2/service/organizations/types"

	"accountfactory/internal/twin"
)

const (
	newer   = "came to AWS after the example was written"
	partial = "the example shows a part of the documented members"
)

// TestExamples_Organizations plays each example of the API Reference and compares which members the answers have. The values
// are ours.
func TestExamples_Organizations(t *testing.T) {
	t.Parallel()
	p := &player{
		t: t, examples: examplesOf(t, "organizations"), used: map[string]bool{},
		beside: map[string]string{
			"Paths": newer, "Path": newer, "State": newer,
			"DescribeAccount Account.JoinedMethod": partial, "DescribeAccount Account.JoinedTimestamp": partial, "DescribeAccount Account.Status": partial,
			"CreateAccount CreateAccountStatus.AccountName": partial, "CreateAccount CreateAccountStatus.RequestedTimestamp": partial,
			"DescribeCreateAccountStatus CreateAccountStatus.AccountName":        partial,
			"DescribeCreateAccountStatus CreateAccountStatus.RequestedTimestamp": partial,
			"DescribeCreateAccountStatus CreateAccountStatus.CompletedTimestamp": partial,
			"CreatePolicy Policy.PolicySummary.Id":                               partial, "CreatePolicy Policy.PolicySummary.AwsManaged": partial,
			"DescribeOrganization Organization.MasterAccountId": partial,
		},
		lacking: map[string]string{},
	}
	ctx := t.Context()
	f := setup(t, slowly)
	f.playTree(ctx, t, p)
	f.playPolicies(ctx, t, p)
	f.playAccounts(ctx, t, p)
	f.playHandshakes(ctx, t, p)
	empty := setup(t, func(c *twin.Config) { c.Empty = true })
	empty.playOrganization(ctx, t, p)
	p.done()
}

func (f *fixture) playTree(ctx context.Context, t *testing.T, p *player) {
	t.Helper()
	c, root, audit := f.Organizations, f.root(t), f.named(t, "Audit")
	security := f.findOU(t, "Security").Id
	p.play(org(ctx, c.DescribeOrganization, &sdk.DescribeOrganizationInput{}))
	p.play(org(ctx, c.ListRoots, &sdk.ListRootsInput{}))
	p.play(org(ctx, c.ListAccounts, &sdk.ListAccountsInput{}))
	p.play(org(ctx, c.ListAccountsForParent, &sdk.ListAccountsForParentInput{ParentId: security}))
	p.play(org(ctx, c.ListChildren, &sdk.ListChildrenInput{ParentId: root, ChildType: types.ChildTypeOrganizationalUnit}))
	p.play(org(ctx, c.ListParents, &sdk.ListParentsInput{ChildId: audit}))
	p.play(org(ctx, c.ListOrganizationalUnitsForParent, &sdk.ListOrganizationalUnitsForParentInput{ParentId: root}))
	p.play(org(ctx, c.DescribeAccount, &sdk.DescribeAccountInput{AccountId: audit}))
	p.play(org(ctx, c.CreateOrganizationalUnit, &sdk.CreateOrganizationalUnitInput{ParentId: root, Name: aws.String("Teams")}))
	teams := f.findOU(t, "Teams").Id
	p.play(org(ctx, c.DescribeOrganizationalUnit, &sdk.DescribeOrganizationalUnitInput{OrganizationalUnitId: teams}))
	p.play(org(ctx, c.UpdateOrganizationalUnit, &sdk.UpdateOrganizationalUnitInput{OrganizationalUnitId: teams, Name: aws.String("Crews")}))
	p.play(org(ctx, c.DeleteOrganizationalUnit, &sdk.DeleteOrganizationalUnitInput{OrganizationalUnitId: teams}))
}

func (f *fixture) playPolicies(ctx context.Context, t *testing.T, p *player) {
	t.Helper()
	c, root, audit, sandbox := f.Organizations, f.root(t), f.named(t, "Audit"), f.findOU(t, "Sandbox").Id
	made, err := org(ctx, c.CreatePolicy, &sdk.CreatePolicyInput{
		Name: aws.String("NoBuckets"), Description: aws.String("Keeps buckets away"), Type: types.PolicyTypeServiceControlPolicy, Content: aws.String(denyDocument),
	})
	p.play(made, err)
	id := made.out.(*sdk.CreatePolicyOutput).Policy.PolicySummary.Id
	p.play(org(ctx, c.DescribePolicy, &sdk.DescribePolicyInput{PolicyId: id}))
	p.play(org(ctx, c.UpdatePolicy, &sdk.UpdatePolicyInput{PolicyId: id, Name: aws.String("Renamed"), Description: aws.String("New words")}))
	p.play(org(ctx, c.UpdatePolicy, &sdk.UpdatePolicyInput{PolicyId: id, Content: aws.String(denyDocument)}))
	for _, target := range []*string{sandbox, audit} {
		p.play(org(ctx, c.AttachPolicy, &sdk.AttachPolicyInput{PolicyId: id, TargetId: target}))
	}
	p.play(org(ctx, c.ListPolicies, &sdk.ListPoliciesInput{Filter: types.PolicyTypeServiceControlPolicy}))
	p.play(org(ctx, c.ListPoliciesForTarget, &sdk.ListPoliciesForTargetInput{TargetId: sandbox, Filter: types.PolicyTypeServiceControlPolicy}))
	p.play(org(ctx, c.ListTargetsForPolicy, &sdk.ListTargetsForPolicyInput{PolicyId: id}))
	p.play(org(ctx, c.DetachPolicy, &sdk.DetachPolicyInput{PolicyId: id, TargetId: sandbox}))
	if _, err := c.DetachPolicy(ctx, &sdk.DetachPolicyInput{PolicyId: id, TargetId: audit}); err != nil {
		t.Fatal(err)
	}
	p.play(org(ctx, c.DeletePolicy, &sdk.DeletePolicyInput{PolicyId: id}))
	p.play(org(ctx, c.DisablePolicyType, &sdk.DisablePolicyTypeInput{RootId: root, PolicyType: types.PolicyTypeServiceControlPolicy}))
	p.play(org(ctx, c.EnablePolicyType, &sdk.EnablePolicyTypeInput{RootId: root, PolicyType: types.PolicyTypeServiceControlPolicy}))
}

func (f *fixture) playAccounts(ctx context.Context, t *testing.T, p *player) {
	t.Helper()
	c := f.Organizations
	begun, err := org(ctx, c.CreateAccount, &sdk.CreateAccountInput{AccountName: aws.String("Shop"), Email: aws.String("shop@example.com")})
	p.play(begun, err)
	id := begun.out.(*sdk.CreateAccountOutput).CreateAccountStatus.Id
	running, err := org(ctx, c.ListCreateAccountStatus, &sdk.ListCreateAccountStatusInput{States: []types.CreateAccountState{types.CreateAccountStateInProgress}})
	if err != nil {
		t.Fatal(err)
	}
	f.advance(t, time.Hour)
	f.await(t, func() bool {
		out, err := c.DescribeCreateAccountStatus(ctx, &sdk.DescribeCreateAccountStatusInput{CreateAccountRequestId: id})
		return err == nil && out.CreateAccountStatus.State == types.CreateAccountStateSucceeded
	})
	p.play(org(ctx, c.ListCreateAccountStatus, &sdk.ListCreateAccountStatusInput{States: []types.CreateAccountState{types.CreateAccountStateSucceeded}}))
	p.play(running, nil)
	p.play(org(ctx, c.DescribeCreateAccountStatus, &sdk.DescribeCreateAccountStatusInput{CreateAccountRequestId: id}))
	p.play(org(ctx, c.MoveAccount, &sdk.MoveAccountInput{AccountId: f.named(t, "Shop"), SourceParentId: f.root(t), DestinationParentId: f.findOU(t, "Sandbox").Id}))
}

func (f *fixture) playHandshakes(ctx context.Context, t *testing.T, p *player) {
	t.Helper()
	c := f.Organizations
	invite := func(o outsider) (played, error) {
		return org(ctx, c.InviteAccountToOrganization, &sdk.InviteAccountToOrganizationInput{
			Target: &types.HandshakeParty{Type: types.HandshakePartyTypeEmail, Id: &o.email}, Notes: aws.String("Join us"),
		})
	}
	one, two := f.outsider(t, "one"), f.outsider(t, "two")
	first, err := invite(one)
	p.play(first, err)
	id := first.out.(*sdk.InviteAccountToOrganizationOutput).Handshake.Id
	p.play(org(ctx, c.DescribeHandshake, &sdk.DescribeHandshakeInput{HandshakeId: id}))
	p.play(org(ctx, c.ListHandshakesForOrganization, &sdk.ListHandshakesForOrganizationInput{}))
	p.play(org(ctx, one.Organizations.ListHandshakesForAccount, &sdk.ListHandshakesForAccountInput{}))
	p.play(org(ctx, one.Organizations.AcceptHandshake, &sdk.AcceptHandshakeInput{HandshakeId: id}))
	again := func() *string {
		h, err := invite(two)
		if err != nil {
			t.Fatal(err)
		}
		return h.out.(*sdk.InviteAccountToOrganizationOutput).Handshake.Id
	}
	p.play(org(ctx, two.Organizations.DeclineHandshake, &sdk.DeclineHandshakeInput{HandshakeId: again()}))
	p.play(org(ctx, c.CancelHandshake, &sdk.CancelHandshakeInput{HandshakeId: again()}))
	if err := accept(t, two.Clients, again()); err != nil {
		t.Fatal(err)
	}
	p.play(org(ctx, c.RemoveAccountFromOrganization, &sdk.RemoveAccountFromOrganizationInput{AccountId: &one.id}))
	p.play(org(ctx, two.Organizations.LeaveOrganization, &sdk.LeaveOrganizationInput{}))
}

func (f *fixture) playOrganization(ctx context.Context, t *testing.T, p *player) {
	t.Helper()
	c := f.Organizations
	p.play(org(ctx, c.CreateOrganization, &sdk.CreateOrganizationInput{}))
	if _, err := c.DeleteOrganization(ctx, &sdk.DeleteOrganizationInput{}); err != nil {
		t.Fatal(err)
	}
	p.play(org(ctx, c.CreateOrganization, &sdk.CreateOrganizationInput{FeatureSet: types.OrganizationFeatureSetConsolidatedBilling}))
	p.play(org(ctx, c.EnableAllFeatures, &sdk.EnableAllFeaturesInput{}))
}
