package account

import (
	"context"

	"github.com/aws/aws-sdk-go-v2/service/account"
	"github.com/aws/aws-sdk-go-v2/service/account/types"

	"accountfactory/internal/twin/organizations"
	"accountfactory/internal/twin/state"
)

// GetAccountInformation tells an account's name, creation date and state.
func (s *Service) GetAccountInformation(ctx context.Context, in *account.GetAccountInformationInput, _ ...func(*account.Options)) (*account.GetAccountInformationOutput, error) {
	out := &account.GetAccountInformationOutput{}
	err := s.read(ctx, in.AccountId, func(tx *state.Tx, id string) error {
		p := s.org.Profile(tx, id)
		if p == nil {
			return errDenied(ctx)
		}
		out.AccountId, out.AccountName, out.AccountState = &p.ID, &p.Name, accountState(p.State)
		if !p.Created.IsZero() {
			out.AccountCreatedDate = &p.Created
		}
		return nil
	})
	return answer(out, err)
}

// accountState gives a state by this service's names, which has none for an account that is being closed: it can be used yet.
func accountState(st organizations.State) types.AccountState {
	if st == organizations.Closed {
		return types.AccountStateClosed
	}
	return types.AccountStateActive
}

// PutAccountName renames an account.
func (s *Service) PutAccountName(ctx context.Context, in *account.PutAccountNameInput, _ ...func(*account.Options)) (*account.PutAccountNameOutput, error) {
	err := s.write(ctx, in.AccountId, func(tx *state.Tx, id string) error {
		if s.org.Rename(tx, id, *in.AccountName) != nil {
			return errDenied(ctx)
		}
		return nil
	})
	return answer(&account.PutAccountNameOutput{}, err)
}
