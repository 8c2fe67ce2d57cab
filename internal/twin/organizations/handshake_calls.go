package organizations

import (
	"context"
	"iter"

	"github.com/aws/aws-sdk-go-v2/service/organizations"
	"github.com/aws/aws-sdk-go-v2/service/organizations/types"

	"accountfactory/internal/twin/state"
)

// InviteAccountToOrganization asks another account to join.
func (s *Service) InviteAccountToOrganization(ctx context.Context, in *organizations.InviteAccountToOrganizationInput, _ ...func(*organizations.Options)) (*organizations.InviteAccountToOrganizationOutput, error) {
	out := &organizations.InviteAccountToOrganizationOutput{}
	err := s.manage(ctx, func(tx *state.Tx, org *Organization) error {
		tags, err := tagsFrom(in.Tags)
		if err != nil {
			return err
		}
		h, err := s.invite(tx, org, Party{in.Target.Type, str(in.Target.Id)}, str(in.Notes), tags)
		if err == nil {
			out.Handshake = s.wireHandshake(tx, h)
		}
		return err
	})
	return answer(out, err)
}

// EnableAllFeatures begins the change to all features.
func (s *Service) EnableAllFeatures(ctx context.Context, _ *organizations.EnableAllFeaturesInput, _ ...func(*organizations.Options)) (*organizations.EnableAllFeaturesOutput, error) {
	out := &organizations.EnableAllFeaturesOutput{}
	err := s.manage(ctx, func(tx *state.Tx, org *Organization) error {
		h, err := s.enableFeatures(tx, org)
		if err == nil {
			out.Handshake = s.wireHandshake(tx, h)
		}
		return err
	})
	return answer(out, err)
}

// AcceptHandshake agrees: an invited account joins, an account approves all features, the management account enables them.
func (s *Service) AcceptHandshake(ctx context.Context, in *organizations.AcceptHandshakeInput, _ ...func(*organizations.Options)) (*organizations.AcceptHandshakeOutput, error) {
	out := &organizations.AcceptHandshakeOutput{}
	err := s.state.Update(ctx, func(tx *state.Tx) error {
		h, err := s.answerable(tx, callerAccount(ctx), *in.HandshakeId, types.HandshakeStateAccepted, recipient)
		if err != nil {
			return err
		}
		switch h.Action {
		case types.ActionTypeInviteAccountToOrganization:
			err = s.join(tx, h)
		case types.ActionTypeEnableAllFeatures:
			err = s.finishFeatures(tx, h)
		default: // nothing to do but to take note
		}
		if err != nil {
			return err
		}
		h = s.settle(tx, h.ID, types.HandshakeStateAccepted)
		if h.Action == types.ActionTypeApproveAllFeatures {
			s.approved(tx, h)
		}
		out.Handshake = s.wireHandshake(tx, h)
		return nil
	})
	return answer(out, err)
}

// DeclineHandshake refuses.
func (s *Service) DeclineHandshake(ctx context.Context, in *organizations.DeclineHandshakeInput, _ ...func(*organizations.Options)) (*organizations.DeclineHandshakeOutput, error) {
	out := &organizations.DeclineHandshakeOutput{}
	err := s.state.Update(ctx, func(tx *state.Tx) error {
		h, err := s.answerable(tx, callerAccount(ctx), *in.HandshakeId, types.HandshakeStateDeclined, recipient)
		if err != nil {
			return err
		}
		s.cancelChildren(tx, h.ID)
		out.Handshake = s.wireHandshake(tx, s.settle(tx, h.ID, types.HandshakeStateDeclined))
		return nil
	})
	return answer(out, err)
}

// CancelHandshake takes back what the organization asked.
func (s *Service) CancelHandshake(ctx context.Context, in *organizations.CancelHandshakeInput, _ ...func(*organizations.Options)) (*organizations.CancelHandshakeOutput, error) {
	out := &organizations.CancelHandshakeOutput{}
	err := s.state.Update(ctx, func(tx *state.Tx) error {
		h, err := s.answerable(tx, callerAccount(ctx), *in.HandshakeId, types.HandshakeStateCanceled, sender)
		if err != nil {
			return err
		}
		s.cancelChildren(tx, h.ID)
		out.Handshake = s.wireHandshake(tx, s.settle(tx, h.ID, types.HandshakeStateCanceled))
		return nil
	})
	return answer(out, err)
}

// DescribeHandshake shows a handshake to its parties.
func (s *Service) DescribeHandshake(ctx context.Context, in *organizations.DescribeHandshakeInput, _ ...func(*organizations.Options)) (*organizations.DescribeHandshakeOutput, error) {
	out := &organizations.DescribeHandshakeOutput{}
	err := s.state.View(func(tx *state.Tx) error {
		h, caller := s.handshakes.Get(tx, *in.HandshakeId), callerAccount(ctx)
		switch {
		case h == nil:
			return errHandshakeNotFound()
		case recipient(h) != caller && sender(h) != caller && !(delegated(ctx) && sender(h) == s.config.ManagementAccountID):
			return errDenied()
		}
		out.Handshake = s.wireHandshake(tx, h)
		return nil
	})
	return answer(out, err)
}

// ListHandshakesForAccount lists what the caller's account was asked, in whichever organization it is, or in none.
func (s *Service) ListHandshakesForAccount(ctx context.Context, in *organizations.ListHandshakesForAccountInput, _ ...func(*organizations.Options)) (*organizations.ListHandshakesForAccountOutput, error) {
	out := &organizations.ListHandshakesForAccountOutput{}
	err := s.state.View(func(tx *state.Tx) (err error) {
		caller := callerAccount(ctx)
		out.Handshakes, out.NextToken, err = s.listHandshakes(tx, "ListHandshakesForAccount/"+caller, in.Filter, in.MaxResults, in.NextToken,
			func(h *Handshake) bool { return recipient(h) == caller })
		return err
	})
	return answer(out, err)
}

// ListHandshakesForOrganization lists what the organization asked.
func (s *Service) ListHandshakesForOrganization(ctx context.Context, in *organizations.ListHandshakesForOrganizationInput, _ ...func(*organizations.Options)) (*organizations.ListHandshakesForOrganizationOutput, error) {
	out := &organizations.ListHandshakesForOrganizationOutput{}
	err := s.read(ctx, func(tx *state.Tx, org *Organization) (err error) {
		out.Handshakes, out.NextToken, err = s.listHandshakes(tx, "ListHandshakesForOrganization", in.Filter, in.MaxResults, in.NextToken,
			func(h *Handshake) bool { return h.OrgID == org.ID })
		return err
	})
	return answer(out, err)
}

// listHandshakes gives a page of the handshakes that are somebody's. There are few: they go 30 days after they end.
func (s *Service) listHandshakes(tx *state.Tx, scope string, f *types.HandshakeFilter, limit *int32, token *string, theirs func(*Handshake) bool) ([]types.Handshake, *string, error) {
	if f == nil {
		f = &types.HandshakeFilter{}
	}
	if f.ActionType != "" && f.ParentHandshakeId != nil {
		return nil, nil, invalid(types.InvalidInputExceptionReasonInvalidPattern, "You can't filter by both action type and parent handshake.")
	}
	scope += "/" + string(f.ActionType) + str(f.ParentHandshakeId)
	from, err := after(scope, token)
	if err != nil {
		return nil, nil, err
	}
	var rows iter.Seq[*Handshake] = func(yield func(*Handshake) bool) {
		for h := range s.handshakes.After(tx, from) {
			match := theirs(h) && (f.ActionType == "" || h.Action == f.ActionType) && (f.ParentHandshakeId == nil || h.Parent == *f.ParentHandshakeId)
			if match && !yield(h) {
				return
			}
		}
	}
	out, next := page(scope, limit, rows, func(h *Handshake) string { return h.ID }, func(h *Handshake) types.Handshake { return *s.wireHandshake(tx, h) })
	return out, next, nil
}
