package contract

import (
	"errors"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/identitystore"
	"github.com/aws/aws-sdk-go-v2/service/organizations"
	"github.com/aws/aws-sdk-go-v2/service/ssoadmin"

	"accountfactory/internal/factory"
	"accountfactory/test/harness"
)

// done runs a command line that must succeed.
func (f *fixture) done(args ...string) said {
	f.t.Helper()
	got := f.cli(args...)
	if got.code != 0 {
		f.t.Fatalf("%s: exit code %d\n%s%s", strings.Join(args, " "), got.code, got.out, got.err)
	}
	return got
}

// refuses runs a command line that a check must refuse, in these words.
func (f *fixture) refuses(words string, args ...string) {
	f.t.Helper()
	if got := f.cli(args...); got.code != 3 || !strings.Contains(got.err+got.out, words) {
		f.t.Errorf("%s: exit code %d, want 3 and %q\n%s%s", strings.Join(args, " "), got.code, words, got.out, got.err)
	}
}

// accountOf gives the account with an e-mail.
func (f *fixture) accountOf(email string) (id, state, parent string) {
	f.t.Helper()
	out, err := f.Organizations.ListAccounts(f.ctx, &organizations.ListAccountsInput{})
	f.must(err)
	for _, a := range out.Accounts {
		if aws.ToString(a.Email) != email {
			continue
		}
		parents, err := f.Organizations.ListParents(f.ctx, &organizations.ListParentsInput{ChildId: a.Id})
		f.must(err)
		return *a.Id, string(a.State), *parents.Parents[0].Id
	}
	f.t.Fatalf("no account %s", email)
	return "", "", ""
}

// access gives who has which permission set on an account, as "SET E-MAIL" and "SET GROUP".
func (f *fixture) access(account string) (out []string) {
	f.t.Helper()
	instances, err := f.SSOAdmin.ListInstances(f.ctx, &ssoadmin.ListInstancesInput{})
	f.must(err)
	instance := instances.Instances[0]
	sets, err := f.SSOAdmin.ListPermissionSetsProvisionedToAccount(f.ctx, &ssoadmin.ListPermissionSetsProvisionedToAccountInput{InstanceArn: instance.InstanceArn, AccountId: &account})
	f.must(err)
	for _, set := range sets.PermissionSets {
		ps, err := f.SSOAdmin.DescribePermissionSet(f.ctx, &ssoadmin.DescribePermissionSetInput{InstanceArn: instance.InstanceArn, PermissionSetArn: &set})
		f.must(err)
		list, err := f.SSOAdmin.ListAccountAssignments(f.ctx, &ssoadmin.ListAccountAssignmentsInput{InstanceArn: instance.InstanceArn, AccountId: &account, PermissionSetArn: &set})
		f.must(err)
		for _, a := range list.AccountAssignments {
			out = append(out, aws.ToString(ps.PermissionSet.Name)+" "+f.principal(instance.IdentityStoreId, string(a.PrincipalType), a.PrincipalId))
		}
	}
	slices.Sort(out)
	return out
}

func (f *fixture) principal(store *string, kind string, id *string) string {
	f.t.Helper()
	if kind == "GROUP" {
		g, err := f.IdentityStore.DescribeGroup(f.ctx, &identitystore.DescribeGroupInput{IdentityStoreId: store, GroupId: id})
		f.must(err)
		return aws.ToString(g.DisplayName)
	}
	u, err := f.IdentityStore.DescribeUser(f.ctx, &identitystore.DescribeUserInput{IdentityStoreId: store, UserId: id})
	f.must(err)
	return aws.ToString(u.Emails[0].Value)
}

// TestLifecycle takes an account through its life by the command line: moved, handed over, access changed, unmanaged,
// enrolled again, closed; each seen in the twin's own APIs.
func TestLifecycle(t *testing.T) {
	t.Parallel()
	f := setup(t)
	f.done(append(flags(good("dev")), "--wait")...)
	id, _, _ := f.accountOf("dev@example.com")

	f.refuses("there is nothing to do", "update", id, "--ou", "Sandbox")
	f.done("update", id, "--ou", "Security", "--wait")
	if _, _, parent := f.accountOf("dev@example.com"); parent != f.ou("Security") {
		t.Errorf("after the move it is in %s", parent)
	}

	f.refuses("has no name", "update", id, "--sso-email", "ben@example.com")
	f.done("update", "dev", "--sso-email", "ben@example.com", "--sso-first", "Ben", "--sso-last", "Baker", "--remove-old-access", "--wait")
	has := strings.Join(f.access(id), "\n")
	if !strings.Contains(has, "AWSAdministratorAccess ben@example.com") || strings.Contains(has, "dev-owner@example.com") {
		t.Errorf("after handing over:\n%s", has)
	}

	f.refuses("there is no group", "access", id, "--grant", "group:Nobody=AWSReadOnlyAccess")
	f.refuses("there is no permission set", "access", id, "--grant", "group:AWSSecurityAuditors=Everything")
	f.done("access", id, "--grant", "group:AWSAccountFactory=AWSReadOnlyAccess", "--revoke", "user:ben@example.com=AWSAdministratorAccess", "--wait")
	has = strings.Join(f.access(id), "\n")
	if !strings.Contains(has, "AWSReadOnlyAccess AWSAccountFactory") || strings.Contains(has, "ben@example.com") {
		t.Errorf("after the change of access:\n%s", has)
	}

	if got := f.done("close", id, "--dry-run"); !strings.Contains(got.out, "TerminateProvisionedProduct") || !strings.Contains(got.out, "CloseAccount") {
		t.Errorf("dry run of closing:\n%s", got.out)
	}
	f.done("unmanage", id, "--wait")
	if _, state, parent := f.accountOf("dev@example.com"); parent != *f.root() || state != "ACTIVE" {
		t.Errorf("unmanaged it is %s in %s", state, parent)
	}
	f.refuses("is not enrolled", "unmanage", id)
	f.refuses("is not enrolled", "update", id, "--ou", "Sandbox")
	f.done("close", id, "--wait", "--reason", "not needed")
	if _, state, _ := f.accountOf("dev@example.com"); state != "CLOSED" && state != "SUSPENDED" {
		t.Errorf("closed it is %s", state)
	}
	f.done("close", id, "--wait") // closed already is fine
	f.refuses("account-active", "enroll", id, "--ou", "Sandbox", "--sso-email", "a@example.com", "--sso-first", "A", "--sso-last", "B")
}

// TestEnroll: an account that Organizations made, with the role Control Tower needs, comes under its care; without the
// role the request fails with AWS's words and the remedy.
func TestEnroll(t *testing.T) {
	t.Parallel()
	f := setup(t)
	owner := []string{"--ou", "Sandbox", "--sso-email", "ann@example.com", "--sso-first", "Ann", "--sso-last", "Archer"}
	f.made("ready", "AWSControlTowerExecution")
	f.made("bare", "SomethingElse")
	f.done(append([]string{"enroll", "ready@example.com", "--wait"}, owner...)...)
	id, _, parent := f.accountOf("ready@example.com")
	if has := f.access(id); parent != f.ou("Sandbox") || !slices.Contains(has, "AWSAdministratorAccess ann@example.com") {
		t.Errorf("enrolled in %s with %q", parent, has)
	}
	f.refuses("not-enrolled", append([]string{"enroll", id}, owner...)...)
	got := f.cli(append([]string{"enroll", "bare", "--wait"}, owner...)...)
	if got.code != 1 || !strings.Contains(got.err, "restore it, then retry") {
		t.Errorf("without the role: exit code %d: %s", got.code, got.err)
	}
}

// made makes an account with Organizations alone.
func (f *fixture) made(name, role string) {
	f.t.Helper()
	out, err := f.Organizations.CreateAccount(f.ctx, &organizations.CreateAccountInput{AccountName: &name, Email: aws.String(name + "@example.com"), RoleName: &role})
	f.must(err)
	for out.CreateAccountStatus.State == "IN_PROGRESS" {
		select {
		case <-f.ctx.Done():
			f.t.Fatal("the account is not made")
		case <-time.After(10 * time.Millisecond):
		}
		st, err := f.Organizations.DescribeCreateAccountStatus(f.ctx, &organizations.DescribeCreateAccountStatusInput{CreateAccountRequestId: out.CreateAccountStatus.Id})
		f.must(err)
		out.CreateAccountStatus = st.CreateAccountStatus
	}
}

// TestRepair: a launch that failed half way is repaired from its account, as it was asked for.
func TestRepair(t *testing.T) {
	t.Parallel()
	f := setup(t)
	lab := f.Lab(f.Config.Credentials)
	f.must(lab.Do(f.ctx, http.MethodPost, "/_twin/faults", map[string]any{"kind": "fail", "service": "controltower", "step": "baseline", "count": 1}, nil))
	if got := f.cli(append(flags(good("half")), "--wait")...); got.code != 1 {
		t.Fatalf("the fault did not strike: %s%s", got.out, got.err)
	}
	id, _, _ := f.accountOf("half@example.com")
	f.done("repair", "half@example.com", "--wait")
	if _, _, parent := f.accountOf("half@example.com"); parent != f.ou("Sandbox") || !slices.Contains(f.access(id), "AWSAdministratorAccess half-owner@example.com") {
		t.Errorf("repaired it is in %s with %q", parent, f.access(id))
	}
	f.refuses("nothing to repair", "repair", id)

	f.must(lab.Do(f.ctx, http.MethodPost, "/_twin/faults", map[string]any{"kind": "fail", "service": "controltower", "step": "assign", "count": 1}, nil))
	if got := f.cli("update", id, "--ou", "Security", "--wait"); got.code != 1 {
		t.Fatalf("the fault did not strike: %s%s", got.out, got.err)
	}
	f.done("repair", id, "--wait") // TAINTED now
}

// TestLostAnswers cuts the connection after each write of each kind took effect on the twin: nothing is done twice.
func TestLostAnswers(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		service, operation string
		args               []string
	}{
		{"servicecatalog", "UpdateProvisionedProduct", []string{"update", "cut", "--ou", "Security"}},
		{"servicecatalog", "TerminateProvisionedProduct", []string{"unmanage", "cut"}},
		{"organizations", "CloseAccount", []string{"close", "cut"}},
		{"sso", "CreateAccountAssignment", []string{"access", "cut", "--grant", "group:AWSAccountFactory=AWSReadOnlyAccess"}},
		{"sso", "DeleteAccountAssignment", []string{"access", "cut", "--revoke", "user:cut-owner@example.com=AWSAdministratorAccess"}},
	} {
		for _, kind := range []string{"cut-before", "cut-after", "throttle"} {
			t.Run(c.operation+"/"+kind, func(t *testing.T) {
				t.Parallel()
				f := setup(t)
				f.done(append(flags(good("cut")), "--wait")...)
				f.must(f.Lab(f.Config.Credentials).Do(f.ctx, http.MethodPost, "/_twin/faults", map[string]any{"kind": kind, "operation": c.operation, "count": 1}, nil))
				f.done(append(c.args, "--wait")...)
				var left struct{ Faults []struct{ Count int } }
				f.must(f.Lab(f.Config.Credentials).Do(f.ctx, http.MethodGet, "/_twin/faults", nil, &left))
				if len(left.Faults) != 0 {
					t.Errorf("the fault did not strike: %+v", left)
				}
			})
		}
	}
}

// TestOthersAccounts: who is no operator may not touch an account that they did not ask for, nor close their own.
func TestOthersAccounts(t *testing.T) {
	t.Parallel()
	f := setup(t)
	f.done(append(flags(good("mine")), "--wait")...)
	other := f.API(f.outsider().Config.Credentials)
	before := f.census()
	for _, kind := range []factory.Kind{factory.KindUpdate, factory.KindUnmanage, factory.KindClose, factory.KindRepair, factory.KindEnroll, factory.KindAccess} {
		for _, path := range []string{"/api/v1/requests", "/api/v1/checks"} {
			in := factory.Input{Kind: kind, Options: factory.Options{Account: "mine@example.com"}}
			var refused *harness.Refusal
			if err := other.Do(f.ctx, http.MethodPost, path, in, nil); !errors.As(err, &refused) || refused.Status != http.StatusForbidden {
				t.Errorf("%s %s: %v", path, kind, err)
			}
		}
	}
	unchanged(t, "a refused request", before, f.census())
}
