package organizations

import (
	"strings"

	"github.com/aws/aws-sdk-go-v2/service/organizations/types"

	"accountfactory/internal/twin/state"
)

// wireHandshake shows a handshake with its parties and what the one asked is told of the organization.
func (s *Service) wireHandshake(tx *state.Tx, h *Handshake) *types.Handshake {
	out := &types.Handshake{
		Id: new(h.ID), Arn: new(h.ARN()), Action: h.Action, State: h.State, RequestedTimestamp: new(h.Requested), ExpirationTimestamp: new(h.Expires),
		Parties: []types.HandshakeParty{{Type: types.HandshakePartyTypeOrganization, Id: new(h.OrgID)}},
	}
	org := resource(types.HandshakeResourceTypeOrganization, h.OrgID)
	if p := s.Profile(tx, h.Management); p != nil && h.Action == types.ActionTypeInviteAccountToOrganization {
		features := AllFeatures
		if now := s.Organization(tx); now != nil {
			features = now.FeatureSet
		}
		org.Resources = []types.HandshakeResource{
			resource(types.HandshakeResourceTypeMasterEmail, p.Email), resource(types.HandshakeResourceTypeMasterName, p.Name),
			resource(types.HandshakeResourceTypeOrganizationFeatureSet, features),
		}
	}
	out.Resources = []types.HandshakeResource{org}
	if h.Party.Type != types.HandshakePartyTypeOrganization {
		out.Parties = append(out.Parties, types.HandshakeParty{Type: h.Party.Type, Id: new(h.Party.ID)})
		out.Resources = append(out.Resources, resource(types.HandshakeResourceType(h.Party.Type), h.Party.ID))
	}
	if h.Notes != "" {
		out.Resources = append(out.Resources, resource(types.HandshakeResourceTypeNotes, h.Notes))
	}
	if h.Parent != "" {
		out.Resources = append(out.Resources, resource(types.HandshakeResourceTypeParentHandshake, h.Parent))
	}
	return out
}

func resource(kind types.HandshakeResourceType, value string) types.HandshakeResource {
	return types.HandshakeResource{Type: kind, Value: new(value)}
}

func lower(action types.ActionType) string { return strings.ToLower(string(action)) }
