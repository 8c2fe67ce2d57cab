package iam

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/aws/aws-sdk-go-v2/service/iam/types"

	"accountfactory/internal/arn"
	"accountfactory/internal/policy"
	"accountfactory/internal/twin/state"
)

// simulation is a question to the policy simulator, read: may who do each of the actions on each of the resources.
type simulation struct {
	actions   []string
	resources []string // "*" alone when none are given
	who       policy.Principal
	policies  policy.Policies
	context   map[string][]string // as given
	known     map[string][]string // what the caller's ARN tells beside it
	owner     string              // account of resources whose ARN names none
	organized bool                // SCPs bear on it
}

// meet completes what is known of the caller, when there is a user of that ARN.
func (m *simulation) meet(s *Service, tx *state.Tx) {
	m.known = map[string][]string{}
	if m.who.ARN == "" && m.who.RoleARN == "" {
		return
	}
	m.known["aws:PrincipalAccount"] = []string{m.who.AccountID}
	m.known["aws:PrincipalArn"] = []string{m.who.ARN}
	if m.who.Type != policy.User {
		m.known["aws:PrincipalArn"] = []string{m.who.RoleARN}
		return
	}
	_, _, name, _ := splitARN(m.who.ARN, "user")
	m.known["aws:username"] = []string{name}
	if u := s.users.rows.Get(tx, key(m.who.AccountID, name)); u != nil && u.ARN() == m.who.ARN {
		m.who.UserID = u.ID
		m.known["aws:userid"] = []string{u.ID}
	}
}

func (m *simulation) anywhere() bool { return len(m.resources) == 1 && m.resources[0] == "*" }

// result answers for one action: the worst of the decisions on its resources, and each of them.
// Source: IAM API Reference, EvaluationResult.
func (m *simulation) result(action string) types.EvaluationResult {
	missing := m.missing()
	out := types.EvaluationResult{EvalActionName: &action, EvalResourceName: text("*"), MatchedStatements: []types.Statement{}, MissingContextValues: missing}
	total := sum{decision: policy.Allows, controls: policy.Allows, boundary: policy.Allows, details: map[string]types.PolicyEvaluationDecisionType{}}
	for _, resource := range m.resources {
		one := m.on(action, resource)
		total.add(one)
		if m.anywhere() {
			continue
		}
		r := types.ResourceSpecificResult{
			EvalResourceName: &resource, EvalResourceDecision: types.PolicyEvaluationDecisionType(one.decision), MatchedStatements: one.matched,
			MissingContextValues: missing, PermissionsBoundaryDecisionDetail: m.boundaryDetail(one.boundary),
		}
		if len(one.details) > 0 {
			r.EvalDecisionDetails = one.details
		}
		out.ResourceSpecificResults = append(out.ResourceSpecificResults, r)
	}
	out.EvalDecision = types.PolicyEvaluationDecisionType(total.decision)
	out.MatchedStatements = total.deciding()
	out.PermissionsBoundaryDecisionDetail = m.boundaryDetail(total.boundary)
	if m.organized {
		out.OrganizationsDecisionDetail = &types.OrganizationsDecisionDetail{AllowedByOrganizations: total.controls == policy.Allows}
	}
	if !m.anywhere() && total.controls == policy.Allows {
		out.EvalDecisionDetails = total.details
	}
	return out
}

func (m *simulation) boundaryDetail(says policy.Effect) *types.PermissionsBoundaryDecisionDetail {
	if m.policies.Boundary == nil {
		return nil
	}
	return &types.PermissionsBoundaryDecisionDetail{AllowedByPermissionsBoundary: says == policy.Allows}
}

// simulated is the outcome for one resource.
type simulated struct {
	decision, controls, boundary policy.Effect
	matched                      []types.Statement
	details                      map[string]types.PolicyEvaluationDecisionType // for another account's resource
}

// The names AWS's simulator answers with for where a statement comes from; its model has others.
const (
	fromIdentity = "IAM Policy"
	fromResource = "Resource Policy"
	fromBoundary = "Permissions Boundary Policy"
)

// on simulates one action on one resource.
func (m *simulation) on(action, resource string) simulated {
	r := policy.Request{Principal: m.who, Action: action, Resource: resource, Context: m.context, More: func() map[string][]string { return m.known }}
	p := m.policies
	if isRole(resource) {
		p.Resource = nil // "isn't supported for IAM roles": IAM API Reference, SimulateCustomPolicy, ResourcePolicy
	}
	if p.Resource != nil {
		r.ResourceAccountID = m.ownerOf(resource)
	}
	x := policy.Examine(r, p)
	out := simulated{decision: policy.Silent, controls: x.Says(policy.ServiceControl), boundary: x.Says(policy.Boundary), matched: []types.Statement{}}
	switch {
	case x.Decision.Allowed:
		out.decision = policy.Allows
	case x.Decision.Explicit:
		out.decision = policy.Denies
	}
	if out.controls != policy.Allows { // the simulation ends there; statements of SCPs are never shown
		return out
	}
	for _, f := range x.Deciding() {
		if f.Kind != policy.ServiceControl {
			out.matched = append(out.matched, statementOf(f))
		}
	}
	if p.Resource != nil && r.ResourceAccountID != m.who.AccountID {
		out.details = map[string]types.PolicyEvaluationDecisionType{
			fromIdentity: types.PolicyEvaluationDecisionType(x.Says(policy.Identity)), fromResource: types.PolicyEvaluationDecisionType(x.Says(policy.Resource)),
		}
	}
	return out
}

func isRole(resource string) bool {
	_, _, _, ok := splitARN(resource, "role")
	return ok
}

// ownerOf gives the account that owns a resource: the one in its ARN, or the one given for those that name none.
func (m *simulation) ownerOf(resource string) string {
	if a, err := arn.Parse(resource); err == nil && arn.IsAccountID(a.AccountID) {
		return a.AccountID
	}
	return m.owner
}

func statementOf(f policy.Finding) types.Statement {
	from := fromIdentity
	switch f.Kind {
	case policy.Resource, policy.Trust:
		from = fromResource
	case policy.Boundary:
		from = fromBoundary
	case policy.Identity, policy.Session, policy.ServiceControl, policy.ResourceControl:
	}
	return types.Statement{
		SourcePolicyId: &f.Policy, SourcePolicyType: types.PolicySourceType(from),
		StartPosition: &types.Position{Line: f.Span.Start.Line, Column: f.Span.Start.Column},
		EndPosition:   &types.Position{Line: f.Span.End.Line, Column: f.Span.End.Column},
	}
}

// sum is what the outcomes for several resources come to.
type sum struct {
	decision, controls, boundary policy.Effect
	details                      map[string]types.PolicyEvaluationDecisionType
	parts                        []simulated
}

func (s *sum) add(one simulated) {
	s.decision, s.controls, s.boundary = s.decision.Worst(one.decision), s.controls.Worst(one.controls), s.boundary.Worst(one.boundary)
	for from, says := range one.details {
		if before, ok := s.details[from]; ok {
			says = types.PolicyEvaluationDecisionType(policy.Effect(before).Worst(policy.Effect(says)))
		}
		s.details[from] = says
	}
	s.parts = append(s.parts, one)
}

// deciding gives each statement once that brought the worst decision about.
func (s *sum) deciding() []types.Statement {
	out, seen := []types.Statement{}, map[string]bool{}
	for _, one := range s.parts {
		if one.decision != s.decision {
			continue
		}
		for _, st := range one.matched {
			id := fmt.Sprint(*st.SourcePolicyId, "/", st.SourcePolicyType, "/", st.StartPosition.Line, ":", st.StartPosition.Column)
			if !seen[id] {
				seen[id], out = true, append(out, st)
			}
		}
	}
	return out
}

// missing gives the condition keys that policies refer to and nobody gave a value for. Those of SCPs do not count.
func (m *simulation) missing() []string {
	given := map[string]bool{}
	for _, keys := range []map[string][]string{m.context, m.known} {
		for k := range maps.Keys(keys) {
			given[strings.ToLower(k)] = true
		}
	}
	all := append(slices.Clone(m.policies.Identity), boundaryOf(m.policies)...)
	if m.policies.Resource != nil {
		all = append(all, *m.policies.Resource)
	}
	return slices.DeleteFunc(keysReferred(all), func(k string) bool { return given[strings.ToLower(k)] })
}

// keysReferred gives the condition keys of policies, each once.
func keysReferred(policies []policy.Named) []string {
	out := []string{}
	for _, p := range policies {
		for _, k := range p.Document.Keys() {
			if !slices.ContainsFunc(out, func(have string) bool { return strings.EqualFold(have, k) }) {
				out = append(out, k)
			}
		}
	}
	return out
}
