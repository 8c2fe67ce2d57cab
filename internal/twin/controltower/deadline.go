package controltower

import (
	"time"

	"accountfactory/internal/twin/state"
)

// kindDeadline ends an account operation that takes too long. The troubleshooting page says to terminate what takes longer
// than an hour, which Service Catalog allows only once the record has ended.
const kindDeadline = "controltower.Deadline"

const (
	stepDeadline = "deadline"
	timeLimit    = time.Hour
)

func (s *Service) limitTime(tx *state.Tx, op *Operation) {
	op.Deadline = tx.Begin(kindDeadline, op.ID, stepDeadline, tx.Limit(timeLimit)).ID
}

func (s *Service) deadlineStep(tx *state.Tx, run *state.Operation) error {
	run.Done()
	row := s.tables.operations.Get(tx, run.Ref)
	if row == nil {
		return nil
	}
	op := *row
	op.Deadline = ""
	for _, kind := range []string{kindManage, kindUnmanage} {
		for _, step := range tx.Running(kind, op.ID) {
			tx.Cancel(step.ID)
		}
	}
	s.failed(tx, &op, failure(codeInternal, textF12))
	return nil
}

// drop forgets an operation that has ended, with its time limit.
func (s *Service) drop(tx *state.Tx, op *Operation) {
	if op.Deadline != "" {
		tx.Cancel(op.Deadline)
	}
	s.tables.operations.Delete(tx, op.ID)
}
