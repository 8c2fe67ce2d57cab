package harness

import (
	"os"
	"testing"
)

// Missing ends a test for want of something on this machine. What test/tools/install installs must be there in CI.
func Missing(t testing.TB, installed bool, what string) {
	t.Helper()
	if installed && os.Getenv("CI") == "true" {
		t.Fatalf("%s is missing; test/tools/install should have installed it", what)
	}
	t.Skipf("%s is not on this machine", what)
}
