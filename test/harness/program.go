package harness

import (
	"bytes"
	"context"
	"errors"
	"os/exec"
)

// Result is how a command line ended.
type Result struct {
	Out, Err string
	Code     int
}

// Command runs the program with arguments and waits for its end. Only a program that cannot be run is an error.
func Command(ctx context.Context, binary string, args ...string) (Result, error) {
	return CommandIn(ctx, cleanEnv(), binary, args...)
}

// CommandIn is Command with another environment.
func CommandIn(ctx context.Context, env []string, binary string, args ...string) (Result, error) {
	var out, errs bytes.Buffer
	cmd := exec.CommandContext(ctx, binary, args...)
	cmd.Env, cmd.Stdout, cmd.Stderr = env, &out, &errs
	err := cmd.Run()
	var exit *exec.ExitError
	if errors.As(err, &exit) {
		err = nil
	}
	return Result{out.String(), errs.String(), cmd.ProcessState.ExitCode()}, err
}
