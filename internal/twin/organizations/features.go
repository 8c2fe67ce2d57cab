package organizations

import (
	"slices"

	"github.com/aws/aws-sdk-go-v2/service/organizations/types"

	"accountfactory/internal/twin/state"
)

// enableFeatures begins the change from consolidated billing to all features: accounts that were invited are asked, those
// that were created are not.
func (s *Service) enableFeatures(tx *state.Tx, org *Organization) (*Handshake, error) {
	if org.FeatureSet == AllFeatures {
		return nil, handshakeRule(types.HandshakeConstraintViolationExceptionReasonOrganizationAlreadyHasAllFeatures,
			"The organization already has all features enabled.")
	}
	for range s.waiting(tx, types.ActionTypeEnableAllFeatures) {
		return nil, handshakeRule(types.HandshakeConstraintViolationExceptionReasonOrganizationIsAlreadyPendingAllFeaturesMigration,
			"The organization is already enabling all features.")
	}
	party := Party{types.HandshakePartyTypeOrganization, org.ID}
	h := s.propose(tx, &Handshake{
		Action: types.ActionTypeEnableAllFeatures, OrgID: org.ID, Management: org.ManagementID, Party: party, AccountID: org.ManagementID,
	}, featuresTime)
	for a := range s.accounts.All(tx) {
		if a.JoinedMethod == joinedInvited && a.ID != org.ManagementID && a.State == Active {
			s.propose(tx, &Handshake{
				Action: types.ActionTypeApproveAllFeatures, OrgID: org.ID, Management: org.ManagementID,
				Party: Party{types.HandshakePartyTypeAccount, a.ID}, AccountID: a.ID, Parent: h.ID,
			}, featuresTime)
		}
	}
	return h, nil
}

// approved opens the handshake of the organization once every invited account agrees.
func (s *Service) approved(tx *state.Tx, h *Handshake) {
	if s.allApprove(tx, h.Parent) {
		s.settle(tx, h.Parent, types.HandshakeStateOpen)
	}
}

func (s *Service) allApprove(tx *state.Tx, parent string) bool {
	return !slices.ContainsFunc(s.children(tx, parent), func(h *Handshake) bool { return h.State != types.HandshakeStateAccepted })
}

// finishFeatures gives the organization all features. Its policy types are for EnablePolicyType to enable.
func (s *Service) finishFeatures(tx *state.Tx, h *Handshake) error {
	if !s.allApprove(tx, h.ID) {
		return errHandshakeTransition()
	}
	s.organization.Change(tx, theOrganization, func(o *Organization) { o.FeatureSet = AllFeatures })
	s.putFull(tx)
	return nil
}

// cancelChildren withdraws what was asked on behalf of a handshake.
func (s *Service) cancelChildren(tx *state.Tx, parent string) {
	for _, h := range s.children(tx, parent) {
		if isWaiting(h.State) {
			s.settle(tx, h.ID, types.HandshakeStateCanceled)
		}
	}
}
