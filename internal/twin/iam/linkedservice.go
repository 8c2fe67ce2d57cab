package iam

// linkedService is a service that keeps a role of its own in accounts.
type linkedService struct {
	principal   string // "sso.amazonaws.com"
	role        string // name
	policy      string // the AWS managed policy that belongs to it
	description string
	suffixed    bool // several, told apart by a suffix
}

// linkedServices are the services for which a service-linked role can be made here: those the twin plays, and those that a
// landing zone makes use of. Source: IAM User Guide, "AWS services that work with IAM", and each service's own guide;
// Managed Policy Reference.
var linkedServices = []linkedService{
	{"autoscaling.amazonaws.com", "AWSServiceRoleForAutoScaling", "AutoScalingServiceRolePolicy", "Default Service-Linked Role enables access to AWS Services and Resources used or managed by Auto Scaling", true},
	{"cloudtrail.amazonaws.com", "AWSServiceRoleForCloudTrail", "CloudTrailServiceRolePolicy", "", false},
	{"config.amazonaws.com", "AWSServiceRoleForConfig", "AWSConfigServiceRolePolicy", "", false},
	{"controltower.amazonaws.com", "AWSServiceRoleForAWSControlTower", "AWSControlTowerAccountServiceRolePolicy", "", false},
	{"member.org.stacksets.cloudformation.amazonaws.com", "AWSServiceRoleForCloudFormationStackSetsOrgMember", "CloudFormationStackSetsOrgMemberServiceRolePolicy", "", false},
	{organizationsPrincipal, "AWSServiceRoleForOrganizations", "AWSOrganizationsServiceTrustPolicy", "Service-linked role used by AWS Organizations to enable integration of other AWS services with Organizations.", false},
	{"orgsdatasync.servicecatalog.amazonaws.com", "AWSServiceRoleForServiceCatalogOrgsDataSync", "AWSServiceCatalogOrgsDataSyncServiceRolePolicy", "", false},
	{centerPrincipal, "AWSServiceRoleForSSO", "AWSSSOServiceRolePolicy", "Service-linked role used by AWS SSO to manage AWS resources, including IAM roles, policies and SAML IdP on your behalf.", false},
	{"stacksets.cloudformation.amazonaws.com", "AWSServiceRoleForCloudFormationStackSetsOrgAdmin", "CloudFormationStackSetsOrgAdminServiceRolePolicy", "", false},
	{"sync.servicecatalog.amazonaws.com", "AWSServiceRoleForServiceCatalogSync", "AWSServiceCatalogSyncServiceRolePolicy", "", false},
}

const (
	organizationsPrincipal = "organizations.amazonaws.com"
	centerPrincipal        = "sso.amazonaws.com"
	linkedPath             = "/aws-service-role/"
)

func findLinkedService(principal string) *linkedService {
	for i := range linkedServices {
		if linkedServices[i].principal == principal {
			return &linkedServices[i]
		}
	}
	return nil
}

func (l *linkedService) spec(name, description string) RoleSpec {
	return RoleSpec{
		Name: name, Path: linkedPath + l.principal + "/", Description: description, Service: l.principal,
		Trust:   `{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":{"Service":"` + l.principal + `"},"Action":"sts:AssumeRole"}]}`,
		Managed: []string{servicePolicies + l.policy},
	}
}

// servicePolicies begins the ARN of the policies of service-linked roles, which cannot be attached to anything else.
const servicePolicies = "arn:aws:iam::aws:policy/aws-service-role/"
