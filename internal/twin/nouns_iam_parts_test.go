package twin_test

import (
	"errors"
	"slices"
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/iam"
	"github.com/aws/aws-sdk-go-v2/service/iam/types"
	"github.com/aws/smithy-go"

	"accountfactory/test/harness"
)

// What hangs on users, groups, roles and policies.

// unlisted is what is said here of a resource that is read in a list alone, and is not there.
func unlisted() error {
	return &smithy.GenericAPIError{Code: "NoSuchEntity", Message: "it is not listed"}
}

// madeUser makes a user unless there is one.
func (f *fixture) madeUser(t *testing.T, name string) error {
	t.Helper()
	_, err := f.IAM.CreateUser(t.Context(), &iam.CreateUserInput{UserName: &name})
	var taken *types.EntityAlreadyExistsException
	if errors.As(err, &taken) {
		return nil
	}
	return err
}

// madePolicy makes a managed policy unless there is one, and gives its ARN.
func (f *fixture) madePolicy(t *testing.T, name string) (string, error) {
	t.Helper()
	_, err := f.IAM.CreatePolicy(t.Context(), &iam.CreatePolicyInput{PolicyName: &name, PolicyDocument: aws.String(denyDocument)})
	var taken *types.EntityAlreadyExistsException
	if errors.As(err, &taken) {
		err = nil
	}
	return "arn:aws:iam::" + account + ":policy/" + name, err
}

// made fails the test when what a kind of resource hangs on cannot be made.
func made(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// accessKeyNoun is a key of a user, who can have two. What changes is whether it is active.
func (f *fixture) accessKeyNoun(t *testing.T) noun {
	t.Helper()
	ctx, c, holder := t.Context(), f.IAM, aws.String("keyholder")
	made(t, f.madeUser(t, *holder))
	names := map[string]string{}
	page := func(c *iam.Client, token *string) (*iam.ListAccessKeysOutput, error) {
		return c.ListAccessKeys(ctx, &iam.ListAccessKeysInput{UserName: holder, Marker: token, MaxItems: aws.Int32(2)})
	}
	return noun{
		kind: "access key", gone: "NoSuchEntity", denied: "AccessDenied", most: 2,
		create: func(name string) (string, error) {
			out, err := c.CreateAccessKey(ctx, &iam.CreateAccessKeyInput{UserName: holder})
			if err != nil {
				return "", err
			}
			names[*out.AccessKey.AccessKeyId] = name
			return *out.AccessKey.AccessKeyId, nil
		},
		read: func(c *harness.Clients, id string) (string, string, error) {
			if _, err := c.IAM.GetAccessKeyLastUsed(ctx, &iam.GetAccessKeyLastUsedInput{AccessKeyId: &id}); err != nil {
				return "", "", err
			}
			out, err := page(c.IAM, nil)
			if err != nil {
				return "", "", err
			}
			for _, k := range out.AccessKeyMetadata {
				if *k.AccessKeyId == id && k.Status == types.StatusTypeInactive {
					return names[id], "changed", nil
				}
			}
			return names[id], "", nil
		},
		update: func(id, _ string) error {
			_, err := c.UpdateAccessKey(ctx, &iam.UpdateAccessKeyInput{UserName: holder, AccessKeyId: &id, Status: types.StatusTypeInactive})
			return err
		},
		page: func(token *string) (ids []string, next *string, err error) {
			out, err := page(c, token)
			if err != nil {
				return nil, nil, err
			}
			for _, k := range out.AccessKeyMetadata {
				ids = append(ids, *k.AccessKeyId)
			}
			return ids, out.Marker, nil
		},
		delete: func(id string) error {
			_, err := c.DeleteAccessKey(ctx, &iam.DeleteAccessKeyInput{UserName: holder, AccessKeyId: &id})
			return err
		},
	}
}

// inlinePolicyNoun is a policy in a role.
func (f *fixture) inlinePolicyNoun(t *testing.T) noun {
	t.Helper()
	ctx, c, role := t.Context(), f.IAM, aws.String("AWSControlTowerAdmin")
	put := func(name, action string) error {
		document := `{"Version":"2012-10-17","Statement":{"Effect":"Deny","Action":"s3:` + action + `","Resource":"*"}}`
		_, err := c.PutRolePolicy(ctx, &iam.PutRolePolicyInput{RoleName: role, PolicyName: &name, PolicyDocument: &document})
		return err
	}
	return noun{
		kind: "inline policy", gone: "NoSuchEntity", denied: "AccessDenied", puts: true,
		create: func(name string) (string, error) { return name, put(name, "made") },
		read: func(c *harness.Clients, id string) (string, string, error) {
			out, err := c.IAM.GetRolePolicy(ctx, &iam.GetRolePolicyInput{RoleName: role, PolicyName: &id})
			if err != nil {
				return "", "", err
			}
			if strings.Contains(*out.PolicyDocument, "changed") {
				return *out.PolicyName, "changed", nil
			}
			return *out.PolicyName, "", nil
		},
		update: put,
		page: func(token *string) ([]string, *string, error) {
			out, err := c.ListRolePolicies(ctx, &iam.ListRolePoliciesInput{RoleName: role, Marker: token, MaxItems: aws.Int32(2)})
			if err != nil {
				return nil, nil, err
			}
			return out.PolicyNames, out.Marker, nil
		},
		delete: func(id string) error {
			_, err := c.DeleteRolePolicy(ctx, &iam.DeleteRolePolicyInput{RoleName: role, PolicyName: &id})
			return err
		},
	}
}

// roleAttachmentNoun is a managed policy's being attached to a role.
func (f *fixture) roleAttachmentNoun(t *testing.T) noun {
	t.Helper()
	ctx, c, role := t.Context(), f.IAM, aws.String("AWSControlTowerAdmin")
	list := func(c *iam.Client, token *string) ([]string, *string, error) {
		out, err := c.ListAttachedRolePolicies(ctx, &iam.ListAttachedRolePoliciesInput{RoleName: role, Marker: token, MaxItems: aws.Int32(2)})
		if err != nil {
			return nil, nil, err
		}
		var arns []string
		for _, p := range out.AttachedPolicies {
			arns = append(arns, *p.PolicyArn)
		}
		return arns, out.Marker, nil
	}
	return noun{
		kind: "attachment", gone: "NoSuchEntity", denied: "AccessDenied",
		create: func(name string) (string, error) {
			id, err := f.madePolicy(t, name)
			if err == nil {
				_, err = c.AttachRolePolicy(ctx, &iam.AttachRolePolicyInput{RoleName: role, PolicyArn: &id})
			}
			return id, err
		},
		read: func(c *harness.Clients, id string) (string, string, error) {
			for token, first := (*string)(nil), true; token != nil || first; first = false {
				arns, next, err := list(c.IAM, token)
				if err != nil {
					return "", "", err
				}
				if slices.Contains(arns, id) {
					return id[strings.LastIndexByte(id, '/')+1:], "", nil
				}
				token = next
			}
			return "", "", unlisted()
		},
		page: func(token *string) ([]string, *string, error) { return list(c, token) },
		delete: func(id string) error {
			_, err := c.DetachRolePolicy(ctx, &iam.DetachRolePolicyInput{RoleName: role, PolicyArn: &id})
			return err
		},
	}
}

// membershipNoun is a user's being in a group. Taking out who is not in it is no error.
func (f *fixture) membershipNoun(t *testing.T) noun {
	t.Helper()
	ctx, c, group := t.Context(), f.IAM, aws.String("club")
	_, err := c.CreateGroup(ctx, &iam.CreateGroupInput{GroupName: group})
	made(t, err)
	list := func(c *iam.Client, token *string) ([]string, *string, error) {
		out, err := c.GetGroup(ctx, &iam.GetGroupInput{GroupName: group, Marker: token, MaxItems: aws.Int32(2)})
		if err != nil {
			return nil, nil, err
		}
		var names []string
		for _, u := range out.Users {
			names = append(names, *u.UserName)
		}
		return names, out.Marker, nil
	}
	return noun{
		kind: "membership", gone: "NoSuchEntity", denied: "AccessDenied", quiet: true,
		create: func(name string) (string, error) {
			err := f.madeUser(t, "member-"+name)
			if err == nil {
				_, err = c.AddUserToGroup(ctx, &iam.AddUserToGroupInput{GroupName: group, UserName: aws.String("member-" + name)})
			}
			return "member-" + name, err
		},
		read: func(c *harness.Clients, id string) (string, string, error) {
			out, err := c.IAM.ListGroupsForUser(ctx, &iam.ListGroupsForUserInput{UserName: &id})
			if err != nil {
				return "", "", err
			}
			for _, g := range out.Groups {
				if *g.GroupName == *group {
					return strings.TrimPrefix(id, "member-"), "", nil
				}
			}
			return "", "", unlisted()
		},
		page: func(token *string) ([]string, *string, error) { return list(c, token) },
		delete: func(id string) error {
			_, err := c.RemoveUserFromGroup(ctx, &iam.RemoveUserFromGroupInput{GroupName: group, UserName: &id})
			return err
		},
	}
}

// boundaryNoun is a user's permissions boundary, listed by the policy that is one.
func (f *fixture) boundaryNoun(t *testing.T) noun {
	t.Helper()
	ctx, c := t.Context(), f.IAM
	first, err := f.madePolicy(t, "fence")
	made(t, err)
	changed, err := f.madePolicy(t, "changed")
	made(t, err)
	put := func(user, policy string) error {
		_, err := c.PutUserPermissionsBoundary(ctx, &iam.PutUserPermissionsBoundaryInput{UserName: &user, PermissionsBoundary: &policy})
		return err
	}
	return noun{
		kind: "boundary", gone: "NoSuchEntity", denied: "AccessDenied", puts: true,
		create: func(name string) (string, error) {
			if err := f.madeUser(t, name); err != nil {
				return "", err
			}
			return name, put(name, first)
		},
		read: func(c *harness.Clients, id string) (string, string, error) {
			out, err := c.IAM.GetUser(ctx, &iam.GetUserInput{UserName: &id})
			if err != nil {
				return "", "", err
			}
			if out.User.PermissionsBoundary == nil {
				return "", "", unlisted()
			}
			bound := *out.User.PermissionsBoundary.PermissionsBoundaryArn
			return id, bound[strings.LastIndexByte(bound, '/')+1:], nil
		},
		update: func(id, _ string) error {
			if err := put(id, changed); err != nil {
				return err
			}
			if usage := f.bounding(t, changed); !slices.Equal(usage, []string{id}) {
				t.Errorf("the policy is the boundary of %q, want %s", usage, id)
			}
			return nil
		},
		page: func(token *string) (ids []string, next *string, err error) {
			if token == nil {
				return f.bounding(t, changed), aws.String(""), nil // of the one that was changed
			}
			if *token == "" {
				token = nil
			}
			out, err := c.ListEntitiesForPolicy(ctx, &iam.ListEntitiesForPolicyInput{PolicyArn: &first, PolicyUsageFilter: types.PolicyUsageTypePermissionsBoundary, Marker: token, MaxItems: aws.Int32(2)})
			if err != nil {
				return nil, nil, err
			}
			for _, u := range out.PolicyUsers {
				ids = append(ids, *u.UserName)
			}
			return ids, out.Marker, nil
		},
		delete: func(id string) error {
			_, err := c.DeleteUserPermissionsBoundary(ctx, &iam.DeleteUserPermissionsBoundaryInput{UserName: &id})
			return err
		},
	}
}

// bounding gives the users whose boundary a policy is.
func (f *fixture) bounding(t *testing.T, policy string) (users []string) {
	t.Helper()
	out, err := f.IAM.ListEntitiesForPolicy(t.Context(), &iam.ListEntitiesForPolicyInput{PolicyArn: &policy, PolicyUsageFilter: types.PolicyUsageTypePermissionsBoundary})
	made(t, err)
	for _, u := range out.PolicyUsers {
		users = append(users, *u.UserName)
	}
	return users
}

// versionNoun is a version of a managed policy. Its number is never given again.
func (f *fixture) versionNoun(t *testing.T) noun {
	t.Helper()
	ctx, c := t.Context(), f.IAM
	policy, err := f.madePolicy(t, "versioned")
	made(t, err)
	names := map[string]string{}
	return noun{
		kind: "policy version", gone: "NoSuchEntity", denied: "AccessDenied",
		create: func(name string) (string, error) {
			out, err := c.CreatePolicyVersion(ctx, &iam.CreatePolicyVersionInput{PolicyArn: &policy, PolicyDocument: aws.String(denyDocument)})
			if err != nil {
				return "", err
			}
			if _, used := names[*out.PolicyVersion.VersionId]; used {
				t.Errorf("version %s is given again", *out.PolicyVersion.VersionId)
			}
			names[*out.PolicyVersion.VersionId] = name
			return *out.PolicyVersion.VersionId, nil
		},
		read: func(c *harness.Clients, id string) (string, string, error) {
			out, err := c.IAM.GetPolicyVersion(ctx, &iam.GetPolicyVersionInput{PolicyArn: &policy, VersionId: &id})
			if err != nil {
				return "", "", err
			}
			return names[*out.PolicyVersion.VersionId], map[bool]string{true: "changed"}[out.PolicyVersion.IsDefaultVersion], nil
		},
		update: func(id, _ string) error { // the default, which cannot be deleted, so another is it again afterwards
			if _, err := c.SetDefaultPolicyVersion(ctx, &iam.SetDefaultPolicyVersionInput{PolicyArn: &policy, VersionId: &id}); err != nil {
				return err
			}
			_, err := c.DeletePolicyVersion(ctx, &iam.DeletePolicyVersionInput{PolicyArn: &policy, VersionId: &id})
			wantCode(t, err, "DeleteConflict")
			return nil
		},
		page: func(token *string) (ids []string, next *string, err error) {
			out, err := c.ListPolicyVersions(ctx, &iam.ListPolicyVersionsInput{PolicyArn: &policy, Marker: token, MaxItems: aws.Int32(2)})
			if err != nil {
				return nil, nil, err
			}
			for _, v := range out.Versions {
				ids = append(ids, *v.VersionId)
			}
			return ids, out.Marker, nil
		},
		delete: func(id string) error {
			if _, err := c.SetDefaultPolicyVersion(ctx, &iam.SetDefaultPolicyVersionInput{PolicyArn: &policy, VersionId: aws.String("v1")}); err != nil {
				return err
			}
			_, err := c.DeletePolicyVersion(ctx, &iam.DeletePolicyVersionInput{PolicyArn: &policy, VersionId: &id})
			return err
		},
	}
}

// aliasNoun is the account's alias, of which there is one. It is read in the list.
func (f *fixture) aliasNoun(t *testing.T) noun {
	t.Helper()
	ctx, c := t.Context(), f.IAM
	return noun{
		kind: "account alias", gone: "NoSuchEntity", denied: "AccessDenied", most: 1,
		create: func(name string) (string, error) {
			_, err := c.CreateAccountAlias(ctx, &iam.CreateAccountAliasInput{AccountAlias: &name})
			return name, err
		},
		read: func(c *harness.Clients, id string) (string, string, error) {
			out, err := c.IAM.ListAccountAliases(ctx, &iam.ListAccountAliasesInput{})
			if err != nil {
				return "", "", err
			}
			if !slices.Contains(out.AccountAliases, id) {
				return "", "", unlisted()
			}
			return id, "", nil
		},
		page: func(token *string) ([]string, *string, error) {
			out, err := c.ListAccountAliases(ctx, &iam.ListAccountAliasesInput{Marker: token, MaxItems: aws.Int32(2)})
			if err != nil {
				return nil, nil, err
			}
			return out.AccountAliases, out.Marker, nil
		},
		delete: func(id string) error {
			_, err := c.DeleteAccountAlias(ctx, &iam.DeleteAccountAliasInput{AccountAlias: &id})
			return err
		},
	}
}

// linkedRoleNoun is a service-linked role; its deletion takes time. What changes is its description.
func (f *fixture) linkedRoleNoun(t *testing.T) noun {
	t.Helper()
	const prefix = "AWSServiceRoleForAutoScaling_"
	ctx, c := t.Context(), f.IAM
	n := f.roleNoun(t)
	n.kind, n.tag, n.tags = "service-linked role", nil, nil
	n.create = func(name string) (string, error) {
		_, err := c.CreateServiceLinkedRole(ctx, &iam.CreateServiceLinkedRoleInput{AWSServiceName: aws.String("autoscaling.amazonaws.com"), CustomSuffix: &name})
		return prefix + name, err
	}
	read := n.read
	n.read = func(c *harness.Clients, id string) (string, string, error) {
		name, description, err := read(c, id)
		return strings.TrimPrefix(name, prefix), description, err
	}
	n.page = func(token *string) (ids []string, next *string, err error) {
		out, err := c.ListRoles(ctx, &iam.ListRolesInput{PathPrefix: aws.String("/aws-service-role/autoscaling.amazonaws.com/"), MaxItems: aws.Int32(2), Marker: token})
		if err != nil {
			return nil, nil, err
		}
		for _, r := range out.Roles {
			ids = append(ids, *r.RoleName)
		}
		return ids, out.Marker, nil
	}
	n.delete = func(id string) error {
		if _, err := c.DeleteRole(ctx, &iam.DeleteRoleInput{RoleName: &id}); err == nil {
			t.Error("DeleteRole removes a service-linked role")
		}
		if _, err := c.GetRole(ctx, &iam.GetRoleInput{RoleName: &id}); err != nil {
			return err
		}
		if out := f.unlink(t, f.Clients, id); out.Status != types.DeletionTaskStatusTypeSucceeded {
			t.Errorf("deleting %s: %+v", id, out)
		}
		return nil
	}
	return n
}
