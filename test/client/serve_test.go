package client

import (
	"encoding/json"
	"net"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/organizations"
	"github.com/aws/aws-sdk-go-v2/service/sts"

	"accountfactory/test/harness"
)

func TestServe_ReadyFile(t *testing.T) {
	t.Parallel()
	p := harness.Run(t, "serve")
	body, err := os.ReadFile(filepath.Join(p.Data, "ready.json"))
	if err != nil {
		t.Fatal(err)
	}
	var ready map[string]any
	if err := json.Unmarshal(body, &ready); err != nil {
		t.Fatal(err)
	}
	if len(ready) != 6 || ready["public"] != ready["console"] || ready["region"] != "us-east-1" || ready["account"] != "123456789012" || ready["pid"] != float64(p.PID) {
		t.Errorf("the ready file says %s", body)
	}
	for _, name := range []string{"aws", "console"} {
		u, err := url.Parse(ready[name].(string))
		if err != nil || u.Hostname() != "localhost" || u.Port() == "0" || u.Port() == "" {
			t.Errorf("%s is %v: %v", name, ready[name], err)
			continue
		}
		conn, err := net.Dial("tcp", u.Host)
		if err != nil {
			t.Errorf("%s does not accept: %v", name, err)
			continue
		}
		_ = conn.Close() // it was opened, which is all
	}
	secrets, err := os.ReadFile(credentialsOf(p))
	if err != nil {
		t.Fatal(err)
	}
	if !strings.HasPrefix(string(secrets), "[management]\n") {
		t.Error("the credentials file has no profile management")
	}
	for _, line := range strings.Split(string(secrets), "\n") {
		if _, value, found := strings.Cut(line, " = "); found && strings.Contains(string(body), value) {
			t.Errorf("the ready file holds the value of %q", line[:10])
		}
	}
	if info, err := os.Stat(credentialsOf(p)); err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("the credentials file has mode %v, want 0600: %v", info.Mode(), err)
	}
}

// A ready file of a process that was killed must not pass for that of the next one.
func TestServe_ReadyFileOfTheDead(t *testing.T) {
	t.Parallel()
	busy, err := net.Listen("tcp", "localhost:0")
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = busy.Close() }() // nobody connects
	dir := t.TempDir()
	file := filepath.Join(dir, "ready")
	if err := os.WriteFile(file, []byte("{}"), 0o600); err != nil {
		t.Fatal(err)
	}
	r := run(t, "twin", "--data", filepath.Join(dir, "data"), "--aws", busy.Addr().String(), "--console", "localhost:0", "--ready-file", file)
	if r.code != 1 || !strings.Contains(r.err, "--aws") {
		t.Errorf("exit code %d, want 1 and the flag's name: %s", r.code, r.err)
	}
	if _, err := os.Stat(file); !os.IsNotExist(err) {
		t.Errorf("the stale ready file is still there: %v", err)
	}
}

func TestServe_Term(t *testing.T) {
	t.Parallel()
	// A vend and somebody who watches it are under way: neither holds the stop up.
	p := harness.Run(t, "serve", "--speed", "1")
	id := must[map[string]any](t, launchArgs(p, "slow", "-o", "json")...)["id"]
	if id == nil || id == "" {
		t.Fatal("no request")
	}
	begin := time.Now()
	if err := p.Stop(); err != nil {
		t.Errorf("ended with %v, want exit code 0", err)
	}
	if took := time.Since(begin); took > 5*time.Second {
		t.Errorf("took %v, want 5 s at most", took)
	}
	if _, err := os.Stat(filepath.Join(p.Data, "ready.json")); !os.IsNotExist(err) {
		t.Errorf("the ready file outlives the server: %v", err)
	}
}

func TestServe_SecondProcess(t *testing.T) {
	t.Parallel()
	p := harness.Run(t, "twin")
	file := filepath.Join(t.TempDir(), "ready")
	r := run(t, "serve", "--data", p.Data, "--aws", "localhost:0", "--console", "localhost:0", "--ready-file", file)
	if r.code != 1 || !strings.Contains(r.err, "in use by another process") {
		t.Errorf("exit code %d: %s", r.code, r.err)
	}
}

func TestServe_RestartAfterKill(t *testing.T) {
	t.Parallel()
	for _, given := range [][]string{nil, {"--access-key-id", "AKIAIOSFODNN7EXAMPLE", "--secret-access-key", "made/up+secret"}} {
		p := harness.Run(t, "twin", given...)
		before := organizationOf(t, p)
		p.Kill()
		again := harness.RunOn(t, p.Data, "twin", given...)
		if after := organizationOf(t, again); after != before {
			t.Errorf("organization %s, was %s", after, before)
		}
	}
}

func organizationOf(t *testing.T, p *harness.Process) string {
	t.Helper()
	c, err := p.Management(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	who, err := c.STS.GetCallerIdentity(t.Context(), &sts.GetCallerIdentityInput{})
	if err != nil {
		t.Fatal(err)
	}
	org, err := c.Organizations.DescribeOrganization(t.Context(), &organizations.DescribeOrganizationInput{})
	if err != nil {
		t.Fatal(err)
	}
	return *org.Organization.Id + " " + *who.UserId
}
