package factory_test

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"accountfactory/internal/factory"
)

// TestAllowedOUs: requesters choose among the organizational units that are open to them, by any of their names; operators
// choose any, and what names no unit is not asked for one.
func TestAllowedOUs(t *testing.T) {
	t.Parallel()
	to := func(ou string) factory.Input {
		in := input(2)
		in.OU = ou
		return in
	}
	move := func(ou string) factory.Input {
		return about(factory.KindUpdate, first, func(in *factory.Input) { in.OU = ou })
	}
	for _, tc := range []struct {
		name    string
		allowed []string
		who     factory.Caller
		in      factory.Input
		says    string // empty: allowed
	}{
		{"by name", []string{"Sandbox"}, ada, to(sandbox), ""},
		{"by path", []string{"Sandbox", "Workloads/Dev"}, ada, to(dev), ""},
		{"by id", []string{sandbox}, ada, to("Sandbox"), ""},
		{"none named", nil, ada, to("Security"), ""},
		{"another", []string{"Workloads/Dev", sandbox}, ada, to("Security"), "Security (" + security + ") is not allowed here (allowed: Sandbox, Workloads/Dev)"},
		{"one below", []string{"Workloads"}, ada, to("Workloads/Dev"), "is not allowed here (allowed: Workloads)"},
		{"none that is there", []string{"Nowhere"}, ada, to("Sandbox"), "allowed: none of those that are there"},
		{"an operator's", []string{"Sandbox"}, boss, to("Security"), ""},
		{"a move", []string{"Sandbox"}, ada, move("Security"), "is not allowed here"},
		{"an operator's move", []string{"Sandbox"}, boss, move("Security"), ""},
		{"an update that does not move", []string{"Workloads/Dev"}, ada, about(factory.KindUpdate, first, func(in *factory.Input) { in.NewName = "renamed" }), ""},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			b := setup(t)
			vended(b)
			b.set = func(c *factory.Config) { c.AllowedOUs = tc.allowed }
			b.reopen()
			plan, err := b.svc.Check(t.Context(), tc.who, b.cloud, tc.in)
			if err != nil {
				t.Fatal(err)
			}
			said := ""
			for _, c := range plan.Checks {
				if c.Result == factory.CheckFailed && c.Name == factory.CheckOU {
					said += c.Seen + " (" + c.Remedy + ")"
				}
			}
			if said != "" && tc.says == "" || !strings.Contains(said, tc.says) {
				t.Errorf("says %q, want %q", said, tc.says)
			}
		})
	}
}

// TestAllowedOUs_Offered: who is bound by them is offered no others.
func TestAllowedOUs_Offered(t *testing.T) {
	t.Parallel()
	b := setup(t)
	b.set = func(c *factory.Config) { c.AllowedOUs = []string{"Workloads/Dev", sandbox} }
	b.reopen()
	for who, want := range map[*factory.Caller][]string{&ada: {"Sandbox", "Workloads/Dev"}, &boss: {"Labs", "Labs/Dev", "Sandbox", "Security", "Workloads", "Workloads/Dev"}} {
		offer, err := b.svc.Offer(t.Context(), *who)
		if err != nil {
			t.Fatal(err)
		}
		var got []string
		for _, u := range offer.Units {
			got = append(got, u.Path)
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("%s is offered:\n%s", who.ARN, diff)
		}
	}
}
