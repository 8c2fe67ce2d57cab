package harness

import (
	"fmt"
	"os"
	"os/exec"
	"testing"
)

// Missing ends a test for want of something on this machine. What test/tools/install installs must be there in CI.
func Missing(t testing.TB, installed bool, what string) {
	t.Helper()
	if installed && os.Getenv("CI") == "true" {
		t.Fatalf("%s is missing; test/tools/install should have installed it", what)
	}
	t.Skipf("%s is not on this machine", what)
}

// DebianCLI is where Debian's package puts the AWS CLI.
const DebianCLI = "/usr/bin/aws"

// NeedNewerCLI gives an AWS CLI that stands before Debian's in PATH, as one that reads endpoints from its environment.
func NeedNewerCLI(t testing.TB) (path string) {
	t.Helper()
	path, err := exec.LookPath("aws")
	if err != nil || path == DebianCLI || path == "/bin/aws" {
		Missing(t, false, "a newer AWS CLI than Debian's")
	}
	return path
}

// Boto3Endpoints is the first minor version of boto3 1 that reads endpoints from its environment.
const Boto3Endpoints = 28

// NeedBoto3 gives a Python that has boto3 1 of this minor version or later.
func NeedBoto3(t testing.TB, minor int) (python string) {
	t.Helper()
	newEnough := fmt.Sprintf("import boto3, sys; sys.exit(tuple(map(int, boto3.__version__.split('.')[:2])) < (1, %d))", minor)
	python, err := exec.LookPath("python3")
	if err != nil || exec.Command(python, "-c", newEnough).Run() != nil {
		Missing(t, false, fmt.Sprintf("boto3 1.%d or later", minor))
	}
	return python
}

// NeedNode ends a test on a machine without npm and a Node.js that Playwright and Vite run on.
func NeedNode(t testing.TB) {
	t.Helper()
	const major, minor = 20, 19
	if _, err := exec.LookPath("npm"); err != nil {
		Missing(t, true, "npm")
	}
	newEnough := fmt.Sprintf("const [a, b] = process.versions.node.split('.'); process.exit(a > %[1]d || (a == %[1]d && b >= %d) ? 0 : 1)", major, minor)
	if exec.Command("node", "-e", newEnough).Run() != nil {
		Missing(t, true, fmt.Sprintf("Node.js %d.%d or later", major, minor))
	}
}
