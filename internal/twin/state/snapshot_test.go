package state_test

import (
	"fmt"
	"path/filepath"
	"sync"
	"testing"
	"time"

	"accountfactory/internal/twin/state"
)

// TestRestoreUnderRunningOperations restores again and again while operations run ahead. The start state stands before all
// of them are due, so that right after a restore none may have run.
func TestRestoreUnderRunningOperations(t *testing.T) {
	t.Parallel()
	const many = 300
	path := filepath.Join(t.TempDir(), "twin.db")
	e := frozen(t, path)
	for i := range many {
		e.begin(t, fmt.Sprint(i), time.Hour)
	}
	must(t, e.Snapshot(t.Context(), "start"))
	for range 20 {
		e.advance(t, 2*time.Hour)
		<-e.runs
		must(t, e.Restore(t.Context(), "start"))
		_ = e.View(func(tx *state.Tx) error {
			if rows, ops := e.rows.Len(tx), len(tx.Operations()); rows != 0 || ops != many {
				t.Errorf("after the restore %d operations, %d of %d have run", ops, rows, many)
			}
			return nil
		})
		must(t, e.CheckRows(t.Context()))
	}
	e.advance(t, 2*time.Hour)
	await(t, e.Store, func(tx *state.Tx) bool { return e.rows.Len(tx) == many })
	e.advance(t, 2*time.Hour)
	await(t, e.Store, func(tx *state.Tx) bool { return len(tx.Operations()) == 0 })
	must(t, e.CheckRows(t.Context()))
}

// TestSnapshotsAndRestoresOfOneName runs them against each other and against writers: memory and file stay the same.
func TestSnapshotsAndRestoresOfOneName(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "twin.db")
	l := openLedger(t, state.Options{Path: path})
	must(t, l.Snapshot(t.Context(), "s"))
	var busy sync.WaitGroup
	for w := range 4 {
		busy.Go(func() {
			for n := range 25 {
				_ = l.write(t, fmt.Sprintf("%d-%d", w, n))
				switch w {
				case 0:
					must(t, l.Snapshot(t.Context(), "s"))
				case 1:
					must(t, l.Restore(t.Context(), "s"))
				case 2:
					must(t, l.SetClock(t.Context(), l.Clock().Advanced(time.Minute)))
				}
				l.look(t)
			}
		})
	}
	busy.Wait()
	must(t, l.CheckRows(t.Context()))
	must(t, l.Restore(t.Context(), "s"))
	n, at := l.look(t), l.Clock().Setting()
	must(t, l.Close())
	after := openLedger(t, state.Options{Path: path})
	if got := after.look(t); got != n {
		t.Errorf("count %d after the restart, %d before", got, n)
	}
	if got := after.Clock().Setting(); got != at {
		t.Errorf("clock %+v after the restart, %+v before", got, at)
	}
	must(t, after.Restore(t.Context(), "s"))
	if got := after.look(t); got != n {
		t.Errorf("count %d after a restore from the file, %d from memory", got, n)
	}
	must(t, after.CheckRows(t.Context()))
	must(t, after.Close())
}

func TestRestoreThatIsNotWrittenChangesNothing(t *testing.T) {
	t.Parallel()
	fail := false
	var mu sync.Mutex
	d := openFaulty(t, filepath.Join(t.TempDir(), "twin.db"), func(int, []state.Change) verdict {
		mu.Lock()
		defer mu.Unlock()
		if fail {
			return failBefore
		}
		return pass
	})
	l := openLedger(t, state.Options{Disk: d})
	defer l.Close()
	must(t, l.Snapshot(t.Context(), "s"))
	must(t, l.write(t, "1"))
	must(t, l.SetClock(t.Context(), l.Clock().Advanced(time.Hour)))
	set := func(f bool) { mu.Lock(); defer mu.Unlock(); fail = f }
	set(true)
	if l.Restore(t.Context(), "s") == nil || l.Snapshot(t.Context(), "s") == nil || l.SetClock(t.Context(), l.Clock().Stopped()) == nil {
		t.Error("done on a disk that writes nothing")
	}
	set(false)
	if n, at := l.look(t), l.Clock().Setting(); n != 1 || at.Offset != time.Hour || at.Frozen != nil {
		t.Errorf("count %d, clock %+v", n, at)
	}
	must(t, l.write(t, "2"))
	must(t, l.Restore(t.Context(), "s"))
	must(t, l.CheckRows(t.Context()))
}
