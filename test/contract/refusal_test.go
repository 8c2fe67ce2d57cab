package contract

import (
	"errors"
	"net/http"
	"slices"
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/organizations"

	"accountfactory/internal/factory"
	"accountfactory/test/harness"
)

// refusal is a launch that cannot work: what is wrong with it, and the named check that says so.
type refusal struct {
	name   string
	in     func(f *fixture) factory.Input
	check  string // that fails
	seen   string // part of what the check says it saw
	remedy string // part of what the check says would help
	// what a launch file answers where it cannot say the same: usage errors name the entry.
	fileUsage string
}

func with(change func(*factory.Input)) func(*fixture) factory.Input {
	return func(*fixture) factory.Input {
		in := good("wrong")
		change(&in)
		return in
	}
}

var refusals = []refusal{
	{
		name: "e-mail of an account", check: factory.CheckEmailFree, seen: "taken@example.com is the e-mail of account", remedy: "enroll",
		in: with(func(in *factory.Input) { in.AccountEmail = "taken@example.com" }),
	},
	{
		name: "e-mail of an account in capitals", check: factory.CheckEmailFree, seen: "taken@example.com is the e-mail of account", remedy: "no AWS account has",
		in: with(func(in *factory.Input) { in.AccountEmail = "TAKEN@Example.com" }),
	},
	{
		name: "unknown OU", check: factory.CheckOU, seen: `there is no organizational unit "Nowhere"`, remedy: "registered are: ",
		in: with(func(in *factory.Input) { in.OU = "Nowhere" }),
	},
	{
		name: "unregistered OU", check: factory.CheckOU, seen: "is not registered with AWS Control Tower", remedy: "register it first",
		in: with(func(in *factory.Input) { in.OU = "Loose" }),
	},
	{
		name: "unregistered OU by id", check: factory.CheckOU, seen: "is not registered with AWS Control Tower", remedy: "register it first",
		in: func(f *fixture) factory.Input {
			in := good("wrong")
			in.OU = f.ou("Loose")
			return in
		},
	},
	{
		name: "e-mail of 65 characters", check: factory.CheckEmail, seen: "has 65 characters", remedy: "AWS takes 6 to 64",
		in: with(func(in *factory.Input) { in.AccountEmail = strings.Repeat("a", 53) + "@example.com" }),
	},
	{
		name: "no name", check: factory.CheckParameters, seen: "AccountName is missing", remedy: "--name", fileUsage: "account 1 has no name",
		in: with(func(in *factory.Input) { in.Name = "" }),
	},
	{
		name: "no e-mail", check: factory.CheckParameters, seen: "AccountEmail is missing", remedy: "--email", fileUsage: "account 1 has no email",
		in: with(func(in *factory.Input) { in.AccountEmail = "" }),
	},
	{
		name: "no OU", check: factory.CheckParameters, seen: "ManagedOrganizationalUnit is missing", remedy: "--ou", fileUsage: "account 1 has no ou",
		in: with(func(in *factory.Input) { in.OU = "" }),
	},
	{
		name: "no SSO e-mail", check: factory.CheckParameters, seen: "SSOUserEmail is missing", remedy: "--sso-email", fileUsage: "account 1 has no sso-email",
		in: with(func(in *factory.Input) { in.SSOUserEmail = "" }),
	},
	{
		name: "no first name", check: factory.CheckParameters, seen: "SSOUserFirstName is missing", remedy: "--sso-first", fileUsage: "account 1 has no sso-first",
		in: with(func(in *factory.Input) { in.SSOUserFirstName = "" }),
	},
	{
		name: "no last name", check: factory.CheckParameters, seen: "SSOUserLastName is missing", remedy: "--sso-last", fileUsage: "account 1 has no sso-last",
		in: with(func(in *factory.Input) { in.SSOUserLastName = "" }),
	},
	{
		name: "wrong Region", check: factory.CheckRegion, seen: "Control Tower's home Region is eu-west-1", remedy: "switch to eu-west-1",
		in: with(func(in *factory.Input) { in.Region = "us-west-2" }),
	},
	{
		name: "TagOptions", check: factory.CheckTagOptions, seen: "fails to provision", remedy: "launch without TagOptions",
		in: with(func(in *factory.Input) { in.TagOptions = []string{"team=red"} }),
	},
	{
		name: "notifications", check: factory.CheckNotifications, seen: "fails to provision", remedy: "launch without notifications",
		in: with(func(in *factory.Input) {
			in.NotificationARNs = []string{"arn:aws:sns:eu-west-1:123456789012:topic"}
		}),
	},
	{
		name: "plan", check: factory.CheckPlan, seen: "never finishes", remedy: "launch without a plan",
		in: with(func(in *factory.Input) { in.Plan = true }),
	},
	{
		name: "name in use", check: factory.CheckProductName, seen: "the provisioned product name taken is in use by pp-", remedy: "choose another account name",
		in: with(func(in *factory.Input) { in.Name = "taken" }),
	},
}

// prepare makes what the refusals need to run into: an account made by another client, and an OU that is not registered.
func prepare(t *testing.T) *fixture {
	t.Helper()
	f := setup(t)
	_, err := f.Organizations.CreateOrganizationalUnit(f.ctx, &organizations.CreateOrganizationalUnitInput{ParentId: f.root(), Name: aws.String("Loose")})
	f.must(err)
	f.vend("taken", nil)
	return f
}

// TestRefusals asks for what cannot work by the HTTP API, by flags and by a launch file, and dry.
func TestRefusals(t *testing.T) {
	t.Parallel()
	f := prepare(t)
	before := f.census()
	for _, tc := range refusals {
		in := tc.in(f)
		path := f.file(in)
		for how, ask := range map[string]func(t *testing.T){
			"HTTP API":    func(t *testing.T) { tc.byAPI(t, f, in) },
			"checks":      func(t *testing.T) { tc.byChecks(t, f, in) },
			"flags":       func(t *testing.T) { tc.byCLI(t, f, flags(in)) },
			"flags, dry":  func(t *testing.T) { tc.dry(t, f, append(flags(in), "--dry-run")) },
			"launch file": func(t *testing.T) { tc.byFile(t, f, append([]string{"launch", "-f", path}, extras(in)...)) },
		} {
			t.Run(tc.name+"/"+how, ask)
		}
		unchanged(t, tc.name, before, f.census())
	}
}

func (r refusal) byAPI(t *testing.T, f *fixture, in factory.Input) {
	t.Helper()
	var d factory.Detail
	err := f.api.Do(f.ctx, http.MethodPost, "/api/v1/requests", in, &d)
	var refused *harness.Refusal
	if !errors.As(err, &refused) || refused.Status != http.StatusUnprocessableEntity || refused.Code != "Refused" {
		t.Fatalf("got %+v, %v, want a refusal", d, err)
	}
	r.among(t, refused.Checks)
}

func (r refusal) byChecks(t *testing.T, f *fixture, in factory.Input) {
	t.Helper()
	var p factory.Plan
	f.must(f.api.Do(f.ctx, http.MethodPost, "/api/v1/checks", in, &p))
	r.among(t, p.Checks)
}

// among looks for the check, and that no other fails.
func (r refusal) among(t *testing.T, checks []factory.Check) {
	t.Helper()
	failed := slices.DeleteFunc(slices.Clone(checks), func(c factory.Check) bool { return c.Result != factory.CheckFailed })
	if len(failed) != 1 {
		t.Fatalf("%d checks failed, want one: %+v", len(failed), failed)
	}
	if c := failed[0]; c.Name != r.check || !strings.Contains(c.Seen, r.seen) || !strings.Contains(c.Remedy, r.remedy) {
		t.Errorf("failed: %+v; want %s: …%s… (…%s…)", c, r.check, r.seen, r.remedy)
	}
}

func (r refusal) byCLI(t *testing.T, f *fixture, args []string) {
	t.Helper()
	got := f.cli(args...)
	if got.code != 3 || got.out != "" {
		t.Errorf("exit code %d, printed %q", got.code, got.out)
	}
	r.told(t, got.err)
}

func (r refusal) dry(t *testing.T, f *fixture, args []string) {
	t.Helper()
	got := f.cli(args...)
	if got.code != 3 {
		t.Errorf("exit code %d: %s", got.code, got.err)
	}
	if strings.Contains(got.out, "would do") {
		t.Errorf("a dry run that is refused lists writes:\n%s", got.out)
	}
	r.told(t, got.out)
}

func (r refusal) byFile(t *testing.T, f *fixture, args []string) {
	t.Helper()
	if r.fileUsage == "" {
		r.byCLI(t, f, args)
		return
	}
	if got := f.cli(args...); got.code != 2 || !strings.Contains(got.err, r.fileUsage) {
		t.Errorf("exit code %d, %s; want 2 and %q", got.code, got.err, r.fileUsage)
	}
}

func (r refusal) told(t *testing.T, text string) {
	t.Helper()
	for _, want := range []string{r.check, r.seen, r.remedy} {
		if !strings.Contains(text, want) {
			t.Errorf("told without %q:\n%s", want, text)
		}
	}
}

// TestDuplicateRequest: the e-mail of an open or succeeded request is refused in any case, naming the request.
func TestDuplicateRequest(t *testing.T) {
	t.Parallel()
	f := setup(t)
	if got := f.cli(append(flags(good("one")), "--wait")...); got.code != 0 {
		t.Fatalf("exit code %d: %s", got.code, got.err)
	}
	requests, err := f.api.Requests(f.ctx)
	f.must(err)
	before := f.census()
	again := good("two")
	again.AccountEmail = "ONE@example.com"
	var refused *harness.Refusal
	if err := f.api.Do(f.ctx, http.MethodPost, "/api/v1/requests", again, nil); !errors.As(err, &refused) ||
		refused.Status != http.StatusConflict || refused.RequestID != requests[0].ID {
		t.Errorf("HTTP API: %v", err)
	}
	for how, args := range map[string][]string{"flags": flags(again), "launch file": {"launch", "-f", f.file(again)}} {
		if got := f.cli(args...); got.code != 3 || !strings.Contains(got.err, requests[0].ID) {
			t.Errorf("%s: exit code %d: %s", how, got.code, got.err)
		}
	}
	unchanged(t, "a second request", before, f.census())
}

// TestAddressesThatWork: one new address as both e-mails, and the address of an SSO user who is reused as they are.
func TestAddressesThatWork(t *testing.T) {
	t.Parallel()
	f := setup(t)
	before := f.census()
	both := good("both")
	both.SSOUserEmail = both.AccountEmail
	reuse := good("reuse")
	reuse.SSOUserEmail, reuse.SSOUserFirstName = "Requester@Example.com", "Somebody"
	if got := f.cli(append(flags(both), "--wait")...); got.code != 0 {
		t.Errorf("both: exit code %d: %s", got.code, got.err)
	}
	if got := f.cli("launch", "-f", f.file(reuse), "--wait"); got.code != 0 || !strings.Contains(got.out, "exists and will be reused") {
		t.Errorf("reuse: exit code %d: %s%s", got.code, got.out, got.err)
	}
	after := f.census()
	if want := append(before.Users, "both@example.com Olive Owner"); !slices.Equal(slices.Sorted(slices.Values(want)), slices.Sorted(slices.Values(after.Users))) {
		t.Errorf("users %q, want %q", after.Users, want)
	}
	if n := len(after.Assignments) - len(before.Assignments); n != 8 {
		t.Errorf("%d new assignments, want 8", n)
	}
}
