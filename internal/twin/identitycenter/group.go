package identitycenter

import (
	"encoding/json"
	"iter"
	"strings"
	"time"
	"unicode/utf8"

	"accountfactory/internal/arn"
	"accountfactory/internal/twin/state"
)

// groupLimit is the default quota of groups in an identity store (IAM Identity Center quotas).
const groupLimit = 100_000

// Group is a group of users.
type Group struct {
	ID          string
	Revision    string // changes with every change; opaque
	DisplayName string
	Description string `json:",omitempty"`

	Created, Updated     time.Time
	CreatedBy, UpdatedBy string `json:",omitempty"`
}

// ARN names the group.
func (g *Group) ARN() string { return groupARN(g.ID) }

func groupARN(id string) string { return arn.Make("identitystore", "", "", "group/"+id) }

// PutGroup makes a group. It returns a ConflictException for a name that is taken.
func (s *Service) PutGroup(tx *state.Tx, name, description string) (*Group, error) {
	return s.addGroup(tx, name, description, "")
}

func (s *Service) addGroup(tx *state.Tx, name, description, by string) (*Group, error) {
	if s.groups.Len(tx) >= groupLimit {
		return nil, storeQuota("groups", groupLimit)
	}
	g := &Group{ID: arn.UUID(tx), DisplayName: name, Description: description, Created: tx.Now(), CreatedBy: by}
	if err := s.saveGroup(tx, g, by); err != nil {
		return nil, err
	}
	return g, nil
}

// saveGroup puts a group that is new or changed, once it is one AWS would take.
func (s *Service) saveGroup(tx *state.Tx, g *Group, by string) error {
	switch {
	case g.DisplayName == "":
		return badValue("displayname: The attribute displayname is required")
	case reserved(g.DisplayName):
		return badValue("The group name %s is reserved.", g.DisplayName)
	case utf8.RuneCountInString(g.DisplayName) > 1024 || !validText(g.DisplayName) || !validText(g.Description):
		return badValue("An attribute is longer than 1024 characters or holds characters that are not allowed")
	}
	if other := s.GroupByName(tx, g.DisplayName); other != nil && other.ID != g.ID {
		return duplicate("Duplicate GroupDisplayName")
	}
	g.Revision, g.Updated, g.UpdatedBy = arn.ID(tx, arn.Hex, 32), tx.Now(), by
	s.groups.Put(tx, g)
	return nil
}

// set changes the attribute a path of UpdateGroup names; null removes it.
func (g *Group) set(path string, value json.RawMessage) error {
	switch strings.ToLower(path) {
	case "displayname":
		return assign(&g.DisplayName, path, value)
	case "description":
		return assign(&g.Description, path, value)
	}
	return badValue("The attribute path %s is not supported", path)
}

// Group gives the group with this id, or nil.
func (s *Service) Group(tx *state.Tx, id string) *Group { return s.groups.Get(tx, id) }

// Groups gives all groups in the order of their ids.
func (s *Service) Groups(tx *state.Tx) iter.Seq[*Group] { return s.groups.All(tx) }

// GroupByName gives the group with this display name, in any case, or nil.
func (s *Service) GroupByName(tx *state.Tx, name string) *Group {
	return s.byTitle.First(tx, strings.ToLower(name))
}

// RemoveGroup removes a group and its memberships. Account assignments stay behind without a principal, as in AWS.
func (s *Service) RemoveGroup(tx *state.Tx, id string) bool {
	for _, m := range collect(s.membersOf.Of(tx, id)) {
		s.memberships.Delete(tx, m.ID)
	}
	return s.groups.Delete(tx, id)
}
