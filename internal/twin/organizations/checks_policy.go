package organizations

import (
	"context"

	"github.com/aws/aws-sdk-go-v2/service/organizations"
	"github.com/aws/aws-sdk-go-v2/service/organizations/types"

	"accountfactory/internal/twin/state"
	"accountfactory/internal/wire"
)

// aboutPolicy gives the questions for an action on a policy and other resources.
func (s *Service) aboutPolicy(action, policyID string, also ...string) ([]wire.Check, error) {
	kind := scp
	err := s.state.View(func(tx *state.Tx) error {
		if p := s.policies.Get(tx, policyID); p != nil {
			kind = p.Kind()
		}
		return nil
	})
	if err != nil {
		return nil, err
	}
	return s.checks(action, ofType(kind), append([]string{policyID}, also...)...)
}

func (s *Service) checkDescribePolicy(_ context.Context, in *organizations.DescribePolicyInput) ([]wire.Check, error) {
	return s.aboutPolicy("DescribePolicy", str(in.PolicyId))
}

func (s *Service) checkUpdatePolicy(_ context.Context, in *organizations.UpdatePolicyInput) ([]wire.Check, error) {
	return s.aboutPolicy("UpdatePolicy", str(in.PolicyId))
}

func (s *Service) checkDeletePolicy(_ context.Context, in *organizations.DeletePolicyInput) ([]wire.Check, error) {
	return s.aboutPolicy("DeletePolicy", str(in.PolicyId))
}

func (s *Service) checkListPolicies(_ context.Context, in *organizations.ListPoliciesInput) ([]wire.Check, error) {
	return s.checks("ListPolicies", ofType(in.Filter))
}

func (s *Service) checkAttachPolicy(_ context.Context, in *organizations.AttachPolicyInput) ([]wire.Check, error) {
	return s.aboutPolicy("AttachPolicy", str(in.PolicyId), str(in.TargetId))
}

func (s *Service) checkDetachPolicy(_ context.Context, in *organizations.DetachPolicyInput) ([]wire.Check, error) {
	return s.aboutPolicy("DetachPolicy", str(in.PolicyId), str(in.TargetId))
}

func (s *Service) checkListPoliciesForTarget(_ context.Context, in *organizations.ListPoliciesForTargetInput) ([]wire.Check, error) {
	return s.checks("ListPoliciesForTarget", ofType(in.Filter), str(in.TargetId))
}

func (s *Service) checkListTargetsForPolicy(_ context.Context, in *organizations.ListTargetsForPolicyInput) ([]wire.Check, error) {
	return s.aboutPolicy("ListTargetsForPolicy", str(in.PolicyId))
}

func (s *Service) checkDescribeEffectivePolicy(ctx context.Context, in *organizations.DescribeEffectivePolicyInput) ([]wire.Check, error) {
	return s.checks("DescribeEffectivePolicy", ofType(types.PolicyType(in.PolicyType)), or(in.TargetId, callerAccount(ctx)))
}

func (s *Service) checkEnablePolicyType(_ context.Context, in *organizations.EnablePolicyTypeInput) ([]wire.Check, error) {
	return s.checks("EnablePolicyType", ofType(in.PolicyType), str(in.RootId))
}

func (s *Service) checkDisablePolicyType(_ context.Context, in *organizations.DisablePolicyTypeInput) ([]wire.Check, error) {
	return s.checks("DisablePolicyType", ofType(in.PolicyType), str(in.RootId))
}
