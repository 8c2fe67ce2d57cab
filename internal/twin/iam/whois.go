package iam

import (
	"strings"

	"accountfactory/internal/arn"
	"accountfactory/internal/policy"
	"accountfactory/internal/twin/state"
)

// WhoIs gives the principal of an ARN as it would ask for something now, with the policies that speak for it: a user, the
// root user, a role or a session of one. Of a role without a session it is a session without policies of its own. It
// reports whether there is such a principal.
func (s *Service) WhoIs(tx *state.Tx, principalARN string) (policy.Principal, policy.Policies, bool) {
	a, err := arn.Parse(principalARN)
	if err != nil || s.accounts.Get(tx, a.AccountID) == nil {
		return policy.Principal{}, policy.Policies{}, false
	}
	if principalARN == rootARN(a.AccountID) {
		return rootPrincipal(a.AccountID), policy.Policies{}, true
	}
	if account, path, name, ok := splitARN(principalARN, "user"); ok {
		u := s.users.rows.Get(tx, key(account, name))
		if u == nil || u.Path != path {
			return policy.Principal{}, policy.Policies{}, false
		}
		who, policies := s.userIdentity(tx, u)
		return who, policies, true
	}
	if account, path, name, ok := splitARN(principalARN, "role"); ok {
		r := s.Role(tx, account, name)
		if r == nil || r.Path != path {
			return policy.Principal{}, policy.Policies{}, false
		}
		who, policies := s.roleIdentity(tx, r, sessionOf(r, "explain"))
		return who, policies, true
	}
	return s.sessionNamed(tx, a)
}

// sessionNamed finds a session of a role by its ARN. There may be several, and none that lives any more; then the role's
// policies speak for it.
func (s *Service) sessionNamed(tx *state.Tx, a arn.ARN) (policy.Principal, policy.Policies, bool) {
	parts := strings.Split(a.Resource, "/")
	if a.Service != "sts" || len(parts) != 3 || parts[0] != "assumed-role" {
		return policy.Principal{}, policy.Policies{}, false
	}
	r := s.Role(tx, a.AccountID, parts[1])
	if r == nil {
		return policy.Principal{}, policy.Policies{}, false
	}
	asked := sessionOf(r, parts[2])
	for n := range s.sessionsOf.Of(tx, a.AccountID) {
		if n.ARN == asked.ARN && s.lives(tx, n) {
			asked = n
		}
	}
	who, policies := s.roleIdentity(tx, r, asked)
	return who, policies, true
}

func sessionOf(r *Role, name string) *Session {
	return &Session{
		AccountID: r.AccountID, Type: policy.AssumedRole, Name: r.Name, EntityID: r.ID,
		ARN: "arn:aws:sts::" + r.AccountID + ":assumed-role/" + r.Name + "/" + name, UserID: r.ID + ":" + name,
	}
}

func (s *Service) roleIdentity(tx *state.Tx, r *Role, n *Session) (policy.Principal, policy.Policies) {
	who := policy.Principal{Type: policy.AssumedRole, AccountID: n.AccountID, ARN: n.ARN, UserID: n.UserID, RoleARN: r.ARN(), Tags: withTags(r.Tags, n.Tags)}
	p := s.entityPolicies(tx, &r.Entity)
	s.limit(tx, n, &p)
	return who, p
}
