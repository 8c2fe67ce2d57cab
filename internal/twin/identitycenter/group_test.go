package identitycenter_test

import (
	"testing"

	"github.com/aws/aws-sdk-go-v2/service/identitystore"
	store "github.com/aws/aws-sdk-go-v2/service/identitystore/types"
	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
)

func TestGroupLife(t *testing.T) {
	t.Parallel()
	b := setup(t)
	ctx := admin(t)
	created, err := b.CreateGroup(ctx, &identitystore.CreateGroupInput{IdentityStoreId: b.store, DisplayName: new("Admins"), Description: new("may do all")})
	must(t, err)
	by := new("arn:aws:iam::" + management + ":user/admin")
	want := &identitystore.DescribeGroupOutput{
		IdentityStoreId: b.store, GroupId: created.GroupId, GroupArn: new("arn:aws:identitystore:::group/" + *created.GroupId), Revision: created.Revision,
		DisplayName: new("Admins"), Description: new("may do all"), CreatedBy: by, UpdatedBy: by,
	}
	got, err := b.DescribeGroup(ctx, &identitystore.DescribeGroupInput{IdentityStoreId: b.store, GroupId: created.GroupId})
	must(t, err)
	if diff := cmp.Diff(want, got, shapes, cmpopts.IgnoreFields(identitystore.DescribeGroupOutput{}, "CreatedAt", "UpdatedAt")); diff != "" {
		t.Errorf("described (-want +got):\n%s", diff)
	}

	updated, err := b.UpdateGroup(ctx, &identitystore.UpdateGroupInput{
		IdentityStoreId: b.store, GroupId: created.GroupArn, Revision: created.Revision,
		Operations: []store.AttributeOperation{set("displayName", "Owners"), {AttributePath: new("description")}},
	})
	must(t, err)
	_, err = b.UpdateGroup(ctx, &identitystore.UpdateGroupInput{
		IdentityStoreId: b.store, GroupId: created.GroupId, Revision: created.Revision, Operations: []store.AttributeOperation{set("displayName", "x")},
	})
	wantError(t, err, "ConflictException", "")
	found, err := b.GetGroupId(ctx, &identitystore.GetGroupIdInput{IdentityStoreId: b.store, AlternateIdentifier: unique("displayName", "owners")})
	must(t, err)
	if *found.GroupId != *created.GroupId || *updated.Revision == *created.Revision {
		t.Errorf("found %s, revision %s after %s", *found.GroupId, *updated.Revision, *created.Revision)
	}
	_, err = b.GetGroupId(ctx, &identitystore.GetGroupIdInput{IdentityStoreId: b.store, AlternateIdentifier: unique("displayName", "Admins")})
	wantError(t, err, "ResourceNotFoundException", "GROUP not found.")

	del := &identitystore.DeleteGroupInput{IdentityStoreId: b.store, GroupId: created.GroupId, Revision: updated.Revision}
	_, err = b.DeleteGroup(ctx, del)
	must(t, err)
	_, err = b.DeleteGroup(ctx, del)
	wantError(t, err, "ResourceNotFoundException", "GROUP not found.")
}

func TestGroup_Refused(t *testing.T) {
	t.Parallel()
	b := setup(t)
	b.group(t, "Taken")
	id := b.group(t, "Mine")
	create := func(name *string) error {
		_, err := b.CreateGroup(admin(t), &identitystore.CreateGroupInput{IdentityStoreId: b.store, DisplayName: name})
		return err
	}
	wantError(t, create(nil), "ValidationException", "displayname: The attribute displayname is required")
	wantError(t, create(new("AWSAdministrators")), "ValidationException", "")
	wantError(t, create(new("taken")), "ConflictException", "Duplicate GroupDisplayName")
	for path, code := range map[string]string{"displayName": "ConflictException", "members": "ValidationException"} {
		_, err := b.UpdateGroup(admin(t), &identitystore.UpdateGroupInput{
			IdentityStoreId: b.store, GroupId: &id, Operations: []store.AttributeOperation{set(path, "Taken")},
		})
		wantError(t, err, code, "")
	}
	_, err := b.GetGroupId(admin(t), &identitystore.GetGroupIdInput{IdentityStoreId: b.store, AlternateIdentifier: unique("description", "x")})
	wantError(t, err, "ValidationException", "The attribute description is not a unique attribute")
}

func TestListGroups(t *testing.T) {
	t.Parallel()
	b := setup(t)
	for _, name := range []string{"One", "Two", "Three"} {
		b.group(t, name)
	}
	first, err := b.ListGroups(admin(t), &identitystore.ListGroupsInput{IdentityStoreId: b.store, MaxResults: new(int32(2))})
	must(t, err)
	b.group(t, "Four") // pages stay apart while rows change
	rest, err := b.ListGroups(admin(t), &identitystore.ListGroupsInput{IdentityStoreId: b.store, MaxResults: new(int32(100)), NextToken: first.NextToken})
	must(t, err)
	seen := map[string]int{}
	for _, g := range append(first.Groups, rest.Groups...) {
		seen[*g.DisplayName]++
	}
	for _, name := range []string{"One", "Two", "Three"} {
		if seen[name] != 1 {
			t.Errorf("%s listed %d times", name, seen[name])
		}
	}
	if rest.NextToken != nil {
		t.Error("the last page has a token")
	}
	found, err := b.ListGroups(admin(t), &identitystore.ListGroupsInput{
		IdentityStoreId: b.store, Filters: []store.Filter{{AttributePath: new("DisplayName"), AttributeValue: new("Two")}},
	})
	must(t, err)
	if len(found.Groups) != 1 || *found.Groups[0].DisplayName != "Two" {
		t.Errorf("filtered: %d groups", len(found.Groups))
	}
	_, err = b.ListGroups(admin(t), &identitystore.ListGroupsInput{IdentityStoreId: b.store, Filters: []store.Filter{{AttributePath: new("Description"), AttributeValue: new("x")}}})
	wantError(t, err, "ValidationException", "")
	if none, err := setup(t).ListGroups(admin(t), &identitystore.ListGroupsInput{IdentityStoreId: b.store}); err != nil || none.Groups == nil || len(none.Groups) > 0 {
		t.Errorf("an empty list: %+v, %v", none, err)
	}
}

func TestMemberships(t *testing.T) {
	t.Parallel()
	b := setup(t)
	ctx := admin(t)
	user, group, other := b.user(t, "jane", ""), b.group(t, "Admins"), b.group(t, "Viewers")
	member := &store.MemberIdMemberUserId{Value: user}
	created, err := b.CreateGroupMembership(ctx, &identitystore.CreateGroupMembershipInput{IdentityStoreId: b.store, GroupId: &group, MemberId: member})
	must(t, err)
	got, err := b.DescribeGroupMembership(ctx, &identitystore.DescribeGroupMembershipInput{IdentityStoreId: b.store, MembershipId: created.MembershipArn})
	must(t, err)
	if *got.GroupId != group || got.MemberId.(*store.MemberIdMemberUserId).Value != user || *got.MembershipId != *created.MembershipId {
		t.Errorf("described %+v", got)
	}
	found, err := b.GetGroupMembershipId(ctx, &identitystore.GetGroupMembershipIdInput{IdentityStoreId: b.store, GroupId: &group, MemberId: member})
	must(t, err)
	if *found.MembershipId != *created.MembershipId {
		t.Errorf("found %s, want %s", *found.MembershipId, *created.MembershipId)
	}
	in, err := b.IsMemberInGroups(ctx, &identitystore.IsMemberInGroupsInput{IdentityStoreId: b.store, MemberId: member, GroupIds: []string{other, group}})
	must(t, err)
	want := []store.GroupMembershipExistenceResult{{GroupId: &other, MemberId: member}, {GroupId: &group, MemberId: member, MembershipExists: true}}
	if diff := cmp.Diff(want, in.Results, shapes); diff != "" {
		t.Errorf("memberships (-want +got):\n%s", diff)
	}
	members, err := b.ListGroupMemberships(ctx, &identitystore.ListGroupMembershipsInput{IdentityStoreId: b.store, GroupId: &group})
	must(t, err)
	groups, err := b.ListGroupMembershipsForMember(ctx, &identitystore.ListGroupMembershipsForMemberInput{IdentityStoreId: b.store, MemberId: member})
	must(t, err)
	if diff := cmp.Diff(members.GroupMemberships, groups.GroupMemberships, shapes); diff != "" || len(groups.GroupMemberships) != 1 {
		t.Errorf("%d memberships; by group, then by member:\n%s", len(groups.GroupMemberships), diff)
	}

	del := &identitystore.DeleteGroupMembershipInput{IdentityStoreId: b.store, MembershipId: created.MembershipId}
	_, err = b.DeleteGroupMembership(ctx, del)
	must(t, err)
	_, err = b.DeleteGroupMembership(ctx, del)
	wantError(t, err, "ResourceNotFoundException", "GROUP_MEMBERSHIP not found.")
	_, err = b.GetGroupMembershipId(ctx, &identitystore.GetGroupMembershipIdInput{IdentityStoreId: b.store, GroupId: &group, MemberId: member})
	wantError(t, err, "ResourceNotFoundException", "")
	_, err = b.DescribeGroupMembership(ctx, &identitystore.DescribeGroupMembershipInput{IdentityStoreId: b.store, MembershipId: created.MembershipId})
	wantError(t, err, "ResourceNotFoundException", "")
}

func TestMemberships_Refused(t *testing.T) {
	t.Parallel()
	b := setup(t)
	user, group := b.user(t, "jane", ""), b.group(t, "Admins")
	const nobody = "00000000-0000-4000-8000-000000000000"
	join := func(group, user string) error {
		_, err := b.CreateGroupMembership(admin(t), &identitystore.CreateGroupMembershipInput{
			IdentityStoreId: b.store, GroupId: &group, MemberId: &store.MemberIdMemberUserId{Value: user},
		})
		return err
	}
	wantError(t, join(group, nobody), "ResourceNotFoundException", "Member does not exist")
	wantError(t, join(nobody, user), "ResourceNotFoundException", "Group does not exist")
	must(t, join(group, user))
	wantError(t, join(group, user), "ConflictException", "Member and Group relationship already exists")

	_, err := b.ListGroupMemberships(admin(t), &identitystore.ListGroupMembershipsInput{IdentityStoreId: b.store, GroupId: new(nobody)})
	wantError(t, err, "ResourceNotFoundException", "GROUP not found.")
	_, err = b.ListGroupMembershipsForMember(admin(t), &identitystore.ListGroupMembershipsForMemberInput{
		IdentityStoreId: b.store, MemberId: &store.MemberIdMemberUserId{Value: nobody},
	})
	wantError(t, err, "ResourceNotFoundException", "USER not found.")
	_, err = b.IsMemberInGroups(admin(t), &identitystore.IsMemberInGroupsInput{
		IdentityStoreId: b.store, MemberId: &store.MemberIdMemberUserId{Value: user}, GroupIds: []string{nobody},
	})
	wantError(t, err, "ResourceNotFoundException", "GROUP not found.")
}

// A user or group that goes takes its memberships along.
func TestMemberships_GoWithTheirSides(t *testing.T) {
	t.Parallel()
	b := setup(t)
	jane, joe, one, two := b.user(t, "jane", ""), b.user(t, "joe", ""), b.group(t, "One"), b.group(t, "Two")
	for _, pair := range [][2]string{{one, jane}, {one, joe}, {two, joe}} {
		_, err := b.CreateGroupMembership(admin(t), &identitystore.CreateGroupMembershipInput{
			IdentityStoreId: b.store, GroupId: &pair[0], MemberId: &store.MemberIdMemberUserId{Value: pair[1]},
		})
		must(t, err)
	}
	_, err := b.DeleteUser(admin(t), &identitystore.DeleteUserInput{IdentityStoreId: b.store, UserId: &jane})
	must(t, err)
	_, err = b.DeleteGroup(admin(t), &identitystore.DeleteGroupInput{IdentityStoreId: b.store, GroupId: &two})
	must(t, err)
	left, err := b.ListGroupMembershipsForMember(admin(t), &identitystore.ListGroupMembershipsForMemberInput{
		IdentityStoreId: b.store, MemberId: &store.MemberIdMemberUserId{Value: joe},
	})
	must(t, err)
	members, err := b.ListGroupMemberships(admin(t), &identitystore.ListGroupMembershipsInput{IdentityStoreId: b.store, GroupId: &one})
	must(t, err)
	if len(left.GroupMemberships) != 1 || len(members.GroupMemberships) != 1 || *left.GroupMemberships[0].GroupId != one {
		t.Errorf("joe is in %d groups, group one has %d members", len(left.GroupMemberships), len(members.GroupMemberships))
	}
}
