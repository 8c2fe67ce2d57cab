package twin_test

import (
	"slices"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/controltower"
	cttypes "github.com/aws/aws-sdk-go-v2/service/controltower/types"
	"github.com/aws/aws-sdk-go-v2/service/iam"
	"github.com/aws/aws-sdk-go-v2/service/servicecatalog"

	"accountfactory/internal/twin"
)

// child gives the account's part of its OU's baseline, nil for none.
func (f *fixture) child(t *testing.T, accountID string) *cttypes.EnabledBaselineSummary {
	t.Helper()
	in := &controltower.ListEnabledBaselinesInput{IncludeChildren: true}
	for {
		out, err := f.ControlTower.ListEnabledBaselines(t.Context(), in)
		if err != nil {
			t.Fatal(err)
		}
		for _, b := range out.EnabledBaselines {
			if b.ParentIdentifier != nil && aws.ToString(b.TargetIdentifier)[len(aws.ToString(b.TargetIdentifier))-12:] == accountID {
				return &b
			}
		}
		if in.NextToken = out.NextToken; in.NextToken == nil {
			return nil
		}
	}
}

func (f *fixture) hasExecutionRole(t *testing.T, accountID string) bool {
	t.Helper()
	_, err := f.in(t, accountID, "OrganizationAccountAccessRole").IAM.GetRole(t.Context(), &iam.GetRoleInput{RoleName: aws.String("AWSControlTowerExecution")})
	return err == nil
}

// TestLifecycle walks one account through its life: enrolled, moved, given another SSO user, unmanaged, closed.
func TestLifecycle(t *testing.T) {
	t.Parallel()
	for _, profile := range []string{"classic", "current"} {
		t.Run(profile, func(t *testing.T) {
			t.Parallel()
			f := setup(t, func(c *twin.Config) { c.Profile = profile })
			f.makeOU(t, "Team")
			f.register(t, "Team")
			member := f.member(t, "mine", "OrganizationAccountAccessRole")
			f.executionRole(t, member, "OrganizationAccountAccessRole")
			mine := map[string]string{"AccountEmail": "mine@example.com"}

			got, id := f.vend(t, "enroll", mine)
			if got != member {
				t.Fatalf("enrolled %s, want %s", got, member)
			}
			f.wantEvent(t, "UpdateManagedAccount SUCCEEDED "+member)
			if b := f.child(t, member); b == nil || b.StatusSummary.Status != cttypes.EnablementStatusSucceeded || aws.ToString(b.ParentIdentifier) != aws.ToString(f.enabledOn(t, "Sandbox").Arn) {
				t.Errorf("its baseline: %+v", b)
			}

			mine["ManagedOrganizationalUnit"] = f.ou(t, "Team")
			f.updates(t, id, "enroll", mine)
			if got := f.parent(t, member); got != aws.ToString(f.findOU(t, "Team").Id) {
				t.Errorf("after the update it is in %s", got)
			}
			f.wantDrift(t)
			if b := f.child(t, member); aws.ToString(b.ParentIdentifier) != aws.ToString(f.enabledOn(t, "Team").Arn) {
				t.Errorf("its baseline is a child of %s", aws.ToString(b.ParentIdentifier))
			}

			mine["SSOUserEmail"] = "second@example.com"
			f.updates(t, id, "enroll", mine)
			if n := f.assignments(t, member)["USER AWSAdministratorAccess"]; n != 2 {
				t.Errorf("%d users have access, want the old one too", n)
			}

			f.terminate(t, aws.String(id))
			if got, want := f.parent(t, member), aws.ToString(f.root(t)); got != want {
				t.Errorf("unmanaged it is in %s", got)
			}
			if f.child(t, member) != nil {
				t.Error("unmanaged it has a baseline")
			}
			if n := f.assignments(t, member)["USER AWSAdministratorAccess"]; n != 2 {
				t.Errorf("unmanaged %d users have access", n)
			}
			if got, want := f.hasExecutionRole(t, member), profile == "classic"; got != want {
				t.Errorf("unmanaged it has the execution role: %t, want %t", got, want)
			}
			_, err := f.Catalog.TerminateProvisionedProduct(t.Context(), &servicecatalog.TerminateProvisionedProductInput{ProvisionedProductId: aws.String(id)})
			wantAPI(t, err, "ResourceNotFoundException", id)
			f.close(t, member)
		})
	}
}

// TestLifecycle_ClosedWhileEnrolled: it stays enrolled, blocks to register its OU again and to update the landing zone, and
// its product can be terminated.
func TestLifecycle_ClosedWhileEnrolled(t *testing.T) {
	t.Parallel()
	f := setup(t)
	member, id := f.vend(t, "one", nil)
	f.close(t, member)
	if f.child(t, member) == nil {
		t.Error("closed it has no baseline")
	}
	out, err := f.ControlTower.ResetEnabledBaseline(t.Context(), &controltower.ResetEnabledBaselineInput{EnabledBaselineIdentifier: f.enabledOn(t, "Sandbox").Arn})
	if err != nil {
		t.Fatal(err)
	}
	const checks = "AWS Control Tower failed the pre-checks of the organizational unit: "
	if got := f.baselineEnds(t, out.OperationIdentifier, "FAILED"); got != checks+member+" FAILED_TO_ASSUME_ROLE." {
		t.Errorf("message %q", got)
	}
	if !slices.Contains(f.events(t), "PrecheckOrganizationalUnit FAILED") {
		t.Errorf("events %v", f.events(t))
	}
	up, err := f.ControlTower.UpdateLandingZone(t.Context(), &controltower.UpdateLandingZoneInput{
		LandingZoneIdentifier: f.zone(t).LandingZone.Arn, Version: aws.String("3.3"), Manifest: f.zone(t).LandingZone.Manifest,
	})
	if err != nil {
		t.Fatal(err)
	}
	f.zoneEnds(t, up.OperationIdentifier, "FAILED")
	f.terminate(t, aws.String(id))
	out, err = f.ControlTower.ResetEnabledBaseline(t.Context(), &controltower.ResetEnabledBaselineInput{EnabledBaselineIdentifier: f.enabledOn(t, "Sandbox").Arn})
	if err != nil {
		t.Fatal(err)
	}
	f.baselineEnds(t, out.OperationIdentifier, "SUCCEEDED")
	f.later(t, "2200h")
	f.settle(t)
}

// TestAutoEnroll: with inheritance drift remedied, moving an account is all it takes, both ways.
func TestAutoEnroll(t *testing.T) {
	t.Parallel()
	f := setup(t)
	f.updateZone(t, "3.3", f.manifest33(t), []cttypes.RemediationType{cttypes.RemediationTypeInheritanceDrift})
	f.makeOU(t, "Loose")
	member := f.member(t, "mine", "OrganizationAccountAccessRole")
	f.move(t, member, aws.ToString(f.findOU(t, "Sandbox").Id))
	f.await(t, func() bool {
		b := f.child(t, member)
		return b != nil && b.StatusSummary.Status == cttypes.EnablementStatusSucceeded
	})
	if want := "Enroll-Account-" + member; f.productOf(t, member) != want {
		t.Errorf("its product is %q, want %q", f.productOf(t, member), want)
	}
	f.move(t, member, aws.ToString(f.findOU(t, "Loose").Id))
	f.await(t, func() bool { return f.child(t, member) == nil })
	if p := f.productOf(t, member); p != "" {
		t.Errorf("let go it has the product %q", p)
	}
	f.wantDrift(t)
	if got := f.parent(t, member); got != aws.ToString(f.findOU(t, "Loose").Id) {
		t.Errorf("let go it is in %s", got)
	}
}

// productOf gives the name of the provisioned product of an account, "" for none.
func (f *fixture) productOf(t *testing.T, accountID string) string {
	t.Helper()
	out, err := f.Catalog.SearchProvisionedProducts(t.Context(), &servicecatalog.SearchProvisionedProductsInput{Filters: map[string][]string{"SearchQuery": {"physicalId:" + accountID}}})
	if err != nil {
		t.Fatal(err)
	}
	if len(out.ProvisionedProducts) == 0 {
		return ""
	}
	return aws.ToString(out.ProvisionedProducts[0].Name)
}

// TestSettings: Account Factory's own settings decide which OUs are offered, and whether a VPC can be in the way.
func TestSettings(t *testing.T) {
	t.Parallel()
	f := setup(t)
	put := func(body map[string]any) error {
		return f.lab.Do(t.Context(), "PUT", "/_twin/admin/account-factory", body, nil)
	}
	network := map[string]any{"privateSubnets": 0, "cidr": "10.1.0.0/16", "availabilityZones": 3}
	security := aws.ToString(f.findOU(t, "Security").Id)
	if err := put(map[string]any{"organizationalUnits": []string{security}, "network": network}); err != nil {
		t.Fatal(err)
	}
	sandbox := f.ou(t, "Sandbox")
	id := f.fails(t, "one", nil, "InvalidParametersException", "The parent organizational unit '"+sandbox+"' is not enrolled in AWS Control Tower.")
	if err := put(map[string]any{"network": network}); err != nil {
		t.Fatal(err)
	}
	f.set(t, "default-vpc")
	f.updates(t, id, "one", nil)
	for _, bad := range []map[string]any{
		{"network": map[string]any{"cidr": "8.8.0.0/16", "availabilityZones": 3}},
		{"network": map[string]any{"cidr": "10.0.0.0/8", "availabilityZones": 3}},
		{"network": map[string]any{"cidr": "10.1.0.0/16", "availabilityZones": 4}},
		{"network": map[string]any{"cidr": "10.1.0.0/16", "availabilityZones": 3, "regions": []string{"us-west-1"}}},
		{"network": network, "organizationalUnits": []string{"ou-none-12345678"}},
	} {
		if err := put(bad); err == nil {
			t.Errorf("%v was taken", bad)
		}
	}
}
