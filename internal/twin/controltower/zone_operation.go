package controltower

import (
	"slices"
	"time"

	"accountfactory/internal/twin/organizations"
	"accountfactory/internal/twin/state"
)

// kindZone is what the API's operations on the landing zone do over time.
const kindZone = "controltower.LandingZone"

const (
	stepPrepare = "prepare"
	stepDeploy  = "deploy"
)

// The landing zone takes about half an hour to set up or change, up to two hours to take down (user guide, "Quick start",
// "Decommission a landing zone").
const (
	pacePrepare  = 2 * time.Minute
	paceDeploy   = 28 * time.Minute
	paceTakeDown = 100 * time.Minute
)

func (s *Service) zoneStep(tx *state.Tx, run *state.Operation) error {
	w, why, stuck := s.workAt(tx, run)
	if w == nil || stuck {
		return nil
	}
	if why == "" && run.Step == stepPrepare {
		if why = s.zoneObstacle(tx, w); why == "" {
			takes := paceDeploy
			if w.Name == opDeleteZone {
				takes = paceTakeDown
			}
			run.Next(tx, stepDeploy, tx.Pace(takes))
			return nil
		}
	}
	run.Done()
	if why == "" {
		why = s.changeZone(tx, w)
	}
	s.end(tx, w.ID, why)
	s.zoneEnded(tx, w, why)
	return nil
}

// zoneObstacle says why the landing zone cannot be changed: a closed account that is still enrolled blocks an update (user
// guide, "Close an account").
func (s *Service) zoneObstacle(tx *state.Tx, w *Work) string {
	if w.Name != opUpdateZone {
		return ""
	}
	for m := range s.tables.managed.All(tx) {
		if a := s.org.Account(tx, m.AccountID); a != nil && m.Enrolled && a.State != organizations.Active {
			return *text("AWS Control Tower cannot update the landing zone, because the enrolled account %s is suspended. Unmanage the account, then try again.", a.ID)
		}
	}
	return ""
}

// changeZone does what was asked for, and says why not.
func (s *Service) changeZone(tx *state.Tx, w *Work) string {
	zone := s.theZone(tx)
	switch w.Name {
	case opDeleteZone:
		s.takeDown(tx, zone)
		return ""
	case opResetZone:
		s.repairZone(tx, zone)
		return ""
	}
	next := *zone
	next.Version, next.Manifest = w.Version, w.Manifest
	if w.Remediation != nil {
		next.Remediation = w.Remediation
	}
	s.tables.zones.Put(tx, &next)
	if w.Name == opCreateZone {
		if why := s.foundZone(tx, &next); why != "" {
			return why
		}
	}
	s.deploy(tx, &next)
	return ""
}

// foundZone makes the OUs of a new landing zone, brings its accounts together, and has the rest of the twin make what
// Control Tower makes elsewhere.
func (s *Service) foundZone(tx *state.Tx, zone *LandingZone) string {
	m := reads[manifest](zone.Manifest)
	if o := m.OrganizationStructure; o != nil {
		security, err := s.ouNamed(tx, o.Security.Name)
		if err != nil {
			return err.Error()
		}
		for _, id := range m.accounts(zone.Version) {
			if a := s.org.Account(tx, id); a != nil && a.Parent != security {
				if err := s.org.Move(tx, id, a.Parent, security); err != nil {
					return err.Error()
				}
			}
		}
		s.Register(tx, security)
		if o.Sandbox != nil {
			sandbox, err := s.ouNamed(tx, o.Sandbox.Name)
			if err != nil {
				return err.Error()
			}
			s.Register(tx, sandbox)
		}
	} else if security := s.securityOU(tx, zone); security != "" {
		s.Register(tx, security)
	}
	for _, id := range m.accounts(zone.Version) {
		if !s.executable(tx, id) {
			s.putExecutionRole(tx, id)
		}
	}
	if s.config.Furnish == nil {
		return ""
	}
	if err := s.config.Furnish(tx, m.logArchive(zone.Version), m.audit(zone.Version), m.AccessManagement.on()); err != nil {
		return err.Error()
	}
	return ""
}

// ouNamed gives the id of the OU of a name under the root, made when it is not there.
func (s *Service) ouNamed(tx *state.Tx, name string) (string, error) {
	for ou := range s.org.OUs(tx, s.org.RootID(tx)) {
		if ou.Name == name {
			return ou.ID, nil
		}
	}
	ou, err := s.org.AddOU(tx, s.org.RootID(tx), name, nil)
	if err != nil {
		return "", err
	}
	return ou.ID, nil
}

// repairZone puts the landing zone back to what its manifest says.
func (s *Service) repairZone(tx *state.Tx, zone *LandingZone) {
	m := reads[manifest](zone.Manifest)
	if o := m.OrganizationStructure; o != nil && o.Sandbox != nil && s.forgotten(tx, driftOUDeleted, o.Sandbox.Name) {
		if id, err := s.ouNamed(tx, o.Sandbox.Name); err == nil {
			s.Register(tx, id)
		}
	}
	s.deploy(tx, zone)
	s.repaired(tx, func(d *Drift) bool { return !d.ofAccount() && !d.ofControl() })
	s.ClearCondition(tx, Condition{Name: ConditionDrift})
}

// takeDown takes everything of Control Tower's away; OUs, accounts and their users stay (user guide, "Decommission").
func (s *Service) takeDown(tx *state.Tx, zone *LandingZone) {
	for _, b := range slices.Collect(s.tables.baselines.All(tx)) {
		if ou := s.ouOf(b); ou != "" {
			s.dropGuards(tx, ou)
		} else if !s.shared(b) {
			s.dropBaselineRoles(tx, targetID(b.Target))
		}
		s.tables.tags.Delete(tx, b.ARN)
		s.tables.baselines.Delete(tx, b.ARN)
	}
	for _, c := range slices.Collect(s.tables.controls.All(tx)) {
		s.tables.tags.Delete(tx, c.ARN)
		s.tables.controls.Delete(tx, c.ARN)
	}
	for _, m := range slices.Collect(s.tables.managed.All(tx)) {
		s.tables.managed.Delete(tx, m.ProductID)
	}
	for _, i := range slices.Collect(s.tables.inherits.All(tx)) {
		s.endInherit(tx, i)
	}
	s.repaired(tx, func(*Drift) bool { return true })
	for _, r := range serviceRoles {
		s.iam.DeleteRole(tx, s.config.ManagementAccountID, r.name)
	}
	s.tables.tags.Delete(tx, zone.ARN)
	s.tables.zones.Delete(tx, zone.ARN)
}

// zoneEnded shows how it ended on the landing zone, and reports it. A landing zone that could not be made is FAILED until
// it is deleted or updated.
func (s *Service) zoneEnded(tx *state.Tx, w *Work, why string) {
	status := ""
	if why != "" {
		status = statusFailed
	}
	s.tables.zones.Change(tx, w.Subject, func(z *LandingZone) { z.Status = status })
	switch w.Name {
	case opCreateZone:
		s.postZone(tx, "SetupLandingZone", w.Start, why)
	case opUpdateZone, opResetZone:
		s.postZone(tx, "UpdateLandingZone", w.Start, why)
	}
}
