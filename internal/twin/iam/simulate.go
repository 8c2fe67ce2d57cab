package iam

import (
	"context"
	"strconv"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/iam"
	"github.com/aws/aws-sdk-go-v2/service/iam/types"

	"accountfactory/internal/policy"
	"accountfactory/internal/twin/state"
)

// SimulateCustomPolicy tells what policies given as text would allow. It asks nobody and changes nothing.
func (s *Service) SimulateCustomPolicy(ctx context.Context, in *iam.SimulateCustomPolicyInput, _ ...func(*iam.Options)) (*iam.SimulateCustomPolicyOutput, error) {
	m, err := readSimulation(accountOf(ctx), simulationInput{
		actions: in.ActionNames, resources: in.ResourceArns, policies: in.PolicyInputList, boundary: in.PermissionsBoundaryPolicyInputList,
		caller: in.CallerArn, owner: in.ResourceOwner, resourcePolicy: in.ResourcePolicy, context: in.ContextEntries, handling: in.ResourceHandlingOption,
	})
	if err != nil {
		return nil, err
	}
	if err := m.addLevels(in.OrderedOrganizationPolicyInputList); err != nil {
		return nil, err
	}
	out := &iam.SimulateCustomPolicyOutput{}
	return out, s.state.View(func(tx *state.Tx) error {
		m.meet(s, tx)
		l, err := m.page(in.Marker, in.MaxItems, "SimulateCustomPolicy")
		out.EvaluationResults, out.Marker, out.IsTruncated = l.Items, l.Marker, l.Truncated
		return err
	})
}

// SimulatePrincipalPolicy tells what a user, group or role may do by the policies it has, those given and, for an account
// of the organization, its service control policies.
func (s *Service) SimulatePrincipalPolicy(ctx context.Context, in *iam.SimulatePrincipalPolicyInput, _ ...func(*iam.Options)) (*iam.SimulatePrincipalPolicyOutput, error) {
	out := &iam.SimulatePrincipalPolicyOutput{}
	return out, s.state.View(func(tx *state.Tx) error {
		of, err := s.principalNamed(tx, accountOf(ctx), *in.PolicySourceArn)
		if err != nil {
			return err
		}
		caller := in.CallerArn
		if caller == nil && of.kind != "group" {
			caller = in.PolicySourceArn
		}
		m, err := readSimulation(accountOf(ctx), simulationInput{
			actions: in.ActionNames, resources: in.ResourceArns, policies: in.PolicyInputList, boundary: in.PermissionsBoundaryPolicyInputList,
			caller: caller, owner: in.ResourceOwner, resourcePolicy: in.ResourcePolicy, context: in.ContextEntries, handling: in.ResourceHandlingOption,
		})
		if err != nil {
			return err
		}
		if err := s.addAttached(tx, m, of, in.PolicyExclusionList); err != nil {
			return err
		}
		m.meet(s, tx)
		l, err := m.page(in.Marker, in.MaxItems, "SimulatePrincipalPolicy")
		out.EvaluationResults, out.Marker, out.IsTruncated = l.Items, l.Marker, l.Truncated
		return err
	})
}

// namedPrincipal is a user, group or role that an ARN names.
type namedPrincipal struct {
	kind    string
	entity  *Entity
	sources []source
}

// principalNamed finds whose policies are to be simulated.
func (s *Service) principalNamed(tx *state.Tx, accountID, principalARN string) (n namedPrincipal, err error) {
	account, path, name, ok := "", "", "", false
	for _, kind := range []string{"user", "group", "role"} {
		if account, path, name, ok = splitARN(principalARN, kind); ok {
			n.kind = kind
			break
		}
	}
	if !ok {
		return n, invalidInput("Invalid Entity Arn: %s does not clearly define entity type and name.", principalARN)
	}
	if account != accountID {
		return n, noSuch("The %s with name %s cannot be found.", n.kind, name)
	}
	switch n.kind {
	case "user":
		u, err := s.users.get(tx, account, name)
		if err != nil {
			return n, err
		}
		n.entity, n.sources = &u.Entity, s.userSources(tx, u)
	case "group":
		g, err := s.groups.get(tx, account, name)
		if err != nil {
			return n, err
		}
		n.entity, n.sources = &g.Entity, s.sourcesOf(tx, nil, "group", &g.Entity)
	case "role":
		r, err := s.roles.get(tx, account, name)
		if err != nil {
			return n, err
		}
		n.entity, n.sources = &r.Entity, s.sourcesOf(tx, nil, "role", &r.Entity)
	}
	if n.entity.Path != path {
		return n, noSuch("The %s with name %s cannot be found.", n.kind, name)
	}
	return n, nil
}

// addAttached adds what hangs on the principal, and on its account, before the policies given.
func (s *Service) addAttached(tx *state.Tx, m *simulation, of namedPrincipal, exclusions []types.PolicyIdentifier) error {
	leave, err := readExclusions(exclusions)
	if err != nil {
		return err
	}
	var attached []policy.Named
	for _, src := range of.sources {
		if !leave.excludes(src) {
			attached = append(attached, src.Named)
		}
	}
	m.policies.Identity = append(attached, m.policies.Identity...)
	if m.policies.Boundary == nil && of.entity.Boundary != "" && !leave.kinds[types.PolicyIdentifierPolicyTypePermissionBoundary] {
		b := s.entityPolicies(tx, of.entity).Boundary
		m.policies.Boundary = &policy.Named{Name: policyName(of.entity.Boundary), Document: b.Document}
	}
	levels, member := s.controls(tx, of.entity.AccountID)
	m.organized = member
	if !leave.kinds[types.PolicyIdentifierPolicyTypeScp] {
		m.policies.ServiceControl = levels
	}
	for _, n := range append(m.policies.Identity, boundaryOf(m.policies)...) {
		if n.Document == nil {
			return &types.PolicyEvaluationException{Message: text("The policy %s cannot be evaluated.", n.Name)}
		}
	}
	return nil
}

func boundaryOf(p policy.Policies) []policy.Named {
	if p.Boundary == nil {
		return nil
	}
	return []policy.Named{*p.Boundary}
}

// page gives the results that a page holds. Only those are worked out.
func (m *simulation) page(marker *string, maxItems *int32, operation string) (listed[types.EvaluationResult], error) {
	p, err := newPage(marker, maxItems, operation, m.who.ARN, m.who.RoleARN, strings.Join(m.actions, ","), strings.Join(m.resources, ","))
	if err != nil {
		return listed[types.EvaluationResult]{}, err
	}
	from, _ := strconv.Atoi(p.after)
	indexes := func(yield func(int) bool) {
		for i := from; i < len(m.actions); i++ {
			if !yield(i) {
				return
			}
		}
	}
	return take(p, indexes, func(i int) string { return strconv.Itoa(i + 1) }, func(i int) types.EvaluationResult { return m.result(m.actions[i]) }), nil
}

// GetContextKeysForCustomPolicy gives the condition keys that policies given as text refer to.
func (s *Service) GetContextKeysForCustomPolicy(_ context.Context, in *iam.GetContextKeysForCustomPolicyInput, _ ...func(*iam.Options)) (*iam.GetContextKeysForCustomPolicyOutput, error) {
	given, err := readPolicies("PolicyInputList", in.PolicyInputList, policy.Identity)
	if err != nil {
		return nil, err
	}
	return &iam.GetContextKeysForCustomPolicyOutput{ContextKeyNames: keysReferred(given)}, nil
}

// GetContextKeysForPrincipalPolicy gives the condition keys that the policies of a user, group or role refer to, and those
// given.
func (s *Service) GetContextKeysForPrincipalPolicy(ctx context.Context, in *iam.GetContextKeysForPrincipalPolicyInput, _ ...func(*iam.Options)) (*iam.GetContextKeysForPrincipalPolicyOutput, error) {
	given, err := readPolicies("PolicyInputList", in.PolicyInputList, policy.Identity)
	if err != nil {
		return nil, err
	}
	out := &iam.GetContextKeysForPrincipalPolicyOutput{}
	return out, s.state.View(func(tx *state.Tx) error {
		of, err := s.principalNamed(tx, accountOf(ctx), aws.ToString(in.PolicySourceArn))
		if err != nil {
			return err
		}
		var attached []policy.Named
		for _, src := range of.sources {
			attached = append(attached, src.Named)
		}
		out.ContextKeyNames = keysReferred(append(attached, given...))
		return nil
	})
}
