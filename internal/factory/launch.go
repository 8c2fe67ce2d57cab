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
const stepListVersion = 3

// launchKind makes a new account.
func launchKind() kind {
	return kind{
		name: KindLaunch, launches: true,
		steps: []stage{
			{name: StepCheck, do: checkAgain},
			userThere(),
			{name: StepTurn, do: awaitTurn},
			{name: StepProvision, do: provision, retry: StepTurn},
			{name: StepFollow, do: follow, retry: StepTurn},
			tagging(), contacting(),
			{name: StepAccess, do: changeAccess, needed: hasChanges},
			{name: StepVerify, do: verifyLaunch, retry: StepTurn},
		},
		aside: []stage{{name: StepClear, do: clearAway, retry: StepTurn}},
		check: func(ctx context.Context, s *Service, a AWS, in Input) (Target, []Check, error) {
			return s.preflight(ctx, a, in)
		},
		writes:  launchWrites,
		checked: func(_ Request, t Target) string { return t.OU + " is registered, the e-mail and the name are free" },
		asked: func(r Request) string {
			return fmt.Sprintf("account %q with e-mail %s in %s, administered by %s", r.Name, r.AccountEmail, r.OU, r.SSOUserEmail)
		},
	}
}

// tagging and contacting are the steps of what a launch gives an account besides.
func tagging() stage {
	return stage{name: StepTag, do: tagAccount, needed: func(r *Request) bool { return len(r.Tags) > 0 }}
}

func contacting() stage {
	return stage{name: StepContact, do: putContacts, needed: func(r *Request) bool { return len(r.Contacts) > 0 }}
}

// checkAgain runs pre-flight when the request's turn has come: hours may have passed since it was submitted.
// Twice is safe: it only reads.
func checkAgain(ctx context.Context, w *work) (outcome, error) {
	_, out, err := w.recheck(ctx)
	return out, err
}

func (w *work) recheck(ctx context.Context) (Target, outcome, error) {
	k := w.r.kind()
	t, checks, err := w.inspect(ctx, w.aws, k, Input{Kind: w.r.Kind, Parameters: w.r.Parameters, Options: w.r.Options, Again: true})
	if err != nil {
		return t, outcome{}, err
	}
	var no *RefusedError
	if errors.As(refused(checks), &no) {
		if checks, err = w.forgive(ctx, t, checks); err != nil {
			return t, outcome{}, err
		}
	}
	if errors.As(refused(checks), &no) {
		return t, outcome{}, &failure{text: "The checks do not pass any more: " + strings.TrimPrefix(no.Error(), "refused: ") + "."}
	}
	text := "Checked: " + k.checked(w.r, t) + "."
	for _, c := range checks {
		if c.Result == CheckNote {
			text += " Note: " + c.Seen + "."
		}
		if c.Name == CheckSSOUser && c.Result == CheckOK {
			t.Invites = w.r.SSOUserEmail
		}
	}
	return t, outcome{done: true, text: text, change: func(r *Request) {
		r.Progress.Target = t
		if t.ProvisionedID != "" {
			r.ProductID = t.ProvisionedID
		}
	}}, nil
}

// awaitTurn looks whether AWS has room: besides our own requests, which the queue counts, others launch accounts too.
// Twice is safe: it only reads.
func awaitTurn(ctx context.Context, w *work) (outcome, error) {
	q, err := w.store.Queue(ctx)
	if err != nil {
		return outcome{}, &storeError{err}
	}
	full, err := w.r.Progress.Provisioner.steps().occupied(ctx, w, w.capacity(q))
	if err != nil {
		return outcome{}, err
	}
	if full == "" {
		return outcome{done: true, change: func(r *Request) { r.State, r.WaitReason = StateRunning, "" }}, nil
	}
	out := outcome{again: true, wait: w.cfg.Busy.after(w.r.Progress.Tries), change: func(r *Request) { r.WaitReason = full }}
	if w.r.WaitReason != full {
		out.text = "Waits for " + full + "."
	}
	return out, nil
}

// verifyLaunch sees the account, and all it was to have besides, on the cloud. Twice is safe: it only reads.
func verifyLaunch(ctx context.Context, w *work) (outcome, error) {
	out, err := verify(ctx, w)
	if err != nil {
		return out, err
	}
	seen, err := w.seeExtras(ctx)
	if err != nil {
		return outcome{}, err
	}
	change, lacks, err := w.missingChange(ctx)
	if err != nil {
		return outcome{}, err
	}
	if lacks {
		return outcome{}, &notYet{text: "AWS does not show it yet: " + change.String() + "."}
	}
	if n := len(w.r.Progress.Target.Changes); n > 0 {
		seen += fmt.Sprintf(" Further access: %d.", n)
	}
	out.text += seen
	return out, nil
}

// seeExtras sees an account's tags and contacts, and says so.
func (w *work) seeExtras(ctx context.Context) (seen string, err error) {
	var missing []string
	if len(w.r.Tags) > 0 {
		missing, err = w.missingTags(ctx)
		seen += fmt.Sprintf(" Tags: %d.", len(w.r.Tags))
	}
	if err != nil {
		return "", err
	}
	if len(missing) > 0 {
		return "", &notYet{text: "AWS does not show the tags yet: " + strings.Join(missing, ", ") + "."}
	}
	if len(w.r.Contacts) == 0 {
		return seen, nil
	}
	c, lacks, err := w.missingContact(ctx)
	if err != nil {
		return "", err
	}
	if lacks {
		return "", &notYet{text: "AWS does not show the contact " + c.Type + " yet."}
	}
	return seen + fmt.Sprintf(" Contacts: %d.", len(w.r.Contacts)), nil
}

// launchWrites is what a launch will write to AWS, for a dry run.
func launchWrites(r Request, t Target) []Write {
	out := append(provisionWrites(r, t), tagWrites(r, t)...)
	return append(append(out, contactWrites(r, t)...), accessWrites(r, t)...)
}

func provisionWrites(r Request, t Target) []Write {
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
