package organizations

import (
	"context"

	"github.com/aws/aws-sdk-go-v2/service/organizations"
	"github.com/aws/aws-sdk-go-v2/service/organizations/types"

	"accountfactory/internal/twin/state"
)

// DescribeEffectivePolicy gives what management policies come to for the caller's own account or, for the management
// account and others that may read the organization, for any.
func (s *Service) DescribeEffectivePolicy(ctx context.Context, in *organizations.DescribeEffectivePolicyInput, _ ...func(*organizations.Options)) (*organizations.DescribeEffectivePolicyOutput, error) {
	out := &organizations.DescribeEffectivePolicyOutput{}
	err := s.state.View(func(tx *state.Tx) error {
		if _, err := s.forMember(ctx, tx); err != nil {
			return err
		}
		target := or(in.TargetId, callerAccount(ctx))
		if target != callerAccount(ctx) {
			if _, err := s.forReader(ctx, tx); err != nil {
				return err
			}
		}
		switch {
		case s.isParent(tx, target):
			return errTargetNotSupported()
		case s.accounts.Get(tx, target) == nil:
			return errTargetNotFound()
		}
		content, since, err := s.Effective(tx, target, types.PolicyType(in.PolicyType))
		if err != nil {
			return err
		}
		out.EffectivePolicy = &types.EffectivePolicy{
			PolicyContent: &content, LastUpdatedTimestamp: &since, TargetId: &target, PolicyType: in.PolicyType,
		}
		return nil
	})
	return answer(out, err)
}
