package factory_test

import (
	"errors"
	"testing"

	"github.com/google/go-cmp/cmp"

	"accountfactory/internal/factory"
)

// TestChangeQueue: a change is made as a whole, or nothing of it with all that is wrong.
func TestChangeQueue(t *testing.T) {
	t.Parallel()
	b := setup(t)
	var refused *factory.RefusedError
	err := b.svc.ChangeQueue(t.Context(), boss, factory.QueueChange{Limit: new(3), DailyCap: new(-1), Mode: new(factory.Mode("shut"))})
	if !errors.As(err, &refused) {
		t.Fatalf("a wrong change: %v", err)
	}
	var wrong []string
	for _, c := range refused.Checks {
		wrong = append(wrong, c.Name)
	}
	if diff := cmp.Diff([]string{factory.CheckDailyCap, factory.CheckQueue}, wrong); diff != "" {
		t.Errorf("wrong (-want +got):\n%s", diff)
	}
	if q := b.queue(); q.Limit != 1 || q.DailyCap != 0 || q.Mode != factory.ModeOpen {
		t.Errorf("something of it was done: %+v", q)
	}
	if err := b.svc.ChangeQueue(t.Context(), boss, factory.QueueChange{Limit: new(3), DailyCap: new(2), Mode: new(factory.ModePaused)}); err != nil {
		t.Fatal(err)
	}
	if q := b.queue(); q.Limit != 3 || q.DailyCap != 2 || q.Mode != factory.ModePaused {
		t.Errorf("not all of it was done: %+v", q)
	}
}
