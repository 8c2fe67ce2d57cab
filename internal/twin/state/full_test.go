package state_test

import (
	"errors"
	"fmt"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"accountfactory/internal/twin/state"
)

// TestDiskFull fills the file, and gives it room again.
func TestDiskFull(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "twin.db")
	d, err := state.OpenDisk(t.Context(), path)
	must(t, err)
	must(t, state.LimitPages(d, 40))
	f := setup(t, state.Options{Disk: d})
	fill := func(round string) (stored, refused int) {
		var mu sync.Mutex
		var writers sync.WaitGroup
		for w := range 8 {
			writers.Go(func() {
				for n := range 40 {
					err := f.Update(t.Context(), func(tx *state.Tx) error {
						f.accounts.Put(tx, &account{ID: fmt.Sprint(round, "/", w, "/", n), Parent: strings.Repeat("x", 2000)})
						return nil
					})
					mu.Lock()
					switch {
					case err == nil:
						stored++
					case errors.Is(err, state.ErrNotDurable) && strings.Contains(err.Error(), "full"):
						refused++
					default:
						t.Errorf("on a full disk: %v", err)
					}
					mu.Unlock()
				}
			})
		}
		writers.Wait()
		return stored, refused
	}
	first, refused := fill("full")
	if first == 0 || refused == 0 {
		t.Fatalf("%d stored, %d refused: the file was not filled", first, refused)
	}
	if n := len(f.list(t)); n != first {
		t.Errorf("%d rows visible, %d acknowledged", n, first)
	}
	must(t, state.LimitPages(d, 0))
	second, refused := fill("room")
	if refused != 0 || second != 320 {
		t.Errorf("with room again %d stored, %d refused", second, refused)
	}
	must(t, f.CheckRows(t.Context()))
	must(t, f.Close())
	if n := len(setup(t, state.Options{Path: path}).list(t)); n != first+second {
		t.Errorf("%d rows after the restart, %d acknowledged", n, first+second)
	}
}
