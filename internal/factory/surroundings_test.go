package factory_test

import (
	"strings"
	"testing"

	orgtypes "github.com/aws/aws-sdk-go-v2/service/organizations/types"

	"accountfactory/internal/factory"
)

// TestSurroundings walks what a check shows of the world around a request: each named, with what was seen, and whether it
// refuses.
func TestSurroundings(t *testing.T) {
	t.Parallel()
	move := about(factory.KindUpdate, first, func(in *factory.Input) { in.OU = "Security" })
	for _, tc := range []struct {
		name   string
		cloud  func(*bundle)
		in     factory.Input
		check  string
		result factory.CheckResult
		seen   string
	}{
		{"all is well", nil, input(2), factory.CheckDrift, factory.CheckOK, "landing zone 3.3 is in sync"},
		{"the landing zone drifted", func(b *bundle) { b.cloud.zoneDrift = true }, input(2), factory.CheckDrift, factory.CheckNote, "the landing zone has drifted: reset it"},
		{"its last operation failed", func(b *bundle) { b.cloud.zoneStatus = "FAILED" }, move, factory.CheckDrift, factory.CheckNote, "repair it"},
		{"the OU drifted", func(b *bundle) { b.cloud.drifted = map[string]bool{ouARN(sandbox): true} }, input(2), factory.CheckDrift, factory.CheckNote, "register it again"},
		{"another OU drifted", func(b *bundle) { b.cloud.drifted = map[string]bool{ouARN(dev): true} }, input(2), factory.CheckDrift, factory.CheckOK, ""},
		{"the account drifted", func(b *bundle) { b.cloud.drifted = map[string]bool{accountARN(first): true} }, move, factory.CheckDrift, factory.CheckNote, "account " + first + " has drifted"},
		{"nothing runs", nil, input(2), factory.CheckInFlight, factory.CheckOK, "ours use 0 of 1"},
		{"somebody's operation", func(b *bundle) { b.cloud.changing = []string{accountARN("222222222222")} }, move, factory.CheckInFlight, factory.CheckNote, "operation on account 222222222222"},
		{"the landing zone's operation", func(b *bundle) { b.cloud.zoneStatus = "PROCESSING" }, input(2), factory.CheckInFlight, factory.CheckNote, "the landing zone's own operation"},
		{"room in the quota", nil, input(2), factory.CheckAccountQuota, factory.CheckOK, "2 accounts, of which 0 are closed and count until they are gone, of a quota of 4"},
		{"closed ones count", func(b *bundle) {
			b.cloud.addAccount("A", "a@example.com", "r-ab12")
			b.cloud.setState(b.cloud.addAccount("B", "b@example.com", "r-ab12"), orgtypes.AccountStateClosed)
		}, input(2), factory.CheckAccountQuota, factory.CheckFailed, "4 accounts, of which 1 are closed"},
		{"those asked for count", func(b *bundle) { b.submit(ada, input(3)); b.submit(ada, input(4)) }, input(2), factory.CheckAccountQuota, factory.CheckFailed, "3 more are asked for"},
		{"a disabled SSO user", func(b *bundle) { b.cloud.disabled = map[string]bool{"user-1": true} }, withLead(input(2)), factory.CheckSSOUser, factory.CheckFailed, "is disabled"},
		{"a disabled new owner", func(b *bundle) {
			b.cloud.users["new@example.com"] = "user-9"
			b.cloud.disabled = map[string]bool{"user-9": true}
		}, about(factory.KindUpdate, first, func(in *factory.Input) { in.SSOUserEmail = "new@example.com" }), factory.CheckSSOUser, factory.CheckFailed, "is disabled"},
		{"a closed account's e-mail", func(b *bundle) { b.cloud.setState(first, orgtypes.AccountStateClosed) }, asTeam(1), factory.CheckTombstone, factory.CheckFailed, "never gives it to another"},
		{"the e-mail of one that is gone", func(b *bundle) {
			d := b.drive(b.submit(boss, about(factory.KindClose, first, nil)).ID, nil)
			if d.State != factory.StateSucceeded {
				b.t.Fatal(story(d))
			}
			b.cloud.accounts = b.cloud.accounts[:1]
		}, about(factory.KindUpdate, "old@example.com", func(in *factory.Input) { in.NewEmail = "team1@example.com" }), factory.CheckTombstone, factory.CheckFailed, "was the e-mail of account " + first},
		{"Region of a closure", nil, about(factory.KindClose, first, func(in *factory.Input) { in.Region = "us-east-1" }), factory.CheckRegion, factory.CheckFailed, "home Region is " + region},
		{"Region of a change of access", nil, about(factory.KindAccess, first, func(in *factory.Input) { in.Region = region }), factory.CheckRegion, factory.CheckOK, ""},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			b := setup(t)
			b.set = func(c *factory.Config) { c.AccountQuota = 4 }
			b.reopen()
			vended(b)
			if tc.cloud != nil {
				tc.cloud(b)
			}
			if strings.Contains(tc.in.Account, "old@") {
				b.cloud.addAccount("Old one", "old@example.com", "r-ab12")
			}
			b.clock.advance(1e10)
			p, err := b.svc.Check(t.Context(), boss, b.cloud, tc.in)
			if err != nil {
				t.Fatal(err)
			}
			found := false
			for _, c := range p.Checks {
				if c.Name != tc.check {
					continue
				}
				found = true
				if c.Result != tc.result || !strings.Contains(c.Seen, tc.seen) || c.Result == factory.CheckFailed && c.Remedy == "" {
					t.Errorf("%+v, want %s …%s…", c, tc.result, tc.seen)
				}
			}
			if !found {
				t.Errorf("no check %s: %+v", tc.check, p.Checks)
			}
		})
	}
}

// withLead asks for an account led by the first one's lead.
func withLead(in factory.Input) factory.Input {
	in.SSOUserEmail = "lead1@example.com"
	return in
}

// asTeam asks for another account with a team's e-mail.
func asTeam(n int) factory.Input {
	in := input(n)
	in.Name = "Another"
	return in
}

// TestAccountQuota_Own: a request that waits does not count itself when its turn has come.
func TestAccountQuota_Own(t *testing.T) {
	t.Parallel()
	b := setup(t)
	b.set = func(c *factory.Config) { c.AccountQuota = 2 }
	b.reopen()
	if d := b.drive(b.submit(ada, input(1)).ID, nil); d.State != factory.StateSucceeded {
		t.Errorf("%s\n%s", d.State, story(d))
	}
}
