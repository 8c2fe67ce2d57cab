package iam

import (
	"context"

	"github.com/aws/aws-sdk-go-v2/service/iam"

	"accountfactory/internal/twin/state"
)

// checkBoundary refuses a boundary that is no policy the account could attach; nil is none.
func (s *Service) checkBoundary(tx *state.Tx, accountID string, policyARN *string) error {
	if policyARN != nil && !s.HasPolicy(tx, accountID, *policyARN) {
		return noSuch("Scope ARN: %s does not exist or is not attachable.", *policyARN)
	}
	if policyARN != nil {
		return checkAttachable(*policyARN)
	}
	return nil
}

// setBoundary makes a policy the boundary of an entity; nil takes the boundary away.
func setBoundary[T any](ctx context.Context, s *Service, c class[T], name string, policyARN *string) error {
	return s.state.Update(ctx, func(tx *state.Tx) error {
		return c.changeEntity(tx, accountOf(ctx), name, func(e *Entity) error {
			if policyARN == nil && e.Boundary == "" {
				return noSuch("%s %s does not have a permission boundary", title(c.kind), name)
			}
			e.Boundary = fromPointer(policyARN)
			return s.checkBoundary(tx, e.AccountID, policyARN)
		})
	})
}

// PutUserPermissionsBoundary gives a user a boundary.
func (s *Service) PutUserPermissionsBoundary(ctx context.Context, in *iam.PutUserPermissionsBoundaryInput, _ ...func(*iam.Options)) (*iam.PutUserPermissionsBoundaryOutput, error) {
	return &iam.PutUserPermissionsBoundaryOutput{}, setBoundary(ctx, s, s.users, *in.UserName, in.PermissionsBoundary)
}

// PutRolePermissionsBoundary gives a role a boundary.
func (s *Service) PutRolePermissionsBoundary(ctx context.Context, in *iam.PutRolePermissionsBoundaryInput, _ ...func(*iam.Options)) (*iam.PutRolePermissionsBoundaryOutput, error) {
	return &iam.PutRolePermissionsBoundaryOutput{}, setBoundary(ctx, s, s.roles, *in.RoleName, in.PermissionsBoundary)
}

// DeleteUserPermissionsBoundary takes a user's boundary away.
func (s *Service) DeleteUserPermissionsBoundary(ctx context.Context, in *iam.DeleteUserPermissionsBoundaryInput, _ ...func(*iam.Options)) (*iam.DeleteUserPermissionsBoundaryOutput, error) {
	return &iam.DeleteUserPermissionsBoundaryOutput{}, setBoundary(ctx, s, s.users, *in.UserName, nil)
}

// DeleteRolePermissionsBoundary takes a role's boundary away.
func (s *Service) DeleteRolePermissionsBoundary(ctx context.Context, in *iam.DeleteRolePermissionsBoundaryInput, _ ...func(*iam.Options)) (*iam.DeleteRolePermissionsBoundaryOutput, error) {
	return &iam.DeleteRolePermissionsBoundaryOutput{}, setBoundary(ctx, s, s.roles, *in.RoleName, nil)
}
