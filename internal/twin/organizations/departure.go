package organizations

import (
	"cmp"
	"time"

	"accountfactory/internal/twin/state"
)

// leaveAfter is how old a created account must be to leave.
// Source: Organizations API Reference, ConstraintViolationException, WAIT_PERIOD_ACTIVE.
const leaveAfter = 4 * 24 * time.Hour

// SetStandalone says whether an account has what it needs to be on its own, contact and payment details; for the lab. AWS
// asks people for them on pages the twin does not have, so that without the lab no account ever leaves.
func (s *Service) SetStandalone(tx *state.Tx, accountID string, standalone bool) error {
	if !s.accounts.Change(tx, accountID, func(a *Account) { a.Standalone = standalone }) {
		return errAccountNotFound()
	}
	return nil
}

// Leave takes an account out of the organization. It goes on to exist, with all that IAM knows of it, and its id and
// e-mail stay taken; its tags, policies and place are gone. It returns AccountNotFoundException,
// MasterCannotLeaveOrganizationException, or ConstraintViolationException for a delegated administrator, an account that
// cannot be on its own or one that is too young.
func (s *Service) Leave(tx *state.Tx, accountID string) error {
	a := s.accounts.Get(tx, accountID)
	switch {
	case a == nil:
		return errAccountNotFound()
	case a.ID == s.Organization(tx).ManagementID:
		return errMasterCannotLeave()
	case s.IsDelegated(tx, accountID):
		return errDelegatedCannotLeave()
	case !a.Standalone || a.State != Active:
		return errNotStandalone()
	case a.JoinedMethod == joinedCreated && tx.Now().Before(a.Joined.Add(leaveAfter)):
		return errTooYoungToLeave()
	}
	for _, f := range s.left {
		f(tx, accountID)
	}
	s.detachAll(tx, accountID)
	s.accounts.Delete(tx, accountID)
	s.outside.Put(tx, &formerMember{ID: a.ID, Email: a.Email, Name: a.Name, Left: tx.Now(), Created: cmp.Or(a.Created, a.Joined)})
	return nil
}
