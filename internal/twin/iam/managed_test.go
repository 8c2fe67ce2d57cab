package iam

import (
	"maps"
	"slices"
	"strings"
	"testing"

	"accountfactory/internal/policy"
)

// TestManaged_Grants holds the AWS managed policies to what AWS says they are for, on the actions the twin serves.
func TestManaged_Grants(t *testing.T) {
	t.Parallel()
	policies := loadManaged()
	unheld := maps.Clone(policies)
	user := map[string][]string{"servicecatalog:userLevel": {"self"}}
	for _, tc := range []struct {
		policy  string
		keys    map[string][]string
		allowed string
		silent  string
	}{
		{policy: "AdministratorAccess", allowed: "iam:CreateUser organizations:CloseAccount sso:CreatePermissionSet"},
		{policy: "PowerUserAccess", allowed: "servicecatalog:ProvisionProduct sso:ListInstances organizations:DescribeOrganization iam:ListRoles", silent: "iam:CreateUser organizations:ListAccounts account:PutAccountName"},
		{policy: "ReadOnlyAccess", allowed: "organizations:ListAccounts iam:GetRole controltower:ListLandingZones servicecatalog:SearchProducts sso:DescribePermissionSet identitystore:ListUsers", silent: "organizations:CreateAccount iam:CreateUser servicecatalog:ProvisionProduct sts:AssumeRole"},
		{policy: "job-function/ViewOnlyAccess", allowed: "organizations:ListAccounts iam:ListUsers servicecatalog:ListPortfolios", silent: "iam:GetUser organizations:DescribeAccount servicecatalog:SearchProducts organizations:MoveAccount"},
		{policy: "SecurityAudit", allowed: "iam:GetPolicyVersion organizations:DescribePolicy sso:ListPermissionSets", silent: "iam:CreateUser servicecatalog:ProvisionProduct"},
		{policy: "AWSOrganizationsFullAccess", allowed: "organizations:CreateAccount organizations:CloseAccount account:PutAlternateContact", silent: "iam:CreateUser sso:CreateAccountAssignment"},
		{policy: "AWSOrganizationsReadOnlyAccess", allowed: "organizations:DescribeAccount organizations:ListRoots account:GetAlternateContact", silent: "organizations:CreateAccount"},
		{policy: "AWSServiceCatalogAdminFullAccess", allowed: "servicecatalog:CreateProduct servicecatalog:ProvisionProduct iam:ListRoles", silent: "organizations:CreateAccount controltower:CreateManagedAccount"},
		{policy: "AWSServiceCatalogEndUserFullAccess", allowed: "servicecatalog:ProvisionProduct servicecatalog:SearchProducts servicecatalog:ListLaunchPaths", silent: "servicecatalog:DescribeRecord servicecatalog:CreateProduct organizations:CreateAccount"},
		{policy: "AWSServiceCatalogEndUserFullAccess", keys: user, allowed: "servicecatalog:DescribeRecord servicecatalog:TerminateProvisionedProduct servicecatalog:SearchProvisionedProducts", silent: "servicecatalog:UpdateProduct"},
		{policy: "AWSServiceCatalogEndUserReadOnlyAccess", keys: user, allowed: "servicecatalog:SearchProducts servicecatalog:DescribeRecord", silent: "servicecatalog:ProvisionProduct"},
		{policy: "AWSSSOMasterAccountAdministrator", allowed: "sso:CreateAccountAssignment identitystore:CreateUser sso-directory:CreateUser organizations:ListAccounts", silent: "organizations:CreateAccount iam:CreateRole"},
		{policy: "AWSSSOReadOnly", allowed: "sso:ListInstances organizations:ListAccounts", silent: "sso:CreatePermissionSet identitystore:CreateUser"},
		{policy: "IAMFullAccess", allowed: "iam:CreateUser iam:DeleteRole", silent: "organizations:CreateAccount sts:AssumeRole"},
		{policy: "AWSAccountManagementFullAccess", allowed: "account:PutContactInformation account:EnableRegion", silent: "organizations:CreateAccount iam:CreateUser"},
		{policy: "AWSAccountManagementReadOnlyAccess", allowed: "account:GetContactInformation account:ListRegions", silent: "account:PutContactInformation account:EnableRegion"},
		{policy: "AWSSSODirectoryAdministrator", allowed: "sso-directory:CreateUser identitystore:CreateGroup", silent: "sso:CreatePermissionSet organizations:CreateAccount"},
		{policy: "AWSSSODirectoryReadOnly", allowed: "sso-directory:SearchUsers identitystore:ListUsers", silent: "sso-directory:CreateUser identitystore:CreateUser"},
		{policy: "AWSSSOMemberAccountAdministrator", allowed: "sso:ListInstances identitystore:CreateUser organizations:DescribeAccount", silent: "organizations:CreateAccount iam:CreateUser"},
		{policy: "AWSServiceCatalogAdminReadOnlyAccess", allowed: "servicecatalog:SearchProductsAsAdmin servicecatalog:ListPortfolios", silent: "servicecatalog:CreatePortfolio servicecatalog:ProvisionProduct"},
		{policy: "job-function/Billing", allowed: "account:GetAccountInformation aws-portal:ViewBilling", silent: "iam:CreateUser organizations:CreateAccount"},
		{policy: "IAMUserChangePassword", allowed: "iam:GetAccountPasswordPolicy", silent: "iam:CreateUser iam:ChangePassword"}, // the latter for oneself alone
		{policy: "service-role/AWSControlTowerServiceRolePolicy", allowed: "organizations:CreateAccount servicecatalog:ProvisionProduct sso:CreateAccountAssignment controltower:EnableBaseline", silent: "iam:CreateUser sts:AssumeRole account:PutAccountName"},
		{policy: "service-role/AWSControlTowerIdentityCenterManagementPolicy", allowed: "sso:CreateAccountAssignment sso:CreatePermissionSet identitystore:CreateUser", silent: "organizations:CreateAccount iam:CreateRole"},
		{policy: "service-role/AWS_ConfigRole", allowed: "iam:GetRole organizations:ListAccounts config:PutEvaluations", silent: "iam:CreateRole organizations:CreateAccount"},
		{policy: "service-role/AWSLambdaBasicExecutionRole", allowed: "logs:PutLogEvents", silent: "iam:CreateRole logs:DeleteLogGroup"},
		{policy: "aws-service-role/AWSOrganizationsServiceTrustPolicy", allowed: "iam:CreateServiceLinkedRole", silent: "iam:CreateRole iam:DeleteRole organizations:CreateAccount"},
		{policy: "aws-service-role/AWSSSOServiceRolePolicy", allowed: "organizations:DescribeOrganization iam:ListRoles", silent: "iam:CreateRole iam:CreateUser organizations:CreateAccount"}, // roles under /aws-reserved/ alone
		{policy: "aws-service-role/AWSControlTowerAccountServiceRolePolicy", allowed: "config:DescribeConfigRules organizations:DescribeAccount", silent: "organizations:CreateAccount iam:CreateRole"},
		{policy: "aws-service-role/AWSServiceCatalogSyncServiceRolePolicy", allowed: "servicecatalog:CreateProvisioningArtifact cloudformation:ValidateTemplate", silent: "servicecatalog:ProvisionProduct iam:CreateRole"},
		{policy: "aws-service-role/AWSServiceCatalogOrgsDataSyncServiceRolePolicy", allowed: "organizations:ListAccounts organizations:ListParents", silent: "organizations:CreateAccount servicecatalog:ProvisionProduct"},
		{policy: "aws-service-role/AWSConfigServiceRolePolicy", allowed: "iam:GetRole config:PutEvaluations", silent: "iam:CreateRole organizations:CreateAccount"},
		{policy: "aws-service-role/CloudTrailServiceRolePolicy", allowed: "organizations:ListAccounts cloudtrail:CreateTrail", silent: "organizations:CreateAccount iam:CreateRole"},
		{policy: "aws-service-role/AutoScalingServiceRolePolicy", allowed: "ec2:RunInstances ec2:DescribeInstances", silent: "iam:CreateRole organizations:CreateAccount"},
		{policy: "aws-service-role/CloudFormationStackSetsOrgMemberServiceRolePolicy", silent: "iam:CreateRole organizations:ListAccounts"}, // roles stacksets-exec-* alone
		{policy: "aws-service-role/CloudFormationStackSetsOrgAdminServiceRolePolicy", allowed: "organizations:ListAccounts", silent: "organizations:CreateAccount sts:AssumeRole"},
		{policy: "IAMReadOnlyAccess", allowed: "iam:GetUser iam:ListRoles", silent: "iam:CreateUser"},
	} {
		m := policies["arn:aws:iam::aws:policy/"+tc.policy]
		delete(unheld, "arn:aws:iam::aws:policy/"+tc.policy)
		if m == nil {
			t.Errorf("no policy %s", tc.policy)
			continue
		}
		may := func(action string) bool {
			r := policy.Request{Principal: policy.Principal{AccountID: management, Type: policy.User, ARN: "arn:aws:iam::111122223333:user/x"}, Action: action, Resource: "*", Context: tc.keys}
			return policy.Evaluate(r, policy.Policies{Identity: []policy.Named{{Document: m.parsed}}}).Allowed
		}
		for _, action := range strings.Fields(tc.allowed) {
			if !may(action) {
				t.Errorf("%s does not allow %s", tc.policy, action)
			}
		}
		for _, action := range strings.Fields(tc.silent) {
			if may(action) {
				t.Errorf("%s allows %s", tc.policy, action)
			}
		}
	}
	for a := range unheld {
		t.Errorf("nothing says what %s is to allow", a)
	}
	ids := map[string]string{}
	for a, m := range policies {
		if other, taken := ids[m.id]; taken {
			t.Errorf("%s and %s share the id %s", a, other, m.id)
		}
		ids[m.id] = a
		if m.Description == "" || m.Created.IsZero() || !slices.Contains([]string{"/", "/job-function/", "/service-role/", "/aws-service-role/"}, m.Path) {
			t.Errorf("%s: description %q, created %v, path %q", a, m.Description, m.Created, m.Path)
		}
	}
}
