package cloud

import (
	"context"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/iam"
)

// IAM is what is called of IAM, each with the signature of the SDK client's method. It keeps no *iam.Client where reflection
// could reach one: templates call methods by name, for which the linker keeps all there are, and the client's 170 operations
// would be a tenth of the program. A client is made for each call, which costs microseconds; connections are the configuration's.
type IAM struct{ cfg aws.Config }

// AttachRolePolicy calls the operation of this name.
func (c *IAM) AttachRolePolicy(ctx context.Context, in *iam.AttachRolePolicyInput, opts ...func(*iam.Options)) (*iam.AttachRolePolicyOutput, error) {
	return iam.NewFromConfig(c.cfg).AttachRolePolicy(ctx, in, opts...)
}

// CreateRole calls the operation of this name.
func (c *IAM) CreateRole(ctx context.Context, in *iam.CreateRoleInput, opts ...func(*iam.Options)) (*iam.CreateRoleOutput, error) {
	return iam.NewFromConfig(c.cfg).CreateRole(ctx, in, opts...)
}

// GetPolicy calls the operation of this name.
func (c *IAM) GetPolicy(ctx context.Context, in *iam.GetPolicyInput, opts ...func(*iam.Options)) (*iam.GetPolicyOutput, error) {
	return iam.NewFromConfig(c.cfg).GetPolicy(ctx, in, opts...)
}

// GetPolicyVersion calls the operation of this name.
func (c *IAM) GetPolicyVersion(ctx context.Context, in *iam.GetPolicyVersionInput, opts ...func(*iam.Options)) (*iam.GetPolicyVersionOutput, error) {
	return iam.NewFromConfig(c.cfg).GetPolicyVersion(ctx, in, opts...)
}

// GetRole calls the operation of this name.
func (c *IAM) GetRole(ctx context.Context, in *iam.GetRoleInput, opts ...func(*iam.Options)) (*iam.GetRoleOutput, error) {
	return iam.NewFromConfig(c.cfg).GetRole(ctx, in, opts...)
}

// GetRolePolicy calls the operation of this name.
func (c *IAM) GetRolePolicy(ctx context.Context, in *iam.GetRolePolicyInput, opts ...func(*iam.Options)) (*iam.GetRolePolicyOutput, error) {
	return iam.NewFromConfig(c.cfg).GetRolePolicy(ctx, in, opts...)
}

// ListAccountAliases calls the operation of this name.
func (c *IAM) ListAccountAliases(ctx context.Context, in *iam.ListAccountAliasesInput, opts ...func(*iam.Options)) (*iam.ListAccountAliasesOutput, error) {
	return iam.NewFromConfig(c.cfg).ListAccountAliases(ctx, in, opts...)
}

// ListAttachedRolePolicies calls the operation of this name.
func (c *IAM) ListAttachedRolePolicies(ctx context.Context, in *iam.ListAttachedRolePoliciesInput, opts ...func(*iam.Options)) (*iam.ListAttachedRolePoliciesOutput, error) {
	return iam.NewFromConfig(c.cfg).ListAttachedRolePolicies(ctx, in, opts...)
}

// ListGroups calls the operation of this name.
func (c *IAM) ListGroups(ctx context.Context, in *iam.ListGroupsInput, opts ...func(*iam.Options)) (*iam.ListGroupsOutput, error) {
	return iam.NewFromConfig(c.cfg).ListGroups(ctx, in, opts...)
}

// ListPolicies calls the operation of this name.
func (c *IAM) ListPolicies(ctx context.Context, in *iam.ListPoliciesInput, opts ...func(*iam.Options)) (*iam.ListPoliciesOutput, error) {
	return iam.NewFromConfig(c.cfg).ListPolicies(ctx, in, opts...)
}

// ListRolePolicies calls the operation of this name.
func (c *IAM) ListRolePolicies(ctx context.Context, in *iam.ListRolePoliciesInput, opts ...func(*iam.Options)) (*iam.ListRolePoliciesOutput, error) {
	return iam.NewFromConfig(c.cfg).ListRolePolicies(ctx, in, opts...)
}

// ListRoles calls the operation of this name.
func (c *IAM) ListRoles(ctx context.Context, in *iam.ListRolesInput, opts ...func(*iam.Options)) (*iam.ListRolesOutput, error) {
	return iam.NewFromConfig(c.cfg).ListRoles(ctx, in, opts...)
}

// ListUsers calls the operation of this name.
func (c *IAM) ListUsers(ctx context.Context, in *iam.ListUsersInput, opts ...func(*iam.Options)) (*iam.ListUsersOutput, error) {
	return iam.NewFromConfig(c.cfg).ListUsers(ctx, in, opts...)
}

// DetachRolePolicy calls the operation of this name.
func (c *IAM) DetachRolePolicy(ctx context.Context, in *iam.DetachRolePolicyInput, opts ...func(*iam.Options)) (*iam.DetachRolePolicyOutput, error) {
	return iam.NewFromConfig(c.cfg).DetachRolePolicy(ctx, in, opts...)
}

// PutRolePolicy calls the operation of this name.
func (c *IAM) PutRolePolicy(ctx context.Context, in *iam.PutRolePolicyInput, opts ...func(*iam.Options)) (*iam.PutRolePolicyOutput, error) {
	return iam.NewFromConfig(c.cfg).PutRolePolicy(ctx, in, opts...)
}

// SimulatePrincipalPolicy calls the operation of this name.
func (c *IAM) SimulatePrincipalPolicy(ctx context.Context, in *iam.SimulatePrincipalPolicyInput, opts ...func(*iam.Options)) (*iam.SimulatePrincipalPolicyOutput, error) {
	return iam.NewFromConfig(c.cfg).SimulatePrincipalPolicy(ctx, in, opts...)
}
