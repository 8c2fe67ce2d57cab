package cli

import (
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"text/tabwriter"
	"time"

	"github.com/spf13/cobra"

	"accountfactory/internal/clock"
	"accountfactory/internal/factory"
)

func newRequests(a *app) *cobra.Command {
	var c connection
	var out format
	cmd := &cobra.Command{
		Use:     "requests",
		Short:   "List the requests, ended ones too",
		Example: "  accountfactory requests\n  accountfactory requests -o json | jq '.[] | select(.state == \"failed\")'",
		RunE: func(cmd *cobra.Command, _ []string) error {
			api, err := a.connect(cmd, &c)
			if err != nil {
				return err
			}
			var got struct{ Requests []factory.Detail }
			if err := api.call(cmd.Context(), http.MethodGet, "/api/v1/requests", nil, &got); err != nil {
				return err
			}
			return a.print(out, got.Requests, func(w *tabwriter.Writer) { requestTable(w, got.Requests) })
		},
	}
	c.flags(cmd)
	out.flag(cmd.Flags())
	return cmd
}

func requestTable(w *tabwriter.Writer, all []factory.Detail) {
	if len(all) == 0 {
		_, _ = fmt.Fprintln(w, "No requests yet. Make one with: accountfactory launch") // Flush reports what went wrong
		return
	}
	row(w, "ID", "KIND", "STATE", "ACCOUNT", "EMAIL", "NAME", "CREATED", "NOTE")
	for _, r := range all {
		row(w, r.ID, string(r.Kind), string(r.State), r.AccountID, r.AccountEmail, r.Name, r.CreatedAt.Local().Format("2006-01-02 15:04"), note(r))
	}
}

// note says in a few words why a request is where it is.
func note(r factory.Detail) string {
	switch {
	case r.Position > 0:
		start := ""
		if !r.ExpectedStart.IsZero() {
			start = ", to begin about " + soon(r.ExpectedStart, clock.Wall{}.Now())
		}
		return fmt.Sprintf("position %d%s: waits for %s", r.Position, start, r.WaitingFor)
	case r.ErrorMessage != "":
		return r.ErrorMessage
	case r.State == factory.StateRunning:
		return "step " + r.Step
	case r.WaitingFor != "":
		return "waits for " + r.WaitingFor
	}
	return ""
}

func newRequest(a *app) *cobra.Command {
	var c connection
	cmd := &cobra.Command{
		Use: "request", Short: "Show, answer, retry or cancel one request",
		Example: "  accountfactory request show req-7k2m9wq4xtzc\n  accountfactory request retry req-7k2m9wq4xtzc",
	}
	c.flags(cmd)
	cmd.AddCommand(
		requestCommand(a, &c, "show ID", "Show a request with its timeline", http.MethodGet, ""),
		requestCommand(a, &c, "retry ID", "Go on with a failed request from the step that failed", http.MethodPost, "/retry"),
		answerCommand(a, &c),
		hookCommand(a, &c),
		requestCommand(a, &c, "cancel ID", "Cancel a request; one at work in AWS ends when that work ends", http.MethodPost, "/cancel"),
	)
	return cmd
}

func requestCommand(a *app, c *connection, use, short, method, action string) *cobra.Command {
	var out format
	example := "  accountfactory request " + strings.Replace(use, "ID", "req-7k2m9wq4xtzc", 1)
	cmd := &cobra.Command{Use: use, Short: short, Example: example, Args: cobra.ExactArgs(1), RunE: func(cmd *cobra.Command, args []string) error {
		api, err := a.connect(cmd, c)
		if err != nil {
			return err
		}
		var d factory.Detail
		if err := a.refusal(api.call(cmd.Context(), method, "/api/v1/requests/"+url.PathEscape(args[0])+action, nil, &d)); err != nil {
			return err
		}
		return a.print(out, d, func(w *tabwriter.Writer) { detailTable(w, d, c.again()) })
	}}
	out.flag(cmd.Flags())
	return cmd
}

// detailTable shows a request; again is how its server is found again.
func detailTable(w *tabwriter.Writer, d factory.Detail, again string) {
	row(w, "Request", d.ID+" ("+string(d.Kind)+")")
	row(w, "State", string(d.State))
	row(w, "Account", strings.TrimSpace(d.AccountID+" "+d.Name))
	row(w, "Email", d.AccountEmail)
	if d.OU != "" {
		row(w, "Organizational unit", d.OU)
	}
	if d.SSOUserEmail != "" {
		row(w, "SSO user", strings.TrimSpace(d.SSOUserFirstName+" "+d.SSOUserLastName+" <"+d.SSOUserEmail+">"))
	}
	for _, a := range d.Grant {
		row(w, "Adds", a.String())
	}
	for _, a := range d.Revoke {
		row(w, "Removes", a.String())
	}
	for _, k := range keys(d.Tags) {
		row(w, "Tag", k+" = "+d.Tags[k])
	}
	for _, c := range d.Contacts {
		row(w, "Contact", c.Type+" "+c.Name+" <"+c.Email+">")
	}
	for _, k := range keys(d.Fields) {
		row(w, "Field", k+" = "+d.Fields[k])
	}
	row(w, "Requested by", d.Requester)
	if d.Reason != "" {
		row(w, "Reason", d.Reason)
	}
	if n := note(d); n != "" {
		row(w, "Note", n)
	}
	if d.Explanation != "" {
		row(w, "Explanation", d.Explanation)
	}
	for _, h := range d.Hooks {
		row(w, "Hook "+h.Hook, string(h.State)+" ("+string(h.Event)+", "+h.ID+"): "+h.Result)
	}
	if d.Ask != nil {
		askRows(w, d, again)
	}
	if d.ToDo != "" {
		row(w, "To do", d.ToDo)
	}
	_, _ = fmt.Fprintln(w) // Flush reports what went wrong
	for _, e := range d.Timeline {
		_, _ = fmt.Fprintln(w, eventLine(e, time.DateTime))
	}
}

// eventLine is a line of a timeline, with its time as layout says.
func eventLine(e factory.Event, layout string) string {
	line := e.At.Local().Format(layout) + "  " + e.Text
	if e.AWSCode != "" {
		line += fmt.Sprintf(" [AWS: %s: %s]", e.AWSCode, e.AWSMessage)
	}
	return line
}
