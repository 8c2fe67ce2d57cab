package twin_test

import (
	"errors"
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/controltower"
	cttypes "github.com/aws/aws-sdk-go-v2/service/controltower/types"
	"github.com/aws/aws-sdk-go-v2/service/identitystore"
	"github.com/aws/aws-sdk-go-v2/service/organizations"
	orgtypes "github.com/aws/aws-sdk-go-v2/service/organizations/types"
	"github.com/aws/aws-sdk-go-v2/service/servicecatalog"
	"github.com/aws/aws-sdk-go-v2/service/servicecatalog/types"
	"github.com/aws/aws-sdk-go-v2/service/ssoadmin"
	"github.com/aws/smithy-go"
	"github.com/google/go-cmp/cmp"
)

// ou gives the product's text for an organizational unit: "Sandbox (ou-…)".
func (f *fixture) ou(t testing.TB, name string) string {
	t.Helper()
	ou := f.findOU(t, name)
	return name + " (" + aws.ToString(ou.Id) + ")"
}

func (f *fixture) root(t testing.TB) *string {
	t.Helper()
	roots, err := f.Organizations.ListRoots(t.Context(), &organizations.ListRootsInput{})
	if err != nil {
		t.Fatal(err)
	}
	return roots.Roots[0].Id
}

func (f *fixture) findOU(t testing.TB, name string) orgtypes.OrganizationalUnit {
	t.Helper()
	ous, err := f.Organizations.ListOrganizationalUnitsForParent(t.Context(), &organizations.ListOrganizationalUnitsForParentInput{ParentId: f.root(t)})
	if err != nil {
		t.Fatal(err)
	}
	for _, ou := range ous.OrganizationalUnits {
		if aws.ToString(ou.Name) == name {
			return ou
		}
	}
	t.Fatalf("no OU %s among %v", name, ous.OrganizationalUnits)
	return orgtypes.OrganizationalUnit{}
}

func TestVend(t *testing.T) {
	t.Parallel()
	f := setup(t)
	ctx := t.Context()
	out, err := f.launch(t, "first", nil)
	if err != nil {
		t.Fatal(err)
	}
	if d := out.RecordDetail; d.Status != types.RecordStatusCreated || aws.ToString(d.ProvisionedProductType) != "CONTROL_TOWER_ACCOUNT" || aws.ToString(d.RecordType) != "PROVISION_PRODUCT" {
		t.Errorf("the launch answers %s %s %s", d.Status, aws.ToString(d.ProvisionedProductType), aws.ToString(d.RecordType))
	}
	rec := f.ended(t, out.RecordDetail.RecordId)
	if rec.RecordDetail.Status != types.RecordStatusSucceeded {
		t.Fatalf("failed: %+v", rec.RecordDetail.RecordErrors)
	}
	accountID := output(rec, "AccountId")

	got, err := f.Organizations.DescribeAccount(ctx, &organizations.DescribeAccountInput{AccountId: aws.String(accountID)})
	if err != nil {
		t.Fatal(err)
	}
	if a := got.Account; aws.ToString(a.Email) != "first@example.com" || a.State != orgtypes.AccountStateActive || a.Status != orgtypes.AccountStatusActive {
		t.Errorf("account %+v", a)
	}
	parents, err := f.Organizations.ListParents(ctx, &organizations.ListParentsInput{ChildId: aws.String(accountID)})
	if err != nil || aws.ToString(parents.Parents[0].Id) != aws.ToString(f.findOU(t, "Sandbox").Id) {
		t.Errorf("parents %+v, %v", parents, err)
	}
	want := map[string]int{"USER AWSAdministratorAccess": 1, "GROUP AWSOrganizationsFullAccess": 1, "GROUP AWSPowerUserAccess": 1, "GROUP AWSReadOnlyAccess": 1}
	if diff := cmp.Diff(want, f.assignments(t, accountID)); diff != "" {
		t.Errorf("assignments (-want +got):\n%s", diff)
	}
	product, err := f.Catalog.SearchProvisionedProducts(ctx, &servicecatalog.SearchProvisionedProductsInput{Filters: map[string][]string{"SearchQuery": {"physicalId:" + accountID}}})
	if err != nil || len(product.ProvisionedProducts) != 1 || product.ProvisionedProducts[0].Status != types.ProvisionedProductStatusAvailable {
		t.Errorf("by physicalId: %+v, %v", product, err)
	}
	events := f.events(t)
	if diff := cmp.Diff([]string{"SetupLandingZone SUCCEEDED", "CreateManagedAccount SUCCEEDED " + accountID}, events); diff != "" {
		t.Errorf("events (-want +got):\n%s", diff)
	}
}

// assignments counts an account's assignments by principal type and permission set.
func (f *fixture) assignments(t *testing.T, accountID string) map[string]int {
	t.Helper()
	ctx := t.Context()
	instances, err := f.SSOAdmin.ListInstances(ctx, &ssoadmin.ListInstancesInput{})
	if err != nil {
		t.Fatal(err)
	}
	instance := instances.Instances[0].InstanceArn
	sets, err := f.SSOAdmin.ListPermissionSetsProvisionedToAccount(ctx, &ssoadmin.ListPermissionSetsProvisionedToAccountInput{InstanceArn: instance, AccountId: aws.String(accountID)})
	if err != nil {
		t.Fatal(err)
	}
	out := map[string]int{}
	for _, set := range sets.PermissionSets {
		d, err := f.SSOAdmin.DescribePermissionSet(ctx, &ssoadmin.DescribePermissionSetInput{InstanceArn: instance, PermissionSetArn: aws.String(set)})
		if err != nil {
			t.Fatal(err)
		}
		list, err := f.SSOAdmin.ListAccountAssignments(ctx, &ssoadmin.ListAccountAssignmentsInput{InstanceArn: instance, AccountId: aws.String(accountID), PermissionSetArn: aws.String(set)})
		if err != nil {
			t.Fatal(err)
		}
		for _, a := range list.AccountAssignments {
			out[string(a.PrincipalType)+" "+aws.ToString(d.PermissionSet.Name)]++
		}
	}
	return out
}

// events gives the lifecycle events, each as its name, state and account.
func (f *fixture) events(t *testing.T) []string {
	t.Helper()
	var got struct {
		Events []struct {
			Detail struct {
				EventName           string
				ServiceEventDetails map[string]struct {
					State   string
					Account struct{ AccountID string }
				}
			}
		}
	}
	if err := f.lab.Do(t.Context(), "GET", "/_twin/events", nil, &got); err != nil {
		t.Fatal(err)
	}
	var out []string
	for _, e := range got.Events {
		for _, d := range e.Detail.ServiceEventDetails {
			out = append(out, strings.TrimSpace(e.Detail.EventName+" "+d.State+" "+d.Account.AccountID))
		}
	}
	return out
}

// TestVend_LateFailures are launches that AWS accepts and fails later: the record says why, and nothing is half-created.
func TestVend_LateFailures(t *testing.T) {
	t.Parallel()
	f := setup(t)
	f.vend(t, "taken", nil)
	if _, err := f.Organizations.CreateOrganizationalUnit(t.Context(), &organizations.CreateOrganizationalUnitInput{ParentId: f.root(t), Name: aws.String("Loose")}); err != nil {
		t.Fatal(err)
	}
	loose, sandboxID := f.ou(t, "Loose"), aws.ToString(f.findOU(t, "Sandbox").Id)
	for _, tc := range []struct {
		name   string
		change map[string]string
		code   string
		text   string
	}{
		{"email-in-use", map[string]string{"AccountEmail": "taken@example.com"}, "InvalidParametersException", "EMAIL_ALREADY_EXISTS"},
		{"email-in-use-in-capitals", map[string]string{"AccountEmail": "TAKEN@Example.com"}, "InvalidParametersException", "EMAIL_ALREADY_EXISTS"},
		{"email-of-65-characters", map[string]string{"AccountEmail": strings.Repeat("a", 53) + "@example.com"}, "InvalidParametersException", ""},
		{"ou-unknown", map[string]string{"ManagedOrganizationalUnit": "Nowhere"}, "InvalidParametersException", "The parent organizational unit 'Nowhere' is not enrolled in AWS Control Tower."},
		{"ou-unregistered", map[string]string{"ManagedOrganizationalUnit": loose}, "InvalidParametersException", "The parent organizational unit '" + loose + "' is not enrolled in AWS Control Tower."},
		{"no-account-name", map[string]string{"AccountName": ""}, "AmazonCloudFormationException", "AccountName"},
		{"no-account-email", map[string]string{"AccountEmail": ""}, "AmazonCloudFormationException", "AccountEmail"},
		{"no-first-name", map[string]string{"SSOUserFirstName": ""}, "AmazonCloudFormationException", "SSOUserFirstName"},
		{"no-last-name", map[string]string{"SSOUserLastName": ""}, "AmazonCloudFormationException", "SSOUserLastName"},
		{"no-sso-email", map[string]string{"SSOUserEmail": ""}, "AmazonCloudFormationException", "SSOUserEmail"},
		{"no-ou", map[string]string{"ManagedOrganizationalUnit": ""}, "AmazonCloudFormationException", "ManagedOrganizationalUnit"},
		{"ou-as-bare-id", map[string]string{"ManagedOrganizationalUnit": sandboxID}, "InvalidParametersException", "The parent organizational unit '" + sandboxID + "' is not enrolled in AWS Control Tower."},
	} {
		before := f.accounts(t)
		out, err := f.launch(t, tc.name, tc.change)
		if err != nil {
			t.Errorf("%s: refused at once: %v", tc.name, err)
			continue
		}
		rec := f.ended(t, out.RecordDetail.RecordId)
		if rec.RecordDetail.Status != types.RecordStatusFailed {
			t.Errorf("%s: %s", tc.name, rec.RecordDetail.Status)
			continue
		}
		e := rec.RecordDetail.RecordErrors[0]
		if aws.ToString(e.Code) != tc.code || !strings.Contains(aws.ToString(e.Description), tc.text) {
			t.Errorf("%s: %s: %s", tc.name, aws.ToString(e.Code), aws.ToString(e.Description))
		}
		p, err := f.Catalog.DescribeProvisionedProduct(t.Context(), &servicecatalog.DescribeProvisionedProductInput{Id: out.RecordDetail.ProvisionedProductId})
		if err != nil || p.ProvisionedProductDetail.Status != types.ProvisionedProductStatusError || p.ProvisionedProductDetail.LastSuccessfulProvisioningRecordId != nil {
			t.Errorf("%s: product %+v, %v", tc.name, p, err)
		}
		if diff := cmp.Diff(before, f.accounts(t)); diff != "" {
			t.Errorf("%s: accounts changed (-before +after):\n%s", tc.name, diff)
		}
		if again, err := f.launch(t, tc.name, nil); err == nil {
			t.Errorf("%s: the name of the product in ERROR was free: %v", tc.name, again)
		}
		f.terminate(t, out.RecordDetail.ProvisionedProductId)
	}
}

func (f *fixture) accounts(t *testing.T) []string {
	t.Helper()
	list, err := f.Organizations.ListAccounts(t.Context(), &organizations.ListAccountsInput{})
	if err != nil {
		t.Fatal(err)
	}
	var out []string
	for _, a := range list.Accounts {
		out = append(out, aws.ToString(a.Id)+" "+aws.ToString(a.Email))
	}
	return out
}

func (f *fixture) terminate(t *testing.T, productID *string) {
	t.Helper()
	out, err := f.Catalog.TerminateProvisionedProduct(t.Context(), &servicecatalog.TerminateProvisionedProductInput{ProvisionedProductId: productID, TerminateToken: aws.String("end-" + *productID)})
	if err != nil {
		t.Fatal(err)
	}
	if rec := f.ended(t, out.RecordDetail.RecordId); rec.RecordDetail.Status != types.RecordStatusSucceeded {
		t.Fatalf("terminate: %+v", rec.RecordDetail.RecordErrors)
	}
}

// TestVend_NameInUse: a name in use is refused at once.
func TestVend_NameInUse(t *testing.T) {
	t.Parallel()
	f := setup(t)
	f.vend(t, "taken", nil)
	_, err := f.launch(t, "taken", map[string]string{"AccountEmail": "other@example.com"})
	var api smithy.APIError
	if !errors.As(err, &api) || api.ErrorCode() != "InvalidParametersException" || api.ErrorMessage() != "A stack named taken already exists." {
		t.Errorf("got %v", err)
	}
}

// TestVend_OneAtATime: a second account operation fails with AWS's text, and the first is not disturbed.
func TestVend_OneAtATime(t *testing.T) {
	t.Parallel()
	f := setup(t)
	f.arm(t, map[string]any{"kind": "stuck", "service": "controltower", "step": "baseline", "count": 1})
	first, err := f.launch(t, "one", nil)
	if err != nil {
		t.Fatal(err)
	}
	f.releaseWhenStuck(t, func() {
		second, err := f.launch(t, "two", nil)
		if err != nil {
			t.Fatal(err)
		}
		rec := f.ended(t, second.RecordDetail.RecordId)
		const text = "Account Factory cannot create this enrolled account right now, because another execution is in progress. Try again later."
		if e := rec.RecordDetail.RecordErrors; len(e) != 1 || aws.ToString(e[0].Code) != "ResourceInUseException" || aws.ToString(e[0].Description) != text {
			t.Errorf("the second: %+v", e)
		}
	})
	if rec := f.ended(t, first.RecordDetail.RecordId); rec.RecordDetail.Status != types.RecordStatusSucceeded {
		t.Errorf("the first: %+v", rec.RecordDetail.RecordErrors)
	}
}

func (f *fixture) awaitUnderChange(t *testing.T) {
	t.Helper()
	for {
		out, err := f.ControlTower.ListEnabledBaselines(t.Context(), &controltower.ListEnabledBaselinesInput{
			IncludeChildren: true, Filter: &cttypes.EnabledBaselineFilter{Statuses: []cttypes.EnablementStatus{cttypes.EnablementStatusUnderChange}},
		})
		if err != nil {
			t.Fatal(err)
		}
		if len(out.EnabledBaselines) > 0 {
			return
		}
	}
}

// TestVend_SSOUser: a user with the e-mail is reused as they are; one new address may serve as both e-mails.
func TestVend_SSOUser(t *testing.T) {
	t.Parallel()
	f := setup(t)
	users := func() int {
		store := f.identityStore(t)
		list, err := f.IdentityStore.ListUsers(t.Context(), &identitystore.ListUsersInput{IdentityStoreId: store})
		if err != nil {
			t.Fatal(err)
		}
		return len(list.Users)
	}
	before := users()
	f.vend(t, "reuse", map[string]string{"SSOUserEmail": "Requester@Example.com", "SSOUserFirstName": "Somebody", "SSOUserLastName": "Else"})
	if n := users(); n != before {
		t.Errorf("%d users after a launch for an existing one, before %d", n, before)
	}
	f.vend(t, "same", map[string]string{"AccountEmail": "same@example.com", "SSOUserEmail": "same@example.com"})
	if n := users(); n != before+1 {
		t.Errorf("%d users after a launch for a new one, before %d", n, before)
	}
}

func (f *fixture) identityStore(t *testing.T) *string {
	t.Helper()
	instances, err := f.SSOAdmin.ListInstances(t.Context(), &ssoadmin.ListInstancesInput{})
	if err != nil {
		t.Fatal(err)
	}
	return instances.Instances[0].IdentityStoreId
}

// TestVend_PartialIsAdopted: what failed after the account was there is finished by an update, which finds the account.
func TestVend_PartialIsAdopted(t *testing.T) {
	t.Parallel()
	f := setup(t)
	fault := map[string]any{"kind": "fail", "service": "controltower", "step": "baseline", "reason": "no luck", "count": 1}
	if err := f.lab.Do(t.Context(), "POST", "/_twin/faults", fault, nil); err != nil {
		t.Fatal(err)
	}
	out, err := f.launch(t, "half", nil)
	if err != nil {
		t.Fatal(err)
	}
	if rec := f.ended(t, out.RecordDetail.RecordId); rec.RecordDetail.Status != types.RecordStatusFailed {
		t.Fatalf("with a fault armed: %s", rec.RecordDetail.Status)
	}
	accounts := f.accounts(t)
	update, err := f.Catalog.UpdateProvisionedProduct(t.Context(), &servicecatalog.UpdateProvisionedProductInput{
		ProvisionedProductId: out.RecordDetail.ProvisionedProductId, ProductId: out.RecordDetail.ProductId, ProvisioningArtifactId: out.RecordDetail.ProvisioningArtifactId,
		ProvisioningParameters: updates(f.parameters(t, "half", nil)), UpdateToken: aws.String("again"),
	})
	if err != nil {
		t.Fatal(err)
	}
	rec := f.ended(t, update.RecordDetail.RecordId)
	if rec.RecordDetail.Status != types.RecordStatusSucceeded {
		t.Fatalf("the update: %+v", rec.RecordDetail.RecordErrors)
	}
	if diff := cmp.Diff(accounts, f.accounts(t)); diff != "" {
		t.Errorf("the update made accounts (-before +after):\n%s", diff)
	}
	events := f.events(t)
	if last := events[len(events)-1]; last != "UpdateManagedAccount SUCCEEDED "+output(rec, "AccountId") {
		t.Errorf("last event %s", last)
	}
}

func updates(in []types.ProvisioningParameter) []types.UpdateProvisioningParameter {
	var out []types.UpdateProvisioningParameter
	for _, p := range in {
		out = append(out, types.UpdateProvisioningParameter{Key: p.Key, Value: p.Value})
	}
	return out
}

// TestVend_InvitedOnce: a new SSO user gets one invitation, at whichever step the first try failed; none for another account.
func TestVend_InvitedOnce(t *testing.T) {
	t.Parallel()
	for _, step := range []string{"baseline", "sso-user", "assign", "finish"} {
		t.Run(step, func(t *testing.T) {
			t.Parallel()
			f := setup(t)
			fault := map[string]any{"kind": "fail", "service": "controltower", "step": step, "count": 1}
			if err := f.lab.Do(t.Context(), "POST", "/_twin/faults", fault, nil); err != nil {
				t.Fatal(err)
			}
			out, err := f.launch(t, "half", nil)
			if err != nil {
				t.Fatal(err)
			}
			if rec := f.ended(t, out.RecordDetail.RecordId); rec.RecordDetail.Status != types.RecordStatusFailed {
				t.Fatalf("with a fault armed: %s", rec.RecordDetail.Status)
			}
			update, err := f.Catalog.UpdateProvisionedProduct(t.Context(), &servicecatalog.UpdateProvisionedProductInput{
				ProvisionedProductId: out.RecordDetail.ProvisionedProductId, ProductId: out.RecordDetail.ProductId, ProvisioningArtifactId: out.RecordDetail.ProvisioningArtifactId,
				ProvisioningParameters: updates(f.parameters(t, "half", nil)), UpdateToken: aws.String("again"),
			})
			if err != nil {
				t.Fatal(err)
			}
			if rec := f.ended(t, update.RecordDetail.RecordId); rec.RecordDetail.Status != types.RecordStatusSucceeded {
				t.Fatalf("the update: %+v", rec.RecordDetail.RecordErrors)
			}
			f.vend(t, "other", nil)
			if n := f.mails(t, "owner@example.com"); n != 1 {
				t.Errorf("%d invitations, want 1", n)
			}
		})
	}
}

// mails counts what the outbox has for an address.
func (f *fixture) mails(t *testing.T, to string) (n int) {
	t.Helper()
	var got struct{ Mails []struct{ To string } }
	if err := f.lab.Do(t.Context(), "GET", "/_twin/outbox", nil, &got); err != nil {
		t.Fatal(err)
	}
	for _, m := range got.Mails {
		if m.To == to {
			n++
		}
	}
	return n
}
