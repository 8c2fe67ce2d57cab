package twin_test

import (
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/controltower"
	"github.com/aws/aws-sdk-go-v2/service/controltower/document"
	cttypes "github.com/aws/aws-sdk-go-v2/service/controltower/types"
	"github.com/aws/aws-sdk-go-v2/service/organizations"
	"github.com/aws/aws-sdk-go-v2/service/servicecatalog"

	"accountfactory/internal/twin"
)

func empty(c *twin.Config) { c.Empty = true }

// TestLandingZone_Create sets one up in an organization that has none, vends an account, and takes it down again.
func TestLandingZone_Create(t *testing.T) {
	t.Parallel()
	for _, version := range []string{"3.3", "4.0"} {
		t.Run(version, func(t *testing.T) {
			t.Parallel()
			f := setup(t, empty, current)
			if _, err := f.Organizations.CreateOrganization(t.Context(), &organizations.CreateOrganizationInput{}); err != nil {
				t.Fatal(err)
			}
			logs, audit := f.member(t, "Log archive", "OrganizationAccountAccessRole"), f.member(t, "Audit", "OrganizationAccountAccessRole")
			manifest := map[string]any{
				"governedRegions": []string{region}, "organizationStructure": map[string]any{"security": map[string]any{"name": "Core"}, "sandbox": map[string]any{"name": "Sandbox"}},
				"centralizedLogging": map[string]any{"accountId": logs, "enabled": true, "configurations": map[string]any{"loggingBucket": map[string]any{"retentionDays": 60}}},
				"securityRoles":      map[string]any{"accountId": audit}, "accessManagement": map[string]any{"enabled": true},
			}
			if version == "4.0" {
				core := f.makeOU(t, "Core")
				f.makeOU(t, "Sandbox")
				f.move(t, logs, core)
				f.move(t, audit, core)
				manifest = manifest40(f)
			}
			out, err := f.ControlTower.CreateLandingZone(t.Context(), &controltower.CreateLandingZoneInput{
				Version: aws.String(version), Manifest: document.NewLazyDocument(manifest), Tags: map[string]string{"team": "platform"},
			})
			if err != nil {
				t.Fatal(err)
			}
			f.zoneEnds(t, out.OperationIdentifier, "SUCCEEDED")
			zone := f.zone(t).LandingZone
			if zone.Status != cttypes.LandingZoneStatusActive || aws.ToString(zone.Version) != version || aws.ToString(zone.LatestAvailableVersion) != "4.0" || zone.DriftStatus.Status != "IN_SYNC" {
				t.Errorf("landing zone %+v", zone)
			}
			if _, err := f.ControlTower.CreateLandingZone(t.Context(), &controltower.CreateLandingZoneInput{Version: aws.String(version), Manifest: document.NewLazyDocument(manifest)}); err == nil {
				t.Error("a second landing zone was begun")
			}
			if version == "4.0" {
				in := f.enableBaseline(t, "Sandbox", "5.0")
				f.baselineEnds(t, in.OperationIdentifier, "SUCCEEDED")
			}
			if f.parent(t, logs) != aws.ToString(f.findOU(t, "Core").Id) {
				t.Error("the log archive is not in the Security OU")
			}
			account, id := f.vend(t, "one", nil)
			if !strings.HasPrefix(f.events(t)[0], "SetupLandingZone SUCCEEDED") {
				t.Errorf("events %v", f.events(t))
			}

			gone, err := f.ControlTower.DeleteLandingZone(t.Context(), &controltower.DeleteLandingZoneInput{LandingZoneIdentifier: zone.Arn})
			if err != nil {
				t.Fatal(err)
			}
			f.zoneEnds(t, gone.OperationIdentifier, "SUCCEEDED")
			list, err := f.ControlTower.ListLandingZones(t.Context(), &controltower.ListLandingZonesInput{})
			if err != nil || len(list.LandingZones) != 0 {
				t.Errorf("landing zones %v, %v", list, err)
			}
			search, err := f.Catalog.SearchProducts(t.Context(), &servicecatalog.SearchProductsInput{})
			if err != nil || len(search.ProductViewSummaries) != 0 {
				t.Errorf("products %v, %v", search, err)
			}
			f.terminate(t, aws.String(id))
			if f.parent(t, account) == "" {
				t.Error("the account is gone")
			}
			ops, err := f.ControlTower.ListLandingZoneOperations(t.Context(), &controltower.ListLandingZoneOperationsInput{Filter: &cttypes.LandingZoneOperationFilter{Types: []cttypes.LandingZoneOperationType{"DELETE"}}})
			if err != nil || len(ops.LandingZoneOperations) != 1 || ops.LandingZoneOperations[0].Status != "SUCCEEDED" {
				t.Errorf("operations %v, %v", ops, err)
			}
		})
	}
}

func (f *fixture) enableBaseline(t *testing.T, ou, version string) *controltower.EnableBaselineOutput {
	t.Helper()
	out, err := f.ControlTower.EnableBaseline(t.Context(), &controltower.EnableBaselineInput{
		BaselineIdentifier: aws.String(baselineID), BaselineVersion: aws.String(version), TargetIdentifier: f.findOU(t, ou).Arn, Parameters: f.identity(t),
	})
	if err != nil {
		t.Fatal(err)
	}
	return out
}

// TestLandingZone_Refused are manifests and versions that are refused at once.
func TestLandingZone_Refused(t *testing.T) {
	t.Parallel()
	f := setup(t, current)
	zone := f.zone(t).LandingZone
	update := func(version string, manifest any) error {
		_, err := f.ControlTower.UpdateLandingZone(t.Context(), &controltower.UpdateLandingZoneInput{LandingZoneIdentifier: zone.Arn, Version: aws.String(version), Manifest: document.NewLazyDocument(manifest)})
		return err
	}
	wantAPI(t, update("2.7", f.manifest33(t)), "ValidationException", "cannot go back")
	wantAPI(t, update("9.0", f.manifest33(t)), "ValidationException", "9.0 is not available")
	for member, text := range map[string]string{"governedRegions": "governedRegions", "organizationStructure": "organizationStructure", "centralizedLogging": "centralizedLogging", "securityRoles": "securityRoles", "accessManagement": "accessManagement"} {
		m := f.manifest33(t)
		delete(m, member)
		wantAPI(t, update("3.3", m), "ValidationException", text)
	}
	m := f.manifest33(t)
	m["surprise"] = true
	wantAPI(t, update("3.3", m), "ValidationException", "surprise")
	wantAPI(t, update("4.0", f.manifest33(t)), "ValidationException", "organizationStructure is not allowed")
	m = manifest40(f)
	m["config"] = map[string]any{"enabled": false}
	wantAPI(t, update("4.0", m), "ValidationException", "while config is not")
	_, err := f.ControlTower.ResetLandingZone(t.Context(), &controltower.ResetLandingZoneInput{LandingZoneIdentifier: zone.Arn})
	wantAPI(t, err, "ValidationException", "Only the latest landing zone version 4.0 can be reset")
	_, err = f.ControlTower.GetLandingZone(t.Context(), &controltower.GetLandingZoneInput{LandingZoneIdentifier: aws.String("arn:aws:controltower:" + region + ":" + account + ":landingzone/NONE")})
	wantAPI(t, err, "ResourceNotFoundException", "NONE")
	_, err = f.ControlTower.GetLandingZoneOperation(t.Context(), &controltower.GetLandingZoneOperationInput{OperationIdentifier: aws.String("11111111-2222-3333-4444-555555555555")})
	wantAPI(t, err, "ResourceNotFoundException", "operation")
}

// TestLandingZone_OneOperation: while the landing zone is changed nothing else begins, and accounts fail with AWS's words.
func TestLandingZone_OneOperation(t *testing.T) {
	t.Parallel()
	f := setup(t, current)
	f.arm(t, map[string]any{"kind": "stuck", "service": "controltower", "operation": "UpdateLandingZone", "count": 1})
	out, err := f.ControlTower.UpdateLandingZone(t.Context(), &controltower.UpdateLandingZoneInput{LandingZoneIdentifier: f.zone(t).LandingZone.Arn, Version: aws.String("3.3"), Manifest: f.zone(t).LandingZone.Manifest})
	if err != nil {
		t.Fatal(err)
	}
	f.releaseWhenStuck(t, func() {
		if s := f.zone(t).LandingZone.Status; s != cttypes.LandingZoneStatusProcessing {
			t.Errorf("status %s", s)
		}
		f.fails(t, "one", nil, "ResourceInUseException", otherOp)
		_, err := f.ControlTower.ResetEnabledBaseline(t.Context(), &controltower.ResetEnabledBaselineInput{EnabledBaselineIdentifier: f.enabledOn(t, "Sandbox").Arn})
		wantAPI(t, err, "ConflictException", "another AWS Control Tower operation is in progress")
		_, err = f.ControlTower.EnableControl(t.Context(), &controltower.EnableControlInput{ControlIdentifier: controlARN("AWS-GR_RESTRICT_ROOT_USER"), TargetIdentifier: f.findOU(t, "Sandbox").Arn})
		wantAPI(t, err, "ConflictException", "another AWS Control Tower operation is in progress")
	})
	f.zoneEnds(t, out.OperationIdentifier, "SUCCEEDED")
	f.wantEvent(t, "UpdateLandingZone SUCCEEDED")
}

// TestLandingZone_OperationFails: a fault shows as FAILED, and a later update makes it ACTIVE again.
func TestLandingZone_OperationFails(t *testing.T) {
	t.Parallel()
	f := setup(t)
	f.arm(t, map[string]any{"kind": "fail", "service": "controltower", "operation": "ResetLandingZone", "step": "deploy", "reason": "no luck", "count": 1})
	out, err := f.ControlTower.ResetLandingZone(t.Context(), &controltower.ResetLandingZoneInput{LandingZoneIdentifier: f.zone(t).LandingZone.Arn})
	if err != nil {
		t.Fatal(err)
	}
	if got := f.zoneEnds(t, out.OperationIdentifier, "FAILED"); got != "no luck" {
		t.Errorf("message %q", got)
	}
	if s := f.zone(t).LandingZone.Status; s != cttypes.LandingZoneStatusFailed {
		t.Errorf("status %s", s)
	}
	f.resetZone(t)
	if s := f.zone(t).LandingZone.Status; s != cttypes.LandingZoneStatusActive {
		t.Errorf("status %s", s)
	}
}
