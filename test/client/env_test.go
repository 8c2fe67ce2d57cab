package client

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"accountfactory/test/harness"
)

// What env prints points whichever AWS CLI stands first in PATH at the server.
func TestEnv(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name string
		need func(testing.TB) string
	}{{"aws cli of Debian", needDebianCLI}, {"newer aws cli", harness.NeedNewerCLI}} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			first := t.TempDir()
			if err := os.Symlink(c.need(t), filepath.Join(first, "aws")); err != nil {
				t.Fatal(err)
			}
			p := harness.Run(t, "twin")
			path := first + string(os.PathListSeparator) + os.Getenv("PATH")
			stale := []string{"PATH=" + path, "AWS_ACCESS_KEY_ID=AKIAIOSFODNN7EXAMPLE", "AWS_SECRET_ACCESS_KEY=of-somewhere-else", "AWS_SESSION_TOKEN=of-somewhere-else"}
			r := shell(t, stale, "bash", "-euc", `eval "$("$0" env --data "$1")"; aws sts get-caller-identity --output text --query Arn`, harness.Binary(t), p.Data)
			if want := "arn:aws:iam::" + p.Account + ":user/management\n"; r.code != 0 || r.out != want {
				t.Errorf("exit code %d, prints %q, want %q: %s", r.code, r.out, want, r.err)
			}
			if r := run(t, "env", "--data", p.Data); strings.Contains(r.out, "SECRET_ACCESS_KEY=") || strings.Contains(r.out, "AKIA") {
				t.Errorf("env prints keys: %s", r.out)
			}
		})
	}
}
