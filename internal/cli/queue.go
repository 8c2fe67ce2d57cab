package cli

import (
	"net/http"
	"strconv"
	"text/tabwriter"

	"github.com/spf13/cobra"

	"accountfactory/internal/factory"
)

func newQueue(a *app) *cobra.Command {
	var c connection
	cmd := &cobra.Command{
		Use: "queue", Short: "Show the queue, pause, drain or resume it, change its limit",
		Example: "  accountfactory queue show\n  accountfactory queue pause && accountfactory queue resume\n  accountfactory queue limit 5",
	}
	c.flags(cmd)
	mode := func(m factory.Mode) func([]string) (any, error) {
		return func([]string) (any, error) { return map[string]any{"mode": m}, nil }
	}
	cmd.AddCommand(
		queueCommand(a, &c, "show", "Show what runs, what waits, and how long one takes", cobra.NoArgs, nil),
		queueCommand(a, &c, "pause", "Start nothing more; what runs goes on, new requests wait", cobra.NoArgs, mode(factory.ModePaused)),
		queueCommand(a, &c, "drain", "Start nothing more and refuse new requests; what runs goes on", cobra.NoArgs, mode(factory.ModeDraining)),
		queueCommand(a, &c, "resume", "Go on after pause or drain", cobra.NoArgs, mode(factory.ModeOpen)),
		queueCommand(a, &c, "limit N", "Change how many account operations run at once", cobra.ExactArgs(1), func(args []string) (any, error) {
			n, err := strconv.Atoi(args[0])
			if err != nil {
				return nil, usageError("%q is not a number", args[0])
			}
			return map[string]any{"limit": n}, nil
		}),
	)
	return cmd
}

// queueCommand makes one of them; change gives the body to send, nil only looks.
func queueCommand(a *app, c *connection, use, short string, check cobra.PositionalArgs, change func([]string) (any, error)) *cobra.Command {
	var out format
	cmd := &cobra.Command{Use: use, Short: short, Example: "  accountfactory queue " + use, Args: check, RunE: func(cmd *cobra.Command, args []string) error {
		method, body := http.MethodGet, any(nil)
		if change != nil {
			var err error
			if body, err = change(args); err != nil {
				return err
			}
			method = http.MethodPut
		}
		api, err := a.connect(cmd, c)
		if err != nil {
			return err
		}
		var q factory.QueueView
		if err := (&launch{app: a}).refusal(api.call(cmd.Context(), method, "/api/v1/queue", body, &q)); err != nil {
			return err
		}
		return a.print(out, q, func(w *tabwriter.Writer) { queueTable(w, q) })
	}}
	out.flag(cmd.Flags())
	return cmd
}

func queueTable(w *tabwriter.Writer, q factory.QueueView) {
	state := string(q.Mode)
	if q.Drained {
		state += ", nothing runs"
	}
	if q.ModeBy != "" {
		state += " (" + q.ModeBy + ", " + q.ModeAt.Local().Format("2006-01-02 15:04:05") + ")"
	}
	row(w, "Queue", state)
	row(w, "Account operations", strconv.Itoa(q.Running)+" of "+strconv.Itoa(q.Limit))
	row(w, "Waiting", strconv.Itoa(q.Waiting))
	row(w, "One usually takes", q.Usual)
	if !q.NextStart.IsZero() {
		row(w, "Next begins about", q.NextStart.Local().Format("15:04:05"))
	}
}
