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

// startUnmanage begins to unmanage, one account at a time. A product that never got an account has nothing to undo and
// ends at once.
func (s *Service) startUnmanage(tx *state.Tx, job servicecatalog.Job) error {
	managed := s.tables.managed.Get(tx, job.ProductID)
	if managed == nil || s.org.Account(tx, managed.AccountID) == nil {
		s.forget(tx, managed)
		s.catalog.Complete(tx, job.RecordID, servicecatalog.Outcome{})
		return nil
	}
	if s.tables.operations.Len(tx) > 0 {
		return errOtherOperation()
	}
	op := &Operation{ID: arn.UUID(tx), Action: job.Action, RecordID: job.RecordID, ProductID: job.ProductID, AccountID: managed.AccountID, OU: managed.OU, Requested: tx.Now()}
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
	managed := s.tables.managed.Get(tx, op.ProductID)
	if account := s.org.Account(tx, op.AccountID); account != nil && account.Parent != s.org.RootID(tx) {
		if err := s.org.Move(tx, op.AccountID, account.Parent, s.org.RootID(tx)); err != nil {
			return err
		}
	}
	s.dropBaselineRoles(tx, op.AccountID)
	s.iam.DeleteRole(tx, op.AccountID, ExecutionRole)
	s.forget(tx, managed)
	s.tables.operations.Delete(tx, op.ID)
	s.catalog.Complete(tx, op.RecordID, servicecatalog.Outcome{PhysicalID: op.AccountID})
	run.Done()
	return nil
}

// forget drops what is kept of a managed account; nil is fine.
func (s *Service) forget(tx *state.Tx, m *ManagedAccount) {
	if m == nil {
		return
	}
	if row := s.enabledOn(tx, controlTowerBaseline, s.org.AccountARN(tx, m.AccountID)); row != nil {
		s.tables.baselines.Delete(tx, row.ARN)
	}
	s.tables.managed.Delete(tx, m.ProductID)
}
