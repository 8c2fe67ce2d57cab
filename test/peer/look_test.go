package peer

import (
	"context"
	"slices"
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/identitystore"
	"github.com/aws/aws-sdk-go-v2/service/organizations"
	"github.com/aws/aws-sdk-go-v2/service/ssoadmin"
	ssotypes "github.com/aws/aws-sdk-go-v2/service/ssoadmin/types"
)

// unit gives the name of the organizational unit an account is in.
func (m *moto) unit(ctx context.Context, t *testing.T, account string) string {
	t.Helper()
	out, err := m.Organizations.ListParents(ctx, &organizations.ListParentsInput{ChildId: &account})
	if err != nil {
		t.Fatal(err)
	}
	if out.Parents[0].Type == "ROOT" {
		return "Root"
	}
	unit, err := m.Organizations.DescribeOrganizationalUnit(ctx, &organizations.DescribeOrganizationalUnitInput{OrganizationalUnitId: out.Parents[0].Id})
	if err != nil {
		t.Fatal(err)
	}
	return aws.ToString(unit.OrganizationalUnit.Name)
}

func (m *moto) tags(ctx context.Context, t *testing.T, account string) map[string]string {
	t.Helper()
	out, err := m.Organizations.ListTagsForResource(ctx, &organizations.ListTagsForResourceInput{ResourceId: &account})
	if err != nil {
		t.Fatal(err)
	}
	tags := map[string]string{}
	for _, tag := range out.Tags {
		tags[aws.ToString(tag.Key)] = aws.ToString(tag.Value)
	}
	return tags
}

func (m *moto) instance(ctx context.Context, t *testing.T) ssotypes.InstanceMetadata {
	t.Helper()
	out, err := m.SSOAdmin.ListInstances(ctx, &ssoadmin.ListInstancesInput{})
	if err != nil || len(out.Instances) != 1 {
		t.Fatalf("%d instances of Identity Center, %v", len(out.Instances), err)
	}
	return out.Instances[0]
}

// sets gives the ARNs of the permission sets.
func (m *moto) sets(ctx context.Context, t *testing.T) []string {
	t.Helper()
	out, err := m.SSOAdmin.ListPermissionSets(ctx, &ssoadmin.ListPermissionSetsInput{InstanceArn: m.instance(ctx, t).InstanceArn})
	if err != nil {
		t.Fatal(err)
	}
	return out.PermissionSets
}

// users gives the names of the directory's users, by id.
func (m *moto) users(ctx context.Context, t *testing.T) map[string]string {
	t.Helper()
	out, err := m.IdentityStore.ListUsers(ctx, &identitystore.ListUsersInput{IdentityStoreId: m.instance(ctx, t).IdentityStoreId})
	if err != nil {
		t.Fatal(err)
	}
	users := map[string]string{}
	for _, u := range out.Users {
		users[aws.ToString(u.UserId)] = aws.ToString(u.UserName)
	}
	return users
}

// assigned gives the names of those who have a permission set on an account, one for each assignment.
func (m *moto) assigned(ctx context.Context, t *testing.T, account string) string {
	t.Helper()
	users := m.users(ctx, t)
	var names []string
	for _, set := range m.sets(ctx, t) {
		out, err := m.SSOAdmin.ListAccountAssignments(ctx, &ssoadmin.ListAccountAssignmentsInput{
			InstanceArn: m.instance(ctx, t).InstanceArn, AccountId: &account, PermissionSetArn: aws.String(set),
		})
		if err != nil {
			t.Fatal(err)
		}
		for _, a := range out.AccountAssignments {
			names = append(names, users[aws.ToString(a.PrincipalId)])
		}
	}
	slices.Sort(names)
	return strings.Join(names, ", ")
}
