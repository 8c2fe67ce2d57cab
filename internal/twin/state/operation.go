package state

import (
	"fmt"
	"time"

	"accountfactory/internal/arn"
)

// Operation is something that takes time in AWS: a durable row with the next step and when it is due. What it works on
// lies in the service's own rows, found by Ref.
type Operation struct {
	ID    string
	Kind  string // "organizations.CreateAccount"; names the Step function that Handle declared
	Ref   string // key of the service's row
	Step  string // next step
	Due   time.Time
	Begun time.Time
	Tries int  `json:",omitempty"` // failed runs of the present step
	Stuck bool `json:",omitempty"` // never due, until SetStuck says otherwise

	// Turn orders operations due at the same moment: who began first goes first.
	Turn uint64 `json:",omitempty"`
}

// Step does an operation's due step and says in op what comes next, by Next or Done. An error rolls the step back; it is
// tried again later.
type Step func(tx *Tx, op *Operation) error

// Next sets the next step, due after d of twin time.
func (op *Operation) Next(tx *Tx, step string, d time.Duration) {
	op.Step, op.Due, op.Tries = step, tx.after(d), 0
	tx.said = true
}

// after gives a due time, to the millisecond like the clock that decides what is due.
func (tx *Tx) after(d time.Duration) time.Time { return tx.now.Add(d).Truncate(time.Millisecond) }

// Done ends the operation; its row goes.
func (op *Operation) Done() { op.Step = "" }

// Handle declares, before Open, what does the steps of a kind of operation.
func (s *Store) Handle(kind string, step Step) {
	if s.handlers[kind] != nil {
		panic("state: operation " + kind + " declared twice")
	}
	s.handlers[kind] = step
}

// Begin starts an operation whose first step is due after d of twin time.
func (tx *Tx) Begin(kind, ref, step string, d time.Duration) *Operation {
	if tx.store.handlers[kind] == nil {
		panic("state: nobody handles operation " + kind)
	}
	op := &Operation{ID: arn.UUID(tx), Kind: kind, Ref: ref, Step: step, Due: tx.after(d), Begun: tx.now}
	op.Turn = tx.root.mark.Seq<<16 + min(tx.begun, 1<<16-1)
	tx.begun++
	tx.store.system.operations.Put(tx, op)
	tx.scheduled = true
	return op
}

// Running gives the operations of a kind that work on ref, usually none or one.
func (tx *Tx) Running(kind, ref string) []*Operation {
	var out []*Operation
	for op := range tx.store.system.about.Of(tx, kind+"/"+ref) {
		out = append(out, op)
	}
	return out
}

// Operations gives all running operations; for the lab.
func (tx *Tx) Operations() []*Operation {
	var out []*Operation
	for op := range tx.store.system.operations.All(tx) {
		out = append(out, op)
	}
	return out
}

// Cancel ends an operation from outside its steps.
func (tx *Tx) Cancel(id string) bool { return tx.store.system.operations.Delete(tx, id) }

// SetStuck stops an operation where it stands, or lets it go on from now; it reports whether there is one.
func (tx *Tx) SetStuck(id string, stuck bool) bool {
	tx.scheduled = true
	return tx.store.system.operations.Change(tx, id, func(op *Operation) {
		if op.Stuck && !stuck && op.Due.Before(tx.now) {
			op.Due = tx.after(0)
		}
		op.Stuck = stuck
	})
}

// dueKey sorts as the operations' turns do.
func dueKey(op *Operation) string {
	return fmt.Sprintf("%s-%016x", op.Due.UTC().Format("20060102T150405.000000000"), op.Turn)
}
