package iam

import (
	"context"
	"maps"

	"github.com/aws/aws-sdk-go-v2/service/iam"

	"accountfactory/internal/policy"
	"accountfactory/internal/twin/state"
)

// putInline gives an entity an inline policy, or replaces the one of this name.
func putInline[T any](ctx context.Context, s *Service, c class[T], name, policyName, document string) error {
	return s.state.Update(ctx, func(tx *state.Tx) error {
		return c.changeEntity(tx, accountOf(ctx), name, func(e *Entity) error {
			if err := checkDocument(document, policy.Identity); err != nil {
				return err
			}
			next := maps.Clone(e.Inline)
			if next == nil {
				next = map[string]string{}
			}
			next[policyName] = document
			size := 0
			for _, d := range next {
				size += policy.Size(d)
			}
			if size > c.limits.inline {
				return exceeded("Maximum policy size of %d bytes exceeded for %s %s", c.limits.inline, c.kind, name)
			}
			e.Inline = next
			return nil
		})
	})
}

// deleteInline removes an inline policy of an entity.
func deleteInline[T any](ctx context.Context, s *Service, c class[T], name, policyName string) error {
	return s.state.Update(ctx, func(tx *state.Tx) error {
		return c.changeEntity(tx, accountOf(ctx), name, func(e *Entity) error {
			if _, ok := e.Inline[policyName]; !ok {
				return noInline(c.kind, policyName)
			}
			e.Inline = maps.Clone(e.Inline)
			delete(e.Inline, policyName)
			return nil
		})
	})
}

func noInline(kind, policyName string) error {
	return noSuch("The %s policy with name %s cannot be found.", kind, policyName)
}

// getInline gives an inline policy of an entity, encoded.
func getInline[T any](ctx context.Context, s *Service, c class[T], name, policyName string) (document *string, err error) {
	return document, s.state.View(func(tx *state.Tx) error {
		row, err := c.get(tx, accountOf(ctx), name)
		if err != nil {
			return err
		}
		d, ok := c.entity(row).Inline[policyName]
		if !ok {
			return noInline(c.kind, policyName)
		}
		document = encoded(d)
		return nil
	})
}

// listInline lists the names of an entity's inline policies.
func listInline[T any](ctx context.Context, s *Service, c class[T], operation, name string, marker *string, maxItems *int32) (l listed[string], err error) {
	p, err := newPage(marker, maxItems, operation, accountOf(ctx), name)
	if err != nil {
		return l, err
	}
	return l, s.state.View(func(tx *state.Tx) error {
		row, err := c.get(tx, accountOf(ctx), name)
		if err != nil {
			return err
		}
		l = take(p, following(sortedKeys(c.entity(row).Inline), p.after), self, self)
		return nil
	})
}

// PutUserPolicy puts an inline policy of a user.
func (s *Service) PutUserPolicy(ctx context.Context, in *iam.PutUserPolicyInput, _ ...func(*iam.Options)) (*iam.PutUserPolicyOutput, error) {
	return &iam.PutUserPolicyOutput{}, putInline(ctx, s, s.users, *in.UserName, *in.PolicyName, *in.PolicyDocument)
}

// PutGroupPolicy puts an inline policy of a group.
func (s *Service) PutGroupPolicy(ctx context.Context, in *iam.PutGroupPolicyInput, _ ...func(*iam.Options)) (*iam.PutGroupPolicyOutput, error) {
	return &iam.PutGroupPolicyOutput{}, putInline(ctx, s, s.groups, *in.GroupName, *in.PolicyName, *in.PolicyDocument)
}

// PutRolePolicy puts an inline policy of a role.
func (s *Service) PutRolePolicy(ctx context.Context, in *iam.PutRolePolicyInput, _ ...func(*iam.Options)) (*iam.PutRolePolicyOutput, error) {
	return &iam.PutRolePolicyOutput{}, putInline(ctx, s, s.roles, *in.RoleName, *in.PolicyName, *in.PolicyDocument)
}

// GetUserPolicy gives an inline policy of a user.
func (s *Service) GetUserPolicy(ctx context.Context, in *iam.GetUserPolicyInput, _ ...func(*iam.Options)) (*iam.GetUserPolicyOutput, error) {
	document, err := getInline(ctx, s, s.users, *in.UserName, *in.PolicyName)
	return &iam.GetUserPolicyOutput{UserName: in.UserName, PolicyName: in.PolicyName, PolicyDocument: document}, err
}

// GetGroupPolicy gives an inline policy of a group.
func (s *Service) GetGroupPolicy(ctx context.Context, in *iam.GetGroupPolicyInput, _ ...func(*iam.Options)) (*iam.GetGroupPolicyOutput, error) {
	document, err := getInline(ctx, s, s.groups, *in.GroupName, *in.PolicyName)
	return &iam.GetGroupPolicyOutput{GroupName: in.GroupName, PolicyName: in.PolicyName, PolicyDocument: document}, err
}

// GetRolePolicy gives an inline policy of a role.
func (s *Service) GetRolePolicy(ctx context.Context, in *iam.GetRolePolicyInput, _ ...func(*iam.Options)) (*iam.GetRolePolicyOutput, error) {
	document, err := getInline(ctx, s, s.roles, *in.RoleName, *in.PolicyName)
	return &iam.GetRolePolicyOutput{RoleName: in.RoleName, PolicyName: in.PolicyName, PolicyDocument: document}, err
}

// DeleteUserPolicy removes an inline policy of a user.
func (s *Service) DeleteUserPolicy(ctx context.Context, in *iam.DeleteUserPolicyInput, _ ...func(*iam.Options)) (*iam.DeleteUserPolicyOutput, error) {
	return &iam.DeleteUserPolicyOutput{}, deleteInline(ctx, s, s.users, *in.UserName, *in.PolicyName)
}

// DeleteGroupPolicy removes an inline policy of a group.
func (s *Service) DeleteGroupPolicy(ctx context.Context, in *iam.DeleteGroupPolicyInput, _ ...func(*iam.Options)) (*iam.DeleteGroupPolicyOutput, error) {
	return &iam.DeleteGroupPolicyOutput{}, deleteInline(ctx, s, s.groups, *in.GroupName, *in.PolicyName)
}

// DeleteRolePolicy removes an inline policy of a role.
func (s *Service) DeleteRolePolicy(ctx context.Context, in *iam.DeleteRolePolicyInput, _ ...func(*iam.Options)) (*iam.DeleteRolePolicyOutput, error) {
	return &iam.DeleteRolePolicyOutput{}, deleteInline(ctx, s, s.roles, *in.RoleName, *in.PolicyName)
}

// ListUserPolicies lists the inline policies of a user.
func (s *Service) ListUserPolicies(ctx context.Context, in *iam.ListUserPoliciesInput, _ ...func(*iam.Options)) (*iam.ListUserPoliciesOutput, error) {
	l, err := listInline(ctx, s, s.users, "ListUserPolicies", *in.UserName, in.Marker, in.MaxItems)
	return &iam.ListUserPoliciesOutput{PolicyNames: l.Items, Marker: l.Marker, IsTruncated: l.Truncated}, err
}

// ListGroupPolicies lists the inline policies of a group.
func (s *Service) ListGroupPolicies(ctx context.Context, in *iam.ListGroupPoliciesInput, _ ...func(*iam.Options)) (*iam.ListGroupPoliciesOutput, error) {
	l, err := listInline(ctx, s, s.groups, "ListGroupPolicies", *in.GroupName, in.Marker, in.MaxItems)
	return &iam.ListGroupPoliciesOutput{PolicyNames: l.Items, Marker: l.Marker, IsTruncated: l.Truncated}, err
}

// ListRolePolicies lists the inline policies of a role.
func (s *Service) ListRolePolicies(ctx context.Context, in *iam.ListRolePoliciesInput, _ ...func(*iam.Options)) (*iam.ListRolePoliciesOutput, error) {
	l, err := listInline(ctx, s, s.roles, "ListRolePolicies", *in.RoleName, in.Marker, in.MaxItems)
	return &iam.ListRolePoliciesOutput{PolicyNames: l.Items, Marker: l.Marker, IsTruncated: l.Truncated}, err
}
