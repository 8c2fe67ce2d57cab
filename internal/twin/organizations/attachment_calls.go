package organizations

import (
	"context"

	"github.com/aws/aws-sdk-go-v2/service/organizations"
	"github.com/aws/aws-sdk-go-v2/service/organizations/types"

	"accountfactory/internal/twin/state"
)

// AttachPolicy attaches a policy to the root, an OU or an account.
func (s *Service) AttachPolicy(ctx context.Context, in *organizations.AttachPolicyInput, _ ...func(*organizations.Options)) (*organizations.AttachPolicyOutput, error) {
	err := s.manage(ctx, func(tx *state.Tx, _ *Organization) error { return s.Attach(tx, str(in.PolicyId), str(in.TargetId)) })
	return answer(&organizations.AttachPolicyOutput{}, err)
}

// DetachPolicy detaches a policy.
func (s *Service) DetachPolicy(ctx context.Context, in *organizations.DetachPolicyInput, _ ...func(*organizations.Options)) (*organizations.DetachPolicyOutput, error) {
	err := s.manage(ctx, func(tx *state.Tx, _ *Organization) error { return s.Detach(tx, str(in.PolicyId), str(in.TargetId)) })
	return answer(&organizations.DetachPolicyOutput{}, err)
}

// ListPoliciesForTarget gives the policies attached right to a root, OU or account.
func (s *Service) ListPoliciesForTarget(ctx context.Context, in *organizations.ListPoliciesForTargetInput, _ ...func(*organizations.Options)) (*organizations.ListPoliciesForTargetOutput, error) {
	out := &organizations.ListPoliciesForTargetOutput{}
	err := s.read(ctx, func(tx *state.Tx, org *Organization) error {
		target := str(in.TargetId)
		scope := "ListPoliciesForTarget/" + string(in.Filter) + "/" + target
		from, err := after(scope, in.NextToken)
		if err != nil {
			return err
		}
		if !s.isTarget(tx, target) {
			return errTargetNotFound()
		}
		rows := func(yield func(*attachment) bool) {
			for at := range s.attachedAfter(tx, target, from) {
				if s.policies.Get(tx, at.Policy).Kind() == in.Filter && !yield(at) {
					return
				}
			}
		}
		out.Policies, out.NextToken = page(scope, in.MaxResults, rows,
			func(at *attachment) string { return at.Policy },
			func(at *attachment) types.PolicySummary { return wireSummary(org, s.policies.Get(tx, at.Policy)) })
		return nil
	})
	return answer(out, err)
}

// ListTargetsForPolicy gives what a policy is attached to.
func (s *Service) ListTargetsForPolicy(ctx context.Context, in *organizations.ListTargetsForPolicyInput, _ ...func(*organizations.Options)) (*organizations.ListTargetsForPolicyOutput, error) {
	out := &organizations.ListTargetsForPolicyOutput{}
	err := s.read(ctx, func(tx *state.Tx, org *Organization) error {
		id := str(in.PolicyId)
		scope := "ListTargetsForPolicy/" + id
		from, err := after(scope, in.NextToken)
		if err != nil {
			return err
		}
		if s.policies.Get(tx, id) == nil {
			return errPolicyNotFound()
		}
		if from != "" {
			from += "/" + id // the attachments' own key
		}
		out.Targets, out.NextToken = page(scope, in.MaxResults, s.attachedTo.OfAfter(tx, id, from),
			func(at *attachment) string { return at.Target },
			func(at *attachment) types.PolicyTargetSummary { return s.wireTarget(tx, org, at.Target) })
		return nil
	})
	return answer(out, err)
}

func (s *Service) wireTarget(tx *state.Tx, org *Organization, id string) types.PolicyTargetSummary {
	out := types.PolicyTargetSummary{TargetId: &id, Arn: new(org.ARN(id)), Name: new("Root"), Type: types.TargetTypeRoot}
	if ou := s.ous.Get(tx, id); ou != nil {
		out.Name, out.Type = new(ou.Name), types.TargetTypeOrganizationalUnit
	} else if a := s.accounts.Get(tx, id); a != nil {
		out.Name, out.Type = new(a.Name), types.TargetTypeAccount
	}
	return out
}
