package controltower

import (
	"slices"
	"time"

	"accountfactory/internal/twin/state"
)

// kindDeadline ends an account operation that takes too long. The troubleshooting page says to terminate what takes longer
// than an hour, which Service Catalog allows only once the record has ended.
const kindDeadline = "controltower.Deadline"

// What an account operation may wait for: operations of Organizations and of Identity Center.
const (
	kindCreate = "organizations.CreateAccount"
	kindAssign = "ssoadmin.CreateAccountAssignment"
)

const (
	stepDeadline = "deadline"
	timeLimit    = time.Hour
	moreTime     = 5 * time.Minute
)

func (s *Service) limitTime(tx *state.Tx, op *Operation) {
	op.Deadline = tx.Begin(kindDeadline, op.ID, stepDeadline, tx.Limit(timeLimit)).ID
}

func (s *Service) deadlineStep(tx *state.Tx, run *state.Operation) error {
	row := s.tables.operations.Get(tx, run.Ref)
	if row == nil {
		run.Done()
		return nil
	}
	if s.moving(tx, row) {
		run.Next(tx, stepDeadline, tx.Limit(moreTime))
		return nil
	}
	run.Done()
	op := *row
	op.Deadline = ""
	s.failed(tx, &op, failure(codeInternal, textF12))
	return nil
}

// moving tells whether an operation's next step comes by itself, and not to ask again in vain. Then only the clock was put
// ahead: it did not take an hour, and is not held up.
func (s *Service) moving(tx *state.Tx, op *Operation) bool {
	goesOn := func(kind, ref string) bool {
		return slices.ContainsFunc(tx.Running(kind, ref), func(step *state.Operation) bool { return !step.Stuck })
	}
	return goesOn(kindManage, op.ID) && !op.Refused || goesOn(kindUnmanage, op.ID) || goesOn(kindCreate, op.CreateID) ||
		slices.ContainsFunc(op.Pending, func(id string) bool { return goesOn(kindAssign, id) })
}

// drop forgets an operation that has ended, with its time limit.
func (s *Service) drop(tx *state.Tx, op *Operation) {
	if op.Deadline != "" {
		tx.Cancel(op.Deadline)
	}
	s.tables.operations.Delete(tx, op.ID)
}
