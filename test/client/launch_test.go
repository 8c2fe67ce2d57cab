package client

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"accountfactory/test/harness"
)

// request is what scripts may rely on of a request.
type request struct {
	ID, Kind, State, AccountEmail, AccountID string
}

func TestLaunch_JSON(t *testing.T) {
	t.Parallel()
	p := harness.Run(t, "serve", "--speed", "instant")
	first := must[request](t, launchArgs(p, "one", "-o", "json")...)
	second := must[request](t, launchArgs(p, "two", "-o", "json", "--wait")...)
	if first.ID == "" || first.Kind != "launch" || first.AccountEmail != "one@example.com" {
		t.Errorf("launch prints %+v", first)
	}
	if second.State != "succeeded" || len(second.AccountID) != 12 {
		t.Errorf("launch --wait prints %+v", second)
	}
	// The first was durable before its launch ended, so it is there after a kill, and goes on.
	p.Kill()
	p = harness.RunOn(t, p.Data, "serve", "--speed", "instant")
	all := map[string]request{}
	for _, r := range must[[]request](t, "requests", "-o", "json", "--data", p.Data) {
		all[r.ID] = r
	}
	got := all[first.ID]
	if got.State != "succeeded" || len(got.AccountID) != 12 { // the queue is in order: it ended before the second
		t.Errorf("requests prints %+v for the first", got)
	}
	if diff := cmp.Diff(second, all[second.ID]); diff != "" {
		t.Errorf("requests prints another second request (-launch +requests):\n%s", diff)
	}
}

func TestExitCodes(t *testing.T) {
	t.Parallel()
	p := harness.Run(t, "serve", "--speed", "instant")
	succeeded := must[request](t, launchArgs(p, "taken", "-o", "json", "--wait")...)
	must[any](t, "lab", "fault", "arm", "--data", p.Data, "--kind", "fail", "--service", "organizations", "--operation", "CreateAccount",
		"--email", "unlucky@example.com", "--reason", "ACCOUNT_LIMIT_EXCEEDED")
	bad := filepath.Join(t.TempDir(), "accounts.yaml")
	if err := os.WriteFile(bad, []byte("- name: x\n  mail: x@example.com\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	elsewhere := launchArgs(p, "x")
	elsewhere[2] = t.TempDir()
	for _, c := range []struct {
		name string
		args []string
		code int
		says string // on standard error
	}{
		{"dry run", launchArgs(p, "fresh", "--dry-run"), 0, ""},
		{"failed", launchArgs(p, "unlucky", "--wait"), 1, "failed"},
		{"no such request", []string{"request", "show", "req-none", "--data", p.Data}, 1, "no such request"},
		{"unknown flag", []string{"launch", "--nonsense"}, 2, "--nonsense"},
		{"unknown command", []string{"lunch"}, 2, "did you mean launch?"},
		{"unknown command of a command", []string{"lab", "rest", "--data", p.Data}, 2, "did you mean"},
		{"no command", nil, 0, ""},
		{"help", []string{"help", "launch"}, 0, ""},
		{"unknown field in a file", []string{"launch", "-f", bad, "--data", p.Data}, 2, "mail"},
		{"wrong setting", []string{"serve", "--speed", "soon"}, 2, "--speed"},
		{"e-mail of a succeeded request", launchArgs(p, "taken"), 3, succeeded.ID},
		{"no such OU", append(launchArgs(p, "x"), "--ou", "Nowhere"), 3, "refused"},
		{"no server on the folder", elsewhere, 4, "no server runs"},
		{"nobody at the address", []string{"requests", "--server", "http://localhost:1"}, 4, "cannot reach"},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			r := run(t, c.args...)
			if r.code != c.code || !strings.Contains(r.err, c.says) {
				t.Errorf("exit code %d, want %d and %q on standard error:\n%s", r.code, c.code, c.says, r.err)
			}
		})
	}
}

// With --server the AWS credentials of the environment count, with --profile those of that profile.
func TestLaunch_Credentials(t *testing.T) {
	t.Parallel()
	p := harness.Run(t, "serve")
	file := "AWS_SHARED_CREDENTIALS_FILE=" + credentialsOf(p)
	for _, c := range []struct {
		name string
		env  []string
		args []string
		code int
	}{
		{"server, keys of the environment", []string{file, "AWS_PROFILE=management"}, []string{"--server", p.Console}, 0},
		{"server and profile", []string{file}, []string{"--server", p.Console, "--profile", "management"}, 0},
		{"made-up keys", []string{"AWS_ACCESS_KEY_ID=AKIAIOSFODNN7EXAMPLE", "AWS_SECRET_ACCESS_KEY=x"}, []string{"--server", p.Console}, 1},
	} {
		if r := runEnv(t, c.env, append([]string{"requests", "-o", "json"}, c.args...)...); r.code != c.code {
			t.Errorf("%s: exit code %d, want %d: %s", c.name, r.code, c.code, r.err)
		}
	}
}
