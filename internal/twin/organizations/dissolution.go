package organizations

import (
	"context"
	"slices"

	"github.com/aws/aws-sdk-go-v2/service/organizations"
	"github.com/aws/aws-sdk-go-v2/service/organizations/types"

	"accountfactory/internal/twin/state"
)

// LeaveOrganization takes the caller's own account out of the organization.
func (s *Service) LeaveOrganization(ctx context.Context, _ *organizations.LeaveOrganizationInput, _ ...func(*organizations.Options)) (*organizations.LeaveOrganizationOutput, error) {
	err := s.state.Update(ctx, func(tx *state.Tx) error {
		if _, err := s.forMember(ctx, tx); err != nil {
			return err
		}
		return s.Leave(tx, callerAccount(ctx))
	})
	return answer(&organizations.LeaveOrganizationOutput{}, err)
}

// DeleteOrganization ends an organization in which nothing is left but the management account.
func (s *Service) DeleteOrganization(ctx context.Context, _ *organizations.DeleteOrganizationInput, _ ...func(*organizations.Options)) (*organizations.DeleteOrganizationOutput, error) {
	err := s.manage(ctx, s.dissolve)
	return answer(&organizations.DeleteOrganizationOutput{}, err)
}

func (s *Service) dissolve(tx *state.Tx, org *Organization) error {
	own := slices.ContainsFunc(slices.Collect(s.policies.All(tx)), func(p *Policy) bool { return !p.AWSManaged })
	if s.accounts.Len(tx) > 1 || s.ous.Len(tx) > 0 || own {
		return errNotEmpty()
	}
	for _, h := range slices.Collect(s.handshakes.All(tx)) {
		if isWaiting(h.State) {
			s.settle(tx, h.ID, types.HandshakeStateCanceled)
		}
	}
	for _, d := range slices.Collect(s.trusted.All(tx)) {
		s.trusted.Delete(tx, d.Principal)
	}
	for _, p := range slices.Collect(s.policies.All(tx)) {
		s.policies.Delete(tx, p.ID)
	}
	s.resourcePolicy.Delete(tx, theResourcePolicy)
	a := s.accounts.Get(tx, org.ManagementID)
	s.detachAll(tx, a.ID)
	s.detachAll(tx, org.RootID)
	s.accounts.Delete(tx, a.ID)
	s.outside.Put(tx, &formerMember{ID: a.ID, Email: a.Email, Name: a.Name, Left: tx.Now(), Created: a.Created})
	s.organization.Delete(tx, theOrganization)
	return nil
}
