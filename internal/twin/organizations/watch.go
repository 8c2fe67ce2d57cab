package organizations

import "accountfactory/internal/twin/state"

// PolicyChange is what was done to a policy of the organization.
type PolicyChange struct {
	PolicyID string
	Kind     PolicyChangeKind
	Target   string // of an attachment
}

// PolicyChangeKind is a kind of PolicyChange.
type PolicyChangeKind string

// The kinds of changes that listeners are told of.
const (
	PolicyUpdated  PolicyChangeKind = "updated"
	PolicyAttached PolicyChangeKind = "attached"
	PolicyDetached PolicyChangeKind = "detached"
)

// OnPolicy declares, before Open, what is called in the transaction that changes a policy, attaches or detaches it.
func (s *Service) OnPolicy(f func(tx *state.Tx, c PolicyChange)) { s.policy = append(s.policy, f) }

// OnOUDeleted declares, before Open, what is called in the transaction that deletes an organizational unit, after it is
// gone.
func (s *Service) OnOUDeleted(f func(tx *state.Tx, ouID string)) { s.ouGone = append(s.ouGone, f) }

// OnDistrusted declares, before Open, what is called in the transaction that takes a service's access to the organization
// away.
func (s *Service) OnDistrusted(f func(tx *state.Tx, principal string)) {
	s.trust = append(s.trust, f)
}

func (s *Service) policyChanged(tx *state.Tx, c PolicyChange) {
	for _, f := range s.policy {
		f(tx, c)
	}
}

// AccountLimit gives how many accounts the organization may have.
func (s *Service) AccountLimit(tx *state.Tx) int {
	if org := s.Organization(tx); org != nil && org.AccountLimit > 0 {
		return org.AccountLimit
	}
	return s.quotas.Accounts
}

// SetAccountLimit changes how many accounts the organization may have, as AWS does on request; 0 puts the default back. For
// the lab.
func (s *Service) SetAccountLimit(tx *state.Tx, limit int) {
	s.organization.Change(tx, theOrganization, func(o *Organization) { o.AccountLimit = limit })
}
