package organizations

import (
	"context"

	"github.com/aws/aws-sdk-go-v2/service/organizations"
	"github.com/aws/aws-sdk-go-v2/service/organizations/types"

	"accountfactory/internal/twin/state"
)

// EnableAWSServiceAccess lets a service act in the organization's accounts.
func (s *Service) EnableAWSServiceAccess(ctx context.Context, in *organizations.EnableAWSServiceAccessInput, _ ...func(*organizations.Options)) (*organizations.EnableAWSServiceAccessOutput, error) {
	err := s.manage(ctx, func(tx *state.Tx, org *Organization) error {
		if org.FeatureSet != AllFeatures {
			return errNotAllFeatures()
		}
		return s.TrustService(tx, str(in.ServicePrincipal))
	})
	return answer(&organizations.EnableAWSServiceAccessOutput{}, err)
}

// DisableAWSServiceAccess takes that back, unless an enabled policy type needs it. A service that had no access is no error.
func (s *Service) DisableAWSServiceAccess(ctx context.Context, in *organizations.DisableAWSServiceAccessInput, _ ...func(*organizations.Options)) (*organizations.DisableAWSServiceAccessOutput, error) {
	err := s.manage(ctx, func(tx *state.Tx, _ *Organization) error {
		if _, needed := s.needs(tx, str(in.ServicePrincipal)); needed {
			return errServiceNeeded()
		}
		if s.trusted.Delete(tx, str(in.ServicePrincipal)) {
			for _, f := range s.trust {
				f(tx, str(in.ServicePrincipal))
			}
		}
		return nil
	})
	return answer(&organizations.DisableAWSServiceAccessOutput{}, err)
}

// ListAWSServiceAccessForOrganization gives the services with access.
func (s *Service) ListAWSServiceAccessForOrganization(ctx context.Context, in *organizations.ListAWSServiceAccessForOrganizationInput, _ ...func(*organizations.Options)) (*organizations.ListAWSServiceAccessForOrganizationOutput, error) {
	const scope = "ListAWSServiceAccessForOrganization"
	out := &organizations.ListAWSServiceAccessForOrganizationOutput{}
	err := s.read(ctx, func(tx *state.Tx, _ *Organization) error {
		from, err := after(scope, in.NextToken)
		if err != nil {
			return err
		}
		out.EnabledServicePrincipals, out.NextToken = page(scope, in.MaxResults, s.trusted.After(tx, from),
			func(t *trustedService) string { return t.Principal },
			func(t *trustedService) types.EnabledServicePrincipal {
				return types.EnabledServicePrincipal{ServicePrincipal: new(t.Principal), DateEnabled: new(t.Enabled)}
			})
		return nil
	})
	return answer(out, err)
}
