package organizations

import (
	"time"

	"accountfactory/internal/twin/state"
)

const (
	closeKind  = "organizations.CloseAccount"
	closeTime  = 3 * time.Minute     // AWS: "a few minutes"
	closedTime = 90 * 24 * time.Hour // how long a closed account is still listed and could be reopened
	closeSpan  = 30 * 24 * time.Hour // the closing quota's rolling period
)

// Steps of a closure.
const (
	stepClose  = "close"
	stepRemove = "remove"
)

// Close starts the closure of a member account. It returns AccountNotFoundException, AccountAlreadyClosedException,
// ConflictException while it is being closed, or ConstraintViolationException for the management account or a quota.
func (s *Service) Close(tx *state.Tx, accountID string) error {
	org, a := s.Organization(tx), s.accounts.Get(tx, accountID)
	switch {
	case a == nil:
		return errAccountNotFound()
	case a.ID == org.ManagementID:
		return errCloseManagement()
	case org.FeatureSet != AllFeatures:
		return errNotAllFeatures()
	case a.State == Closed:
		return errAccountClosed()
	case a.State == PendingClosure:
		return errClosing()
	}
	running, recent := s.countClosures(tx)
	if running >= s.quotas.Closures {
		return errTooManyClosures()
	}
	if recent >= closeQuota(s.accounts.Len(tx)-1) {
		return errCloseQuota()
	}
	s.accounts.Change(tx, accountID, func(a *Account) { a.State, a.Closed = PendingClosure, tx.Now() })
	tx.Begin(closeKind, accountID, stepClose, tx.Pace(closeTime))
	return nil
}

// closeQuota is how many accounts may be closed in 30 days.
// Source: Organizations API Reference, CloseAccount.
func closeQuota(members int) int { return min(1000, max(250, members/5)) }

// countClosures gives how many closures are running, and how many began within the quota's period.
func (s *Service) countClosures(tx *state.Tx) (running, recent int) {
	for a := range s.closures.From(tx, timeKey(tx.Now().Add(-closeSpan))) {
		recent++
		if a.State == PendingClosure {
			running++
		}
	}
	return running, recent
}

// closeStep moves a closure on: the account is closed at first, and ceases to exist later.
func (s *Service) closeStep(tx *state.Tx, op *state.Operation) error {
	a := s.accounts.Get(tx, op.Ref)
	fault := tx.TakeFault(state.FaultPoint{Service: "organizations", Operation: "CloseAccount", Step: op.Step, Account: a.ID, Email: a.Email})
	if fault != nil && fault.Kind == state.FaultStuck {
		op.Stuck = true
		return nil
	}
	if op.Step == stepRemove {
		op.Done()
		s.remove(tx, a)
		return nil
	}
	if fault != nil { // AWS could not close it, and says so only by its state
		op.Done()
		s.accounts.Change(tx, a.ID, func(a *Account) { a.State, a.Closed = Active, time.Time{} })
		return nil
	}
	op.Next(tx, stepRemove, a.Closed.Add(closedTime).Sub(tx.Now()))
	s.accounts.Change(tx, a.ID, func(a *Account) { a.State = Closed })
	for _, f := range s.closed {
		f(tx, a.ID)
	}
	return nil
}

// remove takes an account out of the world for good.
func (s *Service) remove(tx *state.Tx, a *Account) {
	for _, f := range s.gone {
		f(tx, a.ID)
	}
	s.members.RemoveAccount(tx, a.ID)
	s.deregisterAll(tx, a.ID)
	s.detachAll(tx, a.ID)
	s.spent.Put(tx, &spentEmail{Email: a.Email})
	s.accounts.Delete(tx, a.ID)
}
