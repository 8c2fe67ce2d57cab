package controltower

import (
	"time"

	"accountfactory/internal/arn"
	"accountfactory/internal/twin/servicecatalog"
	"accountfactory/internal/twin/state"
)

// kindUnmanage takes an account out of Control Tower's care. It does not close it.
const kindUnmanage = "controltower.UnmanageAccount"

const (
	stepDeregister = "deregister"
	paceDeregister = 5 * time.Minute
)

// nothingToUndo tells of a Terminate whose product never got an account, or whose account is gone: it ends at once,
// whatever else goes on.
func (s *Service) nothingToUndo(tx *state.Tx, job servicecatalog.Job) bool {
	m := s.tables.managed.Get(tx, job.ProductID)
	return job.Action == servicecatalog.Terminate && (m == nil || s.org.Account(tx, m.AccountID) == nil)
}

// startUnmanage begins to unmanage.
func (s *Service) startUnmanage(tx *state.Tx, job servicecatalog.Job) error {
	managed := s.tables.managed.Get(tx, job.ProductID)
	if s.nothingToUndo(tx, job) {
		s.forget(tx, managed)
		s.catalog.Complete(tx, job.RecordID, servicecatalog.Outcome{})
		return nil
	}
	op := &Operation{ID: arn.UUID(tx), Action: job.Action, RecordID: job.RecordID, ProductID: job.ProductID, AccountID: managed.AccountID, OU: managed.OU, Requested: tx.Now()}
	s.limitTime(tx, op)
	s.tables.operations.Put(tx, op)
	s.setStatus(tx, s.org.AccountARN(tx, op.AccountID), statusUnderChange)
	tx.Begin(kindUnmanage, op.ID, stepDeregister, tx.Pace(paceDeregister))
	return nil
}

// unmanageStep removes what Control Tower put there. The account goes to the root; its users keep their access, as in AWS.
func (s *Service) unmanageStep(tx *state.Tx, run *state.Operation) error {
	row := s.tables.operations.Get(tx, run.Ref)
	if row == nil {
		run.Done()
		return nil
	}
	op := *row
	if s.struck(tx, run, &op) {
		return nil
	}
	s.release(tx, s.tables.managed.Get(tx, op.ProductID))
	s.drop(tx, &op)
	s.catalog.Complete(tx, op.RecordID, servicecatalog.Outcome{PhysicalID: op.AccountID})
	run.Done()
	return nil
}

// release lets go of an account. One whose enrollment never finished stays where it is, with what was begun in it: that is
// what a second try stumbles over until the account is moved to the root (troubleshooting page, "Failed to enroll"). An
// account that Control Tower made goes to the root in any case, and stays usable for a second try when it was the first
// that failed.
func (s *Service) release(tx *state.Tx, m *ManagedAccount) {
	defer s.forget(tx, m)
	account := s.org.Account(tx, m.AccountID)
	if account == nil {
		return
	}
	if m.Existing && !m.Enrolled {
		if m.OU != "" && account.Parent == m.OU { // it came as far as being moved
			s.tables.leftovers.Put(tx, &Leftover{AccountID: m.AccountID, OU: m.OU})
		}
	} else if account.Parent != s.org.RootID(tx) {
		if err := s.org.Move(tx, m.AccountID, account.Parent, s.org.RootID(tx)); err != nil {
			tx.Fail(err)
		}
	}
	if m.Laid {
		s.dropBaselineRoles(tx, m.AccountID)
	}
	if m.Enrolled && s.config.Profile == Current {
		s.iam.DeleteRole(tx, m.AccountID, ExecutionRole)
	}
}

// forget drops what is kept of a managed account; nil is fine.
func (s *Service) forget(tx *state.Tx, m *ManagedAccount) {
	if m == nil {
		return
	}
	if row := s.enabledOn(tx, controlTowerBaseline, s.org.AccountARN(tx, m.AccountID)); row != nil {
		s.tables.baselines.Delete(tx, row.ARN)
	}
	s.repaired(tx, func(d *Drift) bool { return d.Account == m.AccountID })
	s.tables.managed.Delete(tx, m.ProductID)
}
