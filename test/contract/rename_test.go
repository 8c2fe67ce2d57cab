package contract

import (
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/organizations"

	"accountfactory/internal/factory"
	"accountfactory/test/harness"
)

// trustAccountManagement lets Account Management change members.
func (f *fixture) trustAccountManagement() {
	f.t.Helper()
	_, err := f.Organizations.EnableAWSServiceAccess(f.ctx, &organizations.EnableAWSServiceAccessInput{ServicePrincipal: aws.String("account.amazonaws.com")})
	f.must(err)
}

// TestRename gives an account another name and e-mail by the command line: it waits for the code, says so with exit code
// 5, takes the one that was mailed, and goes on; the account can be moved afterwards.
func TestRename(t *testing.T) {
	t.Parallel()
	f := setup(t)
	f.done(append(flags(good("old")), "--wait")...)
	id, _, _ := f.accountOf("old@example.com")
	args := []string{"update", id, "--new-name", "New name", "--new-email", "new@example.com"}
	f.refuses("enable-aws-service-access", args...)
	f.trustAccountManagement()
	if got := f.done(append(args, "--dry-run")...); !strings.Contains(got.out, "StartPrimaryEmailUpdate") || strings.Contains(got.out, "UpdateProvisionedProduct") {
		t.Errorf("dry run:\n%s", got.out)
	}
	if got := f.cli(append(args, "--wait")...); got.code != 5 || !strings.Contains(got.err, "accountfactory request answer req-") {
		t.Fatalf("exit code %d: %s", got.code, got.err)
	}
	requests, err := f.api.Requests(f.ctx)
	f.must(err)
	request := requests[len(requests)-1]
	if request.State != factory.StateWaitingForPerson || request.Ask == nil {
		t.Fatalf("%+v", request)
	}
	f.refuses("six letters", "request", "answer", request.ID, "--code", "1")
	if got := f.done("request", "show", request.ID); !strings.Contains(got.out, "--choice resend") {
		t.Errorf("shown:\n%s", got.out)
	}
	code, err := harness.MailedCode(f.ctx, f.data, "new@example.com")
	f.must(err)
	f.done("request", "answer", request.ID, "--code", code)
	f.ends(request.ID, factory.StateSucceeded)
	out, err := f.Organizations.DescribeAccount(f.ctx, &organizations.DescribeAccountInput{AccountId: &id})
	f.must(err)
	if *out.Account.Name != "New name" || *out.Account.Email != "new@example.com" {
		t.Errorf("the account is %s <%s>", *out.Account.Name, *out.Account.Email)
	}
	f.done("update", "new@example.com", "--ou", "Security", "--wait")
	f.done(append(flags(good("old2")), "--email", "old@example.com", "--wait")...)
}

// ends watches a request to its end.
func (f *fixture) ends(id string, want factory.State) factory.Detail {
	f.t.Helper()
	tick := time.NewTicker(20 * time.Millisecond)
	defer tick.Stop()
	for {
		var d factory.Detail
		f.must(f.api.Do(f.ctx, "GET", "/api/v1/requests/"+id, nil, &d))
		if d.State.Ended() && d.State != want {
			f.t.Fatalf("it ended as %s: %s", d.State, d.Explanation)
		}
		if d.State == want {
			return d
		}
		select {
		case <-f.ctx.Done():
			f.t.Fatalf("it stays %s", d.State)
		case <-tick.C:
		}
	}
}
