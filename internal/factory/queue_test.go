package factory_test

import (
	"errors"
	"strings"
	"testing"
	"time"

	"accountfactory/internal/factory"
)

// TestPriority: a request with a higher priority goes before older ones, equal ones by age, and only operators set it.
func TestPriority(t *testing.T) {
	t.Parallel()
	b := setup(t)
	running := b.submit(ada, input(1))
	old := b.submit(ada, input(2))
	in := input(3)
	in.Priority = 5
	var denied *factory.DeniedError
	if _, err := b.svc.Submit(t.Context(), ada, b.cloud, in); !errors.As(err, &denied) {
		t.Errorf("a requester's priority: %v", err)
	}
	urgent := b.submit(boss, in)
	if urgent.Position != 1 || b.get(old.ID).Position != 2 {
		t.Errorf("positions %d and %d, want 1 and 2", urgent.Position, b.get(old.ID).Position)
	}
	b.drive(running.ID, nil)
	if !b.get(urgent.ID).Slot || b.get(old.ID).Slot {
		t.Error("the older one was started first")
	}
}

// TestExpectedStart: once one was measured, those that wait say when they should begin.
func TestExpectedStart(t *testing.T) {
	t.Parallel()
	b := setup(t)
	began := b.clock.Now()
	d := b.drive(b.submit(ada, input(1)).ID, nil)
	took := d.EndedAt.Sub(began)
	b.submit(ada, input(2))
	begins := b.clock.Now()
	third, fourth := b.submit(ada, input(3)), b.submit(ada, input(4))
	if got := third.ExpectedStart.Sub(begins); got < took-time.Second || got > took+time.Second {
		t.Errorf("the third should begin in %s, want about %s", got, took)
	}
	if got := fourth.ExpectedStart.Sub(third.ExpectedStart); got != d.EndedAt.Sub(d.StartedAt) {
		t.Errorf("the fourth should begin %s later, want %s", got, d.EndedAt.Sub(d.StartedAt))
	}
}

// TestQueueModes: a paused queue finishes what runs and starts nothing; a draining one takes nothing either; both
// survive a restart, and resuming starts what waits.
func TestQueueModes(t *testing.T) {
	t.Parallel()
	b := setup(t)
	running, waiting := b.submit(ada, input(1)), b.submit(ada, input(2))
	var denied *factory.DeniedError
	if err := b.svc.ChangeQueue(t.Context(), ada, factory.QueueChange{Mode: new(factory.ModePaused)}); !errors.As(err, &denied) {
		t.Errorf("a requester pauses: %v", err)
	}
	b.mode(factory.ModePaused)
	b.drive(running.ID, atStep(factory.StepVerify))
	if q := b.queue(); q.Running != 0 || q.Drained {
		t.Errorf("nothing is said to run beside a request that has a worker: %+v", q)
	}
	if d := b.drive(running.ID, nil); d.State != factory.StateSucceeded {
		t.Errorf("what ran ended as %s", d.State)
	}
	b.submit(ada, input(3))
	b.submit(boss, about(factory.KindAccess, "team1@example.com", func(in *factory.Input) {
		in.Grant = []factory.Access{{Group: "Developers", PermissionSet: "AWSReadOnlyAccess"}}
	}))
	b.reopen()
	q, err := b.svc.Queue(t.Context(), ada)
	if err != nil || q.Running != 0 || q.Waiting != 2 || !q.Drained || q.ModeBy != boss.ARN {
		t.Errorf("paused: %+v %v", q, err)
	}
	if d := b.get(waiting.ID); d.Slot || !strings.Contains(d.WaitingFor, "to be resumed") {
		t.Errorf("waits for %q", d.WaitingFor)
	}
	b.mode(factory.ModeDraining)
	var refused *factory.RefusedError
	if _, err := b.svc.Submit(t.Context(), ada, b.cloud, input(4)); !errors.As(err, &refused) || !strings.Contains(err.Error(), "drain") {
		t.Errorf("while draining: %v", err)
	}
	b.mode(factory.ModeOpen)
	if d := b.drive(waiting.ID, nil); d.State != factory.StateSucceeded {
		t.Errorf("resumed, it ended as %s\n%s", d.State, story(d))
	}
}

func (b *bundle) mode(m factory.Mode) {
	b.t.Helper()
	if err := b.svc.ChangeQueue(b.t.Context(), boss, factory.QueueChange{Mode: new(m)}); err != nil {
		b.t.Fatal(err)
	}
}

// TestAlarm: a step that takes too long raises an alarm, once, and the request goes on.
func TestAlarm(t *testing.T) {
	t.Parallel()
	b := setup(t)
	b.cloud.polls = 4
	d := b.drive(b.submit(ada, input(1)).ID, atStep(factory.StepFollow))
	b.clock.advance(3 * time.Hour)
	d = b.drive(d.ID, nil)
	alarms := 0
	for _, e := range d.Timeline {
		if e.Alarm {
			alarms++
		}
	}
	if alarms != 1 || d.State != factory.StateSucceeded {
		t.Errorf("%d alarms, ended as %s\n%s", alarms, d.State, story(d))
	}
}

// TestGivesOn: once the operation has ended at AWS the next request begins, while the first is still being looked at; and
// what counts as an account operation's time is all of it.
func TestGivesOn(t *testing.T) {
	t.Parallel()
	b := setup(t)
	first, second := b.submit(ada, input(1)).ID, b.submit(ada, input(2)).ID
	if d := b.drive(first, atStep(factory.StepVerify)); d.State != factory.StateRunning {
		t.Fatalf("the first: %s\n%s", d.State, story(d))
	}
	if d := b.get(second); d.Position != 0 || !strings.Contains(story(d), "account operation 1 of 1") {
		t.Errorf("the second does not begin: position %d\n%s", d.Position, story(d))
	}
	for _, id := range []string{first, second} {
		if d := b.drive(id, nil); d.State != factory.StateSucceeded {
			t.Errorf("%s\n%s", d.State, story(d))
		}
	}
	if took, err := b.db.Durations(t.Context(), 5); err != nil || len(took) != 2 {
		t.Errorf("measured %v, %v", took, err)
	}
}
