package cli

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"text/tabwriter"

	"github.com/spf13/cobra"

	"accountfactory/internal/factory"
)

// launch is what the command was asked for.
type launch struct {
	app    *app
	conn   connection
	input  factory.Input
	extras extras
	file   string
	wait   bool
	dryRun bool
	key    string // idempotency key
	output format
	sure   confirmation
	typed  *bufio.Reader // of the terminal; see reader
}

func newLaunch(a *app) *cobra.Command {
	l := &launch{app: a}
	cmd := &cobra.Command{
		Use:   "launch",
		Short: "Ask for a new account, or for a list of them",
		Long: `launch asks the factory for a new account. What is missing is asked for on a terminal. Everything is checked before
anything is created; --dry-run stops after that and lists what would be done. The command returns once the request is safe
with the server; with --wait, once it has ended. On AWS itself it asks for the account's name first; scripts say --yes --organization.

Exit codes: 0 done, 1 failed, 2 usage, 3 refused by a check, 4 cannot reach the server,
5 it waits for a person.`,
		Example: `  accountfactory launch --name dev-1 --email dev-1@example.com --ou Sandbox \
      --sso-email ann@example.com --sso-first Ann --sso-last Archer --wait
  accountfactory launch -f accounts.yaml --dry-run
  accountfactory launch --name dev-2 --email dev-2@example.com --ou Sandbox --sso-email ann@example.com --sso-first Ann \
      --sso-last Archer --tag team=red --contact 'security;Sue Safe;CISO;sec@example.com;+1 555 0100' \
      --grant group:Developers=AWSPowerUserAccess --field ticket=ABC-1`,
		RunE: func(cmd *cobra.Command, _ []string) error { return l.run(cmd) },
	}
	f := cmd.Flags()
	f.StringVar(&l.input.Name, "name", "", "name of the account")
	f.StringVar(&l.input.AccountEmail, "email", "", "e-mail of the account's root user; no AWS account may have it")
	f.StringVar(&l.input.OU, "ou", "", "organizational unit: its path, name or id")
	f.StringVar(&l.input.SSOUserEmail, "sso-email", "", "e-mail of the account's owner; an existing SSO user is reused")
	f.StringVar(&l.input.SSOUserFirstName, "sso-first", "", "first name of the owner")
	f.StringVar(&l.input.SSOUserLastName, "sso-last", "", "last name of the owner")
	l.extras.flags(f)
	l.extras.fieldFlag(f)
	f.StringVar(&l.input.Reason, "reason", "", "why, for the record")
	f.StringVar(&l.input.Region, "region", "", "Region you expect the factory in; another one is refused")
	f.StringSliceVar(&l.input.TagOptions, "tag-option", nil, "refused: Account Factory fails with TagOptions")
	f.StringSliceVar(&l.input.NotificationARNs, "notification-arn", nil, "refused: Account Factory fails with notifications")
	f.BoolVar(&l.input.Plan, "plan", false, "refused: Account Factory never finishes with a plan")
	for _, name := range []string{"tag-option", "notification-arn", "plan"} {
		_ = f.MarkHidden(name) // exists: added above
	}
	f.StringVarP(&l.file, "file", "f", "", "YAML file with a list of accounts; fields are named like the flags")
	f.StringVar(&l.key, "idempotency-key", "", "the same command sent again with the same key is the same request")
	f.IntVar(&l.input.Priority, "priority", 0, "before others that wait, for operators")
	f.BoolVar(&l.wait, "wait", false, "wait until the request has ended")
	f.BoolVar(&l.dryRun, "dry-run", false, "check, and list what would be done, without doing it")
	l.sure.flags(cmd)
	l.conn.flags(cmd)
	l.output.flag(f)
	return cmd
}

func (l *launch) run(cmd *cobra.Command) error {
	if err := l.app.fillFlags(cmd.Flags(), ""); err != nil {
		return err
	}
	inputs, err := l.inputs()
	if err != nil {
		return err
	}
	api, err := l.app.connect(cmd, &l.conn)
	if err != nil {
		return err
	}
	if l.file != "" && l.dryRun {
		return l.check(cmd.Context(), api, inputs)
	}
	if l.file != "" {
		if err := l.confirm(cmd.Context(), api, inputs); err != nil {
			return err
		}
		return l.submitAll(cmd.Context(), api, inputs)
	}
	l.input = inputs[0]
	return l.one(cmd, api)
}

// inputs are the accounts asked for: those of the file, or the one of the flags, with what is missing asked for.
func (l *launch) inputs() ([]factory.Input, error) {
	if l.file != "" {
		return l.fileInputs()
	}
	if l.app.streams.Terminal {
		if err := l.ask(); err != nil {
			return nil, err
		}
	}
	if err := l.extras.into(&l.input); err != nil {
		return nil, err
	}
	return []factory.Input{l.input}, nil
}

// fileInputs are the accounts of the file. Flags for one account do not go with it; those on how to launch, and those
// that are there to be refused, count for every account.
func (l *launch) fileInputs() ([]factory.Input, error) {
	if l.input.Parameters != (factory.Parameters{}) || l.input.Reason != "" || l.extras.given() {
		return nil, usageError("--file: give either a file or the fields of one account")
	}
	inputs, err := readAccounts(l.file)
	for i := range inputs {
		in := &inputs[i]
		in.Priority = l.input.Priority
		in.Region, in.TagOptions, in.NotificationARNs, in.Plan = l.input.Region, l.input.TagOptions, l.input.NotificationARNs, l.input.Plan
	}
	return inputs, err
}

// ask prompts for each of the six fields that is missing.
func (l *launch) ask() error {
	in := l.reader()
	for _, f := range []struct {
		value  *string
		prompt string
	}{
		{&l.input.Name, "Account name"},
		{&l.input.AccountEmail, "Account e-mail"},
		{&l.input.OU, "Organizational unit"},
		{&l.input.SSOUserEmail, "Owner's e-mail"},
		{&l.input.SSOUserFirstName, "Owner's first name"},
		{&l.input.SSOUserLastName, "Owner's last name"},
	} {
		if *f.value != "" {
			continue
		}
		if _, err := fmt.Fprintf(l.app.streams.Err, "%s: ", f.prompt); err != nil {
			return err
		}
		line, err := in.ReadString('\n')
		if err != nil {
			return usageError("%s: nothing was typed", f.prompt)
		}
		*f.value = strings.TrimSpace(line)
	}
	return nil
}

func (l *launch) submit(ctx context.Context, api *client, in factory.Input) (factory.Detail, error) {
	d, err := l.send(ctx, api, in)
	return d, l.app.refusal(err)
}

// submittedBefore gives the request of an account that checks refuse, where it was submitted under the same key: else they refuse it
// here too, and nothing is done.
func (l *launch) submittedBefore(ctx context.Context, api *client, in factory.Input) (factory.Detail, error) {
	if l.key == "" {
		return factory.Detail{}, nil
	}
	d, err := l.send(ctx, api, in)
	var refused *apiError
	ofKey := func(c factory.Check) bool { return c.Name == factory.CheckKey }
	if errors.As(err, &refused) && refused.status == http.StatusUnprocessableEntity && !slices.ContainsFunc(refused.Checks, ofKey) {
		return factory.Detail{}, nil
	}
	return d, l.app.refusal(err)
}

func (l *launch) send(ctx context.Context, api *client, in factory.Input) (factory.Detail, error) {
	var d factory.Detail
	header := map[string]string{}
	switch {
	case l.key != "" && l.file != "": // each account of a file has one of its own
		header["Idempotency-Key"] = l.key + ":" + factory.EmailKey(in.AccountEmail)
	case l.key != "":
		header["Idempotency-Key"] = l.key
	}
	return d, api.callWith(ctx, http.MethodPost, "/api/v1/requests", header, in, &d)
}

// check makes the dry run of every account.
func (l *launch) check(ctx context.Context, api *client, inputs []factory.Input) error {
	plans := make([]factory.Plan, len(inputs))
	failed := false
	for i, in := range inputs {
		if err := l.app.refusal(api.call(ctx, http.MethodPost, "/api/v1/checks", in, &plans[i])); err != nil {
			return err
		}
		failed = failed || !passed(plans[i])
	}
	var shown any = plans
	if l.file == "" {
		shown = plans[0]
	}
	if err := l.app.print(l.output, shown, func(w *tabwriter.Writer) { planTable(w, inputs, plans) }); err != nil {
		return err
	}
	if failed {
		return &exitError{code: exitRefused}
	}
	return nil
}

func passed(p factory.Plan) bool {
	for _, c := range p.Checks {
		if c.Result == factory.CheckFailed {
			return false
		}
	}
	return true
}

// submitAll checks the whole list before it submits the first. Accounts that were submitted under the same key before are there.
func (l *launch) submitAll(ctx context.Context, api *client, inputs []factory.Input) error {
	all := make([]factory.Detail, len(inputs))
	for i, in := range inputs {
		var plan factory.Plan
		if err := l.app.refusal(api.call(ctx, http.MethodPost, "/api/v1/checks", in, &plan)); err != nil {
			return err
		}
		if passed(plan) {
			continue
		}
		there, err := l.submittedBefore(ctx, api, in)
		if err != nil {
			return fmt.Errorf("%s: account %d (%s): %w", l.file, i+1, in.AccountEmail, err)
		}
		if all[i] = there; there.ID == "" {
			planTableTo(l.app.streams.Err, inputs[i:i+1], []factory.Plan{plan})
			return &exitError{exitRefused, fmt.Errorf("%s: account %d (%s) is refused; none was submitted", l.file, i+1, in.AccountEmail)}
		}
	}
	for i, in := range inputs {
		if all[i].ID != "" {
			continue
		}
		d, err := l.submit(ctx, api, in)
		if err != nil {
			return fmt.Errorf("%s: account %d (%s), after %d were submitted: %w", l.file, i+1, in.AccountEmail, i, err)
		}
		all[i] = d
	}
	if l.wait {
		return l.followAll(ctx, api, all)
	}
	return l.app.print(l.output, all, func(w *tabwriter.Writer) { requestTable(w, all) })
}
