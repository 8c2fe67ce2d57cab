package account

import (
	"context"

	"github.com/aws/aws-sdk-go-v2/service/account"
	"github.com/aws/aws-sdk-go-v2/service/account/types"

	"accountfactory/internal/twin/state"
)

// alternateTypes are the kinds of alternate contacts; an account has one of each at most.
var alternateTypes = []string{"BILLING", "OPERATIONS", "SECURITY"}

// GetAlternateContact tells an alternate contact.
func (s *Service) GetAlternateContact(ctx context.Context, in *account.GetAlternateContactInput, _ ...func(*account.Options)) (*account.GetAlternateContactOutput, error) {
	out := &account.GetAlternateContactOutput{}
	err := s.read(ctx, in.AccountId, func(tx *state.Tx, id string) error {
		a := s.alternates.Get(tx, alternateKey(id, string(in.AlternateContactType)))
		if a == nil {
			return errNoAlternate()
		}
		out.AlternateContact = &types.AlternateContact{
			AlternateContactType: types.AlternateContactType(a.Type), Name: &a.Name, Title: &a.Title, EmailAddress: &a.EmailAddress, PhoneNumber: &a.PhoneNumber,
		}
		return nil
	})
	return answer(out, err)
}

// PutAlternateContact makes or replaces an alternate contact.
func (s *Service) PutAlternateContact(ctx context.Context, in *account.PutAlternateContactInput, _ ...func(*account.Options)) (*account.PutAlternateContactOutput, error) {
	err := s.write(ctx, in.AccountId, func(tx *state.Tx, id string) error {
		s.alternates.Put(tx, &alternate{
			AccountID: id, Type: string(in.AlternateContactType), Name: *in.Name, Title: *in.Title, EmailAddress: *in.EmailAddress, PhoneNumber: *in.PhoneNumber,
		})
		return nil
	})
	return answer(&account.PutAlternateContactOutput{}, err)
}

// DeleteAlternateContact removes an alternate contact. Deleting it again is an error.
// Source: Account Management Reference Guide, "Update the alternate contacts for your AWS account".
func (s *Service) DeleteAlternateContact(ctx context.Context, in *account.DeleteAlternateContactInput, _ ...func(*account.Options)) (*account.DeleteAlternateContactOutput, error) {
	err := s.write(ctx, in.AccountId, func(tx *state.Tx, id string) error {
		if !s.alternates.Delete(tx, alternateKey(id, string(in.AlternateContactType))) {
			return errNoAlternate()
		}
		return nil
	})
	return answer(&account.DeleteAlternateContactOutput{}, err)
}
