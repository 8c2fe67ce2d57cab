package factorydb_test

import (
	"context"
	"errors"
	"log/slog"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"accountfactory/internal/factory"
	"accountfactory/internal/factorydb"
)

// TestReplicas_TakeOver: what a process that hangs works on goes on in another, and what the hung one then writes is
// refused.
func TestReplicas_TakeOver(t *testing.T) {
	t.Parallel()
	at := place{url: postgresURL(t)}
	hung, alive := open(t, at), open(t, at)
	r := add(t, hung, 1)
	working, free, stale := make(chan struct{}), make(chan struct{}), make(chan error, 100)
	works := sync.OnceFunc(func() { close(working) })
	start(t, hung, func(ctx context.Context, id string, generation int64) (time.Duration, bool) {
		works()
		<-free
		_, err := hung.Update(context.WithoutCancel(ctx), id, generation, func(*factory.Request) ([]factory.Event, error) { return nil, nil })
		stale <- err
		return 0, false
	})
	<-working // before another may take the job
	took := make(chan int64, 100)
	start(t, alive, func(_ context.Context, id string, generation int64) (time.Duration, bool) {
		if id == r.ID {
			took <- generation
		}
		return time.Hour, true // or its generation would be over with the next beat
	})
	hung.Hang()
	if g := <-took; g <= r.Generation { // more than one above, when the hung one got the job once more
		t.Errorf("taken over as generation %d, want above %d", g, r.Generation)
	}
	close(free)
	if err := <-stale; !errors.Is(err, factory.ErrStale) {
		t.Errorf("the hung one's write: %v, want ErrStale", err)
	}
}

// TestReplicas_Hear: what one process changes the other is told, once, and it reads it.
func TestReplicas_Hear(t *testing.T) {
	t.Parallel()
	at := place{url: postgresURL(t)}
	speaks, hears := open(t, at), open(t, at)
	told := make(chan []string, 100)
	hears.Listen(func(ids []string, _ bool) { told <- ids })
	// A worker that gave the request up would be replaced with the next beat, which is another change.
	later := func(context.Context, string, int64) (time.Duration, bool) { return time.Hour, true }
	start(t, hears, later)
	<-told // what it may have missed before it listened: nothing
	r := add(t, speaks, 1)
	for ids := range told {
		if slices.Contains(ids, r.ID) {
			break
		}
	}
	got, err := hears.Get(t.Context(), r.ID)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(r, got); diff != "" {
		t.Error(diff)
	}
}

// TestReplicas_Limit: two processes that start and add at once give no more slots than there are, and number without gaps.
func TestReplicas_Limit(t *testing.T) {
	t.Parallel()
	at := place{url: postgresURL(t)}
	const each = 20
	var all sync.WaitGroup
	for i := range 2 {
		all.Go(func() {
			db, err := factorydb.Open(t.Context(), factorydb.Config{URL: at.url, Log: slog.New(slog.DiscardHandler)}) // both migrate
			if err != nil {
				t.Error(err)
				return
			}
			defer db.Close()
			for n := range each {
				if _, err := db.Add(t.Context(), request(i*each+n), factory.Event{}); err != nil {
					t.Errorf("add: %v", err)
				}
			}
		})
	}
	all.Wait()
	rs, err := open(t, at).List(t.Context(), factory.Filter{})
	if err != nil {
		t.Fatal(err)
	}
	slots := 0
	for i, r := range rs {
		if r.Slot {
			slots++
		}
		if r.Number != int64(i+1) {
			t.Errorf("request %d has number %d", i+1, r.Number)
		}
	}
	if slots != 1 || len(rs) != 2*each {
		t.Errorf("%d of %d requests have a slot, want 1 of %d", slots, len(rs), 2*each)
	}
}

// start lets a database's workers run until the test ends.
func start(t *testing.T, db *factorydb.DB, turn factory.Turn) {
	t.Helper()
	if err := db.Start(t.Context(), turn); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = db.Stop(context.Background()) })
}
