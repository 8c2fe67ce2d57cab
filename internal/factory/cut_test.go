package factory_test

import (
	"context"
	"errors"
	"fmt"
	"io"
	"testing"

	"accountfactory/internal/factory"
)

// scenario is a course of a launch whose every AWS call is cut, or the process killed at, one by one.
type scenario struct {
	name    string
	prepare func(*fakeCloud)
	writes  map[string]int // that take effect
}

var scenarios = []scenario{
	{"plain", func(*fakeCloud) {}, map[string]int{"ProvisionProduct": 1}},
	{"AWS busy once", func(f *fakeCloud) {
		f.fail = func(op string, try int) (string, string) {
			if op == "ProvisionProduct" && try == 1 {
				return "ResourceInUseException", "Account Factory cannot complete an operation on this account, because another AWS Control Tower operation is in progress. Try again later."
			}
			return "", ""
		}
	}, map[string]int{"ProvisionProduct": 2, "TerminateProvisionedProduct": 1}},
}

// countCalls gives how many calls a course makes when nothing goes wrong, from submission on.
func countCalls(t *testing.T, s scenario) (submitted, all int) {
	t.Helper()
	b := setup(t)
	s.prepare(b.cloud)
	d := b.submit(ada, input(1))
	submitted = len(b.cloud.calls)
	if d = b.drive(d.ID, nil); d.State != factory.StateSucceeded {
		t.Fatalf("undisturbed: %s\n%s", d.State, story(d))
	}
	return submitted, len(b.cloud.calls)
}

// check that a request came to its end, once.
func (b *bundle) checkWhole(s scenario, d factory.Detail) {
	b.t.Helper()
	if d.State != factory.StateSucceeded {
		b.t.Errorf("ended as %s\n%s", d.State, story(d))
	}
	for op, want := range s.writes {
		if got := b.cloud.effect(op); got != want {
			b.t.Errorf("%d %s took effect, want %d\n%s", got, op, want, story(d))
		}
	}
	if n := b.cloud.accountsOf("team1@example.com"); n != 1 {
		b.t.Errorf("%d accounts, want 1", n)
	}
}

// cuts are the ways in which a call comes to nothing. Only a connection is lost after the call took effect.
var cuts = []error{
	io.ErrUnexpectedEOF,
	apiError("ThrottlingException", "Rate exceeded"),
	apiError("InternalFailure", "The request processing has failed because of an unknown error."),
}

// cutCall cuts the n-th call, before or after it took effect.
func cutCall(n int, after bool) func(string, int) (error, error) {
	return func(_ string, i int) (error, error) {
		switch {
		case i != n:
			return nil, nil
		case after:
			return nil, cuts[0]
		}
		return cuts[n%len(cuts)], nil
	}
}

// dieAtCall ends the process at the n-th call, before or after it took effect, and starts another on its database.
func (b *bundle) dieAtCall(t *testing.T, id string, n int, after bool) {
	t.Helper()
	life, die := context.WithCancel(t.Context())
	b.cloud.fault = func(_ string, i int) (error, error) {
		if i != n {
			return nil, nil
		}
		die()
		if after {
			return nil, life.Err()
		}
		return life.Err(), nil
	}
	for life.Err() == nil && b.turnOrAnswer(life, id) {
	}
	b.cloud.fault = nil
	b.reopen()
}

// turnOrAnswer takes a turn, or gives the code that the request waits for.
func (b *bundle) turnOrAnswer(life context.Context, id string) bool {
	b.t.Helper()
	if b.get(id).State != factory.StateWaitingForPerson {
		return b.turn(life, id)
	}
	_, err := b.answer(boss, id, factory.Answer{Code: b.code()})
	return err == nil
}

// TestCut cuts each AWS call of a launch before and after it took effect: no connection, no answer.
func TestCut(t *testing.T) {
	t.Parallel()
	for _, s := range scenarios {
		first, last := countCalls(t, s)
		for n := first + 1; n <= last; n++ {
			for _, after := range []bool{false, true} {
				t.Run(fmt.Sprintf("%s/call %d/after=%v", s.name, n, after), func(t *testing.T) {
					t.Parallel()
					b := setup(t)
					s.prepare(b.cloud)
					b.cloud.fault = cutCall(n, after)
					d := b.submit(ada, input(1))
					b.checkWhole(s, b.drive(d.ID, nil))
				})
			}
		}
	}
}

// TestDies ends the process at each AWS call, before and after it took effect; another goes on with the database.
func TestDies(t *testing.T) {
	t.Parallel()
	for _, s := range scenarios {
		first, last := countCalls(t, s)
		for n := first + 1; n <= last; n++ {
			for _, after := range []bool{false, true} {
				t.Run(fmt.Sprintf("%s/call %d/after=%v", s.name, n, after), func(t *testing.T) {
					t.Parallel()
					b := setup(t)
					s.prepare(b.cloud)
					d := b.submit(ada, input(1))
					b.dieAtCall(t, d.ID, n, after)
					b.checkWhole(s, b.drive(d.ID, nil))
				})
			}
		}
	}
}

// TestDiesBetweenTurns ends the process at each step boundary.
func TestDiesBetweenTurns(t *testing.T) {
	t.Parallel()
	for _, s := range scenarios {
		t.Run(s.name, func(t *testing.T) {
			t.Parallel()
			b := setup(t)
			s.prepare(b.cloud)
			id := b.submit(ada, input(1)).ID
			for range 100 {
				b.reopen()
				if !b.turn(t.Context(), id) {
					break
				}
			}
			b.checkWhole(s, b.get(id))
		})
	}
}

// TestLateWorker lets a worker that was presumed dead come back: it changes nothing and sends nothing.
func TestLateWorker(t *testing.T) {
	t.Parallel()
	b := setup(t)
	d := b.drive(b.submit(ada, input(1)).ID, atStep(factory.StepProvision))
	old := d.Generation
	if _, err := b.db.Sweep(t.Context(), true); err != nil {
		t.Fatal(err)
	}
	calls := len(b.cloud.calls)
	if wait, more := b.svc.Turn(t.Context(), d.ID, old); more || wait != 0 {
		t.Errorf("the late worker goes on: %v %v", wait, more)
	}
	if len(b.cloud.calls) != calls {
		t.Errorf("the late worker called %v", b.cloud.calls[calls:])
	}
	_, err := b.db.Update(t.Context(), d.ID, old, func(r *factory.Request) ([]factory.Event, error) {
		r.State = factory.StateFailed
		return nil, nil
	})
	if !errors.Is(err, factory.ErrStale) {
		t.Errorf("a write with an old generation: %v, want ErrStale", err)
	}
	b.checkWhole(scenarios[0], b.drive(d.ID, nil))
}
