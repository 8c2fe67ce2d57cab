package cli

import (
	"os"
	"testing"
)

// TestIsTerminal: nobody answers at a file, or where cron reads from.
func TestIsTerminal(t *testing.T) {
	t.Parallel()
	for _, path := range []string{os.DevNull, os.Args[0]} {
		f, err := os.Open(path)
		if err != nil {
			t.Fatal(err)
		}
		if IsTerminal(f) {
			t.Errorf("%s is taken for a terminal", path)
		}
		_ = f.Close() // it was only looked at
	}
}
