package organizations

import (
	"context"

	"github.com/aws/aws-sdk-go-v2/service/organizations"
	"github.com/aws/aws-sdk-go-v2/service/organizations/types"

	"accountfactory/internal/twin/state"
)

// CreatePolicy makes a policy.
func (s *Service) CreatePolicy(ctx context.Context, in *organizations.CreatePolicyInput, _ ...func(*organizations.Options)) (*organizations.CreatePolicyOutput, error) {
	out := &organizations.CreatePolicyOutput{}
	err := s.manage(ctx, func(tx *state.Tx, org *Organization) error {
		tags, err := tagsFrom(in.Tags)
		if err != nil {
			return err
		}
		p := &Policy{Name: str(in.Name), Description: str(in.Description), Content: str(in.Content), Tags: tags}
		if in.Type != scp {
			p.Type = in.Type
		}
		p, err = s.addPolicy(tx, p)
		if err != nil {
			return err
		}
		out.Policy = wirePolicy(org, p)
		return nil
	})
	return answer(out, err)
}

// DescribePolicy gives a policy with its content.
func (s *Service) DescribePolicy(ctx context.Context, in *organizations.DescribePolicyInput, _ ...func(*organizations.Options)) (*organizations.DescribePolicyOutput, error) {
	out := &organizations.DescribePolicyOutput{}
	err := s.read(ctx, func(tx *state.Tx, org *Organization) error {
		p := s.policies.Get(tx, str(in.PolicyId))
		if p == nil {
			return errPolicyNotFound()
		}
		out.Policy = wirePolicy(org, p)
		return nil
	})
	return answer(out, err)
}

// UpdatePolicy changes name, description or content of a policy; what is left out stays.
func (s *Service) UpdatePolicy(ctx context.Context, in *organizations.UpdatePolicyInput, _ ...func(*organizations.Options)) (*organizations.UpdatePolicyOutput, error) {
	out := &organizations.UpdatePolicyOutput{}
	err := s.manage(ctx, func(tx *state.Tx, org *Organization) error {
		p, err := s.EditPolicy(tx, str(in.PolicyId), in.Name, in.Description, in.Content)
		if err != nil {
			return err
		}
		out.Policy = wirePolicy(org, p)
		return nil
	})
	return answer(out, err)
}

// DeletePolicy deletes a policy that is attached nowhere.
func (s *Service) DeletePolicy(ctx context.Context, in *organizations.DeletePolicyInput, _ ...func(*organizations.Options)) (*organizations.DeletePolicyOutput, error) {
	err := s.manage(ctx, func(tx *state.Tx, _ *Organization) error { return s.RemovePolicy(tx, str(in.PolicyId)) })
	return answer(&organizations.DeletePolicyOutput{}, err)
}

// ListPolicies gives the policies of a type.
func (s *Service) ListPolicies(ctx context.Context, in *organizations.ListPoliciesInput, _ ...func(*organizations.Options)) (*organizations.ListPoliciesOutput, error) {
	out := &organizations.ListPoliciesOutput{}
	err := s.read(ctx, func(tx *state.Tx, org *Organization) error {
		scope := "ListPolicies/" + string(in.Filter)
		from, err := after(scope, in.NextToken)
		if err != nil {
			return err
		}
		out.Policies, out.NextToken = page(scope, in.MaxResults, s.policiesOf.OfAfter(tx, string(in.Filter), from),
			func(p *Policy) string { return p.ID }, func(p *Policy) types.PolicySummary { return wireSummary(org, p) })
		return nil
	})
	return answer(out, err)
}

// EnablePolicyType lets the root use a type of policies.
func (s *Service) EnablePolicyType(ctx context.Context, in *organizations.EnablePolicyTypeInput, _ ...func(*organizations.Options)) (*organizations.EnablePolicyTypeOutput, error) {
	out := &organizations.EnablePolicyTypeOutput{}
	err := s.manage(ctx, func(tx *state.Tx, org *Organization) error {
		switch {
		case str(in.RootId) != org.RootID:
			return errRootNotFound()
		case org.FeatureSet != AllFeatures:
			return errTypeNotAvailable()
		case org.Enabled(in.PolicyType):
			return errTypeEnabled()
		}
		if needed := s.kind(in.PolicyType).service; needed != "" && !s.TrustsService(tx, needed) {
			return errTypeNeedsService()
		}
		s.enable(tx, in.PolicyType)
		out.Root = new(wireRoot(s.Organization(tx)))
		return nil
	})
	return answer(out, err)
}

// DisablePolicyType detaches all policies of a type, and leaves the root without.
func (s *Service) DisablePolicyType(ctx context.Context, in *organizations.DisablePolicyTypeInput, _ ...func(*organizations.Options)) (*organizations.DisablePolicyTypeOutput, error) {
	out := &organizations.DisablePolicyTypeOutput{}
	err := s.manage(ctx, func(tx *state.Tx, org *Organization) error {
		switch {
		case str(in.RootId) != org.RootID:
			return errRootNotFound()
		case !org.Enabled(in.PolicyType):
			return errTypeNotEnabled()
		}
		s.disable(tx, in.PolicyType)
		out.Root = new(wireRoot(s.Organization(tx)))
		return nil
	})
	return answer(out, err)
}

func wirePolicy(org *Organization, p *Policy) *types.Policy {
	return &types.Policy{Content: new(p.Content), PolicySummary: new(wireSummary(org, p))}
}

func wireSummary(org *Organization, p *Policy) types.PolicySummary {
	return types.PolicySummary{
		Id: new(p.ID), Arn: new(org.policyARN(p)), Name: new(p.Name), Description: new(p.Description), Type: p.Kind(), AwsManaged: p.AWSManaged,
	}
}
