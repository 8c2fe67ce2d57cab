package console

import (
	"github.com/aws/aws-sdk-go-v2/service/account"
	"github.com/aws/aws-sdk-go-v2/service/controltower"
	"github.com/aws/aws-sdk-go-v2/service/identitystore"
	"github.com/aws/aws-sdk-go-v2/service/organizations"
	"github.com/aws/aws-sdk-go-v2/service/servicecatalog"
	"github.com/aws/aws-sdk-go-v2/service/ssoadmin"
	"github.com/aws/aws-sdk-go-v2/service/sts"

	"accountfactory/internal/cloud"
)

// awsTable are the operations that pages call: what they show, and what their buttons do. Whether a person may is AWS's
// decision each time; the table only keeps the console from being a way to everything else.
func awsTable() map[string][]operation {
	return map[string][]operation{
		"servicecatalog": catalogOperations(),
		"organizations":  organizationOperations(),
		"controltower":   towerOperations(),
		"sso-admin":      ssoOperations(),
		"identitystore":  directoryOperations(),
		"account":        accountOperations(),
		"iam":            iamOperations(),
		"sts":            {call(func(c *cloud.Clients) *sts.Client { return c.STS }, (*sts.Client).GetCallerIdentity)},
	}
}

func catalogOperations() []operation {
	of := func(c *cloud.Clients) *servicecatalog.Client { return c.ServiceCatalog }
	return []operation{
		call(of, (*servicecatalog.Client).SearchProducts),
		call(of, (*servicecatalog.Client).SearchProductsAsAdmin),
		call(of, (*servicecatalog.Client).DescribeProduct),
		call(of, (*servicecatalog.Client).DescribeProductAsAdmin),
		call(of, (*servicecatalog.Client).DescribeProductView),
		call(of, (*servicecatalog.Client).DescribeProvisioningArtifact),
		call(of, (*servicecatalog.Client).DescribeProvisioningParameters),
		call(of, (*servicecatalog.Client).ListProvisioningArtifacts),
		call(of, (*servicecatalog.Client).ListLaunchPaths),
		call(of, (*servicecatalog.Client).ListPortfolios),
		call(of, (*servicecatalog.Client).DescribePortfolio),
		call(of, (*servicecatalog.Client).ListPortfoliosForProduct),
		call(of, (*servicecatalog.Client).ListPrincipalsForPortfolio),
		call(of, (*servicecatalog.Client).AssociatePrincipalWithPortfolio),
		call(of, (*servicecatalog.Client).DisassociatePrincipalFromPortfolio),
		call(of, (*servicecatalog.Client).ListTagOptions),
		call(of, (*servicecatalog.Client).ListResourcesForTagOption),
		call(of, (*servicecatalog.Client).SearchProvisionedProducts),
		call(of, (*servicecatalog.Client).ScanProvisionedProducts),
		call(of, (*servicecatalog.Client).DescribeProvisionedProduct),
		call(of, (*servicecatalog.Client).GetProvisionedProductOutputs),
		call(of, (*servicecatalog.Client).DescribeRecord),
		call(of, (*servicecatalog.Client).ListRecordHistory),
		call(of, (*servicecatalog.Client).ListProvisionedProductPlans),
		call(of, (*servicecatalog.Client).UpdateProvisionedProduct),
		call(of, (*servicecatalog.Client).TerminateProvisionedProduct),
	}
}

func organizationOperations() []operation {
	of := func(c *cloud.Clients) *organizations.Client { return c.Organizations }
	return []operation{
		call(of, (*organizations.Client).DescribeOrganization),
		call(of, (*organizations.Client).ListRoots),
		call(of, (*organizations.Client).ListOrganizationalUnitsForParent),
		call(of, (*organizations.Client).DescribeOrganizationalUnit),
		call(of, (*organizations.Client).ListAccounts),
		call(of, (*organizations.Client).ListAccountsForParent),
		call(of, (*organizations.Client).ListChildren),
		call(of, (*organizations.Client).ListParents),
		call(of, (*organizations.Client).DescribeAccount),
		call(of, (*organizations.Client).DescribeCreateAccountStatus),
		call(of, (*organizations.Client).ListCreateAccountStatus),
		call(of, (*organizations.Client).ListPolicies),
		call(of, (*organizations.Client).ListPoliciesForTarget),
		call(of, (*organizations.Client).ListTargetsForPolicy),
		call(of, (*organizations.Client).DescribePolicy),
		call(of, (*organizations.Client).ListTagsForResource),
		call(of, (*organizations.Client).ListHandshakesForOrganization),
		call(of, (*organizations.Client).ListAWSServiceAccessForOrganization),
		call(of, (*organizations.Client).ListDelegatedAdministrators),
		call(of, (*organizations.Client).CreateOrganizationalUnit),
		call(of, (*organizations.Client).UpdateOrganizationalUnit),
		call(of, (*organizations.Client).DeleteOrganizationalUnit),
		call(of, (*organizations.Client).MoveAccount),
		call(of, (*organizations.Client).EnableAWSServiceAccess),
	}
}

func towerOperations() []operation {
	of := func(c *cloud.Clients) *controltower.Client { return c.ControlTower }
	return []operation{
		call(of, (*controltower.Client).ListLandingZones),
		call(of, (*controltower.Client).GetLandingZone),
		call(of, (*controltower.Client).ListLandingZoneOperations),
		call(of, (*controltower.Client).GetLandingZoneOperation),
		call(of, (*controltower.Client).ListBaselines),
		call(of, (*controltower.Client).GetBaseline),
		call(of, (*controltower.Client).ListEnabledBaselines),
		call(of, (*controltower.Client).GetEnabledBaseline),
		call(of, (*controltower.Client).GetBaselineOperation),
		call(of, (*controltower.Client).ListEnabledControls),
		call(of, (*controltower.Client).GetEnabledControl),
		call(of, (*controltower.Client).ListControlOperations),
		call(of, (*controltower.Client).GetControlOperation),
		call(of, (*controltower.Client).ListTagsForResource),
		call(of, (*controltower.Client).EnableControl),
		call(of, (*controltower.Client).DisableControl),
		call(of, (*controltower.Client).UpdateEnabledControl),
		call(of, (*controltower.Client).ResetEnabledControl),
		call(of, (*controltower.Client).EnableBaseline),
		call(of, (*controltower.Client).DisableBaseline),
		call(of, (*controltower.Client).UpdateEnabledBaseline),
		call(of, (*controltower.Client).ResetEnabledBaseline),
		call(of, (*controltower.Client).ResetLandingZone),
		call(of, (*controltower.Client).UpdateLandingZone),
	}
}

func ssoOperations() []operation {
	of := func(c *cloud.Clients) *ssoadmin.Client { return c.SSOAdmin }
	return []operation{
		call(of, (*ssoadmin.Client).ListInstances),
		call(of, (*ssoadmin.Client).DescribeInstance),
		call(of, (*ssoadmin.Client).ListPermissionSets),
		call(of, (*ssoadmin.Client).DescribePermissionSet),
		call(of, (*ssoadmin.Client).ListManagedPoliciesInPermissionSet),
		call(of, (*ssoadmin.Client).ListCustomerManagedPolicyReferencesInPermissionSet),
		call(of, (*ssoadmin.Client).GetInlinePolicyForPermissionSet),
		call(of, (*ssoadmin.Client).GetPermissionsBoundaryForPermissionSet),
		call(of, (*ssoadmin.Client).ListAccountAssignments),
		call(of, (*ssoadmin.Client).ListAccountAssignmentsForPrincipal),
		call(of, (*ssoadmin.Client).ListAccountsForProvisionedPermissionSet),
		call(of, (*ssoadmin.Client).ListPermissionSetsProvisionedToAccount),
		call(of, (*ssoadmin.Client).ListAccountAssignmentCreationStatus),
		call(of, (*ssoadmin.Client).ListAccountAssignmentDeletionStatus),
		call(of, (*ssoadmin.Client).DescribeAccountAssignmentCreationStatus),
		call(of, (*ssoadmin.Client).DescribeAccountAssignmentDeletionStatus),
		call(of, (*ssoadmin.Client).ListPermissionSetProvisioningStatus),
		call(of, (*ssoadmin.Client).DescribePermissionSetProvisioningStatus),
		call(of, (*ssoadmin.Client).ListTagsForResource),
		call(of, (*ssoadmin.Client).CreateAccountAssignment),
		call(of, (*ssoadmin.Client).DeleteAccountAssignment),
		call(of, (*ssoadmin.Client).ProvisionPermissionSet),
		call(of, (*ssoadmin.Client).CreatePermissionSet),
		call(of, (*ssoadmin.Client).UpdatePermissionSet),
		call(of, (*ssoadmin.Client).DeletePermissionSet),
		call(of, (*ssoadmin.Client).AttachManagedPolicyToPermissionSet),
		call(of, (*ssoadmin.Client).DetachManagedPolicyFromPermissionSet),
		call(of, (*ssoadmin.Client).PutInlinePolicyToPermissionSet),
		call(of, (*ssoadmin.Client).DeleteInlinePolicyFromPermissionSet),
	}
}

func directoryOperations() []operation {
	of := func(c *cloud.Clients) *identitystore.Client { return c.IdentityStore }
	return []operation{
		call(of, (*identitystore.Client).ListUsers),
		call(of, (*identitystore.Client).DescribeUser),
		call(of, (*identitystore.Client).GetUserId),
		call(of, (*identitystore.Client).ListGroups),
		call(of, (*identitystore.Client).DescribeGroup),
		call(of, (*identitystore.Client).GetGroupId),
		call(of, (*identitystore.Client).ListGroupMemberships),
		call(of, (*identitystore.Client).ListGroupMembershipsForMember),
		call(of, (*identitystore.Client).DescribeGroupMembership),
		call(of, (*identitystore.Client).GetGroupMembershipId),
		call(of, (*identitystore.Client).IsMemberInGroups),
		call(of, (*identitystore.Client).CreateUser),
		call(of, (*identitystore.Client).UpdateUser),
		call(of, (*identitystore.Client).DeleteUser),
		call(of, (*identitystore.Client).CreateGroup),
		call(of, (*identitystore.Client).UpdateGroup),
		call(of, (*identitystore.Client).DeleteGroup),
		call(of, (*identitystore.Client).CreateGroupMembership),
		call(of, (*identitystore.Client).DeleteGroupMembership),
	}
}

func accountOperations() []operation {
	of := func(c *cloud.Clients) *account.Client { return c.Account }
	return []operation{
		call(of, (*account.Client).GetAccountInformation),
		call(of, (*account.Client).GetContactInformation),
		call(of, (*account.Client).GetAlternateContact),
		call(of, (*account.Client).GetPrimaryEmail),
		call(of, (*account.Client).ListRegions),
		call(of, (*account.Client).GetRegionOptStatus),
	}
}

func iamOperations() []operation {
	of := func(c *cloud.Clients) *cloud.IAM { return c.IAM }
	return []operation{
		call(of, (*cloud.IAM).ListRoles),
		call(of, (*cloud.IAM).GetRole),
		call(of, (*cloud.IAM).ListAttachedRolePolicies),
		call(of, (*cloud.IAM).ListRolePolicies),
		call(of, (*cloud.IAM).GetRolePolicy),
		call(of, (*cloud.IAM).ListUsers),
		call(of, (*cloud.IAM).ListGroups),
		call(of, (*cloud.IAM).ListPolicies),
		call(of, (*cloud.IAM).GetPolicy),
		call(of, (*cloud.IAM).GetPolicyVersion),
		call(of, (*cloud.IAM).ListAccountAliases),
	}
}
