package factory

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"
)

// Steps of a launch. Stored: never renamed.
const (
	StepCheck     = "check"     // everything pre-flight looks at, once more
	StepTurn      = "turn"      // AWS has room for another account operation
	StepProvision = "provision" // ProvisionProduct, or UpdateProvisionedProduct of a product that is left
	StepFollow    = "follow"    // the record of what was sent, until it ends
	StepClear     = "clear"     // a product AWS turned away is terminated, so that its name is free
	StepVerify    = "verify"    // the account is seen as it was asked for
)

// stepListVersion is stored with each request; it grows when a step is added or means something else.
const stepListVersion = 1

// step is one step's work. It may run twice at any point: its comment says why that is safe.
type step func(context.Context, *work) (outcome, error)

func stepOf(name string) (step, bool) {
	s, found := map[string]step{
		StepCheck:     checkAgain,
		StepTurn:      awaitTurn,
		StepProvision: provision,
		StepFollow:    follow,
		StepClear:     clearAway,
		StepVerify:    verify,
	}[name]
	return s, found
}

// checkAgain runs pre-flight when the request's turn has come: hours may have passed since it was submitted.
// Twice is safe: it only reads.
func checkAgain(ctx context.Context, w *work) (outcome, error) {
	t, checks, err := w.preflight(ctx, w.aws, Input{Parameters: w.r.Parameters})
	if err != nil {
		return outcome{}, err
	}
	var no *RefusedError
	if errors.As(refused(checks), &no) {
		return outcome{}, &failure{text: "The checks do not pass any more: " + strings.TrimPrefix(no.Error(), "refused: ") + "."}
	}
	text := "Checked: " + t.OU + " is registered, the e-mail and the name are free."
	for _, c := range checks {
		if c.Result == CheckNote {
			text += " Note: " + c.Seen + "."
		}
	}
	return outcome{next: StepTurn, text: text, change: func(r *Request) { r.Progress.Target = t }}, nil
}

// awaitTurn looks whether AWS has room: besides our own requests, which the queue counts, others launch accounts too.
// Twice is safe: it only reads.
func awaitTurn(ctx context.Context, w *work) (outcome, error) {
	q, err := w.store.Queue(ctx)
	if err != nil {
		return outcome{}, &storeError{err}
	}
	full, err := w.occupied(ctx, q.Limit)
	if err != nil {
		return outcome{}, err
	}
	if full == "" {
		return outcome{next: StepProvision, change: func(r *Request) { r.State, r.WaitReason = StateRunning, "" }}, nil
	}
	out := outcome{again: true, wait: w.cfg.Busy.after(w.r.Progress.Tries), change: func(r *Request) { r.WaitReason = full }}
	if w.r.WaitReason != full {
		out.text = "Waits for " + full + "."
	}
	return out, nil
}

// launchWrites is what a launch will write to AWS, for a dry run.
func launchWrites(r Request, t Target) []Write {
	r.Progress.Target = t
	in := provisionInput(&r, "")
	params := map[string]string{
		"ProductId": deref(in.ProductId), "ProvisioningArtifactId": deref(in.ProvisioningArtifactId),
		"PathId": deref(in.PathId), "ProvisionedProductName": deref(in.ProvisionedProductName),
	}
	for _, p := range in.ProvisioningParameters {
		params["ProvisioningParameters."+deref(p.Key)] = deref(p.Value)
	}
	return []Write{{
		Service: "servicecatalog", Operation: OpProvision, As: "the factory's role, source identity " + r.Progress.RequestedBy, Parameters: params,
		Effect: fmt.Sprintf("AWS Control Tower creates the account, moves it to %s, enrolls it, creates or reuses the SSO user and gives it administrator access.", t.OU),
	}}
}

func deref(s *string) string {
	if s == nil {
		return ""
	}
	return *s
}

// slowAfter is when AWS advises to terminate an account that is still being made. Source: Control Tower user guide,
// "Troubleshooting": longer than one hour.
const slowAfter = time.Hour
