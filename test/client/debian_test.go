package client

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"accountfactory/test/harness"
)

// The AWS CLI that Debian 12 has, 2.9.19, reads no endpoint for its sign-in from environment or options. It reads service
// models from ~/.aws/models first, endpoint rules included; docs/clients.md shows the same by hand.
const (
	debianModels = "/usr/lib/python3/dist-packages/awscli/botocore/data"
	oneEndpoint  = `{"version":"1.0","parameters":{"Region":{"builtIn":"AWS::Region","required":false,"documentation":"","type":"String"},` +
		`"UseDualStack":{"builtIn":"AWS::UseDualStack","required":true,"default":false,"documentation":"","type":"Boolean"},` +
		`"UseFIPS":{"builtIn":"AWS::UseFIPS","required":true,"default":false,"documentation":"","type":"Boolean"},` +
		`"Endpoint":{"builtIn":"SDK::Endpoint","required":false,"documentation":"","type":"String"}},` +
		`"rules":[{"conditions":[],"endpoint":{"url":"%s","properties":{},"headers":{}},"type":"endpoint"}]}`
)

// setDebian points Debian's CLI here.
func setDebian(t *testing.T, s *seat) string {
	t.Helper()
	out, err := exec.CommandContext(t.Context(), needDebianCLI(t), "--version").CombinedOutput()
	if err != nil {
		t.Fatal(err)
	}
	if !strings.HasPrefix(string(out), "aws-cli/2.9.") {
		harness.Missing(t, false, "AWS CLI 2.9, whose models folder this is about,") // a later Debian has a later one
	}
	for _, service := range []string{"sso", "sso-oidc"} {
		model, err := os.ReadFile(filepath.Join(debianModels, service, "2019-06-10", "service-2.json"))
		if err != nil {
			t.Fatal(err)
		}
		dir := filepath.Join(".aws", "models", service, "2019-06-10")
		s.write(t, filepath.Join(dir, "service-2.json"), string(model))
		s.write(t, filepath.Join(dir, "endpoint-rule-set-1.json"), fmt.Sprintf(oneEndpoint, s.AWS))
	}
	return ""
}

func loginWithDebian(t *testing.T, s *seat) {
	t.Helper()
	s.approve(t, s.command(t, "", "session", []string{harness.DebianCLI, "sso", "login", "--no-browser"}))
}

// Debian's CLI signs in with both kinds of profile, and out.
func TestDebianCLI(t *testing.T) {
	t.Parallel()
	s := takeSeat(t)
	setDebian(t, s)
	caller := []string{harness.DebianCLI, "--endpoint-url", s.AWS, "sts", "get-caller-identity", "--query", "Arn", "--output", "text"}
	for _, profile := range []string{"legacy", "session"} {
		s.approve(t, s.command(t, "", profile, []string{harness.DebianCLI, "sso", "login", "--no-browser"}))
		if r := say(t, s.command(t, "", profile, caller)); r.code != 0 || !strings.Contains(r.out, ":assumed-role/AWSReservedSSO_"+seatRole+"_") {
			t.Errorf("%s: exit code %d, %s%s", profile, r.code, r.out, r.err)
		}
		if r := say(t, s.command(t, "", profile, []string{harness.DebianCLI, "sso", "logout"})); r.code != 0 {
			t.Errorf("%s: logout: exit code %d, %s", profile, r.code, r.err)
		}
		if r := say(t, s.command(t, "", profile, caller)); r.code == 0 {
			t.Errorf("%s: after logout: %s", profile, r.out)
		}
	}
}
