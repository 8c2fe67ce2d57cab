package cli

import (
	"strings"
	"testing"
)

// TestDatabase: a URL comes from the flag, the environment or a file, and only one that stands on the command line with a
// password in it is warned of.
func TestDatabase(t *testing.T) {
	t.Parallel()
	const secret = "postgres://factory:pw-of-the-database@127.0.0.1:1/none?connect_timeout=1"
	file := write(t, "database", secret+"\n")
	for name, tc := range map[string]struct {
		args []string
		env  map[string]string
		code int
		warn bool
		says string
	}{
		"typed":                    {args: []string{"--database", secret}, code: exitFailed, warn: true},
		"typed as a parameter":     {args: []string{"--database", "postgres://127.0.0.1:1/none?connect_timeout=1&password=pw-of-the-database"}, code: exitFailed, warn: true},
		"typed without a password": {args: []string{"--database", "postgres://127.0.0.1:1/none?connect_timeout=1"}, code: exitFailed},
		"from the environment":     {env: map[string]string{"ACCOUNTFACTORY_DATABASE": secret}, code: exitFailed},
		"from a file":              {args: []string{"--database-file", file}, code: exitFailed},
		"both":                     {args: []string{"--database", secret, "--database-file", file}, code: exitUsage, says: "give either"},
		"no such file":             {args: []string{"--database-file", file + "x"}, code: exitUsage, says: "no such file"},
		"two lines":                {args: []string{"--database-file", write(t, "two", "a\nb\n")}, code: exitUsage, says: "does not hold one line"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			got := runIn(t, tc.env, append([]string{"serve", "--data", t.TempDir(), "--aws", "localhost:0", "--console", "localhost:0"}, tc.args...)...)
			if got.code != tc.code || strings.Contains(got.err, "others on this machine see the password") != tc.warn || !strings.Contains(got.err, tc.says) {
				t.Errorf("exit code %d: %s", got.code, got.err)
			}
			if strings.Contains(got.out+got.err, "pw-of-the-database") {
				t.Errorf("the password is shown: %s", got.err)
			}
		})
	}
}
