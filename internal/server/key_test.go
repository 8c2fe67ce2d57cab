package server

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// TestKeyFile: made at first start for its owner only, used again later, never made anew over one that cannot be read.
func TestKeyFile(t *testing.T) {
	t.Parallel()
	c := Config{Data: t.TempDir()}
	path := filepath.Join(c.Data, "console.key")
	read := func() string {
		t.Helper()
		if _, err := c.sealer(); err != nil {
			t.Fatal(err)
		}
		info, err := os.Stat(path)
		if err != nil || info.Mode().Perm() != 0o600 {
			t.Fatalf("%v %v", info.Mode(), err)
		}
		text, err := os.ReadFile(path)
		if err != nil || len(strings.TrimSpace(string(text))) != 64 {
			t.Fatalf("%d bytes, %v", len(text), err)
		}
		return string(text)
	}
	if first := read(); first != read() {
		t.Error("a second start makes another key")
	}
	if err := os.WriteFile(path, []byte("not a key"), 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := c.sealer(); err == nil || !strings.Contains(err.Error(), "console.key is no key") {
		t.Errorf("a file that is no key: %v", err)
	}
	c.KeyFile = filepath.Join(c.Data, "none", "x.key")
	if _, err := c.sealer(); err == nil {
		t.Error("a folder that is not there")
	}
}
