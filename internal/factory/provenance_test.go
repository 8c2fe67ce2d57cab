package factory_test

import (
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	orgtypes "github.com/aws/aws-sdk-go-v2/service/organizations/types"

	"accountfactory/internal/factory"
)

// stage does something at the first call of an operation, before it takes effect, and gives the fault of that call.
type stage struct {
	op   string
	do   func(*bundle)
	lost bool // the call takes effect and its answer does not arrive
}

// stages plays stages in their order, each at its operation's first call after the one before.
func (b *bundle) stages(all ...stage) {
	b.cloud.fault = func(op string, _ int) (error, error) {
		if len(all) == 0 || op != all[0].op {
			return nil, nil
		}
		s := all[0]
		all = all[1:]
		s.do(b)
		b.clock.advance(3 * time.Millisecond)
		if s.lost {
			return nil, cuts[0]
		}
		return nil, nil
	}
}

// theirs is an account of somebody else's, with the e-mail asked for.
func theirs(name string) func(*bundle) {
	return func(b *bundle) { b.cloud.addAccount(name, "team1@example.com", "r-ab12") }
}

// asks is a creation that somebody asks Organizations for; made is its end.
func asks(b *bundle) {
	b.cloud.creations = []orgtypes.CreateAccountStatus{{
		Id: aws.String("car-theirs"), AccountName: aws.String("Team 1"), State: orgtypes.CreateAccountStateInProgress, RequestedTimestamp: aws.Time(b.clock.Now()),
	}}
}

func made(b *bundle) {
	id := b.cloud.addAccount("Team 1", "team1@example.com", "r-ab12")
	b.cloud.creations[0].State, b.cloud.creations[0].AccountId = orgtypes.CreateAccountStateSucceeded, &id
}

// TestProvenance: a stranger's account with the e-mail, and the name, that comes between our last look and what AWS makes
// of ProvisionProduct is enrolled by AWS, and nothing else: the request asks for a decision, and nothing it was to give the
// account is given.
func TestProvenance(t *testing.T) {
	t.Parallel()
	nothing := func(*bundle) {}
	for _, tc := range []struct {
		name   string
		stages []stage
		says   string
	}{
		{"made a moment before", []stage{{factory.OpProvision, theirs("Team 1"), false}}, "was there before this request"},
		{"made a moment before, answer lost", []stage{{factory.OpProvision, theirs("Team 1"), true}}, "was there before this request"},
		{"being made", []stage{{factory.OpProvision, asks, false}, {"DescribeRecord", made, false}}, "car-theirs, that was under way"},
		{"being made, answer lost", []stage{{factory.OpProvision, asks, true}, {factory.OpProvision, made, false}}, "car-theirs, that was under way"},
		{"of another name, made while ours runs", []stage{{"DescribeRecord", theirs("Theirs"), false}}, `is called "Theirs"`},
		{"joined by invitation while ours runs", []stage{{"DescribeRecord", func(b *bundle) {
			theirs("Team 1")(b)
			b.cloud.accounts[len(b.cloud.accounts)-1].JoinedMethod = orgtypes.AccountJoinedMethodInvited
		}, false}}, "joined the organization by invitation"},
		{"nobody's", []stage{{factory.OpProvision, nothing, false}}, ""},
		{"nobody's, answer lost", []stage{{factory.OpProvision, nothing, true}}, ""},
		{"a namesake's, of another e-mail", []stage{{factory.OpProvision, asks, false}, {"DescribeRecord", func(b *bundle) {
			b.cloud.creations[0].State, b.cloud.creations[0].AccountId = orgtypes.CreateAccountStateSucceeded, aws.String(b.cloud.addAccount("Team 1", "another@example.com", "r-ab12"))
		}, false}}, ""},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			b := setup(t)
			b.cloud.users["lead1@example.com"] = "user-0"
			b.stages(tc.stages...)
			d := b.drive(b.submit(ada, furnished()).ID, nil)
			if tc.says == "" {
				if d.State != factory.StateSucceeded {
					t.Errorf("%s\n%s", d.State, story(d))
				}
				return
			}
			if d.State != factory.StateNeedsDecision || !strings.Contains(d.Explanation, tc.says) {
				t.Fatalf("%s\n%s", d.State, story(d))
			}
			if len(b.cloud.tags) != 0 || len(b.cloud.contacts) != 0 || b.cloud.granted[first+" arn:aws:sso:::permissionSet/ssoins-1/ps-read group-dev"] {
				t.Errorf("given to a stranger's account: %v %v %v", b.cloud.tags, b.cloud.contacts, b.cloud.granted)
			}
			if _, err := b.svc.Retry(t.Context(), ada, d.ID); err != nil {
				t.Fatal(err)
			}
			if d = b.drive(d.ID, nil); d.State != factory.StateNeedsDecision || !strings.Contains(d.Explanation, tc.says) {
				t.Errorf("retried: %s\n%s", d.State, story(d))
			}
		})
	}
}

// TestProvenance_Between: an account that appears between two operations of a request is none of its own, though it is
// younger than its first.
func TestProvenance_Between(t *testing.T) {
	t.Parallel()
	t.Run("cleared away", func(t *testing.T) {
		t.Parallel()
		b := setup(t)
		b.cloud.fail = func(op string, try int) (string, string) {
			if op == factory.OpProvision && try == 1 {
				return "ResourceInUseException", busyTexts[0]
			}
			return "", ""
		}
		id := b.submit(ada, input(1)).ID
		b.drive(id, atStep(factory.StepClear))
		b.drive(id, atStep(factory.StepTurn))
		theirs("Team 1")(b)
		b.clock.advance(time.Minute)
		if d := b.drive(id, nil); d.State != factory.StateNeedsDecision || b.cloud.effect(factory.OpProvision) != 1 {
			t.Errorf("%s\n%s", d.State, story(d))
		}
	})
	t.Run("failed and retried", func(t *testing.T) {
		t.Parallel()
		b := setup(t)
		b.cloud.fail = func(string, int) (string, string) { return "InternalServerException", "no luck" }
		d := b.drive(b.submit(ada, input(1)).ID, nil)
		b.clock.advance(time.Minute)
		theirs("Team 1")(b)
		b.cloud.fail = nil
		if _, err := b.svc.Retry(t.Context(), ada, d.ID); err != nil {
			t.Fatal(err)
		}
		if d = b.drive(d.ID, nil); d.State != factory.StateNeedsDecision || b.cloud.effect(factory.OpUpdate) != 0 || !strings.Contains(d.Explanation, "at nothing of this request's") {
			t.Errorf("%s\n%s", d.State, story(d))
		}
	})
}

// TestProvenance_Denied: a role that may not see creations launches nothing; one that may no more, when a launch is under way,
// goes by times and name.
func TestProvenance_Denied(t *testing.T) {
	t.Parallel()
	denied := func(op string, _ int) (error, error) {
		if op == "ListCreateAccountStatus" {
			return apiError("AccessDeniedException", "You don't have permissions to access this resource."), nil
		}
		return nil, nil
	}
	b := setup(t)
	b.cloud.fault = denied
	if _, err := b.svc.Submit(t.Context(), ada, b.cloud, input(1)); err == nil || !strings.Contains(err.Error(), "read the creations of accounts: api error AccessDeniedException") {
		t.Errorf("a launch is taken: %v", err)
	}
	b.cloud.fault = nil
	id := b.submit(ada, input(1)).ID
	b.cloud.fault = denied
	if d := b.drive(id, nil); d.State != factory.StateSucceeded {
		t.Errorf("%s\n%s", d.State, story(d))
	}
}

// TestProvenance_OwnCreation: what Control Tower itself asked Organizations for in a try that failed is nobody else's, also
// when the next try's answer is lost.
func TestProvenance_OwnCreation(t *testing.T) {
	t.Parallel()
	b := setup(t)
	b.cloud.fail = func(string, int) (string, string) {
		asks(b)
		b.clock.advance(time.Second)
		made(b)
		return "InternalServerException", "no luck"
	}
	id := b.submit(ada, input(1)).ID
	b.again(id)
	b.clock.advance(time.Minute)
	b.stages(stage{factory.OpUpdate, func(*bundle) {}, true})
	if d := b.drive(id, nil); d.State != factory.StateSucceeded || b.cloud.effect(factory.OpUpdate) != 1 {
		t.Errorf("%s\n%s", d.State, story(d))
	}
}

// again drives a request to its failure and retries it.
func (b *bundle) again(id string) {
	b.t.Helper()
	if d := b.drive(id, nil); d.State != factory.StateFailed {
		b.t.Fatalf("%s\n%s", d.State, story(d))
	}
	b.cloud.fail = nil
	if _, err := b.svc.Retry(b.t.Context(), ada, id); err != nil {
		b.t.Fatal(err)
	}
}
