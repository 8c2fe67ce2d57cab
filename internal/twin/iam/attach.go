package iam

import (
	"context"
	"iter"
	"slices"

	"github.com/aws/aws-sdk-go-v2/service/iam"
	"github.com/aws/aws-sdk-go-v2/service/iam/types"

	"accountfactory/internal/twin/state"
)

// attach hangs a managed policy on an entity; one that hangs there already stays.
func attach[T any](ctx context.Context, s *Service, c class[T], name, policyARN string) error {
	return s.state.Update(ctx, func(tx *state.Tx) error {
		account := accountOf(ctx)
		return c.changeEntity(tx, account, name, func(e *Entity) error {
			if !s.HasPolicy(tx, account, policyARN) {
				return noSuch("Policy %s does not exist or is not attachable.", policyARN)
			}
			if err := checkAttachable(policyARN); err != nil {
				return err
			}
			if slices.Contains(e.Managed, policyARN) {
				return nil
			}
			if len(e.Managed) >= c.limits.managed {
				return exceeded("Cannot exceed quota for %s: %d", c.limits.managedName, c.limits.managed)
			}
			e.Managed = append(slices.Clone(e.Managed), policyARN)
			return nil
		})
	})
}

// detach takes a managed policy off an entity.
func detach[T any](ctx context.Context, s *Service, c class[T], name, policyARN string) error {
	return s.state.Update(ctx, func(tx *state.Tx) error {
		return c.changeEntity(tx, accountOf(ctx), name, func(e *Entity) error {
			i := slices.Index(e.Managed, policyARN)
			if i < 0 {
				return noSuch("Policy %s was not found.", policyARN)
			}
			e.Managed = slices.Delete(slices.Clone(e.Managed), i, i+1)
			return nil
		})
	})
}

// attachedPage is what the three lists of attached policies ask for.
type attachedPage struct {
	operation, name string
	marker, prefix  *string
	max             *int32
}

// attached lists the managed policies of an entity in the order of their ARNs.
func attached[T any](ctx context.Context, s *Service, c class[T], in attachedPage) (l listed[types.AttachedPolicy], err error) {
	account := accountOf(ctx)
	p, err := newPage(in.marker, in.max, in.operation, account, in.name, fromPointer(in.prefix))
	if err != nil {
		return l, err
	}
	return l, s.state.View(func(tx *state.Tx) error {
		row, err := c.get(tx, account, in.name)
		if err != nil {
			return err
		}
		arns := slices.Sorted(slices.Values(c.entity(row).Managed))
		rows := matching(following(arns, p.after), func(a string) bool { return under(policyPath(a), in.prefix) })
		l = take(p, rows, self, shownAttached)
		return nil
	})
}

func fromPointer(s *string) string {
	if s == nil {
		return ""
	}
	return *s
}

func policyPath(policyARN string) string {
	_, path, _, _ := splitARN(policyARN, "policy")
	return path
}

func shownAttached(policyARN string) types.AttachedPolicy {
	_, _, name, _ := splitARN(policyARN, "policy")
	return types.AttachedPolicy{PolicyArn: &policyARN, PolicyName: &name}
}

// holders gives, per managed policy, how many entities of the account have it attached, and for how many it is the boundary.
func (s *Service) holders(tx *state.Tx, accountID string) (attached, bounding map[string]int32) {
	attached, bounding = map[string]int32{}, map[string]int32{}
	for e := range s.entities(tx, accountID) {
		for _, a := range e.Managed {
			attached[a]++
		}
		if e.Boundary != "" {
			bounding[e.Boundary]++
		}
	}
	return attached, bounding
}

// entities gives all groups, roles and users of an account.
func (s *Service) entities(tx *state.Tx, accountID string) iter.Seq[*Entity] {
	return func(yield func(*Entity) bool) {
		for g := range s.groups.of(tx, accountID, "") {
			if !yield(&g.Entity) {
				return
			}
		}
		for r := range s.roles.of(tx, accountID, "") {
			if !yield(&r.Entity) {
				return
			}
		}
		for u := range s.users.of(tx, accountID, "") {
			if !yield(&u.Entity) {
				return
			}
		}
	}
}

// AttachUserPolicy hangs a managed policy on a user.
func (s *Service) AttachUserPolicy(ctx context.Context, in *iam.AttachUserPolicyInput, _ ...func(*iam.Options)) (*iam.AttachUserPolicyOutput, error) {
	return &iam.AttachUserPolicyOutput{}, attach(ctx, s, s.users, *in.UserName, *in.PolicyArn)
}

// AttachGroupPolicy hangs a managed policy on a group.
func (s *Service) AttachGroupPolicy(ctx context.Context, in *iam.AttachGroupPolicyInput, _ ...func(*iam.Options)) (*iam.AttachGroupPolicyOutput, error) {
	return &iam.AttachGroupPolicyOutput{}, attach(ctx, s, s.groups, *in.GroupName, *in.PolicyArn)
}

// AttachRolePolicy hangs a managed policy on a role.
func (s *Service) AttachRolePolicy(ctx context.Context, in *iam.AttachRolePolicyInput, _ ...func(*iam.Options)) (*iam.AttachRolePolicyOutput, error) {
	return &iam.AttachRolePolicyOutput{}, attach(ctx, s, s.roles, *in.RoleName, *in.PolicyArn)
}

// DetachUserPolicy takes a managed policy off a user.
func (s *Service) DetachUserPolicy(ctx context.Context, in *iam.DetachUserPolicyInput, _ ...func(*iam.Options)) (*iam.DetachUserPolicyOutput, error) {
	return &iam.DetachUserPolicyOutput{}, detach(ctx, s, s.users, *in.UserName, *in.PolicyArn)
}

// DetachGroupPolicy takes a managed policy off a group.
func (s *Service) DetachGroupPolicy(ctx context.Context, in *iam.DetachGroupPolicyInput, _ ...func(*iam.Options)) (*iam.DetachGroupPolicyOutput, error) {
	return &iam.DetachGroupPolicyOutput{}, detach(ctx, s, s.groups, *in.GroupName, *in.PolicyArn)
}

// DetachRolePolicy takes a managed policy off a role.
func (s *Service) DetachRolePolicy(ctx context.Context, in *iam.DetachRolePolicyInput, _ ...func(*iam.Options)) (*iam.DetachRolePolicyOutput, error) {
	return &iam.DetachRolePolicyOutput{}, detach(ctx, s, s.roles, *in.RoleName, *in.PolicyArn)
}

// ListAttachedUserPolicies lists the managed policies of a user.
func (s *Service) ListAttachedUserPolicies(ctx context.Context, in *iam.ListAttachedUserPoliciesInput, _ ...func(*iam.Options)) (*iam.ListAttachedUserPoliciesOutput, error) {
	l, err := attached(ctx, s, s.users, attachedPage{"ListAttachedUserPolicies", *in.UserName, in.Marker, in.PathPrefix, in.MaxItems})
	return &iam.ListAttachedUserPoliciesOutput{AttachedPolicies: l.Items, Marker: l.Marker, IsTruncated: l.Truncated}, err
}

// ListAttachedGroupPolicies lists the managed policies of a group.
func (s *Service) ListAttachedGroupPolicies(ctx context.Context, in *iam.ListAttachedGroupPoliciesInput, _ ...func(*iam.Options)) (*iam.ListAttachedGroupPoliciesOutput, error) {
	l, err := attached(ctx, s, s.groups, attachedPage{"ListAttachedGroupPolicies", *in.GroupName, in.Marker, in.PathPrefix, in.MaxItems})
	return &iam.ListAttachedGroupPoliciesOutput{AttachedPolicies: l.Items, Marker: l.Marker, IsTruncated: l.Truncated}, err
}

// ListAttachedRolePolicies lists the managed policies of a role.
func (s *Service) ListAttachedRolePolicies(ctx context.Context, in *iam.ListAttachedRolePoliciesInput, _ ...func(*iam.Options)) (*iam.ListAttachedRolePoliciesOutput, error) {
	l, err := attached(ctx, s, s.roles, attachedPage{"ListAttachedRolePolicies", *in.RoleName, in.Marker, in.PathPrefix, in.MaxItems})
	return &iam.ListAttachedRolePoliciesOutput{AttachedPolicies: l.Items, Marker: l.Marker, IsTruncated: l.Truncated}, err
}
