package factory_test

import (
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"accountfactory/internal/factory"
)

// renaming asks for another name and e-mail of team 1's account.
func renaming() factory.Input {
	return about(factory.KindUpdate, "team1@example.com", func(in *factory.Input) { in.NewName, in.NewEmail = "Renamed", "Renamed@example.com" })
}

// asked has team 1's account wait for the code of its new e-mail.
func asked(t *testing.T) (*bundle, factory.Detail) {
	t.Helper()
	b := setup(t)
	vended(b)
	d := b.drive(b.submit(ada, renaming()).ID, nil)
	if d.State != factory.StateWaitingForPerson || d.Ask == nil || d.Ask.For != factory.AskCode || !strings.Contains(d.Ask.Who, "Renamed@example.com") {
		t.Fatalf("%s asks %+v\n%s", d.State, d.Ask, story(d))
	}
	return b, d
}

func (b *bundle) answer(c factory.Caller, id string, a factory.Answer) (factory.Detail, error) {
	b.t.Helper()
	return b.svc.Answer(b.t.Context(), c, id, a)
}

// code is that of the newest mail.
func (b *bundle) code() string { return b.cloud.updates[first].code }

func (b *bundle) attend() {
	b.t.Helper()
	if err := b.svc.Attend(b.t.Context()); err != nil {
		b.t.Fatal(err)
	}
}

// TestEmailChange waits for the code without a slot, takes it once, and sees name and e-mail on the cloud.
func TestEmailChange(t *testing.T) {
	t.Parallel()
	b, d := asked(t)
	if d.Slot || !d.Light || !strings.HasPrefix(d.WaitingFor, "whoever reads") || d.Ask.ExpiresAt.Sub(d.Ask.Since) != 7*24*time.Hour {
		t.Errorf("waiting: %+v", d)
	}
	if _, err := b.answer(bob, d.ID, factory.Answer{Code: b.code()}); !errors.Is(err, factory.ErrNotFound) {
		t.Errorf("another's answer: %v", err)
	}
	if _, err := b.answer(ada, d.ID, factory.Answer{Code: b.code()}); err != nil {
		t.Fatal(err)
	}
	var conflict *factory.ConflictError
	if _, err := b.answer(ada, d.ID, factory.Answer{Code: b.code()}); !errors.As(err, &conflict) {
		t.Errorf("answered twice: %v", err)
	}
	d = b.drive(d.ID, nil)
	acc := b.cloud.account(first)
	if d.State != factory.StateSucceeded || *acc.Name != "Renamed" || *acc.Email != "Renamed@example.com" || d.Ask != nil || d.Progress.Code != "" {
		t.Fatalf("%s: %s %s, asks %+v\n%s", d.State, *acc.Name, *acc.Email, d.Ask, story(d))
	}
	for _, r := range b.log() {
		if strings.Contains(string(r.Before)+string(r.After)+r.Reason, "CODE01") {
			t.Errorf("the audit log has the code: %s", r.After)
		}
	}
	if strings.Contains(story(d), "CODE01") {
		t.Errorf("the timeline has the code:\n%s", story(d))
	}
	if b.cloud.effect("UpdateProvisionedProduct") != 0 {
		t.Error("the product was updated for a name")
	}
}

// TestEmailChange_ThenMove: an update after the account was renamed names neither name nor e-mail to the product.
func TestEmailChange_ThenMove(t *testing.T) {
	t.Parallel()
	b, d := asked(t)
	if _, err := b.answer(ada, d.ID, factory.Answer{Code: b.code()}); err != nil {
		t.Fatal(err)
	}
	b.drive(d.ID, nil)
	b.clock.advance(time.Minute)
	d = b.drive(b.submit(ada, about(factory.KindUpdate, first, func(in *factory.Input) { in.OU = "Security" })).ID, nil)
	if d.State != factory.StateSucceeded || b.cloud.products[0].params["AccountEmail"] != "team1@example.com" || b.cloud.parent[first] != security {
		t.Errorf("%s, product %v\n%s", d.State, b.cloud.products[0].params, story(d))
	}
	other := input(1) // the old address is free again
	other.Name = "Another"
	if d = b.drive(b.submit(bob, other).ID, nil); d.State != factory.StateSucceeded || d.AccountID == first {
		t.Errorf("a launch with the old address: %s\n%s", d.State, story(d))
	}
}

// TestEmailChange_Codes: a wrong code is asked for anew, another mail makes the former code worthless, and cancelling
// leaves the address.
func TestEmailChange_Codes(t *testing.T) {
	t.Parallel()
	b, d := asked(t)
	for _, a := range []factory.Answer{{}, {Code: "12345"}, {Choice: "enroll"}, {Choice: "resend", Code: "ABC123"}} {
		var refused *factory.RefusedError
		if _, err := b.answer(ada, d.ID, a); !errors.As(err, &refused) || !strings.Contains(err.Error(), "resend or cancel") {
			t.Errorf("%+v: %v", a, err)
		}
	}
	step := func(a factory.Answer) factory.Detail {
		t.Helper()
		if _, err := b.answer(ada, d.ID, a); err != nil {
			t.Fatal(err)
		}
		d := b.drive(d.ID, nil)
		if d.State != factory.StateWaitingForPerson {
			t.Fatalf("after %+v: %s\n%s", a, d.State, story(d))
		}
		return d
	}
	if d := step(factory.Answer{Code: "WRONG1"}); !strings.Contains(story(d), "verification code is invalid") {
		t.Errorf("AWS's words are missing:\n%s", story(d))
	}
	step(factory.Answer{Choice: factory.ChoiceResend})
	if n := b.cloud.effect("StartPrimaryEmailUpdate"); n != 2 {
		t.Errorf("%d mails, want 2", n)
	}
	step(factory.Answer{Code: "CODE01"})
	d, err := b.answer(ada, d.ID, factory.Answer{Choice: factory.ChoiceCancel})
	if err != nil || d.State != factory.StateCancelled || *b.cloud.account(first).Email != "team1@example.com" {
		t.Errorf("cancelled: %s %v", d.State, err)
	}
}

// TestEmailChange_Cancelled: a cancel while AWS mails the code asks nobody for it.
func TestEmailChange_Cancelled(t *testing.T) {
	t.Parallel()
	b := setup(t)
	vended(b)
	id := b.submit(ada, renaming()).ID
	b.cloud.fault = func(op string, _ int) (error, error) {
		if op == "StartPrimaryEmailUpdate" {
			if _, err := b.svc.Cancel(t.Context(), ada, id); err != nil {
				t.Error(err)
			}
		}
		return nil, nil
	}
	if d := b.drive(id, nil); d.State != factory.StateCancelled || d.Ask != nil || *b.cloud.account(first).Email != "team1@example.com" {
		t.Errorf("%s asks %+v\n%s", d.State, d.Ask, story(d))
	}
}

// TestEmailChange_Failed: AWS gives the address to another account meanwhile; a retry mails another code.
func TestEmailChange_Failed(t *testing.T) {
	t.Parallel()
	b, d := asked(t)
	b.cloud.failEmail = true
	if _, err := b.answer(ada, d.ID, factory.Answer{Code: b.code()}); err != nil {
		t.Fatal(err)
	}
	if d = b.drive(d.ID, nil); d.State != factory.StateFailed || d.Step != factory.StepEmailFollow {
		t.Fatalf("%s in %s\n%s", d.State, d.Step, story(d))
	}
	if _, err := b.svc.Retry(t.Context(), ada, d.ID); err != nil {
		t.Fatal(err)
	}
	if d = b.drive(d.ID, nil); d.State != factory.StateWaitingForPerson || b.cloud.effect("StartPrimaryEmailUpdate") != 2 {
		t.Errorf("retried: %s\n%s", d.State, story(d))
	}
}

// TestEmailChange_SeenOnTheCloud: somebody gave the code to AWS themselves.
func TestEmailChange_SeenOnTheCloud(t *testing.T) {
	t.Parallel()
	b, d := asked(t)
	b.clock.advance(time.Minute)
	b.attend()
	if d := b.get(d.ID); d.State != factory.StateWaitingForPerson {
		t.Fatalf("%s before anything was to be seen", d.State)
	}
	b.cloud.updates[first].status = "ACCEPTED"
	b.clock.advance(time.Minute)
	b.attend()
	if d = b.drive(d.ID, nil); d.State != factory.StateSucceeded || !strings.Contains(story(d), "Nobody needs to answer") {
		t.Errorf("%s\n%s", d.State, story(d))
	}
}

// TestReminders: a reminder a day, as alarms, each once; after a week the request fails and lets go of the address.
func TestReminders(t *testing.T) {
	t.Parallel()
	b, d := asked(t)
	for range 8 * 24 {
		b.clock.advance(time.Hour)
		b.attend()
		b.attend()
	}
	d = b.get(d.ID)
	var alarms []string
	for _, e := range d.Timeline {
		if e.Alarm {
			alarms = append(alarms, strings.Fields(e.Text)[0]+" "+strings.Fields(e.Text)[1])
		}
	}
	want := []string{"Reminder 1:", "Reminder 2:", "Reminder 3:", "Reminder 4:", "Reminder 5:", "Reminder 6:", "Nobody answered"}
	if diff := cmp.Diff(want, alarms); diff != "" || d.State != factory.StateFailed {
		t.Errorf("%s: %s\n%s", d.State, diff, story(d))
	}
	if _, err := b.svc.Retry(t.Context(), ada, d.ID); err != nil {
		t.Fatal(err)
	}
	if d = b.drive(d.ID, nil); d.State != factory.StateWaitingForPerson {
		t.Errorf("retried: %s", d.State)
	}
}

// TestDecision shows its options, who is asked, and takes an answer.
func TestDecision(t *testing.T) {
	t.Parallel()
	b := setup(t)
	d := b.drive(b.submit(ada, input(1)).ID, atStep(factory.StepProvision))
	b.cloud.addAccount("Strange", "team1@example.com", "r-ab12")
	b.clock.advance(time.Minute)
	d = b.drive(d.ID, nil)
	if d.State != factory.StateNeedsDecision || d.Ask == nil || len(d.Ask.Options) != 2 || d.Ask.Who != ada.ARN || !strings.Contains(d.WaitingFor, "was there before") {
		t.Fatalf("%s asks %+v, waits for %q\n%s", d.State, d.Ask, d.WaitingFor, story(d))
	}
	var refused *factory.RefusedError
	if _, err := b.answer(ada, d.ID, factory.Answer{Code: "ABC123"}); !errors.As(err, &refused) {
		t.Errorf("a code for a decision: %v", err)
	}
	if d, err := b.answer(ada, d.ID, factory.Answer{Choice: factory.ChoiceRetry}); err != nil || d.State != factory.StateWaiting && d.State != factory.StateRunning || d.Ask != nil {
		t.Errorf("retried: %+v %v", d, err)
	}
	if d = b.drive(d.ID, nil); d.State != factory.StateNeedsDecision {
		t.Errorf("that account is there still: %s", d.State)
	}
	if d, err := b.answer(boss, d.ID, factory.Answer{Choice: factory.ChoiceCancel}); err != nil || d.State != factory.StateCancelled {
		t.Errorf("cancelled: %v", err)
	}
}

// TestNewEmail_Held: two requests do not go for one address, whichever comes first.
func TestNewEmail_Held(t *testing.T) {
	t.Parallel()
	b, d := asked(t)
	other := input(2)
	other.AccountEmail = "renamed@example.com"
	var dup *factory.DuplicateError
	if _, err := b.svc.Submit(t.Context(), bob, b.cloud, other); !errors.As(err, &dup) || dup.RequestID != d.ID {
		t.Errorf("a launch for the address: %v", err)
	}
	if _, err := b.svc.Cancel(t.Context(), ada, d.ID); err != nil {
		t.Fatal(err)
	}
	launch := b.submit(bob, other)
	if _, err := b.svc.Submit(t.Context(), ada, b.cloud, renaming()); !errors.As(err, &dup) || dup.RequestID != launch.ID {
		t.Errorf("an update to the address: %v", err)
	}
}

// TestUpdate_Refused: what is known to be in the way of a name or an e-mail is said before.
func TestUpdate_Refused(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct {
		name   string
		cloud  func(*fakeCloud)
		change func(*factory.Input)
		check  string
	}{
		{"no trusted access", func(f *fakeCloud) { f.untrusted = true }, func(*factory.Input) {}, factory.CheckTrustedAccess},
		{"the name it has", nil, func(in *factory.Input) { in.NewName = "Team 1" }, factory.CheckNewName},
		{"a name AWS does not take", nil, func(in *factory.Input) { in.NewName = strings.Repeat("x", 51) }, factory.CheckNewName},
		{"the e-mail it has", nil, func(in *factory.Input) { in.NewEmail = "TEAM1@example.com" }, factory.CheckNewEmail},
		{"another account's e-mail", nil, func(in *factory.Input) { in.NewEmail = "root@example.com" }, factory.CheckEmailFree},
		{"no e-mail", nil, func(in *factory.Input) { in.NewEmail = "nobody" }, factory.CheckEmail},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			b := setup(t)
			vended(b)
			if tc.cloud != nil {
				tc.cloud(b.cloud)
			}
			in := renaming()
			tc.change(&in)
			_, err := b.svc.Submit(t.Context(), ada, b.cloud, in)
			var no *factory.RefusedError
			if !errors.As(err, &no) {
				t.Fatalf("Submit gave %v", err)
			}
			for _, c := range no.Checks {
				if c.Result == factory.CheckFailed && (c.Name != tc.check || c.Remedy == "") {
					t.Errorf("failed: %+v, want %s with a remedy", c, tc.check)
				}
			}
		})
	}
}

// answering drives a request as somebody who answers each code that is asked for.
func (b *bundle) answering(id string) factory.Detail {
	b.t.Helper()
	for range 10 {
		d := b.drive(id, nil)
		if d.State != factory.StateWaitingForPerson {
			return d
		}
		if _, err := b.answer(boss, id, factory.Answer{Code: b.code()}); err != nil {
			b.t.Fatal(err)
		}
	}
	b.t.Fatalf("it keeps asking: %s", story(b.get(id)))
	return factory.Detail{}
}

// TestEmailChangeCut cuts each AWS call of a change of name and e-mail, before and after it took effect, and ends the
// process at each: the account has name and e-mail, once.
func TestEmailChangeCut(t *testing.T) {
	t.Parallel()
	begin := func(t *testing.T) (*bundle, string, int) {
		t.Helper()
		b := setup(t)
		vended(b)
		return b, b.submit(ada, renaming()).ID, len(b.cloud.calls)
	}
	b, id, submitted := begin(t)
	b.answering(id)
	for n := submitted + 1; n <= len(b.cloud.calls); n++ {
		for _, after := range []bool{false, true} {
			for _, dies := range []bool{false, true} {
				t.Run(fmt.Sprintf("call %d/after=%v/dies=%v", n, after, dies), func(t *testing.T) {
					t.Parallel()
					b, id, _ := begin(t)
					if dies {
						b.dieAtCall(t, id, n, after)
					} else {
						b.cloud.fault = cutCall(n, after)
					}
					d := b.answering(id)
					if acc := b.cloud.account(first); d.State != factory.StateSucceeded || *acc.Email != "Renamed@example.com" || *acc.Name != "Renamed" || b.cloud.effect("AcceptPrimaryEmailUpdate") != 1 {
						t.Errorf("%s: %s %s\n%s", d.State, *acc.Name, *acc.Email, story(d))
					}
				})
			}
		}
	}
}

// TestEmailChange_ShownLate: Organizations may show an account's new e-mail hours later. A request that changes it, and one that
// moves the account meanwhile, are done when they are done.
func TestEmailChange_ShownLate(t *testing.T) {
	t.Parallel()
	b := setup(t)
	vended(b)
	in := renaming()
	in.OU = "Security"
	d := b.drive(b.submit(ada, in).ID, nil)
	b.cloud.staleEmail = map[string]string{first: "team1@example.com"}
	if _, err := b.answer(ada, d.ID, factory.Answer{Code: b.code()}); err != nil {
		t.Fatal(err)
	}
	if d = b.drive(d.ID, nil); d.State != factory.StateSucceeded {
		t.Fatalf("the change: %s\n%s", d.State, story(d))
	}
	move := b.submit(ada, about(factory.KindUpdate, first, func(in *factory.Input) { in.OU = "Sandbox" }))
	b.cloud.staleEmail = nil
	if d = b.drive(move.ID, nil); d.State != factory.StateSucceeded {
		t.Errorf("the move: %s\n%s", d.State, story(d))
	}
}
