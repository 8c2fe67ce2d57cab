package factory_test

import (
	"errors"
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"accountfactory/internal/factory"
)

// furnished is a launch that asks for everything.
func furnished() factory.Input {
	in := input(1)
	in.Tags = map[string]string{"team": "red", "cost centre": "1234"}
	in.Contacts = []factory.Contact{
		{Type: "SECURITY", Name: "Sue Safe", Title: "CISO", Email: "sec@example.com", Phone: "+1 555 0100"},
		{Type: "BILLING", Name: "Bill", Title: "CFO", Email: "bill@example.com", Phone: "1"},
	}
	in.Grant = []factory.Access{{Group: "Developers", PermissionSet: "AWSReadOnlyAccess"}}
	in.Fields = map[string]string{"ticket": "ABC-1"}
	return in
}

// checkFurnished compares the account with what was asked for.
func (b *bundle) checkFurnished(t *testing.T, d factory.Detail) {
	t.Helper()
	if d.State != factory.StateSucceeded {
		t.Fatalf("ended as %s\n%s", d.State, story(d))
	}
	if diff := cmp.Diff(furnished().Tags, b.cloud.tags[first]); diff != "" {
		t.Errorf("tags: %s", diff)
	}
	if c := b.cloud.contacts[first+" SECURITY"]; len(b.cloud.contacts) != 2 || *c.Name != "Sue Safe" || *c.PhoneNumber != "+1 555 0100" {
		t.Errorf("contacts: %+v", b.cloud.contacts)
	}
	if !b.cloud.granted[first+" arn:aws:sso:::permissionSet/ssoins-1/ps-read group-dev"] {
		t.Errorf("access: %v", b.cloud.granted)
	}
	if d.Fields["ticket"] != "ABC-1" || b.cloud.accountsOf("team1@example.com") != 1 || b.cloud.effect("ProvisionProduct") != 1 {
		t.Errorf("fields %v, effects %v", d.Fields, b.cloud.effects)
	}
}

// TestExtras: a launch carries tags, contacts and further access, each put by a step of its own and seen at the end; an
// enrolled account gets them too.
func TestExtras(t *testing.T) {
	t.Parallel()
	b := setup(t)
	d := b.drive(b.submit(ada, furnished()).ID, nil)
	b.checkFurnished(t, d)
	for _, want := range []string{"tag       Sends TagResource: cost centre, team", "contact   Sends PutAlternateContact: BILLING", "Tags: 2. Contacts: 2. Further access: 1.", "lead1@example.com was invited by mail"} {
		if !strings.Contains(story(d), want) {
			t.Errorf("no %q in\n%s", want, story(d))
		}
	}
	if !strings.Contains(d.ToDo, "first password") {
		t.Errorf("to do: %q", d.ToDo)
	}
	id := b.cloud.addAccount("Old one", "old@example.com", "r-ab12")
	in := furnished()
	in.Kind, in.Account, in.SSOUserEmail, in.Name, in.AccountEmail = factory.KindEnroll, id, "lead1@example.com", "", ""
	if d := b.drive(b.submit(boss, in).ID, nil); d.State != factory.StateSucceeded || b.cloud.tags[id]["team"] != "red" || d.ToDo != "" {
		t.Errorf("enrolled: %s with %v\n%s", d.State, b.cloud.tags[id], story(d))
	}
}

// TestExtras_Plan lists the writes in their order.
func TestExtras_Plan(t *testing.T) {
	t.Parallel()
	b := setup(t)
	p, err := b.svc.Check(t.Context(), ada, b.cloud, furnished())
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, w := range p.Writes {
		got = append(got, w.Operation)
	}
	want := []string{"ProvisionProduct", "TagResource", "PutAlternateContact", "PutAlternateContact", "CreateAccountAssignment"}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}

// TestExtrasCut cuts each AWS call of such a launch, before and after it took effect, and ends the process at each.
func TestExtrasCut(t *testing.T) {
	t.Parallel()
	b := setup(t)
	d := b.submit(ada, furnished())
	submitted := len(b.cloud.calls)
	b.checkFurnished(t, b.drive(d.ID, nil))
	for n := submitted + 1; n <= len(b.cloud.calls); n++ {
		for _, after := range []bool{false, true} {
			t.Run(fmt.Sprintf("call %d/after=%v", n, after), func(t *testing.T) {
				t.Parallel()
				b := setup(t)
				d := b.submit(ada, furnished())
				if n%2 == 0 {
					b.dieAtCall(t, d.ID, n, after)
				} else {
					b.cloud.fault = cutCall(n, after)
				}
				b.checkFurnished(t, b.drive(d.ID, nil))
			})
		}
	}
}

// TestExtras_Failed: AWS refuses a tag; the account stays, and a retry goes on from there.
func TestExtras_Failed(t *testing.T) {
	t.Parallel()
	b := setup(t)
	refuse := true
	b.cloud.fault = func(op string, _ int) (error, error) {
		if op == "TagResource" && refuse {
			return apiError("TagPolicyViolationException", "The tag policy does not allow it."), nil
		}
		return nil, nil
	}
	d := b.drive(b.submit(ada, furnished()).ID, nil)
	if d.State != factory.StateFailed || d.Step != factory.StepTag || d.ErrorCode != "TagPolicyViolationException" || !strings.Contains(story(d), "Account "+first+" exists") {
		t.Fatalf("%s in %s\n%s", d.State, d.Step, story(d))
	}
	refuse = false
	if _, err := b.svc.Retry(t.Context(), ada, d.ID); err != nil {
		t.Fatal(err)
	}
	b.checkFurnished(t, b.drive(d.ID, nil))
}

// TestExtras_Cancelled: a cancel while AWS is at one of the extras stops before the next, and says what exists.
func TestExtras_Cancelled(t *testing.T) {
	t.Parallel()
	b := setup(t)
	id := b.submit(ada, furnished()).ID
	b.cloud.fault = func(op string, _ int) (error, error) {
		if op == "TagResource" {
			if _, err := b.svc.Cancel(t.Context(), ada, id); err != nil {
				t.Error(err)
			}
		}
		return nil, nil
	}
	d := b.drive(id, nil)
	if d.State != factory.StateCancelled || len(b.cloud.tags[first]) != 2 || len(b.cloud.contacts) != 0 || !strings.Contains(story(d), "Account "+first+" exists") {
		t.Errorf("%s, contacts %v\n%s", d.State, b.cloud.contacts, story(d))
	}
}

// TestExtras_Refused walks what AWS would not take, or what means nothing for a kind.
func TestExtras_Refused(t *testing.T) {
	t.Parallel()
	many := map[string]string{}
	for i := range 51 {
		many[fmt.Sprint("k", i)] = "v"
	}
	b := setup(t)
	for _, tc := range []struct {
		name   string
		change func(*factory.Input)
		check  string
	}{
		{"51 tags", func(in *factory.Input) { in.Tags = many }, factory.CheckTags},
		{"a tag of AWS's", func(in *factory.Input) { in.Tags = map[string]string{"AWS:x": "y"} }, factory.CheckTags},
		{"a tag without a key", func(in *factory.Input) { in.Tags = map[string]string{"": "y"} }, factory.CheckTags},
		{"a tag's odd character", func(in *factory.Input) { in.Tags = map[string]string{"a": "b;c"} }, factory.CheckTags},
		{"a long tag", func(in *factory.Input) { in.Tags = map[string]string{"a": strings.Repeat("ä", 257)} }, factory.CheckTags},
		{"an unknown contact", func(in *factory.Input) { in.Contacts[0].Type = "LEGAL" }, factory.CheckContacts},
		{"two of a type", func(in *factory.Input) { in.Contacts[0].Type = "BILLING" }, factory.CheckContacts},
		{"a contact without a title", func(in *factory.Input) { in.Contacts[0].Title = "" }, factory.CheckContacts},
		{"a contact's e-mail", func(in *factory.Input) { in.Contacts[0].Email = "x" }, factory.CheckContacts},
		{"a contact's phone", func(in *factory.Input) { in.Contacts[0].Phone = "call me" }, factory.CheckContacts},
		{"51 fields", func(in *factory.Input) { in.Fields = many }, factory.CheckFields},
		{"a field's name", func(in *factory.Input) { in.Fields = map[string]string{"a b": ""} }, factory.CheckFields},
		{"a long field", func(in *factory.Input) { in.Fields = map[string]string{"a": strings.Repeat("x", 1025)} }, factory.CheckFields},
		{"an unknown group", func(in *factory.Input) { in.Grant[0].Group = "Nobody" }, factory.CheckAccess},
		{"an unknown permission set", func(in *factory.Input) { in.Grant[0].PermissionSet = "All" }, factory.CheckAccess},
		{"a new name for a launch", func(in *factory.Input) { in.NewName = "x" }, factory.CheckParameters},
		{"a cooling-off for a launch", func(in *factory.Input) { in.CoolOff = "1h" }, factory.CheckParameters},
	} {
		t.Run(tc.name, func(t *testing.T) {
			in := furnished()
			tc.change(&in)
			_, err := b.svc.Submit(t.Context(), ada, b.cloud, in)
			var no *factory.RefusedError
			if !errors.As(err, &no) {
				t.Fatalf("Submit gave %v", err)
			}
			for _, c := range no.Checks {
				if c.Result == factory.CheckFailed && (c.Name != tc.check || c.Remedy == "") {
					t.Errorf("failed: %+v, want %s with a remedy", c, tc.check)
				}
			}
		})
	}
	b.cloud.untrusted = true
	if _, err := b.svc.Submit(t.Context(), ada, b.cloud, furnished()); err == nil || !strings.Contains(err.Error(), "enable-aws-service-access") {
		t.Errorf("contacts without trusted access: %v", err)
	}
}

// TestExtras_AccountSaidLate: AWS may say that it is done before it says which account it made. Nothing is given to no account,
// and a launch that was not told for long goes on where it was when it is retried.
func TestExtras_AccountSaidLate(t *testing.T) {
	t.Parallel()
	for _, looks := range []int{2, 100} {
		b := setup(t)
		b.cloud.unsaid = looks
		d := b.drive(b.submit(ada, furnished()).ID, nil)
		if looks == 100 {
			if d.State != factory.StateFailed || !strings.Contains(d.Explanation, "AWS does not say which account it made") {
				t.Fatalf("%s: %s\n%s", d.State, d.Explanation, story(d))
			}
			b.cloud.unsaid = 0
			if _, err := b.svc.Retry(t.Context(), ada, d.ID); err != nil {
				t.Fatal(err)
			}
			d = b.drive(d.ID, nil)
		}
		b.checkFurnished(t, d)
	}
}

// TestExtras_CancelledInAccess: a launch that is cancelled while its access is made says in its last line that the account exists.
func TestExtras_CancelledInAccess(t *testing.T) {
	t.Parallel()
	b := setup(t)
	d := b.drive(b.submit(ada, furnished()).ID, func(d factory.Detail) bool {
		return d.Step == factory.StepAccess && d.Progress.Intent != nil
	})
	if _, err := b.svc.Cancel(t.Context(), ada, d.ID); err != nil {
		t.Fatal(err)
	}
	d = b.drive(d.ID, nil)
	if last := d.Timeline[len(d.Timeline)-1].Text; d.State != factory.StateCancelled || !strings.Contains(last, "Account "+first+" exists") {
		t.Errorf("%s: %s", d.State, last)
	}
}
