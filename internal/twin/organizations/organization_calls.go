package organizations

import (
	"cmp"
	"context"

	"github.com/aws/aws-sdk-go-v2/service/organizations"
	"github.com/aws/aws-sdk-go-v2/service/organizations/types"

	"accountfactory/internal/twin/state"
)

// DescribeOrganization tells any account of the organization about it.
func (s *Service) DescribeOrganization(ctx context.Context, _ *organizations.DescribeOrganizationInput, _ ...func(*organizations.Options)) (*organizations.DescribeOrganizationOutput, error) {
	out := &organizations.DescribeOrganizationOutput{}
	err := s.state.View(func(tx *state.Tx) error {
		org, err := s.forMember(ctx, tx)
		if err != nil {
			return err
		}
		out.Organization = s.wireOrganization(tx, org)
		return nil
	})
	return answer(out, err)
}

// CreateOrganization makes the caller's account the management account of a new organization. Only the account the twin
// was set up with can do so: all others are members, or do not exist.
func (s *Service) CreateOrganization(ctx context.Context, in *organizations.CreateOrganizationInput, _ ...func(*organizations.Options)) (*organizations.CreateOrganizationOutput, error) {
	out := &organizations.CreateOrganizationOutput{}
	err := s.state.Update(ctx, func(tx *state.Tx) error {
		switch {
		case s.accounts.Get(tx, callerAccount(ctx)) != nil:
			return errAlreadyInOrganization()
		case callerAccount(ctx) != s.config.ManagementAccountID:
			return errDenied()
		}
		me := s.outsider(tx, callerAccount(ctx))
		s.outside.Delete(tx, me.ID)
		org := s.found(tx, me.Email, me.Name, cmp.Or(string(in.FeatureSet), AllFeatures))
		out.Organization = s.wireOrganization(tx, org)
		return nil
	})
	return answer(out, err)
}

// ListRoots gives the one root.
func (s *Service) ListRoots(ctx context.Context, in *organizations.ListRootsInput, _ ...func(*organizations.Options)) (*organizations.ListRootsOutput, error) {
	out := &organizations.ListRootsOutput{}
	err := s.read(ctx, func(_ *state.Tx, org *Organization) error {
		if str(in.NextToken) != "" {
			return errBadToken() // there never is a second page
		}
		out.Roots = []types.Root{wireRoot(org)}
		return nil
	})
	return answer(out, err)
}

// answer gives the output, or nil with the error.
func answer[O any](out *O, err error) (*O, error) {
	if err != nil {
		return nil, err
	}
	return out, nil
}

func (s *Service) wireOrganization(tx *state.Tx, org *Organization) *types.Organization {
	out := &types.Organization{
		Id: new(org.ID), Arn: new(org.ARN(org.ID)), FeatureSet: types.OrganizationFeatureSet(org.FeatureSet),
		MasterAccountId: new(org.ManagementID), MasterAccountArn: new(org.ARN(org.ManagementID)),
		MasterAccountEmail:   new(s.accounts.Get(tx, org.ManagementID).Email),
		AvailablePolicyTypes: []types.PolicyTypeSummary{},
	}
	if org.FeatureSet == AllFeatures { // deprecated by AWS, and enabled here whatever the root says
		out.AvailablePolicyTypes = []types.PolicyTypeSummary{enabledType(scp)}
	}
	return out
}

func wireRoot(org *Organization) types.Root {
	root := types.Root{Id: new(org.RootID), Arn: new(org.ARN(org.RootID)), Name: new("Root"), PolicyTypes: []types.PolicyTypeSummary{}}
	if org.SCPs {
		root.PolicyTypes = append(root.PolicyTypes, enabledType(scp))
	}
	for _, t := range org.Types {
		root.PolicyTypes = append(root.PolicyTypes, enabledType(t))
	}
	return root
}

func enabledType(t types.PolicyType) types.PolicyTypeSummary {
	return types.PolicyTypeSummary{Type: t, Status: types.PolicyTypeStatusEnabled}
}
