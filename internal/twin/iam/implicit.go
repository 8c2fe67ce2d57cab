package iam

import (
	"hash/fnv"
	"iter"
	"math/rand/v2"
	"slices"
	"strings"
	"time"

	"accountfactory/internal/twin/state"
)

// Every account of an organization has the same two service-linked roles. As rows they would be two thirds of what an
// account takes, so an account only remembers since when it has them, until somebody describes one otherwise.

// standing gives where an account remembers since when it has a service's role, nil for services without such a place.
func (a *Account) standing(principal string) *time.Time {
	switch principal {
	case organizationsPrincipal:
		return &a.OrganizationsRole
	case centerPrincipal:
		return &a.CenterRole
	}
	return nil
}

// setStanding makes an account remember since when it has a service's role; the zero time is that it has none.
func (s *Service) setStanding(tx *state.Tx, accountID, principal string, since time.Time) {
	s.PutAccount(tx, accountID)
	s.accounts.Change(tx, accountID, func(a *Account) { *a.standing(principal) = since })
}

// implicit gives the roles of an account that are no rows, in the order of their names.
func (s *Service) implicit(tx *state.Tx, accountID string) (out []*Role) {
	a := s.accounts.Get(tx, accountID)
	if a == nil {
		return nil
	}
	for _, principal := range []string{organizationsPrincipal, centerPrincipal} {
		if since := *a.standing(principal); !since.IsZero() {
			l := findLinkedService(principal)
			r := roleOf(accountID, l.spec(l.role, l.description), since)
			r.ID = standingID(r.key(), since)
			out = append(out, r)
		}
	}
	return out
}

// standingID gives a role's id, always the same for the same role.
func standingID(key string, since time.Time) string {
	h := fnv.New64a()
	_, _ = h.Write([]byte(key))
	return uniqueID(rand.NewPCG(h.Sum64(), uint64(since.UnixNano())), rolePrefix)
}

// withImplicit puts an account's implicit roles among its rows, after the key given.
func (s *Service) withImplicit(tx *state.Tx, accountID, after string, rows iter.Seq[*Role]) iter.Seq[*Role] {
	return func(yield func(*Role) bool) {
		more := slices.DeleteFunc(s.implicit(tx, accountID), func(r *Role) bool { return r.key() <= after })
		for r := range rows {
			for len(more) > 0 && more[0].key() < r.key() {
				if !yield(more[0]) {
					return
				}
				more = more[1:]
			}
			if !yield(r) {
				return
			}
		}
		for _, r := range more {
			if !yield(r) {
				return
			}
		}
	}
}

// implicitRole gives an implicit role by name, in any case, or nil.
func (s *Service) implicitRole(tx *state.Tx, accountID, name string) *Role {
	if len(name) < len("AWSServiceRoleFor") || !strings.EqualFold(name[:len("AWSServiceRoleFor")], "AWSServiceRoleFor") {
		return nil // most names, without looking
	}
	for _, r := range s.implicit(tx, accountID) {
		if strings.EqualFold(r.Name, name) {
			return r
		}
	}
	return nil
}

// dropRole removes a service-linked role, whether it is a row or not.
func (s *Service) dropRole(tx *state.Tx, r *Role) {
	if !s.roles.rows.Delete(tx, r.key()) && findLinkedService(r.Service) != nil {
		s.setStanding(tx, r.AccountID, r.Service, time.Time{})
	}
}
