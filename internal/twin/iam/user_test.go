package iam

import (
	"fmt"
	"testing"

	"github.com/aws/aws-sdk-go-v2/service/iam"
	"github.com/aws/aws-sdk-go-v2/service/iam/types"
	"github.com/google/go-cmp/cmp"

	"accountfactory/internal/twin/state"
)

func TestUser_Life(t *testing.T) {
	t.Parallel()
	v := serve(t)
	c, ctx := v.client(t, adminKey), t.Context()
	made := must[*iam.CreateUserOutput](t)(c.CreateUser(ctx, &iam.CreateUserInput{UserName: ptr("jane"), Path: ptr("/team/"), Tags: []types.Tag{{Key: ptr("a"), Value: ptr("b")}}})).User
	if *made.Arn != "arn:aws:iam::111122223333:user/team/jane" || len(*made.UserId) != 21 || (*made.UserId)[:4] != "AIDA" || !made.CreateDate.Equal(noon) {
		t.Errorf("made %s %s at %v", *made.Arn, *made.UserId, made.CreateDate)
	}
	_, err := c.CreateUser(ctx, &iam.CreateUserInput{UserName: ptr("JANE")})
	wantError(t, err, "EntityAlreadyExists", "User with name JANE already exists.")

	got := must[*iam.GetUserOutput](t)(c.GetUser(ctx, &iam.GetUserInput{UserName: ptr("jane")})).User
	if diff := cmp.Diff(made, got, cmp.AllowUnexported(), ignoreSerde); diff != "" {
		t.Errorf("read back (-made +got):\n%s", diff)
	}

	must[*iam.CreateGroupOutput](t)(c.CreateGroup(ctx, &iam.CreateGroupInput{GroupName: ptr("devs")}))
	must[*iam.AddUserToGroupOutput](t)(c.AddUserToGroup(ctx, &iam.AddUserToGroupInput{GroupName: ptr("devs"), UserName: ptr("jane")}))
	key := must[*iam.CreateAccessKeyOutput](t)(c.CreateAccessKey(ctx, &iam.CreateAccessKeyInput{UserName: ptr("jane")})).AccessKey
	must[*iam.AttachUserPolicyOutput](t)(c.AttachUserPolicy(ctx, &iam.AttachUserPolicyInput{UserName: ptr("jane"), PolicyArn: ptr(administratorAccess)}))
	must[*iam.PutUserPolicyOutput](t)(c.PutUserPolicy(ctx, &iam.PutUserPolicyInput{UserName: ptr("jane"), PolicyName: ptr("own"), PolicyDocument: ptr(allowAll)}))

	must[*iam.UpdateUserOutput](t)(c.UpdateUser(ctx, &iam.UpdateUserInput{UserName: ptr("jane"), NewUserName: ptr("joan"), NewPath: ptr("/")}))
	_, err = c.GetUser(ctx, &iam.GetUserInput{UserName: ptr("jane")})
	wantError(t, err, "NoSuchEntity", "The user with name jane cannot be found.")
	me := must[*iam.GetUserOutput](t)(v.client(t, *key.AccessKeyId).GetUser(ctx, &iam.GetUserInput{})).User
	if *me.Arn != "arn:aws:iam::111122223333:user/joan" || *me.UserId != *made.UserId {
		t.Errorf("the key of jane is of %s %s", *me.Arn, *me.UserId)
	}
	groups := must[*iam.ListGroupsForUserOutput](t)(c.ListGroupsForUser(ctx, &iam.ListGroupsForUserInput{UserName: ptr("joan")}))
	if len(groups.Groups) != 1 || *groups.Groups[0].GroupName != "devs" {
		t.Errorf("groups of joan: %v", groups.Groups)
	}
	_, err = c.UpdateUser(ctx, &iam.UpdateUserInput{UserName: ptr("joan"), NewUserName: ptr("bob")})
	wantError(t, err, "EntityAlreadyExists", "User with name bob already exists.")

	drop := func() error {
		_, err := c.DeleteUser(ctx, &iam.DeleteUserInput{UserName: ptr("joan")})
		return err
	}
	wantError(t, drop(), "DeleteConflict", "Cannot delete entity, must remove users from group first.")
	must[*iam.RemoveUserFromGroupOutput](t)(c.RemoveUserFromGroup(ctx, &iam.RemoveUserFromGroupInput{GroupName: ptr("devs"), UserName: ptr("joan")}))
	wantError(t, drop(), "DeleteConflict", "Cannot delete entity, must delete access keys first.")
	must[*iam.DeleteAccessKeyOutput](t)(c.DeleteAccessKey(ctx, &iam.DeleteAccessKeyInput{UserName: ptr("joan"), AccessKeyId: key.AccessKeyId}))
	wantError(t, drop(), "DeleteConflict", "Cannot delete entity, must detach all policies first.")
	must[*iam.DetachUserPolicyOutput](t)(c.DetachUserPolicy(ctx, &iam.DetachUserPolicyInput{UserName: ptr("joan"), PolicyArn: ptr(administratorAccess)}))
	wantError(t, drop(), "DeleteConflict", "Cannot delete entity, must delete policies first.")
	must[*iam.DeleteUserPolicyOutput](t)(c.DeleteUserPolicy(ctx, &iam.DeleteUserPolicyInput{UserName: ptr("joan"), PolicyName: ptr("own")}))
	wantError(t, drop(), "", "")
	wantError(t, drop(), "NoSuchEntity", "The user with name joan cannot be found.")
}

func TestListUsers_Pages(t *testing.T) {
	t.Parallel()
	v := serve(t)
	v.update(t, func(tx *state.Tx) {
		for i := range 7 {
			v.users.rows.Put(tx, &User{newEntity(tx, management, fmt.Sprintf("u%d", i), ptr([]string{"/", "/x/"}[i%2]), userPrefix)})
		}
		v.PutUser(tx, member, "elsewhere", nil)
	})
	c := v.client(t, adminKey)
	list := func(prefix *string) (names []string, pages int) {
		p := iam.NewListUsersPaginator(c, &iam.ListUsersInput{MaxItems: ptr(int32(2)), PathPrefix: prefix})
		for p.HasMorePages() {
			out := must[*iam.ListUsersOutput](t)(p.NextPage(t.Context()))
			pages++
			for _, u := range out.Users {
				names = append(names, *u.UserName)
			}
		}
		return names, pages
	}
	names, pages := list(nil)
	if diff := cmp.Diff([]string{"admin", "bob", "u0", "u1", "u2", "u3", "u4", "u5", "u6"}, names); diff != "" || pages != 5 {
		t.Errorf("%d pages (-want +got):\n%s", pages, diff)
	}
	if names, _ := list(ptr("/x/")); cmp.Diff([]string{"u1", "u3", "u5"}, names) != "" {
		t.Errorf("under /x/: %v", names)
	}
	_, err := c.ListUsers(t.Context(), &iam.ListUsersInput{Marker: ptr("made up")})
	wantError(t, err, "ValidationError", "Invalid Marker.")
}

func TestGetUser_WithoutName(t *testing.T) {
	t.Parallel()
	v := serve(t)
	v.update(t, func(tx *state.Tx) { v.PutAccessKey(tx, management, "", "AKIAROOTROOTROOTROOT", "root secret") })
	root := must[*iam.GetUserOutput](t)(v.client(t, "AKIAROOTROOTROOTROOT").GetUser(t.Context(), &iam.GetUserInput{})).User
	if *root.Arn != "arn:aws:iam::111122223333:root" || *root.UserId != management {
		t.Errorf("root is %s %s", *root.Arn, *root.UserId)
	}
	var n *Session
	v.update(t, func(tx *state.Tx) {
		n = must[*Session](t)(v.NewRoleSession(tx, RoleSession{AccountID: member, Role: "AWSControlTowerExecution", SessionName: "me", Secret: NewSecret()}))
	})
	_, err := v.client(t, n.ID).GetUser(t.Context(), &iam.GetUserInput{})
	wantError(t, err, "ValidationError", "Must specify userName when calling with non-User credentials")
}
