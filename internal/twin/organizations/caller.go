package organizations

import (
	"context"

	"accountfactory/internal/twin/state"
	"accountfactory/internal/wire"
)

// manage runs f in a writing transaction for the management account, or for whom the resource policy grants the operation;
// other accounts are refused.
func (s *Service) manage(ctx context.Context, f func(tx *state.Tx, org *Organization) error) error {
	return s.state.Update(ctx, func(tx *state.Tx) error {
		org, err := s.forManagement(ctx, tx)
		if err != nil {
			return err
		}
		return f(tx, org)
	})
}

// read runs f in a reading transaction for whoever may read the whole organization: the management account and delegated
// administrators.
func (s *Service) read(ctx context.Context, f func(tx *state.Tx, org *Organization) error) error {
	return s.state.View(func(tx *state.Tx) error {
		org, err := s.forReader(ctx, tx)
		if err != nil {
			return err
		}
		return f(tx, org)
	})
}

// forMember gives the organization to a caller from one of its accounts.
func (s *Service) forMember(ctx context.Context, tx *state.Tx) (*Organization, error) {
	org := s.Organization(tx)
	if org == nil || s.accounts.Get(tx, callerAccount(ctx)) == nil {
		return nil, errNotInUse()
	}
	return org, nil
}

func (s *Service) forManagement(ctx context.Context, tx *state.Tx) (*Organization, error) {
	org, err := s.forMember(ctx, tx)
	if err == nil && callerAccount(ctx) != org.ManagementID && !delegated(ctx) {
		return nil, errDenied()
	}
	return org, err
}

func (s *Service) forReader(ctx context.Context, tx *state.Tx) (*Organization, error) {
	org, err := s.forMember(ctx, tx)
	if err == nil && callerAccount(ctx) != org.ManagementID && !delegated(ctx) && !s.IsDelegated(tx, callerAccount(ctx)) {
		return nil, errDenied()
	}
	return org, err
}

// delegated tells whether the organization's resource policy grants a member what it asks for.
func delegated(ctx context.Context) bool { return wire.RequestFrom(ctx).Delegated }

func callerAccount(ctx context.Context) string { return wire.RequestFrom(ctx).Caller.AccountID }
