package iam

import (
	"accountfactory/internal/arn"
	"accountfactory/internal/policy"
	"accountfactory/internal/twin/state"
	"accountfactory/internal/wire"
)

// HasPolicy tells whether a managed policy may be attached in an account: AWS's, or the account's own.
func (s *Service) HasPolicy(tx *state.Tx, accountID, policyARN string) bool {
	if s.managed[policyARN] != nil {
		return true
	}
	a, err := arn.Parse(policyARN)
	return err == nil && a.AccountID == accountID && s.policyByARN(tx, policyARN) != nil
}

// HasPrincipal tells whether there is a user, group or role with this ARN.
func (s *Service) HasPrincipal(tx *state.Tx, principalARN string) bool {
	for _, kind := range []string{"user", "group", "role"} {
		accountID, path, name, ok := splitARN(principalARN, kind)
		if !ok {
			continue
		}
		switch kind {
		case "user":
			u := s.users.rows.Get(tx, key(accountID, name))
			return u != nil && u.Path == path
		case "group":
			g := s.groups.rows.Get(tx, key(accountID, name))
			return g != nil && g.Path == path
		case "role":
			r := s.Role(tx, accountID, name)
			return r != nil && r.Path == path
		}
	}
	return false
}

// GroupARNs gives the groups a caller is in: an IAM user's, none for all others.
func (s *Service) GroupARNs(tx *state.Tx, caller wire.Caller) []string {
	who, _ := s.Identity(tx, caller)
	if who.Type != policy.User {
		return nil
	}
	accountID, _, name, _ := splitARN(who.ARN, "user")
	var out []string
	for m := range s.groupsOf.Of(tx, key(accountID, name)) {
		if g := s.groups.rows.Get(tx, key(m.AccountID, m.Group)); g != nil {
			out = append(out, g.ARN())
		}
	}
	return out
}
