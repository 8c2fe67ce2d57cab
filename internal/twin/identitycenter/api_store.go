package identitycenter

import (
	"context"

	"github.com/aws/aws-sdk-go-v2/service/identitystore"

	"accountfactory/internal/twin/state"
	"accountfactory/internal/wire"
)

// storeAPI is identitystore.
func (s *Service) storeAPI() *wire.Service {
	svc := wire.New("identitystore")
	s.itselfAPI(svc)
	s.userAPI(svc)
	s.groupAPI(svc)
	s.membershipAPI(svc)
	return svc
}

// itselfAPI is the store itself.
func (s *Service) itselfAPI(svc *wire.Service) {
	wire.On(svc, "DescribeIdentityStore", s.DescribeIdentityStore, inStore(s, "identitystore:DescribeIdentityStore",
		func(in *identitystore.DescribeIdentityStoreInput) *string { return in.IdentityStoreId },
		func(_ *state.Tx, _ *identitystore.DescribeIdentityStoreInput) []string { return nil }))
	wire.On(svc, "ListIdentityStores", s.ListIdentityStores, func(context.Context, *identitystore.ListIdentityStoresInput) ([]wire.Check, error) {
		return []wire.Check{{Action: "identitystore:ListIdentityStores", Resource: "*", Context: s.inRegion()}}, nil
	})
	wire.On(svc, "UpdateIdentityStore", s.UpdateIdentityStore, inStore(s, "identitystore:UpdateIdentityStore",
		func(in *identitystore.UpdateIdentityStoreInput) *string { return in.IdentityStoreId },
		func(_ *state.Tx, _ *identitystore.UpdateIdentityStoreInput) []string { return nil }))
}

// userAPI is users.
func (s *Service) userAPI(svc *wire.Service) {
	wire.On(svc, "CreateUser", s.CreateUser, inStore(s, "identitystore:CreateUser",
		func(in *identitystore.CreateUserInput) *string { return in.IdentityStoreId },
		func(_ *state.Tx, _ *identitystore.CreateUserInput) []string { return nil }))
	wire.On(svc, "DescribeUser", s.DescribeUser, inStore(s, "identitystore:DescribeUser",
		func(in *identitystore.DescribeUserInput) *string { return in.IdentityStoreId },
		func(_ *state.Tx, in *identitystore.DescribeUserInput) []string { return userNamedBy(in.UserId) }))
	wire.On(svc, "UpdateUser", s.UpdateUser, inStore(s, "identitystore:UpdateUser",
		func(in *identitystore.UpdateUserInput) *string { return in.IdentityStoreId },
		func(_ *state.Tx, in *identitystore.UpdateUserInput) []string { return userNamedBy(in.UserId) }))
	wire.On(svc, "DeleteUser", s.DeleteUser, inStore(s, "identitystore:DeleteUser",
		func(in *identitystore.DeleteUserInput) *string { return in.IdentityStoreId },
		func(_ *state.Tx, in *identitystore.DeleteUserInput) []string { return userNamedBy(in.UserId) }))
	wire.On(svc, "ListUsers", s.ListUsers, inStore(s, "identitystore:ListUsers",
		func(in *identitystore.ListUsersInput) *string { return in.IdentityStoreId },
		func(_ *state.Tx, _ *identitystore.ListUsersInput) []string { return []string{allUsers()} }))
	wire.On(svc, "GetUserId", s.GetUserId, inStore(s, "identitystore:GetUserId",
		func(in *identitystore.GetUserIdInput) *string { return in.IdentityStoreId },
		func(tx *state.Tx, in *identitystore.GetUserIdInput) []string {
			return []string{s.userNamed(tx, in.AlternateIdentifier)}
		}))
}

// groupAPI is groups.
func (s *Service) groupAPI(svc *wire.Service) {
	wire.On(svc, "CreateGroup", s.CreateGroup, inStore(s, "identitystore:CreateGroup",
		func(in *identitystore.CreateGroupInput) *string { return in.IdentityStoreId },
		func(_ *state.Tx, _ *identitystore.CreateGroupInput) []string { return nil }))
	wire.On(svc, "DescribeGroup", s.DescribeGroup, inStore(s, "identitystore:DescribeGroup",
		func(in *identitystore.DescribeGroupInput) *string { return in.IdentityStoreId },
		func(_ *state.Tx, in *identitystore.DescribeGroupInput) []string { return groupNamedBy(in.GroupId) }))
	wire.On(svc, "UpdateGroup", s.UpdateGroup, inStore(s, "identitystore:UpdateGroup",
		func(in *identitystore.UpdateGroupInput) *string { return in.IdentityStoreId },
		func(_ *state.Tx, in *identitystore.UpdateGroupInput) []string { return groupNamedBy(in.GroupId) }))
	wire.On(svc, "DeleteGroup", s.DeleteGroup, inStore(s, "identitystore:DeleteGroup",
		func(in *identitystore.DeleteGroupInput) *string { return in.IdentityStoreId },
		func(_ *state.Tx, in *identitystore.DeleteGroupInput) []string { return groupNamedBy(in.GroupId) }))
	wire.On(svc, "ListGroups", s.ListGroups, inStore(s, "identitystore:ListGroups",
		func(in *identitystore.ListGroupsInput) *string { return in.IdentityStoreId },
		func(_ *state.Tx, _ *identitystore.ListGroupsInput) []string { return []string{allGroups()} }))
	wire.On(svc, "GetGroupId", s.GetGroupId, inStore(s, "identitystore:GetGroupId",
		func(in *identitystore.GetGroupIdInput) *string { return in.IdentityStoreId },
		func(tx *state.Tx, in *identitystore.GetGroupIdInput) []string {
			return []string{s.groupNamed(tx, in.AlternateIdentifier)}
		}))
}

// membershipAPI is who is in which group.
func (s *Service) membershipAPI(svc *wire.Service) {
	wire.On(svc, "CreateGroupMembership", s.CreateGroupMembership, inStore(s, "identitystore:CreateGroupMembership",
		func(in *identitystore.CreateGroupMembershipInput) *string { return in.IdentityStoreId },
		func(_ *state.Tx, in *identitystore.CreateGroupMembershipInput) []string {
			return append(groupNamedBy(in.GroupId), userARN(memberOf(in.MemberId)))
		}))
	wire.On(svc, "DescribeGroupMembership", s.DescribeGroupMembership, inStore(s, "identitystore:DescribeGroupMembership",
		func(in *identitystore.DescribeGroupMembershipInput) *string { return in.IdentityStoreId },
		func(tx *state.Tx, in *identitystore.DescribeGroupMembershipInput) []string {
			return s.membershipParts(tx, in.MembershipId)
		}))
	wire.On(svc, "DeleteGroupMembership", s.DeleteGroupMembership, inStore(s, "identitystore:DeleteGroupMembership",
		func(in *identitystore.DeleteGroupMembershipInput) *string { return in.IdentityStoreId },
		func(tx *state.Tx, in *identitystore.DeleteGroupMembershipInput) []string {
			return s.membershipParts(tx, in.MembershipId)
		}))
	wire.On(svc, "GetGroupMembershipId", s.GetGroupMembershipId, inStore(s, "identitystore:GetGroupMembershipId",
		func(in *identitystore.GetGroupMembershipIdInput) *string { return in.IdentityStoreId },
		func(tx *state.Tx, in *identitystore.GetGroupMembershipIdInput) []string {
			return s.pairParts(tx, in.GroupId, memberOf(in.MemberId))
		}))
	wire.On(svc, "ListGroupMemberships", s.ListGroupMemberships, inStore(s, "identitystore:ListGroupMemberships",
		func(in *identitystore.ListGroupMembershipsInput) *string { return in.IdentityStoreId },
		func(_ *state.Tx, in *identitystore.ListGroupMembershipsInput) []string {
			return append(groupNamedBy(in.GroupId), allMemberships())
		}))
	wire.On(svc, "ListGroupMembershipsForMember", s.ListGroupMembershipsForMember, inStore(s, "identitystore:ListGroupMembershipsForMember",
		func(in *identitystore.ListGroupMembershipsForMemberInput) *string { return in.IdentityStoreId },
		func(_ *state.Tx, in *identitystore.ListGroupMembershipsForMemberInput) []string {
			return []string{userARN(memberOf(in.MemberId)), allMemberships()}
		}))
	wire.On(svc, "IsMemberInGroups", s.IsMemberInGroups, inStore(s, "identitystore:IsMemberInGroups",
		func(in *identitystore.IsMemberInGroupsInput) *string { return in.IdentityStoreId },
		func(_ *state.Tx, in *identitystore.IsMemberInGroupsInput) []string {
			return manyParts(in.GroupIds, memberOf(in.MemberId))
		}))
}
