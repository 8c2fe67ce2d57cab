package harness

import (
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"
)

// binaryVariable names a program built already, which spares building it.
const binaryVariable = "ACCOUNTFACTORY_BINARY"

// Build gives the program's path: the one ACCOUNTFACTORY_BINARY names, or else built once per process into a temporary
// folder, the way `make build` does.
var Build = sync.OnceValues(func() (string, error) {
	if named := os.Getenv(binaryVariable); named != "" {
		return filepath.Abs(named)
	}
	root, err := exec.Command("go", "list", "-m", "-f", "{{.Dir}}").Output()
	if err != nil {
		return "", fmt.Errorf("find the module: %w", err)
	}
	dir, err := os.MkdirTemp("", "accountfactory-test-")
	if err != nil {
		return "", err
	}
	binary := filepath.Join(dir, "accountfactory")
	cmd := exec.Command("go", "build", "-trimpath", "-ldflags", "-s -w", "-o", binary, "./cmd/accountfactory")
	cmd.Dir = strings.TrimSpace(string(root))
	cmd.Env = append(os.Environ(), "CGO_ENABLED=0")
	if out, err := cmd.CombinedOutput(); err != nil {
		return "", fmt.Errorf("build the program: %w\n%s", err, out)
	}
	return binary, nil
})

// Binary gives the path of the program, built once per test process; Main removes it.
func Binary(t testing.TB) string {
	t.Helper()
	binary, err := Build()
	if err != nil {
		t.Fatal(err)
	}
	return binary
}

// Main runs a package's tests and removes what Binary built. A TestMain calls it.
func Main(m *testing.M) int {
	// Built here, so that no test's own deadline pays for the compiler.
	binary, err := Build()
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		return 1
	}
	code := m.Run()
	if os.Getenv(binaryVariable) != "" {
		return code
	}
	if err := os.RemoveAll(filepath.Dir(binary)); err != nil {
		fmt.Fprintln(os.Stderr, err)
	}
	return code
}

// Run starts a server on a folder of the test's own, and stops it when the test ends.
func Run(t testing.TB, command string, args ...string) *Process {
	t.Helper()
	return RunOn(t, t.TempDir(), command, args...)
}

// RunOn starts a server on a given folder, and stops it when the test ends.
func RunOn(t testing.TB, data, command string, args ...string) *Process {
	t.Helper()
	log := &Log{}
	p, err := Start(context.Background(), log, Binary(t), data, command, args...)
	if err != nil {
		t.Fatalf("%v; the server said:\n%s", err, log)
	}
	t.Cleanup(func() {
		p.Kill() // nothing is lost by that, and Stop has its own test
		if t.Failed() {
			t.Logf("the server said:\n%s", log)
		}
	})
	return p
}

// Log keeps what a process says, for a test that fails.
type Log struct {
	mu   sync.Mutex
	text strings.Builder
}

// Write makes Log an io.Writer.
func (l *Log) Write(p []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.text.Write(p)
}

// String gives all that was said so far.
func (l *Log) String() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.text.String()
}
