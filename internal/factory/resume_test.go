package factory_test

import (
	"strings"
	"testing"
	"time"

	orgtypes "github.com/aws/aws-sdk-go-v2/service/organizations/types"

	"accountfactory/internal/factory"
)

// cancelDuring cancels the request while AWS is at an operation, and gives what AWS answers.
func (b *bundle) cancelDuring(id *string, op string, answer error) {
	b.t.Helper()
	asked := false
	b.cloud.fault = func(called string, _ int) (error, error) {
		if called != op || asked {
			return nil, nil
		}
		asked = true
		if _, err := b.svc.Cancel(b.t.Context(), boss, *id); err != nil {
			b.t.Error(err)
		}
		return answer, nil
	}
}

// TestCancel_Busy: what AWS turned away while somebody cancelled it is not sent again, whether it would be at once or when
// AWS's quota has room.
func TestCancel_Busy(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct {
		name, op string
		answer   error
		prepare  func(*bundle)
		in       factory.Input
	}{
		{
			"update", factory.OpUpdate, apiError("InvalidParametersException", "Provisioned product pp-001 is UNDER_CHANGE."), vended,
			about(factory.KindUpdate, first, func(in *factory.Input) { in.OU = "Workloads/Dev" }),
		},
		{"launch", factory.OpProvision, apiError("ResourceInUseException", busyTexts[0]), func(*bundle) {}, input(2)},
		{"close", factory.OpClose, quota(orgtypes.ConstraintViolationExceptionReasonCloseAccountQuotaExceeded), stranger, about(factory.KindClose, first, nil)},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			b := setup(t)
			tc.prepare(b)
			done := b.cloud.effect(tc.op)
			id := b.submit(boss, tc.in).ID
			b.cancelDuring(&id, tc.op, tc.answer)
			if d := b.drive(id, nil); d.State != factory.StateCancelled || b.cloud.effect(tc.op) != done || !strings.Contains(story(d), "Cancelled as asked") {
				t.Errorf("%s with %v\n%s", d.State, b.cloud.effects, story(d))
			}
		})
	}
}

// TestRetry_AvailableProduct: a launch that lost sight of its record goes on with everything that follows it once the
// product is there.
func TestRetry_AvailableProduct(t *testing.T) {
	t.Parallel()
	b := setup(t)
	b.cloud.fault = func(op string, _ int) (error, error) {
		if op == "DescribeRecord" {
			return apiError("ResourceNotFoundException", "Record not found"), nil
		}
		return nil, nil
	}
	d := b.drive(b.submit(ada, furnished()).ID, nil)
	if d.State != factory.StateFailed || d.Step != factory.StepFollow {
		t.Fatalf("%s in %s\n%s", d.State, d.Step, story(d))
	}
	b.cloud.fault = nil
	for _, r := range b.cloud.records {
		b.cloud.finish(r)
	}
	if _, err := b.svc.Retry(t.Context(), ada, d.ID); err != nil {
		t.Fatal(err)
	}
	b.checkFurnished(t, b.drive(d.ID, nil))
}

// TestLooks: calls that AWS did not answer do not count as looks at what it shows late.
func TestLooks(t *testing.T) {
	t.Parallel()
	b := setup(t)
	b.cloud.noUser = 3
	throttled := 0
	b.cloud.fault = func(op string, _ int) (error, error) {
		if op == "DescribeAccount" && throttled < 14 {
			throttled++
			return apiError("ThrottlingException", "Rate exceeded"), nil
		}
		return nil, nil
	}
	if d := b.drive(b.submit(ada, input(1)).ID, nil); d.State != factory.StateSucceeded {
		t.Errorf("%s\n%s", d.State, story(d))
	}
}

// TestBlankAnswers: an answer that lacks what AWS always gives is one that was cut.
func TestBlankAnswers(t *testing.T) {
	t.Parallel()
	b := setup(t)
	b.cloud.blank = 2
	if d := b.drive(b.submit(ada, input(1)).ID, nil); d.State != factory.StateSucceeded || b.cloud.effect(factory.OpProvision) != 1 || !strings.Contains(story(d), "unexpected EOF") {
		t.Errorf("%s\n%s", d.State, story(d))
	}
}

// TestClose_ShownLate: AWS may show an account as active for a moment after it took the closure.
func TestClose_ShownLate(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct {
		name string
		late int // looks that show it as active
		want factory.State
	}{{"late", 3, factory.StateSucceeded}, {"never", 1000, factory.StateFailed}} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			b := setup(t)
			stranger(b)
			id := b.submit(boss, about(factory.KindClose, first, nil)).ID
			looks := 0
			b.cloud.fault = func(op string, _ int) (error, error) {
				if op == "DescribeAccount" && b.cloud.effect(factory.OpClose) > 0 {
					looks++
					b.cloud.setState(first, orgtypes.AccountStateActive)
					if looks > tc.late {
						b.cloud.setState(first, orgtypes.AccountStateClosed)
					}
				}
				return nil, nil
			}
			if d := b.drive(id, nil); d.State != tc.want || b.cloud.effect(factory.OpClose) != 1 {
				t.Errorf("%s with %v\n%s", d.State, b.cloud.effects, story(d))
			}
		})
	}
}

// TestRemoveOldAccess_NoSuchSet: where nobody has the administrators' permission set there is nothing to take away.
func TestRemoveOldAccess_NoSuchSet(t *testing.T) {
	t.Parallel()
	b := setup(t)
	vended(b)
	b.cloud.noAdmins = true
	b.reopen() // one that has seen no permission set yet
	p, err := b.svc.Check(t.Context(), boss, b.cloud, about(factory.KindUpdate, first, func(in *factory.Input) {
		in.SSOUserEmail, in.SSOUserFirstName, in.SSOUserLastName, in.RemoveOldAccess = "nina@example.com", "Nina", "New", true
	}))
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range p.Checks {
		if c.Name == factory.CheckChange && (c.Result != factory.CheckNote || !strings.Contains(c.Seen, "no permission set")) {
			t.Errorf("%+v", c)
		}
	}
}

// TestHook_LeavesSomething: a command that ends well and leaves a process behind is done.
func TestHook_LeavesSomething(t *testing.T) {
	t.Parallel()
	b := hooked(t, factory.Hook{Name: "daemon", On: []factory.HookEvent{factory.HookSuccess}, Command: script("sleep 6 & echo started"), Timeout: time.Minute})
	d := b.drive(b.submit(ada, input(1)).ID, nil)
	b.runHooks()
	if d = b.get(d.ID); d.Hooks[0].State != factory.HookDone || d.Hooks[0].Attempts != 1 || !strings.Contains(d.Hooks[0].Result, "not waited for") {
		t.Errorf("%+v", d.Hooks)
	}
}
