package cloud

import "slices"

// ServerPermissions gives what the identity needs that a server starts with, or that --role-arn names: a user or role of
// the management account.
func (s Scope) ServerPermissions(ways ...string) []Permission {
	roles := []string{anyAccount + ExecutionRole}
	if slices.Contains(ways, ByOrganizations) {
		roles = append(roles, anyAccount+accessRole)
	}
	return []Permission{{
		Sid: "Guard", Why: "At each start the organization is asked who it is, so that no other is ever touched.",
		Actions: []string{"organizations:DescribeOrganization"}, Resources: []string{everything},
	}, {
		Sid: "WorkInNames", Why: "All work is done under the factory's role, in sessions whose source identity is the requester.",
		Actions: []string{"sts:AssumeRole", "sts:SetSourceIdentity"}, Resources: []string{s.role(RoleName)},
	}, {
		Sid: "EnterAccounts", Why: "Commands of hooks get credentials inside the account they are about; the provisioner organizations makes sure of that role. " +
			"Only in accounts of this organization. Sessions under the factory's role cannot do it: they carry a source identity, which those roles do not trust.",
		Actions: []string{"sts:AssumeRole"}, Resources: roles, Condition: Condition{"StringEquals": {"aws:ResourceOrgID": {s.Organization}}},
	}}
}

// DoctorPermissions gives what accountfactory doctor asks with the server's identity beside that.
func (s Scope) DoctorPermissions() []Permission {
	zone := s.readingLandingZone()
	return []Permission{{
		Sid: "SeeControlTower", Why: "Whether there is a landing zone.",
		Actions: []string{"controltower:ListLandingZones"}, Resources: []string{everything},
	}, {
		Sid: "SeeLandingZone", Why: "How the landing zone is.", Actions: zone.Actions, Resources: zone.Resources,
	}, {
		Sid: "SeeAccounts", Why: "How many accounts the quota leaves.",
		Actions: []string{"organizations:ListAccounts"}, Resources: []string{everything},
	}, {
		Sid: "SeeIdentityCenter", Why: "Where Identity Center is; `--identity-center-sign-in` needs it too, unless both address and Region are said.",
		Actions: []string{"sso:ListInstances"}, Resources: []string{everything},
	}, {
		Sid: "SeeRole", Why: "What the factory's role lacks. Without it doctor tries reads alone.",
		Actions: []string{"iam:SimulatePrincipalPolicy", "iam:GetRole"}, Resources: []string{s.role(RoleName)},
	}}
}

const anyAccount = "arn:aws:iam::*:role/"

// accessRole is the role that Organizations makes in new accounts where nobody names another.
const accessRole = "OrganizationAccountAccessRole"

// OutsidePermissions gives what credentials of another account need to work from a role of the management account.
func (s Scope) OutsidePermissions() []Permission {
	return []Permission{{
		Sid: "EnterManagementAccount", Why: "A server outside the management account works from the role that --role-arn names, whose trust policy asks for the external id.",
		Actions: []string{"sts:AssumeRole"}, Resources: []string{s.role("ROLE-OF-THE-SERVER")},
	}}
}

// SetupPermissions gives what whoever runs setup-role needs.
func (s Scope) SetupPermissions() []Permission {
	return []Permission{{
		Sid: "Guard", Why: "The organization is asked who it is, so that no other is ever touched.",
		Actions: []string{"organizations:DescribeOrganization"}, Resources: []string{everything},
	}, {
		Sid: "MakeRole", Why: "The factory's role is made and given the permissions of this page; the AdministratorAccess that earlier versions gave it is taken away.",
		Actions:   []string{"iam:CreateRole", "iam:PutRolePolicy", "iam:DetachRolePolicy"},
		Resources: []string{s.role(RoleName)},
	}, {
		Sid: "FindPortfolio", Why: "Account Factory's portfolio is found by its name.",
		Actions: []string{"servicecatalog:ListPortfolios"}, Resources: []string{everything},
	}, {
		Sid: "JoinPortfolio", Why: "The role becomes a principal of Account Factory's portfolio: else AWS has no launch path for it.",
		Actions: []string{"servicecatalog:AssociatePrincipalWithPortfolio"}, Resources: []string{"arn:aws:catalog:" + s.Region + ":" + s.Account + ":portfolio/*"},
	}}
}

// RequesterPermissions gives what a person needs to ask for accounts from the command line on AWS.
func (s Scope) RequesterPermissions() []Permission {
	return []Permission{{
		Sid: "MayLaunch", Why: "Whether somebody may launch, AWS decides: their own signed question for launch paths is put to it. They must be a principal of the portfolio too. " +
			"Who somebody is, AWS tells without a permission.",
		Actions: []string{"servicecatalog:ListLaunchPaths"}, Resources: []string{s.products()},
	}}
}
