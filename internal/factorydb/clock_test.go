package factorydb_test

import (
	"errors"
	"log/slog"
	"testing"
	"time"

	"accountfactory/internal/clock"
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

// TestClockBack_Person: who waits for a person, and a hook that waits for its next attempt, do not wait until a clock that was set back
// by hours is there again; one that goes a little wrong makes nothing due.
func TestClockBack_Person(t *testing.T) { eachEngine(t, testClockBackPerson) }

func testClockBackPerson(t *testing.T, at place) {
	db := open(t, at)
	now := clock.Wall{}.Now()
	add(t, db, 1)
	if _, err := db.Update(t.Context(), request(1).ID, factory.AnyGeneration, func(r *factory.Request) ([]factory.Event, error) {
		r.State, r.Slot, r.AttendAt = factory.StateWaitingForPerson, false, now.Add(10*time.Minute)
		r.Hooks = []factory.HookRun{{ID: "hook-1", RequestID: r.ID, Hook: "notify", Event: factory.HookWaiting, State: factory.HookPending, Due: now, CreatedAt: now, Body: []byte(`{}`)}}
		return nil, nil
	}); err != nil {
		t.Fatal(err)
	}
	for _, tc := range []struct {
		back            time.Duration
		requests, hooks int
	}{{time.Minute, 0, 0}, {2 * time.Hour, 1, 1}, {2 * time.Hour, 1, 0}} { // the last time somebody has the hook
		then := now.Add(-tc.back)
		due, err := db.Attend(t.Context(), then)
		if err != nil || len(due) != tc.requests {
			t.Errorf("%s back %d requests are due, want %d: %v", tc.back, len(due), tc.requests, err)
		}
		if _, err := db.ClaimHook(t.Context(), then, time.Minute); errors.Is(err, factory.ErrNotFound) != (tc.hooks == 0) {
			t.Errorf("%s back a hook is due: %v, want %d", tc.back, err, tc.hooks)
		}
	}
}
