package factory

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/servicecatalog"
	"github.com/aws/smithy-go"
)

// Submit stores a request, durable when it returns. person is Service Catalog with the caller's own credentials.
//
// Returns DeniedError with AWS's words when the person has no launch path, RefusedError when a check fails,
// DuplicateError when an open or succeeded request has the account e-mail, KeyReusedError, and UnavailableError when AWS did not answer.
func (s *Service) Submit(ctx context.Context, c Caller, person LaunchPaths, in Input) (Detail, error) {
	in = in.trimmed()
	if err := may(c, actSubmit, nil); err != nil {
		return Detail{}, err
	}
	once, err := in.once()
	if err != nil {
		return Detail{}, err
	}
	if d, found, err := s.before(ctx, c, once); found || err != nil {
		return d, err
	}
	t, checks, err := s.examine(ctx, c, person, in)
	if err != nil {
		return Detail{}, err
	}
	if err := refused(checks); err != nil {
		return Detail{}, err
	}
	r := s.newRequest(c, in, t)
	r.Once = once
	added, err := s.store.Add(ctx, r, s.requested(c, r))
	if err != nil {
		return Detail{}, err
	}
	return s.detail(ctx, added)
}

// Plan is what a dry run shows: the checks, and the writes that a launch would make, in order. None is made.
type Plan struct {
	Checks []Check `json:"checks"`
	Writes []Write `json:"writes"`

	AccountID   string `json:"accountId,omitempty"` // of an account that is there already
	AccountName string `json:"accountName,omitempty"`
}

// Write is one call that changes something at AWS.
type Write struct {
	Service    string            `json:"service"`
	Operation  string            `json:"operation"`
	As         string            `json:"as"` // with whose credentials
	Parameters map[string]string `json:"parameters"`
	Effect     string            `json:"effect"`
}

// Check is a submission without the submission. Returns DeniedError as Submit does; failed checks are in the plan.
func (s *Service) Check(ctx context.Context, c Caller, person LaunchPaths, in Input) (Plan, error) {
	in = in.trimmed()
	t, checks, err := s.examine(ctx, c, person, in)
	var dup *DuplicateError
	if err != nil && !errors.As(err, &dup) {
		return Plan{}, err
	}
	k, _ := s.kindOf(in.Kind)
	if !k.isLight(in) {
		check, err := s.inFlight(ctx, c, k.name)
		if err != nil {
			return Plan{}, unavailable("ask what AWS is at", err)
		}
		checks = append(checks, check)
	}
	if dup != nil {
		checks = append(checks, bad(CheckOpenRequest, dup.seen(), dup.remedy()))
	}
	return Plan{Checks: checks, Writes: k.writes(s.newRequest(c, in, t), t), AccountID: t.AccountID, AccountName: t.AccountName}, nil
}

// examine authorises the person and runs every check that comes before a submission. With a DuplicateError the checks
// are given too.
func (s *Service) examine(ctx context.Context, c Caller, person LaunchPaths, in Input) (Target, []Check, error) {
	if err := may(c, actSubmit, nil); err != nil {
		return Target{}, nil, err
	}
	k, known := s.kindOf(in.Kind)
	if !known {
		return Target{}, nil, refused([]Check{bad(CheckKind, fmt.Sprintf("there is no kind of request %q", in.Kind), fmt.Sprintf("there are: %v", Kinds()))})
	}
	q, err := s.store.Queue(ctx)
	if err != nil {
		return Target{}, nil, err
	}
	if q.Mode == ModeDraining {
		return Target{}, nil, Draining(q.ModeBy)
	}
	if err := s.mayAsk(ctx, c, k, in); err != nil {
		return Target{}, nil, err
	}
	foreign := in.checkForeign()
	t, checks, err := s.preflightFor(ctx, c, in)
	if staleSession(err) { // once more with a new one
		s.sessions.Forget(sessionName(c))
		t, checks, err = s.preflightFor(ctx, c, in)
	}
	if err != nil {
		return Target{}, nil, unavailable("check the request", err)
	}
	if err := s.isTheirs(ctx, c, k, in, t); err != nil {
		return Target{}, nil, err
	}
	checks = append(foreign, checks...)
	if t.AccountEmail == "" {
		t.AccountEmail = in.AccountEmail
	}
	held, err := s.duplicate(ctx, k.name, EmailKey(t.AccountEmail))
	if err == nil && held == nil {
		held, err = s.duplicate(ctx, k.name, EmailKey(in.NewEmail))
	}
	if err != nil {
		return Target{}, nil, err
	}
	if k.launches && t.ProductID != "" {
		check, err := launchPath(ctx, person, t.ProductID)
		if err != nil {
			return Target{}, nil, err
		}
		checks = append(checks, check)
	}
	if held != nil {
		return t, checks, held
	}
	return t, checks, nil
}

// unavailable tells a cloud that may answer later from everything else.
func unavailable(what string, err error) error {
	if !transient(err) {
		return fmt.Errorf("%s: %w", what, err)
	}
	text, code, message := unanswered(err)
	if code != "" {
		text += " AWS says: " + code + ": " + message
	}
	return &UnavailableError{Reason: fmt.Sprintf("could not %s: %s Try again.", what, text), Err: err}
}

// preflightFor runs the checks under the factory's role in the caller's name.
func (s *Service) preflightFor(ctx context.Context, c Caller, in Input) (Target, []Check, error) {
	a, err := s.sessions.For(ctx, sessionName(c))
	if err != nil {
		return Target{}, nil, err
	}
	k, _ := s.kindOf(in.Kind)
	t, checks, err := s.inspect(ctx, a, k, in)
	if err != nil {
		return t, nil, err
	}
	l, err := s.landscape(ctx, a, false)
	return t, append(checks, s.checkAllowed(c, l, in, t)...), err
}

// inspect runs a kind's own checks and those that all have.
func (s *Service) inspect(ctx context.Context, a AWS, k kind, in Input) (Target, []Check, error) {
	t, checks, err := k.check(ctx, s, a, in)
	if err != nil {
		return t, nil, err
	}
	t.AwaitsUser = awaitsUser(checks)
	more, err := s.checkSurroundings(ctx, a, in, t, k.isLight(in), checks)
	return t, append(checks, more...), err
}

// duplicate gives a DuplicateError when the e-mail has an open request, or for a launch a succeeded one. The store
// decides again, inside the transaction that adds.
func (s *Service) duplicate(ctx context.Context, k Kind, emailKey string) (*DuplicateError, error) {
	if emailKey == "" {
		return nil, nil
	}
	r, err := s.store.Holder(ctx, k, emailKey)
	if errors.Is(err, ErrNotFound) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	return &DuplicateError{RequestID: r.ID, Email: r.AccountEmail, State: r.State}, nil
}

// launchPath asks AWS, as the person, whether the product may be launched: the one authorisation of a submission.
func launchPath(ctx context.Context, person LaunchPaths, productID string) (Check, error) {
	out, err := person.ListLaunchPaths(ctx, &servicecatalog.ListLaunchPathsInput{ProductId: &productID})
	var api smithy.APIError
	switch {
	case errors.As(err, &api) && !transient(err):
		return Check{}, &DeniedError{Code: api.ErrorCode(), Message: api.ErrorMessage()}
	case err != nil:
		return Check{}, unavailable("ask for a launch path", err)
	case len(out.LaunchPathSummaries) == 0:
		// AWS says it in these words when the launch itself is tried.
		return Check{}, &DeniedError{Code: "ResourceNotFoundException", Message: "No launch paths found for resource: " + productID}
	}
	return ok(CheckLaunchPath, "the caller may launch the product"), nil
}

// newRequest makes the row of what was asked for and found.
func (s *Service) newRequest(c Caller, in Input, t Target) Request {
	now := s.clock.Now()
	k, _ := s.kindOf(in.Kind)
	r := Request{
		ID: newID(), Kind: k.name, State: StateWaiting, Step: k.steps[0].name, Parameters: in.Parameters, Options: in.Options,
		AccountID: t.AccountID, Priority: in.Priority,
		Requester: c.ARN, SourceIdentity: c.SourceIdentity, Role: c.Role, Reason: in.Reason,
		CreatedAt: now, UpdatedAt: now, Generation: 1,
		Progress: Progress{StepListVer: stepListVersion, RequestedBy: sessionName(c), Provisioner: s.cfg.Provisioner},
	}
	if t.AccountID != "" { // from now on this one is meant, whatever it will be called
		r.Account, r.Name, r.AccountEmail = t.AccountID, t.AccountName, t.AccountEmail
	}
	r.Light = r.light()
	if cool, err := in.coolOff(s.cfg.CoolOff); k.name == KindClose && err == nil && cool > 0 {
		r.NotBefore = now.Add(cool)
	}
	return r
}

func (s *Service) requested(c Caller, r Request) Event {
	text := "Requested by " + c.ARN
	if c.SourceIdentity != "" && !strings.Contains(c.ARN, c.SourceIdentity) {
		text += " (" + c.SourceIdentity + ")"
	}
	text += ": " + r.kind().asked(r) + "."
	if !r.NotBefore.IsZero() {
		text += " It begins not before " + r.NotBefore.UTC().Format(time.RFC3339) + "; until then cancelling it undoes it."
	}
	return Event{At: r.CreatedAt, Step: r.Step, Text: text}.by(c, AuditSubmit)
}

// sessionName is the source identity under which the factory's role acts for a caller: 2 to 64 characters of
// [\w+=,.@-]. Source: STS API reference, AssumeRole, SourceIdentity.
func sessionName(c Caller) string {
	name := c.SourceIdentity
	if name == "" {
		name = c.ARN[strings.LastIndex(c.ARN, "/")+1:]
	}
	name = strings.Map(func(r rune) rune {
		if isAlnum(r) || strings.ContainsRune("_+=,.@-", r) {
			return r
		}
		return '-'
	}, name)
	if len(name) < 2 {
		name = "by-" + name
	}
	return name[:min(len(name), 64)]
}
