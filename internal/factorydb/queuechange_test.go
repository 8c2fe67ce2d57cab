package factorydb_test

import (
	"testing"

	"accountfactory/internal/factory"
)

// TestChangeQueue: what is changed at once counts at once: nothing is started between a greater limit and the pause beside it, and
// what waited starts when the queue is opened.
func TestChangeQueue(t *testing.T) { eachEngine(t, testChangeQueue) }

func testChangeQueue(t *testing.T, at place) {
	db := open(t, at)
	for n := range 3 {
		add(t, db, n+1)
	}
	for _, step := range []struct {
		change factory.QueueChange
		used   int
	}{
		{factory.QueueChange{Limit: new(3), Mode: new(factory.ModePaused)}, 1},
		{factory.QueueChange{Auto: new(2), Mode: new(factory.ModeOpen)}, 2},
	} {
		if err := db.ChangeQueue(t.Context(), step.change, "boss"); err != nil {
			t.Fatal(err)
		}
		if q, err := db.Queue(t.Context()); err != nil || q.Used != step.used {
			t.Errorf("%d account operations are used, want %d: %v", q.Used, step.used, err)
		}
	}
	rows, err := db.Audit(t.Context(), 0, 10)
	if err != nil || factory.VerifyAudit(0, "", rows) != nil {
		t.Fatalf("the audit log: %v", err)
	}
	var actions []string
	for _, row := range rows {
		if row.Actor == "boss" {
			actions = append(actions, row.Action)
		}
	}
	if len(actions) != 4 || actions[0] != factory.AuditLimit || actions[1] != factory.AuditMode {
		t.Errorf("the audit log has %v", actions)
	}
}
