package account

import (
	"context"

	"accountfactory/internal/twin/organizations"
	"accountfactory/internal/twin/state"
	"accountfactory/internal/wire"
)

// target gives the account a call is about: the caller's own without an AccountId; with one a member, for the management
// account and delegated administrators of an organization that trusts this service. All else is denied, also an account's
// own id: it must be left out.
// Source: Account Management Reference Guide, any operation, AccountId.
func (s *Service) target(ctx context.Context, tx *state.Tx, accountID *string) (string, error) {
	caller := wire.RequestFrom(ctx).Caller.AccountID
	if accountID == nil {
		return caller, nil
	}
	org := s.org.Organization(tx)
	switch {
	case org == nil, org.FeatureSet != organizations.AllFeatures, !s.org.TrustsService(tx, Principal):
		return "", errDenied(ctx)
	case caller != org.ManagementID && !s.org.Delegated(tx, caller, Principal):
		return "", errDenied(ctx)
	case s.org.Account(tx, *accountID) == nil, *accountID == org.ManagementID:
		return "", errDenied(ctx)
	}
	return *accountID, nil
}

// read runs f on the account a call is about, reading.
func (s *Service) read(ctx context.Context, accountID *string, f func(tx *state.Tx, id string) error) error {
	return s.state.View(s.on(ctx, accountID, f))
}

// write runs f on the account a call is about, writing.
func (s *Service) write(ctx context.Context, accountID *string, f func(tx *state.Tx, id string) error) error {
	return s.state.Update(ctx, s.on(ctx, accountID, f))
}

func (s *Service) on(ctx context.Context, accountID *string, f func(tx *state.Tx, id string) error) func(*state.Tx) error {
	return func(tx *state.Tx) error {
		id, err := s.target(ctx, tx, accountID)
		if err != nil {
			return err
		}
		return f(tx, id)
	}
}

// answer gives the output, or nil with the error.
func answer[O any](out *O, err error) (*O, error) {
	if err != nil {
		return nil, err
	}
	return out, nil
}

func str(p *string) string {
	if p == nil {
		return ""
	}
	return *p
}

// opt is a member that is absent when empty.
func opt(s string) *string {
	if s == "" {
		return nil
	}
	return &s
}
