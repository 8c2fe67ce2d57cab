package controltower

import (
	"context"
	"encoding/json"
	"fmt"

	"accountfactory/internal/arn"
	"accountfactory/internal/twin/state"
	"accountfactory/internal/wire"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/controltower"
	"github.com/aws/aws-sdk-go-v2/service/controltower/document"
	"github.com/aws/aws-sdk-go-v2/service/controltower/types"
)

// Setup is what a landing zone is made of.
type Setup struct {
	SecurityOU, SandboxOU               string // ids
	SecurityName, SandboxName           string
	LogArchiveAccountID, AuditAccountID string
}

// SetUp makes the landing zone at once, with its OUs registered and the baselines of the shared accounts, and reports the
// event of a landing zone's set-up.
func (s *Service) SetUp(tx *state.Tx, in Setup) *LandingZone {
	zone := &LandingZone{ARN: s.arn("landingzone/" + arn.ID(tx, arn.Upper, 16)), Version: landingZoneVersion, Manifest: s.manifest(in)}
	s.tables.zones.Put(tx, zone)
	s.Register(tx, in.SecurityOU)
	s.Register(tx, in.SandboxOU)
	s.enable(tx, logArchiveBaseline, sharedVersion, s.org.AccountARN(tx, in.LogArchiveAccountID), "", statusSucceeded)
	s.enable(tx, auditBaseline, sharedVersion, s.org.AccountARN(tx, in.AuditAccountID), "", statusSucceeded)
	s.enable(tx, identityCenterBaseline, sharedVersion, s.org.AccountARN(tx, s.config.ManagementAccountID), "", statusSucceeded)
	s.postSetUp(tx, in)
	return zone
}

// manifest is the form that versions up to 3.3 use.
func (s *Service) manifest(in Setup) json.RawMessage {
	retention := func(days string) map[string]any { return map[string]any{"retentionDays": days} }
	out, _ := json.Marshal(map[string]any{ // strings and maps always encode
		"governedRegions":       []string{s.config.Region},
		"organizationStructure": map[string]any{"security": map[string]any{"name": in.SecurityName}, "sandbox": map[string]any{"name": in.SandboxName}},
		"centralizedLogging": map[string]any{
			"accountId": in.LogArchiveAccountID, "enabled": true,
			"configurations": map[string]any{"loggingBucket": retention("365"), "accessLoggingBucket": retention("3650")},
		},
		"securityRoles":    map[string]any{"accountId": in.AuditAccountID},
		"accessManagement": map[string]any{"enabled": true},
	})
	return out
}

// zone gives the landing zone the caller may see, nil where there is none: elsewhere than in the management account's
// home Region Control Tower knows nothing.
func (s *Service) zone(ctx context.Context, tx *state.Tx) *LandingZone {
	if !s.atHome(ctx) {
		return nil
	}
	for z := range s.tables.zones.All(tx) {
		return z
	}
	return nil
}

func (s *Service) atHome(ctx context.Context) bool {
	r := wire.RequestFrom(ctx)
	return r.Region == s.config.Region && r.Caller.AccountID == s.config.ManagementAccountID
}

// ListLandingZones lists the one there may be.
func (s *Service) ListLandingZones(ctx context.Context, _ *controltower.ListLandingZonesInput, _ ...func(*controltower.Options)) (*controltower.ListLandingZonesOutput, error) {
	out := &controltower.ListLandingZonesOutput{LandingZones: []types.LandingZoneSummary{}}
	err := s.state.View(func(tx *state.Tx) error {
		if z := s.zone(ctx, tx); z != nil {
			out.LandingZones = append(out.LandingZones, types.LandingZoneSummary{Arn: aws.String(z.ARN)})
		}
		return nil
	})
	return out, err
}

// GetLandingZone gives the landing zone's version, status and manifest. Role drift and SCP drift are not looked for.
func (s *Service) GetLandingZone(ctx context.Context, in *controltower.GetLandingZoneInput, _ ...func(*controltower.Options)) (*controltower.GetLandingZoneOutput, error) {
	var out *controltower.GetLandingZoneOutput
	err := s.state.View(func(tx *state.Tx) error {
		z := s.zone(ctx, tx)
		if z == nil || z.ARN != aws.ToString(in.LandingZoneIdentifier) {
			return notFound("landing zone", aws.ToString(in.LandingZoneIdentifier))
		}
		var manifest any
		if err := json.Unmarshal(z.Manifest, &manifest); err != nil {
			return fmt.Errorf("read manifest: %w", err)
		}
		out = &controltower.GetLandingZoneOutput{LandingZone: &types.LandingZoneDetail{
			Arn: aws.String(z.ARN), Version: aws.String(z.Version), LatestAvailableVersion: aws.String(landingZoneVersion),
			Status: types.LandingZoneStatusActive, Manifest: document.NewLazyDocument(manifest),
			DriftStatus: &types.LandingZoneDriftStatusSummary{Status: types.LandingZoneDriftStatusInSync},
		}}
		return nil
	})
	return out, err
}
