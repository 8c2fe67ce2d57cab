package controltower

import (
	"slices"
	"time"

	"accountfactory/internal/twin/state"
	"accountfactory/internal/wire"
)

// kindInherit brings an account that somebody moved in line with its new OU, when the landing zone remedies inheritance
// drift: into a registered OU enrolls it, out of one lets go of it. Source: user guide, "Move and enroll accounts with
// auto-enrollment".
const kindInherit = "controltower.Inherit"

const (
	stepSettle  = "settle"
	stepInherit = "inherit"
)

const (
	paceSettle  = 3 * time.Minute
	paceInherit = 12 * time.Minute
)

const remedyInheritance = "INHERITANCE_DRIFT"

// remedies tells whether moving an account is all it takes.
func (s *Service) remedies(tx *state.Tx) bool {
	zone := s.theZone(tx)
	return zone != nil && slices.Contains(zone.Remediation, remedyInheritance)
}

// beginInherit starts it anew for an account that was moved.
func (s *Service) beginInherit(tx *state.Tx, accountID, ouID string, enroll bool) {
	if old := s.tables.inherits.Get(tx, accountID); old != nil {
		s.endInherit(tx, old)
	}
	s.tables.inherits.Put(tx, &Inherit{AccountID: accountID, OU: ouID, Enroll: enroll, Since: tx.Now()})
	if enroll {
		s.child(tx, accountID, ouID, statusUnderChange)
	} else {
		s.setStatus(tx, s.org.AccountARN(tx, accountID), statusUnderChange)
	}
	tx.Begin(kindInherit, accountID, stepSettle, tx.Pace(paceSettle))
}

func (s *Service) endInherit(tx *state.Tx, i *Inherit) {
	for _, run := range tx.Running(kindInherit, i.AccountID) {
		tx.Cancel(run.ID)
	}
	s.tables.inherits.Delete(tx, i.AccountID)
}

func (s *Service) inheritStep(tx *state.Tx, run *state.Operation) error {
	i := s.tables.inherits.Get(tx, run.Ref)
	if i == nil || s.org.Account(tx, run.Ref) == nil {
		run.Done()
		return nil
	}
	if run.Step == stepSettle {
		if s.notItsTurn(tx, i) {
			run.Next(tx, stepSettle, max(retryPause, tx.Pace(paceSettle)))
			return nil
		}
		run.Next(tx, stepInherit, tx.Pace(paceInherit))
		return nil
	}
	f := tx.TakeFault(state.FaultPoint{Service: "controltower", Operation: "Inherit", Step: run.Step, Account: i.AccountID})
	if f != nil && f.Kind == state.FaultStuck {
		run.Stuck = true
		return nil
	}
	run.Done()
	s.tables.inherits.Delete(tx, i.AccountID)
	switch {
	case f != nil:
		s.setStatus(tx, s.org.AccountARN(tx, i.AccountID), statusFailed)
	case !i.Enroll:
		s.expel(tx, i.AccountID)
	default:
		if why := s.adopt(tx, wire.Caller{AccountID: s.config.ManagementAccountID}, i.AccountID, i.OU); why != nil {
			s.setStatus(tx, s.org.AccountARN(tx, i.AccountID), statusFailed)
		}
	}
	return nil
}

// notItsTurn: accounts move into an OU one after the other.
func (s *Service) notItsTurn(tx *state.Tx, i *Inherit) bool {
	for other := range s.tables.inherits.All(tx) {
		if other.OU == i.OU && other.AccountID != i.AccountID && (other.Since.Before(i.Since) || other.Since.Equal(i.Since) && other.AccountID < i.AccountID) {
			return true
		}
	}
	return false
}
