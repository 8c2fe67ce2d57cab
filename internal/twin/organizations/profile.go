package organizations

import (
	"cmp"
	"time"

	"accountfactory/internal/twin/state"
)

// Profile is what Account Management shows of an account, in the organization or outside it.
type Profile struct {
	ID, Name, Email string
	State           State
	Created         time.Time // zero when not known
}

// Profile gives the profile of an account, or nil when there is none.
func (s *Service) Profile(tx *state.Tx, id string) *Profile {
	if a := s.accounts.Get(tx, id); a != nil {
		return &Profile{ID: a.ID, Name: a.Name, Email: a.Email, State: a.State, Created: cmp.Or(a.Created, a.Joined)}
	}
	if o := s.outsider(tx, id); o != nil {
		return &Profile{ID: o.ID, Name: o.Name, Email: o.Email, State: Active, Created: o.Created}
	}
	return nil
}

// outsider gives an account outside the organization, or nil. The account the twin was set up with is one as long as there
// is no organization.
func (s *Service) outsider(tx *state.Tx, id string) *formerMember {
	if o := s.outside.Get(tx, id); o != nil {
		return o
	}
	if id == s.config.ManagementAccountID && s.Organization(tx) == nil {
		return &formerMember{ID: id, Email: s.config.ManagementEmail, Name: s.config.ManagementName}
	}
	return nil
}

// Rename gives an account another name; for Account Management.
func (s *Service) Rename(tx *state.Tx, accountID, name string) error {
	if s.accounts.Change(tx, accountID, func(a *Account) { a.Name = name }) {
		return nil
	}
	o := s.outsider(tx, accountID)
	if o == nil {
		return errAccountNotFound()
	}
	renamed := *o
	renamed.Name = name
	s.outside.Put(tx, &renamed)
	return nil
}

// ChangeEmail gives an account another e-mail; for Account Management. It reports whether the e-mail was free: the old one
// is free again, other than that of a closed account.
func (s *Service) ChangeEmail(tx *state.Tx, accountID, email string) (free bool, err error) {
	a := s.accounts.Get(tx, accountID)
	if a == nil {
		return false, errAccountNotFound()
	}
	if folded(a.Email) != folded(email) && s.EmailTaken(tx, email) {
		return false, nil
	}
	s.accounts.Change(tx, accountID, func(a *Account) { a.Email = email })
	return true, nil
}
