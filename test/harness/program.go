package harness

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
)

// Program gives the program under test: the one ACCOUNTFACTORY_BINARY names, or one built into dir.
func Program(ctx context.Context, dir string) (string, error) {
	if named := os.Getenv("ACCOUNTFACTORY_BINARY"); named != "" {
		return filepath.Abs(named)
	}
	binary := filepath.Join(dir, "accountfactory")
	out, err := exec.CommandContext(ctx, "go", "build", "-ldflags", "-s -w", "-o", binary, "accountfactory/cmd/accountfactory").CombinedOutput()
	if err != nil {
		return "", fmt.Errorf("go build: %w\n%s", err, out)
	}
	return binary, nil
}

// Result is how a command line ended.
type Result struct {
	Out, Err string
	Code     int
}

// Run runs the program with arguments and waits for its end. Only a program that cannot be run is an error.
func Run(ctx context.Context, binary string, args ...string) (Result, error) {
	var out, errs bytes.Buffer
	cmd := exec.CommandContext(ctx, binary, args...)
	cmd.Env, cmd.Stdout, cmd.Stderr = cleanEnv(), &out, &errs
	err := cmd.Run()
	var exit *exec.ExitError
	if errors.As(err, &exit) {
		err = nil
	}
	return Result{out.String(), errs.String(), cmd.ProcessState.ExitCode()}, err
}
