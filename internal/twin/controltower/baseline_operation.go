package controltower

import (
	"slices"
	"strings"
	"time"

	"accountfactory/internal/twin/state"
)

// kindBaseline is what the API's operations on an OU's baseline do over time: they register it, register it again, bring
// it up to date or unregister it, the OU first, then its accounts one after the other.
const kindBaseline = "controltower.Baseline"

const (
	stepPrecheck = "precheck"
	stepOU       = "organizational-unit"
	stepEach     = "account"
)

// Ten minutes for an OU and up to two for each account (user guide, "Register an existing organizational unit").
const (
	paceOU   = 10 * time.Minute
	paceEach = 90 * time.Second
)

func (s *Service) baselineStep(tx *state.Tx, run *state.Operation) error {
	w, why, stuck := s.workAt(tx, run)
	if w == nil || stuck {
		return nil
	}
	if s.tables.baselines.Get(tx, w.Subject) == nil { // it went with its organizational unit
		run.Done()
		s.end(tx, w.ID, *text("The organizational unit %s no longer exists.", w.OU))
		return nil
	}
	if why == "" {
		why = s.baselineWork(tx, run, w)
	}
	if why != "" {
		run.Done()
		s.baselineEnded(tx, s.tables.work.Get(tx, w.ID), why)
	}
	return nil
}

// baselineWork does one step, and says why it failed.
func (s *Service) baselineWork(tx *state.Tx, run *state.Operation, w *Work) string {
	switch run.Step {
	case stepPrecheck:
		if why := s.precheck(tx, w); why != "" {
			return why
		}
		run.Next(tx, stepOU, tx.Pace(paceOU))
	case stepOU:
		todo := s.doOU(tx, w)
		s.tables.work.Change(tx, w.ID, func(w *Work) { w.Todo = todo })
		s.nextAccount(tx, run, todo)
	case stepEach:
		if len(w.Todo) > 0 {
			s.doAccount(tx, w, w.Todo[0])
			s.tables.work.Change(tx, w.ID, func(w *Work) { w.Todo = w.Todo[1:] })
			s.nextAccount(tx, run, w.Todo[1:])
			return ""
		}
		run.Done()
		s.baselineEnded(tx, w, "")
	}
	return ""
}

func (s *Service) nextAccount(tx *state.Tx, run *state.Operation, todo []string) {
	takes := paceEach
	if len(todo) == 0 {
		takes = 0
	}
	run.Next(tx, stepEach, tx.Pace(takes))
}

// doOU does the OU's own part and gives the accounts that come next.
func (s *Service) doOU(tx *state.Tx, w *Work) (accounts []string) {
	if !s.isControlTower(tx, w) {
		return nil
	}
	if w.Name == opDisableBaseline {
		for b := range s.tables.byParent.Of(tx, w.Subject) {
			accounts = append(accounts, targetID(b.Target))
		}
		return accounts
	}
	s.tables.baselines.Change(tx, w.Subject, func(b *EnabledBaseline) { b.Version = w.Version })
	s.putGuards(tx, w.OU)
	s.repaired(tx, func(d *Drift) bool { return d.OU == w.OU && strings.HasPrefix(d.Type, "SCP_") })
	for a := range s.org.ChildAccounts(tx, w.OU) {
		if a.ID != s.config.ManagementAccountID && !s.sharedAccount(tx, a.ID) {
			accounts = append(accounts, a.ID)
			s.during(tx, s.child(tx, a.ID, w.OU, statusUnderChange), w)
		}
	}
	return accounts
}

// during names the operation that changes an account's baseline along with its OU's.
func (s *Service) during(tx *state.Tx, b *EnabledBaseline, w *Work) {
	s.tables.baselines.Change(tx, b.ARN, func(b *EnabledBaseline) { b.Operation = w.ID })
}

func (s *Service) isControlTower(tx *state.Tx, w *Work) bool {
	row := s.tables.baselines.Get(tx, w.Subject)
	return row != nil && row.Baseline == s.baselineARN(controlTowerBaseline)
}

// sharedAccount tells whether an account is one of the landing zone's own.
func (s *Service) sharedAccount(tx *state.Tx, accountID string) bool {
	zone := s.theZone(tx)
	m := reads[manifest](zone.Manifest)
	return slices.Contains(m.accounts(zone.Version), accountID)
}

// doAccount brings one account in line, or lets go of it.
func (s *Service) doAccount(tx *state.Tx, w *Work, accountID string) {
	account := s.org.Account(tx, accountID)
	if account == nil {
		return // gone meanwhile
	}
	if w.Name == opDisableBaseline {
		s.expel(tx, accountID)
		return
	}
	if account.Parent != w.OU {
		return // moved elsewhere meanwhile
	}
	if why := s.adopt(tx, w.Caller, accountID, w.OU); why != nil {
		s.child(tx, accountID, w.OU, statusFailed)
	}
	if row := s.enabledOn(tx, controlTowerBaseline, s.org.AccountARN(tx, accountID)); row != nil {
		s.during(tx, row, w)
	}
}

// notReached fails the accounts that an operation put under change and did not come to: one that ended early, or an account
// that left meanwhile. Those that move into the OU by themselves are not its own.
func (s *Service) notReached(tx *state.Tx, w *Work) {
	for _, b := range slices.Collect(s.tables.byParent.Of(tx, w.Subject)) {
		if b.Status == statusUnderChange && s.tables.inherits.Get(tx, targetID(b.Target)) == nil {
			s.tables.baselines.Change(tx, b.ARN, func(b *EnabledBaseline) { b.Status = statusFailed })
		}
	}
}

// baselineEnded shows how it ended on the OU, and reports it.
func (s *Service) baselineEnded(tx *state.Tx, w *Work, why string) {
	s.notReached(tx, w)
	if failed := s.failedAccounts(tx, w); why == "" && len(failed) > 0 {
		why = *text("AWS Control Tower could not complete the operation on these accounts: %s.", strings.Join(failed, ", "))
	}
	s.end(tx, w.ID, why)
	control := s.isControlTower(tx, w)
	switch {
	case why != "":
		s.tables.baselines.Change(tx, w.Subject, func(b *EnabledBaseline) { b.Status = statusFailed })
	case w.Name == opDisableBaseline:
		if control {
			s.dropGuards(tx, w.OU)
			s.dropControls(tx, w.OU)
		}
		s.tables.tags.Delete(tx, w.Subject)
		s.tables.baselines.Delete(tx, w.Subject)
	default:
		s.tables.baselines.Change(tx, w.Subject, func(b *EnabledBaseline) { b.Status, b.Version = statusSucceeded, w.Version })
	}
	if control {
		s.postOU(tx, w, why)
	}
}

func (s *Service) failedAccounts(tx *state.Tx, w *Work) (out []string) {
	if w.Name == opDisableBaseline {
		return nil
	}
	for b := range s.tables.byParent.Of(tx, w.Subject) {
		if b.Status == statusFailed {
			out = append(out, targetID(b.Target))
		}
	}
	return out
}
