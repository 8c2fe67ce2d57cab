package account

import (
	"context"

	"github.com/aws/aws-sdk-go-v2/service/account"
	"github.com/aws/aws-sdk-go-v2/service/account/types"

	"accountfactory/internal/twin/state"
)

// GetPrimaryEmail tells a member's primary e-mail.
func (s *Service) GetPrimaryEmail(ctx context.Context, in *account.GetPrimaryEmailInput, _ ...func(*account.Options)) (*account.GetPrimaryEmailOutput, error) {
	out := &account.GetPrimaryEmailOutput{}
	err := s.read(ctx, in.AccountId, func(tx *state.Tx, id string) error {
		out.PrimaryEmail = &s.org.Profile(tx, id).Email
		return nil
	})
	return answer(out, err)
}

// StartPrimaryEmailUpdate begins the change of a member's primary e-mail.
func (s *Service) StartPrimaryEmailUpdate(ctx context.Context, in *account.StartPrimaryEmailUpdateInput, _ ...func(*account.Options)) (*account.StartPrimaryEmailUpdateOutput, error) {
	code := newCode()
	err := s.write(ctx, in.AccountId, func(tx *state.Tx, id string) error {
		return s.startUpdate(tx, id, *in.PrimaryEmail, code)
	})
	return answer(&account.StartPrimaryEmailUpdateOutput{Status: types.PrimaryEmailUpdateStatusPending}, err)
}

// AcceptPrimaryEmailUpdate goes on with it once the code is known.
func (s *Service) AcceptPrimaryEmailUpdate(ctx context.Context, in *account.AcceptPrimaryEmailUpdateInput, _ ...func(*account.Options)) (*account.AcceptPrimaryEmailUpdateOutput, error) {
	err := s.write(ctx, in.AccountId, func(tx *state.Tx, id string) error {
		return s.acceptUpdate(tx, id, *in.PrimaryEmail, *in.Otp)
	})
	return answer(&account.AcceptPrimaryEmailUpdateOutput{Status: types.PrimaryEmailUpdateStatusAccepted}, err)
}

// GetPrimaryEmailUpdateStatus tells how the latest change of a member's primary e-mail stands. Like the other operations on
// e-mails it is about members alone, although its AccountId may be absent.
func (s *Service) GetPrimaryEmailUpdateStatus(ctx context.Context, in *account.GetPrimaryEmailUpdateStatusInput, _ ...func(*account.Options)) (*account.GetPrimaryEmailUpdateStatusOutput, error) {
	out := &account.GetPrimaryEmailUpdateStatusOutput{}
	err := s.read(ctx, in.AccountId, func(tx *state.Tx, id string) error {
		if in.AccountId == nil {
			return errDenied(ctx)
		}
		u := s.updates.Get(tx, id)
		if u == nil {
			return errNoUpdate()
		}
		out.Status, out.UpdatedAt = types.PrimaryEmailUpdateStatus(u.Status), &u.Changed
		return nil
	})
	return answer(out, err)
}
