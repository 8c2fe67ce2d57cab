package organizations

import (
	"slices"
	"strings"

	"accountfactory/internal/twin/state"
)

func isRoot(id string) bool { return strings.HasPrefix(id, "r-") }
func isOU(id string) bool   { return strings.HasPrefix(id, "ou-") }

func isResourcePolicy(id string) bool { return strings.HasPrefix(id, "rp-") }

// parentOf gives what an OU or account is in; ok is false when there is no such child.
func (s *Service) parentOf(tx *state.Tx, child string) (parent string, ok bool) {
	if isOU(child) {
		if ou := s.ous.Get(tx, child); ou != nil {
			return ou.Parent, true
		}
		return "", false
	}
	if a := s.accounts.Get(tx, child); a != nil {
		return a.Parent, true
	}
	return "", false
}

// isParent tells whether id is the root or an OU.
func (s *Service) isParent(tx *state.Tx, id string) bool {
	return id != "" && (id == s.RootID(tx) || s.ous.Get(tx, id) != nil)
}

// isTarget tells whether id is the root, an OU or an account: what policies attach to.
func (s *Service) isTarget(tx *state.Tx, id string) bool {
	return s.isParent(tx, id) || s.accounts.Get(tx, id) != nil
}

// Path gives the ids from the root down to an OU or account, itself included, or nil when there is no such thing.
func (s *Service) Path(tx *state.Tx, id string) []string {
	if !s.isTarget(tx, id) {
		return nil
	}
	path := make([]string, 0, maxDepth+2)
	for ok := true; ok; {
		path = append(path, id)
		id, ok = s.parentOf(tx, id)
	}
	slices.Reverse(path)
	return path
}

// entityPath gives the path as AWS writes it: o-…/r-…/ou-…/id/.
func (s *Service) entityPath(tx *state.Tx, org *Organization, id string) string {
	ids := make([]string, 1, 9) // nothing after the last stroke; the entity, OUs of five levels, the root, the organization
	for ok := true; ok; {
		ids = append(ids, id)
		id, ok = s.parentOf(tx, id)
	}
	ids = append(ids, org.ID)
	slices.Reverse(ids)
	return strings.Join(ids, "/")
}
