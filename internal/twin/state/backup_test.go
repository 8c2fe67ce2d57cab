package state_test

import (
	"context"
	"errors"
	"path/filepath"
	"testing"

	"github.com/google/go-cmp/cmp"

	"accountfactory/internal/twin/state"
)

func saved(t *testing.T, dump func(context.Context, func(state.Saved) error) error) (out []state.Saved) {
	t.Helper()
	must(t, dump(t.Context(), func(s state.Saved) error {
		out = append(out, s)
		return nil
	}))
	return out
}

// giving gives rows one after another, as a backup does.
func giving(rows []state.Saved) func(func(state.Saved) error) error {
	return func(add func(state.Saved) error) error {
		var err error
		for _, r := range rows {
			err = errors.Join(err, add(r))
		}
		return err
	}
}

// TestImport: what a running store gave makes a file with the same rows, marks and snapshots; local sinks begin anew, and a file
// is made whole or not at all.
func TestImport(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "twin.db")
	l := openLedger(t, state.Options{Path: path})
	must(t, l.write(t, "before"))
	must(t, l.Snapshot(t.Context(), "s"))
	must(t, l.write(t, "after"))
	rows := saved(t, l.Dump)
	must(t, l.write(t, "late"))
	must(t, l.Close())
	if err := l.Dump(t.Context(), func(state.Saved) error { return nil }); !errors.Is(err, state.ErrClosed) {
		t.Errorf("dump of a closed store: %v", err)
	}

	other := filepath.Join(t.TempDir(), "restored.db")
	must(t, state.Import(t.Context(), other, nil, giving(rows)))
	again := saved(t, func(ctx context.Context, add func(state.Saved) error) error { return state.DumpFile(ctx, other, add) })
	var but []state.Saved
	for _, r := range again {
		if r.Table != "settings" || r.Key != "delivery" {
			but = append(but, r)
		}
	}
	if diff := cmp.Diff(rows, but); diff != "" {
		t.Error(diff)
	}
	restored := openLedger(t, state.Options{Path: other})
	if !restored.Held() {
		t.Error("delivery is not held")
	}
	_ = restored.View(func(tx *state.Tx) error {
		if restored.count(tx) != 2 || restored.rows.Get(tx, "after/a") == nil || restored.rows.Get(tx, "late/a") != nil {
			t.Errorf("%d writes are there", restored.count(tx))
		}
		return nil
	})
	must(t, restored.CheckRows(t.Context()))
	must(t, restored.Restore(t.Context(), "s"))
	_ = restored.View(func(tx *state.Tx) error {
		if restored.count(tx) != 1 {
			t.Errorf("after the snapshot's restore: %d writes", restored.count(tx))
		}
		return nil
	})
	must(t, restored.Close())

	half, cut := filepath.Join(t.TempDir(), "half.db"), errors.New("cut off")
	err := state.Import(t.Context(), half, nil, func(add func(state.Saved) error) error { return errors.Join(giving(rows)(add), cut) })
	if !errors.Is(err, cut) {
		t.Errorf("%v", err)
	}
	if left := saved(t, func(ctx context.Context, add func(state.Saved) error) error { return state.DumpFile(ctx, half, add) }); len(left) != 1 {
		t.Errorf("%d rows are left", len(left))
	}
}

// TestDeliverOut_Held: after a restore local sinks begin anew, and nothing leaves the machine before somebody lets it, also what
// was written meanwhile; then it goes on where it stood.
func TestDeliverOut_Held(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "twin.db")
	s := setup(t, state.Options{Path: path}).Store
	post(t, s, "mail", 1, 2, 3)
	local, stop := delivering(t, s.Deliver, "local")
	take(t, local, 1, 2, 3)
	stop()
	away, stop := delivering(t, s.DeliverOut, "away")
	take(t, away, 1, 2, 3)
	stop()
	post(t, s, "mail", 4)
	rows := saved(t, s.Dump)
	must(t, s.Close())

	other := filepath.Join(t.TempDir(), "restored.db")
	must(t, state.Import(t.Context(), other, []string{"local"}, giving(rows)))
	s = setup(t, state.Options{Path: other}).Store
	away, stop = delivering(t, s.DeliverOut, "away")
	local, _ = delivering(t, s.Deliver, "local")
	take(t, local, 1, 2, 3, 4)
	post(t, s, "mail", 5)
	take(t, local, 5)
	select {
	case m := <-away:
		t.Fatalf("mail %s went out", m)
	default:
	}
	stop() // also one that waits ends
	away, _ = delivering(t, s.DeliverOut, "away")
	must(t, s.ReleaseDelivery(t.Context()))
	take(t, away, 4, 5)
	if s.Held() {
		t.Error("delivery is held")
	}
}

// delivering runs a deliverer in the background; the channel gets each message.
func delivering(t *testing.T, deliver func(context.Context, string, string, func(context.Context, *state.Message) error), name string) (got chan string, stop func()) {
	t.Helper()
	got = make(chan string)
	ctx, cancel := context.WithCancel(t.Context())
	ended := make(chan struct{})
	go func() {
		defer close(ended)
		deliver(ctx, name, "mail", func(ctx context.Context, m *state.Message) error {
			select {
			case got <- string(m.Body):
				return nil
			case <-ctx.Done():
				return ctx.Err()
			}
		})
	}()
	stop = func() { cancel(); <-ended }
	t.Cleanup(stop)
	return got, stop
}
