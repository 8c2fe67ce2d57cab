package factory

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/organizations"
	orgtypes "github.com/aws/aws-sdk-go-v2/service/organizations/types"
)

// StepClose is CloseAccount. Stored: never renamed.
const StepClose = "close"

// OpClose closes an account.
const OpClose = "CloseAccount"

// closeKind closes an account: its cooling-off passes, it is unmanaged where it is enrolled, and closed. Closing an
// account that stays enrolled blocks its organizational unit and landing zone updates. Source: Control Tower user guide,
// "Close an account created in Account Factory".
func closeKind() kind {
	return kind{
		name: KindClose, operators: true,
		steps: []stage{
			{name: StepCheck, do: checkClosing},
			{name: StepTurn, do: awaitTurn},
			{name: StepTerminate, do: terminate, retry: StepTurn},
			{name: StepFollow, do: follow, retry: StepTurn},
			{name: StepClose, do: closeAccount},
			{name: StepVerify, do: verifyClosed, retry: StepClose},
		},
		check:   checkClose,
		writes:  closeWrites,
		checked: func(_ Request, t Target) string { return "account " + t.AccountID + " can be closed" },
		asked:   func(r Request) string { return fmt.Sprintf("account %s (%s) is to be closed", r.AccountID, r.Name) },
	}
}

// checkClosing goes straight to the closing where there is nothing to unmanage, and to the end where it is closed.
// Twice is safe: it only reads.
func checkClosing(ctx context.Context, w *work) (outcome, error) {
	t, out, err := w.recheck(ctx)
	if err == nil && t.ProvisionedID == "" {
		out.next = StepClose
	}
	return out, err
}

// checkClose is a closure's pre-flight.
func checkClose(ctx context.Context, s *Service, a AWS, in Input) (Target, []Check, error) {
	sub, l, checks, err := s.subject(ctx, a, in.Account)
	if err != nil || sub.ID == "" {
		return Target{}, checks, err
	}
	cool, err := in.coolOff(s.cfg.CoolOff)
	switch {
	case err != nil:
		checks = append(checks, bad(CheckCoolOff, err.Error(), "give a time such as 72h"))
	case !in.Again: // then it has passed
		checks = append(checks, note(CheckCoolOff, fmt.Sprintf("it begins after %s, until when the request can be cancelled; a closed account only AWS Support reopens, within 90 days", cool)))
	}
	if sub.closed() {
		checks = append(checks, note(CheckActive, fmt.Sprintf("account %s is %s already", sub.ID, sub.State)))
	} else {
		checks = append(checks, sub.checkActive())
	}
	if sub.Product != nil || sub.Enrolled {
		checks = append(checks, sub.checkManaged())
	}
	free, err := s.closures(ctx, l)
	if err != nil {
		return Target{}, nil, err
	}
	return sub.target(l), append(checks, free.check()), nil
}

// closing is what is known of AWS's quota of closures in 30 days that roll. AWS shows neither the quota nor its use, and
// has raised it over the years: the factory counts its own, and believes AWS's refusal.
type closing struct {
	recent int       // by this factory, within the period
	oldest time.Time // of those
}

// closeSpan is the quota's period. Source: Organizations user guide, "Quotas for AWS Organizations".
const closeSpan = 30 * 24 * time.Hour

// closures counts the factory's own closures: AWS tells neither the quota nor what is left of it.
func (s *Service) closures(ctx context.Context, _ *landscape) (closing, error) {
	var c closing
	done, err := s.store.List(ctx, Filter{Kind: KindClose, EndedSince: s.clock.Now().Add(-closeSpan)})
	if err != nil {
		return c, &storeError{err}
	}
	for _, r := range done {
		if r.State != StateSucceeded {
			continue
		}
		if c.recent++; c.oldest.IsZero() || r.EndedAt.Before(c.oldest) {
			c.oldest = r.EndedAt
		}
	}
	return c, nil
}

func (c closing) check() Check {
	return note(CheckCloseQuota, fmt.Sprintf("%d accounts were closed by this factory within 30 days; when AWS's quota is used up the request waits until it has room", c.recent))
}

// closeAccount sends the closure. Twice is safe: an account that is closed, or about to be, is what was wanted.
func closeAccount(ctx context.Context, w *work) (outcome, error) {
	if w.r.CancelRequested && !w.r.sent() {
		return outcome{end: StateCancelled, text: "Cancelled as asked: account " + w.r.AccountID + " stays open. It may be unmanaged; enroll it again if that was not wanted."}, nil
	}
	state, err := w.accountState(ctx)
	if err != nil {
		return outcome{}, err
	}
	if state != string(orgtypes.AccountStateActive) {
		return outcome{next: StepVerify, change: func(r *Request) { r.State, r.Progress.Intent = StateRunning, nil }}, nil
	}
	if !w.r.sent() {
		if err := w.save(ctx, outcome{text: "Sends " + OpClose + " of " + w.r.AccountID + ".", change: func(r *Request) { r.State = StateRunning; w.intend(r, OpClose) }}); err != nil {
			return outcome{}, err
		}
	}
	_, err = w.aws.Organizations.CloseAccount(ctx, &organizations.CloseAccountInput{AccountId: &w.r.AccountID})
	if err == nil || isCode(err, "AccountAlreadyClosedException", "ConflictException") {
		return outcome{next: StepVerify, text: "AWS took " + OpClose + ".", change: func(r *Request) { r.Progress.Intent = nil }}, nil
	}
	if out, waits := w.closeQuota(ctx, err); waits {
		return out, nil
	}
	if transient(err) {
		return outcome{}, err
	}
	return outcome{}, failedCall(OpClose, err)
}

// closeQuota waits for room in AWS's quotas of closures: of those at once for a moment, of those in 30 days in the
// queue, without a slot, until the first of ours is that old, or a day.
func (w *work) closeQuota(ctx context.Context, err error) (outcome, bool) {
	code, message := words(err)
	reason := code + " " + message + " " + constraint(err)
	forget := func(r *Request) { r.Progress.Intent = nil; r.Progress.Busy++ }
	switch {
	case strings.Contains(reason, "CLOSE_ACCOUNT_REQUESTS_LIMIT_EXCEEDED"):
		return outcome{
			again: true, wait: w.cfg.Busy.after(w.r.Progress.Busy), change: forget, code: code, words: message,
			text: onceIn(w.r.Progress.Busy, "AWS closes as many accounts at once as it may. Tried again after a pause."),
		}, true
	case strings.Contains(reason, "CLOSE_ACCOUNT_QUOTA_EXCEEDED"):
		until := w.clock.Now().Add(24 * time.Hour)
		if c, err := w.closures(ctx, nil); err == nil && !c.oldest.IsZero() && c.oldest.Add(closeSpan).Before(until) {
			until = c.oldest.Add(closeSpan)
		}
		return outcome{
			until: until, change: forget, code: code, words: message,
			text: "AWS's quota of closures in 30 days is used up. The request waits in the queue until " + until.UTC().Format(time.RFC3339) + ".",
		}, true
	}
	return outcome{}, false
}

// constraint gives the reason AWS names beside a ConstraintViolationException's message.
func constraint(err error) string {
	var c *orgtypes.ConstraintViolationException
	if errors.As(err, &c) {
		return string(c.Reason)
	}
	return ""
}

// verifyClosed waits until the account is closed. Twice is safe: it only reads.
func verifyClosed(ctx context.Context, w *work) (outcome, error) {
	state, err := w.accountState(ctx)
	if err != nil {
		return outcome{}, err
	}
	switch state {
	case string(orgtypes.AccountStatePendingClosure):
		return outcome{wait: w.cfg.poll(w.clock.Now().Sub(w.r.UpdatedAt))}, nil
	case string(orgtypes.AccountStateActive):
		// It may only be shown late; AWS does not close some accounts, and then they are active again.
		text := "AWS did not close account " + w.r.AccountID + ": it is active"
		return outcome{}, &notYet{text: text + ".", then: &failure{text: text + " again. Retry, or ask AWS Support."}}
	}
	return outcome{end: StateSucceeded, text: fmt.Sprintf("Seen at AWS: account %s is %s. Its e-mail cannot be used for another account.", w.r.AccountID, state)}, nil
}

// gone is the state of an account that AWS does not list any more.
const gone = "gone"

func (w *work) accountState(ctx context.Context) (string, error) {
	a, err := describeAccount(ctx, w.aws, w.r.AccountID)
	if isCode(err, "AccountNotFoundException") {
		return gone, nil
	}
	if err != nil {
		return "", err
	}
	return stateOf(a), nil
}

func closeWrites(r Request, t Target) []Write {
	var out []Write
	if t.ProvisionedID != "" {
		out = terminateWrites(r, t)
	}
	return append(out, Write{
		Service: "organizations", Operation: OpClose, As: r.as(), Parameters: map[string]string{"AccountId": t.AccountID},
		Effect: "AWS closes account " + t.AccountID + ": within minutes nobody can use it, and after 90 days it is gone.",
	})
}
