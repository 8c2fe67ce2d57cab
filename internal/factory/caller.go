package factory

import (
	"context"
	"fmt"
	"slices"
)

// Caller is who asks. The API makes it from a verified session, token or the local management profile.
type Caller struct {
	ARN            string // of the credentials the request was signed with
	AccountID      string
	SourceIdentity string // the person behind a role session, where known
	Role           string // the role's name, for the record
	Operator       bool   // operators and the management profile handle everybody's requests
	As             Role   // what they are here; empty is a requester, or with Operator an operator
	Launches       bool   // whoever serves the factory has said that they may launch, so no portfolio need say it
}

// Role is what somebody is to the factory.
type Role string

const (
	RoleViewer    Role = "viewer"    // sees everybody's requests, changes nothing
	RoleRequester Role = "requester" // submits, and handles their own requests
	RoleOperator  Role = "operator"  // handles everybody's requests and the queue
	RoleAuditor   Role = "auditor"   // sees everything, the audit log too, changes nothing
)

// role gives the caller's role.
func (c Caller) role() Role {
	switch {
	case c.Operator:
		return RoleOperator
	case c.As == "":
		return RoleRequester
	}
	return c.As
}

// Standing gives what somebody is to the factory, for pages that show what they may do.
func (c Caller) Standing() Role { return c.role() }

// seesAll reports whether others' requests are shown too.
func (c Caller) seesAll() bool { return c.role() != RoleRequester }

// action is what a caller wants to do.
type action string

const (
	actSubmit action = "submit"
	actSee    action = "see"
	actRetry  action = "retry"
	actCancel action = "cancel"
	actAnswer action = "answer"
	actLimit  action = "change the queue"
	actAudit  action = "read the audit log"
	actHook   action = "run a hook again"
)

// may is the one place that decides what a caller may do. r is nil for actions on no single request. A request that is
// not the caller's does not exist for them.
func may(c Caller, a action, r *Request) error {
	switch {
	case c.ARN == "":
		return &DeniedError{Code: "AccessDenied", Message: "nobody is signed in"}
	case c.role() == RoleOperator, a == actSee && c.seesAll(), a == actAudit && c.role() == RoleAuditor:
		return nil
	case a == actLimit || a == actHook || a == actAudit || c.role() != RoleRequester:
		return &DeniedError{Code: "AccessDenied", Message: fmt.Sprintf("%s may not %s: %s", c.ARN, a, needs(a))}
	case r != nil && !c.owns(r):
		return ErrNotFound
	}
	return nil
}

// needs says what an action takes.
func needs(a action) string {
	switch a {
	case actAudit:
		return "that takes an auditor or an operator"
	case actLimit, actHook:
		return "that takes an operator"
	case actSubmit, actSee, actRetry, actCancel, actAnswer:
	}
	return "viewers and auditors change nothing"
}

// mayAsk decides who may ask for a kind of request. Launching is a requester's, where somebody says that they may: AWS's
// portfolio, or without one whoever serves the factory. Who takes an account in or away, or jumps the queue, is an operator;
// what else concerns an account that exists, whoever asked for that account and got it may ask for too. Others learn
// nothing of it. A launch that did not succeed proves nothing: it may have met a stranger's account.
func (s *Service) mayAsk(ctx context.Context, c Caller, k kind, in Input) error {
	switch {
	case c.role() == RoleOperator:
		return nil
	case in.Priority > 0:
		return &DeniedError{Code: "AccessDenied", Message: c.ARN + " may not set a priority: that takes an operator"}
	case k.name == KindLaunch && (!k.operators || c.Launches):
		return nil
	case k.operators:
		return &DeniedError{Code: "AccessDenied", Message: fmt.Sprintf("%s may not ask for %s: that takes an operator", c.ARN, k.name)}
	}
	mine, err := s.got(ctx, c)
	if err != nil {
		return err
	}
	for id, names := range mine {
		if id == in.Account || slices.Contains(names, EmailKey(in.Account)) {
			return nil
		}
	}
	return notTheirs(c, in)
}

func notTheirs(c Caller, in Input) error {
	return &DeniedError{Code: "AccessDenied", Message: fmt.Sprintf("%s did not ask for an account %q; name it by id or e-mail, or ask an operator", c.ARN, in.Account)}
}

// got gives the accounts, by id, that a caller asked for and got, each with the e-mails it was given by their requests.
func (s *Service) got(ctx context.Context, c Caller) (map[string][]string, error) {
	launches, err := s.store.List(ctx, c.filter(Filter{Kind: KindLaunch}))
	if err != nil {
		return nil, err
	}
	updates, err := s.store.List(ctx, c.filter(Filter{Kind: KindUpdate}))
	if err != nil {
		return nil, err
	}
	out := map[string][]string{}
	for _, r := range launches {
		if r.State == StateSucceeded {
			out[r.AccountID] = append(out[r.AccountID], r.EmailKey())
		}
	}
	for _, r := range updates {
		if names, theirs := out[r.AccountID]; theirs && r.State == StateSucceeded && r.NewEmail != "" {
			out[r.AccountID] = append(names, EmailKey(r.NewEmail))
		}
	}
	return out, nil
}

// isTheirs decides once more, by the account that was found: an e-mail that an account of the caller's had may be
// another's by now.
func (s *Service) isTheirs(ctx context.Context, c Caller, k kind, in Input, t Target) error {
	if c.role() == RoleOperator || k.name == KindLaunch || t.AccountID == "" {
		return nil
	}
	mine, err := s.got(ctx, c)
	if err != nil {
		return err
	}
	if _, theirs := mine[t.AccountID]; !theirs {
		return notTheirs(c, in)
	}
	return nil
}

// owns reports whether the request is the caller's own.
func (c Caller) owns(r *Request) bool {
	return c.ARN == r.Requester || (c.SourceIdentity != "" && c.SourceIdentity == r.SourceIdentity)
}

// filter narrows a listing to what the caller may see.
func (c Caller) filter(f Filter) Filter {
	if !c.seesAll() {
		f.Requester, f.SourceIdentity = c.ARN, c.SourceIdentity
	}
	return f
}

// get reads a request for a caller. Returns ErrNotFound, or may's refusal.
func (s *Service) get(ctx context.Context, c Caller, a action, id string) (Request, error) {
	r, err := s.store.Get(ctx, id)
	if err != nil {
		return Request{}, err
	}
	return r, may(c, a, &r)
}
