package controltower

import (
	"context"
	"encoding/json"
	"slices"

	"accountfactory/internal/arn"
	"accountfactory/internal/twin/state"
	"accountfactory/internal/wire"
)

// Setup is what a landing zone is made of.
type Setup struct {
	SecurityOU, SandboxOU               string // ids; SandboxOU may be ""
	SecurityName, SandboxName           string
	LogArchiveAccountID, AuditAccountID string
}

// trustedServices may work in the organization for Control Tower.
var trustedServices = []string{
	"cloudtrail.amazonaws.com", "config.amazonaws.com", "controltower.amazonaws.com", "member.org.stacksets.cloudformation.amazonaws.com", "sso.amazonaws.com",
}

// SetUp makes the landing zone at once, with its OUs registered and the baselines of the shared accounts, and reports the
// event of a landing zone's set-up. The first start calls it.
func (s *Service) SetUp(tx *state.Tx, in Setup) *LandingZone {
	zone := &LandingZone{ARN: s.newZoneARN(tx), Version: zone33, Manifest: s.manifest(in)}
	s.tables.zones.Put(tx, zone)
	s.Register(tx, in.SecurityOU)
	s.Register(tx, in.SandboxOU)
	s.deploy(tx, zone)
	s.postZone(tx, "SetupLandingZone", tx.Now(), "")
	return zone
}

func (s *Service) newZoneARN(tx *state.Tx) string {
	return s.arn("landingzone/" + arn.ID(tx, arn.Upper, 16))
}

// deploy makes what a landing zone has by its version and manifest and does not have yet: roles, trusted access, the
// baselines of its shared accounts, and the policies of its OUs as they should be.
func (s *Service) deploy(tx *state.Tx, zone *LandingZone) {
	s.putServiceRoles(tx)
	for _, principal := range trustedServices {
		if err := s.org.TrustService(tx, principal); err != nil {
			tx.Fail(err)
		}
	}
	s.putShared(tx, zone)
	for _, b := range slices.Collect(s.tables.baselines.All(tx)) {
		if ou := s.ouOf(b); ou != "" && b.Baseline == s.baselineARN(controlTowerBaseline) {
			s.putGuards(tx, ou)
		}
	}
}

// putShared enables the shared accounts' baselines that version and manifest ask for, and no others.
func (s *Service) putShared(tx *state.Tx, zone *LandingZone) {
	m := reads[manifest](zone.Manifest)
	var wanted []*EnabledBaseline
	want := func(b baseline, account string) {
		if account == "" {
			return
		}
		target := s.org.AccountARN(tx, account)
		row := s.enabledOn(tx, b, target)
		if row == nil {
			row = s.enable(tx, b, sharedVersion, target, "", statusSucceeded)
		}
		wanted = append(wanted, row)
	}
	management := func(i *integration) string {
		if i.on() {
			return s.config.ManagementAccountID
		}
		return ""
	}
	want(logArchiveBaseline, m.logArchive(zone.Version))
	want(identityCenterBaseline, management(m.AccessManagement))
	want(backupAdminBaseline, management(m.Backup))
	if zone.Version == zone40 {
		want(centralSecurityBaseline, m.audit(zone.Version))
		want(centralConfigBaseline, m.Config.account())
	} else {
		want(auditBaseline, m.audit(zone.Version))
	}
	for _, b := range slices.Collect(s.tables.baselines.All(tx)) {
		if s.shared(b) && !slices.ContainsFunc(wanted, func(w *EnabledBaseline) bool { return w.ARN == b.ARN }) {
			s.tables.baselines.Delete(tx, b.ARN)
		}
	}
}

// manifest is the form that version 3.3 uses.
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

// securityOU gives the id of the OU that holds the shared accounts, "" for none.
func (s *Service) securityOU(tx *state.Tx, zone *LandingZone) string {
	m := reads[manifest](zone.Manifest)
	if m.OrganizationStructure != nil && m.OrganizationStructure.Security != nil {
		for ou := range s.org.OUs(tx, s.org.RootID(tx)) {
			if ou.Name == m.OrganizationStructure.Security.Name {
				return ou.ID
			}
		}
	}
	for _, id := range m.accounts(zone.Version) {
		if a := s.org.Account(tx, id); a != nil && a.Parent != s.org.RootID(tx) {
			return a.Parent
		}
	}
	return ""
}

// theZone gives the landing zone, or nil.
func (s *Service) theZone(tx *state.Tx) *LandingZone {
	for z := range s.tables.zones.All(tx) {
		return z
	}
	return nil
}

// zone gives the landing zone the caller may see, nil where there is none: elsewhere than in the management account's
// home Region Control Tower knows nothing.
func (s *Service) zone(ctx context.Context, tx *state.Tx) *LandingZone {
	if !s.atHome(ctx) {
		return nil
	}
	return s.theZone(tx)
}

func (s *Service) atHome(ctx context.Context) bool {
	r := wire.RequestFrom(ctx)
	return r.Region == s.config.Region && r.Caller.AccountID == s.config.ManagementAccountID
}
