package factory_test

import (
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"

	"accountfactory/internal/factory"
)

// busyTexts are AWS's ways of turning an account operation away.
var busyTexts = []string{
	"Account Factory cannot create this enrolled account right now, because another execution is in progress. Try again later.",
	"Account Factory cannot complete an operation on this account, because another AWS Control Tower operation is in progress. Try again later.",
	"Account Factory cannot complete an operation on this account, because the allowed maximum of 5 concurrent account operations is exceeded. Try again later.",
	"AWS Organizations could not create the account: ConstraintViolationException: You have exceeded the number of accounts that can be in progress at a time.",
	"AWS Organizations could not create the account: CONCURRENT_ACCOUNT_MODIFICATION",
}

// TestBusy waits out AWS's busy errors, each time as a new generation, clearing the product that stands in the way.
func TestBusy(t *testing.T) {
	t.Parallel()
	for _, text := range busyTexts {
		t.Run(text[:60], func(t *testing.T) {
			t.Parallel()
			b := setup(t)
			b.cloud.fail = func(op string, try int) (string, string) {
				if op == factory.OpProvision && try <= 3 {
					return "ResourceInUseException", text
				}
				return "", ""
			}
			before := b.submit(ada, input(1))
			d := b.drive(before.ID, nil)
			if d.State != factory.StateSucceeded || d.Generation != before.Generation+3 {
				t.Fatalf("%s in generation %d\n%s", d.State, d.Generation, story(d))
			}
			if p, c := b.cloud.effect(factory.OpProvision), b.cloud.effect(factory.OpTerminate); p != 4 || c != 3 {
				t.Errorf("%d products made, %d cleared, want 4 and 3", p, c)
			}
			if s := story(d); !strings.Contains(s, "(time 3)") || !strings.Contains(s, text) {
				t.Errorf("the timeline does not tell of it:\n%s", s)
			}
		})
	}
}

// TestBusy_AccountExists updates the product instead of clearing it when the account was made all the same.
func TestBusy_AccountExists(t *testing.T) {
	t.Parallel()
	b := setup(t)
	b.cloud.fail = func(op string, _ int) (string, string) {
		if op == factory.OpProvision {
			b.cloud.addAccount("Team 1", "team1@example.com", "r-ab12")
			return "ResourceInUseException", busyTexts[1]
		}
		return "", ""
	}
	d := b.drive(b.submit(ada, input(1)).ID, nil)
	if d.State != factory.StateSucceeded || b.cloud.effect(factory.OpUpdate) != 1 || b.cloud.effect(factory.OpTerminate) != 0 {
		t.Errorf("%s with %v\n%s", d.State, b.cloud.effects, story(d))
	}
	if n := b.cloud.accountsOf("team1@example.com"); n != 1 {
		t.Errorf("%d accounts", n)
	}
}

// TestFailed keeps AWS's words and ours, leaves the slot, and is continued by a retry with the product that is left.
func TestFailed(t *testing.T) {
	t.Parallel()
	const text = "The parent organizational unit 'Sandbox' is not enrolled in AWS Control Tower."
	b := setup(t)
	b.cloud.fail = func(op string, try int) (string, string) {
		if op == factory.OpProvision {
			return "InvalidParametersException", text
		}
		return "", ""
	}
	first, second := b.submit(ada, input(1)), b.submit(ada, input(2))
	d := b.drive(first.ID, nil)
	if d.State != factory.StateFailed || d.ErrorCode != "InvalidParametersException" || d.ErrorMessage != text ||
		!strings.Contains(d.Explanation, "not registered") || !strings.Contains(story(d), "keeps its name") {
		t.Fatalf("%s %q %q %q\n%s", d.State, d.ErrorCode, d.ErrorMessage, d.Explanation, story(d))
	}
	if d := b.get(second.ID); d.Position != 0 || d.WaitingFor != "" {
		t.Errorf("the failed request's slot was not given on: %+v", d)
	}
	if _, err := b.svc.Cancel(t.Context(), ada, second.ID); err != nil {
		t.Fatal(err)
	}
	if _, err := b.svc.Retry(t.Context(), ada, first.ID); err != nil {
		t.Fatal(err)
	}
	d = b.drive(first.ID, nil)
	if d.State != factory.StateSucceeded || d.ErrorCode != "" || b.cloud.effect(factory.OpProvision) != 1 || b.cloud.effect(factory.OpUpdate) != 1 {
		t.Errorf("retried: %s %v\n%s", d.State, b.cloud.effects, story(d))
	}
	var conflict *factory.ConflictError
	if _, err := b.svc.Retry(t.Context(), ada, first.ID); !errors.As(err, &conflict) || conflict.State != factory.StateSucceeded {
		t.Errorf("retry of a succeeded request: %v", err)
	}
}

// TestRetry_EmailHeld: a failed request does not come back beside a newer one for the same e-mail.
func TestRetry_EmailHeld(t *testing.T) {
	t.Parallel()
	b := setup(t)
	b.cloud.fail = func(string, int) (string, string) { return "InternalFailure", "EMAIL_ALREADY_EXISTS" }
	first := b.drive(b.submit(ada, input(1)).ID, nil)
	other := input(1)
	other.Name = "Another"
	second := b.submit(ada, other)
	var dup *factory.DuplicateError
	if _, err := b.svc.Retry(t.Context(), ada, first.ID); !errors.As(err, &dup) || dup.RequestID != second.ID {
		t.Errorf("Retry gave %v, want DuplicateError naming %s", err, second.ID)
	}
}

// TestNeedsDecision: an account with the e-mail that was there before is not adopted, neither before nor after AWS did.
func TestNeedsDecision(t *testing.T) {
	t.Parallel()
	t.Run("before", func(t *testing.T) {
		t.Parallel()
		b := setup(t)
		d := b.drive(b.submit(ada, input(1)).ID, atStep(factory.StepTurn))
		b.cloud.addAccount("Somebody's", "team1@example.com", "r-ab12")
		b.clock.advance(time.Minute)
		d = b.drive(d.ID, nil)
		if d.State != factory.StateNeedsDecision || b.cloud.effect(factory.OpProvision) != 0 || !strings.Contains(d.Explanation, "was there before") {
			t.Fatalf("%s %v\n%s", d.State, b.cloud.effects, story(d))
		}
		if _, err := b.svc.Retry(t.Context(), ada, d.ID); err != nil {
			t.Fatal(err)
		}
		b.cloud.accounts[len(b.cloud.accounts)-1].Email = aws.String("moved@example.com")
		if d = b.drive(d.ID, nil); d.State != factory.StateSucceeded {
			t.Errorf("with the e-mail free: %s\n%s", d.State, story(d))
		}
	})
	t.Run("after", func(t *testing.T) {
		t.Parallel()
		b := setup(t)
		d := b.drive(b.submit(ada, input(1)).ID, atStep(factory.StepProvision))
		b.cloud.addAccount("Somebody's", "team1@example.com", "r-ab12") // too late for the landscape to show it
		b.clock.advance(1500 * time.Millisecond)
		d = b.drive(d.ID, nil)
		if d.State != factory.StateNeedsDecision || !strings.Contains(d.Explanation, "was there before this request") {
			t.Fatalf("%s\n%s", d.State, story(d))
		}
		if d, err := b.svc.Cancel(t.Context(), ada, d.ID); err != nil || d.State != factory.StateCancelled {
			t.Errorf("cancel: %v %v", d.State, err)
		}
	})
}

// TestNameTaken: a product of somebody else's that took the name between the check and the launch is left alone.
func TestNameTaken(t *testing.T) {
	t.Parallel()
	b := setup(t)
	d := b.drive(b.submit(ada, input(1)).ID, atStep(factory.StepProvision))
	b.cloud.products = append(b.cloud.products, leftover("Team-1"))
	d = b.drive(d.ID, nil)
	if d.State != factory.StateFailed || !strings.Contains(d.Explanation, "pp-left") || len(b.cloud.effects) != 0 {
		t.Errorf("%s %v\n%s", d.State, b.cloud.effects, story(d))
	}
}

// TestOthers waits, still as a waiting request, while somebody else's operation leaves no room at AWS.
func TestOthers(t *testing.T) {
	t.Parallel()
	other := leftover("Eves-Account")
	other.Status = "UNDER_CHANGE"
	for _, tt := range []struct {
		name   string
		begin  func(*fakeCloud)
		end    func(*fakeCloud)
		reason string
	}{
		{"a product under change", func(f *fakeCloud) { f.products = append(f.products, other) }, func(*fakeCloud) { other.Status = "AVAILABLE" }, "Eves-Account"},
		{"an account being enrolled", func(f *fakeCloud) { f.changing = []string{accountARN("999900001111")} }, func(f *fakeCloud) { f.changing = nil }, "account 999900001111"},
		{"an OU being registered", func(f *fakeCloud) { f.changing = []string{ouARN(wild)} }, func(f *fakeCloud) { f.changing = nil }, wild},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			b := setup(t)
			tt.begin(b.cloud)
			id := b.submit(ada, input(1)).ID
			for range 10 {
				b.turn(t.Context(), id)
			}
			d := b.get(id)
			if d.State != factory.StateWaiting || !strings.Contains(d.WaitingFor, tt.reason) || b.cloud.effect(factory.OpProvision) != 0 {
				t.Fatalf("%s, waits for %q", d.State, d.WaitingFor)
			}
			lines := len(d.Timeline)
			for range 10 {
				b.turn(t.Context(), id)
			}
			if d := b.get(id); len(d.Timeline) != lines {
				t.Errorf("the same reason is told again:\n%s", story(d))
			}
			tt.end(b.cloud)
			if d := b.drive(id, nil); d.State != factory.StateSucceeded || d.WaitingFor != "" {
				t.Errorf("%s, waits for %q\n%s", d.State, d.WaitingFor, story(d))
			}
		})
	}
}

// TestVerify_Late looks again at what AWS shows late, and fails when it never comes.
func TestVerify_Late(t *testing.T) {
	t.Parallel()
	b := setup(t)
	b.cloud.noUser = 3
	if d := b.drive(b.submit(ada, input(1)).ID, nil); d.State != factory.StateSucceeded {
		t.Errorf("%s\n%s", d.State, story(d))
	}
	b.cloud.noUser = 1000
	d := b.drive(b.submit(ada, input(2)).ID, nil)
	if d.State != factory.StateFailed || !strings.Contains(d.Explanation, "has no AWSAdministratorAccess") {
		t.Fatalf("%s\n%s", d.State, story(d))
	}
	b.cloud.noUser = 0
	if _, err := b.svc.Retry(t.Context(), ada, d.ID); err != nil {
		t.Fatal(err)
	}
	if d := b.drive(d.ID, nil); d.State != factory.StateSucceeded || b.cloud.accountsOf("team2@example.com") != 1 || b.cloud.effect(factory.OpProvision) != 2 {
		t.Errorf("%s %v\n%s", d.State, b.cloud.effects, story(d))
	}
}

// TestForgotten: a cloud that knows nothing of the record any more ends the request instead of waiting for ever.
func TestForgotten(t *testing.T) {
	t.Parallel()
	b := setup(t)
	d := b.drive(b.submit(ada, input(1)).ID, atStep(factory.StepFollow))
	b.cloud.records, b.cloud.products = map[string]*fakeRecord{}, nil
	if d = b.drive(d.ID, nil); d.State != factory.StateFailed || d.ErrorCode != "ResourceNotFoundException" {
		t.Errorf("%s\n%s", d.State, story(d))
	}
}

// TestSlow says once that an account takes longer than an hour, and follows on.
func TestSlow(t *testing.T) {
	t.Parallel()
	b := setup(t)
	b.cloud.polls = 30
	d := b.drive(b.submit(ada, input(1)).ID, atStep(factory.StepFollow))
	b.clock.advance(2 * time.Hour)
	d = b.drive(d.ID, nil)
	if n := strings.Count(story(d), "longer than an hour"); n != 1 || d.State != factory.StateSucceeded {
		t.Errorf("said %d times, %s\n%s", n, d.State, story(d))
	}
}

// TestDenied_WhileRunning keeps following an operation that AWS does not let us see for a while: its slot is taken.
func TestDenied_WhileRunning(t *testing.T) {
	t.Parallel()
	b := setup(t)
	d := b.drive(b.submit(ada, input(1)).ID, atStep(factory.StepFollow))
	denied := 0
	b.cloud.fault = func(op string, _ int) (error, error) {
		if denied++; op == "DescribeRecord" && denied < 20 {
			return apiError("AccessDeniedException", "not today"), nil
		}
		return nil, nil
	}
	if d = b.drive(d.ID, nil); d.State != factory.StateSucceeded || !strings.Contains(story(d), "not today") {
		t.Errorf("%s\n%s", d.State, story(d))
	}
}

// TestShownLate: AWS answers a write before it shows what came of it everywhere.
func TestShownLate(t *testing.T) {
	t.Parallel()
	b := setup(t)
	late := 0
	b.cloud.fault = func(op string, _ int) (error, error) {
		if late++; op == "DescribeRecord" && late < 20 {
			return apiError("ResourceNotFoundException", "Record not found"), nil
		}
		return nil, nil
	}
	if d := b.drive(b.submit(ada, input(1)).ID, nil); d.State != factory.StateSucceeded {
		t.Errorf("%s\n%s", d.State, story(d))
	}
}

// TestOthers_RoomLeft goes on beside somebody else's operation while the limit leaves room for both.
func TestOthers_RoomLeft(t *testing.T) {
	t.Parallel()
	b := setup(t)
	other := leftover("Eves-Account")
	other.Status = "UNDER_CHANGE"
	b.cloud.products = append(b.cloud.products, other)
	b.cloud.changing = []string{accountARN("999900001111")} // the same operation, seen from Control Tower
	if err := b.svc.ChangeQueue(t.Context(), boss, factory.QueueChange{Limit: new(2)}); err != nil {
		t.Fatal(err)
	}
	if d := b.drive(b.submit(ada, input(1)).ID, nil); d.State != factory.StateSucceeded {
		t.Errorf("%s, waits for %q\n%s", d.State, d.WaitingFor, story(d))
	}
}

// TestNewerVersion leaves a step of a newer version alone.
func TestNewerVersion(t *testing.T) {
	t.Parallel()
	b := setup(t)
	d := b.submit(ada, input(1))
	if _, err := b.db.Update(t.Context(), d.ID, d.Generation, func(r *factory.Request) ([]factory.Event, error) {
		r.Step = "bless"
		return nil, nil
	}); err != nil {
		t.Fatal(err)
	}
	for range 30 {
		b.turn(t.Context(), d.ID)
	}
	if d = b.get(d.ID); d.State.Ended() || d.Step != "bless" || !strings.Contains(story(d), `knows no step "bless"`) {
		t.Errorf("%s in %s\n%s", d.State, d.Step, story(d))
	}
}
