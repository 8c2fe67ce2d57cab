package twin_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/controltower"
	"github.com/aws/aws-sdk-go-v2/service/controltower/document"
	cttypes "github.com/aws/aws-sdk-go-v2/service/controltower/types"
	"github.com/aws/aws-sdk-go-v2/service/iam"
	"github.com/aws/aws-sdk-go-v2/service/organizations"
	"github.com/google/go-cmp/cmp"

	"accountfactory/test/harness"
)

// TestOU registers an OU with accounts in it, and unregisters it.
func TestOU(t *testing.T) {
	t.Parallel()
	f := setup(t)
	team := f.makeOU(t, "Team")
	var members []string
	for _, name := range []string{"a-one", "a-two"} {
		id := f.member(t, name, "OrganizationAccountAccessRole")
		f.move(t, id, team)
		members = append(members, id)
	}
	f.register(t, "Team")
	f.wantEvent(t, "RegisterOrganizationalUnit SUCCEEDED")
	for _, id := range members {
		if b := f.child(t, id); b == nil || b.StatusSummary.Status != "SUCCEEDED" {
			t.Errorf("%s: baseline %+v", id, b)
		}
		if got := f.productOf(t, id); got != "Enroll-Account-"+id {
			t.Errorf("%s: product %q", id, got)
		}
		if !f.hasExecutionRole(t, id) {
			t.Errorf("%s has no execution role", id)
		}
		if diff := cmp.Diff(map[string]int{"GROUP AWSOrganizationsFullAccess": 1, "GROUP AWSPowerUserAccess": 1, "GROUP AWSReadOnlyAccess": 1}, f.assignments(t, id)); diff != "" {
			t.Errorf("%s: assignments (-want +got):\n%s", id, diff)
		}
	}
	f.guardrail(t, "Team")
	f.vend(t, "three", map[string]string{"ManagedOrganizationalUnit": f.ou(t, "Team")})

	out, err := f.ControlTower.DisableBaseline(t.Context(), &controltower.DisableBaselineInput{EnabledBaselineIdentifier: f.enabledOn(t, "Team").Arn})
	if err != nil {
		t.Fatal(err)
	}
	f.baselineEnds(t, out.OperationIdentifier, "SUCCEEDED")
	f.wantEvent(t, "DeregisterOrganizationalUnit SUCCEEDED")
	for _, id := range members {
		if f.child(t, id) != nil || f.productOf(t, id) != "" || f.parent(t, id) != team {
			t.Errorf("%s: baseline %v, product %q, in %s", id, f.child(t, id), f.productOf(t, id), f.parent(t, id))
		}
	}
	policies, err := f.Organizations.ListPoliciesForTarget(t.Context(), &organizations.ListPoliciesForTargetInput{TargetId: aws.String(team), Filter: "SERVICE_CONTROL_POLICY"})
	if err != nil || len(policies.Policies) != 1 {
		t.Errorf("policies left %v, %v", policies, err)
	}
	f.wantDrift(t)
}

// TestOU_Refused is what AWS refuses at once.
func TestOU_Refused(t *testing.T) {
	t.Parallel()
	f := setup(t)
	team := f.makeOU(t, "Team")
	nested, err := f.Organizations.CreateOrganizationalUnit(t.Context(), &organizations.CreateOrganizationalUnitInput{ParentId: aws.String(team), Name: aws.String("Nested")})
	if err != nil {
		t.Fatal(err)
	}
	enable := func(change func(*controltower.EnableBaselineInput)) error {
		in := &controltower.EnableBaselineInput{BaselineIdentifier: aws.String(baselineID), BaselineVersion: aws.String("4.0"), TargetIdentifier: f.findOU(t, "Team").Arn, Parameters: f.identity(t)}
		change(in)
		_, err := f.ControlTower.EnableBaseline(t.Context(), in)
		return err
	}
	id := func(id string) *string { return aws.String("arn:aws:controltower:" + region + "::baseline/" + id) }
	wantAPI(t, enable(func(in *controltower.EnableBaselineInput) { in.BaselineIdentifier = id("NOSUCHBASELINE00") }), "ResourceNotFoundException", "NOSUCHBASELINE00")
	wantAPI(t, enable(func(in *controltower.EnableBaselineInput) { in.BaselineIdentifier = id("J8HX46AHS5MIKQPD") }), "ValidationException", "LogArchiveBaseline")
	wantAPI(t, enable(func(in *controltower.EnableBaselineInput) {
		in.BaselineIdentifier, in.BaselineVersion = id("APO9ATVPBKFRRGLK"), aws.String("1.0")
	}), "ValidationException", "backup is not enabled")
	wantAPI(t, enable(func(in *controltower.EnableBaselineInput) { in.BaselineVersion = aws.String("5.0") }), "ValidationException", "not compatible")
	wantAPI(t, enable(func(in *controltower.EnableBaselineInput) {
		in.TargetIdentifier = aws.String(*in.TargetIdentifier + "x")
	}), "ResourceNotFoundException", "organizational unit")
	wantAPI(t, enable(func(in *controltower.EnableBaselineInput) { in.TargetIdentifier = nested.OrganizationalUnit.Arn }), "ValidationException", "parent")
	wantAPI(t, enable(func(in *controltower.EnableBaselineInput) { in.TargetIdentifier = f.findOU(t, "Security").Arn }), "ValidationException", "The baseline 'AWSControlTowerBaseline' cannot be enabled on the Security OU")
	wantAPI(t, enable(func(in *controltower.EnableBaselineInput) { in.TargetIdentifier = f.findOU(t, "Sandbox").Arn }), "ConflictException", "This baseline is already enabled on this target")
	wantAPI(t, enable(func(in *controltower.EnableBaselineInput) { in.Parameters = nil }), "ValidationException", "Parameter IdentityCenterEnabledBaselineArn is required.")
	wantAPI(t, enable(func(in *controltower.EnableBaselineInput) {
		in.Parameters[0].Value = document.NewLazyDocument("arn:aws:controltower:x")
	}), "ValidationException", "must be arn:")

	f.register(t, "Team")
	out, err := f.ControlTower.EnableBaseline(t.Context(), &controltower.EnableBaselineInput{BaselineIdentifier: aws.String(baselineID), BaselineVersion: aws.String("4.0"), TargetIdentifier: nested.OrganizationalUnit.Arn, Parameters: f.identity(t)})
	if err != nil {
		t.Fatal(err)
	}
	f.baselineEnds(t, out.OperationIdentifier, "SUCCEEDED")
	_, err = f.ControlTower.DisableBaseline(t.Context(), &controltower.DisableBaselineInput{EnabledBaselineIdentifier: f.enabledOn(t, "Team").Arn})
	wantAPI(t, err, "ConflictException", "Can't perform DisableBaseline on a parent target with governed child OUs")
	_, err = f.ControlTower.DisableBaseline(t.Context(), &controltower.DisableBaselineInput{EnabledBaselineIdentifier: f.enabledOn(t, "Security").Arn})
	wantAPI(t, err, "ValidationException", "Security OU")
	member, _ := f.vend(t, "one", nil)
	_, err = f.ControlTower.ResetEnabledBaseline(t.Context(), &controltower.ResetEnabledBaselineInput{EnabledBaselineIdentifier: f.child(t, member).Arn})
	wantAPI(t, err, "ValidationException", "of an account cannot be changed")
}

// TestOU_Prechecks: what the pre-checks find is in the event and the operation's message, and nothing is begun.
func TestOU_Prechecks(t *testing.T) {
	t.Parallel()
	f := setup(t)
	team := f.makeOU(t, "Team")
	member := f.member(t, "mine", "OrganizationAccountAccessRole")
	f.move(t, member, team)
	f.set(t, "config-recorder", "account", member)
	for range 10 {
		p, err := f.Organizations.CreatePolicy(t.Context(), &organizations.CreatePolicyInput{
			Name: aws.String("p" + string(rune('0'+len(f.policies(t))))), Description: aws.String(""), Type: "SERVICE_CONTROL_POLICY",
			Content: aws.String(`{"Version":"2012-10-17","Statement":[{"Effect":"Deny","Action":"xray:*","Resource":"*"}]}`),
		})
		if err != nil {
			t.Fatal(err)
		}
		if _, err := f.Organizations.AttachPolicy(t.Context(), &organizations.AttachPolicyInput{PolicyId: p.Policy.PolicySummary.Id, TargetId: aws.String(team)}); err != nil {
			break // the OU is full
		}
	}
	out, err := f.beginRegister(t, "Team")
	if err != nil {
		t.Fatal(err)
	}
	want := "AWS Control Tower failed the pre-checks of the organizational unit: SCP_CONFLICT; " + member + " CONFIG_RECORDER_CHECK."
	if got := f.baselineEnds(t, out.OperationIdentifier, "FAILED"); got != want {
		t.Errorf("message %q", got)
	}
	if events := f.events(t); !slices.Contains(events, "PrecheckOrganizationalUnit FAILED") || events[len(events)-1] != "RegisterOrganizationalUnit FAILED" {
		t.Errorf("events %v", events)
	}
	if f.child(t, member) != nil {
		t.Error("the account was begun")
	}
	wantVendor := f.user(t, "stranger")
	if _, err := wantVendor.ControlTower.ListBaselines(t.Context(), &controltower.ListBaselinesInput{}); err == nil {
		t.Error("somebody without permission may list baselines")
	}
}

func (f *fixture) policies(t *testing.T) []string {
	t.Helper()
	out, err := f.Organizations.ListPolicies(t.Context(), &organizations.ListPoliciesInput{Filter: "SERVICE_CONTROL_POLICY"})
	if err != nil {
		t.Fatal(err)
	}
	var names []string
	for _, p := range out.Policies {
		names = append(names, aws.ToString(p.Name))
	}
	return names
}

// TestControls enables, updates and disables a control that policy evaluation enforces.
func TestControls(t *testing.T) {
	t.Parallel()
	f := setup(t)
	deny := cttypes.EnabledControlParameter{Key: aws.String("AllowedRegions"), Value: document.NewLazyDocument([]string{"us-east-1"})}
	enabled := f.enableControl(t, "TKFQGXOBPOPS", "Sandbox", []cttypes.EnabledControlParameter{deny})
	f.controlEnds(t, enabled.OperationIdentifier, "SUCCEEDED")
	f.wantEvent(t, "EnableGuardrail SUCCEEDED")
	got, err := f.ControlTower.GetEnabledControl(t.Context(), &controltower.GetEnabledControlInput{EnabledControlIdentifier: enabled.Arn})
	if err != nil {
		t.Fatal(err)
	}
	var regions []string
	if d := got.EnabledControlDetails; len(d.Parameters) != 1 || d.Parameters[0].Value.UnmarshalSmithyDocument(&regions) != nil || !slices.Equal(regions, []string{"us-east-1"}) || d.StatusSummary.Status != "SUCCEEDED" {
		t.Errorf("details %+v, regions %v", d, regions)
	}
	_, err = f.ControlTower.EnableControl(t.Context(), &controltower.EnableControlInput{ControlIdentifier: controlARN("TKFQGXOBPOPS"), TargetIdentifier: f.findOU(t, "Sandbox").Arn, Parameters: []cttypes.EnabledControlParameter{deny}})
	wantAPI(t, err, "ConflictException", "already enabled")
	_, err = f.ControlTower.UpdateEnabledControl(t.Context(), &controltower.UpdateEnabledControlInput{EnabledControlIdentifier: enabled.Arn, Parameters: []cttypes.EnabledControlParameter{deny}})
	wantAPI(t, err, "ValidationException", "those that it has")
	_, err = f.ControlTower.ResetEnabledControl(t.Context(), &controltower.ResetEnabledControlInput{EnabledControlIdentifier: enabled.Arn})
	wantAPI(t, err, "ValidationException", "service control policy")
	up, err := f.ControlTower.UpdateEnabledControl(t.Context(), &controltower.UpdateEnabledControlInput{EnabledControlIdentifier: enabled.Arn, Parameters: []cttypes.EnabledControlParameter{{Key: aws.String("AllowedRegions"), Value: document.NewLazyDocument([]string{region})}}})
	if err != nil {
		t.Fatal(err)
	}
	f.controlEnds(t, up.OperationIdentifier, "SUCCEEDED")
	off, err := f.ControlTower.DisableControl(t.Context(), &controltower.DisableControlInput{ControlIdentifier: controlARN("TKFQGXOBPOPS"), TargetIdentifier: f.findOU(t, "Sandbox").Arn})
	if err != nil {
		t.Fatal(err)
	}
	f.controlEnds(t, off.OperationIdentifier, "SUCCEEDED")
	f.wantEvent(t, "DisableGuardrail SUCCEEDED")
	list, err := f.ControlTower.ListEnabledControls(t.Context(), &controltower.ListEnabledControlsInput{TargetIdentifier: f.findOU(t, "Sandbox").Arn})
	if err != nil || slices.ContainsFunc(list.EnabledControls, func(c cttypes.EnabledControlSummary) bool { return aws.ToString(c.Arn) == aws.ToString(enabled.Arn) }) {
		t.Errorf("still enabled: %v", err)
	}
	ops, err := f.ControlTower.ListControlOperations(t.Context(), &controltower.ListControlOperationsInput{Filter: &cttypes.ControlOperationFilter{EnabledControlIdentifiers: []string{aws.ToString(enabled.Arn)}}})
	if err != nil || len(ops.ControlOperations) != 3 {
		t.Errorf("operations %v, %v", ops, err)
	}
}

// TestControls_Mandatory: an OU's mandatory controls show as enabled along with it, and cannot be taken away by themselves.
func TestControls_Mandatory(t *testing.T) {
	t.Parallel()
	f := setup(t)
	f.makeOU(t, "Team")
	f.register(t, "Team")
	for ou, want := range map[string]int{"Security": 23, "Sandbox": 15, "Team": 15} {
		list := check[*controltower.ListEnabledControlsOutput](t)(f.ControlTower.ListEnabledControls(t.Context(), &controltower.ListEnabledControlsInput{TargetIdentifier: f.findOU(t, ou).Arn}))
		if len(list.EnabledControls) != want {
			t.Errorf("%s has %d, want %d", ou, len(list.EnabledControls), want)
		}
		for _, c := range list.EnabledControls {
			if c.StatusSummary.Status != "SUCCEEDED" || c.StatusSummary.LastOperationIdentifier != nil || !strings.Contains(aws.ToString(c.ControlIdentifier), "::control/AWS-GR_") {
				t.Errorf("%s: %s %s", ou, aws.ToString(c.ControlIdentifier), c.StatusSummary.Status)
			}
			_, err := f.ControlTower.DisableControl(t.Context(), &controltower.DisableControlInput{EnabledControlIdentifier: c.Arn})
			wantAPI(t, err, "ValidationException", "mandatory")
		}
	}
	off := check[*controltower.DisableBaselineOutput](t)(f.ControlTower.DisableBaseline(t.Context(), &controltower.DisableBaselineInput{EnabledBaselineIdentifier: f.enabledOn(t, "Team").Arn}))
	f.baselineEnds(t, off.OperationIdentifier, "SUCCEEDED")
	all := check[*controltower.ListEnabledControlsOutput](t)(f.ControlTower.ListEnabledControls(t.Context(), &controltower.ListEnabledControlsInput{}))
	if len(all.EnabledControls) != 23+15 {
		t.Errorf("%d after the OU was taken out", len(all.EnabledControls))
	}
}

// TestControls_MandatoryDrift: what is done to the policy of the mandatory controls shows on each of them.
func TestControls_MandatoryDrift(t *testing.T) {
	t.Parallel()
	f := setup(t)
	drifted := func() (n int) {
		list := check[*controltower.ListEnabledControlsOutput](t)(f.ControlTower.ListEnabledControls(t.Context(), &controltower.ListEnabledControlsInput{
			TargetIdentifier: f.findOU(t, "Sandbox").Arn, Filter: &cttypes.EnabledControlFilter{DriftStatuses: []cttypes.DriftStatus{cttypes.DriftStatusDrifted}},
		}))
		return len(list.EnabledControls)
	}
	if n := drifted(); n != 0 {
		t.Errorf("%d drifted", n)
	}
	check[*organizations.DetachPolicyOutput](t)(f.Organizations.DetachPolicy(t.Context(), &organizations.DetachPolicyInput{PolicyId: aws.String(f.guardrail(t, "Sandbox")), TargetId: f.findOU(t, "Sandbox").Id}))
	if n := drifted(); n != 15 {
		t.Errorf("%d drifted, want 15", n)
	}
	f.resetZone(t)
	if n := drifted(); n != 0 {
		t.Errorf("%d drifted after the reset", n)
	}
}

// TestControls_Enforced: a guardrail's policy denies in the accounts of its OU, but for Control Tower's own role.
func TestControls_Enforced(t *testing.T) {
	t.Parallel()
	f := setup(t)
	member := f.member(t, "mine", "OrganizationAccountAccessRole")
	f.move(t, member, aws.ToString(f.findOU(t, "Sandbox").Id))
	out, err := f.ControlTower.ResetEnabledBaseline(t.Context(), &controltower.ResetEnabledBaselineInput{EnabledBaselineIdentifier: f.enabledOn(t, "Sandbox").Arn})
	if err != nil {
		t.Fatal(err)
	}
	f.baselineEnds(t, out.OperationIdentifier, "SUCCEEDED")
	deleteRole := func(role string) error {
		return f.deleteRole(t, f.in(t, member, role), "aws-controltower-ConfigRecorderRole")
	}
	wantAPI(t, deleteRole("OrganizationAccountAccessRole"), "AccessDenied", "service control policy")
	if err := deleteRole("AWSControlTowerExecution"); err != nil {
		t.Errorf("Control Tower's own role: %v", err)
	}
}

// TestControls_Refused is what AWS refuses at once.
func TestControls_Refused(t *testing.T) {
	t.Parallel()
	f := setup(t)
	f.makeOU(t, "Team")
	enable := func(name, ou string, parameters ...cttypes.EnabledControlParameter) error {
		_, err := f.ControlTower.EnableControl(t.Context(), &controltower.EnableControlInput{ControlIdentifier: controlARN(name), TargetIdentifier: f.findOU(t, ou).Arn, Parameters: parameters})
		return err
	}
	wantAPI(t, enable("AWS-GR_NO_SUCH_CONTROL", "Sandbox"), "ResourceNotFoundException", "AWS-GR_NO_SUCH_CONTROL")
	wantAPI(t, enable("AWS-GR_CLOUDTRAIL_ENABLED", "Sandbox"), "ValidationException", "mandatory")
	wantAPI(t, enable("AWS-GR_RESTRICT_ROOT_USER", "Team"), "ResourceNotFoundException", "is not registered with AWS Control Tower.")
	wantAPI(t, enable("AWS-GR_RESTRICT_ROOT_USER", "Security"), "ValidationException", "Security OU")
	wantAPI(t, enable("TKFQGXOBPOPS", "Sandbox"), "ValidationException", "Parameter AllowedRegions is required.")
	wantAPI(t, enable("AWS-GR_RESTRICT_ROOT_USER", "Sandbox", cttypes.EnabledControlParameter{Key: aws.String("X"), Value: document.NewLazyDocument("y")}), "ValidationException", "Parameter X")
	_, err := f.ControlTower.DisableControl(t.Context(), &controltower.DisableControlInput{ControlIdentifier: controlARN("AWS-GR_RESTRICT_ROOT_USER"), TargetIdentifier: f.findOU(t, "Sandbox").Arn})
	wantAPI(t, err, "ResourceNotFoundException", "is not enabled")
	_, err = f.ControlTower.DisableControl(t.Context(), &controltower.DisableControlInput{ControlIdentifier: controlARN("AWS-GR_RESTRICT_ROOT_USER")})
	wantAPI(t, err, "ValidationException", "Specify either")
}

// TestTags of the landing zone, an enabled baseline and an enabled control.
func TestTowerTags(t *testing.T) {
	t.Parallel()
	f := setup(t)
	enabled := f.enableControl(t, "AWS-GR_RESTRICT_ROOT_USER", "Sandbox", nil)
	f.controlEnds(t, enabled.OperationIdentifier, "SUCCEEDED")
	for _, arn := range []*string{f.zone(t).LandingZone.Arn, f.enabledOn(t, "Sandbox").Arn, enabled.Arn} {
		if _, err := f.ControlTower.TagResource(t.Context(), &controltower.TagResourceInput{ResourceArn: arn, Tags: map[string]string{"a": "1", "b": "2"}}); err != nil {
			t.Fatal(err)
		}
		if _, err := f.ControlTower.UntagResource(t.Context(), &controltower.UntagResourceInput{ResourceArn: arn, TagKeys: []string{"a"}}); err != nil {
			t.Fatal(err)
		}
		got, err := f.ControlTower.ListTagsForResource(t.Context(), &controltower.ListTagsForResourceInput{ResourceArn: arn})
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(map[string]string{"b": "2"}, got.Tags); diff != "" {
			t.Errorf("%s (-want +got):\n%s", aws.ToString(arn), diff)
		}
	}
	_, err := f.ControlTower.ListTagsForResource(t.Context(), &controltower.ListTagsForResourceInput{ResourceArn: aws.String("arn:aws:controltower:" + region + ":" + account + ":enabledcontrol/NONE")})
	wantAPI(t, err, "ResourceNotFoundException", "NONE")
}

func (f *fixture) deleteRole(t *testing.T, c *harness.Clients, name string) error {
	t.Helper()
	attached, err := c.IAM.ListAttachedRolePolicies(t.Context(), &iam.ListAttachedRolePoliciesInput{RoleName: aws.String(name)})
	if err != nil {
		return err
	}
	for _, p := range attached.AttachedPolicies {
		if _, err := c.IAM.DetachRolePolicy(t.Context(), &iam.DetachRolePolicyInput{RoleName: aws.String(name), PolicyArn: p.PolicyArn}); err != nil {
			return err
		}
	}
	_, err = c.IAM.DeleteRole(t.Context(), &iam.DeleteRoleInput{RoleName: aws.String(name)})
	return err
}
