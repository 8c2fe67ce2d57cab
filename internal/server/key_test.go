package server

import (
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"sync"
	"testing"

	"accountfactory/internal/console"
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

// TestKeyFile_Together: processes that start together on a file that is not there yet end up with the same key.
func TestKeyFile_Together(t *testing.T) {
	t.Parallel()
	for range 10 {
		c := Config{KeyFile: filepath.Join(t.TempDir(), "keys")}
		begin, all := make(chan struct{}), make([]*console.Sealer, 8)
		var starts sync.WaitGroup
		for i := range all {
			starts.Go(func() {
				<-begin
				one, err := c.sealer()
				if err != nil {
					t.Error(err)
				}
				all[i] = one
			})
		}
		close(begin)
		starts.Wait()
		later, err := c.sealer()
		if err != nil {
			t.Fatal(err)
		}
		for _, one := range all {
			if !reflect.DeepEqual(one, later) {
				t.Fatal("one has another key than the file")
			}
		}
		if left, err := os.ReadDir(filepath.Dir(c.KeyFile)); err != nil || len(left) != 1 {
			t.Errorf("left: %v, %v", left, err)
		}
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
