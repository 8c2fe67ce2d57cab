package identitycenter

import (
	"context"

	"accountfactory/internal/clock"
	"accountfactory/internal/twin/iam"
	"accountfactory/internal/twin/state"
	"accountfactory/internal/wire"
)

// Accounts is what Identity Center asks of the organization.
type Accounts interface {
	// AccountName gives an account's name and e-mail; ok is false for an account outside the organization.
	AccountName(tx *state.Tx, accountID string) (name, email string, ok bool)
}

// Roles makes and removes the roles of permission sets in accounts.
type Roles interface {
	// PutRole makes the role, or replaces the one of its name.
	PutRole(tx *state.Tx, accountID string, spec iam.RoleSpec)
	DeleteRole(tx *state.Tx, accountID, name string) bool
	// HasPolicy reports whether a customer managed policy is in the account: a set that refers to one that is not
	// cannot be provisioned there.
	HasPolicy(tx *state.Tx, accountID, policyARN string) bool
	// NewRoleSession gives a session of a role to somebody who has been found to be entitled. It returns iam.ErrNoRole
	// when the role is not there.
	NewRoleSession(tx *state.Tx, want iam.RoleSession) (*iam.Session, error)
}

// Config is what the service must be told.
type Config struct {
	ManagementAccountID string      // owns the instance
	Region              string      // home Region, the only one with an instance
	PortalURL           string      // where mails send people, without a slash at the end
	ConsoleCallback     string      // where the console served beside the portal takes its answers; empty for none
	Wall                clock.Clock // judges invitations; nil means clock.Wall
}

// Service is Identity Center.
type Service struct {
	state    *state.Store
	accounts Accounts
	roles    Roles
	cfg      Config
	tables
	assigned []func(tx *state.Tx, requestID string, ok bool, reason string)
	removed  []func(tx *state.Tx, userID string)
}

// New declares the service's tables and operations on st, which is not open yet.
func New(st *state.Store, accounts Accounts, roles Roles, cfg Config) *Service {
	if cfg.Wall == nil {
		cfg.Wall = clock.Wall{}
	}
	s := &Service{state: st, accounts: accounts, roles: roles, cfg: cfg, tables: defineTables(st)}
	st.Handle(assignKind, s.stepAssign)
	st.Handle(unassignKind, s.stepUnassign)
	st.Handle(provisionKind, s.stepProvision)
	return s
}

// atHome reports whether a request came to the home Region.
func (s *Service) atHome(r *wire.Request) bool {
	return r.Region == "" || r.Region == s.cfg.Region
}

// here gives the instance when arn names it and it is in the request's Region, for the account that owns it.
func (s *Service) here(ctx context.Context, tx *state.Tx, instanceARN string) (*Instance, error) {
	r, in := wire.RequestFrom(ctx), s.Instance(tx)
	if in == nil || !s.atHome(r) || in.ARN() != instanceARN {
		return nil, notFound("Could not find Instance with id %s", lastPart(instanceARN))
	}
	if r.Caller.AccountID != in.OwnerAccountID {
		return nil, denied(r, "sso", instanceARN)
	}
	return in, nil
}

// read runs f on the instance that a call of ssoadmin names, and gives its answer.
func read[O any](ctx context.Context, s *Service, instanceARN *string, f func(tx *state.Tx, in *Instance) (*O, error)) (out *O, err error) {
	err = s.state.View(func(tx *state.Tx) error {
		in, err := s.here(ctx, tx, deref(instanceARN))
		if err == nil {
			out, err = f(tx, in)
		}
		return err
	})
	return out, err
}

// write is read for calls that change something.
func write[O any](ctx context.Context, s *Service, instanceARN *string, f func(tx *state.Tx, in *Instance) (*O, error)) (out *O, err error) {
	err = s.state.Update(ctx, func(tx *state.Tx) error {
		in, err := s.here(ctx, tx, deref(instanceARN))
		if err == nil {
			out, err = f(tx, in)
		}
		return err
	})
	return out, err
}

// readStore runs f on the identity store that a call of identitystore names by id or ARN, and gives its answer.
func readStore[O any](ctx context.Context, s *Service, id *string, f func(tx *state.Tx, store *string) (*O, error)) (out *O, err error) {
	err = s.state.View(func(tx *state.Tx) error {
		store, err := s.storeHere(ctx, tx, deref(id))
		if err == nil {
			out, err = f(tx, store)
		}
		return err
	})
	return out, withRequestID(ctx, err)
}

// writeStore is readStore for calls that change something.
func writeStore[O any](ctx context.Context, s *Service, id *string, f func(tx *state.Tx, store *string) (*O, error)) (out *O, err error) {
	err = s.state.Update(ctx, func(tx *state.Tx) error {
		store, err := s.storeHere(ctx, tx, deref(id))
		if err == nil {
			out, err = f(tx, store)
		}
		return err
	})
	return out, withRequestID(ctx, err)
}

// storeHere gives the id of the identity store that storeFrom gives, to calls that its network configuration lets in.
func (s *Service) storeHere(ctx context.Context, tx *state.Tx, id string) (*string, error) {
	in, err := s.storeFrom(ctx, tx, id)
	if err != nil {
		return nil, err
	}
	if r := wire.RequestFrom(ctx); !in.Network.admits(r.SourceIP) {
		return nil, deniedStore(r, in.StoreARN())
	}
	return &in.StoreID, nil
}

// storeFrom gives the instance when id names its identity store and it is in the request's Region, for the owner.
func (s *Service) storeFrom(ctx context.Context, tx *state.Tx, id string) (*Instance, error) {
	r, in := wire.RequestFrom(ctx), s.Instance(tx)
	if in == nil || !s.atHome(r) || (id != in.StoreID && id != in.StoreARN()) {
		return nil, noIdentityStore(lastPart(id))
	}
	if r.Caller.AccountID != in.OwnerAccountID {
		return nil, deniedStore(r, in.StoreARN())
	}
	return in, nil
}
