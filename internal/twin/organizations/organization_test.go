package organizations_test

import (
	"regexp"
	"testing"

	sdk "github.com/aws/aws-sdk-go-v2/service/organizations"
	"github.com/aws/aws-sdk-go-v2/service/organizations/types"
	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"accountfactory/internal/twin/organizations"
)

var structs = cmpopts.IgnoreUnexported(types.Organization{}, types.PolicyTypeSummary{}, types.Root{}, types.Account{},
	types.OrganizationalUnit{}, types.Child{}, types.Parent{}, types.Tag{}, types.PolicySummary{}, types.PolicyTargetSummary{},
	types.CreateAccountStatus{}, types.EffectivePolicy{}, types.ResourcePolicy{}, types.ResourcePolicySummary{})

func TestCreateOrganization(t *testing.T) {
	t.Parallel()
	w := bare(t, organizations.Quotas{}, 0)
	_, err := w.DescribeOrganization(w.ctx, &sdk.DescribeOrganizationInput{})
	wantError(t, err, "AWSOrganizationsNotInUseException")
	_, err = w.ListAccounts(w.ctx, &sdk.ListAccountsInput{})
	wantError(t, err, "AWSOrganizationsNotInUseException")
	_, err = w.CreateOrganization(as("999999999999"), &sdk.CreateOrganizationInput{})
	wantError(t, err, "AccessDeniedException")

	made, err := w.CreateOrganization(w.ctx, &sdk.CreateOrganizationInput{})
	must(t, err)
	id := *made.Organization.Id
	if !regexp.MustCompile(`^o-[a-z0-9]{10,32}$`).MatchString(id) {
		t.Errorf("organization id %q", id)
	}
	scps := []types.PolicyTypeSummary{{Type: types.PolicyTypeServiceControlPolicy, Status: types.PolicyTypeStatusEnabled}}
	want := &types.Organization{
		Id: &id, Arn: new("arn:aws:organizations::111111111111:organization/" + id), FeatureSet: types.OrganizationFeatureSetAll,
		MasterAccountId: new(management), MasterAccountEmail: new("owner@example.com"),
		MasterAccountArn:     new("arn:aws:organizations::111111111111:account/" + id + "/111111111111"),
		AvailablePolicyTypes: scps,
	}
	seen, err := w.DescribeOrganization(w.ctx, &sdk.DescribeOrganizationInput{})
	must(t, err)
	for _, got := range []*types.Organization{made.Organization, seen.Organization} {
		if diff := cmp.Diff(want, got, structs); diff != "" {
			t.Errorf("organization (-want +got):\n%s", diff)
		}
	}
	roots, err := w.ListRoots(w.ctx, &sdk.ListRootsInput{})
	must(t, err)
	root := *roots.Roots[0].Id
	if !regexp.MustCompile(`^r-[0-9a-z]{4,32}$`).MatchString(root) {
		t.Errorf("root id %q", root)
	}
	wantRoots := []types.Root{{Id: &root, Name: new("Root"), Arn: new("arn:aws:organizations::111111111111:root/" + id + "/" + root), PolicyTypes: scps}}
	if diff := cmp.Diff(wantRoots, roots.Roots, structs); diff != "" {
		t.Errorf("roots (-want +got):\n%s", diff)
	}
	_, err = w.CreateOrganization(w.ctx, &sdk.CreateOrganizationInput{})
	wantError(t, err, "AlreadyInOrganizationException")
	_, err = w.ListRoots(w.ctx, &sdk.ListRootsInput{NextToken: new("x")})
	wantError(t, err, "InvalidInputException", "INVALID_NEXT_TOKEN")
}

func TestConsolidatedBilling(t *testing.T) {
	t.Parallel()
	w := bare(t, organizations.Quotas{}, 0)
	out, err := w.CreateOrganization(w.ctx, &sdk.CreateOrganizationInput{FeatureSet: types.OrganizationFeatureSetConsolidatedBilling})
	must(t, err)
	if len(out.Organization.AvailablePolicyTypes) != 0 {
		t.Errorf("policy types %v without all features", out.Organization.AvailablePolicyTypes)
	}
	roots, err := w.ListRoots(w.ctx, &sdk.ListRootsInput{})
	must(t, err)
	root, id := *roots.Roots[0].Id, w.account("a")
	_, err = w.CloseAccount(w.ctx, &sdk.CloseAccountInput{AccountId: &id})
	wantError(t, err, "ConstraintViolationException", "ORGANIZATION_NOT_IN_ALL_FEATURES_MODE")
	_, err = w.EnableAWSServiceAccess(w.ctx, &sdk.EnableAWSServiceAccessInput{ServicePrincipal: new("sso.amazonaws.com")})
	wantError(t, err, "ConstraintViolationException", "ORGANIZATION_NOT_IN_ALL_FEATURES_MODE")
	_, err = w.EnablePolicyType(w.ctx, &sdk.EnablePolicyTypeInput{RootId: &root, PolicyType: types.PolicyTypeServiceControlPolicy})
	wantError(t, err, "PolicyTypeNotAvailableForOrganizationException")
	_, err = w.CreatePolicy(w.ctx, &sdk.CreatePolicyInput{Name: new("x"), Content: new("{}"), Type: types.PolicyTypeServiceControlPolicy})
	wantError(t, err, "PolicyTypeNotAvailableForOrganizationException")
}

// Members see the organization and no more; a delegated administrator reads, and writes nothing.
func TestWhoMayCall(t *testing.T) {
	t.Parallel()
	w := setup(t, organizations.Quotas{}, 0)
	id := w.account("member")
	member := as(id)
	if _, err := w.DescribeOrganization(member, &sdk.DescribeOrganizationInput{}); err != nil {
		t.Errorf("a member cannot see its organization: %v", err)
	}
	_, err := w.ListAccounts(member, &sdk.ListAccountsInput{})
	wantError(t, err, "AccessDeniedException")
	_, err = w.CreateAccount(member, newAccount("x", "x@example.com"))
	wantError(t, err, "AccessDeniedException")
	_, err = w.DescribeOrganization(as("999999999999"), &sdk.DescribeOrganizationInput{})
	wantError(t, err, "AWSOrganizationsNotInUseException")

	_, err = w.EnableAWSServiceAccess(w.ctx, &sdk.EnableAWSServiceAccessInput{ServicePrincipal: new("sso.amazonaws.com")})
	must(t, err)
	_, err = w.RegisterDelegatedAdministrator(w.ctx, &sdk.RegisterDelegatedAdministratorInput{AccountId: &id, ServicePrincipal: new("sso.amazonaws.com")})
	must(t, err)
	if _, err := w.ListAccounts(member, &sdk.ListAccountsInput{}); err != nil {
		t.Errorf("a delegated administrator cannot list accounts: %v", err)
	}
	_, err = w.MoveAccount(member, &sdk.MoveAccountInput{AccountId: &id, SourceParentId: &w.root, DestinationParentId: &w.root})
	wantError(t, err, "AccessDeniedException")
}
