package cli

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// TestBackup: what a backup and a restore need is asked for, and a file that is no backup is called so.
func TestBackup(t *testing.T) {
	t.Parallel()
	words, short := write(t, "passphrase", "correct horse battery staple\n"), write(t, "short", "short\n")
	key := write(t, "key", strings.Repeat("ab", 32)+"\n")
	text, none := write(t, "text", strings.Repeat("no backup ", 50)), filepath.Join(t.TempDir(), "none")
	for name, tc := range map[string]struct {
		args []string
		code int
		says string
	}{
		"no file":           {[]string{"backup", "--passphrase-file", words}, exitUsage, "--to"},
		"no key":            {[]string{"backup", "--to", none}, exitUsage, "--passphrase-file or --key-file"},
		"short passphrase":  {[]string{"backup", "--to", none, "--passphrase-file", short}, exitUsage, "12 characters"},
		"bad key file":      {[]string{"backup", "--to", none, "--key-file", words}, exitUsage, "--key-file"},
		"no data":           {[]string{"backup", "--to", none, "--key-file", key, "--data", none}, exitFailed, "no server runs"},
		"nothing from":      {[]string{"restore", "--key-file", key, "--data", none}, exitUsage, "--from"},
		"nothing to":        {[]string{"restore", "--key-file", key, "--from", text}, exitUsage, "--data"},
		"not a backup":      {[]string{"restore", "--key-file", key, "--from", text, "--data", none}, exitFailed, "no backup of Account Factory"},
		"nothing to check":  {[]string{"restore", "--key-file", key, "--from", text, "--check"}, exitFailed, "no backup of Account Factory"},
		"file from nowhere": {[]string{"restore", "--key-file", key, "--from", none, "--data", none}, exitFailed, "no such file"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			if got := run(t, tc.args...); got.code != tc.code || !strings.Contains(got.err, tc.says) {
				t.Errorf("exit code %d: %s", got.code, got.err)
			}
			if _, err := os.Stat(none); !os.IsNotExist(err) {
				t.Errorf("something was made: %v", err)
			}
		})
	}
}
