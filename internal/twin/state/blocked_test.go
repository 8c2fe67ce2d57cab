package state_test

import (
	"context"
	"errors"
	"path/filepath"
	"testing"

	"accountfactory/internal/twin/state"
)

// TestBlockedCommit holds the file while writers write: nobody is answered and nobody sees anything until it goes on.
func TestBlockedCommit(t *testing.T) {
	t.Parallel()
	d := openFaulty(t, filepath.Join(t.TempDir(), "twin.db"), nil)
	l := openLedger(t, state.Options{Disk: d})
	defer l.Close()
	changed := l.Changed()
	release := d.block()
	answers := make(chan error, 4)
	go func() { answers <- l.write(t, "1") }()
	<-d.held
	ran := make(chan struct{}, 3)
	ctx, cancel := context.WithCancel(t.Context())
	for _, f := range []func(tx *state.Tx) error{
		func(tx *state.Tx) error { l.rows.Put(tx, &counted{ID: "count", N: 1}); return nil }, // stacked
		func(*state.Tx) error { return errRefused },                                          // refused
		func(*state.Tx) error { return nil },                                                 // changes nothing
	} {
		go func() {
			answers <- l.Update(ctx, func(tx *state.Tx) error { defer func() { ran <- struct{}{} }(); return f(tx) })
		}()
		<-ran
	}
	cancel() // the outcome is unknown all the same
	if n := l.look(t); n != 0 {
		t.Errorf("a reader saw count %d", n)
	}
	select {
	case err := <-answers:
		t.Errorf("answered before anything was durable: %v", err)
	case <-changed:
		t.Error("Changed before anything was durable")
	default:
	}
	release()
	refused := 0
	for range 4 {
		switch err := <-answers; {
		case errors.Is(err, errRefused):
			refused++
		case err != nil:
			t.Error(err)
		}
	}
	<-changed
	if n := l.look(t); n != 1 || refused != 1 {
		t.Errorf("afterwards: count %d, %d refused; want 1 and 1", n, refused)
	}
}

// TestBlockedThenFailed fails the held commit: all who built on it fail with it, refusals too.
func TestBlockedThenFailed(t *testing.T) {
	t.Parallel()
	d := openFaulty(t, filepath.Join(t.TempDir(), "twin.db"), func(n int, _ []state.Change) verdict { return []verdict{pass, failBefore, pass}[min(n-1, 2)] })
	l := openLedger(t, state.Options{Disk: d})
	defer l.Close()
	release := d.block()
	answers := make(chan error, 2)
	go func() { answers <- l.write(t, "1") }()
	<-d.held
	ran := make(chan struct{})
	go func() { answers <- l.Update(t.Context(), func(*state.Tx) error { close(ran); return errRefused }) }()
	<-ran
	release()
	for range 2 {
		if err := <-answers; !errors.Is(err, state.ErrNotDurable) || errors.Is(err, errRefused) {
			t.Errorf("answer %v, want that it was not written", err)
		}
	}
	must(t, l.write(t, "2"))
	if n := l.look(t); n != 1 {
		t.Errorf("count %d, want 1", n)
	}
}

func TestCloseWhileWritersWait(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "twin.db")
	d := openFaulty(t, path, nil)
	l := openLedger(t, state.Options{Disk: d})
	release := d.block()
	answers, closed := make(chan error, 2), make(chan error, 1)
	go func() { answers <- l.write(t, "1") }()
	<-d.held
	go func() { answers <- l.write(t, "2") }()
	go func() { closed <- l.Close() }()
	release()
	must(t, <-closed)
	told := 0
	for range 2 {
		if err := <-answers; err == nil {
			told++
		} else if !errors.Is(err, state.ErrClosed) {
			t.Error(err)
		}
	}
	must(t, l.Close())
	after := openLedger(t, state.Options{Path: path})
	defer after.Close()
	if n := after.look(t); n != told || told == 0 {
		t.Errorf("%d transactions in the file, %d acknowledged", n, told)
	}
}

func contextEnded(t *testing.T) context.Context {
	t.Helper()
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	return ctx
}

func TestUpdateUnderEndedContext(t *testing.T) {
	t.Parallel()
	f := setup(t, state.Options{Path: filepath.Join(t.TempDir(), "twin.db")})
	err := f.Update(contextEnded(t), func(tx *state.Tx) error { t.Error("f ran"); return nil })
	if !errors.Is(err, context.Canceled) {
		t.Errorf("error %v", err)
	}
}

func TestPanicInUpdateLeavesNothing(t *testing.T) {
	t.Parallel()
	f := setup(t, state.Options{Path: filepath.Join(t.TempDir(), "twin.db")})
	func() {
		defer func() { _ = recover() }()
		_ = f.Update(t.Context(), func(tx *state.Tx) error { f.accounts.Put(tx, &account{ID: "1"}); panic("handler") })
	}()
	var kept *state.Tx
	must(t, f.Update(t.Context(), func(tx *state.Tx) error { kept = tx; f.accounts.Put(tx, &account{ID: "2"}); return nil }))
	defer func() {
		if recover() == nil {
			t.Error("a transaction could be used after its end")
		}
		if got := f.list(t); len(got) != 1 || got[0].ID != "2" {
			t.Errorf("rows %v", got)
		}
	}()
	f.accounts.Put(kept, &account{ID: "3"})
}
