package contract

import (
	"net/http"
	"strings"
	"testing"

	"accountfactory/internal/factory"
	"accountfactory/internal/server"
)

// TestTraps: what Account Factory would run into late is named before, with what was seen and what helps: a disabled SSO
// user, the e-mail of a closed account, a full organization; drift and others' operations are told and refuse nothing.
func TestTraps(t *testing.T) {
	t.Parallel()
	f := setup(t, func(c *server.Config) { c.AccountQuota = 5 })
	f.done(append(flags(good("gone")), "--wait")...)
	if got := f.done("check", "close", "gone@example.com"); !strings.Contains(got.out, "CloseAccount") || len(f.requests()) != 1 {
		t.Errorf("check of a closure, after which there are %d requests:\n%s", len(f.requests()), got.out)
	}
	f.refuses("there is nothing to repair", "check", "repair", "gone@example.com")
	f.done("close", "gone@example.com", "--wait")
	again := good("again")
	again.AccountEmail = "gone@example.com"
	f.refuses("email-tombstone", append(flags(again), "--dry-run")...)
	lab := f.Lab(f.Config.Credentials)
	f.must(lab.Do(f.ctx, http.MethodPost, "/_twin/admin/users/requester/disable", nil, nil))
	off := good("off")
	off.SSOUserEmail = "requester@example.com"
	f.refuses("is disabled", flags(off)...)
	f.must(lab.Do(f.ctx, http.MethodPost, "/_twin/conditions", map[string]any{"name": "landing-zone-drift"}, nil))
	got := f.done(append(flags(good("one")), "--dry-run")...)
	for _, want := range []string{"note    drift", "the landing zone has drifted", "operations-in-flight", "4 accounts, of which 1 are closed"} {
		if !strings.Contains(got.out, want) {
			t.Errorf("no %q in\n%s", want, got.out)
		}
	}
	f.done(append(flags(good("one")), "--wait")...)
	f.refuses(factory.CheckAccountQuota, flags(good("two"))...)
}

// TestAccountQuota_AsAWSSays: without a setting Service Quotas says how many accounts there may be, and a launch beyond is
// refused before it fails.
func TestAccountQuota_AsAWSSays(t *testing.T) {
	t.Parallel()
	f := setup(t)
	lab := f.Lab(f.Config.Credentials)
	f.must(lab.Do(f.ctx, http.MethodPost, "/_twin/conditions", map[string]any{"name": "account-limit", "value": "4"}, nil))
	if got := f.done(append(flags(good("one")), "--dry-run")...); !strings.Contains(got.out, "of a quota of 4, by Service Quotas") {
		t.Errorf("the quota is not said:\n%s", got.out)
	}
	f.done(append(flags(good("one")), "--wait")...)
	f.refuses("its quota is 4, by Service Quotas", flags(good("two"))...)
}
