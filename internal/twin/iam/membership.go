package iam

import (
	"context"
	"iter"
	"strings"

	"github.com/aws/aws-sdk-go-v2/service/iam"

	"accountfactory/internal/twin/state"
)

const groupsPerUser = 10

// members gives who is in a group, in the order of their names, after the key of a membership.
func (s *Service) members(tx *state.Tx, g *Group, after string) iter.Seq[*Membership] {
	if after == "" {
		after = g.key() + "/"
	}
	return func(yield func(*Membership) bool) {
		for m := range s.memberships.After(tx, after) {
			if m.AccountID != g.AccountID || !strings.EqualFold(m.Group, g.Name) || !yield(m) {
				return
			}
		}
	}
}

// AddUserToGroup puts a user into a group; one who is in it already stays.
func (s *Service) AddUserToGroup(ctx context.Context, in *iam.AddUserToGroupInput, _ ...func(*iam.Options)) (*iam.AddUserToGroupOutput, error) {
	return &iam.AddUserToGroupOutput{}, s.state.Update(ctx, func(tx *state.Tx) error {
		m, err := s.membership(tx, accountOf(ctx), *in.GroupName, *in.UserName)
		if err != nil || s.memberships.Get(tx, m.key()) != nil {
			return err
		}
		n := 0
		for range s.groupsOf.Of(tx, key(m.AccountID, m.User)) {
			n++
		}
		if n >= groupsPerUser {
			return exceeded("Cannot exceed quota for GroupsPerUser: %d", groupsPerUser)
		}
		s.memberships.Put(tx, m)
		return nil
	})
}

// RemoveUserFromGroup takes a user out of a group; one who is not in it is no error, as in AWS.
func (s *Service) RemoveUserFromGroup(ctx context.Context, in *iam.RemoveUserFromGroupInput, _ ...func(*iam.Options)) (*iam.RemoveUserFromGroupOutput, error) {
	return &iam.RemoveUserFromGroupOutput{}, s.state.Update(ctx, func(tx *state.Tx) error {
		m, err := s.membership(tx, accountOf(ctx), *in.GroupName, *in.UserName)
		if err != nil {
			return err
		}
		s.memberships.Delete(tx, m.key())
		return nil
	})
}

// membership is a user's being in a group, both of which must exist.
func (s *Service) membership(tx *state.Tx, account, group, user string) (*Membership, error) {
	if _, err := s.groups.get(tx, account, group); err != nil {
		return nil, err
	}
	if _, err := s.users.get(tx, account, user); err != nil {
		return nil, err
	}
	return &Membership{AccountID: account, Group: group, User: user}, nil
}

// ListGroupsForUser gives the groups a user is in.
func (s *Service) ListGroupsForUser(ctx context.Context, in *iam.ListGroupsForUserInput, _ ...func(*iam.Options)) (*iam.ListGroupsForUserOutput, error) {
	out := &iam.ListGroupsForUserOutput{}
	return out, s.state.View(func(tx *state.Tx) error {
		u, err := s.users.get(tx, accountOf(ctx), *in.UserName)
		if err != nil {
			return err
		}
		p, err := newPage(in.Marker, in.MaxItems, "ListGroupsForUser", u.key())
		if err != nil {
			return err
		}
		groups := func(yield func(*Group) bool) {
			for m := range s.groupsOf.OfAfter(tx, u.key(), p.after) {
				if g := s.groups.rows.Get(tx, key(m.AccountID, m.Group)); g != nil && !yield(g) {
					return
				}
			}
		}
		l := take(p, groups, func(g *Group) string { return key(g.AccountID, g.Name+"/"+u.Name) }, (*Group).brief)
		out.Groups, out.Marker, out.IsTruncated = l.Items, l.Marker, l.Truncated
		return nil
	})
}
