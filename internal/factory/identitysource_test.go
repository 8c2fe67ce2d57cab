package factory_test

import (
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"accountfactory/internal/factory"
)

// provided has a factory whose SSO users come from an identity provider.
func provided(t *testing.T) *bundle {
	t.Helper()
	b := setup(t)
	b.set = func(c *factory.Config) { c.ExternalIdentity = true }
	b.reopen()
	return b
}

// waits drives a request to where it waits for its SSO user.
func (b *bundle) waits(id string) factory.Detail {
	b.t.Helper()
	d := b.drive(id, nil)
	if d.State != factory.StateWaitingForPerson || d.Step != factory.StepUserThere || d.Slot || d.Ask == nil || d.Ask.For != factory.AskUser || !strings.Contains(d.Ask.What, "lead1@example.com") {
		b.t.Fatalf("%s in %s asks %+v\n%s", d.State, d.Step, d.Ask, story(d))
	}
	if diff := cmp.Diff([]string{"check", "user-there", "turn", "provision", "follow", "verify"}, d.Steps); diff != "" {
		b.t.Errorf("steps:\n%s", diff)
	}
	if n := b.cloud.effect("ProvisionProduct"); n != 0 {
		b.t.Fatalf("%d launches were sent before the user was there", n)
	}
	return d
}

// TestExternalIdentity: a launch for somebody the identity provider has not brought yet waits for them without a slot, before
// anything is written, and goes on by itself when they appear.
func TestExternalIdentity(t *testing.T) {
	t.Parallel()
	b := provided(t)
	plan, err := b.svc.Check(t.Context(), ada, b.cloud, input(1))
	if err != nil {
		t.Fatal(err)
	}
	said := ""
	for _, c := range plan.Checks {
		if c.Name == factory.CheckIdentitySource {
			said = string(c.Result) + " " + c.Seen
		}
	}
	if !strings.HasPrefix(said, string(factory.CheckNote)) || !strings.Contains(said, "the request waits") {
		t.Errorf("the checks say %q", said)
	}
	d := b.waits(b.submit(ada, input(1)).ID)
	b.clock.advance(time.Minute)
	b.attend()
	if d = b.get(d.ID); d.State != factory.StateWaitingForPerson {
		t.Fatalf("%s before anybody came", d.State)
	}
	b.cloud.users["lead1@example.com"] = "user-synced"
	b.clock.advance(time.Minute)
	b.attend()
	if d = b.drive(d.ID, nil); d.State != factory.StateSucceeded || d.ToDo != "" || !strings.Contains(story(d), "is there. Nobody needs to answer any more") {
		t.Errorf("%s, to do %q\n%s", d.State, d.ToDo, story(d))
	}
}

// TestExternalIdentity_Answered: somebody has another look taken, which finds nobody, then somebody; or ends it.
func TestExternalIdentity_Answered(t *testing.T) {
	t.Parallel()
	b := provided(t)
	id := b.submit(ada, input(1)).ID
	b.waits(id)
	look := func() {
		t.Helper()
		if _, err := b.answer(ada, id, factory.Answer{Choice: factory.ChoiceLook}); err != nil {
			t.Fatal(err)
		}
	}
	look()
	b.waits(id)
	b.cloud.users["lead1@example.com"] = "user-synced"
	look()
	if d := b.drive(id, nil); d.State != factory.StateSucceeded {
		t.Errorf("%s\n%s", d.State, story(d))
	}
	other := b.submit(ada, input(2)).ID
	b.drive(other, nil)
	if d, err := b.answer(ada, other, factory.Answer{Choice: factory.ChoiceCancel}); err != nil || d.State != factory.StateCancelled {
		t.Errorf("cancelled: %s, %v", d.State, err)
	}
}

// TestExternalIdentity_There: for somebody who is there nothing waits, and a handover waits as a launch does.
func TestExternalIdentity_There(t *testing.T) {
	t.Parallel()
	b := provided(t)
	b.cloud.users["lead1@example.com"] = "user-synced"
	if d := b.drive(b.submit(ada, input(1)).ID, nil); d.State != factory.StateSucceeded || strings.Contains(story(d), "identity provider") {
		t.Fatalf("%s\n%s", d.State, story(d))
	}
	in := about(factory.KindUpdate, "team1@example.com", func(in *factory.Input) { in.SSOUserEmail = "nina@example.com" })
	in.SSOUserFirstName, in.SSOUserLastName = "Nina", "New"
	d := b.drive(b.submit(boss, in).ID, nil)
	if d.State != factory.StateWaitingForPerson || d.Step != factory.StepUserThere || b.cloud.effect("UpdateProvisionedProduct") != 0 {
		t.Fatalf("%s in %s\n%s", d.State, d.Step, story(d))
	}
	b.cloud.users["nina@example.com"] = "user-nina"
	b.clock.advance(time.Minute)
	b.attend()
	if d = b.drive(d.ID, nil); d.State != factory.StateSucceeded {
		t.Errorf("%s\n%s", d.State, story(d))
	}
}

// TestExternalIdentity_Begins: a launch begins when its user is there, not when it was found that they are missing: by that go
// how long one takes, and which day's new account it is.
func TestExternalIdentity_Begins(t *testing.T) {
	t.Parallel()
	b := provided(t)
	if err := b.svc.ChangeQueue(t.Context(), boss, factory.QueueChange{DailyCap: new(1)}); err != nil {
		t.Fatal(err)
	}
	b.waits(b.submit(ada, input(1)).ID)
	b.clock.advance(3 * 24 * time.Hour)
	b.cloud.users["lead1@example.com"], b.cloud.users["lead2@example.com"] = "user-1", "user-2"
	b.attend()
	id := b.submit(ada, input(2)).ID
	if q := b.queue(); q.Begun != 1 || b.get(id).Slot {
		t.Errorf("%d new accounts are begun on the day the user came, and another one: %v", q.Begun, b.get(id).Slot)
	}
	rs, err := b.svc.List(t.Context(), boss, factory.Filter{})
	if err != nil {
		t.Fatal(err)
	}
	if d := b.drive(rs[0].ID, nil); d.State != factory.StateSucceeded {
		t.Fatalf("%s\n%s", d.State, story(d))
	}
	if took, err := time.ParseDuration(b.queue().Usual); err != nil || took > time.Hour {
		t.Errorf("an account operation is said to take %s: %v", took, err)
	}
}
