package factorydb_test

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"accountfactory/internal/clock"
	"accountfactory/internal/factory"
)

// TestDurations: how long an account operation takes is told by those that waited for nobody and nothing once they had begun.
func TestDurations(t *testing.T) { eachEngine(t, testDurations) }

func testDurations(t *testing.T, at place) {
	db, now := open(t, at), clock.Wall{}.Now().Truncate(time.Microsecond)
	for n, r := range []factory.Request{
		{StartedAt: now.Add(-time.Hour)},
		{StartedAt: now.Add(-24 * time.Hour), Options: factory.Options{NewEmail: "new@example.com"}},
		{StartedAt: now.Add(-48 * time.Hour), NotBefore: now.Add(-time.Hour)},    // a closure that met AWS's quota
		{StartedAt: now.Add(-2 * time.Hour), NotBefore: now.Add(-3 * time.Hour)}, // one that had its cooling-off before
	} {
		one := request(n + 1)
		one.Options, one.NotBefore = r.Options, r.NotBefore
		if _, err := db.Add(t.Context(), one, factory.Event{At: now}); err != nil {
			t.Fatal(err)
		}
		if _, err := db.Update(t.Context(), one.ID, factory.AnyGeneration, func(to *factory.Request) ([]factory.Event, error) {
			to.State, to.Slot, to.StartedAt, to.EndedAt = factory.StateSucceeded, false, r.StartedAt, now
			return nil, nil
		}); err != nil {
			t.Fatal(err)
		}
	}
	took, err := db.Durations(t.Context(), 10)
	if err != nil {
		t.Fatal(err)
	}
	total := time.Duration(0)
	for _, d := range took {
		total += d
	}
	if diff := cmp.Diff(3*time.Hour, total); diff != "" || len(took) != 2 {
		t.Errorf("%v:\n%s", took, diff)
	}
}
