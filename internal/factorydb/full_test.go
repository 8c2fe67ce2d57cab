package factorydb_test

import (
	"context"
	"strings"
	"sync"
	"testing"
	"time"

	"accountfactory/internal/factory"
	"accountfactory/test/harness"
)

// TestDiskFull fills SQLite's file while workers end requests: what is refused is not stored, what was acknowledged is there and
// can be read meanwhile, and with room again the workers go on by themselves until everything has ended.
func TestDiskFull(t *testing.T) {
	t.Parallel()
	db := open(t, place{path: t.TempDir() + "/f.db"})
	if err := db.LimitPages(t.Context(), 230); err != nil { // a new file has some 180
		t.Fatal(err)
	}
	var mu sync.Mutex
	roomy := false
	work := func(ctx context.Context, id string, generation int64) (time.Duration, bool) {
		mu.Lock()
		end := roomy
		mu.Unlock()
		_, err := db.Update(ctx, id, generation, func(r *factory.Request) ([]factory.Event, error) {
			if end {
				r.State, r.Slot = factory.StateSucceeded, false
			}
			return []factory.Event{{At: r.CreatedAt, Step: r.Step, Text: strings.Repeat("a line that takes room. ", 40)}}, nil
		})
		return 5 * time.Millisecond, err != nil || !end
	}
	if err := db.Start(t.Context(), work); err != nil {
		t.Fatal(err)
	}
	defer func() {
		if err := db.Stop(context.WithoutCancel(t.Context())); err != nil {
			t.Error(err)
		}
	}()
	var taken int
	var refusal error
	for n := 1; n < 2000 && refusal == nil; n++ {
		if _, refusal = db.Add(t.Context(), request(n), factory.Event{At: request(n).CreatedAt, Step: "check", Text: strings.Repeat("asked ", 200)}); refusal == nil {
			taken = n
		}
	}
	if refusal == nil || !strings.Contains(refusal.Error(), "full") {
		t.Fatalf("%d requests were taken, then: %v", taken, refusal)
	}
	all, err := db.List(t.Context(), factory.Filter{})
	if err != nil || len(all) != taken {
		t.Errorf("on a full disk %d of %d requests can be read: %v", len(all), taken, err)
	}
	if err := db.LimitPages(t.Context(), 0); err != nil {
		t.Fatal(err)
	}
	mu.Lock()
	roomy = true
	mu.Unlock()
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	defer cancel()
	err = harness.Poll(ctx, 20*time.Millisecond, func() (bool, error) {
		done, err := db.List(ctx, factory.Filter{States: []factory.State{factory.StateSucceeded}})
		return len(done) == taken, err
	})
	if err != nil {
		t.Errorf("with room again not all of %d requests ended: %v", taken, err)
	}
	if _, err := db.Add(t.Context(), request(taken+1), factory.Event{At: request(1).CreatedAt, Step: "check", Text: "asked"}); err != nil {
		t.Errorf("with room again: %v", err)
	}
}
