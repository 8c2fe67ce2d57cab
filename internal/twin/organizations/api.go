package organizations

import "accountfactory/internal/wire"

// API gives the table of the operations served. Invitations, resource policies, other policy types than service control
// policies, leaving and deleting are not: the twin has no accounts but those of its organization.
func (s *Service) API() *wire.Service {
	svc := wire.New("organizations")
	wire.On(svc, "DescribeOrganization", s.DescribeOrganization, s.checkDescribeOrganization)
	wire.On(svc, "CreateOrganization", s.CreateOrganization, s.checkCreateOrganization)
	wire.On(svc, "ListRoots", s.ListRoots, s.checkListRoots)
	wire.On(svc, "CreateOrganizationalUnit", s.CreateOrganizationalUnit, s.checkCreateOrganizationalUnit)
	wire.On(svc, "DescribeOrganizationalUnit", s.DescribeOrganizationalUnit, s.checkDescribeOrganizationalUnit)
	wire.On(svc, "UpdateOrganizationalUnit", s.UpdateOrganizationalUnit, s.checkUpdateOrganizationalUnit)
	wire.On(svc, "DeleteOrganizationalUnit", s.DeleteOrganizationalUnit, s.checkDeleteOrganizationalUnit)
	wire.On(svc, "ListOrganizationalUnitsForParent", s.ListOrganizationalUnitsForParent, s.checkListOrganizationalUnitsForParent)
	wire.On(svc, "ListChildren", s.ListChildren, s.checkListChildren)
	wire.On(svc, "ListParents", s.ListParents, s.checkListParents)
	wire.On(svc, "ListAccounts", s.ListAccounts, s.checkListAccounts)
	wire.On(svc, "ListAccountsForParent", s.ListAccountsForParent, s.checkListAccountsForParent)
	wire.On(svc, "DescribeAccount", s.DescribeAccount, s.checkDescribeAccount)
	wire.On(svc, "MoveAccount", s.MoveAccount, s.checkMoveAccount)
	wire.On(svc, "CloseAccount", s.CloseAccount, s.checkCloseAccount)
	wire.On(svc, "CreateAccount", s.CreateAccount, s.checkCreateAccount)
	wire.On(svc, "DescribeCreateAccountStatus", s.DescribeCreateAccountStatus, s.checkDescribeCreateAccountStatus)
	wire.On(svc, "ListCreateAccountStatus", s.ListCreateAccountStatus, s.checkListCreateAccountStatus)
	wire.On(svc, "TagResource", s.TagResource, s.checkTagResource)
	wire.On(svc, "UntagResource", s.UntagResource, s.checkUntagResource)
	wire.On(svc, "ListTagsForResource", s.ListTagsForResource, s.checkListTagsForResource)
	wire.On(svc, "CreatePolicy", s.CreatePolicy, s.checkCreatePolicy)
	wire.On(svc, "DescribePolicy", s.DescribePolicy, s.checkDescribePolicy)
	wire.On(svc, "UpdatePolicy", s.UpdatePolicy, s.checkUpdatePolicy)
	wire.On(svc, "DeletePolicy", s.DeletePolicy, s.checkDeletePolicy)
	wire.On(svc, "ListPolicies", s.ListPolicies, s.checkListPolicies)
	wire.On(svc, "AttachPolicy", s.AttachPolicy, s.checkAttachPolicy)
	wire.On(svc, "DetachPolicy", s.DetachPolicy, s.checkDetachPolicy)
	wire.On(svc, "ListPoliciesForTarget", s.ListPoliciesForTarget, s.checkListPoliciesForTarget)
	wire.On(svc, "ListTargetsForPolicy", s.ListTargetsForPolicy, s.checkListTargetsForPolicy)
	wire.On(svc, "EnablePolicyType", s.EnablePolicyType, s.checkEnablePolicyType)
	wire.On(svc, "DisablePolicyType", s.DisablePolicyType, s.checkDisablePolicyType)
	wire.On(svc, "EnableAWSServiceAccess", s.EnableAWSServiceAccess, s.checkEnableAWSServiceAccess)
	wire.On(svc, "DisableAWSServiceAccess", s.DisableAWSServiceAccess, s.checkDisableAWSServiceAccess)
	wire.On(svc, "ListAWSServiceAccessForOrganization", s.ListAWSServiceAccessForOrganization, s.checkListAWSServiceAccessForOrganization)
	wire.On(svc, "RegisterDelegatedAdministrator", s.RegisterDelegatedAdministrator, s.checkRegisterDelegatedAdministrator)
	wire.On(svc, "DeregisterDelegatedAdministrator", s.DeregisterDelegatedAdministrator, s.checkDeregisterDelegatedAdministrator)
	wire.On(svc, "ListDelegatedAdministrators", s.ListDelegatedAdministrators, s.checkListDelegatedAdministrators)
	wire.On(svc, "ListDelegatedServicesForAccount", s.ListDelegatedServicesForAccount, s.checkListDelegatedServicesForAccount)
	return svc
}
