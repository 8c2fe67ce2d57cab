package iam

import (
	"fmt"
	"testing"

	"github.com/aws/aws-sdk-go-v2/service/iam"
	"github.com/google/go-cmp/cmp"

	"accountfactory/internal/twin/state"
	"accountfactory/internal/wire"
)

func TestGroup_Life(t *testing.T) {
	t.Parallel()
	v := serve(t)
	c, ctx := v.client(t, adminKey), t.Context()
	made := must[*iam.CreateGroupOutput](t)(c.CreateGroup(ctx, &iam.CreateGroupInput{GroupName: ptr("devs"), Path: ptr("/x/")})).Group
	if *made.Arn != "arn:aws:iam::111122223333:group/x/devs" || (*made.GroupId)[:4] != "AGPA" {
		t.Errorf("made %s %s", *made.Arn, *made.GroupId)
	}
	_, err := c.CreateGroup(ctx, &iam.CreateGroupInput{GroupName: ptr("devs")})
	wantError(t, err, "EntityAlreadyExists", "Group with name devs already exists.")
	for _, user := range []string{"bob", "admin", "bob"} {
		must[*iam.AddUserToGroupOutput](t)(c.AddUserToGroup(ctx, &iam.AddUserToGroupInput{GroupName: ptr("devs"), UserName: &user}))
	}
	_, err = c.AddUserToGroup(ctx, &iam.AddUserToGroupInput{GroupName: ptr("none"), UserName: ptr("bob")})
	wantError(t, err, "NoSuchEntity", "The group with name none cannot be found.")
	_, err = c.AddUserToGroup(ctx, &iam.AddUserToGroupInput{GroupName: ptr("devs"), UserName: ptr("none")})
	wantError(t, err, "NoSuchEntity", "The user with name none cannot be found.")

	must[*iam.UpdateGroupOutput](t)(c.UpdateGroup(ctx, &iam.UpdateGroupInput{GroupName: ptr("devs"), NewGroupName: ptr("makers"), NewPath: ptr("/")}))
	var names []string
	p := iam.NewGetGroupPaginator(c, &iam.GetGroupInput{GroupName: ptr("makers"), MaxItems: ptr(int32(1))})
	for p.HasMorePages() {
		for _, u := range must[*iam.GetGroupOutput](t)(p.NextPage(ctx)).Users {
			names = append(names, *u.UserName)
		}
	}
	if diff := cmp.Diff([]string{"admin", "bob"}, names); diff != "" {
		t.Errorf("members (-want +got):\n%s", diff)
	}
	drop := func() error {
		_, err := c.DeleteGroup(ctx, &iam.DeleteGroupInput{GroupName: ptr("makers")})
		return err
	}
	wantError(t, drop(), "DeleteConflict", "Cannot delete entity, must remove users from group first.")
	for _, user := range []string{"bob", "admin", "admin"} {
		must[*iam.RemoveUserFromGroupOutput](t)(c.RemoveUserFromGroup(ctx, &iam.RemoveUserFromGroupInput{GroupName: ptr("makers"), UserName: &user}))
	}
	if groups := must[*iam.ListGroupsOutput](t)(c.ListGroups(ctx, &iam.ListGroupsInput{})).Groups; len(groups) != 1 || *groups[0].GroupName != "makers" {
		t.Errorf("groups: %v", groups)
	}
	wantError(t, drop(), "", "")
	wantError(t, drop(), "NoSuchEntity", "The group with name makers cannot be found.")
}

func TestGroup_PoliciesSpeakForMembers(t *testing.T) {
	t.Parallel()
	v := serve(t)
	c, ctx := v.client(t, adminKey), t.Context()
	ask := []wire.Check{{Action: "organizations:ListAccounts", Resource: "*"}}
	if v.authorize(t, v.bob, ask) == "" {
		t.Fatal("bob may already")
	}
	must[*iam.CreateGroupOutput](t)(c.CreateGroup(ctx, &iam.CreateGroupInput{GroupName: ptr("readers")}))
	must[*iam.AttachGroupPolicyOutput](t)(c.AttachGroupPolicy(ctx, &iam.AttachGroupPolicyInput{GroupName: ptr("readers"), PolicyArn: ptr("arn:aws:iam::aws:policy/AWSOrganizationsReadOnlyAccess")}))
	must[*iam.AddUserToGroupOutput](t)(c.AddUserToGroup(ctx, &iam.AddUserToGroupInput{GroupName: ptr("readers"), UserName: ptr("bob")}))
	if sentence := v.authorize(t, v.bob, ask); sentence != "" {
		t.Errorf("as a member: %s", sentence)
	}
	must[*iam.PutGroupPolicyOutput](t)(c.PutGroupPolicy(ctx, &iam.PutGroupPolicyInput{GroupName: ptr("readers"), PolicyName: ptr("not"), PolicyDocument: ptr(`{"Version":"2012-10-17","Statement":{"Effect":"Deny","Action":"organizations:*","Resource":"*"}}`)}))
	if v.authorize(t, v.bob, ask) == "" {
		t.Error("the group's explicit deny does not count")
	}
}

func TestGroup_Quota(t *testing.T) {
	t.Parallel()
	v := serve(t)
	v.update(t, func(tx *state.Tx) {
		for i := range 11 {
			v.groups.rows.Put(tx, &Group{newEntity(tx, management, fmt.Sprintf("g%d", i), nil, groupPrefix)})
		}
	})
	c := v.client(t, adminKey)
	for i := range 10 {
		must[*iam.AddUserToGroupOutput](t)(c.AddUserToGroup(t.Context(), &iam.AddUserToGroupInput{GroupName: ptr(fmt.Sprintf("g%d", i)), UserName: ptr("bob")}))
	}
	_, err := c.AddUserToGroup(t.Context(), &iam.AddUserToGroupInput{GroupName: ptr("g10"), UserName: ptr("bob")})
	wantError(t, err, "LimitExceeded", "Cannot exceed quota for GroupsPerUser: 10")
}
