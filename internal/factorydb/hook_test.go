package factorydb_test

import (
	"testing"
	"time"

	"accountfactory/internal/clock"
	"accountfactory/internal/factory"
)

// TestHook_Changes: that a hook was told, or is told again, is a change of its request, also for those who were away.
func TestHook_Changes(t *testing.T) { eachEngine(t, testHookChanges) }

func testHookChanges(t *testing.T, at place) {
	db := open(t, at)
	end(t, db, 1, factory.KindLaunch, factory.StateSucceeded, "", factory.HookPending)
	id, now := request(1).ID, clock.Wall{}.Now()
	changed := func(what string, do func() error) {
		t.Helper()
		before, err := db.Get(t.Context(), id)
		if err == nil {
			err = do()
		}
		if err != nil {
			t.Fatalf("%s: %v", what, err)
		}
		found, err := db.List(t.Context(), factory.Filter{ChangedSince: before.UpdatedAt.Add(time.Microsecond)})
		if err != nil || len(found) != 1 {
			t.Errorf("%s: %d requests changed since, %v", what, len(found), err)
		}
	}
	changed("given up", func() error {
		run, err := db.ClaimHook(t.Context(), now, time.Minute)
		if err != nil {
			return err
		}
		run.State, run.EndedAt = factory.HookFailed, now
		return db.EndHook(t.Context(), run, factory.Event{At: now, Text: "given up"})
	})
	changed("run again", func() error {
		return db.RetryHook(t.Context(), id, "hook-1", factory.Event{At: now, Text: "again", Actor: "ada", Action: factory.AuditHook})
	})
}
