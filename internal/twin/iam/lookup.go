package iam

import (
	"context"
	"strings"

	"accountfactory/internal/policy"
	"accountfactory/internal/twin/state"
	"accountfactory/internal/wire"
)

// Lookup finds an access key; it makes the Service a wire.KeyStore. A session whose role or user is gone is unknown, as is
// every key of a suspended account.
func (s *Service) Lookup(_ context.Context, accessKeyID string) (k wire.Key, err error) {
	err = s.state.View(func(tx *state.Tx) (err error) {
		k, err = s.lookup(tx, accessKeyID)
		return err
	})
	return k, err
}

func (s *Service) lookup(tx *state.Tx, id string) (wire.Key, error) {
	if strings.HasPrefix(id, temporaryPrefix) {
		n := s.sessions.Get(tx, id)
		if n == nil || !s.active(tx, n.AccountID) || !s.lives(tx, n) {
			return wire.Key{}, wire.ErrNoKey
		}
		caller := wire.Caller{AccountID: n.AccountID, ARN: n.ARN, UserID: n.UserID, AccessKeyID: id}
		return wire.Key{Secret: n.Secret, SessionToken: n.Token, Expires: n.Expires, Caller: caller}, nil
	}
	k := s.keys.Get(tx, id)
	if k == nil || !s.active(tx, k.AccountID) {
		return wire.Key{}, wire.ErrNoKey
	}
	if k.Inactive {
		return wire.Key{}, wire.ErrKeyInactive
	}
	return wire.Key{Secret: k.Secret, Caller: wire.Caller{AccountID: k.AccountID, ARN: k.UserARN, UserID: k.UserID, AccessKeyID: id}}, nil
}

// lives tells whether the role or user a session rests on is still there. One made anew under the old name is another.
func (s *Service) lives(tx *state.Tx, n *Session) bool {
	switch n.Type {
	case policy.AssumedRole:
		r := s.roles.rows.Get(tx, key(n.AccountID, n.Name))
		return r != nil && r.ID == n.EntityID
	case policy.User, policy.FederatedUser:
		if n.EntityID == n.AccountID {
			return true // of the root user
		}
		return s.sessionUser(tx, n) != nil
	case policy.Root:
		return true
	case policy.Service, policy.Anonymous:
	}
	return false
}

// sessionUser gives the user behind a session, or nil.
func (s *Service) sessionUser(tx *state.Tx, n *Session) *User {
	u := s.users.rows.Get(tx, key(n.AccountID, n.Name))
	if u == nil || u.ID != n.EntityID {
		return nil
	}
	return u
}
