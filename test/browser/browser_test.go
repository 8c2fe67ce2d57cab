package browser

import (
	"bytes"
	"context"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"accountfactory/test/harness"
)

func TestMain(m *testing.M) { os.Exit(harness.Main(m)) }

const (
	web      = "../../web"
	chromium = "/usr/bin/chromium" // where Debian's package puts it

	// fileWithin is far beyond what a file of tests takes; it bounds a hanging browser.
	fileWithin = 12 * time.Minute
)

// TestPages runs each file of web/e2e by itself: each starts a server of its own.
func TestPages(t *testing.T) {
	t.Parallel()
	need(t)
	install(t)
	files, err := filepath.Glob(filepath.Join(web, "e2e", "*.spec.ts"))
	if err != nil || len(files) == 0 {
		t.Fatalf("no tests of pages: %v", err)
	}
	for _, file := range files { // one browser at a time
		t.Run(strings.TrimSuffix(filepath.Base(file), ".spec.ts"), func(t *testing.T) {
			runFile(t, filepath.Base(file))
		})
	}
}

// need skips on a machine that lacks Node.js or Chromium.
func need(t *testing.T) {
	t.Helper()
	harness.NeedNode(t)
	if _, err := exec.LookPath(chromium); err != nil {
		harness.Missing(t, true, chromium)
	}
}

// install puts the packages of the lock file in place, unless they are.
func install(t *testing.T) {
	t.Helper()
	cmd := exec.Command("build/install")
	cmd.Dir = web
	if out, err := cmd.CombinedOutput(); err != nil {
		t.Fatalf("install packages: %v\n%s", err, out)
	}
}

// summary is a line of Playwright's list: how a test ended, and its name.
var summary = regexp.MustCompile(`(?m)^ +(✓|✘|-) .*$|^ +\d+ (passed|failed|skipped|did not run).*$`)

func runFile(t *testing.T, file string) {
	t.Helper()
	binary, err := filepath.Abs(harness.Binary(t))
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithTimeout(t.Context(), fileWithin)
	defer cancel()
	cmd := exec.CommandContext(ctx, "node", "node_modules/@playwright/test/cli.js", "test", file, "--reporter", "list", "--output", t.TempDir())
	cmd.Dir, cmd.Env = web, append(os.Environ(), "ACCOUNTFACTORY_BINARY="+binary, "CHROMIUM="+chromium, "FORCE_COLOR=0")
	var out bytes.Buffer
	cmd.Stdout, cmd.Stderr = &out, &out
	if err := cmd.Run(); err != nil {
		t.Fatalf("%v\n%s", err, out.String())
	}
	for _, line := range summary.FindAllString(out.String(), -1) {
		t.Log(strings.TrimSpace(line))
	}
}
