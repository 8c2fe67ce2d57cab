package factorydb_test

import (
	"errors"
	"fmt"
	"log/slog"
	"maps"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"accountfactory/internal/clock"
	"accountfactory/internal/factory"
	"accountfactory/internal/factorydb"
)

// later is a clock that is ahead.
type later struct{ by time.Duration }

func (l later) Now() time.Time { return clock.Wall{}.Now().Add(l.by) }

// end ends a request of a kind, with a hook's run and two more lines.
func end(t *testing.T, db *factorydb.DB, n int, kind factory.Kind, state factory.State, newEmail string, hook factory.HookState) {
	t.Helper()
	r := request(n)
	r.Kind, r.NewEmail, r.Once = kind, newEmail, factory.Once{Key: fmt.Sprint("key", n), Hash: "h"}
	if _, err := db.Add(t.Context(), r, factory.Event{Text: "asked"}); err != nil {
		t.Fatal(err)
	}
	now := clock.Wall{}.Now().Truncate(time.Microsecond)
	_, err := db.Update(t.Context(), r.ID, factory.AnyGeneration, func(r *factory.Request) ([]factory.Event, error) {
		if state.Ended() {
			r.State, r.Slot, r.EndedAt = state, false, now
		}
		if hook != "" {
			r.Hooks = []factory.HookRun{{ID: fmt.Sprint("hook-", n), RequestID: r.ID, Hook: "notify", Event: factory.HookSuccess, State: hook, CreatedAt: now, Body: []byte(`{}`)}}
		}
		return []factory.Event{{At: now, Text: "worked"}, {At: now, Text: "ended"}}, nil
	})
	if err != nil {
		t.Fatal(err)
	}
}

// TestPrune: ended requests go after their time, and with them all that is theirs, but for those that say whose an account is or
// which e-mails are taken; timelines keep their last line; what is open or not yet told stays, and the audit log is whole.
func TestPrune(t *testing.T) { eachEngine(t, testPrune) }

func testPrune(t *testing.T, at place) {
	db := open(t, at)
	for n, r := range []struct {
		kind     factory.Kind
		state    factory.State
		newEmail string
		hook     factory.HookState
	}{
		{factory.KindLaunch, factory.StateSucceeded, "", factory.HookDone},
		{factory.KindLaunch, factory.StateFailed, "", factory.HookDone},
		{factory.KindClose, factory.StateSucceeded, "", ""},
		{factory.KindUpdate, factory.StateSucceeded, "", ""},
		{factory.KindUpdate, factory.StateSucceeded, "other@example.com", ""},
		{factory.KindAccess, factory.StateCancelled, "", factory.HookPending},
		{factory.KindEnroll, factory.StateWaiting, "", factory.HookDone},
	} {
		end(t, db, n+1, r.kind, r.state, r.newEmail, r.hook)
	}
	if err := errors.Join(db.AddSession(t.Context(), "old", []byte("x"), clock.Wall{}.Now().Add(time.Hour)), db.Close()); err != nil {
		t.Fatal(err)
	}
	ahead := func(by time.Duration) *factorydb.DB {
		db, err := factorydb.Open(t.Context(), factorydb.Config{Path: at.path, URL: at.url, Clock: later{by}, Log: slog.New(slog.DiscardHandler)})
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { _ = db.Close() })
		return db
	}
	const day = 24 * time.Hour
	pruned := func(db *factorydb.DB, k factorydb.Keep, want factorydb.Pruned) {
		t.Helper()
		got, err := db.Prune(t.Context(), k)
		maps.DeleteFunc(got, func(_ string, n int64) bool { return n == 0 })
		if diff := cmp.Diff(want, got); diff != "" || err != nil {
			t.Error(diff, err)
		}
	}
	soon, late := ahead(2*day), ahead(40*day)
	pruned(soon, factorydb.Keep{Requests: 30 * day, Events: 10 * day}, factorydb.Pruned{"sessions": 1})
	pruned(late, factorydb.Keep{}, factorydb.Pruned{})
	// 2 and 4 go; 6 has a hook that was not told yet. Asked, started, worked, ended: four lines where there was a slot.
	got, err := late.Prune(t.Context(), factorydb.Keep{Requests: 30 * day})
	if err != nil || got["requests"] != 2 || got["submitted"] != 2 || got["hook_runs"] != 1 || got["events"] < 6 {
		t.Errorf("%v, %v", got, err)
	}
	for n, stays := range map[int]bool{1: true, 2: false, 3: true, 4: false, 5: true, 6: true, 7: true} {
		if _, err := late.Get(t.Context(), request(n).ID); errors.Is(err, factory.ErrNotFound) == stays {
			t.Errorf("request %d: %v", n, err)
		}
	}
	if got, err = late.Prune(t.Context(), factorydb.Keep{Events: 30 * day}); err != nil || got["hook_runs"] != 1 || got["events"] < 6 {
		t.Errorf("%v, %v", got, err)
	}
	for n, lines := range map[int]int{1: 1, 3: 1, 5: 1, 6: 1} {
		if tl, err := late.Timeline(t.Context(), request(n).ID); err != nil || len(tl) != lines || tl[0].Text != "ended" {
			t.Errorf("timeline of %d: %v, %v", n, tl, err)
		}
	}
	if tl, err := late.Timeline(t.Context(), request(7).ID); err != nil || len(tl) < 3 {
		t.Errorf("timeline of the open one: %v, %v", tl, err)
	}
	if runs, err := late.HookRuns(t.Context(), request(6).ID); err != nil || len(runs) != 1 {
		t.Errorf("runs of 6: %v, %v", runs, err)
	}
	pruned(late, factorydb.Keep{Requests: 30 * day, Events: 30 * day}, factorydb.Pruned{})
	if _, err := late.Update(t.Context(), request(1).ID, factory.AnyGeneration, func(*factory.Request) ([]factory.Event, error) {
		return []factory.Event{{Text: "one more line"}}, nil
	}); err != nil {
		t.Errorf("a line after pruning: %v", err)
	}
	rows, err := late.Audit(t.Context(), 0, 1000)
	if err == nil {
		err = factory.VerifyAudit(0, "", rows)
	}
	if err != nil || len(rows) < 12 {
		t.Errorf("audit log of %d rows: %v", len(rows), err)
	}
}

// TestPrune_Batches: more than a transaction takes goes in several, and of two processes one does it.
func TestPrune_Batches(t *testing.T) { eachEngine(t, testPrune_Batches) }

func testPrune_Batches(t *testing.T, at place) {
	db := open(t, at)
	const many = 230
	for n := range many {
		end(t, db, n+1, factory.KindLaunch, factory.StateFailed, "", "")
	}
	other, err := factorydb.Open(t.Context(), factorydb.Config{Path: at.path, URL: at.url, Clock: later{time.Hour}, Log: slog.New(slog.DiscardHandler)})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = other.Close() })
	got, err := other.Prune(t.Context(), factorydb.Keep{Requests: time.Minute})
	if err != nil || got["requests"] != many {
		t.Errorf("%v, %v", got, err)
	}
}
