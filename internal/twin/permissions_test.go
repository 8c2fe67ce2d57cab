package twin

import (
	"errors"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/aws/smithy-go"
	"github.com/google/go-cmp/cmp"

	"accountfactory/internal/wire"
	"accountfactory/internal/wire/facts"
)

var update = flag.Bool("update", false, "write testdata/permissions.txt anew; review the difference as you would a change of policy")

// What a cell of the table says.
const (
	allowed        = "yes"
	deniedByPolicy = "-"   // identity, trust or service control policies
	deniedByItself = "svc" // policies allow it, the service does not
)

const tableHead = `# Who may call what: the roles of the first start, and of an account vended since, against the operations served.
# yes   allowed, as far as policies go: the request may still be refused for what it asks
# -     denied by policies: AccessDenied, with the sentence that names the action
# svc   policies allow it, but the service refuses: it serves the management account alone, or nobody who has a session
# Provisioned products, records and plans asked for were made by the session under "m.scuser". Written by go test -update.
#
`

// TestPermissions reproduces testdata/permissions.txt through the wire.
func TestPermissions(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	var out strings.Builder
	out.WriteString(tableHead)
	fmt.Fprintf(&out, "%-66s", "")
	for _, r := range roles {
		fmt.Fprintf(&out, " %-8s", r.column)
	}
	for _, s := range w.signed(t) {
		fmt.Fprintf(&out, "\n\n%s", s.Name())
		for _, op := range s.Operations() {
			fmt.Fprintf(&out, "\n  %-64s", op.Name)
			for _, r := range roles {
				fmt.Fprintf(&out, " %-8s", w.cell(t, r, s.Name(), op.Name))
			}
		}
	}
	got := trimLines(out.String())
	file := filepath.Join("testdata", "permissions.txt")
	if *update {
		if err := os.WriteFile(file, []byte(got), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(strings.Split(string(want), "\n"), strings.Split(got, "\n")); diff != "" {
		t.Errorf("permissions differ from %s (-want +got):\n%s", file, diff)
	}
}

func trimLines(text string) string {
	lines := strings.Split(text, "\n")
	for i := range lines {
		lines[i] = strings.TrimRight(lines[i], " ")
	}
	return strings.Join(lines, "\n") + "\n"
}

// cell asks policies first. Where the service has a word, too, what they allow is then really called: in STS, and outside
// the management account. Inside it, calls would change what the next cell finds.
func (w *world) cell(t *testing.T, r role, service, operation string) string {
	t.Helper()
	key := w.keys[r.column]
	switch err := w.call(t, w.asking, key, service, operation); {
	case isDenied(err):
		return deniedByPolicy
	case code(err) != codeAllowed:
		t.Fatalf("%s %s as %s: %v, want a permission or a denial", service, operation, r.column, err)
	}
	if key.account == w.management && service != "sts" {
		return allowed
	}
	if isDenied(w.call(t, w.real, key, service, operation)) {
		return deniedByItself
	}
	return allowed
}

func isDenied(err error) bool { return strings.HasPrefix(code(err), "AccessDenied") }

func code(err error) string {
	var api smithy.APIError
	if errors.As(err, &api) {
		return api.ErrorCode()
	}
	return ""
}

// TestPermissions_EveryRowAsks holds that signed operations go through the authoriser and modeled unsigned ones do not.
func TestPermissions_EveryRowAsks(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	// AWS documents that these need no permission and that no policy can deny them.
	free := map[string]bool{"sts GetCallerIdentity": true, "sts GetSessionToken": true}
	for _, s := range w.signed(t) {
		f, err := facts.For(s.Name())
		if err != nil {
			t.Fatal(err)
		}
		for _, op := range s.Operations() {
			checks := w.checks(t, s.Name(), op.Name)
			if want := !f.Operations[op.Name].Unsigned && !free[s.Name()+" "+op.Name]; len(checks) > 0 != want {
				t.Errorf("%s %s asks for %v, want checks: %t", s.Name(), op.Name, checks, want)
			}
		}
	}
}

// checks gives what an operation asks for, with the representative input and the management user as caller.
func (w *world) checks(t *testing.T, service, operation string) []wire.Check {
	t.Helper()
	w.asked.Store(nil)
	if err := w.call(t, w.asking, w.keys["m.user"], service, operation); code(err) != codeAllowed {
		t.Fatalf("%s %s as the management user: %v", service, operation, err)
	}
	if asked := w.asked.Load(); asked != nil {
		return *asked
	}
	return nil
}
