package factory_test

import (
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"accountfactory/internal/factory"
)

// TestSubmit_Refused walks everything that is known to fail late at AWS: each is refused before anything exists.
func TestSubmit_Refused(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		name   string
		change func(*factory.Input)
		cloud  func(*fakeCloud)
		check  string
		says   string
	}{
		{"no name", func(in *factory.Input) { in.Name = "" }, nil, factory.CheckParameters, "AccountName is missing"},
		{"no e-mail", func(in *factory.Input) { in.AccountEmail = " " }, nil, factory.CheckParameters, "AccountEmail is missing"},
		{"no OU", func(in *factory.Input) { in.OU = "" }, nil, factory.CheckParameters, "ManagedOrganizationalUnit is missing"},
		{"no SSO e-mail", func(in *factory.Input) { in.SSOUserEmail = "" }, nil, factory.CheckParameters, "SSOUserEmail is missing"},
		{"no first name", func(in *factory.Input) { in.SSOUserFirstName = "" }, nil, factory.CheckParameters, "SSOUserFirstName is missing"},
		{"no last name", func(in *factory.Input) { in.SSOUserLastName = "" }, nil, factory.CheckParameters, "SSOUserLastName is missing"},
		{"e-mail of 65 characters", func(in *factory.Input) {
			in.AccountEmail = strings.Repeat("a", 65-len("@example.com")) + "@example.com"
		}, nil, factory.CheckEmail, "65 characters"},
		{"e-mail without domain", func(in *factory.Input) { in.AccountEmail = "team1@localhost" }, nil, factory.CheckEmail, "needs a dot"},
		{"e-mail of an account", func(in *factory.Input) { in.AccountEmail = "ROOT@example.com" }, nil, factory.CheckEmailFree, "root@example.com is the e-mail of account " + management},
		{"SSO e-mail off form", func(in *factory.Input) { in.SSOUserEmail = "lea" }, nil, factory.CheckSSOUser, "exactly one @"},
		{"name of 51 characters", func(in *factory.Input) { in.Name = strings.Repeat("n", 51) }, nil, factory.CheckName, "51 characters"},
		{"name with an umlaut", func(in *factory.Input) { in.Name = "Büro" }, nil, factory.CheckName, "not printable ASCII"},
		{"unknown OU", func(in *factory.Input) { in.OU = "Nowhere" }, nil, factory.CheckOU, `there is no organizational unit "Nowhere"`},
		{"unknown OU id", func(in *factory.Input) { in.OU = "ou-ab12-12345678" }, nil, factory.CheckOU, "there is no organizational unit"},
		{"OU name and id do not match", func(in *factory.Input) { in.OU = "Dev (" + sandbox + ")" }, nil, factory.CheckOU, "there is no organizational unit"},
		{"unregistered OU", func(in *factory.Input) { in.OU = "Wild" }, nil, factory.CheckOU, "is not registered"},
		{"ambiguous OU", func(in *factory.Input) { in.OU = "Dev" }, nil, factory.CheckOU, `2 organizational units are called "Dev"`},
		{"another Region", func(in *factory.Input) { in.Region = "us-east-1" }, nil, factory.CheckRegion, "home Region is " + region},
		{"no product in this Region", nil, func(f *fakeCloud) { f.noneHere = true }, factory.CheckRegion, "there is no product"},
		{"no active version", nil, func(f *fakeCloud) { f.noActive = true }, factory.CheckArtifact, "no active version"},
		{"TagOptions", func(in *factory.Input) { in.TagOptions = []string{"cost"} }, nil, factory.CheckTagOptions, "TagOptions"},
		{"TagOptions on the product", nil, func(f *fakeCloud) { f.tagKeys = []string{"cost"} }, factory.CheckTagOptions, "TagOption cost"},
		{"notifications", func(in *factory.Input) { in.NotificationARNs = []string{"arn:aws:sns:eu-west-1:1:t"} }, nil, factory.CheckNotifications, "notification topics"},
		{"notifications on the product", nil, func(f *fakeCloud) { f.constraint = "NOTIFICATION" }, factory.CheckNotifications, "NOTIFICATION constraint"},
		{"plan", func(in *factory.Input) { in.Plan = true }, nil, factory.CheckPlan, "resource plan"},
		{"product name in use", nil, func(f *fakeCloud) {
			f.products = append(f.products, leftover("Team-1"))
		}, factory.CheckProductName, "Team-1 is in use"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			b := setup(t)
			if tt.cloud != nil {
				tt.cloud(b.cloud)
			}
			in := input(1)
			if tt.change != nil {
				tt.change(&in)
			}
			_, err := b.svc.Submit(t.Context(), ada, b.cloud, in)
			var no *factory.RefusedError
			if !errors.As(err, &no) {
				t.Fatalf("Submit gave %v, want RefusedError", err)
			}
			if !strings.Contains(err.Error(), tt.says) {
				t.Errorf("refusal %q does not say %q", err, tt.says)
			}
			for _, c := range no.Checks {
				if c.Result == factory.CheckFailed && (c.Name != tt.check || c.Remedy == "") {
					t.Errorf("failed check %+v, want one named %s with a remedy", c, tt.check)
				}
			}
			if all, err := b.svc.List(t.Context(), boss, factory.Filter{}); len(all) != 0 || err != nil {
				t.Errorf("a refused request was stored: %v %v", all, err)
			}
			if n := b.cloud.effect("ProvisionProduct"); n != 0 {
				t.Errorf("%d products", n)
			}
		})
	}
}

// TestSubmit_Accepted walks what looks odd and is right.
func TestSubmit_Accepted(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		name   string
		change func(*factory.Input)
		cloud  func(*fakeCloud)
		ou     string
		note   string // in the timeline
	}{
		{"one new address as both", func(in *factory.Input) { in.SSOUserEmail = in.AccountEmail }, nil, sandbox, ""},
		{"existing SSO user", nil, func(f *fakeCloud) { f.users["lead1@example.com"] = "user-7" }, sandbox, "exists and will be reused"},
		{"capitals", func(in *factory.Input) { in.AccountEmail = "Team1@Example.com" }, nil, sandbox, "capital letters"},
		{"64 characters", func(in *factory.Input) {
			in.AccountEmail = strings.Repeat("a", 64-len("@example.com")) + "@example.com"
		}, nil, sandbox, ""},
		{"OU by path", func(in *factory.Input) { in.OU = "Workloads/Dev" }, nil, dev, ""},
		{"OU by path from the root", func(in *factory.Input) { in.OU = "/Root/Labs/Dev/" }, nil, otherDev, ""},
		{"OU by id", func(in *factory.Input) { in.OU = otherDev }, nil, otherDev, ""},
		{"OU in the product's form", func(in *factory.Input) { in.OU = "Dev (" + dev + ")" }, nil, dev, ""},
		{"name with spaces and signs", func(in *factory.Input) { in.Name = "  (Team) A & B  " }, nil, sandbox, ""},
		{"spaces around", func(in *factory.Input) { in.AccountEmail = " team1@example.com\t" }, nil, sandbox, ""},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			b := setup(t)
			if tt.cloud != nil {
				tt.cloud(b.cloud)
			}
			in := input(1)
			if tt.change != nil {
				tt.change(&in)
			}
			d := b.drive(b.submit(ada, in).ID, nil)
			if d.State != factory.StateSucceeded {
				t.Fatalf("%s\n%s", d.State, story(d))
			}
			if got := b.cloud.parent[d.AccountID]; got != tt.ou {
				t.Errorf("account in %s, want %s", got, tt.ou)
			}
			if !strings.Contains(story(d), tt.note) {
				t.Errorf("the timeline does not say %q:\n%s", tt.note, story(d))
			}
		})
	}
}

// TestSubmit_NoLaunchPath: who may not launch at AWS gets AWS's words, and no request.
func TestSubmit_NoLaunchPath(t *testing.T) {
	t.Parallel()
	b := setup(t)
	person := newFakeCloud()
	person.noPath = true
	_, err := b.svc.Submit(t.Context(), ada, person, input(1))
	var denied *factory.DeniedError
	if !errors.As(err, &denied) {
		t.Fatalf("Submit gave %v, want DeniedError", err)
	}
	want := factory.DeniedError{Code: "ResourceNotFoundException", Message: "No launch paths found for resource: prod-abcdefghijklm"}
	if diff := cmp.Diff(want, *denied); diff != "" {
		t.Error(diff)
	}
	if _, err := b.svc.Submit(t.Context(), factory.Caller{}, b.cloud, input(1)); !errors.As(err, &denied) {
		t.Errorf("nobody submitted: %v", err)
	}
}

// TestSubmit_Duplicate: one open or succeeded request per account e-mail, whatever its case.
func TestSubmit_Duplicate(t *testing.T) {
	t.Parallel()
	b := setup(t)
	first := b.submit(ada, input(1))
	again := input(2)
	again.AccountEmail = "TEAM1@example.com"
	var dup *factory.DuplicateError
	if _, err := b.svc.Submit(t.Context(), bob, b.cloud, again); !errors.As(err, &dup) || dup.RequestID != first.ID || !strings.Contains(err.Error(), "follow that request") {
		t.Errorf("beside an open one: %v, want DuplicateError naming %s", err, first.ID)
	}
	b.drive(first.ID, nil)
	if _, err := b.svc.Submit(t.Context(), bob, b.cloud, again); !errors.As(err, &dup) || dup.RequestID != first.ID || !strings.Contains(err.Error(), "needs another e-mail") {
		t.Errorf("after a succeeded one: %v, want DuplicateError naming %s", err, first.ID)
	}
	second := b.submit(ada, input(2))
	if _, err := b.svc.Cancel(t.Context(), ada, second.ID); err != nil {
		t.Fatal(err)
	}
	b.submit(bob, input(2))
}

// TestCheck_DryRun shows the one write of a launch with its parameters, and makes none.
func TestCheck_DryRun(t *testing.T) {
	t.Parallel()
	b := setup(t)
	plan, err := b.svc.Check(t.Context(), ada, b.cloud, input(1))
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range plan.Checks {
		if c.Result != factory.CheckOK {
			t.Errorf("check %+v", c)
		}
	}
	if len(plan.Writes) != 1 {
		t.Fatalf("writes: %+v", plan.Writes)
	}
	want := map[string]string{
		"ProductId": "prod-abcdefghijklm", "ProvisioningArtifactId": "pa-abcdefghijklm", "PathId": "lpv2-abcdefghijklm", "ProvisionedProductName": "Team-1",
		"ProvisioningParameters.AccountName": "Team 1", "ProvisioningParameters.AccountEmail": "team1@example.com",
		"ProvisioningParameters.SSOUserFirstName": "Lea", "ProvisioningParameters.SSOUserLastName": "Lead",
		"ProvisioningParameters.SSOUserEmail": "lead1@example.com", "ProvisioningParameters.ManagedOrganizationalUnit": "Sandbox (" + sandbox + ")",
	}
	if diff := cmp.Diff(want, plan.Writes[0].Parameters); diff != "" {
		t.Error(diff)
	}
	if b.cloud.effect("ProvisionProduct") != 0 {
		t.Error("a dry run wrote to AWS")
	}
	d := b.submit(ada, input(1))
	plan, err = b.svc.Check(t.Context(), ada, b.cloud, input(1))
	if err != nil {
		t.Fatal(err)
	}
	if last := plan.Checks[len(plan.Checks)-1]; last.Name != factory.CheckOpenRequest || !strings.Contains(last.Seen, d.ID) {
		t.Errorf("a dry run beside an open request ends with %+v", last)
	}
}

// TestSubmit_FactoryOutside: the person may launch, but the factory's own role may not.
func TestSubmit_FactoryOutside(t *testing.T) {
	t.Parallel()
	b := setup(t)
	b.cloud.noPath = true
	_, err := b.svc.Submit(t.Context(), ada, newFakeCloud(), input(1))
	var no *factory.RefusedError
	if !errors.As(err, &no) || !strings.Contains(err.Error(), "factory's own role has no launch path") {
		t.Errorf("Submit gave %v, want RefusedError", err)
	}
}

// TestCheckAgain: what changed while a request waited fails it before anything is created, and a retry checks anew.
func TestCheckAgain(t *testing.T) {
	t.Parallel()
	b := setup(t)
	d := b.submit(ada, input(1))
	b.cloud.ous[0].registered = false
	b.clock.advance(time.Minute)
	d = b.drive(d.ID, nil)
	if d.State != factory.StateFailed || d.Step != factory.StepCheck || !strings.Contains(d.Explanation, "is not registered") || len(b.cloud.effects) != 0 {
		t.Fatalf("%s in %s\n%s", d.State, d.Step, story(d))
	}
	b.cloud.ous[0].registered = true
	if _, err := b.svc.Retry(t.Context(), ada, d.ID); err != nil {
		t.Fatal(err)
	}
	b.clock.advance(time.Minute)
	if d = b.drive(d.ID, nil); d.State != factory.StateSucceeded {
		t.Errorf("%s\n%s", d.State, story(d))
	}
}

// TestSubmit_Unavailable: a cloud that does not answer refuses nothing; it is to be asked again.
func TestSubmit_Unavailable(t *testing.T) {
	t.Parallel()
	for _, cut := range cuts {
		b := setup(t)
		b.cloud.fault = func(string, int) (error, error) { return cut, nil }
		_, err := b.svc.Submit(t.Context(), ada, b.cloud, input(1))
		var down *factory.UnavailableError
		if !errors.As(err, &down) || !errors.Is(err, cut) || !strings.Contains(err.Error(), "Try again.") {
			t.Errorf("Submit gave %v, want UnavailableError", err)
		}
	}
}
