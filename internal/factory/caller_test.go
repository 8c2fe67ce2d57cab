package factory_test

import (
	"errors"
	"testing"
	"time"

	"accountfactory/internal/factory"
)

// TestWhoMayAsk_FormerEmail: an e-mail that an account had gives nobody a hold on the account that has it now; the new one
// and the id do.
func TestWhoMayAsk_FormerEmail(t *testing.T) {
	t.Parallel()
	b, d := asked(t)
	if _, err := b.answer(ada, d.ID, factory.Answer{Code: b.code()}); err != nil {
		t.Fatal(err)
	}
	b.drive(d.ID, nil)
	other := input(1)
	other.Name, other.SSOUserEmail = "Bob's", "bob@example.com"
	b.clock.advance(time.Minute)
	if d := b.drive(b.submit(bob, other).ID, nil); d.State != factory.StateSucceeded {
		t.Fatalf("%s\n%s", d.State, story(d))
	}
	b.clock.advance(time.Minute)
	grant := func(in *factory.Input) {
		in.Grant = []factory.Access{{Group: "Developers", PermissionSet: "AWSReadOnlyAccess"}}
	}
	for account, may := range map[string]bool{"team1@example.com": false, "renamed@example.com": true, first: true} {
		_, err := b.svc.Check(t.Context(), ada, b.cloud, about(factory.KindAccess, account, grant))
		var denied *factory.DeniedError
		if errors.As(err, &denied) == may || err != nil && may {
			t.Errorf("%s: %v, may: %v", account, err, may)
		}
	}
	if _, err := b.svc.Check(t.Context(), bob, b.cloud, about(factory.KindAccess, "team1@example.com", grant)); err != nil {
		t.Errorf("who has it now: %v", err)
	}
}

// TestWhoMayAsk: who asked for an account and got it may change it; taking it in or away takes an operator; others, and
// those whose launch did not succeed, learn nothing of it.
func TestWhoMayAsk(t *testing.T) {
	t.Parallel()
	b := setup(t)
	vended(b)
	failed := input(2)
	b.cloud.fail = func(string, int) (string, string) { return "InternalServerException", "no" }
	if d := b.drive(b.submit(bob, failed).ID, nil); d.State != factory.StateFailed {
		t.Fatalf("the second launch: %s", d.State)
	}
	viewer := factory.Caller{ARN: "arn:aws:iam::" + management + ":user/viewer", As: factory.RoleViewer}
	for _, tc := range []struct {
		name    string
		who     factory.Caller
		kind    factory.Kind
		account string
		may     bool
	}{
		{"own by e-mail", ada, factory.KindUpdate, "team1@example.com", true},
		{"own by id", ada, factory.KindAccess, first, true},
		{"own by name, which others may have too", ada, factory.KindUpdate, "Team 1", false},
		{"own, repair", ada, factory.KindRepair, first, true},
		{"own, unmanage", ada, factory.KindUnmanage, first, false},
		{"own, close", ada, factory.KindClose, first, false},
		{"own, enroll", ada, factory.KindEnroll, first, false},
		{"another's", bob, factory.KindUpdate, first, false},
		{"of a failed launch", bob, factory.KindAccess, "team2@example.com", false},
		{"a viewer", viewer, factory.KindUpdate, first, false},
		{"an operator", boss, factory.KindClose, "Team 1", true},
	} {
		t.Run(tc.name, func(t *testing.T) {
			_, err := b.svc.Check(t.Context(), tc.who, b.cloud, about(tc.kind, tc.account, nil))
			var denied *factory.DeniedError
			if errors.As(err, &denied) == tc.may || err != nil && tc.may {
				t.Errorf("%v, may: %v", err, tc.may)
			}
		})
	}
}
