package cli

import (
	"strings"
	"text/tabwriter"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"accountfactory/internal/factory"
)

// change is a request about an account that exists: what launch has, and the account as its argument.
type change struct {
	launch
}

// kindCommand makes the command of a kind.
func kindCommand(a *app, kind factory.Kind, short, long, example string, flags func(*change, *pflag.FlagSet)) *cobra.Command {
	c := &change{launch: launch{app: a}}
	c.input.Kind = kind
	cmd := &cobra.Command{
		Use: string(kind) + " ACCOUNT", Short: short, Long: long + "\n\nACCOUNT is an id, an e-mail or a name. " + exitText, Example: example,
		Args: cobra.ExactArgs(1), RunE: func(cmd *cobra.Command, args []string) error { return c.run(cmd, args[0]) },
	}
	f := cmd.Flags()
	flags(c, f)
	c.extras.fieldFlag(f)
	f.StringVar(&c.input.Reason, "reason", "", "why, for the record")
	f.IntVar(&c.input.Priority, "priority", 0, "before others that wait, for operators")
	f.StringVar(&c.key, "idempotency-key", "", "the same command sent again with the same key is the same request")
	f.BoolVar(&c.wait, "wait", false, "wait until the request has ended")
	f.BoolVar(&c.dryRun, "dry-run", false, "check, and list what would be done, without doing it")
	if kind == factory.KindClose {
		c.sure.flags(cmd)
	}
	c.conn.flags(cmd)
	c.output.flag(f)
	return cmd
}

const exitText = "Everything is checked before anything is done; --dry-run\nstops after that. Exit codes: 0 done, 1 failed, 2 usage, 3 refused by a check, 4 cannot reach the server,\n5 it waits for a person."

func (c *change) run(cmd *cobra.Command, account string) error {
	if err := c.app.fillFlags(cmd.Flags(), ""); err != nil {
		return err
	}
	c.input.Account = account
	if err := c.extras.into(&c.input); err != nil {
		return err
	}
	api, err := c.app.connect(cmd, &c.conn)
	if err != nil {
		return err
	}
	return c.one(cmd, api)
}

// one submits the one input, or checks it.
func (l *launch) one(cmd *cobra.Command, api *client) error {
	if l.dryRun {
		return l.check(cmd.Context(), api, []factory.Input{l.input})
	}
	if err := l.confirm(cmd.Context(), api, []factory.Input{l.input}); err != nil {
		return err
	}
	d, err := l.submit(cmd.Context(), api, l.input)
	if err != nil {
		return err
	}
	if !l.wait {
		return l.app.print(l.output, d, func(w *tabwriter.Writer) {
			row(w, "Request "+d.ID+" is "+state(d)+". Follow it with: accountfactory request show "+d.ID+l.conn.again())
		})
	}
	return l.follow(cmd.Context(), api, d.ID)
}

// state is where a request is, and why where it waits.
func state(d factory.Detail) string {
	if why := note(d); why != "" && d.State == factory.StateWaiting {
		return string(d.State) + " (" + why + ")"
	}
	return string(d.State)
}

// owner are the flags that name an SSO user.
func (c *change) owner(f *pflag.FlagSet) {
	f.StringVar(&c.input.SSOUserEmail, "sso-email", "", "e-mail of the SSO user who administers the account; one who exists is reused")
	f.StringVar(&c.input.SSOUserFirstName, "sso-first", "", "first name, for a user who does not exist")
	f.StringVar(&c.input.SSOUserLastName, "sso-last", "", "last name, for a user who does not exist")
}

func (c *change) ou(f *pflag.FlagSet, usage string) {
	f.StringVar(&c.input.OU, "ou", "", usage+": path, name or id")
}

func newUpdate(a *app) *cobra.Command {
	return kindCommand(a, factory.KindUpdate, "Move an account, or give it another SSO user, name or e-mail",
		`update moves an enrolled account to another organizational unit, gives it another SSO user, or both. AWS leaves the former
user's access; --remove-old-access takes it away once the new user has theirs. Any account can get another name and e-mail; for
the e-mail AWS mails a code to the new address, and the request waits for it: accountfactory request answer.`,
		`  accountfactory update dev-1 --ou Workloads/Dev --wait
  accountfactory update dev-1 --new-name dev-one --new-email dev-one@example.com
  accountfactory update 123456789012 --sso-email ben@example.com --sso-first Ben --sso-last Baker --remove-old-access`,
		func(c *change, f *pflag.FlagSet) {
			c.ou(f, "organizational unit to move to")
			c.owner(f)
			f.StringVar(&c.input.NewName, "new-name", "", "what the account is to be called")
			f.StringVar(&c.input.NewEmail, "new-email", "", "e-mail of its root user; somebody gives the code that AWS mails there")
			f.BoolVar(&c.input.RemoveOldAccess, "remove-old-access", false, "the former SSO user loses administrator access")
		})
}

func newEnroll(a *app) *cobra.Command {
	return kindCommand(a, factory.KindEnroll, "Bring an account of the organization under Control Tower",
		`enroll brings an account that is in the organization under Control Tower. The account needs the role
AWSControlTowerExecution, which trusts the management account, and no AWS Config recorder of its own.`,
		"  accountfactory enroll old-one@example.com --ou Sandbox --sso-email ann@example.com --sso-first Ann --sso-last Archer --wait",
		func(c *change, f *pflag.FlagSet) {
			c.ou(f, "organizational unit it goes to")
			c.owner(f)
			c.extras.flags(f)
		})
}

func newUnmanage(a *app) *cobra.Command {
	return kindCommand(a, factory.KindUnmanage, "Take an account out of Control Tower's care, without closing it",
		`unmanage terminates the account's provisioned product: what Control Tower put there is removed, and the account goes to the
root and stays open. Its users keep their access.`,
		"  accountfactory unmanage dev-1 --dry-run\n  accountfactory unmanage 123456789012 --wait", func(*change, *pflag.FlagSet) {})
}

func newClose(a *app) *cobra.Command {
	return kindCommand(a, factory.KindClose, "Close an account, unmanaged first where it is enrolled",
		`close closes an account for good: only AWS Support can reopen it, within 90 days, and its e-mail cannot be used again. With
--cool-off it begins later, and cancelling the request undoes it until then. An account that is closed already is fine. On AWS
itself it asks for the account's name first; scripts say --yes --organization.`,
		"  accountfactory close dev-1 --cool-off 72h\n  accountfactory request cancel req-7k2m9wq4xtzc", func(c *change, f *pflag.FlagSet) {
			f.StringVar(&c.input.CoolOff, "cool-off", "", "how long it can be undone, such as 72h; 0s begins at once")
		})
}

func newRepair(a *app) *cobra.Command {
	return kindCommand(a, factory.KindRepair, "Complete an account whose product is in ERROR or TAINTED",
		"repair updates the account's provisioned product with the values it has: what is half done is completed, and nothing needs\nto be changed for it.",
		"  accountfactory repair dev-1 --wait\n  accountfactory repair 123456789012 --ou Sandbox", func(c *change, f *pflag.FlagSet) {
			c.ou(f, "organizational unit, where the account never got to its own")
			c.owner(f)
		})
}

func newAccess(a *app) *cobra.Command {
	return kindCommand(a, factory.KindAccess, "Give groups and users permission sets on an account, or take them away",
		`access adds and removes assignments in IAM Identity Center, and sees that they are there. It occupies none of Control Tower's
account operations, so it does not wait for launches.`,
		`  accountfactory access dev-1 --grant group:Developers=AWSPowerUserAccess --wait
  accountfactory access dev-1 --revoke user:ann@example.com=AWSAdministratorAccess`,
		func(c *change, f *pflag.FlagSet) {
			f.StringArrayVar(&c.extras.grants, "grant", nil, "group:NAME=PERMISSION-SET or user:EMAIL=PERMISSION-SET; may be repeated")
			f.StringArrayVar(&c.extras.revokes, "revoke", nil, "the same, to take away")
		})
}

// newCheck checks a request of any kind without submitting it.
func newCheck(a *app) *cobra.Command {
	cmd := newLaunch(a)
	cmd.Use, cmd.Short, cmd.Args = "check", "Check an account, a file of accounts, or a change of one, before asking for it", cobra.NoArgs
	cmd.Long = "check runs the checks of a launch and lists what would be done, without doing it; check KIND ACCOUNT does so for the other kinds of\nrequests, as their --dry-run does. " +
		"Exit codes: 0 all pass, 2 usage, 3 a check fails, 4 cannot reach the server."
	cmd.Example = `  accountfactory check -f accounts.yaml
  accountfactory check --name dev-1 --email dev-1@example.com --ou Sandbox --sso-email ann@example.com --sso-first Ann --sso-last Archer
  accountfactory check close dev-1`
	dryOnly(cmd)
	for _, change := range []func(*app) *cobra.Command{newEnroll, newUpdate, newAccess, newRepair, newUnmanage, newClose} {
		sub := change(a)
		sub.Short, sub.Long = "Check this: "+sub.Short, ""
		sub.Example = "  accountfactory check " + strings.Replace(sub.Use, "ACCOUNT", "dev-1", 1)
		dryOnly(sub)
		cmd.AddCommand(sub)
	}
	return cmd
}

// dryOnly makes a command check and nothing else.
func dryOnly(cmd *cobra.Command) {
	for _, flag := range []string{"wait", "dry-run", "idempotency-key", "yes", "organization"} {
		_ = cmd.Flags().MarkHidden(flag) // where the kind has it
	}
	run := cmd.RunE
	cmd.RunE = func(cmd *cobra.Command, args []string) error {
		if err := cmd.Flags().Set("dry-run", "true"); err != nil {
			return err
		}
		return run(cmd, args)
	}
}
