package iam

import (
	"context"
	"iter"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/iam"
	"github.com/aws/aws-sdk-go-v2/service/iam/types"

	"accountfactory/internal/twin/state"
)

// ListPolicies gives the managed policies of the account, then AWS's, each in the order of their names and ARNs.
func (s *Service) ListPolicies(ctx context.Context, in *iam.ListPoliciesInput, _ ...func(*iam.Options)) (*iam.ListPoliciesOutput, error) {
	account := accountOf(ctx)
	only := ""
	if in.OnlyAttached {
		only = "attached"
	}
	p, err := newPage(in.Marker, in.MaxItems, "ListPolicies", account, string(in.Scope), aws.ToString(in.PathPrefix), string(in.PolicyUsageFilter), only)
	if err != nil {
		return nil, err
	}
	out := &iam.ListPoliciesOutput{}
	return out, s.state.View(func(tx *state.Tx) error {
		attached, bounding := s.holders(tx, account)
		rows := matching(s.allPolicies(tx, account, in.Scope, p.after), func(m *Policy) bool {
			a := m.ARN()
			return under(m.Path, in.PathPrefix) && (!in.OnlyAttached || attached[a] > 0) && used(in.PolicyUsageFilter, attached[a], bounding[a])
		})
		l := take(p, rows, listKey, func(m *Policy) types.Policy {
			shown := m.show(attached[m.ARN()], bounding[m.ARN()])
			shown.Description = nil // lists leave it out: IAM API Reference, Policy
			return *shown
		})
		out.Policies, out.Marker, out.IsTruncated = l.Items, l.Marker, l.Truncated
		return nil
	})
}

// used tells whether a policy is used in the way asked for.
func used(filter types.PolicyUsageType, attached, bounding int32) bool {
	switch filter {
	case types.PolicyUsageTypePermissionsPolicy:
		return attached > 0
	case types.PolicyUsageTypePermissionsBoundary:
		return bounding > 0
	}
	return true
}

// listKey sorts the account's own policies before AWS's, whose "account" sorts behind every number.
func listKey(p *Policy) string {
	if p.AccountID == "aws" {
		return p.ARN()
	}
	return p.key()
}

// allPolicies gives the managed policies of a scope whose list keys come after one.
func (s *Service) allPolicies(tx *state.Tx, account string, scope types.PolicyScopeType, after string) iter.Seq[*Policy] {
	return func(yield func(*Policy) bool) {
		if scope != types.PolicyScopeTypeAws && after < "arn:" {
			for p := range s.policiesOf(tx, account, after) {
				if !yield(p) {
					return
				}
			}
		}
		if scope == types.PolicyScopeTypeLocal {
			return
		}
		for a := range following(sortedKeys(s.managed), after) {
			if !yield(s.managed[a].row()) {
				return
			}
		}
	}
}

// ListEntitiesForPolicy gives the groups, then the roles, then the users that have a managed policy.
func (s *Service) ListEntitiesForPolicy(ctx context.Context, in *iam.ListEntitiesForPolicyInput, _ ...func(*iam.Options)) (*iam.ListEntitiesForPolicyOutput, error) {
	account := accountOf(ctx)
	p, err := newPage(in.Marker, in.MaxItems, "ListEntitiesForPolicy", account, *in.PolicyArn, string(in.EntityFilter), aws.ToString(in.PathPrefix), string(in.PolicyUsageFilter))
	if err != nil {
		return nil, err
	}
	out := &iam.ListEntitiesForPolicyOutput{PolicyGroups: []types.PolicyGroup{}, PolicyRoles: []types.PolicyRole{}, PolicyUsers: []types.PolicyUser{}}
	return out, s.state.View(func(tx *state.Tx) error {
		if _, err := s.anyPolicy(tx, account, *in.PolicyArn); err != nil {
			return err
		}
		rows := matching(s.entities(tx, account), func(e *Entity) bool { return e.listKey() > p.after && e.holds(in) })
		l := take(p, rows, (*Entity).listKey, func(e *Entity) *Entity { return e })
		for _, e := range l.Items {
			switch e.entityType() {
			case types.EntityTypeGroup:
				out.PolicyGroups = append(out.PolicyGroups, types.PolicyGroup{GroupId: &e.ID, GroupName: &e.Name})
			case types.EntityTypeRole:
				out.PolicyRoles = append(out.PolicyRoles, types.PolicyRole{RoleId: &e.ID, RoleName: &e.Name})
			default:
				out.PolicyUsers = append(out.PolicyUsers, types.PolicyUser{UserId: &e.ID, UserName: &e.Name})
			}
		}
		out.Marker, out.IsTruncated = l.Marker, l.Truncated
		return nil
	})
}

// entityType tells an entity's class by its id.
func (e *Entity) entityType() types.EntityType {
	switch e.ID[:len(userPrefix)] {
	case groupPrefix:
		return types.EntityTypeGroup
	case rolePrefix:
		return types.EntityTypeRole
	}
	return types.EntityTypeUser
}

// listKey sorts groups before roles before users, as the names of their types do, and each by name.
func (e *Entity) listKey() string { return string(e.entityType()) + "/" + e.key() }

// holds tells whether an entity has the policy in the way asked for.
func (e *Entity) holds(in *iam.ListEntitiesForPolicyInput) bool {
	if in.EntityFilter != "" && in.EntityFilter != e.entityType() || !under(e.Path, in.PathPrefix) {
		return false
	}
	var attached, bounding int32
	for _, a := range e.Managed {
		if a == *in.PolicyArn {
			attached = 1
		}
	}
	if e.Boundary == *in.PolicyArn {
		bounding = 1
	}
	return attached+bounding > 0 && used(in.PolicyUsageFilter, attached, bounding)
}
