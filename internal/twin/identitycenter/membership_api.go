package identitycenter

import (
	"context"

	"github.com/aws/aws-sdk-go-v2/service/identitystore"
	store "github.com/aws/aws-sdk-go-v2/service/identitystore/types"

	"accountfactory/internal/twin/state"
)

// CreateGroupMembership puts a user into a group.
func (s *Service) CreateGroupMembership(ctx context.Context, in *identitystore.CreateGroupMembershipInput, _ ...func(*identitystore.Options)) (*identitystore.CreateGroupMembershipOutput, error) {
	return writeStore(ctx, s, in.IdentityStoreId, func(tx *state.Tx, id *string) (*identitystore.CreateGroupMembershipOutput, error) {
		m, err := s.join(tx, lastPart(*in.GroupId), memberOf(in.MemberId), callerARN(ctx))
		if err != nil {
			return nil, err
		}
		return &identitystore.CreateGroupMembershipOutput{IdentityStoreId: id, MembershipId: &m.ID, MembershipArn: new(m.ARN())}, nil
	})
}

// DescribeGroupMembership shows a membership.
func (s *Service) DescribeGroupMembership(ctx context.Context, in *identitystore.DescribeGroupMembershipInput, _ ...func(*identitystore.Options)) (*identitystore.DescribeGroupMembershipOutput, error) {
	return readStore(ctx, s, in.IdentityStoreId, func(tx *state.Tx, id *string) (*identitystore.DescribeGroupMembershipOutput, error) {
		row := s.memberships.Get(tx, lastPart(*in.MembershipId))
		if row == nil {
			return nil, noMembership(*in.MembershipId)
		}
		m := row.wire(id)
		return &identitystore.DescribeGroupMembershipOutput{
			IdentityStoreId: id, MembershipId: m.MembershipId, MembershipArn: m.MembershipArn, GroupId: m.GroupId, MemberId: m.MemberId,
			CreatedAt: m.CreatedAt, CreatedBy: m.CreatedBy, UpdatedAt: m.UpdatedAt, UpdatedBy: m.UpdatedBy,
		}, nil
	})
}

// DeleteGroupMembership takes a user out of a group.
func (s *Service) DeleteGroupMembership(ctx context.Context, in *identitystore.DeleteGroupMembershipInput, _ ...func(*identitystore.Options)) (*identitystore.DeleteGroupMembershipOutput, error) {
	return writeStore(ctx, s, in.IdentityStoreId, func(tx *state.Tx, _ *string) (*identitystore.DeleteGroupMembershipOutput, error) {
		if !s.memberships.Delete(tx, lastPart(*in.MembershipId)) {
			return nil, noMembership(*in.MembershipId)
		}
		return &identitystore.DeleteGroupMembershipOutput{}, nil
	})
}

// GetGroupMembershipId finds the membership of a user in a group.
func (s *Service) GetGroupMembershipId(ctx context.Context, in *identitystore.GetGroupMembershipIdInput, _ ...func(*identitystore.Options)) (*identitystore.GetGroupMembershipIdOutput, error) {
	return readStore(ctx, s, in.IdentityStoreId, func(tx *state.Tx, id *string) (*identitystore.GetGroupMembershipIdOutput, error) {
		m := s.Membership(tx, lastPart(*in.GroupId), memberOf(in.MemberId))
		if m == nil {
			return nil, noMembership("")
		}
		return &identitystore.GetGroupMembershipIdOutput{IdentityStoreId: id, MembershipId: &m.ID, MembershipArn: new(m.ARN())}, nil
	})
}

// ListGroupMemberships lists who is in a group.
func (s *Service) ListGroupMemberships(ctx context.Context, in *identitystore.ListGroupMembershipsInput, _ ...func(*identitystore.Options)) (*identitystore.ListGroupMembershipsOutput, error) {
	return readStore(ctx, s, in.IdentityStoreId, func(tx *state.Tx, id *string) (*identitystore.ListGroupMembershipsOutput, error) {
		group := lastPart(*in.GroupId)
		if s.groups.Get(tx, group) == nil {
			return nil, noGroup(group)
		}
		scope := "ListGroupMemberships/" + group
		from, err := afterInStore(scope, in.NextToken)
		if err != nil {
			return nil, err
		}
		out := &identitystore.ListGroupMembershipsOutput{}
		out.GroupMemberships, out.NextToken = page(scope, in.MaxResults, s.membersOf.OfAfter(tx, group, from),
			func(m *Membership) string { return m.ID }, func(m *Membership) store.GroupMembership { return m.wire(id) })
		return out, nil
	})
}

// ListGroupMembershipsForMember lists the groups a user is in.
func (s *Service) ListGroupMembershipsForMember(ctx context.Context, in *identitystore.ListGroupMembershipsForMemberInput, _ ...func(*identitystore.Options)) (*identitystore.ListGroupMembershipsForMemberOutput, error) {
	return readStore(ctx, s, in.IdentityStoreId, func(tx *state.Tx, id *string) (*identitystore.ListGroupMembershipsForMemberOutput, error) {
		user := memberOf(in.MemberId)
		if s.users.Get(tx, user) == nil {
			return nil, noUser(user)
		}
		scope := "ListGroupMembershipsForMember/" + user
		from, err := afterInStore(scope, in.NextToken)
		if err != nil {
			return nil, err
		}
		out := &identitystore.ListGroupMembershipsForMemberOutput{}
		out.GroupMemberships, out.NextToken = page(scope, in.MaxResults, s.groupsOf.OfAfter(tx, user, from),
			func(m *Membership) string { return m.ID }, func(m *Membership) store.GroupMembership { return m.wire(id) })
		return out, nil
	})
}

// IsMemberInGroups answers for each group named, in their order.
func (s *Service) IsMemberInGroups(ctx context.Context, in *identitystore.IsMemberInGroupsInput, _ ...func(*identitystore.Options)) (*identitystore.IsMemberInGroupsOutput, error) {
	return readStore(ctx, s, in.IdentityStoreId, func(tx *state.Tx, _ *string) (*identitystore.IsMemberInGroupsOutput, error) {
		user := memberOf(in.MemberId)
		if s.users.Get(tx, user) == nil {
			return nil, noUser(user)
		}
		out := &identitystore.IsMemberInGroupsOutput{Results: []store.GroupMembershipExistenceResult{}}
		for _, named := range in.GroupIds {
			group := lastPart(named)
			if s.groups.Get(tx, group) == nil {
				return nil, noGroup(group)
			}
			out.Results = append(out.Results, store.GroupMembershipExistenceResult{
				GroupId: &group, MemberId: &store.MemberIdMemberUserId{Value: user}, MembershipExists: s.Membership(tx, group, user) != nil,
			})
		}
		return out, nil
	})
}

// wire gives a membership as the API shows it. It never changes, so both of its times are the same.
func (m *Membership) wire(storeID *string) store.GroupMembership {
	return store.GroupMembership{
		IdentityStoreId: storeID, MembershipId: &m.ID, MembershipArn: new(m.ARN()), GroupId: &m.GroupID,
		MemberId:  &store.MemberIdMemberUserId{Value: m.UserID},
		CreatedAt: &m.Created, CreatedBy: opt(m.CreatedBy), UpdatedAt: &m.Created, UpdatedBy: opt(m.CreatedBy),
	}
}

// memberOf gives the user id a MemberId names, by id or ARN.
func memberOf(m store.MemberId) string {
	if user, ok := m.(*store.MemberIdMemberUserId); ok {
		return lastPart(user.Value)
	}
	return ""
}

func noMembership(id string) error { return noSuch(store.ResourceTypeGroupMembership, lastPart(id)) }
