package cloud

// What the factory's role may do. Actions, resources and condition keys are those of the Service Authorization Reference;
// an action without a resource there has "*" here. docs/aws-permissions.md is generated from this, and each statement is
// proved to be needed by test/permission.

// catalogRole is for launching Account Factory's product.
func (s Scope) catalogRole() []Permission {
	out := append(s.reading(), s.readingControlTower(), s.readingLandingZone())
	out = append(out, Permission{
		Sid: "FindProduct", Why: "The Account Factory product is found by its name.",
		Actions: []string{"servicecatalog:SearchProducts"}, Resources: []string{everything},
	}, Permission{
		Sid: "LaunchProduct", Why: "Its versions, launch path and parameters are read, and it is launched. The role is a principal of no other portfolio.",
		Actions:   []string{"servicecatalog:DescribeProduct", "servicecatalog:ListLaunchPaths", "servicecatalog:DescribeProvisioningParameters", "servicecatalog:ProvisionProduct"},
		Resources: []string{s.products()},
	}, s.findProvisioned(), Permission{
		Sid:       "SeeCreations",
		Why:       "Whether Organizations was making an account for somebody else when AWS took ours, which Control Tower would enroll.",
		Actions:   []string{"organizations:ListCreateAccountStatus", "organizations:DescribeCreateAccountStatus"},
		Resources: []string{everything},
	}, Permission{
		Sid: "ReadOperationsQuota", Optional: true, Why: "How many account operations Control Tower allows at once. Leave it out and say so: accountfactory queue limit auto N.",
		Actions: []string{"servicequotas:ListServiceQuotas"}, Resources: []string{everything},
	}, Permission{
		Sid: "ChangeProvisioned", Why: "What was launched is followed, updated and terminated, also what others launched: the level is the account. What was done to it is listed after a restore.",
		Actions:   []string{"servicecatalog:DescribeRecord", "servicecatalog:ListRecordHistory", "servicecatalog:UpdateProvisionedProduct", "servicecatalog:TerminateProvisionedProduct"},
		Resources: []string{everything}, Condition: accountLevel(),
	}, s.accountFactory())
	return append(append(out, s.people()...), s.accounts()...)
}

// ownRole is for doing what Control Tower would.
func (s Scope) ownRole() []Permission {
	out := append(s.reading(), s.readingControlTower(), s.readingLandingZone(), s.findProvisioned())
	out = append(out, Permission{
		Sid: "CreateAccounts", Why: "Accounts are created, each with the factory's mark from its first moment: without that tag AWS refuses.",
		Actions: []string{"organizations:CreateAccount"}, Resources: []string{everything},
		Condition: Condition{"Null": {"aws:RequestTag/" + markRequest: {"false"}}},
	}, Permission{
		Sid: "FollowCreations", Why: "A creation is followed, and one whose answer was lost is looked for.",
		Actions: []string{"organizations:DescribeCreateAccountStatus", "organizations:ListCreateAccountStatus"}, Resources: []string{everything},
	}, Permission{
		Sid: "MoveAccounts", Why: "Accounts are moved to their organizational unit, and to the root when they are given up.",
		Actions: []string{"organizations:MoveAccount"}, Resources: []string{s.organizations("account"), s.organizations("root"), s.organizations("ou")},
	}, Permission{
		Sid: "UnmarkAccounts", Why: "An account that is given up loses the factory's marks, and no other tag.",
		Actions: []string{"organizations:UntagResource"}, Resources: []string{s.organizations("account")},
		Condition: Condition{"ForAllValues:StringEquals": {"aws:TagKeys": {markRequest, markOwner}}},
	}, Permission{
		Sid: "MakeUsers", Optional: true, Why: "The SSO user of an account is made in Identity Center's own directory. Leave it out with an external identity provider.",
		Actions: []string{"identitystore:CreateUser"}, Resources: []string{s.store()},
	}, Permission{
		Sid: "MakePermissionSet", Optional: true, Why: "Administrators' permission set is made where there is none. Once there is one it can be left out.",
		Actions:   []string{"sso:CreatePermissionSet", "sso:AttachManagedPolicyToPermissionSet", "sso:ListManagedPoliciesInPermissionSet"},
		Resources: []string{instances, permissionSets},
	})
	return append(append(out, s.people()...), s.accounts()...)
}

// The factory's marks on an account: tags.
const (
	markRequest = "accountfactory:request"
	markOwner   = "accountfactory:owner"
)

// reading is what every request looks at.
func (s Scope) reading() []Permission {
	return []Permission{{
		Sid: "ReadOrganization", Why: "Accounts, the root, and whether Account Management is trusted are read before anything is written.",
		Actions: []string{"organizations:ListAccounts", "organizations:ListRoots", "organizations:ListAWSServiceAccessForOrganization"}, Resources: []string{everything},
	}, {
		Sid: "ReadUnits", Why: "Organizational units are found by name, path or id.",
		Actions: []string{"organizations:ListOrganizationalUnitsForParent"}, Resources: []string{s.organizations("root"), s.organizations("ou")},
	}, {
		Sid: "ReadAccounts", Why: "An account is seen where it is, as it is, and with its tags: whose it is.",
		Actions:   []string{"organizations:DescribeAccount", "organizations:ListParents", "organizations:ListTagsForResource"},
		Resources: []string{s.organizations("account")},
	}, {
		Sid: "ReadAccountQuota", Optional: true, Why: "How many accounts the organization may have. Leave it out and say so: serve --account-quota.",
		Actions: []string{"servicequotas:GetServiceQuota"}, Resources: []string{everything},
	}}
}

func (s Scope) readingControlTower() Permission {
	return Permission{
		Sid: "ReadControlTower", Why: "Whether Control Tower has the organization, which units are registered, and what is under change.",
		Actions: []string{"controltower:ListLandingZones", "controltower:ListBaselines", "controltower:ListEnabledBaselines"}, Resources: []string{everything},
	}
}

func (s Scope) readingLandingZone() Permission {
	return Permission{
		Sid: "ReadLandingZone", Why: "The landing zone's state and drift.",
		Actions: []string{"controltower:GetLandingZone"}, Resources: []string{"arn:aws:controltower:" + s.Region + ":" + s.Account + ":landingzone/*"},
	}
}

func (s Scope) findProvisioned() Permission {
	return Permission{
		Sid: "FindProvisioned", Why: "Whether Account Factory has an account already, whoever launched it.",
		Actions: []string{"servicecatalog:SearchProvisionedProducts"}, Resources: []string{everything}, Condition: accountLevel(),
	}
}

// accountLevel reaches what everybody in the account launched.
func accountLevel() Condition {
	return Condition{"StringEquals": {"servicecatalog:accountLevel": {"self"}}}
}

// accountFactory is what Control Tower does with the permissions of whoever launches: the product has no launch role. The
// list is AWS's, of the permission set AWSServiceCatalogEndUserAccess that Control Tower makes for those who launch.
// Source: Control Tower user guide, "Permissions required to use the console" and "Account Factory".
func (s Scope) accountFactory() Permission {
	return Permission{
		Sid: "AccountFactory",
		Why: "Control Tower works with the permissions of whoever launches. The list is AWS's own, of the permission set AWSServiceCatalogEndUserAccess; " +
			"of S3 it allows nothing in the management account itself.",
		Actions: []string{
			"controltower:CreateManagedAccount", "controltower:DescribeManagedAccount", "controltower:DeregisterManagedAccount",
			"organizations:DescribeOrganization", "s3:GetObject",
			"sso:GetProfile", "sso:CreateProfile", "sso:UpdateProfile", "sso:AssociateProfile", "sso:ListProfileAssociations",
			"sso:CreateApplicationInstance", "sso:GetApplicationInstance", "sso:ProvisionApplicationInstanceForAWSAccount",
			"sso:ProvisionApplicationProfileForAWSAccountInstance", "sso:ProvisionSAMLProvider", "sso:GetSSOStatus",
			"sso:GetTrust", "sso:CreateTrust", "sso:UpdateTrust", "sso:GetPeregrineStatus", "sso:ListDirectoryAssociations",
			"sso:ListPermissionSets", "sso:GetPermissionSet", "sso:DescribeRegisteredRegions",
			"sso-directory:ListMembersInGroup", "sso-directory:AddMemberToGroup", "sso-directory:SearchGroups",
			"sso-directory:SearchGroupsWithGroupName", "sso-directory:SearchUsers", "sso-directory:CreateUser",
			"sso-directory:DescribeGroups", "sso-directory:DescribeDirectory", "sso-directory:GetUserPoolInfo",
		},
		Resources: []string{everything}, Condition: Condition{"StringNotEquals": {"s3:ResourceAccount": {s.Account}}},
	}
}

func (s Scope) store() string { return "arn:aws:identitystore::" + s.Account + ":identitystore/*" }

// people is who has access to what.
func (s Scope) people() []Permission {
	return []Permission{{
		Sid: "FindIdentityCenter", Why: "Identity Center's instance, and its Region, which need not be Control Tower's.",
		Actions: []string{"sso:ListInstances"}, Resources: []string{everything},
	}, {
		Sid: "FindPeople", Why: "SSO users are found by e-mail, groups by display name.",
		Actions:   []string{"identitystore:GetUserId", "identitystore:DescribeUser", "identitystore:GetGroupId"},
		Resources: []string{s.store(), "arn:aws:identitystore:::user/*", "arn:aws:identitystore:::group/*"},
	}, {
		Sid: "ReadPermissionSets", Why: "Permission sets are found by name.",
		Actions: []string{"sso:ListPermissionSets", "sso:DescribePermissionSet"}, Resources: []string{instances, permissionSets},
	}, {
		Sid: "ReadAccess", Why: "Who has access to an account is seen before and after each change.",
		Actions: []string{"sso:ListAccountAssignments"}, Resources: []string{instances, permissionSets, ssoAccounts},
	}, {
		Sid: "GiveAccess", Why: "Access is given.",
		Actions:   []string{"sso:CreateAccountAssignment", "sso:DescribeAccountAssignmentCreationStatus"},
		Resources: []string{instances, permissionSets, ssoAccounts},
	}, {
		Sid: "TakeAccess", Optional: true, Why: "Access is taken away. Leave it out where only others may do that.",
		Actions:   []string{"sso:DeleteAccountAssignment", "sso:DescribeAccountAssignmentDeletionStatus"},
		Resources: []string{instances, permissionSets, ssoAccounts},
	}, {
		Sid: "NeverManagementAccount", Deny: true, Why: "Nobody gets or loses access to the management account by the factory.",
		Actions:   []string{"sso:CreateAccountAssignment", "sso:DeleteAccountAssignment"},
		Resources: []string{"arn:aws:sso:::account/" + s.Account},
	}}
}

// accounts is what is done to an account that is there.
func (s Scope) accounts() []Permission {
	return []Permission{{
		Sid: "TagAccounts", Why: "Accounts get the tags that were asked for, and the factory's marks.",
		Actions: []string{"organizations:TagResource"}, Resources: []string{s.organizations("account")},
	}, {
		Sid: "Contacts", Optional: true, Why: "Alternate contacts. Leave it out where nobody is to set them.",
		Actions: []string{"account:GetAlternateContact", "account:PutAlternateContact"}, Resources: []string{s.members()},
	}, {
		Sid: "Names", Optional: true, Why: "Accounts are renamed. Leave it out where nobody is to do that.",
		Actions: []string{"account:GetAccountInformation", "account:PutAccountName"}, Resources: []string{s.members()},
	}, {
		Sid: "Emails", Optional: true, Why: "Accounts get another e-mail address. Leave it out where nobody is to do that.",
		Actions:   []string{"account:GetPrimaryEmail", "account:StartPrimaryEmailUpdate", "account:AcceptPrimaryEmailUpdate", "account:GetPrimaryEmailUpdateStatus"},
		Resources: []string{s.members()},
	}, {
		Sid: "CloseAccounts", Optional: true, Why: "Accounts are closed. Leave it out where nobody is to do that.",
		Actions: []string{"organizations:CloseAccount"}, Resources: []string{s.organizations("account")},
	}}
}
