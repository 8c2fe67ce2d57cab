package cli

import (
	"context"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
	"text/tabwriter"
	"time"

	"accountfactory/internal/factory"
)

// follow shows a request's steps until it has ended: line by line, and on a terminal with the present step under them.
func (l *launch) follow(ctx context.Context, api *client, id string) error {
	last, err := l.watch(ctx, api, id, "")
	if err != nil {
		return err
	}
	if l.output != "table" {
		if err := l.app.print(l.output, last, func(*tabwriter.Writer) {}); err != nil {
			return err
		}
	}
	return l.ended(last)
}

// followAll follows several requests, one after the other, as they are worked on in that order.
func (l *launch) followAll(ctx context.Context, api *client, all []factory.Detail) error {
	var failed []error
	for i, d := range all {
		last, err := l.watch(ctx, api, d.ID, d.Name+": ")
		if err != nil {
			return err
		}
		all[i] = last
		failed = append(failed, l.ended(last))
	}
	if err := l.app.print(l.output, all, func(w *tabwriter.Writer) { requestTable(w, all) }); err != nil {
		return err
	}
	return worst(failed)
}

// worst joins how several requests ended: one that failed outweighs one whose end is not known, and that one that waits.
func worst(ends []error) error {
	joined := errors.Join(ends...)
	for _, code := range []int{exitFailed, exitUnreachable, exitPerson} {
		if slices.ContainsFunc(ends, func(err error) bool { return err != nil && exitCode(err) == code }) {
			return &exitError{code, joined}
		}
	}
	return joined
}

// ended is the end of a request as an error, or nil where all went well.
func (l *launch) ended(d factory.Detail) error {
	switch d.State {
	case factory.StateSucceeded:
		return nil
	case factory.StateFailed:
		return fmt.Errorf("request %s %s: %s %s", d.ID, d.State, d.ErrorMessage, d.Explanation)
	case factory.StateNeedsDecision:
		return &exitError{exitPerson, fmt.Errorf("request %s needs a decision: %s %s Answer with: accountfactory request answer %s", d.ID, d.ErrorMessage, d.Explanation, d.ID)}
	case factory.StateWaitingForPerson:
		return &exitError{exitPerson, fmt.Errorf("request %s waits for %s Answer with: accountfactory request answer %s", d.ID, d.WaitingFor, d.ID+l.conn.again())}
	case factory.StateWaiting, factory.StateRunning:
		return &exitError{exitUnreachable, fmt.Errorf("the server stopped while request %s was %s; it goes on when the server does", d.ID, d.State)}
	case factory.StateCancelled:
	}
	return fmt.Errorf("request %s was %s", d.ID, d.State)
}

// watch prints what is new in the timeline at each change. Progress goes to standard error when the result is for a
// program.
func (l *launch) watch(ctx context.Context, api *client, id, prefix string) (last factory.Detail, err error) {
	out := l.app.streams.Out
	if l.output != "table" {
		out = l.app.streams.Err
	}
	shown := 0
	err = api.watch(ctx, id, func(d factory.Detail) error {
		last = d
		if err := l.progress(out, prefix, d, &shown); err != nil {
			return err
		}
		if d.State.Asks() { // that may take days
			return errAsks
		}
		return nil
	})
	if errors.Is(err, errAsks) {
		err = nil
	}
	return last, err
}

// errAsks ends watching a request that waits for a person.
var errAsks = errors.New("it waits for a person")

// clearLine goes back to the start of a terminal's line and empties it.
const clearLine = "\r\x1b[K"

func (l *launch) progress(out io.Writer, prefix string, d factory.Detail, shown *int) error {
	var b strings.Builder
	if l.app.streams.Terminal {
		b.WriteString(clearLine)
	}
	for _, e := range d.Timeline[min(*shown, len(d.Timeline)):] {
		b.WriteString(prefix + eventLine(e, time.TimeOnly) + "\n")
	}
	*shown = len(d.Timeline)
	if l.app.streams.Terminal && d.State.Open() {
		b.WriteString("          … " + note(d))
	}
	_, err := io.WriteString(out, b.String())
	return err
}

// planTable shows dry runs: the checks, then what would be written, in order.
func planTable(w *tabwriter.Writer, inputs []factory.Input, plans []factory.Plan) {
	planTableTo(w, inputs, plans)
}

func planTableTo(w io.Writer, inputs []factory.Input, plans []factory.Plan) {
	p := func(format string, args ...any) { _, _ = fmt.Fprintf(w, format+"\n", args...) } // a later write reports what went wrong
	for i, plan := range plans {
		if in := inputs[i]; in.Account != "" {
			p("%s %s", in.Kind, in.Account)
		} else {
			p("%s <%s>", in.Name, in.AccountEmail)
		}
		for _, c := range plan.Checks {
			p("  %s", checkLine(c))
		}
		if !passed(plan) {
			continue
		}
		p("  would do, in this order:")
		for n, call := range plan.Writes {
			p("  %2d. %s %s: %s", n+1, call.Service, call.Operation, call.Effect)
			for _, k := range keys(call.Parameters) {
				p("      %s = %s", k, call.Parameters[k])
			}
		}
	}
}

func keys(m map[string]string) []string {
	out := make([]string, 0, len(m))
	for k := range m {
		out = append(out, k)
	}
	slices.Sort(out)
	return out
}
