package cli_test

import (
	"strings"
	"testing"
)

// TestLab_RequestsStay: who puts the twin back is told what that leaves as it is, unless there is no factory beside it.
func TestLab_RequestsStay(t *testing.T) {
	t.Parallel()
	for command, told := range map[string]bool{"serve": true, "twin": false} {
		t.Run(command, func(t *testing.T) {
			t.Parallel()
			m := running(t, command, "--speed", "instant")
			if code, _, errOut := m.command(t, "lab", "snapshot", "early"); code != 0 || strings.Contains(errOut, "requests") {
				t.Fatalf("snapshot: %d %s", code, errOut)
			}
			for _, back := range [][]string{{"lab", "restore", "early"}, {"lab", "reset"}} {
				code, out, errOut := m.command(t, back...)
				if code != 0 || !strings.Contains(out, `"restored"`) || strings.Contains(errOut, "The factory's requests stay") != told {
					t.Errorf("%v: %d %s %s", back, code, out, errOut)
				}
			}
		})
	}
}
