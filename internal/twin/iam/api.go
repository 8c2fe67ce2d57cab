package iam

import (
	"context"

	"github.com/aws/aws-sdk-go-v2/service/sts"

	"accountfactory/internal/wire"
)

// API gives the operation tables of STS and IAM.
func (s *Service) API() []*wire.Service { return []*wire.Service{s.stsAPI(), s.iamAPI()} }

func (s *Service) stsAPI() *wire.Service {
	t := wire.New("sts")
	wire.On(t, "AssumeRole", s.AssumeRole, s.checkAssumeRole)
	wire.On(t, "DecodeAuthorizationMessage", s.DecodeAuthorizationMessage, onAnything[sts.DecodeAuthorizationMessageInput]("sts:DecodeAuthorizationMessage"))
	wire.On(t, "GetAccessKeyInfo", s.GetAccessKeyInfo, onAnything[sts.GetAccessKeyInfoInput]("sts:GetAccessKeyInfo"))
	wire.On(t, "GetCallerIdentity", s.GetCallerIdentity, nothing[sts.GetCallerIdentityInput])
	wire.On(t, "GetFederationToken", s.GetFederationToken, s.checkGetFederationToken)
	wire.On(t, "GetSessionToken", s.GetSessionToken, nothing[sts.GetSessionTokenInput])
	return t
}

// nothing is the check of operations that need no permission and that no policy can deny.
// Source: STS API Reference, GetCallerIdentity; IAM User Guide, "Permissions for GetSessionToken".
func nothing[I any](context.Context, *I) ([]wire.Check, error) { return nil, nil }

// onAnything checks an action that has no resource type.
func onAnything[I any](action string) wire.Checks[I] {
	checks := []wire.Check{{Action: action, Resource: "*"}}
	return func(context.Context, *I) ([]wire.Check, error) { return checks, nil }
}

func (s *Service) iamAPI() *wire.Service {
	t := wire.New("iam")
	s.userAPI(t)
	s.groupAPI(t)
	s.roleAPI(t)
	s.policyAPI(t)
	s.simulatorAPI(t)
	on(s, t, "CreateAccountAlias", s.CreateAccountAlias, anything)
	on(s, t, "ListAccountAliases", s.ListAccountAliases, anything)
	on(s, t, "DeleteAccountAlias", s.DeleteAccountAlias, anything)
	on(s, t, "GetAccountSummary", s.GetAccountSummary, anything)
	on(s, t, "GetAccountAuthorizationDetails", s.GetAccountAuthorizationDetails, anything)
	return t
}

func (s *Service) userAPI(t *wire.Service) {
	on(s, t, "CreateUser", s.CreateUser, user)
	on(s, t, "GetUser", s.GetUser, user)
	on(s, t, "ListUsers", s.ListUsers, underPath("user"))
	on(s, t, "UpdateUser", s.UpdateUser, user)
	on(s, t, "DeleteUser", s.DeleteUser, user)
	on(s, t, "CreateAccessKey", s.CreateAccessKey, user)
	on(s, t, "ListAccessKeys", s.ListAccessKeys, user)
	on(s, t, "UpdateAccessKey", s.UpdateAccessKey, user)
	on(s, t, "DeleteAccessKey", s.DeleteAccessKey, user)
	on(s, t, "GetAccessKeyLastUsed", s.GetAccessKeyLastUsed, user)
	on(s, t, "AttachUserPolicy", s.AttachUserPolicy, attaching(user))
	on(s, t, "DetachUserPolicy", s.DetachUserPolicy, attaching(user))
	on(s, t, "ListAttachedUserPolicies", s.ListAttachedUserPolicies, user)
	on(s, t, "PutUserPolicy", s.PutUserPolicy, user)
	on(s, t, "GetUserPolicy", s.GetUserPolicy, user)
	on(s, t, "DeleteUserPolicy", s.DeleteUserPolicy, user)
	on(s, t, "ListUserPolicies", s.ListUserPolicies, user)
	on(s, t, "PutUserPermissionsBoundary", s.PutUserPermissionsBoundary, user)
	on(s, t, "DeleteUserPermissionsBoundary", s.DeleteUserPermissionsBoundary, user)
	on(s, t, "TagUser", s.TagUser, user)
	on(s, t, "UntagUser", s.UntagUser, user)
	on(s, t, "ListUserTags", s.ListUserTags, user)
	on(s, t, "ListGroupsForUser", s.ListGroupsForUser, user)
}

func (s *Service) groupAPI(t *wire.Service) {
	on(s, t, "CreateGroup", s.CreateGroup, group)
	on(s, t, "GetGroup", s.GetGroup, group)
	on(s, t, "ListGroups", s.ListGroups, underPath("group"))
	on(s, t, "UpdateGroup", s.UpdateGroup, group)
	on(s, t, "DeleteGroup", s.DeleteGroup, group)
	on(s, t, "AddUserToGroup", s.AddUserToGroup, group)
	on(s, t, "RemoveUserFromGroup", s.RemoveUserFromGroup, group)
	on(s, t, "AttachGroupPolicy", s.AttachGroupPolicy, attaching(group))
	on(s, t, "DetachGroupPolicy", s.DetachGroupPolicy, attaching(group))
	on(s, t, "ListAttachedGroupPolicies", s.ListAttachedGroupPolicies, group)
	on(s, t, "PutGroupPolicy", s.PutGroupPolicy, group)
	on(s, t, "GetGroupPolicy", s.GetGroupPolicy, group)
	on(s, t, "DeleteGroupPolicy", s.DeleteGroupPolicy, group)
	on(s, t, "ListGroupPolicies", s.ListGroupPolicies, group)
}

func (s *Service) roleAPI(t *wire.Service) {
	on(s, t, "CreateRole", s.CreateRole, role)
	on(s, t, "GetRole", s.GetRole, role)
	on(s, t, "ListRoles", s.ListRoles, underPath("role"))
	on(s, t, "UpdateRole", s.UpdateRole, role)
	on(s, t, "UpdateRoleDescription", s.UpdateRoleDescription, role)
	on(s, t, "UpdateAssumeRolePolicy", s.UpdateAssumeRolePolicy, role)
	on(s, t, "DeleteRole", s.deleteRole, role)
	on(s, t, "AttachRolePolicy", s.AttachRolePolicy, attaching(role))
	on(s, t, "DetachRolePolicy", s.DetachRolePolicy, attaching(role))
	on(s, t, "ListAttachedRolePolicies", s.ListAttachedRolePolicies, role)
	on(s, t, "PutRolePolicy", s.PutRolePolicy, role)
	on(s, t, "GetRolePolicy", s.GetRolePolicy, role)
	on(s, t, "DeleteRolePolicy", s.DeleteRolePolicy, role)
	on(s, t, "ListRolePolicies", s.ListRolePolicies, role)
	on(s, t, "PutRolePermissionsBoundary", s.PutRolePermissionsBoundary, role)
	on(s, t, "DeleteRolePermissionsBoundary", s.DeleteRolePermissionsBoundary, role)
	on(s, t, "CreateServiceLinkedRole", s.CreateServiceLinkedRole, linkedRole)
	on(s, t, "DeleteServiceLinkedRole", s.DeleteServiceLinkedRole, role)
	on(s, t, "GetServiceLinkedRoleDeletionStatus", s.GetServiceLinkedRoleDeletionStatus, deletion)
	on(s, t, "TagRole", s.TagRole, role)
	on(s, t, "UntagRole", s.UntagRole, role)
	on(s, t, "ListRoleTags", s.ListRoleTags, role)
}

func (s *Service) policyAPI(t *wire.Service) {
	on(s, t, "CreatePolicy", s.CreatePolicy, newPolicy)
	on(s, t, "GetPolicy", s.GetPolicy, managedPolicyNamed)
	on(s, t, "ListPolicies", s.ListPolicies, anything)
	on(s, t, "DeletePolicy", s.DeletePolicy, managedPolicyNamed)
	on(s, t, "CreatePolicyVersion", s.CreatePolicyVersion, managedPolicyNamed)
	on(s, t, "GetPolicyVersion", s.GetPolicyVersion, managedPolicyNamed)
	on(s, t, "ListPolicyVersions", s.ListPolicyVersions, managedPolicyNamed)
	on(s, t, "DeletePolicyVersion", s.DeletePolicyVersion, managedPolicyNamed)
	on(s, t, "SetDefaultPolicyVersion", s.SetDefaultPolicyVersion, managedPolicyNamed)
	on(s, t, "ListEntitiesForPolicy", s.ListEntitiesForPolicy, managedPolicyNamed)
	on(s, t, "TagPolicy", s.TagPolicy, managedPolicyNamed)
	on(s, t, "UntagPolicy", s.UntagPolicy, managedPolicyNamed)
	on(s, t, "ListPolicyTags", s.ListPolicyTags, managedPolicyNamed)
}

func (s *Service) simulatorAPI(t *wire.Service) {
	on(s, t, "SimulateCustomPolicy", s.SimulateCustomPolicy, anything)
	on(s, t, "SimulatePrincipalPolicy", s.SimulatePrincipalPolicy, policySource)
	on(s, t, "GetContextKeysForCustomPolicy", s.GetContextKeysForCustomPolicy, anything)
	on(s, t, "GetContextKeysForPrincipalPolicy", s.GetContextKeysForPrincipalPolicy, policySource)
}
