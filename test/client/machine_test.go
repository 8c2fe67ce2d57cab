package client

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"sync"
	"testing"

	"accountfactory/test/harness"
)

func needDebianCLI(t testing.TB) string {
	t.Helper()
	if _, err := os.Stat(harness.DebianCLI); err != nil {
		harness.Missing(t, true, "Debian's AWS CLI")
	}
	return harness.DebianCLI
}

// nodeModules installs the JavaScript SDK once per test process, from the lock file into a copy beside the program, with
// which it goes again.
var nodeModules = sync.OnceValues(func() (string, error) {
	binary, err := harness.Build()
	if err != nil {
		return "", err
	}
	dir, err := os.MkdirTemp(filepath.Dir(binary), "js-")
	if err != nil {
		return "", err
	}
	for _, name := range []string{"package.json", "package-lock.json", "driver.mjs", "signin.mjs"} {
		body, err := os.ReadFile(filepath.Join("js", name))
		if err != nil {
			return "", err
		}
		if err := os.WriteFile(filepath.Join(dir, name), body, 0o600); err != nil {
			return "", err
		}
	}
	cmd := exec.Command("npm", "ci", "--no-audit", "--no-fund", "--ignore-scripts")
	cmd.Dir = dir
	out, err := cmd.CombinedOutput()
	if err != nil {
		return "", fmt.Errorf("npm ci: %w\n%s", err, out)
	}
	return dir, nil
})

func jsDriver(t *testing.T, p *harness.Process) driver {
	t.Helper()
	return startPipe(t, p, needNode(t), "node", "driver.mjs")
}

// needNode gives the folder in which scripts find the JavaScript SDK.
func needNode(t *testing.T) string {
	t.Helper()
	harness.NeedNode(t)
	dir, err := nodeModules()
	if err != nil {
		t.Fatal(err)
	}
	return dir
}

func boto3Driver(t *testing.T, p *harness.Process) driver {
	t.Helper()
	return startPipe(t, p, "python", harness.NeedBoto3(t, harness.Boto3Endpoints), "driver.py")
}

func debianDriver(t *testing.T, p *harness.Process) driver {
	t.Helper()
	return newCLI(t, p, needDebianCLI(t), false)
}

func newerDriver(t *testing.T, p *harness.Process) driver {
	t.Helper()
	return newCLI(t, p, harness.NeedNewerCLI(t), true)
}
