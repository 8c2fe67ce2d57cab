package cli_test

import (
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"accountfactory/test/harness"
)

// The AWS CLI that Debian has, 2.9.19, reads no endpoint for its sign-in from environment or options. It reads service
// models from ~/.aws/models first, endpoint rules included; docs/clients.md shows the same by hand.
const (
	debianCLI    = "/usr/bin/aws"
	debianModels = "/usr/lib/python3/dist-packages/awscli/botocore/data"
	oneEndpoint  = `{"version":"1.0","parameters":{"Region":{"builtIn":"AWS::Region","required":false,"documentation":"","type":"String"},` +
		`"UseDualStack":{"builtIn":"AWS::UseDualStack","required":true,"default":false,"documentation":"","type":"Boolean"},` +
		`"UseFIPS":{"builtIn":"AWS::UseFIPS","required":true,"default":false,"documentation":"","type":"Boolean"},` +
		`"Endpoint":{"builtIn":"SDK::Endpoint","required":false,"documentation":"","type":"String"}},` +
		`"rules":[{"conditions":[],"endpoint":{"url":"%s","properties":{},"headers":{}},"type":"endpoint"}]}`
)

// models points Debian's CLI at the twin.
func (m *machine) models(t *testing.T) {
	t.Helper()
	for _, service := range []string{"sso", "sso-oidc"} {
		dir := filepath.Join(m.home, ".aws", "models", service, "2019-06-10")
		if err := os.MkdirAll(dir, 0o700); err != nil {
			t.Fatal(err)
		}
		model, err := os.ReadFile(filepath.Join(debianModels, service, "2019-06-10", "service-2.json"))
		if err != nil {
			t.Fatal(err)
		}
		for name, body := range map[string]string{"service-2.json": string(model), "endpoint-rule-set-1.json": fmt.Sprintf(oneEndpoint, m.AWS)} {
			if err := os.WriteFile(filepath.Join(dir, name), []byte(body), 0o600); err != nil {
				t.Fatal(err)
			}
		}
	}
}

func TestDebianCLI(t *testing.T) {
	t.Parallel()
	out, err := exec.CommandContext(t.Context(), debianCLI, "--version").CombinedOutput()
	if err != nil {
		harness.Missing(t, true, "Debian's AWS CLI")
	}
	if !strings.HasPrefix(string(out), "aws-cli/2.9.") {
		harness.Missing(t, false, "AWS CLI 2.9, whose models folder this is about,") // a later Debian has a later one
	}
	m := setup(t)
	b := m.browser(t)
	m.models(t)
	m.profiles(t)
	for _, profile := range []string{"legacy", "session"} {
		m.debianLogin(t, b, profile)
		out, err := m.other(t, profile, []string{debianCLI, "--endpoint-url", m.AWS, "sts", "get-caller-identity", "--query", "Arn", "--output", "text"})
		if err != nil || !strings.Contains(out, ":assumed-role/AWSReservedSSO_AWSServiceCatalogEndUserAccess_") {
			t.Errorf("%s: %v: %s", profile, err, out)
		}
		if out, err := m.other(t, profile, []string{debianCLI, "sso", "logout"}); err != nil {
			t.Errorf("%s: logout: %v: %s", profile, err, out)
		}
		if out, err := m.other(t, profile, []string{debianCLI, "--endpoint-url", m.AWS, "sts", "get-caller-identity"}); err == nil {
			t.Errorf("%s: after logout: %s", profile, out)
		}
	}
}

// debianLogin runs `aws sso login`, and says yes in the browser.
func (m *machine) debianLogin(t *testing.T, b *harness.Browser, profile string) {
	t.Helper()
	cmd := exec.CommandContext(t.Context(), debianCLI, "sso", "login", "--no-browser")
	cmd.Env = append(m.environ(profile), "PYTHONUNBUFFERED=1")
	var shown output
	cmd.Stdout, cmd.Stderr = &shown, &shown
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	soon, cancel := context.WithTimeout(t.Context(), 20*time.Second)
	defer cancel()
	page := regexp.MustCompile(`http://\S+user_code=[A-Z-]{9}`)
	if err := harness.Poll(soon, 20*time.Millisecond, func() (bool, error) { return page.MatchString(shown.String()), nil }); err != nil {
		t.Fatal(err, shown.String())
	}
	if _, err := b.Get(t.Context(), page.FindString(shown.String())); err != nil {
		t.Fatal(err)
	}
	if got := b.Page.Root.ID("client").Content(); !strings.HasPrefix(got, "botocore-client-") {
		t.Errorf("the page shows the client %q", got)
	}
	if _, err := b.Submit(t.Context(), "approve", map[string]string{"decision": "allow"}); err != nil {
		t.Fatal(err)
	}
	if err := cmd.Wait(); err != nil {
		t.Errorf("%s: login: %v: %s", profile, err, shown.String())
	}
}
