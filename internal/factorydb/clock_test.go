package factorydb_test

import (
	"log/slog"
	"testing"
	"time"

	"accountfactory/internal/factory"
	"accountfactory/internal/factorydb"
)

// TestClockBack: a request that was worked at before the clock was set back by hours is worked at now, once; those of a clock that
// goes a little wrong are left alone.
func TestClockBack(t *testing.T) { eachEngine(t, testClockBack) }

func testClockBack(t *testing.T, at place) {
	fast := &later{2 * time.Hour}
	db, err := factorydb.Open(t.Context(), factorydb.Config{Path: at.path, URL: at.url, Limit: 2, Clock: fast, Log: slog.New(slog.DiscardHandler)})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = db.Close() })
	add(t, db, 1)
	put := func(n int) {
		t.Helper()
		if _, err := db.Update(t.Context(), request(n).ID, factory.AnyGeneration, func(r *factory.Request) ([]factory.Event, error) {
			r.Due = fast.Now().Add(time.Minute)
			return nil, nil
		}); err != nil {
			t.Fatal(err)
		}
	}
	put(1)
	fast.by = time.Minute
	add(t, db, 2)
	put(2)
	fast.by = 0
	for _, want := range []int{1, 0} {
		if n, err := db.Sweep(t.Context(), false); err != nil || n != want {
			t.Errorf("%d requests have a new worker, want %d: %v", n, want, err)
		}
	}
	for n, generation := range map[int]int64{1: 2, 2: 1} {
		if r, err := db.Get(t.Context(), request(n).ID); err != nil || r.Generation != generation || r.Due.IsZero() != (n == 1) {
			t.Errorf("request %d: generation %d, due %s, %v", n, r.Generation, r.Due, err)
		}
	}
}
