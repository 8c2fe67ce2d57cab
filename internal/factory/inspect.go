package factory

import (
	"context"
	"slices"

	"accountfactory/internal/cloud"
)

// InspectProduct looks, as the factory's role sees it, whether the Account Factory product can be launched at all.
func InspectProduct(ctx context.Context, c *cloud.Clients, region string) ([]Check, error) {
	l := &landscape{}
	if err := l.readProduct(ctx, AWS{Catalog: c.ServiceCatalog}); err != nil {
		return nil, err
	}
	return checkProduct(l, region, Input{}), nil
}

// Actions gives the IAM actions that a provisioner's requests take on every resource, as the factory's role.
func Actions(p Provisioner) []string {
	out := []string{
		"organizations:ListAccounts", "organizations:DescribeAccount", "organizations:ListRoots", "organizations:ListOrganizationalUnitsForParent",
		"organizations:ListParents", "organizations:ListTagsForResource", "organizations:TagResource", "organizations:CloseAccount",
		"organizations:ListAWSServiceAccessForOrganization",
		"identitystore:GetUserId", "identitystore:DescribeUser", "identitystore:GetGroupId",
		"sso:ListInstances", "sso:ListPermissionSets", "sso:DescribePermissionSet", "sso:ListAccountAssignments", "sso:CreateAccountAssignment",
		"sso:DeleteAccountAssignment", "sso:DescribeAccountAssignmentCreationStatus", "sso:DescribeAccountAssignmentDeletionStatus",
		"account:GetAccountInformation", "account:PutAccountName", "account:GetAlternateContact", "account:PutAlternateContact",
		"account:GetPrimaryEmail", "account:StartPrimaryEmailUpdate", "account:AcceptPrimaryEmailUpdate", "account:GetPrimaryEmailUpdateStatus",
		"controltower:ListLandingZones", "controltower:GetLandingZone",
	}
	if p == ByOrganizations {
		return sorted(append(out, "organizations:CreateAccount", "organizations:DescribeCreateAccountStatus", "organizations:ListCreateAccountStatus",
			"organizations:MoveAccount", "organizations:UntagResource", "identitystore:CreateUser", "sso:CreatePermissionSet",
			"sso:AttachManagedPolicyToPermissionSet", "sso:ListManagedPoliciesInPermissionSet"))
	}
	return sorted(append(out, "controltower:ListBaselines", "controltower:ListEnabledBaselines", "controltower:CreateManagedAccount",
		"servicecatalog:SearchProducts", "servicecatalog:DescribeProduct", "servicecatalog:DescribeProvisioningParameters", "servicecatalog:ListLaunchPaths",
		"servicecatalog:ProvisionProduct", "servicecatalog:UpdateProvisionedProduct", "servicecatalog:TerminateProvisionedProduct",
		"servicecatalog:DescribeRecord", "servicecatalog:SearchProvisionedProducts"))
}

func sorted(s []string) []string {
	slices.Sort(s)
	return s
}
