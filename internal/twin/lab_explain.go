package twin

import (
	"net/http"
	"slices"
	"strings"

	"accountfactory/internal/arn"
	"accountfactory/internal/policy"
	"accountfactory/internal/twin/iam"
	"accountfactory/internal/twin/organizations"
	"accountfactory/internal/twin/state"
	"accountfactory/internal/wire"
)

// explainInput asks whether a principal may do something, and why.
type explainInput struct {
	Principal string              `json:"principal"` // ARN of a user, role, session or root user
	Action    string              `json:"action"`
	Resource  string              `json:"resource"` // "*" when empty
	Region    string              `json:"region"`   // the home Region when empty
	SourceIP  string              `json:"sourceIp"`
	Context   map[string][]string `json:"context"` // further condition keys
}

// explanation is a decision with what brought it about.
type explanation struct {
	Principal   string                        `json:"principal"`
	Action      string                        `json:"action"`
	Resource    string                        `json:"resource"`
	Decision    policy.Effect                 `json:"decision"`
	Why         string                        `json:"why"`               // in a line
	Message     string                        `json:"message,omitempty"` // what the caller is told of a denial
	Says        map[policy.Kind]policy.Effect `json:"says"`              // what the policies of each kind say
	Deciding    []explainedStatement          `json:"deciding"`
	Applying    []explainedStatement          `json:"applying"` // all statements that apply, also those that decide nothing
	Conditions  map[string][]string           `json:"conditions"`
	EncodedForm string                        `json:"encodedMessage,omitempty"` // of a denial, for sts decode-authorization-message
}

// explainedStatement is a statement of a policy, and where to find it.
type explainedStatement struct {
	Kind       policy.Kind `json:"kind"`
	Policy     string      `json:"policy"`         // ARN, or the name of an inline policy
	Name       string      `json:"name,omitempty"` // of the policy, where the ARN does not tell
	AttachedTo string      `json:"attachedTo,omitempty"`
	Sid        string      `json:"sid,omitempty"`
	Statement  int         `json:"statement"` // from 1
	Effect     string      `json:"effect"`
	Line       int32       `json:"line"` // in the policy's text, as its owner wrote it
	Column     int32       `json:"column"`
	EndLine    int32       `json:"endLine"`
	EndColumn  int32       `json:"endColumn"`
}

// labExplain decides as the endpoint would, and tells which statements of which policies bear on it.
func (t *Twin) labExplain(r *http.Request) (any, error) {
	in, err := readBody[explainInput](r)
	if err != nil {
		return nil, err
	}
	if service, operation, ok := strings.Cut(in.Action, ":"); !ok || service == "" || operation == "" || strings.ContainsAny(in.Action, "*? ") {
		return nil, badRequest("action: want one like organizations:CreateAccount")
	}
	if in.Resource == "" {
		in.Resource = "*"
	}
	if in.Region == "" {
		in.Region = t.config.Region
	}
	var out *explanation
	key := iam.NewSealKey()
	err = t.state.Update(r.Context(), func(tx *state.Tx) (err error) {
		out, err = t.explain(tx, in, key)
		return err
	})
	return out, err
}

func (t *Twin) explain(tx *state.Tx, in explainInput, key []byte) (*explanation, error) {
	who, policies, ok := t.iam.WhoIs(tx, in.Principal)
	if !ok {
		return nil, badRequest("principal: there is no user, role or session " + in.Principal)
	}
	call := &wire.Request{Caller: wire.Caller{AccountID: who.AccountID, ARN: who.ARN, UserID: who.UserID}, Region: in.Region, SourceIP: in.SourceIP, At: tx.Now()}
	request, policies := t.question(tx, call, wire.Check{Action: in.Action, Resource: in.Resource, Context: in.Context}, who, policies)
	x, owner := policy.Examine(request, policies), resourceAccount(in.Resource, who.AccountID)
	out := &explanation{
		Principal: who.ARN, Action: in.Action, Resource: in.Resource, Decision: effectOf(x.Decision), Why: x.Decision.Explain(), Message: x.Decision.Message(request),
		Says: map[policy.Kind]policy.Effect{}, Deciding: t.explained(tx, who.AccountID, owner, x.Deciding()), Applying: t.explained(tx, who.AccountID, owner, x.Findings),
		Conditions: request.More(),
	}
	for _, kind := range []policy.Kind{policy.Identity, policy.Boundary, policy.Session, policy.ServiceControl, policy.ResourceControl, policy.Resource} {
		out.Says[kind] = x.Says(kind)
	}
	for k, v := range in.Context {
		out.Conditions[k] = v
	}
	if x.Decision.Allowed {
		return out, nil
	}
	var err error
	out.EncodedForm, err = t.iam.SealAuthorization(tx, who.AccountID, authorizationMessage(out, who), key)
	return out, err
}

func effectOf(d policy.Decision) policy.Effect {
	switch {
	case d.Allowed:
		return policy.Allows
	case d.Explicit:
		return policy.Denies
	}
	return policy.Silent
}

// attached says where a policy of the organization hangs, and its name.
func (s *explainedStatement) attached(path []string, levels [][]organizations.Attached, level int) {
	if level > len(path) || level > len(levels) {
		return
	}
	s.AttachedTo = path[level-1]
	for _, p := range levels[level-1] {
		if p.ARN == s.Policy {
			s.Name = p.Name
		}
	}
}

// explained names the statements found. SCPs bear on the account of the principal, RCPs on that of the resource.
func (t *Twin) explained(tx *state.Tx, accountID, owner string, findings []policy.Finding) []explainedStatement {
	out := []explainedStatement{}
	for _, f := range findings {
		s := explainedStatement{
			Kind: f.Kind, Policy: f.Policy, Sid: f.Sid, Statement: f.Statement, Effect: "Allow",
			Line: f.Span.Start.Line, Column: f.Span.Start.Column, EndLine: f.Span.End.Line, EndColumn: f.Span.End.Column,
		}
		if f.Deny {
			s.Effect = "Deny"
		}
		switch f.Kind {
		case policy.ServiceControl:
			s.attached(t.org.Path(tx, accountID), t.org.ServiceControlPolicies(tx, accountID), f.Level)
		case policy.ResourceControl:
			s.attached(t.org.Path(tx, owner), t.org.ResourceControlPolicies(tx, owner), f.Level)
		case policy.Identity, policy.Boundary, policy.Session, policy.Resource, policy.Trust:
		}
		out = append(out, s)
	}
	return out
}

// items is how an authorization message writes a list.
type items[T any] struct {
	Items []T `json:"items"`
}

type itemValue struct {
	Value string `json:"value"`
}

// authorizationMessage gives a denial as decoded authorization messages have it.
// Source: STS API Reference, DecodeAuthorizationMessage; CLI Command Reference, decode-authorization-message, example.
func authorizationMessage(e *explanation, who policy.Principal) any {
	type matched struct {
		StatementID string `json:"statementId"`
		Effect      string `json:"effect"`
	}
	type condition struct {
		Key    string           `json:"key"`
		Values items[itemValue] `json:"values"`
	}
	statements, conditions := items[matched]{Items: []matched{}}, items[condition]{Items: []condition{}}
	for _, s := range e.Deciding {
		statements.Items = append(statements.Items, matched{s.Sid, strings.ToUpper(s.Effect)})
	}
	keys := make([]string, 0, len(e.Conditions))
	for k := range e.Conditions {
		keys = append(keys, k)
	}
	slices.Sort(keys)
	for _, k := range keys {
		c := condition{Key: k}
		for _, v := range e.Conditions[k] {
			c.Values.Items = append(c.Values.Items, itemValue{v})
		}
		conditions.Items = append(conditions.Items, c)
	}
	name := ""
	if a, err := arn.Parse(who.ARN); err == nil {
		name = a.Resource[strings.LastIndexByte(a.Resource, '/')+1:]
	}
	return map[string]any{
		"allowed": false, "explicitDeny": e.Decision == policy.Denies, "matchedStatements": statements, "failures": items[any]{Items: []any{}},
		"context": map[string]any{
			"principal": map[string]string{"id": who.UserID, "name": name, "arn": who.ARN}, "action": e.Action, "resource": e.Resource, "conditions": conditions,
		},
	}
}
