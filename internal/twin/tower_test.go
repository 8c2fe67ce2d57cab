package twin_test

import (
	"context"
	"errors"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/controltower"
	"github.com/aws/aws-sdk-go-v2/service/controltower/document"
	cttypes "github.com/aws/aws-sdk-go-v2/service/controltower/types"
	"github.com/aws/aws-sdk-go-v2/service/organizations"
	"github.com/aws/smithy-go"
)

func asAPI(err error, into *smithy.APIError) bool { return errors.As(err, into) }

const baselineID = "arn:aws:controltower:" + region + "::baseline/17BSJV3IGJ2QSGA2"

func (f *fixture) makeOU(t *testing.T, name string) string {
	t.Helper()
	out, err := f.Organizations.CreateOrganizationalUnit(t.Context(), &organizations.CreateOrganizationalUnitInput{ParentId: f.root(t), Name: aws.String(name)})
	if err != nil {
		t.Fatal(err)
	}
	return aws.ToString(out.OrganizationalUnit.Id)
}

// identity gives the parameter that names the Identity Center baseline.
func (f *fixture) identity(t *testing.T) []cttypes.EnabledBaselineParameter {
	t.Helper()
	list, err := f.ControlTower.ListEnabledBaselines(t.Context(), &controltower.ListEnabledBaselinesInput{
		Filter: &cttypes.EnabledBaselineFilter{BaselineIdentifiers: []string{"arn:aws:controltower:" + region + "::baseline/LN25R72TTG6IGPTQ"}},
	})
	if err != nil || len(list.EnabledBaselines) != 1 {
		t.Fatalf("Identity Center baseline: %v, %v", list, err)
	}
	return []cttypes.EnabledBaselineParameter{{Key: aws.String("IdentityCenterEnabledBaselineArn"), Value: document.NewLazyDocument(aws.ToString(list.EnabledBaselines[0].Arn))}}
}

func (f *fixture) beginRegister(t *testing.T, ou string) (*controltower.EnableBaselineOutput, error) {
	t.Helper()
	return f.ControlTower.EnableBaseline(t.Context(), &controltower.EnableBaselineInput{
		BaselineIdentifier: aws.String(baselineID), BaselineVersion: aws.String("4.0"), TargetIdentifier: f.findOU(t, ou).Arn, Parameters: f.identity(t),
	})
}

func (f *fixture) register(t *testing.T, ou string) {
	t.Helper()
	out, err := f.beginRegister(t, ou)
	if err != nil {
		t.Fatal(err)
	}
	f.baselineEnds(t, out.OperationIdentifier, "SUCCEEDED")
}

// baselineEnds waits for an operation on a baseline, and gives its message.
func (f *fixture) baselineEnds(t *testing.T, id *string, status string) string {
	t.Helper()
	var last *controltower.GetBaselineOperationOutput
	f.await(t, func() bool {
		var err error
		if last, err = f.ControlTower.GetBaselineOperation(t.Context(), &controltower.GetBaselineOperationInput{OperationIdentifier: id}); err != nil {
			t.Fatal(err)
		}
		return last.BaselineOperation.Status != cttypes.BaselineOperationStatusInProgress
	})
	if o := last.BaselineOperation; string(o.Status) != status || o.EndTime == nil {
		t.Fatalf("%s %s: %s", o.OperationType, o.Status, aws.ToString(o.StatusMessage))
	}
	return aws.ToString(last.BaselineOperation.StatusMessage)
}

// enabledOn gives the baseline that governs an OU.
func (f *fixture) enabledOn(t *testing.T, ou string) cttypes.EnabledBaselineSummary {
	t.Helper()
	list, err := f.ControlTower.ListEnabledBaselines(t.Context(), &controltower.ListEnabledBaselinesInput{
		Filter: &cttypes.EnabledBaselineFilter{TargetIdentifiers: []string{aws.ToString(f.findOU(t, ou).Arn)}},
	})
	if err != nil || len(list.EnabledBaselines) != 1 {
		t.Fatalf("baselines of %s: %v, %v", ou, list, err)
	}
	return list.EnabledBaselines[0]
}

func controlARN(name string) *string {
	return aws.String("arn:aws:controltower:" + region + "::control/" + name)
}

func (f *fixture) enableControl(t *testing.T, name, ou string, parameters []cttypes.EnabledControlParameter) *controltower.EnableControlOutput {
	t.Helper()
	out, err := f.ControlTower.EnableControl(t.Context(), &controltower.EnableControlInput{ControlIdentifier: controlARN(name), TargetIdentifier: f.findOU(t, ou).Arn, Parameters: parameters})
	if err != nil {
		t.Fatal(err)
	}
	return out
}

// controlEnds waits for an operation on a control, and gives its message.
func (f *fixture) controlEnds(t *testing.T, id *string, status string) string {
	t.Helper()
	var last *controltower.GetControlOperationOutput
	f.await(t, func() bool {
		var err error
		if last, err = f.ControlTower.GetControlOperation(t.Context(), &controltower.GetControlOperationInput{OperationIdentifier: id}); err != nil {
			t.Fatal(err)
		}
		return last.ControlOperation.Status != cttypes.ControlOperationStatusInProgress
	})
	if o := last.ControlOperation; string(o.Status) != status || o.EndTime == nil {
		t.Fatalf("%s %s: %s", o.OperationType, o.Status, aws.ToString(o.StatusMessage))
	}
	return aws.ToString(last.ControlOperation.StatusMessage)
}

// updateZone updates the landing zone and waits.
func (f *fixture) updateZone(t *testing.T, version string, manifest any, remedies []cttypes.RemediationType) {
	t.Helper()
	out, err := f.ControlTower.UpdateLandingZone(t.Context(), &controltower.UpdateLandingZoneInput{
		LandingZoneIdentifier: f.zone(t).LandingZone.Arn, Version: aws.String(version), Manifest: document.NewLazyDocument(manifest), RemediationTypes: remedies,
	})
	if err != nil {
		t.Fatal(err)
	}
	f.zoneEnds(t, out.OperationIdentifier, "SUCCEEDED")
}

// manifest33 gives the present manifest, of version 3.3.
func (f *fixture) manifest33(t *testing.T) map[string]any {
	t.Helper()
	var m map[string]any
	if err := f.zone(t).LandingZone.Manifest.UnmarshalSmithyDocument(&m); err != nil {
		t.Fatal(err)
	}
	return m
}

// manifest40 gives a manifest of version 4.0 with the shared accounts there are.
func manifest40(f *fixture) map[string]any {
	part := func(account string) map[string]any {
		out := map[string]any{"enabled": true}
		if account != "" {
			out["accountId"] = account
		}
		return out
	}
	logs, audit := f.shared("Log archive"), f.shared("Audit")
	return map[string]any{
		"governedRegions": []string{region}, "accessManagement": part(""), "backup": map[string]any{"enabled": false},
		"centralizedLogging": part(logs), "config": part(audit), "securityRoles": part(audit),
	}
}

// shared gives the id of the account of a name, "" for none.
func (f *fixture) shared(name string) string {
	list, err := f.Organizations.ListAccounts(context.Background(), &organizations.ListAccountsInput{})
	if err != nil {
		return ""
	}
	for _, a := range list.Accounts {
		if aws.ToString(a.Name) == name {
			return aws.ToString(a.Id)
		}
	}
	return ""
}
