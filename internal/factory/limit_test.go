package factory_test

import (
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"accountfactory/internal/factory"
)

func (b *bundle) queue() factory.QueueView {
	b.t.Helper()
	q, err := b.svc.Queue(b.t.Context(), boss)
	if err != nil {
		b.t.Fatal(err)
	}
	return q
}

func (b *bundle) measure() int {
	b.t.Helper()
	if err := b.svc.Measure(b.t.Context()); err != nil {
		b.t.Fatal(err)
	}
	return b.queue().Limit
}

// others has somebody else's account operations, of which the function says how many are under way.
func (b *bundle) others(all int) func(int) {
	var ps []*fakeProduct
	for n := range all {
		p := leftover(fmt.Sprint("Others-", n))
		p.Id = p.Name
		ps = append(ps, p)
	}
	b.cloud.products = append(b.cloud.products, ps...)
	return func(running int) {
		for n, p := range ps {
			p.Status = "ERROR"
			if n < running {
				p.Status = "UNDER_CHANGE"
			}
		}
	}
}

// TestAutoLimit: the limit is the quota less what others have in flight, while ours come and go; it is one at least, and a
// limit set by hand ends it.
func TestAutoLimit(t *testing.T) {
	t.Parallel()
	b := setup(t)
	b.cloud.polls = 5
	var denied *factory.DeniedError
	if err := b.svc.ChangeQueue(t.Context(), ada, factory.QueueChange{Auto: new(3)}); !errors.As(err, &denied) {
		t.Errorf("a requester: %v", err)
	}
	var refused *factory.RefusedError
	if err := b.svc.ChangeQueue(t.Context(), boss, factory.QueueChange{Auto: new(51)}); !errors.As(err, &refused) {
		t.Errorf("a quota of 51: %v", err)
	}
	if err := b.svc.ChangeQueue(t.Context(), boss, factory.QueueChange{Auto: new(3)}); err != nil {
		t.Fatal(err)
	}
	if q := b.queue(); !q.Auto || q.Limit != 3 || q.Quota != 3 {
		t.Errorf("nothing runs: %+v", q)
	}
	ids := []string{b.submit(ada, input(1)).ID, b.submit(ada, input(2)).ID}
	for _, id := range ids {
		b.drive(id, atStep(factory.StepFollow))
	}
	if n := b.measure(); n != 3 {
		t.Errorf("ours count as others': %d", n)
	}
	others := b.others(3)
	others(1)
	if n := b.measure(); n != 2 {
		t.Errorf("beside one of others: %d, want 2", n)
	}
	third := b.submit(ada, input(3))
	if third.Slot {
		t.Error("a third began although AWS has no room")
	}
	others(3)
	if n := b.measure(); n != 1 {
		t.Errorf("beside three of others: %d, want 1", n)
	}
	others(0)
	if n := b.measure(); n != 3 || !b.get(third.ID).Slot {
		t.Errorf("others are done: %d", n)
	}
	b.reopen()
	if q := b.queue(); !q.Auto || q.Quota != 3 {
		t.Errorf("after a restart: %+v", q)
	}
	if err := b.svc.ChangeQueue(t.Context(), boss, factory.QueueChange{Limit: new(2)}); err != nil {
		t.Fatal(err)
	}
	others(3)
	if n := b.measure(); n != 2 || b.queue().Auto {
		t.Errorf("by hand: %d, %+v", n, b.queue())
	}
}

// TestAutoLimit_Waits: with nothing left by others, one is let in and names whose operation it waits for.
func TestAutoLimit_Waits(t *testing.T) {
	t.Parallel()
	b := setup(t)
	b.cloud.changing = []string{accountARN("222222222222")}
	if err := b.svc.ChangeQueue(t.Context(), boss, factory.QueueChange{Auto: new(1)}); err != nil {
		t.Fatal(err)
	}
	d := b.submit(ada, input(1))
	for range 3 {
		b.turn(t.Context(), d.ID)
	}
	if d = b.get(d.ID); !strings.Contains(d.WaitingFor, "operation on account 222222222222: 1 of 1") {
		t.Errorf("waits for %q\n%s", d.WaitingFor, story(d))
	}
	b.cloud.changing = nil
	if d = b.drive(d.ID, nil); d.State != factory.StateSucceeded {
		t.Errorf("%s\n%s", d.State, story(d))
	}
}

// TestDailyCap: new accounts beyond it wait for the next day, by priority and age, and say so; other requests overtake
// them; raising the cap starts them.
func TestDailyCap(t *testing.T) {
	t.Parallel()
	b := setup(t)
	var refused *factory.RefusedError
	if err := b.svc.ChangeQueue(t.Context(), boss, factory.QueueChange{DailyCap: new(-1)}); !errors.As(err, &refused) {
		t.Errorf("a cap of -1: %v", err)
	}
	for _, err := range []error{b.svc.ChangeQueue(t.Context(), boss, factory.QueueChange{DailyCap: new(2)}), b.svc.ChangeQueue(t.Context(), boss, factory.QueueChange{Limit: new(10)})} {
		if err != nil {
			t.Fatal(err)
		}
	}
	var ids []string
	for n := range 4 {
		ids = append(ids, b.submit(ada, input(n+1)).ID)
	}
	if d := b.get(ids[2]); !b.get(ids[1]).Slot || d.Slot || !strings.Contains(d.WaitingFor, "2 new accounts were begun today (UTC), and the daily cap is 2") ||
		d.ExpectedStart != time.Date(2026, 11, 23, 0, 0, 0, 0, time.UTC) {
		t.Errorf("the third: slot %v, waits for %q until %s", d.Slot, d.WaitingFor, d.ExpectedStart)
	}
	if q := b.queue(); q.Begun != 2 || q.DailyCap != 2 {
		t.Errorf("queue: %+v", q)
	}
	if d := b.drive(ids[0], nil); d.State != factory.StateSucceeded || strings.Contains(story(d), "tomorrow") {
		t.Fatalf("the first: %s\n%s", d.State, story(d))
	}
	if q := b.queue(); !q.NextStart.Equal(time.Date(2026, 11, 23, 0, 0, 0, 0, time.UTC)) {
		t.Errorf("only launches wait, and the next one is said to begin at %s", q.NextStart)
	}
	p, err := b.svc.Check(t.Context(), ada, b.cloud, input(9))
	if err != nil || !strings.Contains(checksText(p.Checks), "the request waits until tomorrow") {
		t.Errorf("check: %v %s", err, checksText(p.Checks))
	}
	move := b.submit(ada, about(factory.KindUpdate, first, func(in *factory.Input) { in.OU = "Security" }))
	if !move.Slot {
		t.Error("an update waits behind the cap")
	}
	b.clock.advance(15 * time.Hour) // into the next day
	if _, err := b.db.Sweep(t.Context(), false); err != nil {
		t.Fatal(err)
	}
	if !b.get(ids[2]).Slot || !b.get(ids[3]).Slot {
		t.Error("the next day starts nothing")
	}
	last := b.submit(ada, input(5))
	if last.Slot {
		t.Error("a third began on the next day")
	}
	if err := b.svc.ChangeQueue(t.Context(), boss, factory.QueueChange{DailyCap: new(3)}); err != nil || !b.get(last.ID).Slot {
		t.Errorf("raised: %v", err)
	}
	if rows := b.log(); factory.VerifyAudit(0, "", rows) != nil || rows[len(rows)-1].Action != factory.AuditCap {
		t.Errorf("audit: %+v", rows[len(rows)-1])
	}
}

func checksText(all []factory.Check) (out string) {
	for _, c := range all {
		out += c.Name + ": " + c.Seen + "\n"
	}
	return out
}

// TestAutoLimit_NoAnswer: an automatic limit is set although AWS does not answer just now, and nobody is told otherwise; it is
// measured later.
func TestAutoLimit_NoAnswer(t *testing.T) {
	t.Parallel()
	b := setup(t)
	b.cloud.fault = func(op string, _ int) (before, after error) {
		if op == "SearchProvisionedProducts" {
			return apiError("ThrottlingException", "slow down"), nil
		}
		return nil, nil
	}
	if err := b.svc.ChangeQueue(t.Context(), boss, factory.QueueChange{Auto: new(3)}); err != nil {
		t.Errorf("set: %v", err)
	}
	if q := b.queue(); !q.Auto || q.Limit != 3 {
		t.Errorf("%+v", q)
	}
	b.cloud.fault = nil
	b.others(2)(2)
	if n := b.measure(); n != 1 {
		t.Errorf("measured later: %d, want 1", n)
	}
}
