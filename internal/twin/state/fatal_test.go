package state_test

import (
	"path/filepath"
	"runtime"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"accountfactory/internal/twin/state"
)

// TestKillFaultAtAStep: the process dies once, before the step or after it, and a later start does the rest.
func TestKillFaultAtAStep(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct {
		name  string
		fault state.Fault
		dead  []string // the steps whose writes are durable when the process dies
	}{
		{"before a step", state.Fault{Kind: state.FaultKillBefore, Step: "second", Count: 1}, []string{"first"}},
		{"after a step", state.Fault{Kind: state.FaultKillAfter, Step: "second", Count: 1}, []string{"first", "second"}},
		{"before any step", state.Fault{Kind: state.FaultKillBefore, Step: "*", Count: 1}, nil},
		{"after any step but one", state.Fault{Kind: state.FaultKillAfter, Step: "*", Skip: 1, Count: 1}, []string{"first", "second"}},
		{"of a named kind", state.Fault{Kind: state.FaultKillAfter, Service: "errand", Step: "first", Count: 1}, []string{"first"}},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			path := filepath.Join(t.TempDir(), "twin.db")
			killed := make(chan struct{})
			e := openErrands(t, state.Options{Path: path, Kill: func() {
				close(killed)
				runtime.Goexit() // the runner ends here, as the process would
			}})
			must(t, e.Update(t.Context(), func(tx *state.Tx) error {
				tx.ArmFault(tc.fault)
				tx.Begin("errand", "it", "first", 0)
				return nil
			}))
			<-killed
			must(t, e.View(func(tx *state.Tx) error {
				if diff := cmp.Diff(tc.dead, e.steps(tx, "it")); diff != "" {
					t.Errorf("durable at death (-want +got):\n%s", diff)
				}
				if armed := tx.Faults(); len(armed) > 0 {
					t.Errorf("still armed: %+v", armed[0])
				}
				return nil
			}))
			must(t, e.Close())
			again := openErrands(t, state.Options{Path: path, Kill: func() { t.Error("killed once more") }})
			again.awaitSteps(t, "it", "first", "second")
		})
	}
}

// TestKillFaultSparesCallsAndSteps: a kill with a step is not taken for a failure of the step, nor by a call of that name,
// and one without a step spares the runner.
func TestKillFaultSparesCallsAndSteps(t *testing.T) {
	t.Parallel()
	e := openErrands(t, state.Options{Path: filepath.Join(t.TempDir(), "twin.db"), Kill: func() { t.Error("killed") }})
	must(t, e.Update(t.Context(), func(tx *state.Tx) error {
		tx.ArmFault(state.Fault{ID: "step", Kind: state.FaultKillBefore, Step: "third", Count: 1})
		tx.ArmFault(state.Fault{ID: "call", Kind: state.FaultKillBefore, Operation: "errand", Count: 1})
		for _, p := range []state.FaultPoint{{Operation: "errand", Step: "third"}, {Call: true, Step: "third"}} {
			if f := tx.TakeFault(p); f != nil {
				t.Errorf("%+v met fault %s", p, f.ID)
			}
		}
		tx.Begin("errand", "it", "first", time.Millisecond)
		return nil
	}))
	e.awaitSteps(t, "it", "first", "second")
}
