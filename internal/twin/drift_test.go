package twin_test

import (
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/controltower"
	cttypes "github.com/aws/aws-sdk-go-v2/service/controltower/types"
	"github.com/aws/aws-sdk-go-v2/service/iam"
	"github.com/aws/aws-sdk-go-v2/service/organizations"
)

// driftEvents gives the types of drift that were reported.
func (f *fixture) driftEvents(t *testing.T) (out []string) {
	t.Helper()
	var got struct {
		Events []struct {
			DetailType string `json:"detail-type"`
			Detail     struct{ DriftType, RemediationStep, ManagementAccountID, OrganizationID string }
		}
	}
	if err := f.lab.Do(t.Context(), "GET", "/_twin/events", nil, &got); err != nil {
		t.Fatal(err)
	}
	for _, e := range got.Events {
		if e.DetailType == "Drift Detected" {
			if e.Detail.RemediationStep == "" || e.Detail.ManagementAccountID != account || e.Detail.OrganizationID == "" {
				t.Errorf("incomplete: %+v", e)
			}
			out = append(out, e.Detail.DriftType)
		}
	}
	return out
}

// guardrail gives the policy that Control Tower keeps on an OU.
func (f *fixture) guardrail(t *testing.T, ou string) string {
	t.Helper()
	out, err := f.Organizations.ListPoliciesForTarget(t.Context(), &organizations.ListPoliciesForTargetInput{TargetId: f.findOU(t, ou).Id, Filter: "SERVICE_CONTROL_POLICY"})
	if err != nil {
		t.Fatal(err)
	}
	for _, p := range out.Policies {
		if strings.HasPrefix(aws.ToString(p.Name), "aws-guardrails-") {
			return aws.ToString(p.Id)
		}
	}
	t.Fatalf("no guardrail on %s", ou)
	return ""
}

// TestDrift: each type is seen, reported once, shown by the landing zone and repaired by its reset.
func TestDrift(t *testing.T) {
	t.Parallel()
	const allow = `{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"*","Resource":"*"}]}`
	for _, tc := range []struct {
		kind  string
		drift func(t *testing.T, f *fixture) error
	}{
		{"SCP_UPDATED", func(t *testing.T, f *fixture) error {
			_, err := f.Organizations.UpdatePolicy(t.Context(), &organizations.UpdatePolicyInput{PolicyId: aws.String(f.guardrail(t, "Sandbox")), Content: aws.String(allow)})
			return err
		}},
		{"SCP_DETACHED_FROM_OU", func(t *testing.T, f *fixture) error {
			_, err := f.Organizations.DetachPolicy(t.Context(), &organizations.DetachPolicyInput{PolicyId: aws.String(f.guardrail(t, "Sandbox")), TargetId: f.findOU(t, "Sandbox").Id})
			return err
		}},
		{"SCP_ATTACHED_TO_OU", func(t *testing.T, f *fixture) error {
			_, err := f.Organizations.AttachPolicy(t.Context(), &organizations.AttachPolicyInput{PolicyId: aws.String(f.guardrail(t, "Sandbox")), TargetId: f.findOU(t, "Security").Id})
			return err
		}},
		{"SCP_ATTACHED_TO_ACCOUNT", func(t *testing.T, f *fixture) error {
			_, err := f.Organizations.AttachPolicy(t.Context(), &organizations.AttachPolicyInput{PolicyId: aws.String(f.guardrail(t, "Sandbox")), TargetId: aws.String(f.shared("Audit"))})
			return err
		}},
		{"ORGANIZATIONAL_UNIT_DELETED", func(t *testing.T, f *fixture) error {
			_, err := f.Organizations.DeleteOrganizationalUnit(t.Context(), &organizations.DeleteOrganizationalUnitInput{OrganizationalUnitId: f.findOU(t, "Sandbox").Id})
			return err
		}},
		{"TRUSTED_ACCESS_DISABLED", func(t *testing.T, f *fixture) error {
			_, err := f.Organizations.DisableAWSServiceAccess(t.Context(), &organizations.DisableAWSServiceAccessInput{ServicePrincipal: aws.String("controltower.amazonaws.com")})
			return err
		}},
	} {
		t.Run(tc.kind, func(t *testing.T) {
			t.Parallel()
			f := setup(t)
			for round := 1; round <= 2; round++ { // repaired it can drift, and is reported, anew
				if err := tc.drift(t, f); err != nil {
					t.Fatal(err)
				}
				f.wantDrift(t, tc.kind)
				f.wantZone(t, "DRIFTED")
				if got := f.driftEvents(t); len(got) != round || got[0] != tc.kind {
					t.Errorf("round %d: reported %v", round, got)
				}
				f.resetZone(t)
				f.wantDrift(t)
				f.wantZone(t, "IN_SYNC")
				f.guardrail(t, "Sandbox")
			}
		})
	}
}

// TestDrift_Inheritance: an account moved between registered OUs, or into one, has drifted from its OU's baseline, which
// registering the OU again repairs.
func TestDrift_Inheritance(t *testing.T) {
	t.Parallel()
	f := setup(t)
	f.makeOU(t, "Team")
	f.register(t, "Team")
	member, _ := f.vend(t, "one", nil)
	stranger := f.member(t, "mine", "OrganizationAccountAccessRole")
	f.move(t, member, aws.ToString(f.findOU(t, "Team").Id))
	f.move(t, stranger, aws.ToString(f.findOU(t, "Team").Id))
	drifted := func(b cttypes.EnabledBaselineSummary) cttypes.EnabledBaselineDriftStatus {
		return b.DriftStatusSummary.Types.Inheritance.Status
	}
	if drifted(f.enabledOn(t, "Team")) != "DRIFTED" || drifted(f.enabledOn(t, "Sandbox")) != "IN_SYNC" || drifted(*f.child(t, member)) != "DRIFTED" {
		t.Errorf("Team %s, Sandbox %s, account %s", drifted(f.enabledOn(t, "Team")), drifted(f.enabledOn(t, "Sandbox")), drifted(*f.child(t, member)))
	}
	f.wantDrift(t, "ACCOUNT_MOVED_BETWEEN_OUS")
	f.wantZone(t, "IN_SYNC") // accounts are repaired on their own
	out, err := f.ControlTower.ResetEnabledBaseline(t.Context(), &controltower.ResetEnabledBaselineInput{EnabledBaselineIdentifier: f.enabledOn(t, "Team").Arn})
	if err != nil {
		t.Fatal(err)
	}
	f.baselineEnds(t, out.OperationIdentifier, "SUCCEEDED")
	f.wantDrift(t)
	for _, id := range []string{member, stranger} {
		if b := f.child(t, id); b == nil || drifted(*b) != "IN_SYNC" || aws.ToString(b.ParentIdentifier) != aws.ToString(f.enabledOn(t, "Team").Arn) {
			t.Errorf("account %s: %+v", id, b)
		}
	}
	if drifted(f.enabledOn(t, "Team")) != "IN_SYNC" {
		t.Error("the OU is still in drift")
	}
	if got := f.productOf(t, stranger); got != "Enroll-Account-"+stranger {
		t.Errorf("product %q", got)
	}
}

// TestDrift_Control: what the twin has no cause for the lab says, and a reset of the control repairs.
func TestDrift_Control(t *testing.T) {
	t.Parallel()
	for condition, kind := range map[string]string{"security-hub-control-disabled": "SECURITY_HUB_CONTROL_DISABLED", "control-ineffective": "CONTROL_INEFFECTIVE"} {
		t.Run(kind, func(t *testing.T) {
			t.Parallel()
			f := setup(t)
			enabled := f.enableControl(t, "AWS-GR_ENCRYPTED_VOLUMES", "Sandbox", nil)
			f.controlEnds(t, enabled.OperationIdentifier, "SUCCEEDED")
			f.set(t, condition, "value", aws.ToString(enabled.Arn))
			f.wantDrift(t, kind)
			f.wantControlDrift(t, enabled.Arn, cttypes.DriftStatusDrifted)
			out, err := f.ControlTower.ResetEnabledControl(t.Context(), &controltower.ResetEnabledControlInput{EnabledControlIdentifier: enabled.Arn})
			if err != nil {
				t.Fatal(err)
			}
			f.controlEnds(t, out.OperationIdentifier, "SUCCEEDED")
			f.wantDrift(t)
			f.wantControlDrift(t, enabled.Arn, cttypes.DriftStatusNotChecking)
		})
	}
}

func (f *fixture) wantControlDrift(t *testing.T, arn *string, want cttypes.DriftStatus) {
	t.Helper()
	out, err := f.ControlTower.GetEnabledControl(t.Context(), &controltower.GetEnabledControlInput{EnabledControlIdentifier: arn})
	if err != nil {
		t.Fatal(err)
	}
	if got := out.EnabledControlDetails.DriftStatusSummary.DriftStatus; got != want {
		t.Errorf("the control is %s, want %s", got, want)
	}
}

// TestDrift_Role: without a role of Control Tower's the landing zone is in drift.
func TestDrift_Role(t *testing.T) {
	t.Parallel()
	for _, role := range []string{"AWSControlTowerAdmin", "AWSControlTowerCloudTrailRole", "AWSControlTowerStackSetRole"} {
		t.Run(role, func(t *testing.T) {
			t.Parallel()
			f := setup(t)
			if _, err := f.IAM.DeleteRole(t.Context(), &iam.DeleteRoleInput{RoleName: aws.String(role)}); err != nil {
				t.Fatal(err)
			}
			f.wantZone(t, "DRIFTED")
			f.resetZone(t)
			f.wantZone(t, "IN_SYNC")
			if _, err := f.IAM.GetRole(t.Context(), &iam.GetRoleInput{RoleName: aws.String(role)}); err != nil {
				t.Error(err)
			}
		})
	}
}
