package iam

import (
	"slices"

	"accountfactory/internal/arn"
	"accountfactory/internal/twin/state"
)

// PutAccount makes an account known; its root user exists from then on. An account that is known stays as it is.
func (s *Service) PutAccount(tx *state.Tx, accountID string) {
	if s.accounts.Get(tx, accountID) == nil {
		s.accounts.Put(tx, &Account{ID: accountID, Created: tx.Now()})
	}
}

// SuspendAccount says whether an account is suspended, that is closed and not yet gone. While it is, no key or session of
// it works and none of its roles can be assumed; what it holds stays, for a reopening.
func (s *Service) SuspendAccount(tx *state.Tx, accountID string, suspended bool) {
	s.accounts.Change(tx, accountID, func(a *Account) { a.Suspended = suspended })
}

// RemoveAccount forgets an account and all it holds.
func (s *Service) RemoveAccount(tx *state.Tx, accountID string) {
	for _, u := range slices.Collect(s.users.of(tx, accountID, "")) {
		s.users.rows.Delete(tx, u.key())
		s.deleteKeys(tx, accountID, u.Name)
	}
	s.deleteKeys(tx, accountID, "")
	for _, m := range slices.Collect(inAccount(tx, s.memberships, accountID, "", func(m *Membership) string { return m.AccountID })) {
		s.memberships.Delete(tx, m.key())
	}
	for _, g := range slices.Collect(s.groups.of(tx, accountID, "")) {
		s.groups.rows.Delete(tx, g.key())
	}
	for _, r := range slices.Collect(s.roles.of(tx, accountID, "")) {
		s.roles.rows.Delete(tx, r.key())
	}
	for _, p := range slices.Collect(s.policiesOf(tx, accountID, "")) {
		s.policies.Delete(tx, key(accountID, p.Name))
	}
	for _, n := range slices.Collect(s.sessionsOf.Of(tx, accountID)) {
		s.sessions.Delete(tx, n.ID)
	}
	for _, d := range slices.Collect(s.deletionsOf.Of(tx, accountID)) {
		s.deletions.Delete(tx, d.ID)
	}
	s.accounts.Delete(tx, accountID)
}

// active tells whether an account is known and not suspended.
func (s *Service) active(tx *state.Tx, accountID string) bool {
	a := s.accounts.Get(tx, accountID)
	return a != nil && !a.Suspended
}

// administratorAccess is the policy AWS gives to those who may do everything.
const administratorAccess = "arn:aws:iam::aws:policy/AdministratorAccess"

// AddMember makes a member account known as Organizations makes it: with a role that lets the management account in.
// Source: Organizations User Guide, "Accessing member accounts in your organization".
func (s *Service) AddMember(tx *state.Tx, accountID, roleName, managementAccountID string) {
	s.PutAccount(tx, accountID)
	s.PutRole(tx, accountID, RoleSpec{Name: roleName, Trust: trustAccount(managementAccountID), Managed: []string{administratorAccess}})
}

// trustAccount is a trust policy that leaves to an account's own policies who of it may assume the role.
func trustAccount(accountID string) string {
	return `{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":{"AWS":"` + rootARN(accountID) + `"},"Action":"sts:AssumeRole"}]}`
}

func rootARN(accountID string) string { return arn.Make("iam", "", accountID, "root") }
