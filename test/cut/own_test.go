package cut

import (
	"errors"
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/organizations"
	orgtypes "github.com/aws/aws-sdk-go-v2/service/organizations/types"

	"accountfactory/internal/factory"
)

// TestOwnCancel: once CreateAccount was sent nothing takes it back; the request stops at the next safe point, says what
// there is, and does nothing more to it. Asked for again it goes on from there.
func TestOwnCancel(t *testing.T) {
	t.Parallel()
	r := open(t, t.TempDir(), factory.ByOrganizations)
	id := r.submit(launch())
	r.driveTo(id, factory.StepFollow)
	if d, err := r.svc.Cancel(r.ctx, r.who, id); err != nil || d.State != factory.StateRunning || !d.CancelRequested {
		t.Fatalf("cancel: %s, %v", d.State, err)
	}
	d := r.drive(id)
	if d.State != factory.StateCancelled || !strings.Contains(d.Timeline[len(d.Timeline)-1].Text, "Account "+d.AccountID+" exists") {
		t.Fatalf("ended:\n%s", story(d))
	}
	c := r.census()
	if got := strings.Join(c.Accounts, "\n"); !strings.Contains(got, vendee+" team ACTIVE in the root") || len(c.Users) != 0 || len(c.Assignments) != 0 {
		t.Errorf("left:\n%s\nusers %q, access %q", got, c.Users, c.Assignments)
	}
	in := about(factory.KindRepair, func(in *factory.Input) {
		in.OU, in.SSOUserEmail, in.SSOUserFirstName, in.SSOUserLastName = "Sandbox", "lead@example.com", "Lea", "Lead"
	})
	r.succeeds(in)
}

// TestOwnCancel_LostAnswer: CreateAccount took effect, its answer was lost, and the request was cancelled meanwhile: it says
// that the account exists. Where nothing came of it, it is not sent again.
func TestOwnCancel_LostAnswer(t *testing.T) {
	t.Parallel()
	for kind, says := range map[string]string{"cut-after": "exists", "cut-before": "Nothing was created"} {
		t.Run(kind, func(t *testing.T) {
			t.Parallel()
			r := open(t, t.TempDir(), factory.ByOrganizations)
			id := r.submit(launch())
			r.driveTo(id, factory.StepCreate)
			r.arm(fault{Kind: kind, Service: "organizations", Operation: "CreateAccount", Count: 1})
			row, err := r.db.Get(r.ctx, id)
			r.must(err)
			r.svc.Turn(r.ctx, id, row.Generation)
			if d, err := r.svc.Cancel(r.ctx, r.who, id); err != nil || !d.CancelRequested {
				t.Fatalf("cancel: %s, %v", d.State, err)
			}
			d := r.drive(id)
			last := d.Timeline[len(d.Timeline)-1].Text
			if d.State != factory.StateCancelled || !strings.Contains(last, says) || (d.AccountID != "") != (kind == "cut-after") {
				t.Errorf("ended:\n%s", story(d))
			}
			if n := len(r.creations()); n != map[string]int{"cut-after": 1}[kind] {
				t.Errorf("%d accounts were made", n)
			}
		})
	}
}

// TestOwnBusy: that AWS makes as many accounts as it may at once is waited out, not failed on.
func TestOwnBusy(t *testing.T) {
	t.Parallel()
	r := open(t, t.TempDir(), factory.ByOrganizations)
	r.must(r.svc.ChangeQueue(r.ctx, r.who, factory.QueueChange{Limit: new(10)}))
	r.arm(fault{Kind: "stuck", Service: "organizations", Operation: "CreateAccount", Count: 5})
	for i := range 5 {
		name, email := fmt.Sprint("theirs", i), fmt.Sprintf("theirs%d@example.com", i)
		_, err := r.Organizations.CreateAccount(r.ctx, &organizations.CreateAccountInput{AccountName: &name, Email: &email})
		r.must(err)
	}
	id := r.submit(launch())
	r.driveTo(id, factory.StepCreate)
	row, err := r.db.Get(r.ctx, id)
	r.must(err)
	r.svc.Turn(r.ctx, id, row.Generation)
	if row, err = r.db.Get(r.ctx, id); err != nil || row.State.Ended() || row.Progress.Busy != 1 {
		t.Fatalf("turned away it is %s, busy %d, %v", row.State, row.Progress.Busy, err)
	}
	var under struct{ Operations []struct{ ID string } }
	r.must(r.lab.Do(r.ctx, http.MethodGet, "/_twin/operations", nil, &under))
	for _, op := range under.Operations {
		r.must(r.lab.Do(r.ctx, http.MethodPost, "/_twin/operations/"+op.ID+"/release", nil, nil))
	}
	if d := r.drive(id); d.State != factory.StateSucceeded {
		t.Errorf("ended:\n%s", story(d))
	}
}

// TestProvisionerKept: a request goes on the way it began when the server is started with the other provisioner.
func TestProvisionerKept(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	r := open(t, dir, factory.ByOrganizations)
	id := r.submit(launch())
	r.driveTo(id, factory.StepMove)
	r.end()
	r = open(t, dir, factory.ByServiceCatalog)
	if d := r.drive(id); d.State != factory.StateSucceeded || !strings.Contains(story(d), "MoveAccount") {
		t.Errorf("ended:\n%s", story(d))
	}
}

// TestOwnLaunchTakesOperator: without a portfolio nothing at AWS says who may launch.
func TestOwnLaunchTakesOperator(t *testing.T) {
	t.Parallel()
	r := open(t, t.TempDir(), factory.ByOrganizations)
	somebody := factory.Caller{ARN: "arn:aws:iam::" + management + ":user/somebody", AccountID: management}
	var denied *factory.DeniedError
	if _, err := r.svc.Submit(r.ctx, somebody, r.Catalog, launch()); !errors.As(err, &denied) || !strings.Contains(denied.Message, "takes an operator") {
		t.Errorf("a requester launches: %v", err)
	}
}

// TestOwnTagsKept: nobody gives an account another mark than the factory's own.
func TestOwnTagsKept(t *testing.T) {
	t.Parallel()
	r := open(t, t.TempDir(), factory.ByOrganizations)
	in := launch()
	in.Tags = map[string]string{factory.TagRequest: "req-another"}
	var refused *factory.RefusedError
	if _, err := r.svc.Submit(r.ctx, r.who, r.Catalog, in); !errors.As(err, &refused) || !strings.Contains(err.Error(), "keeps those for itself") {
		t.Errorf("a forged mark: %v", err)
	}
}

// TestOwnRestored: a creation that a launch asked for before it was restored from a backup is under way, and AWS says that
// the e-mail is taken: it is waited for, and its account is the launch's.
func TestOwnRestored(t *testing.T) {
	t.Parallel()
	r := open(t, t.TempDir(), factory.ByOrganizations)
	r.must(r.svc.ChangeQueue(r.ctx, r.who, factory.QueueChange{Limit: new(5)}))
	id := r.submit(launch())
	r.driveTo(id, factory.StepCreate)
	row, err := r.db.Get(r.ctx, id)
	r.must(err)
	r.arm(fault{Kind: "stuck", Service: "organizations", Operation: "CreateAccount", Count: 1})
	_, err = r.Organizations.CreateAccount(r.ctx, &organizations.CreateAccountInput{
		AccountName: &row.Name, Email: &row.AccountEmail, Tags: []orgtypes.Tag{{Key: aws.String(factory.TagRequest), Value: &id}},
	})
	r.must(err)
	r.arm(fault{Kind: "fail", Service: "organizations", Operation: "CreateAccount", Reason: "EMAIL_ALREADY_EXISTS", Count: 1})
	for range 20 { // more than it would look for an account
		wait, _ := r.svc.Turn(r.ctx, id, row.Generation)
		select {
		case <-time.After(wait):
		case <-r.ctx.Done():
			t.Fatal(r.ctx.Err())
		}
		if row, err = r.db.Get(r.ctx, id); err != nil || row.State.Ended() {
			t.Fatalf("%s, %v", row.State, err)
		}
	}
	var under struct{ Operations []struct{ ID string } }
	r.must(r.lab.Do(r.ctx, http.MethodGet, "/_twin/operations", nil, &under))
	for _, op := range under.Operations {
		r.must(r.lab.Do(r.ctx, http.MethodPost, "/_twin/operations/"+op.ID+"/release", nil, nil))
	}
	if d := r.drive(id); d.State != factory.StateSucceeded || !strings.Contains(story(d), "is making an account of this name") {
		t.Errorf("ended:\n%s", story(d))
	}
}
