package cli

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strconv"
	"strings"

	"github.com/spf13/cobra"

	"accountfactory/internal/cloud"
	"accountfactory/internal/factory"
)

// What making and closing accounts on AWS itself means, said before it is done. Sources: Control Tower user guide, "Pricing";
// Account Management Reference Guide, "Close an account".
const (
	makingCosts = "An account costs nothing by itself: what is used in it does, what Control Tower sets up there too, such as AWS Config. " +
		"Closing it takes 90 days, until when it counts to the organization's quota, and its e-mail address is never free again."
	closingCosts = "That takes 90 days, in which only AWS Support can reopen it and in which it counts to the organization's quota; its e-mail address is never free again."
)

// confirmation is how somebody says that they mean it.
type confirmation struct {
	yes          bool
	organization string
}

func (c *confirmation) flags(cmd *cobra.Command) {
	f := cmd.Flags()
	f.BoolVar(&c.yes, "yes", false, "on AWS: do not ask for the account's name; goes with --organization")
	f.StringVar(&c.organization, "organization", "", "the organization this is meant for, o-…; a server of another one is refused")
}

// confirm sees that what cannot be undone is meant. On the twin nothing is asked.
func (l *launch) confirm(ctx context.Context, api *client, inputs []factory.Input) error {
	org := api.about.OrganizationID
	if l.sure.organization != "" && l.sure.organization != org {
		return usageError("--organization: the server works on %s, not on %s: nothing was asked for", org, l.sure.organization)
	}
	switch final := inputs[0].Kind == "" || inputs[0].Kind == factory.KindLaunch || inputs[0].Kind == factory.KindClose; {
	case api.about.Cloud != cloud.KindAWS, !final, l.sure.yes && l.sure.organization != "":
		return nil
	case l.sure.yes:
		return usageError("--yes: name the organization this is meant for too: --organization %s", org)
	case !l.app.streams.Terminal:
		return usageError("this is AWS itself, organization %s: without a terminal to ask on, give --yes --organization %s", org, org)
	}
	return l.askName(ctx, api, inputs)
}

// askName has the name typed of what is about to be made or closed.
func (l *launch) askName(ctx context.Context, api *client, inputs []factory.Input) error {
	what, answer, err := l.meant(ctx, api, inputs)
	if err != nil {
		return err
	}
	if _, err := fmt.Fprintf(l.app.streams.Err, "AWS, organization %s: %s: ", api.about.OrganizationID, what); err != nil {
		return err
	}
	typed, err := l.reader().ReadString('\n')
	if got := strings.TrimSpace(typed); got != answer {
		return &exitError{exitRefused, errors.Join(fmt.Errorf("%q is not %q: nothing was asked for", got, answer), err)}
	}
	return nil
}

// meant says what is about to be done, and what somebody types who means it.
func (l *launch) meant(ctx context.Context, api *client, inputs []factory.Input) (what, answer string, err error) {
	in := inputs[0]
	switch {
	case in.Kind == factory.KindClose:
		var plan factory.Plan
		if err := l.app.refusal(api.call(ctx, http.MethodPost, "/api/v1/checks", in, &plan)); err != nil {
			return "", "", err
		}
		if plan.AccountID == "" { // the checks say why, and the submission is refused with them
			return "", "", &exitError{exitRefused, errors.New(firstFailure(plan))}
		}
		return fmt.Sprintf("this closes account %s, %q, for good. %s\nType its name to go on", plan.AccountID, plan.AccountName, closingCosts), plan.AccountName, nil
	case len(inputs) == 1:
		return fmt.Sprintf("this makes a real account, %q. %s\nType its name to go on", in.Name, makingCosts), in.Name, nil
	}
	return fmt.Sprintf("this makes %d real accounts. %s\nType how many to go on", len(inputs), makingCosts), strconv.Itoa(len(inputs)), nil
}

func firstFailure(p factory.Plan) string {
	if i := slices.IndexFunc(p.Checks, func(c factory.Check) bool { return c.Result == factory.CheckFailed }); i >= 0 {
		return checkLine(p.Checks[i])
	}
	return "the server does not say which account that is"
}

// reader gives the one reader of what is typed: another one would miss what this has read ahead.
func (l *launch) reader() *bufio.Reader {
	if l.typed == nil {
		l.typed = bufio.NewReader(l.app.streams.In)
	}
	return l.typed
}
