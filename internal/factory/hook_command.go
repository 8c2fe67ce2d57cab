package factory

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os/exec"
	"slices"
	"strings"
	"syscall"
	"time"
)

// AccountAccess gives the environment in which AWS's tools work inside an account: temporary credentials, Region, and the
// endpoint where it is not AWS's own.
type AccountAccess interface {
	Environment(ctx context.Context, accountID, session string, lasting time.Duration) ([]string, error)
}

// runCommand runs the hook's command with the body on standard input. Ended from outside, or by its time, it takes the
// processes it started along.
func (s *Service) runCommand(ctx context.Context, h Hook, run *HookRun) (string, error) {
	r, err := s.store.Get(ctx, run.RequestID)
	if err != nil {
		return "the request cannot be read", err
	}
	access, err := s.inside(ctx, h, run, &r)
	if err != nil {
		code, message := words(err)
		return strings.TrimSpace("no credentials for account " + r.AccountID + ": " + code + " " + message), err
	}
	var out tail
	cmd := exec.CommandContext(ctx, h.Command[0], h.Command[1:]...) //nolint:gosec // the operator's own command
	cmd.Dir, cmd.Stdin, cmd.Stdout, cmd.Stderr = h.Dir, bytes.NewReader(run.Body), &out, &out
	cmd.Env = slices.Concat(h.Env, access, []string{
		"ACCOUNTFACTORY_HOOK_ID=" + run.ID, "ACCOUNTFACTORY_EVENT=" + string(run.Event), "ACCOUNTFACTORY_REQUEST_ID=" + r.ID, "ACCOUNTFACTORY_ACCOUNT_ID=" + r.AccountID,
	})
	cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
	cmd.Cancel = func() error { return syscall.Kill(-cmd.Process.Pid, syscall.SIGKILL) }
	cmd.WaitDelay = 2 * time.Second // for pipes that somebody keeps open
	err = cmd.Run()
	run.Output = out.shown(func(text string) string { return hide(text, access) })
	var exit *exec.ExitError
	switch {
	case err == nil:
		return "done", nil
	case errors.Is(err, exec.ErrWaitDelay): // it ended well, and left somebody behind who keeps its output open
		return "done; what it left running was not waited for", nil
	case errors.As(err, &exit):
		return "the command ended with " + exit.String(), err
	}
	return "the command could not be run: " + err.Error(), err
}

// inside gives the command credentials for the account, where there is one that Control Tower's role is in. After a
// failure the role may be missing: the command runs all the same, without.
func (s *Service) inside(ctx context.Context, h Hook, run *HookRun, r *Request) ([]string, error) {
	if s.cfg.Accounts == nil || r.AccountID == "" || r.Kind == KindUnmanage || r.Kind == KindClose {
		return nil, nil
	}
	env, err := s.cfg.Accounts.Environment(ctx, r.AccountID, "accountfactory-"+r.ID, h.timeout())
	if err != nil && run.Event != HookSuccess {
		return nil, nil // told above
	}
	return env, err
}

// hide takes the credentials out of what a command said.
func hide(text string, env []string) string {
	for _, e := range env {
		name, value, _ := strings.Cut(e, "=")
		if value != "" && (strings.Contains(name, "KEY") || strings.Contains(name, "TOKEN")) {
			text = strings.ReplaceAll(text, value, fmt.Sprintf("(%s)", name))
		}
	}
	return text
}
