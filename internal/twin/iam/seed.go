package iam

import (
	"maps"
	"slices"
	"time"

	"accountfactory/internal/policy"
	"accountfactory/internal/twin/state"
)

// PutRole makes a role as another service of the twin wants it, or replaces what an existing one of the name says; its id,
// and with it its sessions, stay. What the role may do is not checked, nor is the account made.
func (s *Service) PutRole(tx *state.Tx, accountID string, spec RoleSpec) *Role {
	r := roleOf(accountID, spec, tx.Now())
	if old := s.roles.rows.Get(tx, r.key()); old != nil {
		r.ID, r.Created = old.ID, old.Created
	} else {
		r.ID = uniqueID(tx, rolePrefix)
	}
	r.share()
	s.roles.rows.Put(tx, r)
	return r
}

// roleOf gives the role a specification describes, but for its id.
func roleOf(accountID string, spec RoleSpec, created time.Time) *Role {
	r := &Role{
		Entity: Entity{
			AccountID: accountID, Name: spec.Name, Path: spec.Path, Created: created, Managed: slices.Clone(spec.Managed),
			Inline: maps.Clone(spec.Inline), Boundary: spec.Boundary, Tags: maps.Clone(spec.Tags),
		},
		Description: spec.Description, Trust: spec.Trust, MaxSession: spec.MaxSession, Service: spec.Service,
	}
	if r.Path == "" {
		r.Path = "/"
	}
	if r.MaxSession == 0 {
		r.MaxSession = time.Hour
	}
	return r
}

// DeleteRole removes a role with all that hangs on it, and reports whether there was one. Its sessions end.
func (s *Service) DeleteRole(tx *state.Tx, accountID, name string) bool {
	return s.roles.rows.Delete(tx, key(accountID, name))
}

// Role gives a role, or nil. It must not be modified.
func (s *Service) Role(tx *state.Tx, accountID, name string) *Role {
	r, err := s.roles.get(tx, accountID, name)
	if err != nil {
		return nil
	}
	return r
}

// PutUser makes a user with these managed policies, or gives an existing one these instead of those it has.
func (s *Service) PutUser(tx *state.Tx, accountID, name string, managed []string) *User {
	u := &User{Entity{AccountID: accountID, Name: name, Path: "/", Created: tx.Now()}}
	if old := s.users.rows.Get(tx, u.key()); old != nil {
		*u = *old
	} else {
		u.ID = uniqueID(tx, userPrefix)
	}
	u.Managed = slices.Clone(managed)
	s.users.rows.Put(tx, u)
	return u
}

// PutAccessKey gives a user an access key with this id and secret; user "" is the account's root user, who has no key
// otherwise. The user must exist.
func (s *Service) PutAccessKey(tx *state.Tx, accountID, user, id, secret string) {
	k := &AccessKey{ID: id, Secret: secret, AccountID: accountID, User: user, UserARN: rootARN(accountID), UserID: accountID, Created: tx.Now()}
	if u := s.users.rows.Get(tx, key(accountID, user)); user != "" && u != nil {
		k.UserARN, k.UserID = u.ARN(), u.ID
	} else if user != "" {
		panic("iam: PutAccessKey for user " + user + ", whom nobody put")
	}
	s.keys.Put(tx, k)
}

// NewAccessKey gives a user an access key with an id of its own, and gives the id. The user must exist.
func (s *Service) NewAccessKey(tx *state.Tx, accountID, user, secret string) string {
	id := uniqueID(tx, keyPrefix)
	s.PutAccessKey(tx, accountID, user, id, secret)
	return id
}

// owner gives the type of principal a key speaks for.
func (k *AccessKey) owner() policy.PrincipalType {
	if k.User == "" {
		return policy.Root
	}
	return policy.User
}

func (s *Service) deleteKeys(tx *state.Tx, accountID, user string) {
	for _, k := range slices.Collect(s.keysOf.Of(tx, key(accountID, user))) {
		s.keys.Delete(tx, k.ID)
	}
}
