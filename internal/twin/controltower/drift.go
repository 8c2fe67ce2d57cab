package controltower

import (
	"slices"
	"strings"
	"time"

	"accountfactory/internal/twin/organizations"
	"accountfactory/internal/twin/state"

	"github.com/aws/aws-sdk-go-v2/service/controltower/types"
)

// Drift is what somebody changed behind Control Tower's back. A row is reported once, and stays until it is repaired.
// Source: Control Tower user guide, "Types of governance drift".
type Drift struct {
	Type        string
	Account     string `json:",omitempty"`
	Source      string `json:",omitempty"` // OU or root an account came from
	Destination string `json:",omitempty"`
	OU          string `json:",omitempty"`
	Name        string `json:",omitempty"` // of an OU that is gone
	Policy      string `json:",omitempty"`
	Control     string `json:",omitempty"` // ARN of an enabled control
	Role        string `json:",omitempty"`
	Service     string `json:",omitempty"`
	Since       time.Time
}

func (d *Drift) key() string {
	return strings.Join([]string{d.Type, d.Account, d.OU, d.Policy, d.Control, d.Role, d.Service}, "/")
}

func (d *Drift) ofAccount() bool { return d.Account != "" && !strings.HasPrefix(d.Type, "SCP_") }
func (d *Drift) ofControl() bool { return d.Control != "" }

// The types of drift. The last two are ours: AWS has no notification for a role, nor for drift the lab asks for.
const (
	driftMoved       = "ACCOUNT_MOVED_BETWEEN_OUS"
	driftRemoved     = "ACCOUNT_REMOVED_FROM_ORGANIZATION"
	driftSCPUpdated  = "SCP_UPDATED"
	driftSCPOnOU     = "SCP_ATTACHED_TO_OU"      // reported by the classic profile only
	driftSCPOnMember = "SCP_ATTACHED_TO_ACCOUNT" // this one too
	driftSCPDetached = "SCP_DETACHED_FROM_OU"
	driftOUDeleted   = "ORGANIZATIONAL_UNIT_DELETED"
	driftSecurityHub = "SECURITY_HUB_CONTROL_DISABLED"
	driftIneffective = "CONTROL_INEFFECTIVE"
	driftTrust       = "TRUSTED_ACCESS_DISABLED"
	driftLandingZone = "LANDING_ZONE"
)

// remediationSteps says in our words what each type is and what repairs it.
var remediationSteps = map[string][2]string{
	driftMoved:       {"AWS Control Tower has detected that a managed account was moved to another organizational unit.", "Register the organizational unit again, or update the account's provisioned product."},
	driftRemoved:     {"AWS Control Tower has detected that a managed account was removed from the organization.", "Terminate the account's provisioned product."},
	driftSCPUpdated:  {"AWS Control Tower has detected that a managed service control policy was changed.", "Register the organizational unit again, or reset the landing zone."},
	driftSCPOnOU:     {"AWS Control Tower has detected that a managed service control policy was attached to another organizational unit.", "Reset the landing zone."},
	driftSCPOnMember: {"AWS Control Tower has detected that a managed service control policy was attached to an account.", "Reset the landing zone."},
	driftSCPDetached: {"AWS Control Tower has detected that a managed service control policy was detached from its organizational unit.", "Register the organizational unit again, or reset the landing zone."},
	driftOUDeleted:   {"AWS Control Tower has detected that a registered organizational unit was deleted.", "Reset the landing zone."},
	driftSecurityHub: {"AWS Control Tower has detected that a Security Hub control was disabled.", "Reset the enabled control."},
	driftIneffective: {"AWS Control Tower has detected that a control has no effect.", "Reset the enabled control."},
	driftTrust:       {"AWS Control Tower has detected that trusted access was disabled.", "Reset the landing zone."},
}

// report keeps a drift and, the first time, says so.
func (s *Service) report(tx *state.Tx, d Drift) {
	if s.theZone(tx) == nil || s.tables.drifts.Get(tx, d.key()) != nil {
		return
	}
	d.Since = tx.Now()
	s.tables.drifts.Put(tx, &d)
	if text, known := remediationSteps[d.Type]; known {
		s.postDrift(tx, &d, text[0], text[1])
	}
}

// repaired forgets the drifts that fit.
func (s *Service) repaired(tx *state.Tx, fits func(*Drift) bool) {
	for _, d := range slices.Collect(s.tables.drifts.All(tx)) {
		if fits(d) {
			s.tables.drifts.Delete(tx, d.key())
		}
	}
}

// forgotten tells whether a drift of this type names an OU.
func (s *Service) forgotten(tx *state.Tx, kind, name string) bool {
	for d := range s.tables.drifts.All(tx) {
		if d.Type == kind && d.Name == name {
			return true
		}
	}
	return false
}

// Drifts gives what has drifted and is not repaired; for the lab.
func (s *Service) Drifts(tx *state.Tx) []*Drift { return slices.Collect(s.tables.drifts.All(tx)) }

// zoneDrift tells whether the landing zone needs a reset: accounts and controls are repaired on their own.
func (s *Service) zoneDrift(tx *state.Tx) types.LandingZoneDriftStatus {
	if len(s.missingRoles(tx)) > 0 {
		return types.LandingZoneDriftStatusDrifted
	}
	for d := range s.tables.drifts.All(tx) {
		if !d.ofAccount() && !d.ofControl() {
			return types.LandingZoneDriftStatusDrifted
		}
	}
	return types.LandingZoneDriftStatusInSync
}

// inheritanceDrift tells whether an account has what its OU has: for the account's baseline by itself, for the OU's by all
// accounts in the OU.
func (s *Service) inheritanceDrift(tx *state.Tx, b *EnabledBaseline) types.EnabledBaselineDriftStatus {
	if b.Parent != "" {
		if s.childDrifted(tx, b) {
			return types.EnabledBaselineDriftStatusDrifted
		}
		return types.EnabledBaselineDriftStatusInSync
	}
	ou := s.ouOf(b)
	if ou == "" || b.Baseline != s.baselineARN(controlTowerBaseline) {
		return types.EnabledBaselineDriftStatusInSync
	}
	for a := range s.org.ChildAccounts(tx, ou) {
		if a.ID == s.config.ManagementAccountID || s.sharedAccount(tx, a.ID) {
			continue
		}
		row := s.enabledOn(tx, controlTowerBaseline, s.org.AccountARN(tx, a.ID))
		if row == nil || row.Parent != b.ARN || s.childDrifted(tx, row) {
			return types.EnabledBaselineDriftStatusDrifted
		}
	}
	return types.EnabledBaselineDriftStatusInSync
}

// childDrifted: an account under change is on its way and has not drifted.
func (s *Service) childDrifted(tx *state.Tx, b *EnabledBaseline) bool {
	if b.Status == statusUnderChange {
		return false
	}
	account, parent := s.org.Account(tx, targetID(b.Target)), s.tables.baselines.Get(tx, b.Parent)
	return account == nil || parent == nil || s.ouOf(parent) != account.Parent || parent.Version != b.Version
}

// moved looks at an account that was moved. Control Tower's own operations say beforehand where an account goes.
func (s *Service) moved(tx *state.Tx, accountID, from, to string) {
	if to == s.org.RootID(tx) {
		s.tables.leftovers.Delete(tx, accountID)
	}
	if s.theZone(tx) == nil || s.tables.opAccount.First(tx, accountID) != nil {
		return
	}
	m, in := s.tables.byAccount.First(tx, accountID), s.enrolled(tx, accountID)
	switch {
	case m != nil && m.OU == to && s.tables.inherits.Get(tx, accountID) == nil:
		s.repaired(tx, func(d *Drift) bool { return d.Type == driftMoved && d.Account == accountID })
	case s.remedies(tx) && s.Registered(tx, to):
		s.beginInherit(tx, accountID, to, true)
	case s.remedies(tx) && in && !s.sharedAccount(tx, accountID):
		s.beginInherit(tx, accountID, to, false)
	case in:
		s.repaired(tx, func(d *Drift) bool { return d.Type == driftMoved && d.Account == accountID })
		s.report(tx, Drift{Type: driftMoved, Account: accountID, Source: from, Destination: to})
	}
}

// left looks at an account that leaves the organization: its product shows it, and stays until somebody terminates it.
func (s *Service) left(tx *state.Tx, accountID string) {
	s.lost(tx, accountID)
	if s.enrolled(tx, accountID) {
		s.report(tx, Drift{Type: driftRemoved, Account: accountID})
	}
}

// gone looks at an account that ceases to exist, 90 days after it was closed.
func (s *Service) gone(tx *state.Tx, accountID string) {
	s.lost(tx, accountID)
	if row := s.enabledOn(tx, controlTowerBaseline, s.org.AccountARN(tx, accountID)); row != nil {
		s.tables.baselines.Delete(tx, row.ARN)
	}
}

func (s *Service) lost(tx *state.Tx, accountID string) {
	if m := s.tables.byAccount.First(tx, accountID); m != nil {
		s.catalog.Taint(tx, m.ProductID, *failure(codeNotFound, textF25, accountID))
	}
	s.dropConditions(tx, accountID)
}

// ouDeleted looks at an OU that was deleted.
func (s *Service) ouDeleted(tx *state.Tx, ouID string) {
	row := s.governed(tx, ouID)
	if row == nil {
		return
	}
	name := ""
	for g := range s.tables.guards.From(tx, ouID+"/") {
		if g.OU != ouID {
			break
		}
		name = g.Name
	}
	s.dropGuards(tx, ouID)
	s.dropControls(tx, ouID)
	for _, b := range slices.Collect(s.tables.byTarget.Of(tx, row.Target)) { // what else is enabled there goes along
		s.tables.tags.Delete(tx, b.ARN)
		s.tables.baselines.Delete(tx, b.ARN)
	}
	s.report(tx, Drift{Type: driftOUDeleted, OU: ouID, Name: name})
}

// policyChanged looks at a policy of Control Tower's that somebody changed, or put or took where it does not belong.
func (s *Service) policyChanged(tx *state.Tx, c organizations.PolicyChange) {
	g := s.tables.byPolicy.First(tx, c.PolicyID)
	if g == nil {
		return
	}
	switch {
	case c.Kind == organizations.PolicyUpdated:
		s.drifted(tx, s.org.Policy(tx, c.PolicyID).Content != g.Content, Drift{Type: driftSCPUpdated, OU: g.OU, Policy: c.PolicyID})
	case c.Target == g.OU:
		s.drifted(tx, c.Kind == organizations.PolicyDetached, Drift{Type: driftSCPDetached, OU: g.OU, Policy: c.PolicyID})
	case s.config.Profile == Current: // no longer reported
	case strings.HasPrefix(c.Target, "ou-") || strings.HasPrefix(c.Target, "r-"):
		s.drifted(tx, c.Kind == organizations.PolicyAttached, Drift{Type: driftSCPOnOU, OU: c.Target, Policy: c.PolicyID})
	default:
		s.drifted(tx, c.Kind == organizations.PolicyAttached, Drift{Type: driftSCPOnMember, Account: c.Target, Policy: c.PolicyID})
	}
}

// drifted reports a drift that is there, and forgets one that is there no more.
func (s *Service) drifted(tx *state.Tx, is bool, d Drift) {
	if is {
		s.report(tx, d)
		return
	}
	s.tables.drifts.Delete(tx, d.key())
}

// distrusted looks at a service that lost its access to the organization.
func (s *Service) distrusted(tx *state.Tx, principal string) {
	if slices.Contains(trustedServices, principal) {
		s.report(tx, Drift{Type: driftTrust, Service: principal})
	}
}
