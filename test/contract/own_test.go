package contract

import (
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/organizations"

	"accountfactory/internal/factory"
	"accountfactory/internal/server"
	"accountfactory/test/harness"
)

// own serves a factory that makes accounts by itself, in an organization with two units and Identity Center and nothing
// of Control Tower.
func own(t *testing.T, change ...func(*server.Config)) *fixture {
	t.Helper()
	f := setup(t, append([]func(*server.Config){func(c *server.Config) {
		c.Empty, c.Provisioner = true, string(factory.ByOrganizations)
	}}, change...)...)
	f.must(harness.Organize(f.ctx, f.Clients, f.Lab(f.Config.Credentials)))
	f.must(harness.Poll(f.ctx, 20*time.Millisecond, func() (bool, error) {
		_, err := f.api.Requests(f.ctx)
		return err == nil, nil
	}))
	return f
}

// TestOwnLifecycle takes an account through its life where there is no Control Tower: launched, moved, handed over, access
// changed, given up, taken in again, repaired, closed; each seen in the twin's own APIs.
func TestOwnLifecycle(t *testing.T) {
	t.Parallel()
	f := own(t)
	f.refuses("there is no organizational unit", "launch", "--name", "x", "--email", "x@example.com", "--ou", "Nowhere", "--sso-email", "o@example.com", "--sso-first", "O", "--sso-last", "O")
	if got := f.done(append(flags(good("dev")), "--dry-run")...); !strings.Contains(got.out, "CreateAccount") || !strings.Contains(got.out, "MoveAccount") {
		t.Errorf("dry run:\n%s", got.out)
	}
	f.done(append(flags(good("dev")), "--wait")...)
	id, _, parent := f.accountOf("dev@example.com")
	if has := f.access(id); parent != f.ou("Sandbox") || !slices.Equal(has, []string{"AWSAdministratorAccess dev-owner@example.com"}) {
		t.Errorf("vended in %s with %q", parent, has)
	}
	f.refuses("there is nothing to do", "update", id, "--ou", "Sandbox")
	f.done("update", id, "--ou", "Security", "--sso-email", "ben@example.com", "--sso-first", "Ben", "--sso-last", "Baker", "--remove-old-access", "--wait")
	if _, _, parent := f.accountOf("dev@example.com"); parent != f.ou("Security") || !slices.Equal(f.access(id), []string{"AWSAdministratorAccess ben@example.com"}) {
		t.Errorf("changed it is in %s with %q", parent, f.access(id))
	}
	f.done("access", id, "--grant", "user:dev-owner@example.com=AWSAdministratorAccess", "--wait")
	f.done("unmanage", id, "--wait")
	if tags := f.tags(id); parentOf(f, id) != *f.root() || len(tags) != 0 || len(f.access(id)) != 2 {
		t.Errorf("unmanaged it is in %s, tagged %q, with %q", parentOf(f, id), tags, f.access(id))
	}
	f.refuses("is not the factory's", "update", id, "--ou", "Sandbox")
	f.done("enroll", id, "--ou", "Root", "--sso-email", "ann@example.com", "--sso-first", "Ann", "--sso-last", "Archer", "--wait")
	if has := f.access(id); parentOf(f, id) != *f.root() || !slices.Contains(has, "AWSAdministratorAccess ann@example.com") {
		t.Errorf("enrolled it is in %s with %q", parentOf(f, id), has)
	}
	f.done("repair", id, "--ou", "Sandbox", "--wait")
	f.done("close", id, "--wait")
	if _, state, _ := f.accountOf("dev@example.com"); state != "CLOSED" && state != "SUSPENDED" {
		t.Errorf("closed it is %s", state)
	}
}

func parentOf(f *fixture, id string) string {
	f.t.Helper()
	out, err := f.Organizations.ListParents(f.ctx, &organizations.ListParentsInput{ChildId: &id})
	f.must(err)
	return *out.Parents[0].Id
}

func (f *fixture) tags(id string) (out []string) {
	f.t.Helper()
	tags, err := f.Organizations.ListTagsForResource(f.ctx, &organizations.ListTagsForResourceInput{ResourceId: &id})
	f.must(err)
	for _, t := range tags.Tags {
		out = append(out, aws.ToString(t.Key)+"="+aws.ToString(t.Value))
	}
	return out
}

// TestOwnEnroll: an account whose role is Organizations' gets the execution role; one that nobody can enter is refused in
// the end, with what helps.
func TestOwnEnroll(t *testing.T) {
	t.Parallel()
	f := own(t)
	owner := []string{"--ou", "Sandbox", "--sso-email", "ann@example.com", "--sso-first", "Ann", "--sso-last", "Archer", "--wait"}
	f.made("ready", "OrganizationAccountAccessRole")
	f.made("bare", "SomethingElse")
	f.done(append([]string{"enroll", "ready@example.com"}, owner...)...)
	id, _, parent := f.accountOf("ready@example.com")
	if has := f.access(id); parent != f.ou("Sandbox") || !slices.Contains(has, "AWSAdministratorAccess ann@example.com") {
		t.Errorf("enrolled in %s with %q", parent, has)
	}
	f.refuses("is the factory's already", append([]string{"enroll", id}, owner...)...)
	if got := f.cli(append([]string{"enroll", "bare"}, owner...)...); got.code != 1 || !strings.Contains(got.err, "Make the role there") {
		t.Errorf("without a role: exit code %d: %s", got.code, got.err)
	}
}

// TestOwnLandingZone: an organization that has a landing zone is refused, in every kind that makes or moves accounts, unless
// that was wanted.
func TestOwnLandingZone(t *testing.T) {
	t.Parallel()
	past := func(force bool) func(*server.Config) {
		return func(c *server.Config) { c.Provisioner, c.ProvisionerForce = string(factory.ByOrganizations), force }
	}
	f := setup(t, past(false))
	f.refuses("the organization has a landing zone", flags(good("one"))...)
	f.made("free", "OrganizationAccountAccessRole")
	for _, args := range [][]string{
		{"enroll", "free", "--ou", "Sandbox", "--sso-email", "a@example.com", "--sso-first", "A", "--sso-last", "B"},
		{"update", "free", "--ou", "Sandbox"},
		{"unmanage", "free"},
		{"repair", "free"},
		{"close", "free"},
	} {
		f.refuses("the organization has a landing zone", args...)
	}
	f = setup(t, past(true))
	if got := f.done(append(flags(good("one")), "--wait")...); !strings.Contains(got.out, "nothing governs them") {
		t.Errorf("launched without a word of warning:\n%s", got.out)
	}
	f.vend("governed", nil)
	f.refuses("is enrolled in AWS Control Tower", "unmanage", "governed")
}

// TestOwnOthers: while another client makes an account, three launches wait: the first for that creation, which its reason
// names with the account, the others for the first. None fails.
func TestOwnOthers(t *testing.T) {
	t.Parallel()
	f := own(t)
	lab := f.Lab(f.Config.Credentials)
	f.must(lab.Do(f.ctx, http.MethodPost, "/_twin/faults", map[string]any{"kind": "stuck", "service": "organizations", "operation": "CreateAccount", "count": 1}, nil))
	theirs, err := f.Organizations.CreateAccount(f.ctx, &organizations.CreateAccountInput{AccountName: aws.String("theirs"), Email: aws.String("theirs@example.com")})
	f.must(err)
	var ids []string
	for _, name := range []string{"one", "two", "three"} {
		var d factory.Detail
		f.must(f.api.Do(f.ctx, http.MethodPost, "/api/v1/requests", good(name), &d))
		ids = append(ids, d.ID)
	}
	var first factory.Detail
	f.must(harness.Poll(f.ctx, 10*time.Millisecond, func() (bool, error) {
		err := f.api.Do(f.ctx, http.MethodGet, "/api/v1/requests/"+ids[0], nil, &first)
		return first.WaitingFor != "" && first.Position == 0, err
	}))
	for _, want := range []string{`"theirs"`, *theirs.CreateAccountStatus.Id, "1 of 1"} {
		if !strings.Contains(first.WaitingFor, want) {
			t.Errorf("the first waits for %q, which does not name %s", first.WaitingFor, want)
		}
	}
	var under struct{ Operations []struct{ ID string } }
	f.must(lab.Do(f.ctx, http.MethodGet, "/_twin/operations", nil, &under))
	for _, op := range under.Operations {
		f.must(lab.Do(f.ctx, http.MethodPost, "/_twin/operations/"+op.ID+"/release", nil, nil))
	}
	for _, id := range ids {
		f.must(harness.Poll(f.ctx, 10*time.Millisecond, func() (bool, error) {
			var d factory.Detail
			err := f.api.Do(f.ctx, http.MethodGet, "/api/v1/requests/"+id, nil, &d)
			if d.State.Ended() && d.State != factory.StateSucceeded && d.State != "" {
				t.Errorf("%s is %s: %s", id, d.State, d.Explanation)
			}
			return d.State != "" && d.State.Ended(), err
		}))
	}
}
