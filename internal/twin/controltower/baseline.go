package controltower

import (
	"strings"

	"accountfactory/internal/arn"
	"accountfactory/internal/twin/state"
)

// A baseline of AWS's list. Names, ids and targets as ListBaselines gives them.
type baseline struct {
	name, id, description string
	onOU                  bool // enabled on organizational units, by the API
}

// The baselines, with descriptions of our own. Source: Control Tower user guide, "Types of baselines".
var (
	controlTowerBaseline    = baseline{"AWSControlTowerBaseline", "17BSJV3IGJ2QSGA2", "Sets up the resources and mandatory controls of an organizational unit and the accounts in it.", true}
	configBaseline          = baseline{"ConfigBaseline", "1QBGH2G48YVGDQ3Y", "Sets up AWS Config in an organizational unit and the accounts in it.", true}
	backupBaseline          = baseline{"BackupBaseline", "APO9ATVPBKFRRGLK", "Sets up AWS Backup in an organizational unit and the accounts in it.", true}
	auditBaseline           = baseline{"AuditBaseline", "4T4HA1KMO10S6311", "Sets up security monitoring in the audit account.", false}
	logArchiveBaseline      = baseline{"LogArchiveBaseline", "J8HX46AHS5MIKQPD", "Sets up the central store of logs in the log archive account.", false}
	identityCenterBaseline  = baseline{"IdentityCenterBaseline", "LN25R72TTG6IGPTQ", "Sets up groups and permission sets of IAM Identity Center in the management account.", false}
	centralSecurityBaseline = baseline{"CentralSecurityRolesBaseline", "A6EEAE10F08193F2", "Sets up roles for security work across accounts.", false}
	centralConfigBaseline   = baseline{"CentralConfigBaseline", "YX7VMZML5IG8EJUD", "Sets up the central store of AWS Config.", false}
	backupVaultBaseline     = baseline{"BackupCentralVaultBaseline", "3WPD0NA6TJ9AOMU2", "Sets up the central vault of AWS Backup.", false}
	backupAdminBaseline     = baseline{"BackupAdminBaseline", "H6C5JFCJJ3CPU3J5", "Sets up the administration of AWS Backup.", false}
)

// baselineList gives the baselines a landing zone version knows.
func (s *Service) baselineList(zone string) []baseline {
	if zone == zone40 {
		return []baseline{
			controlTowerBaseline, configBaseline, centralSecurityBaseline, centralConfigBaseline, logArchiveBaseline, identityCenterBaseline,
			backupBaseline, backupVaultBaseline, backupAdminBaseline,
		}
	}
	return []baseline{controlTowerBaseline, auditBaseline, logArchiveBaseline, identityCenterBaseline, backupBaseline, backupVaultBaseline, backupAdminBaseline}
}

// Statuses of enabled baselines and controls.
const (
	statusSucceeded   = "SUCCEEDED"
	statusFailed      = "FAILED"
	statusUnderChange = "UNDER_CHANGE"
)

// baselineARN: baselines are AWS's own, so their ARNs hold no account.
func (s *Service) baselineARN(b baseline) string {
	return arn.Make("controltower", s.config.Region, "", "baseline/"+b.id)
}

// baselineNamed finds a baseline of a landing zone version by its ARN.
func (s *Service) baselineNamed(arn, zone string) (baseline, bool) {
	for _, b := range s.baselineList(zone) {
		if s.baselineARN(b) == arn {
			return b, true
		}
	}
	return baseline{}, false
}

// shared tells whether an enabled baseline is one of the landing zone's own, not of an OU or its accounts.
func (s *Service) shared(b *EnabledBaseline) bool {
	for _, own := range []baseline{controlTowerBaseline, configBaseline, backupBaseline} {
		if b.Baseline == s.baselineARN(own) {
			return false
		}
	}
	return true
}

// enable puts an enabled baseline on a target, or sets the status of the one that is there.
func (s *Service) enable(tx *state.Tx, b baseline, version, target, parent, status string) *EnabledBaseline {
	row := s.enabledOn(tx, b, target)
	if row == nil {
		prefix := "XO" // organizational units; accounts have XA
		if parent != "" {
			prefix = "XA"
		}
		row = &EnabledBaseline{
			ARN:      s.arn("enabledbaseline/" + prefix + arn.ID(tx, arn.Upper, 15)),
			Baseline: s.baselineARN(b), Target: target,
		}
	}
	next := *row
	next.Version, next.Parent, next.Status, next.Operation = version, parent, status, ""
	s.tables.baselines.Put(tx, &next)
	return &next
}

func (s *Service) enabledOn(tx *state.Tx, b baseline, target string) *EnabledBaseline {
	want := s.baselineARN(b)
	for row := range s.tables.byTarget.Of(tx, target) {
		if row.Baseline == want {
			return row
		}
	}
	return nil
}

// setStatus ends or restarts what goes on with an account's baseline; without one it does nothing.
func (s *Service) setStatus(tx *state.Tx, target, status string) {
	if row := s.enabledOn(tx, controlTowerBaseline, target); row != nil {
		s.tables.baselines.Change(tx, row.ARN, func(b *EnabledBaseline) { b.Status = status })
	}
}

// targetID gives the id at the end of a target's ARN.
func targetID(target string) string { return target[strings.LastIndexByte(target, '/')+1:] }

// ouOf gives the id of the OU a baseline is enabled on, "" for an account.
func (s *Service) ouOf(b *EnabledBaseline) string {
	if id := targetID(b.Target); strings.HasPrefix(id, "ou-") {
		return id
	}
	return ""
}

// governed gives the baseline that governs an OU, whatever its status; nil for an OU that is not registered.
func (s *Service) governed(tx *state.Tx, ouID string) *EnabledBaseline {
	return s.enabledOn(tx, controlTowerBaseline, s.org.OUARN(tx, ouID))
}

// Registered tells whether an OU is governed: AWSControlTowerBaseline is enabled on it and in order.
func (s *Service) Registered(tx *state.Tx, ouID string) bool {
	row := s.governed(tx, ouID)
	return row != nil && row.Status == statusSucceeded
}

// Register enables AWSControlTowerBaseline on an OU at once, as the first start does.
func (s *Service) Register(tx *state.Tx, ouID string) *EnabledBaseline {
	row := s.enable(tx, controlTowerBaseline, baselineFor(s.theZone(tx).Version), s.org.OUARN(tx, ouID), "", statusSucceeded)
	s.putGuards(tx, ouID)
	return row
}
