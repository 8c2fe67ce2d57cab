package twin_test

import (
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/iam"
	"github.com/aws/aws-sdk-go-v2/service/iam/types"

	"accountfactory/test/harness"
)

func (f *fixture) iamNouns(t *testing.T) []noun {
	t.Helper()
	return []noun{
		f.userNoun(t), f.groupNoun(t), f.roleNoun(t), f.managedPolicyNoun(t), f.accessKeyNoun(t), f.inlinePolicyNoun(t), f.roleAttachmentNoun(t), f.membershipNoun(t),
		f.boundaryNoun(t), f.versionNoun(t), f.aliasNoun(t), f.linkedRoleNoun(t),
	}
}

func keysOf(tags []types.Tag) (keys []string) {
	for _, t := range tags {
		keys = append(keys, *t.Key)
	}
	return keys
}

func (f *fixture) userNoun(t *testing.T) noun {
	t.Helper()
	ctx, c := t.Context(), f.IAM
	return noun{
		kind: "user", gone: "NoSuchEntity", denied: "AccessDenied",
		create: func(name string) (string, error) {
			_, err := c.CreateUser(ctx, &iam.CreateUserInput{UserName: &name})
			return name, err
		},
		read: func(c *harness.Clients, id string) (string, string, error) {
			out, err := c.IAM.GetUser(ctx, &iam.GetUserInput{UserName: &id})
			if err != nil {
				return "", "", err
			}
			path := aws.ToString(out.User.Path)
			if len(path) > 1 {
				path = path[1 : len(path)-1]
			}
			return *out.User.UserName, path, nil
		},
		update: func(id, to string) error {
			_, err := c.UpdateUser(ctx, &iam.UpdateUserInput{UserName: &id, NewPath: aws.String("/" + to + "/")})
			return err
		},
		tag: func(id, key string) error {
			_, err := c.TagUser(ctx, &iam.TagUserInput{UserName: &id, Tags: []types.Tag{{Key: &key, Value: aws.String("")}}})
			return err
		},
		tags: func(id string) ([]string, error) {
			out, err := c.ListUserTags(ctx, &iam.ListUserTagsInput{UserName: &id})
			if err != nil {
				return nil, err
			}
			return keysOf(out.Tags), nil
		},
		page: func(token *string) (ids []string, next *string, err error) {
			out, err := c.ListUsers(ctx, &iam.ListUsersInput{MaxItems: aws.Int32(2), Marker: token})
			if err != nil {
				return nil, nil, err
			}
			for _, u := range out.Users {
				ids = append(ids, *u.UserName)
			}
			return ids, out.Marker, nil
		},
		delete: func(id string) error {
			_, err := c.DeleteUser(ctx, &iam.DeleteUserInput{UserName: &id})
			return err
		},
	}
}

func (f *fixture) groupNoun(t *testing.T) noun {
	t.Helper()
	ctx, c := t.Context(), f.IAM
	return noun{
		kind: "group", gone: "NoSuchEntity", denied: "AccessDenied",
		create: func(name string) (string, error) {
			_, err := c.CreateGroup(ctx, &iam.CreateGroupInput{GroupName: &name})
			return name, err
		},
		read: func(c *harness.Clients, id string) (string, string, error) {
			out, err := c.IAM.GetGroup(ctx, &iam.GetGroupInput{GroupName: &id})
			if err != nil {
				return "", "", err
			}
			path := *out.Group.Path
			if len(path) > 1 {
				path = path[1 : len(path)-1]
			}
			return *out.Group.GroupName, path, nil
		},
		update: func(id, to string) error {
			_, err := c.UpdateGroup(ctx, &iam.UpdateGroupInput{GroupName: &id, NewPath: aws.String("/" + to + "/")})
			return err
		},
		page: func(token *string) (ids []string, next *string, err error) {
			out, err := c.ListGroups(ctx, &iam.ListGroupsInput{MaxItems: aws.Int32(2), Marker: token})
			if err != nil {
				return nil, nil, err
			}
			for _, g := range out.Groups {
				ids = append(ids, *g.GroupName)
			}
			return ids, out.Marker, nil
		},
		delete: func(id string) error {
			_, err := c.DeleteGroup(ctx, &iam.DeleteGroupInput{GroupName: &id})
			return err
		},
	}
}

func (f *fixture) roleNoun(t *testing.T) noun {
	t.Helper()
	const trust = `{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":{"AWS":"arn:aws:iam::111122223333:root"},"Action":"sts:AssumeRole"}]}`
	ctx, c := t.Context(), f.IAM
	return noun{
		kind: "role", gone: "NoSuchEntity", denied: "AccessDenied",
		create: func(name string) (string, error) {
			_, err := c.CreateRole(ctx, &iam.CreateRoleInput{RoleName: &name, AssumeRolePolicyDocument: aws.String(trust)})
			return name, err
		},
		read: func(c *harness.Clients, id string) (string, string, error) {
			out, err := c.IAM.GetRole(ctx, &iam.GetRoleInput{RoleName: &id})
			if err != nil {
				return "", "", err
			}
			return *out.Role.RoleName, aws.ToString(out.Role.Description), nil
		},
		update: func(id, to string) error {
			_, err := c.UpdateRole(ctx, &iam.UpdateRoleInput{RoleName: &id, Description: &to})
			return err
		},
		tag: func(id, key string) error {
			_, err := c.TagRole(ctx, &iam.TagRoleInput{RoleName: &id, Tags: []types.Tag{{Key: &key, Value: aws.String("")}}})
			return err
		},
		tags: func(id string) ([]string, error) {
			out, err := c.ListRoleTags(ctx, &iam.ListRoleTagsInput{RoleName: &id})
			if err != nil {
				return nil, err
			}
			return keysOf(out.Tags), nil
		},
		page: func(token *string) (ids []string, next *string, err error) {
			out, err := c.ListRoles(ctx, &iam.ListRolesInput{MaxItems: aws.Int32(2), Marker: token})
			if err != nil {
				return nil, nil, err
			}
			for _, r := range out.Roles {
				ids = append(ids, *r.RoleName)
			}
			return ids, out.Marker, nil
		},
		delete: func(id string) error {
			_, err := c.DeleteRole(ctx, &iam.DeleteRoleInput{RoleName: &id})
			return err
		},
	}
}

// managedPolicyNoun is a policy of the account. What changes is its versions, which have a test of their own in the service.
func (f *fixture) managedPolicyNoun(t *testing.T) noun {
	t.Helper()
	ctx, c := t.Context(), f.IAM
	return noun{
		kind: "managed policy", gone: "NoSuchEntity", denied: "AccessDenied",
		create: func(name string) (string, error) {
			out, err := c.CreatePolicy(ctx, &iam.CreatePolicyInput{PolicyName: &name, PolicyDocument: aws.String(denyDocument)})
			if err != nil {
				return "", err
			}
			return *out.Policy.Arn, nil
		},
		read: func(c *harness.Clients, id string) (string, string, error) {
			out, err := c.IAM.GetPolicy(ctx, &iam.GetPolicyInput{PolicyArn: &id})
			if err != nil {
				return "", "", err
			}
			return *out.Policy.PolicyName, "", nil
		},
		tag: func(id, key string) error {
			_, err := c.TagPolicy(ctx, &iam.TagPolicyInput{PolicyArn: &id, Tags: []types.Tag{{Key: &key, Value: aws.String("")}}})
			return err
		},
		tags: func(id string) ([]string, error) {
			out, err := c.ListPolicyTags(ctx, &iam.ListPolicyTagsInput{PolicyArn: &id})
			if err != nil {
				return nil, err
			}
			return keysOf(out.Tags), nil
		},
		page: func(token *string) (ids []string, next *string, err error) {
			out, err := c.ListPolicies(ctx, &iam.ListPoliciesInput{Scope: types.PolicyScopeTypeLocal, MaxItems: aws.Int32(2), Marker: token})
			if err != nil {
				return nil, nil, err
			}
			for _, p := range out.Policies {
				ids = append(ids, *p.Arn)
			}
			return ids, out.Marker, nil
		},
		delete: func(id string) error {
			_, err := c.DeletePolicy(ctx, &iam.DeletePolicyInput{PolicyArn: &id})
			return err
		},
	}
}
