package state

import (
	"context"
	"errors"
	"fmt"
	"runtime/debug"
	"slices"
	"strings"
	"time"
)

// aheadLimit is how many steps the runner does in memory before it waits for the file.
const aheadLimit = 256

// runLoop does due steps in order, each its own transaction, until ctx ends.
func (s *Store) runLoop(ctx context.Context) {
	for {
		wake, moved := s.scheduled.wait(), s.clock.Changed()
		var last *commit
		failed := false
		for n := 0; n < aheadLimit; n++ {
			c, more, err := s.runOnce()
			if errors.Is(err, ErrClosed) {
				return
			}
			if err != nil {
				s.log.Error("operation step failed", "error", err)
				failed = failed || !more
			}
			if c != nil {
				last = c
			}
			if !more {
				break
			}
		}
		failed = last != nil && last.wait() != nil || failed
		if failed && !s.pause(ctx, 50*time.Millisecond) {
			return
		}
		if !s.idle(ctx, wake, moved) {
			return
		}
	}
}

// runOnce does the first due step, and reports whether there was one.
func (s *Store) runOnce() (c *commit, more bool, err error) {
	var failed error // the step's error, which does not undo its new due time
	var fatal *Fault
	c, err = s.apply(func(tx *Tx) error {
		op := s.firstDue(tx)
		if op == nil {
			return nil
		}
		more = true
		if fatal = s.fatal(tx, op); fatal != nil && fatal.Kind == FaultKillBefore {
			return nil
		}
		failed = s.do(tx, op)
		return nil
	})
	if err != nil {
		return c, false, err
	}
	if fatal != nil && (c == nil || c.wait() == nil) {
		s.log.Warn("fault strikes", "fault", fatal.ID, "kind", fatal.Kind, "step", fatal.Step)
		s.opts.Kill()
	}
	return c, more, failed
}

// fatal takes the kill fault that strikes at a step, if any. It is counted down in the same transaction, so that it does
// not strike again after the start: alone when the process dies before the step, with the step when it dies after.
func (s *Store) fatal(tx *Tx, op *Operation) *Fault {
	if s.opts.Kill == nil {
		return nil
	}
	service, operation, _ := strings.Cut(op.Kind, ".")
	return tx.TakeFault(FaultPoint{Run: true, Service: service, Operation: operation, Step: op.Step})
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

// do runs one step inside tx, at the time it was due: so when the clock jumps, or the process was away, a chain of steps
// goes through as it would have in AWS meanwhile. A step that fails leaves nothing but a later due time.
func (s *Store) do(tx *Tx, op *Operation) error {
	next, now := *op, tx.now
	tx.now = op.Due
	before, writes := *tx.root, len(tx.writes)
	before.trees = slices.Clone(before.trees)
	err := tx.run(func(tx *Tx) error { return s.step(tx, op, &next) })
	if err == nil {
		err = tx.run(func(tx *Tx) error { s.keep(tx, &next); return nil })
	}
	if err != nil {
		*tx.root, tx.own, tx.writes, tx.err = before, make([]bool, len(tx.own)), tx.writes[:writes], nil
		next, tx.now = *op, now
		next.Tries++
		next.Due = tx.after(min(time.Second<<min(next.Tries, 6), time.Minute))
		s.keep(tx, &next)
		err = fmt.Errorf("%s %s, step %s: %w", op.Kind, op.Ref, op.Step, err)
	}
	return err
}

// step calls the handler. A handler that panics must not take the process with it, nor, at every start, the next one.
func (s *Store) step(tx *Tx, op, next *Operation) (err error) {
	defer func() {
		if p := recover(); p != nil {
			err = fmt.Errorf("panic: %v\n%s", p, debug.Stack())
		}
	}()
	handle := s.handlers[op.Kind]
	if handle == nil {
		return errors.New("nobody handles this kind of operation")
	}
	if err := handle(tx, next); err != nil {
		return err
	}
	if *next == *op && !tx.said {
		return errors.New("the step said neither what comes next nor that it is done")
	}
	return nil
}

// keep stores what the step made of its operation, unless the step has cancelled it.
func (s *Store) keep(tx *Tx, next *Operation) {
	switch {
	case s.system.operations.Get(tx, next.ID) == nil:
	case next.Step == "":
		s.system.operations.Delete(tx, next.ID)
	default:
		s.system.operations.Put(tx, next)
	}
}

// idle waits until an operation may be due, and reports false when ctx ended.
func (s *Store) idle(ctx context.Context, wake, moved <-chan struct{}) bool {
	var timer <-chan time.Time
	if d, ok := s.nextDue(); ok {
		if d == 0 {
			return ctx.Err() == nil
		}
		t := time.NewTimer(min(d, idleLimit))
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

// idleLimit bounds a sleep: a computer that slept meanwhile wakes with its timers behind.
const idleLimit = time.Minute

// nextDue gives the real time until the first operation is due; ok is false when none will be by itself.
func (s *Store) nextDue() (d time.Duration, ok bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.closed {
		return 0, false
	}
	for op := range s.system.due.From(&Tx{store: s, root: s.newest}, "") {
		return s.newest.clock.Wait(op.Due)
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
