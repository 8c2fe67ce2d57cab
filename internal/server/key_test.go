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

// TestKeyFile_Several: a line each; one that is no key spoils the file, blank lines do not.
func TestKeyFile_Several(t *testing.T) {
	t.Parallel()
	c := Config{KeyFile: filepath.Join(t.TempDir(), "keys")}
	one, two := strings.Repeat("0a", 32), strings.Repeat("0b", 32)
	for text, good := range map[string]bool{
		one: true, one + "\n" + two + "\n": true, one + "\n\n" + two + "\r\n": true,
		"": false, "\n": false, one + two: false, one + "\nnot a key\n": false, one + " " + two: false,
	} {
		if err := os.WriteFile(c.KeyFile, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		if _, err := c.sealer(); (err == nil) != good {
			t.Errorf("%q: %v", text, err)
		}
	}
}
