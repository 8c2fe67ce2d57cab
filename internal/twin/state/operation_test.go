package state_test

import (
	"errors"
	"fmt"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"accountfactory/internal/twin/state"
)

// errand is the row of an operation: the steps done so far.
type errand struct {
	ID   string
	Done []string
}

// errands is a store whose operations note their steps, in rows and in the order they ran.
type errands struct {
	*state.Store
	rows *state.Table[errand]

	mu      sync.Mutex
	ran     []string
	runs    chan string                                                   // gets each run, also those that fail
	trouble func(tx *state.Tx, op *state.Operation) (end bool, err error) // runs after the step's writes
}

func openErrands(t *testing.T, opts state.Options) *errands {
	t.Helper()
	e := &errands{Store: state.New(opts), runs: make(chan string, 100_000)}
	e.rows = state.Define(e.Store, "errands", 1, func(r *errand) string { return r.ID })
	e.Handle("errand", e.step)
	if _, err := e.Open(t.Context()); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = e.Close() })
	return e
}

// step does first, then an hour later second, then it is done.
func (e *errands) step(tx *state.Tx, op *state.Operation) error {
	row := errand{ID: op.Ref}
	if old := e.rows.Get(tx, op.Ref); old != nil {
		row.Done = append(row.Done, old.Done...)
	}
	row.Done = append(row.Done, op.Step)
	e.rows.Put(tx, &row)
	e.mu.Lock()
	e.ran = append(e.ran, op.Ref+"/"+op.Step)
	trouble := e.trouble
	e.mu.Unlock()
	e.runs <- op.Ref + "/" + op.Step
	if trouble != nil {
		if end, err := trouble(tx, op); end || err != nil {
			return err
		}
	}
	if op.Step == "first" {
		op.Next(tx, "second", tx.Pace(time.Hour))
		return nil
	}
	op.Done()
	return nil
}

func (e *errands) begin(t *testing.T, ref string, d time.Duration) {
	t.Helper()
	must(t, e.Update(t.Context(), func(tx *state.Tx) error { tx.Begin("errand", ref, "first", d); return nil }))
}

func (e *errands) advance(t *testing.T, d time.Duration) {
	t.Helper()
	must(t, e.SetClock(t.Context(), e.Clock().Advanced(d)))
}

// steps gives the steps whose writes are there.
func (e *errands) steps(tx *state.Tx, ref string) []string {
	if row := e.rows.Get(tx, ref); row != nil {
		return row.Done
	}
	return nil
}

func (e *errands) awaitSteps(t *testing.T, ref string, want ...string) {
	t.Helper()
	await(t, e.Store, func(tx *state.Tx) bool { return cmp.Equal(want, e.steps(tx, ref)) })
}

func frozen(t *testing.T, path string) *errands {
	t.Helper()
	e := openErrands(t, state.Options{Path: path, Speed: 1, Seed: 1})
	must(t, e.SetClock(t.Context(), e.Clock().Stopped()))
	return e
}

func TestOperationsRunInTheOrderTheyAreDue(t *testing.T) {
	t.Parallel()
	e := frozen(t, filepath.Join(t.TempDir(), "twin.db"))
	for i, d := range []time.Duration{72, 1, 24, 1, 1, 48} {
		e.begin(t, fmt.Sprint(i), d*time.Hour)
	}
	e.begin(t, "never", 1000*time.Hour)
	if n := len(e.runs); n != 0 {
		t.Errorf("%d steps ran while the clock stood", n)
	}
	e.advance(t, 96*time.Hour)
	await(t, e.Store, func(tx *state.Tx) bool { return len(tx.Operations()) == 1 })
	e.mu.Lock()
	defer e.mu.Unlock()
	want := []string{"1/first", "3/first", "4/first", "2/first", "5/first", "0/first"} // equal times: first come, first served
	first := slices.DeleteFunc(slices.Clone(e.ran), func(s string) bool { return !strings.HasSuffix(s, "/first") })
	if diff := cmp.Diff(want, first); diff != "" || len(e.ran) != 12 {
		t.Errorf("%d steps ran; the first ones (-want +got):\n%s", len(e.ran), diff)
	}
	must(t, e.CheckRows(t.Context()))
}

// TestStepThatFails fails, panics or forgets to say what comes next: nothing of it stays, and it is tried again later.
func TestStepThatFails(t *testing.T) {
	t.Parallel()
	for name, trouble := range map[string]func(tx *state.Tx, op *state.Operation) (bool, error){
		"error":   func(tx *state.Tx, op *state.Operation) (bool, error) { tx.Post("mail", 1); return true, errRefused },
		"panic":   func(tx *state.Tx, op *state.Operation) (bool, error) { panic("handler") },
		"silence": func(tx *state.Tx, op *state.Operation) (bool, error) { return true, nil },
		"cannot be encoded": func(tx *state.Tx, op *state.Operation) (bool, error) {
			op.Next(tx, "second", 0)
			op.Due = time.Date(10_000, 1, 1, 0, 0, 0, 0, time.UTC)
			return true, nil
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			e := frozen(t, filepath.Join(t.TempDir(), "twin.db"))
			e.trouble = trouble
			e.begin(t, "bob", 0)
			e.begin(t, "amy", time.Second)
			due := func(tries int) (wait time.Duration) {
				await(t, e.Store, func(tx *state.Tx) bool {
					op := tx.Running("errand", "bob")[0]
					wait = op.Due.Sub(tx.Now())
					if e.steps(tx, "bob") != nil || op.Step != "first" {
						t.Errorf("the failed step left %v, next %s", e.steps(tx, "bob"), op.Step)
					}
					for m := range tx.Messages("mail", "") {
						t.Errorf("the failed step left message %s", m.Body)
					}
					return op.Tries == tries
				})
				return wait
			}
			for tries, want := range []time.Duration{2, 4, 8, 16, 32, 60, 60} {
				if got := due(tries + 1); got != want*time.Second {
					t.Errorf("after try %d the next is %v later, want %v", tries+1, got, want*time.Second)
				}
				e.advance(t, want*time.Second)
			}
			due(8)
			e.mu.Lock()
			e.trouble = nil
			e.mu.Unlock()
			e.advance(t, time.Minute)
			e.awaitSteps(t, "bob", "first")
			e.awaitSteps(t, "amy", "first")
		})
	}
}

func TestOperationStuckAndReleased(t *testing.T) {
	t.Parallel()
	e := frozen(t, filepath.Join(t.TempDir(), "twin.db"))
	e.trouble = func(_ *state.Tx, op *state.Operation) (bool, error) { op.Stuck = op.Ref == "bob"; return op.Stuck, nil }
	e.begin(t, "bob", 0)
	e.begin(t, "amy", time.Second)
	e.advance(t, 48*time.Hour)
	e.awaitSteps(t, "amy", "first", "second")
	e.awaitSteps(t, "bob", "first")
	var id string
	_ = e.View(func(tx *state.Tx) error { id = tx.Running("errand", "bob")[0].ID; return nil })
	e.mu.Lock()
	e.trouble = nil
	e.mu.Unlock()
	must(t, e.Update(t.Context(), func(tx *state.Tx) error {
		if !tx.SetStuck(id, false) || tx.SetStuck("nobody", false) {
			t.Error("SetStuck does not know which operations there are")
		}
		return nil
	}))
	e.awaitSteps(t, "bob", "first", "first")
	must(t, e.Update(t.Context(), func(tx *state.Tx) error { tx.Cancel(id); return nil }))
	e.advance(t, 48*time.Hour)
	e.awaitSteps(t, "amy", "first", "second")
	e.awaitSteps(t, "bob", "first", "first")
}

func TestStepThatCancelsItsOwnOperation(t *testing.T) {
	t.Parallel()
	e := frozen(t, filepath.Join(t.TempDir(), "twin.db"))
	e.trouble = func(tx *state.Tx, op *state.Operation) (bool, error) { tx.Cancel(op.ID); return false, nil }
	e.begin(t, "bob", 0)
	e.awaitSteps(t, "bob", "first")
	_ = e.View(func(tx *state.Tx) error {
		if n := len(tx.Operations()); n != 0 {
			t.Errorf("%d operations are left", n)
		}
		return nil
	})
}

func TestOperationGoesOnAfterARestart(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "twin.db")
	e := frozen(t, path)
	e.begin(t, "bob", time.Minute)
	e.advance(t, time.Minute)
	e.awaitSteps(t, "bob", "first")
	must(t, e.Close())

	e = openErrands(t, state.Options{Path: path, Speed: 1})
	if e.Clock().Setting().Frozen == nil {
		t.Fatal("the clock runs after the restart")
	}
	e.advance(t, 2*time.Hour)
	e.awaitSteps(t, "bob", "first", "second")
	must(t, e.Close())

	// A program that no longer knows the kind keeps the operation and serves on.
	e = openErrands(t, state.Options{Path: path, Speed: 1})
	e.begin(t, "amy", 0)
	e.awaitSteps(t, "amy", "first")
	must(t, e.Close())
	other := state.New(state.Options{Path: path})
	state.Define(other, "errands", 1, func(r *errand) string { return r.ID })
	_, err := other.Open(t.Context())
	must(t, err)
	defer other.Close()
	must(t, other.SetClock(t.Context(), other.Clock().Advanced(2*time.Hour)))
	await(t, other, func(tx *state.Tx) bool { return tx.Running("errand", "amy")[0].Tries == 1 })
}

// TestRunnerGoesOnAfterAFailedCommit fails the commits of steps: each step's writes are there once.
func TestRunnerGoesOnAfterAFailedCommit(t *testing.T) {
	t.Parallel()
	d := openFaulty(t, filepath.Join(t.TempDir(), "twin.db"), func(n int, _ []state.Change) verdict { return []verdict{pass, failBefore, failAfter}[(n-1)%3] })
	e := openErrands(t, state.Options{Disk: d})
	for i := range 50 {
		begin := func(tx *state.Tx) error { tx.Begin("errand", fmt.Sprint(i), "first", 0); return nil }
		for err := errDisk; err != nil; {
			if err = e.Update(t.Context(), begin); err != nil && !errors.Is(err, state.ErrNotDurable) {
				t.Fatal(err)
			}
		}
	}
	await(t, e.Store, func(tx *state.Tx) bool { return len(tx.Operations()) == 0 })
	_ = e.View(func(tx *state.Tx) error {
		for i := range 50 {
			if diff := cmp.Diff([]string{"first", "second"}, e.steps(tx, fmt.Sprint(i))); diff != "" {
				t.Errorf("operation %d: %s", i, diff)
			}
		}
		return nil
	})
}

func TestTenThousandOperationsDrain(t *testing.T) {
	t.Parallel()
	const many = 10_000
	path := filepath.Join(t.TempDir(), "twin.db")
	e := openErrands(t, state.Options{Path: path, Seed: 1})
	must(t, e.SetClock(t.Context(), e.Clock().Stopped()))
	must(t, e.Update(t.Context(), func(tx *state.Tx) error {
		for i := range many {
			tx.Begin("errand", fmt.Sprint(i), "first", time.Second)
		}
		return nil
	}))
	start := time.Now()
	e.advance(t, time.Second)
	await(t, e.Store, func(tx *state.Tx) bool { return e.rows.Len(tx) == many && len(tx.Operations()) == 0 })
	t.Logf("%.0f steps/s, fsync %v", 2*many/time.Since(start).Seconds(), fsync(t))
	must(t, e.CheckRows(t.Context()))
}
