package twin

import "accountfactory/internal/twin/identitycenter"

// What Control Tower sets up in Identity Center. Names, descriptions and assignments are those a Control Tower instance
// shows; see the user guide's "Managing users and access through IAM Identity Center".

type permissionSet struct {
	name, description, managed, inline string
}

var permissionSets = []permissionSet{
	{"AWSAdministratorAccess", "Provides full access to AWS services and resources", "AdministratorAccess", ""},
	{"AWSPowerUserAccess", "Provides full access to AWS services and resources, but does not allow management of Users and groups", "PowerUserAccess", ""},
	{"AWSReadOnlyAccess", "This policy grants permissions to view resources and basic metadata across all AWS services", "job-function/ViewOnlyAccess", ""},
	{"AWSOrganizationsFullAccess", "Provides full access to AWS Organizations", "AWSOrganizationsFullAccess", ""},
	{"AWSServiceCatalogAdminFullAccess", "Provides full access to AWS Service Catalog admin capabilities", "AWSServiceCatalogAdminFullAccess", ""},
	{"AWSServiceCatalogEndUserAccess", "Provides access to the AWS Service Catalog end user console", "AWSServiceCatalogEndUserFullAccess", accountFactoryAccess},
}

// accountFactoryAccess is what an end user needs beyond Service Catalog, as the product has no launch role.
const accountFactoryAccess = `{"Version":"2012-10-17","Statement":[{"Sid":"AWSControlTowerAccountFactoryAccess","Effect":"Allow","Action":["sso:GetProfile","sso:CreateProfile","sso:UpdateProfile","sso:AssociateProfile","sso:CreateApplicationInstance","sso:GetSSOStatus","sso:GetTrust","sso:CreateTrust","sso:UpdateTrust","sso:GetPeregrineStatus","sso:GetApplicationInstance","sso:ListDirectoryAssociations","sso:ListPermissionSets","sso:GetPermissionSet","sso:ProvisionApplicationInstanceForAWSAccount","sso:ProvisionApplicationProfileForAWSAccountInstance","sso:ProvisionSAMLProvider","sso:ListProfileAssociations","sso:DescribeRegisteredRegions","sso-directory:ListMembersInGroup","sso-directory:AddMemberToGroup","sso-directory:SearchGroups","sso-directory:SearchGroupsWithGroupName","sso-directory:SearchUsers","sso-directory:CreateUser","sso-directory:DescribeGroups","sso-directory:DescribeDirectory","sso-directory:GetUserPoolInfo","controltower:CreateManagedAccount","controltower:DescribeManagedAccount","controltower:DeregisterManagedAccount","s3:GetObject","organizations:DescribeOrganization"],"Resource":"*"}]}`

func (p permissionSet) spec() identitycenter.SetSpec {
	return identitycenter.SetSpec{
		Name: p.name, Description: p.description, SessionDuration: "PT1H",
		Managed: []string{"arn:aws:iam::aws:policy/" + p.managed}, Inline: p.inline,
	}
}

var groupTable = []struct{ name, description string }{
	{"AWSAccountFactory", "Read-only access to account factory in AWS Service Catalog for end users"},
	{"AWSServiceCatalogAdmins", "Admin rights to account factory in AWS Service Catalog"},
	{"AWSControlTowerAdmins", "Admin rights to AWS Control Tower core and provisioned accounts"},
	{"AWSSecurityAuditPowerUsers", "Power user access to all accounts for security audits"},
	{"AWSSecurityAuditors", "Read-only access to all accounts for security audits"},
	{"AWSLogArchiveAdmins", "Admin rights to log archive account"},
	{"AWSLogArchiveViewers", "Read-only access to log archive account"},
	{"AWSAuditAccountAdmins", "Admin rights to cross-account audit account"},
}

var assignmentTable = []struct{ group, set, accounts string }{
	{"AWSAccountFactory", "AWSServiceCatalogEndUserAccess", "management"},
	{"AWSServiceCatalogAdmins", "AWSServiceCatalogAdminFullAccess", "management"},
	{"AWSControlTowerAdmins", "AWSAdministratorAccess", "management log audit"},
	{"AWSSecurityAuditPowerUsers", "AWSPowerUserAccess", "management log audit"},
	{"AWSSecurityAuditors", "AWSReadOnlyAccess", "management log audit"},
	{"AWSLogArchiveAdmins", "AWSAdministratorAccess", "log"},
	{"AWSLogArchiveViewers", "AWSReadOnlyAccess", "log"},
	{"AWSAuditAccountAdmins", "AWSAdministratorAccess", "audit"},
}

var userTable = []struct{ name, given, family, groups string }{
	{"admin", "Ada", "Admin", "AWSControlTowerAdmins AWSAccountFactory"},
	{"requester", "Rob", "Requester", "AWSAccountFactory"},
}
