package controltower

import (
	"slices"
	"strings"

	"accountfactory/internal/arn"
)

// control is a control of the catalogue.
type control struct {
	name       string
	behavior   string // PREVENTIVE by a service control policy, or DETECTIVE by a Config rule, which the twin does not run
	mandatory  bool
	security   bool      // on the Security OU alone
	sid        string    // of its statement in the policy; some share one
	statement  statement // of a preventive control
	opaque     string    // id that newer controls are named by, "" where the name is the id
	parameters []parameter
}

// parameter is a parameter of a control: a list of texts.
type parameter struct {
	name     string
	required bool
}

// statement is what a policy says for a control, without its Sid.
type statement struct {
	deny     []string
	resource []string
	exempt   bool                           // Control Tower's own roles are let through
	when     map[string]map[string][]string // further conditions
}

const (
	preventive = "PREVENTIVE"
	detective  = "DETECTIVE"
)

// prevented is a mandatory control that keeps all but Control Tower from changing what it made.
func prevented(name, sid string, resource []string, deny ...string) control {
	return control{name: "AWS-GR_" + name, behavior: preventive, mandatory: true, sid: sid, statement: statement{deny: deny, resource: resource, exempt: true}}
}

// ofSecurity is one for the log archive's buckets.
func ofSecurity(name, sid string, deny ...string) control {
	c := prevented(name, sid, []string{"arn:aws:s3:::aws-controltower*"}, deny...)
	c.security = true
	return c
}

func detected(name string, mandatory bool) control {
	return control{name: "AWS-GR_" + name, behavior: detective, mandatory: mandatory, security: mandatory}
}

// optional is a preventive control that people switch on and off.
func optional(name, sid string, s statement) control {
	return control{name: name, behavior: preventive, sid: sid, statement: s}
}

// controls gives the catalogue: the 23 mandatory controls, and of the optional ones those that a service control policy
// enforces here, with some detective ones besides. What they forbid is as the controls reference describes it; the
// documents are ours.
func controls() []control {
	root := map[string]map[string][]string{"ArnLike": {"aws:PrincipalArn": {"arn:aws:iam::*:root"}}}
	trail := []string{"arn:aws:cloudtrail:*:*:trail/aws-controltower-*"}
	trailActions := []string{"cloudtrail:DeleteTrail", "cloudtrail:PutEventSelectors", "cloudtrail:StopLogging", "cloudtrail:UpdateTrail"}
	recorder := []string{
		"config:DeleteConfigurationRecorder", "config:DeleteDeliveryChannel", "config:DeleteRetentionConfiguration", "config:PutConfigurationRecorder",
		"config:PutDeliveryChannel", "config:PutRetentionConfiguration", "config:StopConfigurationRecorder",
	}
	all := []string{"*"}
	return []control{
		prevented("CLOUDTRAIL_CHANGE_PROHIBITED", "GRCLOUDTRAILENABLED", trail, trailActions...),
		prevented("CLOUDTRAIL_CLOUDWATCH_LOGS_ENABLED", "GRCLOUDTRAILENABLED", trail, trailActions...),
		prevented("CLOUDTRAIL_ENABLED", "GRCLOUDTRAILENABLED", trail, trailActions...),
		prevented("CLOUDTRAIL_VALIDATION_ENABLED", "GRCLOUDTRAILENABLED", trail, trailActions...),
		prevented("CLOUDWATCH_EVENTS_CHANGE_PROHIBITED", "GRCLOUDWATCHEVENTPOLICY", []string{"arn:aws:events:*:*:rule/aws-controltower-*"},
			"events:DeleteRule", "events:DisableRule", "events:PutRule", "events:PutTargets", "events:RemoveTargets"),
		prevented("CONFIG_AGGREGATION_AUTHORIZATION_POLICY", "GRCONFIGAGGREGATIONAUTHORIZATIONPOLICY", []string{"arn:aws:config:*:*:aggregation-authorization*"},
			"config:DeleteAggregationAuthorization"),
		prevented("CONFIG_AGGREGATION_CHANGE_PROHIBITED", "GRCONFIGRULETAGSPOLICY", all, "config:TagResource", "config:UntagResource"),
		prevented("CONFIG_CHANGE_PROHIBITED", "GRCONFIGENABLED", all, recorder...),
		prevented("CONFIG_ENABLED", "GRCONFIGENABLED", all, recorder...),
		prevented("CONFIG_RULE_CHANGE_PROHIBITED", "GRCONFIGRULEPOLICY", []string{"arn:aws:config:*:*:config-rule/aws-service-rule/controltower.*"},
			"config:DeleteConfigRule", "config:DeleteEvaluationResults", "config:PutConfigRule"),
		prevented("IAM_ROLE_CHANGE_PROHIBITED", "GRIAMROLEPOLICY", []string{"arn:aws:iam::*:role/aws-controltower-*", "arn:aws:iam::*:role/*AWSControlTower*"},
			"iam:AttachRolePolicy", "iam:CreateRole", "iam:DeleteRole", "iam:DeleteRolePermissionsBoundary", "iam:DeleteRolePolicy", "iam:DetachRolePolicy",
			"iam:PutRolePermissionsBoundary", "iam:PutRolePolicy", "iam:UpdateAssumeRolePolicy", "iam:UpdateRole", "iam:UpdateRoleDescription"),
		prevented("LAMBDA_CHANGE_PROHIBITED", "GRLAMBDAFUNCTIONPOLICY", []string{"arn:aws:lambda:*:*:function:aws-controltower-*"},
			"lambda:AddPermission", "lambda:CreateEventSourceMapping", "lambda:CreateFunction", "lambda:DeleteFunction", "lambda:RemovePermission",
			"lambda:UpdateFunctionCode", "lambda:UpdateFunctionConfiguration"),
		prevented("LOG_GROUP_POLICY", "GRLOGGROUPPOLICY", []string{"arn:aws:logs:*:*:log-group:*aws-controltower*"}, "logs:DeleteLogGroup", "logs:PutRetentionPolicy"),
		prevented("SNS_CHANGE_PROHIBITED", "GRSNSTOPICPOLICY", []string{"arn:aws:sns:*:*:aws-controltower-*"},
			"sns:AddPermission", "sns:CreateTopic", "sns:DeleteTopic", "sns:RemovePermission", "sns:SetTopicAttributes"),
		prevented("SNS_SUBSCRIPTION_CHANGE_PROHIBITED", "GRSNSSUBSCRIPTIONPOLICY", []string{"arn:aws:sns:*:*:aws-controltower-SecurityNotifications"},
			"sns:Subscribe", "sns:Unsubscribe"),
		ofSecurity("AUDIT_BUCKET_DELETION_PROHIBITED", "GRAUDITBUCKETDELETIONPROHIBITED", "s3:DeleteBucket"),
		ofSecurity("CT_AUDIT_BUCKET_ENCRYPTION_CHANGES_PROHIBITED", "GRCTAUDITBUCKETENCRYPTIONCHANGESPROHIBITED", "s3:PutEncryptionConfiguration"),
		ofSecurity("CT_AUDIT_BUCKET_LOGGING_CONFIGURATION_CHANGES_PROHIBITED", "GRCTAUDITBUCKETLOGGINGCONFIGURATIONCHANGESPROHIBITED", "s3:PutBucketLogging"),
		ofSecurity("CT_AUDIT_BUCKET_POLICY_CHANGES_PROHIBITED", "GRCTAUDITBUCKETPOLICYCHANGESPROHIBITED", "s3:DeleteBucketPolicy", "s3:PutBucketPolicy"),
		ofSecurity("CT_AUDIT_BUCKET_LIFECYCLE_CONFIGURATION_CHANGES_PROHIBITED", "GRCTAUDITBUCKETLIFECYCLECONFIGURATIONCHANGESPROHIBITED", "s3:PutLifecycleConfiguration"),
		detected("AUDIT_BUCKET_PUBLIC_READ_PROHIBITED", true),
		detected("AUDIT_BUCKET_PUBLIC_WRITE_PROHIBITED", true),
		detected("ENSURE_CLOUDTRAIL_ENABLED_ON_SHARED_ACCOUNTS", true),

		optional("AWS-GR_RESTRICT_ROOT_USER", "GRRESTRICTROOTUSER", statement{deny: all, resource: all, when: root}),
		optional("AWS-GR_RESTRICT_ROOT_USER_ACCESS_KEYS", "GRRESTRICTROOTUSERACCESSKEYS", statement{deny: []string{"iam:CreateAccessKey"}, resource: all, when: root}),
		optional("AWS-GR_RESTRICT_S3_CROSS_REGION_REPLICATION", "GRRESTRICTS3CROSSREGIONREPLICATION", statement{deny: []string{"s3:PutReplicationConfiguration"}, resource: all}),
		optional("AWS-GR_RESTRICT_S3_DELETE_WITHOUT_MFA", "GRRESTRICTS3DELETEWITHOUTMFA", statement{
			deny: []string{"s3:DeleteBucket", "s3:DeleteObject"}, resource: all, when: map[string]map[string][]string{"BoolIfExists": {"aws:MultiFactorAuthPresent": {"false"}}},
		}),
		optional("AWS-GR_DISALLOW_VPC_INTERNET_ACCESS", "GRDISALLOWVPCINTERNETACCESS", statement{
			deny: []string{"ec2:AttachEgressOnlyInternetGateway", "ec2:AttachInternetGateway", "ec2:CreateEgressOnlyInternetGateway", "ec2:CreateInternetGateway"}, resource: all,
		}),
		optional("AWS-GR_DISALLOW_CROSS_REGION_NETWORKING", "GRDISALLOWCROSSREGIONNETWORKING", statement{
			deny: []string{"ec2:AcceptVpcPeeringConnection", "ec2:CreateTransitGatewayPeeringAttachment", "ec2:CreateVpcPeeringConnection"}, resource: all,
		}),
		{
			name: "CT.MULTISERVICE.PV.1", opaque: "TKFQGXOBPOPS", behavior: preventive, sid: "CTMULTISERVICEPV1",
			parameters: []parameter{{"AllowedRegions", true}, {"ExemptedPrincipalArns", false}, {"ExemptedActions", false}},
		},
		detected("ENCRYPTED_VOLUMES", false),
		detected("EBS_OPTIMIZED_INSTANCE", false),
		detected("EC2_VOLUME_INUSE_CHECK", false),
		detected("IAM_USER_MFA_ENABLED", false),
		detected("MFA_ENABLED_FOR_IAM_CONSOLE_ACCESS", false),
		detected("RDS_INSTANCE_PUBLIC_ACCESS_CHECK", false),
		detected("RDS_STORAGE_ENCRYPTED", false),
		detected("RESTRICTED_SSH", false),
		detected("RESTRICTED_COMMON_PORTS", false),
		detected("ROOT_ACCOUNT_MFA_ENABLED", false),
		detected("S3_BUCKET_PUBLIC_READ_PROHIBITED", false),
		detected("S3_BUCKET_PUBLIC_WRITE_PROHIBITED", false),
		detected("S3_VERSIONING_ENABLED", false),
	}
}

// regionFree are the actions that the Region deny control lets through everywhere: services that are not of a Region.
var regionFree = []string{
	"account:*", "budgets:*", "ce:*", "cloudfront:*", "controltower:*", "iam:*", "identitystore:*", "importexport:*", "organizations:*", "route53:*", "route53domains:*",
	"s3:ListAllMyBuckets", "servicecatalog:*", "shield:*", "sso:*", "sso-directory:*", "sts:*", "support:*", "trustedadvisor:*", "wafv2:*",
}

// controlNamed finds a control by an identifier: Control Tower's ARN, or its id in the catalogue's.
func (s *Service) controlNamed(identifier string) (control, bool) {
	a, err := arn.Parse(identifier)
	if err != nil {
		return control{}, false
	}
	id, found := strings.CutPrefix(a.Resource, "control/")
	all := controls()
	i := slices.IndexFunc(all, func(c control) bool {
		return c.name == id && c.opaque == "" && a.Service == "controltower" || c.opaque == id && id != ""
	})
	if !found || i < 0 || a.Service == "controltower" && a.Region != s.config.Region || a.Service != "controltower" && a.Service != "controlcatalog" {
		return control{}, false
	}
	return all[i], true
}

// catalogued gives a control by its name.
func catalogued(name string) control {
	for _, c := range controls() {
		if c.name == name {
			return c
		}
	}
	return control{name: name}
}
