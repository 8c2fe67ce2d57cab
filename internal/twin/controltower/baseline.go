package controltower

import (
	"accountfactory/internal/arn"
	"accountfactory/internal/twin/state"
)

// A baseline of AWS's list. Names, ids and targets as ListBaselines gives them.
type baseline struct {
	name, id, description string
}

// The baselines that landing zone version 3.3 knows, in our own words.
var (
	controlTowerBaseline   = baseline{"AWSControlTowerBaseline", "17BSJV3IGJ2QSGA2", "Sets up the resources and mandatory controls of an organizational unit and the accounts in it."}
	auditBaseline          = baseline{"AuditBaseline", "4T4HA1KMO10S6311", "Sets up security monitoring in the audit account."}
	logArchiveBaseline     = baseline{"LogArchiveBaseline", "J8HX46AHS5MIKQPD", "Sets up the central store of logs in the log archive account."}
	identityCenterBaseline = baseline{"IdentityCenterBaseline", "LN25R72TTG6IGPTQ", "Sets up groups and permission sets of IAM Identity Center in the management account."}
	backupBaseline         = baseline{"BackupBaseline", "APO9ATVPBKFRRGLK", "Sets up AWS Backup in an organizational unit and the accounts in it."}
	backupVaultBaseline    = baseline{"BackupCentralVaultBaseline", "3WPD0NA6TJ9AOMU2", "Sets up the central vault of AWS Backup."}
	backupAdminBaseline    = baseline{"BackupAdminBaseline", "H6C5JFCJJ3CPU3J5", "Sets up the administration of AWS Backup."}

	baselines = []baseline{controlTowerBaseline, auditBaseline, logArchiveBaseline, identityCenterBaseline, backupBaseline, backupVaultBaseline, backupAdminBaseline}
)

// Versions: landing zone 3.3 goes with version 4.0 of AWSControlTowerBaseline; the shared accounts' baselines have one.
const (
	landingZoneVersion  = "3.3"
	controlTowerVersion = "4.0"
	sharedVersion       = "1.0"
)

// Statuses of enabled baselines.
const (
	statusSucceeded   = "SUCCEEDED"
	statusFailed      = "FAILED"
	statusUnderChange = "UNDER_CHANGE"
)

// baselineARN: baselines are AWS's own, so their ARNs hold no account.
func (s *Service) baselineARN(b baseline) string {
	return arn.Make("controltower", s.config.Region, "", "baseline/"+b.id)
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
	next.Version, next.Parent, next.Status, next.Operation = version, parent, status, arn.UUID(tx)
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

// Registered tells whether an OU is governed: AWSControlTowerBaseline is enabled on it and in order.
func (s *Service) Registered(tx *state.Tx, ouID string) bool {
	row := s.enabledOn(tx, controlTowerBaseline, s.org.OUARN(tx, ouID))
	return row != nil && row.Status == statusSucceeded
}

// Register enables AWSControlTowerBaseline on an OU at once, as the first start does.
func (s *Service) Register(tx *state.Tx, ouID string) *EnabledBaseline {
	return s.enable(tx, controlTowerBaseline, controlTowerVersion, s.org.OUARN(tx, ouID), "", statusSucceeded)
}
