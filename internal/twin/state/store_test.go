package state_test

import (
	"context"
	"errors"
	"path/filepath"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"accountfactory/internal/arn"
	"accountfactory/internal/clock"
	"accountfactory/internal/twin/state"
)

type account struct{ ID, Email, Parent string }

// fixture is a store with one table of accounts.
type fixture struct {
	*state.Store
	accounts *state.Table[account]
	byEmail  *state.Index[account]
	byParent *state.Index[account]
	steps    []string
}

func setup(t *testing.T, opts state.Options) *fixture {
	t.Helper()
	f := declare(opts)
	if _, err := f.Open(t.Context()); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = f.Close() })
	return f
}

func declare(opts state.Options) *fixture {
	f := &fixture{Store: state.New(opts)}
	f.accounts = state.Define(f.Store, "accounts", 1, func(a *account) string { return a.ID })
	f.byEmail = f.accounts.Unique("email", func(a *account) (string, bool) { return a.Email, a.Email != "" })
	f.byParent = f.accounts.Index("parent", func(a *account) (string, bool) { return a.Parent, true })
	f.Handle("greet", func(tx *state.Tx, op *state.Operation) error {
		f.steps = append(f.steps, op.Ref+"/"+op.Step)
		if op.Step == "hello" {
			op.Next(tx, "bye", time.Hour)
			return nil
		}
		tx.Post("mail", op.Ref)
		op.Done()
		return nil
	})
	return f
}

var errRefused = errors.New("refused")

func TestUpdateAndRestart(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "twin.db")
	f := setup(t, state.Options{Path: path, Seed: 1})
	ctx := t.Context()
	must(t, f.Update(ctx, func(tx *state.Tx) error {
		f.accounts.Put(tx, &account{ID: "1", Email: "a@x", Parent: "root"})
		f.accounts.Put(tx, &account{ID: "2", Email: "b@x", Parent: "root"})
		return nil
	}))
	must(t, f.Update(ctx, func(tx *state.Tx) error {
		f.accounts.Change(tx, "2", func(a *account) { a.Parent = "sandbox" })
		return nil
	}))
	if err := f.Update(ctx, func(tx *state.Tx) error {
		f.accounts.Delete(tx, "1")
		return errRefused
	}); !errors.Is(err, errRefused) {
		t.Fatalf("a refused update returned %v", err)
	}
	want := []account{{"1", "a@x", "root"}, {"2", "b@x", "sandbox"}}
	if diff := cmp.Diff(want, f.list(t)); diff != "" {
		t.Errorf("rows before the restart (-want +got):\n%s", diff)
	}
	must(t, f.Close())

	again := setup(t, state.Options{Path: path})
	if diff := cmp.Diff(want, again.list(t)); diff != "" {
		t.Errorf("rows after the restart (-want +got):\n%s", diff)
	}
	_ = again.View(func(tx *state.Tx) error {
		if got := again.byEmail.First(tx, "b@x"); got == nil || got.ID != "2" {
			t.Errorf("by e-mail: %+v", got)
		}
		if got := again.byParent.First(tx, "root"); got == nil || got.ID != "1" {
			t.Errorf("by parent: %+v", got)
		}
		return nil
	})
	if _, err := state.OpenDisk(ctx, path); err == nil {
		t.Error("a second process could open the file")
	}
}

func TestOperationsOverTime(t *testing.T) {
	t.Parallel()
	ctx := t.Context()
	f := setup(t, state.Options{Path: filepath.Join(t.TempDir(), "twin.db"), Wall: clock.Wall{}, Speed: 1})
	must(t, f.SetClock(ctx, f.Clock().Stopped()))
	must(t, f.Update(ctx, func(tx *state.Tx) error { tx.Begin("greet", "bob", "hello", time.Minute); return nil }))
	mails := make(chan string, 1)
	deliver, stop := context.WithCancel(ctx)
	defer stop()
	go f.Deliver(deliver, "test", "mail", func(_ context.Context, m *state.Message) error { mails <- string(m.Body); return nil })

	must(t, f.SetClock(ctx, f.Clock().Advanced(2*time.Minute)))
	await(t, f.Store, func(tx *state.Tx) bool {
		return len(tx.Running("greet", "bob")) == 1 && tx.Running("greet", "bob")[0].Step == "bye"
	})
	must(t, f.SetClock(ctx, f.Clock().Advanced(time.Hour)))
	if got := <-mails; got != `"bob"` {
		t.Errorf("mail %s", got)
	}
	if diff := cmp.Diff([]string{"bob/hello", "bob/bye"}, f.steps); diff != "" {
		t.Error(diff)
	}
}

// TestOperationsCatchUp: a clock that jumps finds a chain of steps done, each at its own time.
func TestOperationsCatchUp(t *testing.T) {
	t.Parallel()
	ctx := t.Context()
	f := declare(state.Options{Path: filepath.Join(t.TempDir(), "twin.db"), Speed: 1})
	var at []time.Duration
	var begun time.Time
	f.Handle("chain", func(tx *state.Tx, op *state.Operation) error {
		at = append(at, tx.Now().Sub(begun))
		if len(at) == 3 {
			op.Done()
			return nil
		}
		op.Next(tx, "again", time.Hour)
		return nil
	})
	if _, err := f.Open(ctx); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { must(t, f.Close()) })
	must(t, f.SetClock(ctx, f.Clock().Stopped()))
	must(t, f.Update(ctx, func(tx *state.Tx) error {
		begun = tx.Now()
		tx.Begin("chain", "x", "first", time.Minute)
		return nil
	}))
	must(t, f.SetClock(ctx, f.Clock().Advanced(24*time.Hour)))
	await(t, f.Store, func(tx *state.Tx) bool { return len(tx.Running("chain", "x")) == 0 })
	if diff := cmp.Diff([]time.Duration{time.Minute, time.Minute + time.Hour, time.Minute + 2*time.Hour}, at); diff != "" {
		t.Errorf("times of the steps (-want +got):\n%s", diff)
	}
}

func TestSnapshotAndRestore(t *testing.T) {
	t.Parallel()
	ctx := t.Context()
	path := filepath.Join(t.TempDir(), "twin.db")
	f := setup(t, state.Options{Path: path, Seed: 7})
	must(t, f.Update(ctx, func(tx *state.Tx) error { f.accounts.Put(tx, &account{ID: "1", Parent: "root"}); return nil }))
	must(t, f.Snapshot(ctx, "start"))
	first := f.add(t)
	must(t, f.SetClock(ctx, f.Clock().Advanced(time.Hour)))

	must(t, f.Restore(ctx, "start"))
	if diff := cmp.Diff([]account{{ID: "1", Parent: "root"}}, f.list(t)); diff != "" {
		t.Errorf("after the restore (-want +got):\n%s", diff)
	}
	if s := f.Clock().Setting(); s.Offset != 0 {
		t.Errorf("the restore left the clock at %v", s.Offset)
	}
	if again := f.add(t); again != first {
		t.Errorf("ids do not repeat after a restore: %s, then %s", first, again)
	}
	must(t, f.Close())

	g := setup(t, state.Options{Path: path})
	if n := len(g.list(t)); n != 2 {
		t.Errorf("%d rows after restore, add and restart, want 2", n)
	}
	must(t, g.Restore(ctx, "start"))
	if n := len(g.list(t)); n != 1 {
		t.Errorf("%d rows after a restore from the file, want 1", n)
	}
	var missing state.NoSnapshotError
	if err := g.Restore(ctx, "nope"); !errors.As(err, &missing) {
		t.Errorf("restore of an unknown snapshot: %v", err)
	}
}

func TestFaultsCountDown(t *testing.T) {
	t.Parallel()
	ctx := t.Context()
	f := setup(t, state.Options{Path: filepath.Join(t.TempDir(), "twin.db")})
	point := state.FaultPoint{Call: true, Service: "sts", Operation: "AssumeRole"}
	must(t, f.Update(ctx, func(tx *state.Tx) error {
		tx.ArmFault(state.Fault{Kind: state.FaultError, Service: "sts", Count: 1, Skip: 1})
		tx.ArmFault(state.Fault{Kind: state.FaultFail, Service: "sts"})
		return nil
	}))
	var struck []bool
	for range 3 {
		must(t, f.Update(ctx, func(tx *state.Tx) error {
			struck = append(struck, tx.TakeFault(point) != nil)
			return nil
		}))
	}
	if diff := cmp.Diff([]bool{false, true, false}, struck); diff != "" {
		t.Errorf("skip one, strike one, then gone (-want +got):\n%s", diff)
	}
}

func (f *fixture) add(t *testing.T) (id string) {
	t.Helper()
	must(t, f.Update(t.Context(), func(tx *state.Tx) error {
		id = arn.AccountID(tx)
		f.accounts.Put(tx, &account{ID: id})
		return nil
	}))
	return id
}

func (f *fixture) list(t *testing.T) []account {
	t.Helper()
	var out []account
	_ = f.View(func(tx *state.Tx) error {
		for a := range f.accounts.All(tx) {
			out = append(out, *a)
		}
		return nil
	})
	return out
}

// await waits for a durable state in which ok holds.
func await(t *testing.T, s *state.Store, ok func(*state.Tx) bool) {
	t.Helper()
	for {
		changed := s.Changed()
		held := false
		_ = s.View(func(tx *state.Tx) error { held = ok(tx); return nil })
		if held {
			return
		}
		select {
		case <-changed:
		case <-t.Context().Done():
			t.Fatal("the state awaited never came")
		}
	}
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// TestIndex_FromAfter: going on after a row, whatever its value, leaves out none and gives none twice.
func TestIndex_FromAfter(t *testing.T) {
	t.Parallel()
	f := setup(t, state.Options{Path: filepath.Join(t.TempDir(), "twin.db")})
	rows := []account{{ID: "a", Parent: "x"}, {ID: "b", Parent: "x"}, {ID: "b\x01", Parent: "x"}, {ID: "c", Parent: "x\x00"}, {ID: "d", Parent: "x\x01"}, {ID: "e", Parent: "xy"}}
	if err := f.Update(t.Context(), func(tx *state.Tx) error {
		for _, row := range rows {
			f.accounts.Put(tx, &row)
		}
		return nil
	}); err != nil {
		t.Fatal(err)
	}
	_ = f.View(func(tx *state.Tx) error {
		for i, row := range rows {
			var want, got []string
			for _, later := range rows[i+1:] {
				want = append(want, later.ID)
			}
			for later := range f.byParent.FromAfter(tx, row.Parent, row.ID) {
				got = append(got, later.ID)
			}
			if diff := cmp.Diff(want, got); diff != "" {
				t.Errorf("after %q of %q (-want +got):\n%s", row.ID, row.Parent, diff)
			}
		}
		return nil
	})
}
