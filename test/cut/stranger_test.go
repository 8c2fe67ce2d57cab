package cut

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/organizations"
	gocmp "github.com/google/go-cmp/cmp"

	"accountfactory/internal/factory"
	"accountfactory/test/harness"
)

// driveTo takes turns until the request has a step, each when it is due.
func (r *rig) driveTo(id, step string) {
	r.t.Helper()
	for r.ctx.Err() == nil {
		row, err := r.db.Get(r.ctx, id)
		r.must(err)
		if row.Step == step {
			return
		}
		if !row.Slot {
			break
		}
		wait, _ := r.svc.Turn(r.ctx, id, row.Generation)
		select {
		case <-time.After(wait):
		case <-r.ctx.Done():
			r.t.Fatalf("never came to %s: %v", step, r.ctx.Err())
		}
	}
	d, err := r.svc.Get(r.ctx, r.who, id)
	r.must(err)
	r.t.Fatalf("never came to %s:\n%s", step, story(d))
}

// stranger makes an account past the factory, with the role by which Control Tower, and we, could take it over.
func (r *rig) stranger(name, email string) {
	r.t.Helper()
	out, err := r.Organizations.CreateAccount(r.ctx, &organizations.CreateAccountInput{AccountName: &name, Email: &email, RoleName: aws.String("AWSControlTowerExecution")})
	r.must(err)
	r.must(harness.Poll(r.ctx, time.Millisecond, func() (bool, error) {
		st, err := r.Organizations.DescribeCreateAccountStatus(r.ctx, &organizations.DescribeCreateAccountStatusInput{CreateAccountRequestId: out.CreateAccountStatus.Id})
		return err == nil && st.CreateAccountStatus.State == "SUCCEEDED", err
	}))
}

// TestStranger: an account with the e-mail that somebody else made is never taken over, whenever it comes; the request asks
// for a decision. It goes on once the e-mail is free. Also when the account has the name that was asked for.
func TestStranger(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct {
		name  string
		p     factory.Provisioner
		step  string // at which it appears
		fresh bool   // and whether the factory reads the accounts anew
	}{
		{"catalog, seen in time", factory.ByServiceCatalog, factory.StepProvision, true},
		{"organizations, seen in time", factory.ByOrganizations, factory.StepCreate, true},
		{"organizations, seen too late", factory.ByOrganizations, factory.StepCreate, false},
	} {
		for _, name := range []string{"theirs", "team"} {
			t.Run(tc.name+"/"+name, func(t *testing.T) {
				t.Parallel()
				r := open(t, t.TempDir(), tc.p)
				id := r.submit(launch())
				r.driveTo(id, tc.step)
				r.stranger(name, strings.ToUpper(vendee[:1])+vendee[1:])
				before := r.census()
				if tc.fresh {
					r.renew()
				}
				d := r.drive(id)
				if d.State != factory.StateNeedsDecision || !strings.Contains(d.Explanation, "Enroll it on purpose") {
					t.Fatalf("not asked:\n%s", story(d))
				}
				after := r.census()
				if tc.fresh {
					if diff := gocmp.Diff(before, after); diff != "" {
						t.Errorf("something was done (-before +after):\n%s", diff)
					}
				}
				if diff := gocmp.Diff(before.Accounts, after.Accounts); diff != "" {
					t.Errorf("the stranger's account (-before +after):\n%s", diff)
				}
				if diff := gocmp.Diff(before.Assignments, after.Assignments); diff != "" {
					t.Errorf("access (-before +after):\n%s", diff)
				}
				d, err := r.svc.Cancel(r.ctx, r.who, id)
				if err != nil || d.State != factory.StateCancelled {
					t.Errorf("cancel: %s, %v", d.State, err)
				}
			})
		}
	}
}

// TestStranger_Enrolled: an account that somebody makes in the moment between our last look and ProvisionProduct is enrolled
// by Control Tower, which tells nobody. The request asks for a decision and gives the account nothing of what it was to have.
func TestStranger_Enrolled(t *testing.T) {
	t.Parallel()
	for _, name := range []string{"theirs", "team"} {
		for _, lost := range []bool{false, true} {
			t.Run(fmt.Sprintf("%s/lost=%v", name, lost), func(t *testing.T) {
				t.Parallel()
				r := open(t, t.TempDir(), factory.ByServiceCatalog)
				r.trust()
				in := launch()
				in.Tags = map[string]string{"team": "red"}
				in.Contacts = furnished().Contacts
				id := r.submit(in)
				r.driveTo(id, factory.StepProvision)
				r.stranger(name, vendee)
				if lost {
					r.arm(fault{Kind: "cut-after", Service: "servicecatalog", Operation: "ProvisionProduct", Count: 1})
				}
				d := r.drive(id)
				if d.State != factory.StateNeedsDecision || !strings.Contains(d.Explanation, "was there before this request") {
					t.Fatalf("not asked:\n%s", story(d))
				}
				if got := strings.Join(r.census().Accounts, "\n"); strings.Contains(got, "team=red") || strings.Contains(got, "Sam") {
					t.Errorf("given to a stranger's account:\n%s", got)
				}
				if _, err := r.svc.Retry(r.ctx, r.who, id); err != nil {
					t.Fatal(err)
				}
				if d = r.drive(id); d.State != factory.StateNeedsDecision {
					t.Errorf("retried:\n%s", story(d))
				}
			})
		}
	}
}

// TestStranger_BeingMade: an account that Organizations is making for somebody when AWS takes our ProvisionProduct turns it
// away; once it is there the request asks for a decision.
func TestStranger_BeingMade(t *testing.T) {
	t.Parallel()
	r := open(t, t.TempDir(), factory.ByServiceCatalog)
	id := r.submit(launch())
	r.driveTo(id, factory.StepProvision)
	r.arm(fault{Kind: "stuck", Service: "organizations", Operation: "CreateAccount", Count: 1})
	_, err := r.Organizations.CreateAccount(r.ctx, &organizations.CreateAccountInput{AccountName: aws.String("team"), Email: aws.String(vendee), RoleName: aws.String("AWSControlTowerExecution")})
	r.must(err)
	var under struct{ Operations []struct{ ID string } }
	r.must(r.lab.Do(r.ctx, "GET", "/_twin/operations", nil, &under))
	r.driveTo(id, factory.StepClear)
	for _, op := range under.Operations {
		r.must(r.lab.Do(r.ctx, "POST", "/_twin/operations/"+op.ID+"/release", nil, nil))
	}
	if d := r.drive(id); d.State != factory.StateNeedsDecision {
		t.Errorf("not asked:\n%s", story(d))
	}
	if got := strings.Join(r.census().Accounts, "\n"); !strings.Contains(got, vendee+" team ACTIVE in the root") {
		t.Errorf("the stranger's account:\n%s", got)
	}
}

// TestStranger_LostAnswer: the answer to our CreateAccount is lost before it took effect, and meanwhile somebody else makes
// an account with the e-mail and the name: still a stranger's.
func TestStranger_LostAnswer(t *testing.T) {
	t.Parallel()
	r := open(t, t.TempDir(), factory.ByOrganizations)
	id := r.submit(launch())
	r.driveTo(id, factory.StepCreate)
	r.arm(fault{Kind: "cut-before", Service: "organizations", Operation: "CreateAccount", Count: 1})
	row, err := r.db.Get(r.ctx, id)
	r.must(err)
	r.svc.Turn(r.ctx, id, row.Generation)
	if row, err = r.db.Get(r.ctx, id); err != nil || row.Progress.Intent == nil {
		t.Fatalf("nothing was sent: %+v, %v", row, err)
	}
	r.stranger("team", vendee)
	if d := r.drive(id); d.State != factory.StateNeedsDecision {
		t.Errorf("not asked:\n%s", story(d))
	}
}

// TestStranger_Elsewhere: an e-mail that an account outside of the organization has fails the request with what helps.
func TestStranger_Elsewhere(t *testing.T) {
	t.Parallel()
	for _, p := range factory.Provisioners() {
		t.Run(string(p), func(t *testing.T) {
			t.Parallel()
			r := open(t, t.TempDir(), p)
			r.must(r.lab.Do(r.ctx, "POST", "/_twin/admin/accounts", map[string]string{"name": "far", "email": vendee}, nil))
			if d := r.do(launch()); d.State != factory.StateFailed || !strings.Contains(d.Explanation, "with another e-mail") {
				t.Errorf("ended:\n%s", story(d))
			}
		})
	}
}
