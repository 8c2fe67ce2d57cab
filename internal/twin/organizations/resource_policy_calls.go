package organizations

import (
	"context"

	"github.com/aws/aws-sdk-go-v2/service/organizations"
	"github.com/aws/aws-sdk-go-v2/service/organizations/types"

	"accountfactory/internal/twin/state"
	"accountfactory/internal/wire"
)

// PutResourcePolicy makes the organization's resource policy, or replaces its content.
func (s *Service) PutResourcePolicy(ctx context.Context, in *organizations.PutResourcePolicyInput, _ ...func(*organizations.Options)) (*organizations.PutResourcePolicyOutput, error) {
	out := &organizations.PutResourcePolicyOutput{}
	err := s.manage(ctx, func(tx *state.Tx, org *Organization) error {
		tags, err := tagsFrom(in.Tags)
		if err != nil {
			return err
		}
		p, err := s.SetResourcePolicy(tx, str(in.Content), tags)
		if err != nil {
			return err
		}
		out.ResourcePolicy = wireResourcePolicy(org, p)
		return nil
	})
	return answer(out, err)
}

// DescribeResourcePolicy gives the organization's resource policy.
func (s *Service) DescribeResourcePolicy(ctx context.Context, _ *organizations.DescribeResourcePolicyInput, _ ...func(*organizations.Options)) (*organizations.DescribeResourcePolicyOutput, error) {
	out := &organizations.DescribeResourcePolicyOutput{}
	err := s.read(ctx, func(tx *state.Tx, org *Organization) error {
		p := s.ResourcePolicy(tx)
		if p == nil {
			return errNoResourcePolicy()
		}
		out.ResourcePolicy = wireResourcePolicy(org, p)
		return nil
	})
	return answer(out, err)
}

// DeleteResourcePolicy deletes the organization's resource policy.
func (s *Service) DeleteResourcePolicy(ctx context.Context, _ *organizations.DeleteResourcePolicyInput, _ ...func(*organizations.Options)) (*organizations.DeleteResourcePolicyOutput, error) {
	err := s.manage(ctx, func(tx *state.Tx, _ *Organization) error {
		if !s.resourcePolicy.Delete(tx, theResourcePolicy) {
			return errNoResourcePolicy()
		}
		return nil
	})
	return answer(&organizations.DeleteResourcePolicyOutput{}, err)
}

func wireResourcePolicy(org *Organization, p *ResourcePolicy) *types.ResourcePolicy {
	return &types.ResourcePolicy{
		Content: new(p.Content), ResourcePolicySummary: &types.ResourcePolicySummary{Id: new(p.ID), Arn: new(org.ARN(p.ID))},
	}
}

func (s *Service) checkPutResourcePolicy(_ context.Context, in *organizations.PutResourcePolicyInput) ([]wire.Check, error) {
	return s.creating("PutResourcePolicy", "rp-*", nil, in.Tags)
}

func (s *Service) checkDescribeResourcePolicy(_ context.Context, _ *organizations.DescribeResourcePolicyInput) ([]wire.Check, error) {
	return s.checks("DescribeResourcePolicy", nil)
}

func (s *Service) checkDeleteResourcePolicy(_ context.Context, _ *organizations.DeleteResourcePolicyInput) ([]wire.Check, error) {
	return s.checks("DeleteResourcePolicy", nil)
}
