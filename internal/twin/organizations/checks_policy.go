package organizations

import (
	"context"

	"github.com/aws/aws-sdk-go-v2/service/organizations"

	"accountfactory/internal/wire"
)

func (s *Service) checkDescribePolicy(_ context.Context, in *organizations.DescribePolicyInput) ([]wire.Check, error) {
	return s.checks("DescribePolicy", ofType(scp), str(in.PolicyId))
}

func (s *Service) checkUpdatePolicy(_ context.Context, in *organizations.UpdatePolicyInput) ([]wire.Check, error) {
	return s.checks("UpdatePolicy", ofType(scp), str(in.PolicyId))
}

func (s *Service) checkDeletePolicy(_ context.Context, in *organizations.DeletePolicyInput) ([]wire.Check, error) {
	return s.checks("DeletePolicy", ofType(scp), str(in.PolicyId))
}

func (s *Service) checkListPolicies(_ context.Context, in *organizations.ListPoliciesInput) ([]wire.Check, error) {
	return s.checks("ListPolicies", ofType(in.Filter))
}

func (s *Service) checkAttachPolicy(_ context.Context, in *organizations.AttachPolicyInput) ([]wire.Check, error) {
	return s.checks("AttachPolicy", ofType(scp), str(in.PolicyId), str(in.TargetId))
}

func (s *Service) checkDetachPolicy(_ context.Context, in *organizations.DetachPolicyInput) ([]wire.Check, error) {
	return s.checks("DetachPolicy", ofType(scp), str(in.PolicyId), str(in.TargetId))
}

func (s *Service) checkListPoliciesForTarget(_ context.Context, in *organizations.ListPoliciesForTargetInput) ([]wire.Check, error) {
	return s.checks("ListPoliciesForTarget", ofType(in.Filter), str(in.TargetId))
}

func (s *Service) checkListTargetsForPolicy(_ context.Context, in *organizations.ListTargetsForPolicyInput) ([]wire.Check, error) {
	return s.checks("ListTargetsForPolicy", ofType(scp), str(in.PolicyId))
}

func (s *Service) checkEnablePolicyType(_ context.Context, in *organizations.EnablePolicyTypeInput) ([]wire.Check, error) {
	return s.checks("EnablePolicyType", ofType(in.PolicyType), str(in.RootId))
}

func (s *Service) checkDisablePolicyType(_ context.Context, in *organizations.DisablePolicyTypeInput) ([]wire.Check, error) {
	return s.checks("DisablePolicyType", ofType(in.PolicyType), str(in.RootId))
}
