package cli

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// result is how a command line ended.
type result struct {
	code     int
	out, err string
}

// run runs a command line with nothing in its environment.
func run(t *testing.T, args ...string) result {
	t.Helper()
	return runIn(t, nil, args...)
}

func runIn(t *testing.T, env map[string]string, args ...string) result {
	t.Helper()
	var out, errs bytes.Buffer
	code := Run(t.Context(), args, lookup(env), Streams{In: strings.NewReader(""), Out: &out, Err: &errs})
	return result{code, out.String(), errs.String()}
}

func lookup(env map[string]string) Env {
	return func(name string) (string, bool) {
		v, ok := env[name]
		return v, ok
	}
}

// write makes a file in a folder of the test's own.
func write(t *testing.T, name, text string) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), name)
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}
