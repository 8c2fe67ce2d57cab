package iam

import (
	"context"

	"github.com/aws/aws-sdk-go-v2/service/iam"

	"accountfactory/internal/twin/state"
)

// CreateAccountAlias gives the account an alias, in the place of the one it has: an account has one at most. Aliases are
// unique among all accounts.
func (s *Service) CreateAccountAlias(ctx context.Context, in *iam.CreateAccountAliasInput, _ ...func(*iam.Options)) (*iam.CreateAccountAliasOutput, error) {
	return &iam.CreateAccountAliasOutput{}, s.state.Update(ctx, func(tx *state.Tx) error {
		if s.aliases.First(tx, *in.AccountAlias) != nil {
			return exists("The account alias %s already exists.", *in.AccountAlias)
		}
		s.accounts.Change(tx, accountOf(ctx), func(a *Account) { a.Alias = *in.AccountAlias })
		return nil
	})
}

// ListAccountAliases gives the account's alias, if it has one.
func (s *Service) ListAccountAliases(ctx context.Context, in *iam.ListAccountAliasesInput, _ ...func(*iam.Options)) (*iam.ListAccountAliasesOutput, error) {
	p, err := newPage(in.Marker, in.MaxItems, "ListAccountAliases", accountOf(ctx))
	if err != nil {
		return nil, err
	}
	out := &iam.ListAccountAliasesOutput{AccountAliases: []string{}}
	return out, s.state.View(func(tx *state.Tx) error {
		if a := s.accounts.Get(tx, accountOf(ctx)); a != nil && a.Alias > p.after {
			out.AccountAliases = []string{a.Alias}
		}
		return nil
	})
}

// DeleteAccountAlias takes the account's alias away.
func (s *Service) DeleteAccountAlias(ctx context.Context, in *iam.DeleteAccountAliasInput, _ ...func(*iam.Options)) (*iam.DeleteAccountAliasOutput, error) {
	return &iam.DeleteAccountAliasOutput{}, s.state.Update(ctx, func(tx *state.Tx) error {
		a := s.accounts.Get(tx, accountOf(ctx))
		if a == nil || a.Alias != *in.AccountAlias {
			return noSuch("The account alias with name %s cannot be found.", *in.AccountAlias)
		}
		s.accounts.Change(tx, a.ID, func(a *Account) { a.Alias = "" })
		return nil
	})
}
