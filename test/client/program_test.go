package client

import (
	"bytes"
	"encoding/json"
	"errors"
	"os/exec"
	"path/filepath"
	"testing"

	"accountfactory/test/harness"
)

// result is how a command line of the program ended.
type result struct {
	code     int
	out, err string
}

// run runs the program as a script does, with a home folder of its own.
func run(t *testing.T, args ...string) result {
	t.Helper()
	return runEnv(t, nil, args...)
}

func runEnv(t *testing.T, env []string, args ...string) result {
	t.Helper()
	return shell(t, env, harness.Binary(t), args...)
}

func shell(t *testing.T, env []string, command string, args ...string) result {
	t.Helper()
	cmd := exec.CommandContext(t.Context(), command, args...)
	cmd.Env = harness.Env(t.TempDir(), env...)
	var out, said bytes.Buffer
	cmd.Stdout, cmd.Stderr = &out, &said
	var exit *exec.ExitError
	if err := cmd.Run(); err != nil && !errors.As(err, &exit) {
		t.Fatal(err)
	}
	return result{cmd.ProcessState.ExitCode(), out.String(), said.String()}
}

// must runs the program and decodes what it prints as JSON.
func must[T any](t *testing.T, args ...string) T {
	t.Helper()
	var v T
	r := run(t, args...)
	if r.code != 0 {
		t.Fatalf("%v: exit code %d: %s", args, r.code, r.err)
	}
	if err := json.Unmarshal([]byte(r.out), &v); err != nil {
		t.Fatalf("%v: %v in %s", args, err, r.out)
	}
	return v
}

// launchArgs ask for an account.
func launchArgs(p *harness.Process, name string, more ...string) []string {
	return append([]string{
		"launch", "--data", p.Data, "--name", name, "--email", name + "@example.com", "--ou", "Sandbox",
		"--sso-email", "ann@example.com", "--sso-first", "Ann", "--sso-last", "Archer",
	}, more...)
}

func credentialsOf(p *harness.Process) string { return filepath.Join(p.Data, "credentials") }
