package cli

import (
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/spf13/cobra"
)

// TestExitCodes are those of docs/cli.md that need no server.
func TestExitCodes(t *testing.T) {
	t.Parallel()
	empty := t.TempDir()
	full := []string{"launch", "--name", "a", "--email", "a@example.com", "--ou", "Sandbox", "--sso-email", "o@example.com", "--sso-first", "O", "--sso-last", "P"}
	for _, tc := range []struct {
		name string
		args []string
		code int
		text string // part of what is said on standard error
	}{
		{"help", []string{}, 0, ""}, // cobra takes nil for the arguments of the test binary
		{"version", []string{"version"}, 0, ""},
		{"unknown command", []string{"lunch"}, 2, `unknown command "lunch" (did you mean launch?`},
		{"unknown subcommand", []string{"lab", "coat"}, 2, `unknown command "coat"`},
		{"unknown flag", []string{"requests", "--verbose"}, 2, "unknown flag: --verbose (see: accountfactory requests --help)"},
		{"wrong value", []string{"serve", "--account-operations", "many"}, 2, "account-operations"},
		{"argument too many", []string{"requests", "req-1"}, 2, `unexpected argument "req-1" (see: accountfactory requests --help)`},
		{"argument missing", []string{"request", "show"}, 2, "ID is missing (see: accountfactory request show --help)"},
		{"second argument missing", []string{"request", "hook", "req-1"}, 2, "RUN is missing"},
		{"account missing", []string{"check", "close"}, 2, "ACCOUNT is missing"},
		{"optional argument", []string{"queue", "limit"}, 2, "N|auto is missing"},
		{"more than the optional argument", []string{"queue", "limit", "auto", "5", "6"}, 2, `unexpected argument "6"`},
		{"argument where flags are meant", []string{"lab", "explain", "arn:x"}, 2, `unexpected argument "arn:x"`},
		{"output format", []string{"requests", "-o", "xml"}, 2, `"xml" is none of table, json and yaml`},
		{"setting out of range", []string{"serve", "--data", empty, "--account-operations", "51"}, 2, "--account-operations: 51 is out of range"},
		{"mail password on the command line", []string{"twin", "--data", empty, "--smtp-password", "x"}, 2, "--smtp-password: give it as ACCOUNTFACTORY_SMTP_PASSWORD or in the --config file"},
		{"mail without a sender", []string{"twin", "--data", empty, "--smtp-host", "smtp.example.com:587"}, 2, "--smtp-from"},
		{"a twin works on no AWS", []string{"twin", "--data", empty, "--cloud", "aws"}, 2, "unknown flag: --cloud"},
		{"a twin has no factory's database", []string{"twin", "--data", empty, "--database", "postgres://localhost/x"}, 2, "unknown flag: --database"},
		{"speed", []string{"twin", "--data", empty, "--speed", "fast"}, 2, `--speed: "fast" is neither`},
		{"no server: requests", []string{"requests", "--data", empty}, 4, "no server runs on the data folder"},
		{"no server: launch", append(full, "--data", empty), 4, "accountfactory serve --data"},
		{"no server: env", []string{"env", "--data", empty}, 4, "no server runs"},
		{"no server: lab", []string{"lab", "status", "--data", empty}, 4, "no server runs"},
		{"server not reachable", append(full, "--server", "http://localhost:1"), 4, "http://localhost:1"},
		{"duration", []string{"lab", "clock", "advance", "soon", "--data", empty}, 2, `"soon" is no duration`},
		{"fault without kind", []string{"lab", "fault", "arm", "--data", empty}, 2, "--kind"},
		{"no new accounts", []string{"queue", "cap", "0", "--data", empty}, 2, "queue pause"},
		{"file and fields", []string{"launch", "-f", "x.yaml", "--ou", "Sandbox"}, 2, "either a file or the fields"},
		{"file and reason", []string{"launch", "-f", "x.yaml", "--reason", "why"}, 2, "either a file or the fields"},
		{"file missing", []string{"launch", "-f", empty + "/none.yaml"}, 2, "no such file"},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			got := run(t, tc.args...)
			if got.code != tc.code || !strings.Contains(got.err, tc.text) {
				t.Errorf("exit code %d, said %q; want %d and %q", got.code, got.err, tc.code, tc.text)
			}
		})
	}
}

// TestExitCodes_Server are those for a server that has gone without saying so, and for one that refuses.
func TestExitCodes_Server(t *testing.T) {
	t.Parallel()
	srv := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path == "/api/v1/about" {
			_, _ = io.WriteString(w, `{"region":"eu-west-1","aws":"http://localhost:1"}`) // the client may be gone
			return
		}
		w.WriteHeader(http.StatusConflict)
		_, _ = io.WriteString(w, `{"error":{"code":"Conflict","message":"it has ended"}}`) // the client may be gone
	}))
	t.Cleanup(srv.Close)
	data := t.TempDir()
	for name, text := range map[string]string{
		"server.json": `{"aws":"http://localhost:1","console":"` + srv.URL + `","region":"eu-west-1"}`,
		"credentials": "[management]\naws_access_key_id = AKIATEST\naws_secret_access_key = secret\n",
	} {
		if err := os.WriteFile(filepath.Join(data, name), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	plan := write(t, "scenario.yaml", "steps:\n  - what: {disarm: true}\n")
	for _, tc := range []struct {
		args []string
		code int
		text string
	}{
		{[]string{"lab", "status"}, exitUnreachable, "cannot reach"},
		{[]string{"lab", "scenario", "run", plan}, exitUnreachable, "cannot reach"},
		{[]string{"request", "cancel", "req-1"}, exitRefused, "it has ended"},
		{[]string{"request", "retry", "req-1"}, exitRefused, "it has ended"},
		{[]string{"queue", "resume"}, exitRefused, "it has ended"},
	} {
		t.Run(strings.Join(tc.args[:2], " "), func(t *testing.T) {
			t.Parallel()
			got := run(t, append(tc.args, "--data", data)...)
			if got.code != tc.code || !strings.Contains(got.err, tc.text) {
				t.Errorf("exit code %d, said %q; want %d and %q", got.code, got.err, tc.code, tc.text)
			}
		})
	}
}

// TestOnAWS: the data folder of a server that works on AWS has no keys. Commands that talk to the factory then take those of
// AWS's usual chain; those for the twin say that there is none.
func TestOnAWS(t *testing.T) {
	keys := write(t, "credentials", "[me]\naws_access_key_id = AKIATEST\naws_secret_access_key = secret\n")
	t.Setenv("AWS_SHARED_CREDENTIALS_FILE", keys)
	t.Setenv("AWS_PROFILE", "me")
	srv := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		switch {
		case r.URL.Path == "/api/v1/about":
			_, _ = io.WriteString(w, `{"cloud":"aws","region":"eu-west-1","portalUrl":"https://d-1234567890.awsapps.com/start"}`) // the client may be gone
		case strings.HasPrefix(r.Header.Get("Authorization"), "Bearer "):
			_, _ = io.WriteString(w, `{"mode":"open"}`) // the client may be gone
		default:
			w.WriteHeader(http.StatusUnauthorized)
		}
	}))
	t.Cleanup(srv.Close)
	data := t.TempDir()
	if err := os.WriteFile(filepath.Join(data, "server.json"), []byte(`{"aws":"","console":"`+srv.URL+`","region":"eu-west-1"}`), 0o600); err != nil {
		t.Fatal(err)
	}
	for _, tc := range []struct {
		args string
		code int
		text string
	}{
		{"queue resume", exitDone, ""},
		{"env", exitRefused, "works on AWS, not on a twin"},
		{"lab status", exitRefused, "works on AWS, not on a twin"},
		{"login", exitRefused, "aws sso login"},
		{"roles", exitRefused, "the access portal https://d-1234567890.awsapps.com/start lists your accounts and roles"},
		{"queue resume --as 111122223333/Admin", exitRefused, "aws sso login"},
	} {
		got := run(t, append(strings.Fields(tc.args), "--data", data)...)
		if got.code != tc.code || !strings.Contains(got.err, tc.text) {
			t.Errorf("%s: exit code %d, said %q; want %d and %q", tc.args, got.code, got.err, tc.code, tc.text)
		}
	}
}

// TestHelp: every command says in a line what it does, and shows how.
func TestHelp(t *testing.T) {
	t.Parallel()
	seen := 0
	var walk func(c *cobra.Command)
	walk = func(c *cobra.Command) {
		seen++
		if c.Short == "" || strings.HasSuffix(c.Short, ".") {
			t.Errorf("%s: short text %q", c.CommandPath(), c.Short)
		}
		if !strings.Contains(c.Example, c.CommandPath()) {
			t.Errorf("%s: no example of it in %q", c.CommandPath(), c.Example)
		}
		args := append(strings.Fields(c.CommandPath())[1:], "--help")
		if got := run(t, args...); got.code != 0 || !strings.Contains(got.out, "Examples:\n") {
			t.Errorf("%s --help: exit code %d, %s", c.CommandPath(), got.code, got.out)
		}
		for _, sub := range c.Commands() {
			walk(sub)
		}
	}
	for _, c := range newRoot(&app{}).Commands() {
		walk(c)
	}
	if seen < 25 {
		t.Errorf("%d commands seen", seen)
	}
}

func TestCompletion(t *testing.T) {
	t.Parallel()
	for _, shell := range []string{"bash", "zsh", "fish", "powershell"} {
		if got := run(t, "completion", shell); got.code != 0 || !strings.Contains(got.out, "accountfactory") {
			t.Errorf("completion %s: exit code %d, %d bytes", shell, got.code, len(got.out))
		}
	}
	for _, tc := range []struct{ typed, want string }{
		{"la", "launch\tAsk for a new account"},
		{"lab fault a", "arm\t"},
		{"serve --acc", "--account-id\t"},
	} {
		args := append([]string{"__complete"}, strings.Fields(tc.typed)...)
		if got := run(t, args...); !strings.Contains(got.out, tc.want) {
			t.Errorf("%s<TAB> offers %q, want %q among it", tc.typed, got.out, tc.want)
		}
	}
}
