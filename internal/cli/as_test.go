package cli_test

import (
	"encoding/json"
	"strings"
	"testing"
)

// TestAs: who has signed in with login asks for an account as one of their roles, with no profile and no keys of their own.
func TestAs(t *testing.T) {
	t.Parallel()
	m := running(t, "serve", "--speed", "instant")
	as := []string{"--as", m.Account + "/AWSServiceCatalogEndUserAccess"}
	if code, _, errOut := m.command(t, append([]string{"requests"}, as...)...); code != 1 || !strings.Contains(errOut, "run `accountfactory login`") {
		t.Errorf("before login: %d %s", code, errOut)
	}
	if code, _, errOut := m.login(t, m.browser(t), "allow"); code != 0 {
		t.Fatalf("login: %d %s", code, errOut)
	}
	launch := []string{
		"launch", "--name", "dev-1", "--email", "dev-1@example.com", "--ou", "Sandbox",
		"--sso-email", "ann@example.com", "--sso-first", "Ann", "--sso-last", "Archer", "--wait", "-o", "json",
	}
	code, out, errOut := m.command(t, append(launch, as...)...)
	var got struct{ ID, State, Requester string }
	if err := json.Unmarshal([]byte(out), &got); err != nil || code != 0 || got.State != "succeeded" {
		t.Fatalf("launch: %d %v %s %s", code, err, out, errOut)
	}
	if !strings.Contains(got.Requester, ":assumed-role/AWSReservedSSO_AWSServiceCatalogEndUserAccess_") || !strings.HasSuffix(got.Requester, "/requester") {
		t.Errorf("requested by %s", got.Requester)
	}
	if code, _, errOut := m.command(t, append([]string{"request", "show", got.ID}, as...)...); code != 0 {
		t.Errorf("show: %d %s", code, errOut)
	}
	if code, _, errOut := m.command(t, append([]string{"queue", "pause"}, as...)...); code != 3 || !strings.Contains(errOut, "takes an operator") {
		t.Errorf("pause: %d %s", code, errOut)
	}
	if code, _, errOut := m.command(t, "requests", "--as", m.Account+"/AWSAdministratorAccess"); code != 3 || !strings.Contains(errOut, "No access") {
		t.Errorf("a role one has not: %d %s", code, errOut)
	}
}
