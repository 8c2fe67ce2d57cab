package cli

import (
	"net/http"
	"strconv"
	"strings"
	"text/tabwriter"
	"time"

	"github.com/spf13/cobra"

	"accountfactory/internal/clock"
	"accountfactory/internal/factory"
)

func newQueue(a *app) *cobra.Command {
	var c connection
	cmd := &cobra.Command{
		Use: "queue", Short: "Show the queue, pause, drain or resume it, change its limit and its daily cap",
		Example: "  accountfactory queue show\n  accountfactory queue pause && accountfactory queue resume\n  accountfactory queue limit 5\n  accountfactory queue limit auto 10",
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
		queueCommand(a, &c, "limit N|auto [QUOTA]", "Change how many account operations run at once; auto is AWS's quota less what others have in flight", cobra.RangeArgs(1, 2), limitBody),
		queueCommand(a, &c, "cap N|off", "Change how many new accounts are begun in a day (UTC)", cobra.ExactArgs(1), func(args []string) (any, error) {
			if args[0] == "off" {
				return map[string]any{"dailyCap": 0}, nil
			}
			n, err := strconv.Atoi(args[0])
			if err != nil || n < 1 { // to the server 0 is off
				return nil, usageError("%q is neither a number from 1 on nor off; queue pause lets none begin", args[0])
			}
			return map[string]any{"dailyCap": n}, nil
		}),
	)
	return cmd
}

// limitBody is what queue limit sends.
func limitBody(args []string) (any, error) {
	numbers := make([]int, len(args))
	for i, text := range args {
		n, err := strconv.Atoi(text)
		if err != nil && (i > 0 || text != "auto") {
			return nil, usageError("limit: %q is no number: give one, such as 5, or auto", text)
		}
		numbers[i] = n
	}
	switch {
	case args[0] == "auto" && len(args) == 2:
		return map[string]any{"limit": "auto", "quota": numbers[1]}, nil
	case args[0] == "auto":
		return map[string]any{"limit": "auto"}, nil
	case len(args) == 2:
		return nil, usageError("a quota goes with auto")
	}
	return map[string]any{"limit": numbers[0]}, nil
}

// queueCommand makes one of them; change gives the body to send, nil only looks.
func queueCommand(a *app, c *connection, use, short string, check cobra.PositionalArgs, change func([]string) (any, error)) *cobra.Command {
	var out format
	cmd := &cobra.Command{Use: use, Short: short, Example: "  accountfactory queue " + strings.NewReplacer("N|auto [QUOTA]", "auto 5", "N|off", "10").Replace(use), Args: check, RunE: func(cmd *cobra.Command, args []string) error {
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
		if err := a.refusal(api.call(cmd.Context(), method, "/api/v1/queue", body, &q)); err != nil {
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
		state += " (" + q.ModeBy + ", " + q.ModeAt.Local().Format(time.DateTime) + ")"
	}
	row(w, "Queue", state)
	limit := strconv.Itoa(q.Running) + " of " + strconv.Itoa(q.Limit)
	if q.Auto {
		limit += ", what others leave of " + strconv.Itoa(q.Quota)
	}
	row(w, "Account operations", limit)
	if q.DailyCap > 0 {
		row(w, "New accounts today", strconv.Itoa(q.Begun)+" of "+strconv.Itoa(q.DailyCap)+" (UTC)")
	}
	row(w, "Waiting", strconv.Itoa(q.Waiting))
	row(w, "One usually takes", q.Usual)
	if !q.NextStart.IsZero() {
		row(w, "Next begins about", soon(q.NextStart, clock.Wall{}.Now()))
	}
}
