package replica

import (
	"context"
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/organizations"
	"github.com/google/go-cmp/cmp"

	"accountfactory/test/harness"
)

const passphrase = "correct horse battery staple"

// within bounds what is waited for.
const within = time.Minute

// must runs a command that has to work.
func (s *standIn) must(t *testing.T, args ...string) string {
	t.Helper()
	out, code := s.run(t, args...)
	if code != 0 {
		t.Fatalf("%v: exit code %d: %s", args, code, out)
	}
	return out
}

// await waits until the output of a command is as wanted.
func (s *standIn) await(t *testing.T, good func(out string) bool, args ...string) string {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), within)
	defer cancel()
	var out string
	if err := harness.Poll(ctx, 50*time.Millisecond, func() (bool, error) {
		out, _ = s.run(t, args...)
		return good(out), nil
	}); err != nil {
		t.Fatalf("%v: %v: %s", args, err, out)
	}
	return out
}

// requested is what became of a request.
type requested struct{ ID, State, AccountID string }

// ended waits until all requests have ended, and gives them.
func (s *standIn) ended(t *testing.T, server *harness.Process, n int) (out []requested) {
	t.Helper()
	s.await(t, func(text string) bool {
		out = nil
		if err := json.Unmarshal([]byte(text), &out); err != nil || len(out) != n {
			return false
		}
		for _, r := range out {
			if r.State == "waiting" || r.State == "running" {
				return false
			}
		}
		return true
	}, "requests", "--server", server.Console, "-o", "json")
	return out
}

// accounts gives the organization's accounts by their e-mails.
func (s *standIn) accounts(t *testing.T) map[string]string {
	t.Helper()
	c, err := s.Management(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	out := map[string]string{}
	pages := organizations.NewListAccountsPaginator(c.Organizations, &organizations.ListAccountsInput{})
	for pages.HasMorePages() {
		page, err := pages.NextPage(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		for _, a := range page.Accounts {
			if before, twice := out[aws.ToString(a.Email)]; twice {
				t.Errorf("%s and %s have the e-mail %s", before, aws.ToString(a.Id), aws.ToString(a.Email))
			}
			out[aws.ToString(a.Email)] = aws.ToString(a.Id)
		}
	}
	return out
}

// TestBackup_MidVend: a backup is taken while one account is half made and another waits; both are then made. The backup restored,
// the factory finds what it did meanwhile: the same accounts, none made twice.
func TestBackup_MidVend(t *testing.T) {
	t.Parallel()
	for name, args := range map[string][]string{
		"service-catalog": {"--service", "controltower", "--step", "baseline"},
		"organizations":   {"--service", "organizations", "--operation", "CreateAccount"},
	} {
		for database, empty := range map[string]func(*testing.T) []string{
			"SQLite":     func(*testing.T) []string { return nil },
			"PostgreSQL": func(t *testing.T) []string { _, url := server.Database(t); return []string{"--database", url} },
		} {
			t.Run(name+" "+database, func(t *testing.T) {
				t.Parallel()
				settings := []string{"--account-operations", "1", "--daily-cap", "off", "--provisioner", name}
				if name == "organizations" {
					settings = append(settings, "--provisioner-force")
				}
				midVend(t, name, args, settings, empty)
			})
		}
	}
}

// midVend takes the backup while an operation is stuck.
func midVend(t *testing.T, provisioner string, stuck, settings []string, empty func(*testing.T) []string) {
	t.Helper()
	s := standingIn(t)
	s.must(t, "setup-role", "--organization", s.organization, "--endpoint-url", s.url, "--provisioner", provisioner, "--yes")
	old, fresh := empty(t), empty(t)
	p, _, err := s.serve(t, filepath.Join(t.TempDir(), "old"), append(old, settings...)...)
	if err != nil {
		t.Fatal(err)
	}
	s.must(t, "queue", "resume", "--server", p.Console)
	s.must(t, append([]string{"lab", "fault", "arm", "--data", s.Data, "--kind", "stuck", "--count", "1"}, stuck...)...)
	for _, name := range []string{"first", "second"} {
		s.must(t, launchArgs(s, p, name)...)
	}
	var operations struct {
		Operations []struct {
			ID    string
			Stuck bool
		}
	}
	s.await(t, func(out string) bool {
		return strings.Contains(out, `"stuck": true`) && json.Unmarshal([]byte(out), &operations) == nil
	}, "lab", "operations", "--data", s.Data)

	dir := t.TempDir()
	file, words := filepath.Join(dir, "backup"), filepath.Join(dir, "passphrase")
	if err := os.WriteFile(words, []byte(passphrase), 0o600); err != nil {
		t.Fatal(err)
	}
	s.must(t, "backup", "--data", p.Data, "--to", file, "--passphrase-file", words)
	for _, o := range operations.Operations {
		if o.Stuck { // another may have ended meanwhile
			s.must(t, "lab", "release", o.ID, "--data", s.Data)
		}
	}
	before := s.ended(t, p, 2)
	if err := p.Stop(); err != nil {
		t.Fatal(err)
	}
	made := s.accounts(t)

	restored := filepath.Join(dir, "restored")
	restore := append([]string{"restore", "--from", file, "--passphrase-file", words, "--data", restored}, fresh...)
	if out, code := s.run(t, append(restore, "--organization", "o-somethingelse")...); code == 0 || !strings.Contains(out, s.organization) || !strings.Contains(out, "nothing was restored") {
		t.Fatalf("into another organization: exit code %d: %s", code, out)
	}
	if out, code := s.run(t, restore...); code != 2 || !strings.Contains(out, "--organization") {
		t.Fatalf("into no organization: exit code %d: %s", code, out)
	}
	if out := s.must(t, append(restore, "--organization", s.organization)...); !strings.Contains(out, "queue resume") {
		t.Errorf("restore says %s", out)
	}
	if out, code := s.run(t, append(restore, "--organization", s.organization)...); code == 0 || !strings.Contains(out, "not empty") {
		t.Errorf("restored again: exit code %d: %s", code, out)
	}
	s.asked()
	p, _, err = s.serve(t, restored, append(fresh, settings...)...)
	if err != nil {
		t.Fatal(err)
	}
	if out := s.must(t, "queue", "show", "--server", p.Console); !strings.Contains(out, "paused") {
		t.Errorf("the queue: %s", out)
	}
	if w := writes(s.asked()); len(w) > 0 {
		t.Errorf("before anybody resumed it, it wrote: %v", w)
	}
	s.must(t, "queue", "resume", "--server", p.Console)
	after := s.ended(t, p, 2)
	for _, r := range after {
		if r.State != "succeeded" || r.AccountID == "" {
			t.Errorf("%+v: %s", r, s.must(t, "request", "show", r.ID, "--server", p.Console))
		}
	}
	if diff := cmp.Diff(before, after) + cmp.Diff(made, s.accounts(t)); diff != "" {
		t.Error(diff)
	}
	s.must(t, "audit", "verify", "--server", p.Console)
}
