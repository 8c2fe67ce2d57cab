package factory_test

import (
	"context"
	"errors"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"accountfactory/internal/factory"
)

// TestCancel_BeforeSending ends a request at once wherever nothing was sent yet, and gives its slot on.
func TestCancel_BeforeSending(t *testing.T) {
	t.Parallel()
	for _, step := range []string{factory.StepCheck, factory.StepTurn, factory.StepProvision} {
		t.Run(step, func(t *testing.T) {
			t.Parallel()
			b := setup(t)
			id, next := b.submit(ada, input(1)).ID, b.submit(ada, input(2)).ID
			old := b.drive(id, atStep(step)).Generation
			d, err := b.svc.Cancel(t.Context(), ada, id)
			if err != nil || d.State != factory.StateCancelled || !strings.Contains(story(d), "Nothing was created") {
				t.Fatalf("%v %s\n%s", err, d.State, story(d))
			}
			b.svc.Turn(t.Context(), id, old) // the worker that was at it
			if len(b.cloud.effects) != 0 {
				t.Errorf("sent after cancelling: %v", b.cloud.effects)
			}
			if d := b.drive(next, nil); d.State != factory.StateSucceeded {
				t.Errorf("the next one: %s\n%s", d.State, story(d))
			}
		})
	}
}

// TestCancel_Waiting ends one that waits in the queue; those behind it move up.
func TestCancel_Waiting(t *testing.T) {
	t.Parallel()
	b := setup(t)
	b.submit(ada, input(1))
	second, third := b.submit(ada, input(2)), b.submit(ada, input(3))
	if _, err := b.svc.Cancel(t.Context(), ada, second.ID); err != nil {
		t.Fatal(err)
	}
	if got := b.get(third.ID).Position; got != 1 {
		t.Errorf("the third has position %d, want 1", got)
	}
}

// TestCancel_Sent: what was sent to AWS runs to its end, and the request says what came of it.
func TestCancel_Sent(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		name    string
		fail    string
		want    factory.State
		says    string
		account int
	}{
		{"succeeds", "", factory.StateSucceeded, "came too late", 1},
		{"fails", "ACCOUNT_LIMIT_EXCEEDED", factory.StateCancelled, "Cancelled as asked", 0},
		{"busy", busyTexts[0], factory.StateCancelled, "Cancelled as asked", 0},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			b := setup(t)
			b.cloud.polls = 3
			if tt.fail != "" {
				b.cloud.fail = func(string, int) (string, string) { return "ResourceInUseException", tt.fail }
			}
			id := b.drive(b.submit(ada, input(1)).ID, atStep(factory.StepFollow)).ID
			d, err := b.svc.Cancel(t.Context(), ada, id)
			if err != nil || d.State != factory.StateRunning || !d.CancelRequested {
				t.Fatalf("%v %+v", err, d.Request)
			}
			d = b.drive(id, nil)
			if d.State != tt.want || !strings.Contains(story(d), tt.says) || b.cloud.accountsOf("team1@example.com") != tt.account {
				t.Errorf("%s\n%s", d.State, story(d))
			}
			var conflict *factory.ConflictError
			if _, err := b.svc.Cancel(t.Context(), ada, id); !errors.As(err, &conflict) {
				t.Errorf("cancel of an ended request: %v", err)
			}
		})
	}
}

// TestCallers: a requester's own requests are theirs, others' do not exist for them, operators handle all.
func TestCallers(t *testing.T) {
	t.Parallel()
	b := setup(t)
	mine, theirs := b.submit(ada, input(1)), b.submit(bob, input(2))
	listed := func(c factory.Caller) []string {
		all, err := b.svc.List(t.Context(), c, factory.Filter{})
		if err != nil {
			t.Fatal(err)
		}
		var ids []string
		for _, d := range all {
			ids = append(ids, d.ID)
		}
		return ids
	}
	if diff := cmp.Diff([]string{mine.ID}, listed(ada)); diff != "" {
		t.Errorf("ada sees: %s", diff)
	}
	if diff := cmp.Diff([]string{mine.ID, theirs.ID}, listed(boss)); diff != "" {
		t.Errorf("an operator sees: %s", diff)
	}
	for what, err := range map[string]error{
		"get":    second(b.svc.Get(t.Context(), ada, theirs.ID)),
		"retry":  second(b.svc.Retry(t.Context(), ada, theirs.ID)),
		"cancel": second(b.svc.Cancel(t.Context(), ada, theirs.ID)),
	} {
		if !errors.Is(err, factory.ErrNotFound) {
			t.Errorf("%s of somebody else's: %v, want ErrNotFound", what, err)
		}
	}
	if _, err := b.svc.Watch(t.Context(), ada, theirs.ID); !errors.Is(err, factory.ErrNotFound) {
		t.Errorf("watch of somebody else's: %v", err)
	}
	// The same person in another role of theirs.
	other := factory.Caller{ARN: "arn:aws:sts::" + management + ":assumed-role/Other/x", SourceIdentity: "ada@example.com"}
	third := b.submit(other, input(3))
	also := other
	also.ARN += "2"
	if diff := cmp.Diff([]string{third.ID}, listed(also)); diff != "" {
		t.Errorf("by source identity: %s", diff)
	}
	if _, err := b.svc.Cancel(t.Context(), boss, theirs.ID); err != nil {
		t.Errorf("an operator cancels: %v", err)
	}
}

func second[A any](_ A, err error) error { return err }

// TestWatch tells each change that is seen, the last one always, and ends with the request.
func TestWatch(t *testing.T) {
	t.Parallel()
	b := setup(t)
	id := b.submit(ada, input(1)).ID
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	ch, err := b.svc.Watch(ctx, ada, id)
	if err != nil {
		t.Fatal(err)
	}
	driven := make(chan struct{})
	go func() { defer close(driven); b.drive(id, nil) }()
	defer func() { <-driven }()
	seen := 0
	var last factory.Detail
	for last = range ch {
		seen++
	}
	if last.State != factory.StateSucceeded || seen < 2 {
		t.Errorf("saw %d changes, the last %s", seen, last.State)
	}
	if diff := cmp.Diff(b.get(id), last); diff != "" {
		t.Errorf("last seen differs: %s", diff)
	}
}

// TestStart_Binding: a database that belongs to another cloud is refused, and both sides are named.
func TestStart_Binding(t *testing.T) {
	t.Parallel()
	b := setup(t)
	b.start()
	b.stop()
	other := binding
	other.OrganizationID, other.Kind = "o-zzzzzzzzzz", "aws"
	err := factory.New(factory.Config{Store: b.db, Sessions: b.cloud, Binding: other}).Start(t.Context())
	var wrong *factory.BindingError
	if !errors.As(err, &wrong) || !strings.Contains(err.Error(), "o-abcdefghij") || !strings.Contains(err.Error(), "aws organization o-zzzzzzzzzz") {
		t.Errorf("Start gave %v", err)
	}
}
