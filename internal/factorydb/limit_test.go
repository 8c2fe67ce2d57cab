package factorydb_test

import (
	"errors"
	"log/slog"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"accountfactory/internal/clock"
	"accountfactory/internal/factory"
	"accountfactory/internal/factorydb"
)

// TestDailyCap: of new accounts only as many as may begin today get a slot, the others wait; raising the cap starts them.
func TestDailyCap(t *testing.T) { eachEngine(t, testDailyCap) }

func testDailyCap(t *testing.T, at place) {
	noon := clock.Fixed(time.Date(2026, 11, 23, 12, 0, 0, 0, time.UTC)) // or some would be begun the day before
	db, err := factorydb.Open(t.Context(), factorydb.Config{Path: at.path, URL: at.url, Clock: noon, Log: slog.New(slog.DiscardHandler)})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = db.Close() })
	if err := db.ChangeQueue(t.Context(), factory.QueueChange{Limit: new(10), DailyCap: new(2)}, "boss"); err != nil {
		t.Fatal(err)
	}
	var slots []bool
	for n := range 4 {
		slots = append(slots, add(t, db, n+1).Slot)
	}
	if diff := cmp.Diff([]bool{true, true, false, false}, slots); diff != "" {
		t.Errorf("slots: %s", diff)
	}
	if q, err := db.Queue(t.Context()); err != nil || q.Begun != 2 || q.DailyCap != 2 || q.Used != 2 {
		t.Errorf("queue %+v %v", q, err)
	}
	if err := db.ChangeQueue(t.Context(), factory.QueueChange{DailyCap: new(3)}, "boss"); err != nil {
		t.Fatal(err)
	}
	if working, err := db.Working(t.Context()); err != nil || len(working) != 3 {
		t.Errorf("%d work, want 3: %v", len(working), err)
	}
}

// TestAuto: an automatic limit follows what is measured, up to a quota that stays until another is said, until one is set by hand.
func TestAuto(t *testing.T) { eachEngine(t, testAuto) }

func testAuto(t *testing.T, at place) {
	db := open(t, at)
	limit := func(change ...error) [2]int {
		t.Helper()
		for _, err := range change {
			if err != nil {
				t.Fatal(err)
			}
		}
		q, err := db.Queue(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		return [2]int{q.Limit, q.Quota}
	}
	ctx := t.Context()
	for _, step := range []struct {
		name string
		got  [2]int
		want [2]int
	}{
		{"measured before", limit(db.Measured(ctx, 4)), [2]int{1, 5}},
		{"automatic", limit(db.ChangeQueue(ctx, factory.QueueChange{Auto: new(7)}, "boss")), [2]int{7, 7}},
		{"measured", limit(db.Measured(ctx, 4)), [2]int{4, 7}},
		{"automatic, as AWS says", limit(db.ChangeQueue(ctx, factory.QueueChange{Auto: new(0)}, "boss")), [2]int{5, 5}},
		{"by hand", limit(db.ChangeQueue(ctx, factory.QueueChange{Limit: new(2)}, "boss"), db.Measured(ctx, 4)), [2]int{2, 5}},
	} {
		if step.got != step.want {
			t.Errorf("%s: %v, want %v", step.name, step.got, step.want)
		}
	}
	rows, err := db.Audit(ctx, 0, 10)
	if err != nil || len(rows) != 3 || factory.VerifyAudit(0, "", rows) != nil {
		t.Errorf("%d audit rows, want 3: %v", len(rows), err)
	}
}

// TestHooks: runs are kept with the change that made them, claimed by one at a time, and ended by who has the claim.
func TestHooks(t *testing.T) { eachEngine(t, testHooks) }

func testHooks(t *testing.T, at place) {
	db := open(t, at)
	r := add(t, db, 1)
	now := r.CreatedAt
	run := factory.HookRun{ID: "hook-one", RequestID: r.ID, Hook: "notify", Event: factory.HookSuccess, State: factory.HookPending, Due: now, CreatedAt: now, Body: []byte(`{"a":1}`)}
	boom := errors.New("boom")
	for _, end := range []error{boom, nil} { // a change that fails keeps none
		_, err := db.Update(t.Context(), r.ID, r.Generation, func(r *factory.Request) ([]factory.Event, error) {
			r.Hooks = []factory.HookRun{run}
			return nil, end
		})
		if !errors.Is(err, end) {
			t.Fatal(err)
		}
	}
	got, err := db.ClaimHook(t.Context(), now, time.Minute)
	if err != nil || got.Attempts != 1 || string(got.Body) != `{"a":1}` {
		t.Fatalf("%+v %v", got, err)
	}
	if _, err := db.ClaimHook(t.Context(), now, time.Minute); !errors.Is(err, factory.ErrNotFound) {
		t.Errorf("claimed twice: %v", err)
	}
	again, err := db.ClaimHook(t.Context(), now.Add(2*time.Minute), time.Minute)
	if err != nil || again.Attempts != 2 {
		t.Fatalf("after the lease: %+v %v", again, err)
	}
	got.State, got.Result = factory.HookDone, "of the first"
	again.State, again.Result = factory.HookFailed, "of the second"
	for _, h := range []factory.HookRun{got, again} {
		if err := db.EndHook(t.Context(), h, factory.Event{At: now, Step: "hook", Text: h.Result}); err != nil {
			t.Fatal(err)
		}
	}
	e := factory.Event{At: now, Step: "hook", Text: "again", Actor: "boss", Action: factory.AuditHook}
	if err := db.RetryHook(t.Context(), r.ID, run.ID, e); err != nil {
		t.Fatal(err)
	}
	var conflict *factory.ConflictError
	if err := db.RetryHook(t.Context(), r.ID, run.ID, e); !errors.As(err, &conflict) {
		t.Errorf("one that is pending: %v", err)
	}
	runs, err := db.HookRuns(t.Context(), r.ID)
	if err != nil || len(runs) != 1 || runs[0].Result != "of the second" || runs[0].State != factory.HookPending || runs[0].Attempts != 0 {
		t.Errorf("%+v %v", runs, err)
	}
	var lines []string
	events, err := db.Timeline(t.Context(), r.ID)
	for _, e := range events {
		if e.Step == "hook" {
			lines = append(lines, e.Text)
		}
	}
	if diff := cmp.Diff([]string{"of the second", "again"}, lines); diff != "" || err != nil {
		t.Errorf("timeline: %s %v", diff, err)
	}
}

// TestTombstone gives the newest request that closed an account of an e-mail.
func TestTombstone(t *testing.T) { eachEngine(t, testTombstone) }

func testTombstone(t *testing.T, at place) {
	db := open(t, at)
	r := request(1)
	r.Kind, r.NewEmail = factory.KindClose, ""
	if _, err := db.Add(t.Context(), r, factory.Event{At: r.CreatedAt, Step: "check", Text: "asked"}); err != nil {
		t.Fatal(err)
	}
	if _, err := db.Tombstone(t.Context(), r.EmailKey()); !errors.Is(err, factory.ErrNotFound) {
		t.Errorf("before it is closed: %v", err)
	}
	if _, err := db.Update(t.Context(), r.ID, factory.AnyGeneration, func(r *factory.Request) ([]factory.Event, error) {
		r.State, r.Slot = factory.StateSucceeded, false
		return nil, nil
	}); err != nil {
		t.Fatal(err)
	}
	if got, err := db.Tombstone(t.Context(), r.EmailKey()); err != nil || got.ID != r.ID {
		t.Errorf("%+v %v", got, err)
	}
}
