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

// debianCLI is where Debian's package puts the AWS CLI.
const debianCLI = "/usr/bin/aws"

func needDebianCLI(t *testing.T) string {
	t.Helper()
	if _, err := os.Stat(debianCLI); err != nil {
		harness.Missing(t, true, "Debian's AWS CLI")
	}
	return debianCLI
}

// needNewerCLI gives an AWS CLI that stands before Debian's in PATH.
func needNewerCLI(t *testing.T) string {
	t.Helper()
	path, err := exec.LookPath("aws")
	if err != nil || path == debianCLI || path == "/bin/aws" {
		harness.Missing(t, false, "a newer AWS CLI than Debian's")
	}
	return path
}

func needBoto3(t *testing.T) string {
	t.Helper()
	path, err := exec.LookPath("python3")
	if err != nil || exec.Command(path, "-c", "import boto3").Run() != nil {
		harness.Missing(t, false, "boto3")
	}
	return path
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
	for _, name := range []string{"node", "npm"} {
		if _, err := exec.LookPath(name); err != nil {
			harness.Missing(t, true, name)
		}
	}
	dir, err := nodeModules()
	if err != nil {
		t.Fatal(err)
	}
	return dir
}

func boto3Driver(t *testing.T, p *harness.Process) driver {
	t.Helper()
	return startPipe(t, p, "python", needBoto3(t), "driver.py")
}

func debianDriver(t *testing.T, p *harness.Process) driver {
	t.Helper()
	return newCLI(t, p, needDebianCLI(t), false)
}

func newerDriver(t *testing.T, p *harness.Process) driver {
	t.Helper()
	return newCLI(t, p, needNewerCLI(t), true)
}
