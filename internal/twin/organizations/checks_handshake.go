package organizations

import (
	"context"

	"github.com/aws/aws-sdk-go-v2/service/organizations"

	"accountfactory/internal/twin/state"
	"accountfactory/internal/wire"
)

func (s *Service) checkInviteAccountToOrganization(ctx context.Context, in *organizations.InviteAccountToOrganizationInput) ([]wire.Check, error) {
	return s.creating("InviteAccountToOrganization", "*", nil, in.Tags)
}

func (s *Service) checkEnableAllFeatures(_ context.Context, _ *organizations.EnableAllFeaturesInput) ([]wire.Check, error) {
	return s.checks("EnableAllFeatures", nil)
}

func (s *Service) checkListHandshakesForAccount(_ context.Context, _ *organizations.ListHandshakesForAccountInput) ([]wire.Check, error) {
	return s.checks("ListHandshakesForAccount", nil)
}

func (s *Service) checkListHandshakesForOrganization(_ context.Context, _ *organizations.ListHandshakesForOrganizationInput) ([]wire.Check, error) {
	return s.checks("ListHandshakesForOrganization", nil)
}

func (s *Service) checkLeaveOrganization(_ context.Context, _ *organizations.LeaveOrganizationInput) ([]wire.Check, error) {
	return s.checks("LeaveOrganization", nil)
}

func (s *Service) checkDeleteOrganization(_ context.Context, _ *organizations.DeleteOrganizationInput) ([]wire.Check, error) {
	return s.checks("DeleteOrganization", nil)
}

func (s *Service) checkAcceptHandshake(_ context.Context, in *organizations.AcceptHandshakeInput) ([]wire.Check, error) {
	return s.onHandshake("AcceptHandshake", in.HandshakeId)
}

func (s *Service) checkDeclineHandshake(_ context.Context, in *organizations.DeclineHandshakeInput) ([]wire.Check, error) {
	return s.onHandshake("DeclineHandshake", in.HandshakeId)
}

func (s *Service) checkCancelHandshake(_ context.Context, in *organizations.CancelHandshakeInput) ([]wire.Check, error) {
	return s.onHandshake("CancelHandshake", in.HandshakeId)
}

func (s *Service) checkDescribeHandshake(_ context.Context, in *organizations.DescribeHandshakeInput) ([]wire.Check, error) {
	return s.onHandshake("DescribeHandshake", in.HandshakeId)
}

// onHandshake asks for an action on a handshake, whose organization is the sender's; on "*" when there is none of this id.
func (s *Service) onHandshake(action string, id *string) ([]wire.Check, error) {
	c := wire.Check{Action: "organizations:" + action, Resource: "*"}
	err := s.state.View(func(tx *state.Tx) error {
		if h := s.handshakes.Get(tx, str(id)); h != nil {
			c.Resource = h.ARN()
		}
		return nil
	})
	return []wire.Check{c}, err
}
