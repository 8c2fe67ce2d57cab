package cli

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"strings"

	"github.com/spf13/cobra"

	"accountfactory/internal/cloud"
	"accountfactory/internal/server"
)

// Exit codes, documented in docs/cli.md.
const (
	exitDone        = 0
	exitFailed      = 1
	exitUsage       = 2
	exitRefused     = 3
	exitUnreachable = 4
	exitPerson      = 5 // --wait ended before the request: it waits for a person
)

// Streams are what a command reads and writes.
type Streams struct {
	In  io.Reader
	Out io.Writer
	Err io.Writer
	// Terminal says that a person looks at Out and types into In.
	Terminal bool
}

// Env looks up an environment variable; os.LookupEnv is one.
type Env func(name string) (string, bool)

// app is what commands share.
type app struct {
	streams Streams
	env     Env
}

// exitError carries an exit code; its error may be nil when everything has been said.
type exitError struct {
	code int
	err  error
}

func (e *exitError) Error() string {
	if e.err == nil {
		return ""
	}
	return e.err.Error()
}

func (e *exitError) Unwrap() error { return e.err }

func usageError(format string, args ...any) error {
	return &exitError{exitUsage, fmt.Errorf(format, args...)}
}

// Run runs one command line and gives its exit code.
func Run(ctx context.Context, args []string, env Env, s Streams) int {
	root := newRoot(&app{streams: s, env: env})
	root.SetArgs(args)
	root.SetIn(s.In)
	root.SetOut(s.Out)
	root.SetErr(s.Err)
	err := root.ExecuteContext(ctx)
	if err == nil {
		return exitDone
	}
	if text := err.Error(); text != "" {
		_, _ = fmt.Fprintln(s.Err, "accountfactory:", text)
	}
	return exitCode(err)
}

func exitCode(err error) int {
	var exit *exitError
	var setting server.UsageError
	var notRunning server.NotRunningError
	var gone *cloud.UnreachableError
	switch {
	case errors.As(err, &exit):
		return exit.code
	case errors.As(err, &setting):
		return exitUsage
	case errors.As(err, &notRunning), errors.As(err, &gone):
		return exitUnreachable
	}
	return exitFailed
}

func newRoot(a *app) *cobra.Command {
	root := &cobra.Command{
		Use:   "accountfactory",
		Short: "Give out AWS accounts, and rehearse it on a twin of AWS",
		Long: `accountfactory gives out AWS accounts through Control Tower's Account Factory, and has a twin of AWS in the same
binary to rehearse on. Everything that talks to the twin creates nothing in AWS.`,
		Example: `  accountfactory serve
  eval "$(accountfactory env)" && aws organizations list-accounts
  accountfactory launch --name dev-1 --email dev-1@example.com --ou Sandbox \
      --sso-email ann@example.com --sso-first Ann --sso-last Archer --wait`,
		SilenceUsage: true, SilenceErrors: true,
	}
	root.SetFlagErrorFunc(func(c *cobra.Command, err error) error {
		return usageError("%w (see: %s --help)", err, c.CommandPath())
	})
	root.AddCommand(
		newServe(a), newTwin(a), newSetupRole(a), newDoctor(a), newBackup(a), newRestore(a), newLaunch(a), newCheck(a), newEnroll(a), newUpdate(a), newAccess(a), newRepair(a), newUnmanage(a), newClose(a),
		newRequests(a), newRequest(a), newQueue(a), newAudit(a), newEnv(a), newLab(a), newLogin(a), newLogout(a), newRoles(a), newCreds(a), newVersion(a),
		newHealth(a),
	)
	// Or cobra would refuse an unknown command by itself, with an error that is none of ours.
	root.Args = cobra.ArbitraryArgs
	usageArgs(root)
	return root
}

// usageArgs makes wrong arguments a usage error, throughout.
func usageArgs(c *cobra.Command) {
	check := c.Args
	if check == nil && !c.HasSubCommands() {
		check = cobra.NoArgs
	}
	if check != nil {
		c.Args = func(c *cobra.Command, args []string) error {
			if check(c, args) == nil {
				return nil
			}
			return usageError("%s (see: %s --help)", wrongArgs(c.Use, args), c.CommandPath())
		}
	}
	if c.HasSubCommands() && c.RunE == nil {
		c.RunE = func(c *cobra.Command, args []string) error {
			if len(args) > 0 {
				return unknownCommand(c, args[0])
			}
			return c.Help()
		}
	}
	for _, sub := range c.Commands() {
		usageArgs(sub)
	}
}

// wrongArgs says which argument of a command is missing, or one too many. Optional ones stand in brackets in its usage.
func wrongArgs(use string, args []string) string {
	want := strings.Fields(use)[1:]
	if len(args) > len(want) {
		return fmt.Sprintf("unexpected argument %q", args[len(want)])
	}
	return want[len(args)] + " is missing"
}

// unknownCommand names the commands that may have been meant.
func unknownCommand(c *cobra.Command, name string) error {
	c.SuggestionsMinimumDistance = 2
	meant := ""
	if near := c.SuggestionsFor(name); len(near) > 0 {
		meant = "did you mean " + strings.Join(near, " or ") + "? "
	}
	return usageError("unknown command %q (%ssee: %s --help)", name, meant, c.CommandPath())
}

// IsTerminal reports whether f is one. What cron gives for input is a device too, and nobody answers there.
func IsTerminal(f *os.File) bool {
	info, err := f.Stat()
	if err != nil || info.Mode()&os.ModeCharDevice == 0 {
		return false
	}
	null, err := os.Stat(os.DevNull)
	return err != nil || !os.SameFile(info, null)
}
