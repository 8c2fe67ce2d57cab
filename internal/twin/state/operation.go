package state

import (
	"context"
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
	Stuck bool `json:",omitempty"` // never due, until Unstick
}

// Step does an operation's due step and says in op what comes next, by Next or Done. An error rolls the step back; it is
// tried again later.
type Step func(tx *Tx, op *Operation) error

// Next sets the next step, due after d of twin time.
func (op *Operation) Next(tx *Tx, step string, d time.Duration) {
	op.Step, op.Due, op.Tries = step, tx.now.Add(d), 0
}

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
	op := &Operation{ID: arn.UUID(tx), Kind: kind, Ref: ref, Step: step, Due: tx.now.Add(d), Begun: tx.now}
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

// SetStuck stops an operation where it stands, or lets it go on; it reports whether there is one.
func (tx *Tx) SetStuck(id string, stuck bool) bool {
	tx.scheduled = true
	return tx.store.system.operations.Change(tx, id, func(op *Operation) { op.Stuck = stuck })
}

// aheadLimit is how many steps the runner does in memory before it waits for the file.
const aheadLimit = 256

// runLoop does due steps in order, each its own transaction, until ctx ends.
func (s *Store) runLoop(ctx context.Context) {
	for {
		wake, moved := s.scheduled.wait(), s.clock.Changed()
		var last *commit
		for n := 0; n < aheadLimit; n++ {
			c, more, err := s.runOnce()
			if err != nil {
				s.log.Error("operation step failed", "error", err)
			}
			if c != nil {
				last = c
			}
			if !more {
				break
			}
		}
		if last != nil && last.wait() != nil && !s.pause(ctx, 50*time.Millisecond) {
			return
		}
		if !s.idle(ctx, wake, moved) {
			return
		}
	}
}

// runOnce does the first due step, and reports whether there was one.
func (s *Store) runOnce() (c *commit, more bool, err error) {
	var failed error
	c, err = s.apply(func(tx *Tx) error {
		op := s.firstDue(tx)
		if op == nil {
			return nil
		}
		more = true
		failed = s.do(tx, op)
		return nil
	})
	if err != nil {
		return c, false, err
	}
	return c, more, failed
}

func (s *Store) firstDue(tx *Tx) *Operation {
	for op := range s.system.due.From(tx, "") {
		if op.Due.After(tx.now) {
			return nil
		}
		return op
	}
	return nil
}

// do runs one step inside tx. A step that fails leaves nothing but a later due time.
func (s *Store) do(tx *Tx, op *Operation) error {
	next := *op
	before := *tx.root
	beforeTrees, beforeOwn, beforeWrites := append([]*trees(nil), tx.root.trees...), tx.own, len(tx.writes)
	tx.own = make([]bool, len(tx.own))
	err := tx.run(func(tx *Tx) error { return s.handlers[op.Kind](tx, &next) })
	if err != nil {
		*tx.root = before
		tx.root.trees, tx.own, tx.writes, tx.err = beforeTrees, beforeOwn, tx.writes[:beforeWrites], nil
		next = *op
		next.Tries++
		next.Due = tx.now.Add(min(time.Second<<min(next.Tries, 6), time.Minute))
		err = fmt.Errorf("%s %s, step %s: %w", op.Kind, op.Ref, op.Step, err)
	}
	if next.Step == "" {
		s.system.operations.Delete(tx, op.ID)
	} else {
		s.system.operations.Put(tx, &next)
	}
	return err
}

// idle waits until an operation may be due, and reports false when ctx ended.
func (s *Store) idle(ctx context.Context, wake, moved <-chan struct{}) bool {
	var timer <-chan time.Time
	if d, ok := s.nextDue(); ok {
		if d == 0 {
			return ctx.Err() == nil
		}
		t := time.NewTimer(d)
		defer t.Stop()
		timer = t.C
	}
	select {
	case <-ctx.Done():
		return false
	case <-wake:
	case <-moved:
	case <-timer:
	}
	return true
}

// nextDue gives the real time until the first operation is due; ok is false when none will be by itself.
func (s *Store) nextDue() (d time.Duration, ok bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.closed {
		return 0, false
	}
	for op := range s.system.due.From(&Tx{store: s, root: s.newest}, "") {
		return s.clock.Wait(op.Due)
	}
	return 0, false
}

func (s *Store) pause(ctx context.Context, d time.Duration) bool {
	select {
	case <-ctx.Done():
		return false
	case <-time.After(d):
		return true
	}
}

// dueKey sorts as its time does.
func dueKey(t time.Time) string { return t.UTC().Format("20060102T150405.000000000") }
