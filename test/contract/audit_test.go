package contract

import (
	"strings"
	"testing"
)

// TestAudit: the log is verified and exported by the command line, and what an earlier verify printed is found again.
func TestAudit(t *testing.T) {
	t.Parallel()
	f := setup(t)
	f.done(append(flags(good("one")), "--wait", "--reason", "a <new> team & more")...)
	first := f.done("audit", "verify").out
	mark := strings.TrimSpace(first[strings.LastIndex(first, " "):])
	f.done("queue", "limit", "2")
	if got := f.done("audit", "verify", "--expect", mark); !strings.Contains(got.out, "is whole: 4 rows") {
		t.Errorf("verify: %s", got.out)
	}
	if got := f.cli("audit", "verify", "--expect", "9:00"); got.code != 1 || !strings.Contains(got.err, "cut off or replaced") {
		t.Errorf("a mark that is not there: exit code %d: %s", got.code, got.err)
	}
	lines := strings.Split(strings.TrimSpace(f.done("audit", "export").out), "\n")
	if len(lines) != 4 || !strings.Contains(lines[0], `"action":"submit"`) || !strings.Contains(lines[3], `"action":"limit"`) {
		t.Errorf("export:\n%s", strings.Join(lines, "\n"))
	}
}
