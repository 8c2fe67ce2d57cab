package client

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"accountfactory/test/harness"
)

const (
	seatPassword = "Correct-horse-1"
	seatRole     = "AWSServiceCatalogEndUserAccess"
)

// seat is where the requester works: a home folder with profiles, and a browser.
type seat struct {
	*harness.Process
	home    string
	browser *harness.Browser
}

// takeSeat starts a server and accepts the requester's invitation.
func takeSeat(t *testing.T) *seat {
	t.Helper()
	p := harness.Run(t, "twin")
	s := &seat{Process: p, home: t.TempDir(), browser: harness.NewBrowser(p.Console)}
	link, err := p.Mailed(t.Context(), "requester@example.com")
	if err != nil {
		t.Fatal(err)
	}
	s.open(t, link)
	s.submit(t, "choose", map[string]string{"password": seatPassword, "again": seatPassword})
	config := fmt.Sprintf("[sso-session accountfactory]\nsso_start_url = %[1]s/start\nsso_region = %[2]s\nsso_registration_scopes = sso:account:access\n\n"+
		"[profile session]\nsso_session = accountfactory\nsso_account_id = %[3]s\nsso_role_name = %[4]s\nregion = %[2]s\n\n"+
		"[profile legacy]\nsso_start_url = %[1]s/start\nsso_region = %[2]s\nsso_account_id = %[3]s\nsso_role_name = %[4]s\nregion = %[2]s\n", p.Console, p.Region, p.Account, seatRole)
	s.write(t, filepath.Join(".aws", "config"), config)
	return s
}

func (s *seat) write(t *testing.T, name, text string) {
	t.Helper()
	path := filepath.Join(s.home, name)
	if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
}

func (s *seat) open(t *testing.T, address string) *harness.Page {
	t.Helper()
	page, err := s.browser.Get(t.Context(), address)
	if err != nil {
		t.Fatal(err)
	}
	return page
}

func (s *seat) submit(t *testing.T, form string, typed map[string]string) *harness.Page {
	t.Helper()
	page, err := s.browser.Submit(t.Context(), form, typed)
	if err != nil {
		t.Fatal(err)
	}
	return page
}

// signIn signs the requester's browser in.
func (s *seat) signIn(t *testing.T) {
	t.Helper()
	s.open(t, "/signin/in")
	if page := s.submit(t, "sign-in", map[string]string{"username": "requester", "password": seatPassword}); page.Title() != "You are signed in" {
		t.Fatalf("sign in: %q, %s", page.Title(), page.Alert())
	}
}

// command prepares a client's command in the seat's home, pointed here as docs/clients.md says.
func (s *seat) command(t *testing.T, dir, profile string, command []string) *exec.Cmd {
	t.Helper()
	cmd := exec.CommandContext(t.Context(), command[0], command[1:]...)
	cmd.Dir = dir
	cmd.Env = harness.Env(s.home, "AWS_REGION="+s.Region, "AWS_ENDPOINT_URL="+s.AWS,
		"PYTHONUNBUFFERED=1", "PYTHONDONTWRITEBYTECODE=1", helperVariable+"=1", "ACCOUNTFACTORY_BINARY="+harness.Binary(t)) // or the helper would build its own
	if command[0] == os.Args[0] { // the SDK for Go does not look at the first for these
		cmd.Env = append(cmd.Env, "AWS_ENDPOINT_URL_SSO="+s.AWS, "AWS_ENDPOINT_URL_SSO_OIDC="+s.AWS)
	}
	if profile != "" {
		cmd.Env = append(cmd.Env, "AWS_PROFILE="+profile)
	}
	return cmd
}

var approvalPage = regexp.MustCompile(`http://\S+user_code=[A-Z-]{9}`)

// approve runs a command that signs in by device code, and lets it in by the page it shows.
func (s *seat) approve(t *testing.T, cmd *exec.Cmd) {
	t.Helper()
	shown := &harness.Log{}
	cmd.Stdout, cmd.Stderr = shown, shown
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	ended := make(chan error, 1)
	go func() { ended <- cmd.Wait() }()
	soon, cancel := context.WithTimeout(t.Context(), 30*time.Second)
	defer cancel()
	if err := harness.Poll(soon, 20*time.Millisecond, func() (bool, error) {
		if approvalPage.MatchString(shown.String()) {
			return true, nil
		}
		select {
		case err := <-ended:
			return false, fmt.Errorf("it ended without a page: %w", err)
		default:
			return false, nil
		}
	}); err != nil {
		t.Fatal(err, shown)
	}
	s.open(t, approvalPage.FindString(shown.String()))
	s.submit(t, "approve", map[string]string{"decision": "allow"})
	if err := <-ended; err != nil {
		t.Fatalf("sign in: %v\n%s", err, shown)
	}
}

// say runs a command to its end.
func say(t *testing.T, cmd *exec.Cmd) result {
	t.Helper()
	var out, said bytes.Buffer
	cmd.Stdout, cmd.Stderr = &out, &said
	var exit *exec.ExitError
	if err := cmd.Run(); err != nil && !errors.As(err, &exit) {
		t.Fatal(err)
	}
	return result{cmd.ProcessState.ExitCode(), out.String(), said.String()}
}

// admin makes a call of directory administration about the requester.
func (s *seat) admin(t *testing.T, action string) {
	t.Helper()
	c, err := s.Management(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	if err := s.Lab(c.Config.Credentials).Do(t.Context(), http.MethodPost, "/_twin/admin/users/requester/"+action, struct{}{}, nil); err != nil {
		t.Fatal(err)
	}
}

// endClients ends every session of the requester but the browser's, on the page.
func (s *seat) endClients(t *testing.T) {
	t.Helper()
	page := s.open(t, "/signin/")
	for _, row := range page.Root.ID("sessions").FindAll(harness.Element("tr", ""))[1:] {
		if strings.HasSuffix(row.Find(harness.Element("td", "")).Content(), "(this one)") {
			continue
		}
		if _, err := s.browser.SubmitForm(t.Context(), row.Find(harness.Element("form", "")), nil); err != nil {
			t.Fatal(err)
		}
	}
}
