package identitycenter

import (
	"iter"
	"time"

	store "github.com/aws/aws-sdk-go-v2/service/identitystore/types"

	"accountfactory/internal/arn"
	"accountfactory/internal/twin/state"
)

// Membership says that a user is in a group.
type Membership struct {
	ID, GroupID, UserID string
	Created             time.Time
	CreatedBy           string `json:",omitempty"`
}

// ARN names the membership.
func (m *Membership) ARN() string { return membershipARN(m.ID) }

func membershipARN(id string) string { return arn.Make("identitystore", "", "", "membership/"+id) }

// Join puts a user into a group. It returns a ResourceNotFoundException when one is not there, a ConflictException when
// they are joined already.
func (s *Service) Join(tx *state.Tx, groupID, userID string) (*Membership, error) {
	return s.join(tx, groupID, userID, "")
}

func (s *Service) join(tx *state.Tx, groupID, userID, by string) (*Membership, error) {
	if s.users.Get(tx, userID) == nil {
		return nil, &store.ResourceNotFoundException{
			Message: text("Member does not exist"), ResourceType: store.ResourceTypeUser, ResourceId: &userID,
		}
	}
	if s.groups.Get(tx, groupID) == nil {
		return nil, &store.ResourceNotFoundException{
			Message: text("Group does not exist"), ResourceType: store.ResourceTypeGroup, ResourceId: &groupID,
		}
	}
	if s.Membership(tx, groupID, userID) != nil {
		return nil, duplicate("Member and Group relationship already exists")
	}
	m := &Membership{ID: arn.UUID(tx), GroupID: groupID, UserID: userID, Created: tx.Now(), CreatedBy: by}
	s.memberships.Put(tx, m)
	return m, nil
}

// Membership gives the membership of this user in this group, or nil.
func (s *Service) Membership(tx *state.Tx, groupID, userID string) *Membership {
	return s.pairs.First(tx, groupID+"/"+userID)
}

// GroupsOf gives the memberships of a user.
func (s *Service) GroupsOf(tx *state.Tx, userID string) iter.Seq[*Membership] {
	return s.groupsOf.Of(tx, userID)
}

// MembersOf gives the memberships in a group.
func (s *Service) MembersOf(tx *state.Tx, groupID string) iter.Seq[*Membership] {
	return s.membersOf.Of(tx, groupID)
}
