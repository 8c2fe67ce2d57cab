package factorydb_test

import (
	"errors"
	"strings"
	"testing"
	"time"

	"accountfactory/internal/clock"
	"accountfactory/internal/factory"
)

// TestText: bytes that PostgreSQL takes for no text change nothing but themselves, on either engine: what has them is kept, its
// hook is over, the audit log still fits, and what nobody has is not found.
func TestText(t *testing.T) { eachEngine(t, testText) }

func testText(t *testing.T, at place) {
	const odd = "caf\xe9\x00!"
	db, now := open(t, at), clock.Wall{}.Now()
	r := request(1)
	r.Reason = odd
	r.Hooks = []factory.HookRun{{ID: "hook-1", RequestID: r.ID, Hook: "tell", Event: factory.HookWaiting, State: factory.HookPending, Due: now, CreatedAt: now, Body: []byte("{}")}}
	hooks := r.Hooks
	if _, err := db.Add(t.Context(), r, factory.Event{At: now, Text: odd, Actor: odd}); err != nil {
		t.Fatal(err)
	}
	if _, err := db.Update(t.Context(), r.ID, factory.AnyGeneration, func(r *factory.Request) ([]factory.Event, error) { r.Hooks = hooks; return nil, nil }); err != nil {
		t.Fatal(err)
	}
	run, err := db.ClaimHook(t.Context(), now.Add(time.Second), time.Minute)
	if err != nil {
		t.Fatal(err)
	}
	run.State, run.Result, run.Output = factory.HookDone, odd, odd
	if err := db.EndHook(t.Context(), run, factory.Event{At: now, Text: odd}); err != nil {
		t.Errorf("a hook's end: %v", err)
	}
	if runs, err := db.HookRuns(t.Context(), r.ID); err != nil || len(runs) != 1 || runs[0].State != factory.HookDone || !strings.HasPrefix(runs[0].Output, "caf") || strings.Contains(runs[0].Output, "\x00") {
		t.Errorf("runs: %+v, %v", runs, err)
	}
	rows, err := db.Audit(t.Context(), 0, 10)
	if err == nil {
		err = factory.VerifyAudit(0, "", rows)
	}
	if err != nil || len(rows) == 0 {
		t.Errorf("%d audit rows: %v", len(rows), err)
	}
	if _, err := db.Get(t.Context(), odd); !errors.Is(err, factory.ErrNotFound) {
		t.Errorf("a request that nobody made: %v", err)
	}
}
