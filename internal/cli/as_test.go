package cli_test

import (
	"bytes"
	"encoding/json"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// TestAs: who has signed in with login asks for an account as one of their roles, with no profile and no keys of their own.
func TestAs(t *testing.T) {
	t.Parallel()
	m := running(t, "serve", "--speed", "instant")
	as := []string{"--as", m.Account + "/AWSServiceCatalogEndUserAccess"}
	if code, _, errOut := m.command(t, append([]string{"requests"}, as...)...); code != 1 || !strings.Contains(errOut, "run `accountfactory login`") {
		t.Errorf("before login: %d %s", code, errOut)
	}
	if code, _, errOut := m.command(t, "roles"); code != 1 || !strings.Contains(errOut, "run `accountfactory login`") {
		t.Errorf("roles before login: %d %s", code, errOut)
	}
	if code, _, errOut := m.login(t, m.browser(t), "allow"); code != 0 {
		t.Fatalf("login: %d %s", code, errOut)
	}
	if code, out, errOut := m.command(t, "roles"); code != 0 || !strings.Contains(out, as[1]+"  ") {
		t.Errorf("roles: %d %s %s", code, out, errOut)
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
	if code, _, errOut := m.command(t, "requests", "--as", m.Account+"/AWSAdministratorAccess"); code != 3 || !strings.Contains(errOut, "No access") || !strings.Contains(errOut, "`accountfactory roles --data "+m.data+"` lists yours") {
		t.Errorf("a role one has not: %d %s", code, errOut)
	}
	if code, _, errOut := m.command(t, "requests", "--as", "AWSAdministratorAccess"); code != 2 || !strings.Contains(errOut, "`accountfactory roles` lists yours") {
		t.Errorf("no account: %d %s", code, errOut)
	}
}

// TestRoles: each of one's roles is listed with what --as takes, also beside a twin alone and by a server's address, until one signs out.
func TestRoles(t *testing.T) {
	t.Parallel()
	for _, command := range []string{"serve", "twin"} {
		t.Run(command, func(t *testing.T) {
			t.Parallel()
			m := running(t, command, "--speed", "instant")
			if code, _, errOut := m.login(t, m.browser(t), "allow"); code != 0 {
				t.Fatalf("login: %d %s", code, errOut)
			}
			want := []map[string]string{{
				"as": m.Account + "/AWSServiceCatalogEndUserAccess", "accountId": m.Account, "accountName": "Management", "accountEmail": "management@example.com",
				"role": "AWSServiceCatalogEndUserAccess",
			}}
			asked := [][]string{{"--data", m.data}}
			if command == "serve" {
				asked = append(asked, []string{"--server", m.Console})
			}
			for _, where := range asked {
				var out, errOut bytes.Buffer
				code := m.run(t.Context(), &out, &errOut, append([]string{"roles", "-o", "json"}, where...)...)
				var got []map[string]string
				if err := json.Unmarshal(out.Bytes(), &got); err != nil || code != 0 {
					t.Fatalf("roles %v: %d %v %s", where, code, err, errOut.String())
				}
				if diff := cmp.Diff(want, got); diff != "" {
					t.Errorf("roles %v: (-want +got)\n%s", where, diff)
				}
			}
			if code, _, errOut := m.command(t, "logout"); code != 0 {
				t.Fatalf("logout: %d %s", code, errOut)
			}
			if code, _, errOut := m.command(t, "roles"); code != 1 || !strings.Contains(errOut, "you are not signed in") {
				t.Errorf("after logout: %d %s", code, errOut)
			}
		})
	}
}
