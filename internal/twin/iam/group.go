package iam

import (
	"context"
	"slices"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/iam"

	"accountfactory/internal/twin/state"
)

// CreateGroup makes a group.
func (s *Service) CreateGroup(ctx context.Context, in *iam.CreateGroupInput, _ ...func(*iam.Options)) (*iam.CreateGroupOutput, error) {
	out := &iam.CreateGroupOutput{}
	return out, s.state.Update(ctx, func(tx *state.Tx) error {
		account := accountOf(ctx)
		if err := s.groups.vacancy(tx, account, *in.GroupName); err != nil {
			return err
		}
		g := &Group{newEntity(tx, account, *in.GroupName, in.Path, groupPrefix)}
		s.groups.rows.Put(tx, g)
		shown := g.brief()
		out.Group = &shown
		return nil
	})
}

// GetGroup gives a group and who is in it, in the order of their names.
func (s *Service) GetGroup(ctx context.Context, in *iam.GetGroupInput, _ ...func(*iam.Options)) (*iam.GetGroupOutput, error) {
	out := &iam.GetGroupOutput{}
	return out, s.state.View(func(tx *state.Tx) error {
		g, err := s.groups.get(tx, accountOf(ctx), *in.GroupName)
		if err != nil {
			return err
		}
		p, err := newPage(in.Marker, in.MaxItems, "GetGroup", g.key())
		if err != nil {
			return err
		}
		users := func(yield func(*User) bool) {
			for m := range s.members(tx, g, p.after) {
				if u := s.users.rows.Get(tx, key(m.AccountID, m.User)); u != nil && !yield(u) {
					return
				}
			}
		}
		l := take(p, users, func(u *User) string { return key(g.AccountID, g.Name+"/"+u.Name) }, (*User).brief)
		shown := g.brief()
		out.Group, out.Users, out.Marker, out.IsTruncated = &shown, l.Items, l.Marker, l.Truncated
		return nil
	})
}

// ListGroups gives the groups of the account in the order of their names.
func (s *Service) ListGroups(ctx context.Context, in *iam.ListGroupsInput, _ ...func(*iam.Options)) (*iam.ListGroupsOutput, error) {
	account := accountOf(ctx)
	p, err := newPage(in.Marker, in.MaxItems, "ListGroups", account, aws.ToString(in.PathPrefix))
	if err != nil {
		return nil, err
	}
	out := &iam.ListGroupsOutput{}
	return out, s.state.View(func(tx *state.Tx) error {
		rows := matching(s.groups.of(tx, account, p.after), func(g *Group) bool { return under(g.Path, in.PathPrefix) })
		l := take(p, rows, func(g *Group) string { return g.key() }, (*Group).brief)
		out.Groups, out.Marker, out.IsTruncated = l.Items, l.Marker, l.Truncated
		return nil
	})
}

// UpdateGroup gives a group another name or path. Members and policies stay; so does the id.
func (s *Service) UpdateGroup(ctx context.Context, in *iam.UpdateGroupInput, _ ...func(*iam.Options)) (*iam.UpdateGroupOutput, error) {
	return &iam.UpdateGroupOutput{}, s.state.Update(ctx, func(tx *state.Tx) error {
		old, err := s.groups.get(tx, accountOf(ctx), *in.GroupName)
		if err != nil {
			return err
		}
		g := *old
		if in.NewPath != nil {
			g.Path = *in.NewPath
		}
		if in.NewGroupName != nil {
			g.Name = *in.NewGroupName
		}
		if g.key() != old.key() && s.groups.rows.Get(tx, g.key()) != nil {
			return exists("Group with name %s already exists.", g.Name)
		}
		members := slices.Collect(s.members(tx, old, ""))
		s.groups.rows.Delete(tx, old.key())
		s.groups.rows.Put(tx, &g)
		for _, m := range members {
			s.memberships.Delete(tx, m.key())
			s.memberships.Put(tx, &Membership{AccountID: m.AccountID, Group: g.Name, User: m.User})
		}
		return nil
	})
}

// DeleteGroup removes a group nobody is in and nothing hangs on.
func (s *Service) DeleteGroup(ctx context.Context, in *iam.DeleteGroupInput, _ ...func(*iam.Options)) (*iam.DeleteGroupOutput, error) {
	return &iam.DeleteGroupOutput{}, s.state.Update(ctx, func(tx *state.Tx) error {
		g, err := s.groups.get(tx, accountOf(ctx), *in.GroupName)
		if err != nil {
			return err
		}
		for range s.members(tx, g, "") {
			return conflict("Cannot delete entity, must remove users from group first.")
		}
		if err := g.deletable(); err != nil {
			return err
		}
		s.groups.rows.Delete(tx, g.key())
		return nil
	})
}
