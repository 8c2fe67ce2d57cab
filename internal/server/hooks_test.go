package server

import (
	"errors"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"accountfactory/internal/factory"
)

func hooksFile(t *testing.T, text string) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "hooks.yaml")
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

func TestReadHooks(t *testing.T) {
	t.Parallel()
	secret := hooksFile(t, "a secret in a file\n")
	got, err := readHooks(hooksFile(t, `
- {name: notify, on: [success, failure, waiting], url: "https://example.com/x", secret-file: "`+secret+`", timeout: 5s, attempts: 3}
- name: baseline
  on: [success]
  kinds: [launch, enroll]
  command: [terraform, apply]
  dir: /srv
  env: {TF_IN_AUTOMATION: "1", HOME: /srv}
`))
	if err != nil {
		t.Fatal(err)
	}
	if h := got[0]; h.Secret != "a secret in a file" || h.Timeout != 5*time.Second || h.Attempts != 3 || len(h.On) != 3 {
		t.Errorf("%+v", h)
	}
	if h := got[1]; !slices.Contains(h.Env, "TF_IN_AUTOMATION=1") || !slices.Contains(h.Env, "HOME=/srv") || !slices.Contains(h.Kinds, factory.KindEnroll) || h.Dir != "/srv" {
		t.Errorf("%+v", h)
	}
	if none, err := readHooks(""); none != nil || err != nil {
		t.Errorf("without a file: %v %v", none, err)
	}
}

// TestReadHooks_Wrong: what is wrong is named, and no secret is shown.
func TestReadHooks_Wrong(t *testing.T) {
	t.Parallel()
	const ok = `name: a, on: [success], `
	for text, want := range map[string]string{
		`- {on: [success], command: [x]}`:                          "its name",
		`- {name: a b, on: [success], command: [x]}`:               "its name",
		`- {` + ok + `}`:                                           "either url or command",
		`- {` + ok + `command: [x], url: "http://x"}`:              "either url or command",
		`- {name: a, command: [x]}`:                                "on must name events",
		`- {name: a, on: [end], command: [x]}`:                     `no event "end"`,
		`- {` + ok + `kinds: [vend], command: [x]}`:                `no kind of request "vend"`,
		`- {` + ok + `command: [x], timeout: 2h}`:                  "no time of up to 1h",
		`- {` + ok + `command: [x], attempts: 101}`:                "1 to 100",
		`- {` + ok + `url: "ftp://x", secret: 0123456789abcdef}`:   "not an http",
		`- {` + ok + `url: "http://x", secret: hunter2}`:           "16 characters",
		`- {` + ok + `url: "http://x", secret-file: /nonexistent}`: "secret-file cannot be read",
		`- {` + ok + `command: [x], secret: hunter2}`:              "secret and secret-file with url",
		`- {` + ok + `command: [x], colour: red}`:                  "colour",
		"- {" + ok + "command: [x]}\n- {" + ok + "command: [y]}":   "hook 2: another has the name a",
		`- {` + ok + `command: [x], env: {"A=B": c}}`:              "no variable's name",
	} {
		_, err := readHooks(hooksFile(t, text))
		var usage UsageError
		if !errors.As(err, &usage) || !strings.Contains(err.Error(), want) || strings.Contains(err.Error(), "hunter2") {
			t.Errorf("%s: %v, want %q", text, err, want)
		}
	}
	if _, err := readHooks("/nonexistent"); err == nil {
		t.Error("a file that is not there")
	}
}
