package cli

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/config"
	"github.com/spf13/cobra"

	"accountfactory/internal/cloud"
	"accountfactory/internal/scenario"
	"accountfactory/internal/server"
)

// labCommand is what the lab's subcommands share.
type labCommand struct {
	app  *app
	data string
}

func newLab(a *app) *cobra.Command {
	l := &labCommand{app: a}
	cmd := &cobra.Command{
		Use:   "lab",
		Short: "Move the twin's clock, break it on purpose, put it back",
		Long:  "lab does to a running twin what nobody can do to AWS. Answers are JSON.",
		Example: `  accountfactory lab reset
  accountfactory lab clock advance 2160h
  accountfactory lab fault arm --kind throttle --service organizations --count 3
  accountfactory lab events`,
	}
	cmd.PersistentFlags().StringVar(&l.data, "data", "data", "data folder of the server")
	cmd.AddCommand(
		l.call("status", "Show the twin's settings and time", http.MethodGet, "/_twin/status", nil),
		l.back(l.call("reset", "Put the twin back to the start state", http.MethodPost, "/_twin/reset", nil)),
		l.named("snapshot NAME", "Keep the present state under a name", "/_twin/snapshot"),
		l.back(l.named("restore NAME", "Put back a state kept earlier", "/_twin/restore")),
		l.clock(), l.fault(), l.condition(), l.scenario(),
		l.call("failures", "List the known failures, by the names that arm them", http.MethodGet, "/_twin/failures", nil),
		l.call("drift", "List what has drifted", http.MethodGet, "/_twin/drift", nil),
		l.call("events", "List the lifecycle events", http.MethodGet, "/_twin/events", nil),
		l.call("outbox", "List the mails", http.MethodGet, "/_twin/outbox", nil),
		l.call("deliver", "Let mails and webhooks go out that a restore holds", http.MethodPost, "/_twin/outbox/deliver", nil),
		l.call("operations", "List what is under way", http.MethodGet, "/_twin/operations", nil),
		l.release(), l.explain(),
	)
	return cmd
}

// call is a command without arguments that makes one call; under names the command above it, if not lab itself.
func (l *labCommand) call(use, short, method, path string, body any, under ...string) *cobra.Command {
	example := "  " + strings.Join(append(append([]string{"accountfactory", "lab"}, under...), use), " ")
	return &cobra.Command{Use: use, Short: short, Example: example, RunE: func(cmd *cobra.Command, _ []string) error {
		return l.do(cmd, method, path, body)
	}}
}

func (l *labCommand) named(use, short, path string) *cobra.Command {
	verb, _, _ := strings.Cut(use, " ")
	return &cobra.Command{Use: use, Short: short, Example: "  accountfactory lab " + verb + " before-lunch", Args: cobra.ExactArgs(1), RunE: func(cmd *cobra.Command, args []string) error {
		return l.do(cmd, http.MethodPost, path, map[string]string{"name": args[0]})
	}}
}

// requestsStaying is what to know of them where a factory runs beside the twin.
const requestsStaying = "The factory's requests stay: they go on telling of accounts that are gone, whose e-mails a launch does not take again."

// back is for a command that puts the twin back to a state from before: it leaves what is not the twin's as it is.
func (l *labCommand) back(cmd *cobra.Command) *cobra.Command {
	cmd.Long = cmd.Short + ". Accounts, users and passwords made since are gone.\n" + requestsStaying
	run := cmd.RunE
	cmd.RunE = func(cmd *cobra.Command, args []string) error {
		if err := run(cmd, args); err != nil {
			return err
		}
		l.requestsStay(cmd.Context())
		return nil
	}
	return cmd
}

// requestsStay says so once it is done; a twin alone has none.
func (l *labCommand) requestsStay(ctx context.Context) {
	ready, err := server.Find(l.data)
	if err != nil {
		return
	}
	if _, err := (&client{base: address(ready), http: &http.Client{}}).ask(ctx); err == nil {
		_, _ = fmt.Fprintln(l.app.streams.Err, requestsStaying) // it is done, whether this is read or not
	}
}

func (l *labCommand) release() *cobra.Command {
	const example = "  accountfactory lab operations\n  accountfactory lab release 5f2b8a1e-0c4d-4e6f-9a3b-7d1c2e4f6a80"
	return &cobra.Command{Use: "release ID", Short: "Let a stuck operation go on", Example: example, Args: cobra.ExactArgs(1), RunE: func(cmd *cobra.Command, args []string) error {
		return l.do(cmd, http.MethodPost, "/_twin/operations/"+url.PathEscape(args[0])+"/release", nil)
	}}
}

func (l *labCommand) clock() *cobra.Command {
	cmd := &cobra.Command{Use: "clock", Short: "Read, advance or freeze the twin's clock", Example: "  accountfactory lab clock advance 2160h"}
	cmd.AddCommand(
		l.call("show", "Show the twin's time", http.MethodGet, "/_twin/clock", nil, "clock"),
		l.call("freeze", "Stop the clock", http.MethodPost, "/_twin/clock", map[string]bool{"freeze": true}, "clock"),
		l.call("run", "Let the clock run on from the time it shows", http.MethodPost, "/_twin/clock", map[string]bool{"freeze": false}, "clock"),
		&cobra.Command{Use: "advance DURATION", Short: "Move the clock ahead, such as 90m or 2160h", Example: "  accountfactory lab clock advance 90m", Args: cobra.ExactArgs(1), RunE: func(cmd *cobra.Command, args []string) error {
			if _, err := time.ParseDuration(args[0]); err != nil {
				return usageError("%q is no duration: want 90m, 24h or the like", args[0])
			}
			return l.do(cmd, http.MethodPost, "/_twin/clock", map[string]string{"advance": args[0]})
		}},
	)
	return cmd
}

func (l *labCommand) fault() *cobra.Command {
	cmd := &cobra.Command{Use: "fault", Short: "Arm, list and disarm faults", Example: "  accountfactory lab fault arm --kind throttle --service organizations --count 3"}
	var f scenario.Fault
	arm := &cobra.Command{
		Use: "arm", Short: "Arm a fault",
		Long: `arm makes something go wrong on purpose. Every flag given must match for the fault to strike. Kinds that strike API calls:
throttle, error, cut-before, cut-after, kill-before, kill-after, delay. Kinds that strike a step of an operation over time,
such as organizations CreateAccount or a Control Tower account: fail, stuck, and with --step also the kill kinds.`,
		Example: `  accountfactory lab fault arm --name F16 --email dev-1@example.com
  accountfactory lab fault arm --kind fail --service organizations --operation CreateAccount --reason ACCOUNT_LIMIT_EXCEEDED --count 1
  accountfactory lab fault arm --kind stuck --service controltower --step baseline --count 1`,
		RunE: func(cmd *cobra.Command, _ []string) error {
			if f.Kind == "" && f.Name == "" {
				return usageError("--kind or --name: say what goes wrong (see: %s --help)", cmd.CommandPath())
			}
			return l.do(cmd, http.MethodPost, "/_twin/faults", f)
		},
	}
	flags := arm.Flags()
	flags.StringVar(&f.Name, "name", "", "a known failure, F1 to F28 (see: lab failures), instead of a kind")
	flags.StringVar(&f.Kind, "kind", "", "what goes wrong")
	flags.StringVar(&f.Code, "code", "", "error code, for fail and error")
	flags.StringVar(&f.Service, "service", "", "service it strikes, such as organizations")
	flags.StringVar(&f.Operation, "operation", "", "API call or operation over time, such as CreateAccount")
	flags.StringVar(&f.Step, "step", "", "step of an operation over time, such as baseline; \"*\" for any")
	flags.StringVar(&f.Account, "account", "", "account id")
	flags.StringVar(&f.Email, "email", "", "account email")
	flags.StringVar(&f.Reason, "reason", "", "failure reason or message, for fail")
	flags.DurationVar(&f.Delay, "delay", 0, "how late the answer comes, for delay")
	flags.IntVar(&f.Count, "count", 0, "how often it strikes (default: until disarmed)")
	flags.IntVar(&f.Skip, "skip", 0, "how many matches it lets pass first")
	flags.Float64Var(&f.Probability, "probability", 0, "of striking at a match (default: always)")
	cmd.AddCommand(arm,
		l.call("list", "List what is armed", http.MethodGet, "/_twin/faults", nil, "fault"),
		&cobra.Command{Use: "disarm ID", Short: "Disarm a fault", Example: "  accountfactory lab fault disarm fault-x7k2m9qd", Args: cobra.ExactArgs(1), RunE: func(cmd *cobra.Command, args []string) error {
			return l.do(cmd, http.MethodDelete, "/_twin/faults/"+url.PathEscape(args[0]), nil)
		}},
	)
	return cmd
}

// do makes a call and prints the answer, indented.
func (l *labCommand) do(cmd *cobra.Command, method, path string, body any) error {
	if err := l.app.fillFlags(cmd.Flags(), ""); err != nil {
		return err
	}
	client, err := l.client(cmd)
	if err != nil {
		return err
	}
	var answer any
	if err := client.Do(cmd.Context(), method, path, body, &answer); err != nil {
		return err
	}
	out := json.NewEncoder(l.app.streams.Out)
	out.SetIndent("", "  ")
	return out.Encode(answer)
}

// client signs with the data folder's management profile.
func (l *labCommand) client(cmd *cobra.Command) (*cloud.Lab, error) {
	ready, path, err := findTwin(l.data)
	if err != nil {
		return nil, err
	}
	cfg, err := config.LoadDefaultConfig(cmd.Context(), config.WithSharedCredentialsFiles([]string{path}), config.WithSharedConfigFiles(nil),
		config.WithSharedConfigProfile(server.ManagementProfile), config.WithRegion(ready.Region))
	if err != nil {
		return nil, err
	}
	return &cloud.Lab{Endpoint: ready.AWS, Region: ready.Region, Credentials: cfg.Credentials}, nil
}
