package factory_test

import (
	"bytes"
	"log/slog"
	"strings"
	"testing"
	"time"

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

// TestAllowedOUs_Unknown: names that no unit has are logged when the organization is read first, and when they are others, not each
// time it is read.
func TestAllowedOUs_Unknown(t *testing.T) {
	t.Parallel()
	b := setup(t)
	var logged bytes.Buffer
	b.set = func(c *factory.Config) {
		c.AllowedOUs = []string{"Sandbox", "Workloads/Dve", "Labs/Dev"}
		c.Log = slog.New(slog.NewTextHandler(&logged, nil))
	}
	b.reopen()
	read := func() (lines []string) {
		t.Helper()
		b.clock.advance(time.Hour)
		if _, err := b.svc.Offer(t.Context(), ada); err != nil {
			t.Fatal(err)
		}
		for line := range strings.Lines(logged.String()) {
			if strings.Contains(line, "allowed-ous") {
				lines = append(lines, line)
			}
		}
		logged.Reset()
		return lines
	}
	if got := read(); len(got) != 1 || !strings.Contains(got[0], "level=WARN") || !strings.Contains(got[0], "names=[Workloads/Dve]") || !strings.Contains(got[0], `open="Labs/Dev, Sandbox"`) {
		t.Errorf("at first: %q", got)
	}
	if got := read(); len(got) != 0 {
		t.Errorf("once more: %q", got)
	}
	b.cloud.ous = b.cloud.ous[:len(b.cloud.ous)-1]
	if got := read(); len(got) != 1 || !strings.Contains(got[0], `names="[Workloads/Dve Labs/Dev]"`) {
		t.Errorf("after a unit was deleted: %q", got)
	}
}
