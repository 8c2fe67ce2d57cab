package organizations

import (
	"iter"

	"accountfactory/internal/arn"
	"accountfactory/internal/twin/state"
)

// maxDepth is how many OUs may lie within one another below the root.
const maxDepth = 5

// OU gives an organizational unit, or nil.
func (s *Service) OU(tx *state.Tx, id string) *OU { return s.ous.Get(tx, id) }

// OUs gives the organizational units right in a root or OU.
func (s *Service) OUs(tx *state.Tx, parent string) iter.Seq[*OU] { return s.ousIn.Of(tx, parent) }

// AllOUs gives every organizational unit.
func (s *Service) AllOUs(tx *state.Tx) iter.Seq[*OU] { return s.ous.All(tx) }

// AddOU makes an organizational unit in the root or an OU. It returns ParentNotFoundException,
// DuplicateOrganizationalUnitException for a sibling of that name, or ConstraintViolationException for a sixth level or
// one unit too many.
func (s *Service) AddOU(tx *state.Tx, parent, name string, tags []Tag) (*OU, error) {
	switch {
	case !s.isParent(tx, parent):
		return nil, errParentNotFound()
	case len(s.Path(tx, parent)) > maxDepth: // root and five OUs
		return nil, errOUTooDeep()
	case s.ousByName.First(tx, siblingKey(parent, name)) != nil:
		return nil, errDuplicateOU()
	case s.ous.Len(tx) >= s.quotas.OUs:
		return nil, errTooManyOUs()
	}
	ou := &OU{ID: s.newOUID(tx), Name: name, Parent: parent, Tags: tags}
	s.ous.Put(tx, ou)
	s.attachDefault(tx, ou.ID)
	return ou, nil
}

func (s *Service) newOUID(tx *state.Tx) string {
	for {
		if id := "ou-" + s.RootID(tx)[len("r-"):] + "-" + arn.ID(tx, arn.Lower, 8); s.ous.Get(tx, id) == nil {
			return id
		}
	}
}

// RenameOU gives an organizational unit another name, unless a sibling has it.
func (s *Service) RenameOU(tx *state.Tx, id, name string) (*OU, error) {
	ou := s.ous.Get(tx, id)
	if ou == nil {
		return nil, errOUNotFound()
	}
	if other := s.ousByName.First(tx, siblingKey(ou.Parent, name)); other != nil && other.ID != id {
		return nil, errDuplicateOU()
	}
	s.ous.Change(tx, id, func(o *OU) { o.Name = name })
	return s.ous.Get(tx, id), nil
}

// RemoveOU deletes an empty organizational unit.
func (s *Service) RemoveOU(tx *state.Tx, id string) error {
	if s.ous.Get(tx, id) == nil {
		return errOUNotFound()
	}
	if s.ousIn.First(tx, id) != nil || s.accountsIn.First(tx, id) != nil {
		return errOUNotEmpty()
	}
	s.detachAll(tx, id)
	s.ous.Delete(tx, id)
	for _, f := range s.ouGone {
		f(tx, id)
	}
	return nil
}
