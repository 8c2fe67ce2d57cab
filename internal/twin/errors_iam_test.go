package twin

import (
	"fmt"
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/iam"
	iamtypes "github.com/aws/aws-sdk-go-v2/service/iam/types"
	ststypes "github.com/aws/aws-sdk-go-v2/service/sts/types"

	twiniam "accountfactory/internal/twin/iam"
	"accountfactory/internal/twin/state"
)

// protected names a role that Identity Center made, which only AWS may change.
func protected(t *testing.T, w *world) map[string]any {
	t.Helper()
	change := map[string]any{}
	w.update(t, func(tx *state.Tx) {
		change["RoleName"] = w.twin.center.Provision(tx, w.management, w.twin.center.PermissionSetByName(tx, "AWSReadOnlyAccess").ARN).Role
	})
	return change
}

// with makes what a row needs with an IAM client.
func with(f func(t *testing.T, c *iam.Client) map[string]any) func(*testing.T, *world) map[string]any {
	return func(t *testing.T, w *world) map[string]any {
		t.Helper()
		if change := f(t, w.as("m.user").IAM); change != nil {
			return change
		}
		return map[string]any{}
	}
}

func anAlias(t *testing.T, c *iam.Client) map[string]any {
	t.Helper()
	must(c.CreateAccountAlias(t.Context(), &iam.CreateAccountAliasInput{AccountAlias: aws.String("an-alias")}))(t)
	return nil
}

func groups(names ...string) func(*testing.T, *iam.Client) map[string]any {
	return func(t *testing.T, c *iam.Client) map[string]any {
		t.Helper()
		for _, name := range names {
			must(c.CreateGroup(t.Context(), &iam.CreateGroupInput{GroupName: &name}))(t)
		}
		return nil
	}
}

func groupWithMember(t *testing.T, c *iam.Client) map[string]any {
	t.Helper()
	groups("team")(t, c)
	must(c.AddUserToGroup(t.Context(), &iam.AddUserToGroupInput{GroupName: aws.String("team"), UserName: aws.String("someone")}))(t)
	return nil
}

func memberOfMany(t *testing.T, c *iam.Client) map[string]any {
	t.Helper()
	groups("team")(t, c)
	for i := range 10 {
		name := fmt.Sprint("team", i)
		groups(name)(t, c)
		must(c.AddUserToGroup(t.Context(), &iam.AddUserToGroupInput{GroupName: &name, UserName: aws.String("someone")}))(t)
	}
	return nil
}

func aPolicy(t *testing.T, c *iam.Client) map[string]any {
	t.Helper()
	arn := must(c.CreatePolicy(t.Context(), &iam.CreatePolicyInput{PolicyName: aws.String("inline"), PolicyDocument: aws.String(aDocument)}))(t).Policy.Arn
	return map[string]any{"PolicyArn": *arn}
}

func attachedPolicy(t *testing.T, c *iam.Client) map[string]any {
	t.Helper()
	change := aPolicy(t, c)
	must(c.AttachUserPolicy(t.Context(), &iam.AttachUserPolicyInput{UserName: aws.String("someone"), PolicyArn: aws.String(change["PolicyArn"].(string))}))(t)
	return change
}

func fiveVersions(t *testing.T, c *iam.Client) map[string]any {
	t.Helper()
	change := aPolicy(t, c)
	for range 4 {
		must(c.CreatePolicyVersion(t.Context(), &iam.CreatePolicyVersionInput{
			PolicyArn: aws.String(change["PolicyArn"].(string)), PolicyDocument: aws.String(aDocument),
		}))(t)
	}
	return change
}

func twoKeys(t *testing.T, c *iam.Client) map[string]any {
	t.Helper()
	for range 2 {
		must(c.CreateAccessKey(t.Context(), &iam.CreateAccessKeyInput{UserName: aws.String("someone")}))(t)
	}
	return nil
}

func userWithPolicy(t *testing.T, c *iam.Client) map[string]any {
	t.Helper()
	must(c.PutUserPolicy(t.Context(), &iam.PutUserPolicyInput{UserName: aws.String("someone"), PolicyName: aws.String("x"), PolicyDocument: aws.String(aDocument)}))(t)
	return nil
}

func roleWithPolicy(t *testing.T, c *iam.Client) map[string]any {
	t.Helper()
	must(c.PutRolePolicy(t.Context(), &iam.PutRolePolicyInput{RoleName: aws.String("worker"), PolicyName: aws.String("x"), PolicyDocument: aws.String(aDocument)}))(t)
	return nil
}

// tenPolicies attaches as many policies as a user, a role and a group may have.
func tenPolicies(t *testing.T, c *iam.Client) map[string]any {
	t.Helper()
	groups("team")(t, c)
	for i := range 10 {
		arn := must(c.CreatePolicy(t.Context(), &iam.CreatePolicyInput{PolicyName: aws.String(fmt.Sprint("own", i)), PolicyDocument: aws.String(aDocument)}))(t).Policy.Arn
		must(c.AttachUserPolicy(t.Context(), &iam.AttachUserPolicyInput{UserName: aws.String("someone"), PolicyArn: arn}))(t)
		must(c.AttachRolePolicy(t.Context(), &iam.AttachRolePolicyInput{RoleName: aws.String("worker"), PolicyArn: arn}))(t)
		must(c.AttachGroupPolicy(t.Context(), &iam.AttachGroupPolicyInput{GroupName: aws.String("team"), PolicyArn: arn}))(t)
	}
	return nil
}

var (
	oneMore     = []iamtypes.Tag{{Key: aws.String("one"), Value: aws.String("more")}}
	manyIAMTags = map[string]any{"Tags": manyTags(50, func(k string) iamtypes.Tag { return iamtypes.Tag{Key: &k, Value: &k} })}
	largeTrust  = `{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":{"AWS":"arn:aws:iam::111122223333:root"},"Action":"sts:AssumeRole","Sid":"` +
		strings.Repeat("x", 5000) + `"}]}`
	badDocument = map[string]any{"PolicyDocument": `{"Version":"2012-10-17"}`}
	badTrust    = map[string]any{"AssumeRolePolicyDocument": `{"Version":"2012-10-17"}`, "PolicyDocument": `{"Version":"2012-10-17"}`}
)

// servicePolicy is a policy of a service-linked role, which nothing else may have.
const servicePolicy = "arn:aws:iam::aws:policy/aws-service-role/AWSSSOServiceRolePolicy"

// unreadable makes a role with a policy that cannot be read, as only another service could.
func unreadable(t *testing.T, w *world) map[string]any {
	t.Helper()
	w.update(t, func(tx *state.Tx) {
		w.twin.iam.PutRole(tx, w.management, twiniam.RoleSpec{Name: "odd", Trust: "{}", Inline: map[string]string{"x": "{"}})
	})
	return map[string]any{"PolicySourceArn": "arn:aws:iam::111122223333:role/odd"}
}

var iamErrors = []provocation{
	{operation: "iam.AttachUserPolicy", code: "PolicyNotAttachableException", change: map[string]any{"PolicyArn": servicePolicy}},
	{operation: "iam.AttachRolePolicy", code: "PolicyNotAttachableException", change: map[string]any{"PolicyArn": servicePolicy}},
	{operation: "iam.AttachGroupPolicy", code: "PolicyNotAttachableException", change: map[string]any{"PolicyArn": servicePolicy}, prepare: with(groups("team"))},
	{operation: "iam.PutUserPermissionsBoundary", code: "PolicyNotAttachableException", change: map[string]any{"PermissionsBoundary": servicePolicy}},
	{operation: "iam.PutRolePermissionsBoundary", code: "PolicyNotAttachableException", change: map[string]any{"PermissionsBoundary": servicePolicy}},
	{operation: "iam.SimulateCustomPolicy", code: "InvalidInputException", change: map[string]any{"ActionNames": []string{"s3:*"}}},
	{operation: "iam.SimulatePrincipalPolicy", code: "InvalidInputException", change: map[string]any{"ResourceArns": []string{"bucket"}}},
	{operation: "iam.SimulatePrincipalPolicy", code: "NoSuchEntityException", change: map[string]any{"PolicySourceArn": "arn:aws:iam::111122223333:user/missing"}},
	{operation: "iam.SimulatePrincipalPolicy", code: "PolicyEvaluationException", prepare: unreadable},
	{operation: "iam.GetContextKeysForCustomPolicy", code: "InvalidInputException", change: map[string]any{"PolicyInputList": []string{"{}"}}},
	{operation: "iam.GetContextKeysForPrincipalPolicy", code: "InvalidInputException", change: map[string]any{"PolicyInputList": []string{"{}"}}},
	{operation: "iam.GetContextKeysForPrincipalPolicy", code: "NoSuchEntityException", change: map[string]any{"PolicySourceArn": "arn:aws:iam::111122223333:user/missing"}},
	{operation: "iam.CreateServiceLinkedRole", code: "InvalidInputException", change: map[string]any{"AWSServiceName": "sso.amazonaws.com"}},
	{operation: "iam.CreateServiceLinkedRole", code: "NoSuchEntityException", change: map[string]any{"AWSServiceName": "missing.amazonaws.com"}},
	{operation: "iam.GetServiceLinkedRoleDeletionStatus", code: "InvalidInputException", change: map[string]any{"DeletionTaskId": "task"}},
	{operation: "iam.GetServiceLinkedRoleDeletionStatus", code: "NoSuchEntityException"},
	{operation: "iam.AddUserToGroup", code: "LimitExceededException", prepare: with(memberOfMany)},
	{operation: "iam.AttachRolePolicy", code: "UnmodifiableEntityException", prepare: protected},
	{operation: "iam.CreateAccessKey", code: "LimitExceededException", prepare: with(twoKeys)},
	{operation: "iam.CreateAccountAlias", code: "EntityAlreadyExistsException", prepare: with(anAlias)},
	{operation: "iam.CreateGroup", code: "EntityAlreadyExistsException", prepare: with(groups("team"))},
	{operation: "iam.CreatePolicy", code: "EntityAlreadyExistsException", prepare: with(func(t *testing.T, c *iam.Client) map[string]any { aPolicy(t, c); return nil })},
	{operation: "iam.CreatePolicy", code: "MalformedPolicyDocumentException", change: badDocument},
	{operation: "iam.CreatePolicyVersion", code: "MalformedPolicyDocumentException", change: badDocument, prepare: with(aPolicy)},
	{operation: "iam.CreatePolicyVersion", code: "LimitExceededException", prepare: with(fiveVersions)},
	{operation: "iam.CreatePolicy", code: "LimitExceededException", change: map[string]any{"PolicyDocument": large}},
	{operation: "iam.CreateRole", code: "LimitExceededException", change: map[string]any{"RoleName": "fresh", "AssumeRolePolicyDocument": largeTrust}},
	{operation: "iam.UpdateAssumeRolePolicy", code: "LimitExceededException", change: map[string]any{"PolicyDocument": largeTrust}},
	{operation: "iam.AttachUserPolicy", code: "LimitExceededException", prepare: with(tenPolicies)},
	{operation: "iam.AttachRolePolicy", code: "LimitExceededException", prepare: with(tenPolicies)},
	{operation: "iam.AttachGroupPolicy", code: "LimitExceededException", prepare: with(tenPolicies)},
	{operation: "iam.TagRole", code: "LimitExceededException", change: manyIAMTags, prepare: with(func(t *testing.T, c *iam.Client) map[string]any {
		t.Helper()
		must(c.TagRole(t.Context(), &iam.TagRoleInput{RoleName: aws.String("worker"), Tags: oneMore}))(t)
		return nil
	})},
	{operation: "iam.TagPolicy", code: "LimitExceededException", change: manyIAMTags, prepare: with(func(t *testing.T, c *iam.Client) map[string]any {
		t.Helper()
		change := aPolicy(t, c)
		must(c.TagPolicy(t.Context(), &iam.TagPolicyInput{PolicyArn: aws.String(change["PolicyArn"].(string)), Tags: oneMore}))(t)
		return change
	})},
	{operation: "iam.CreateRole", code: "EntityAlreadyExistsException"},
	{operation: "iam.CreateRole", code: "MalformedPolicyDocumentException", change: map[string]any{"RoleName": "fresh", "AssumeRolePolicyDocument": "{}"}},
	{operation: "iam.CreateUser", code: "EntityAlreadyExistsException"},
	{operation: "iam.CreateUser", code: "NoSuchEntityException", change: map[string]any{
		"UserName": "fresh", "PermissionsBoundary": "arn:aws:iam::111122223333:policy/missing",
	}},
	{operation: "iam.DeleteGroup", code: "DeleteConflictException", prepare: with(groupWithMember)},
	{operation: "iam.DeletePolicy", code: "DeleteConflictException", prepare: with(attachedPolicy)},
	{operation: "iam.DeletePolicyVersion", code: "DeleteConflictException", prepare: with(aPolicy)},
	{operation: "iam.DeleteRole", code: "DeleteConflictException", prepare: with(roleWithPolicy)},
	{operation: "iam.DeleteRole", code: "UnmodifiableEntityException", prepare: protected},
	{operation: "iam.DeleteRolePermissionsBoundary", code: "UnmodifiableEntityException", prepare: protected},
	{operation: "iam.DeleteRolePolicy", code: "UnmodifiableEntityException", prepare: protected},
	{operation: "iam.DeleteUser", code: "DeleteConflictException", prepare: with(userWithPolicy)},
	{operation: "iam.DetachRolePolicy", code: "UnmodifiableEntityException", prepare: protected},
	{operation: "iam.PutGroupPolicy", code: "MalformedPolicyDocumentException", change: badDocument, prepare: with(groups("team"))},
	{operation: "iam.PutGroupPolicy", code: "LimitExceededException", change: map[string]any{"PolicyDocument": large}, prepare: with(groups("team"))},
	{operation: "iam.PutRolePermissionsBoundary", code: "UnmodifiableEntityException", prepare: protected},
	{operation: "iam.PutRolePolicy", code: "MalformedPolicyDocumentException", change: badDocument},
	{operation: "iam.PutRolePolicy", code: "LimitExceededException", change: map[string]any{"PolicyDocument": large}},
	{operation: "iam.PutRolePolicy", code: "UnmodifiableEntityException", prepare: protected},
	{operation: "iam.PutUserPolicy", code: "MalformedPolicyDocumentException", change: badDocument},
	{operation: "iam.PutUserPolicy", code: "LimitExceededException", change: map[string]any{"PolicyDocument": large}},
	{operation: "iam.TagUser", code: "LimitExceededException", change: manyIAMTags, prepare: with(func(t *testing.T, c *iam.Client) map[string]any {
		t.Helper()
		must(c.TagUser(t.Context(), &iam.TagUserInput{UserName: aws.String("someone"), Tags: oneMore}))(t)
		return nil
	})},
	{operation: "iam.UpdateAssumeRolePolicy", code: "MalformedPolicyDocumentException", change: badTrust},
	{operation: "iam.UpdateAssumeRolePolicy", code: "UnmodifiableEntityException", prepare: protected},
	{operation: "iam.UpdateGroup", code: "EntityAlreadyExistsException", change: map[string]any{"NewGroupName": "other"}, prepare: with(groups("team", "other"))},
	{operation: "iam.UpdateRole", code: "UnmodifiableEntityException", prepare: protected},
	{operation: "iam.UpdateRoleDescription", code: "UnmodifiableEntityException", prepare: protected},
	{operation: "iam.UpdateUser", code: "EntityAlreadyExistsException", change: map[string]any{"NewUserName": "management"}},
}

var stsErrors = []provocation{
	{operation: "sts.DecodeAuthorizationMessage", code: "InvalidAuthorizationMessageException"},
	{operation: "sts.AssumeRole", code: "MalformedPolicyDocumentException", change: map[string]any{"Policy": "{}"}},
	{operation: "sts.AssumeRole", code: "PackedPolicyTooLargeException", change: map[string]any{"Policy": large}},
	{operation: "sts.GetFederationToken", code: "MalformedPolicyDocumentException", change: map[string]any{"Policy": "{}"}},
	{operation: "sts.GetFederationToken", code: "PackedPolicyTooLargeException", change: map[string]any{
		"Tags": manyTags(50, func(k string) ststypes.Tag { return ststypes.Tag{Key: &k, Value: aws.String(strings.Repeat("x", 250))} }),
	}},
}
