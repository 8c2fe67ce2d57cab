package twin_test

import (
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/organizations"
	"github.com/aws/aws-sdk-go-v2/service/organizations/types"

	"accountfactory/test/harness"
)

const denyDocument = `{"Version":"2012-10-17","Statement":[{"Effect":"Deny","Action":"s3:*","Resource":"*"}]}`

// organizationTags gives how resources of the organization are tagged.
func (f *fixture) organizationTags(t *testing.T) (tag func(id, key string) error, tags func(id string) ([]string, error)) {
	t.Helper()
	tag = func(id, key string) error {
		_, err := f.Organizations.TagResource(t.Context(), &organizations.TagResourceInput{ResourceId: &id, Tags: []types.Tag{{Key: &key, Value: aws.String("")}}})
		return err
	}
	tags = func(id string) (keys []string, err error) {
		out, err := f.Organizations.ListTagsForResource(t.Context(), &organizations.ListTagsForResourceInput{ResourceId: &id})
		if err != nil {
			return nil, err
		}
		for _, tag := range out.Tags {
			keys = append(keys, *tag.Key)
		}
		return keys, nil
	}
	return tag, tags
}

func (f *fixture) organizationNouns(t *testing.T) []noun {
	t.Helper()
	tag, tags := f.organizationTags(t)
	nouns := []noun{f.ouNoun(t), f.resourcePolicyNoun(t)}
	for kind, content := range policyContents {
		nouns = append(nouns, f.policyNoun(t, kind, content))
	}
	for i := range nouns {
		nouns[i].tag, nouns[i].tags = tag, tags
	}
	return append(nouns, f.attachmentNoun(t))
}

// policyContents are documents of each type of policy.
var policyContents = map[types.PolicyType]string{
	types.PolicyTypeServiceControlPolicy:          denyDocument,
	types.PolicyTypeResourceControlPolicy:         `{"Version":"2012-10-17","Statement":[{"Effect":"Deny","Principal":"*","Action":"s3:*","Resource":"*"}]}`,
	types.PolicyTypeTagPolicy:                     `{"tags":{"team":{"tag_key":{"@@assign":"Team"}}}}`,
	types.PolicyTypeBackupPolicy:                  `{"plans":{"daily":{"regions":{"@@append":["eu-central-1"]}}}}`,
	types.PolicyTypeAiservicesOptOutPolicy:        `{"services":{"default":{"opt_out_policy":{"@@assign":"optOut"}}}}`,
	types.PolicyTypeChatbotPolicy:                 `{"chatbot":{"platforms":{"slack":{"client":{"@@assign":"disabled"}}}}}`,
	types.PolicyTypeDeclarativePolicyEc2:          `{"ec2_attributes":{"serial_console_access":{"status":{"@@assign":"disabled"}}}}`,
	types.PolicyTypeSecurityhubPolicy:             `{"securityhub":{"enable_in_regions":{"@@append":["eu-central-1"]}}}`,
	types.PolicyTypeInspectorPolicy:               `{"inspector":{"enablement":{"ec2_scanning":{"enable_in_regions":{"@@assign":["eu-central-1"]}}}}}`,
	types.PolicyTypeUpgradeRolloutPolicy:          `{"upgrade_rollout":{"default":{"patch_order":{"@@assign":"last"}}}}`,
	types.PolicyTypeBedrockPolicy:                 `{"bedrock":{"guardrail_inference":{"eu-central-1":{"config":{"input_tags":{"@@assign":"honor"}}}}}}`,
	types.PolicyTypeS3Policy:                      `{"s3_attributes":{"public_access_block_configuration":{"@@assign":"all"}}}`,
	types.PolicyTypeNetworkSecurityDirectorPolicy: `{"network_security_director":{"enablement":{"network_security_scan":{"enable_in_regions":{"@@assign":["us-east-1"]}}}}}`,
	types.PolicyTypeGuarddutyPolicy:               `{"guardduty":{"default":{"foundational":{"@@assign":"enabled"}}}}`,
}

func (f *fixture) ouNoun(t *testing.T) noun {
	t.Helper()
	ctx, root := t.Context(), f.root(t)
	return noun{
		kind: "organizational unit", gone: "OrganizationalUnitNotFoundException", denied: "AccessDeniedException",
		create: func(name string) (string, error) {
			out, err := f.Organizations.CreateOrganizationalUnit(ctx, &organizations.CreateOrganizationalUnitInput{ParentId: root, Name: &name})
			if err != nil {
				return "", err
			}
			return *out.OrganizationalUnit.Id, nil
		},
		read: func(c *harness.Clients, id string) (string, string, error) {
			out, err := c.Organizations.DescribeOrganizationalUnit(ctx, &organizations.DescribeOrganizationalUnitInput{OrganizationalUnitId: &id})
			if err != nil {
				return "", "", err
			}
			return *out.OrganizationalUnit.Name, *out.OrganizationalUnit.Name, nil
		},
		update: func(id, to string) error {
			_, err := f.Organizations.UpdateOrganizationalUnit(ctx, &organizations.UpdateOrganizationalUnitInput{OrganizationalUnitId: &id, Name: &to})
			return err
		},
		page: func(token *string) (ids []string, next *string, err error) {
			out, err := f.Organizations.ListOrganizationalUnitsForParent(ctx, &organizations.ListOrganizationalUnitsForParentInput{
				ParentId: root, MaxResults: aws.Int32(2), NextToken: token,
			})
			if err != nil {
				return nil, nil, err
			}
			for _, ou := range out.OrganizationalUnits {
				ids = append(ids, *ou.Id)
			}
			return ids, out.NextToken, nil
		},
		delete: func(id string) error {
			_, err := f.Organizations.DeleteOrganizationalUnit(ctx, &organizations.DeleteOrganizationalUnitInput{OrganizationalUnitId: &id})
			return err
		},
	}
}

func (f *fixture) policyNoun(t *testing.T, of types.PolicyType, content string) noun {
	t.Helper()
	ctx := t.Context()
	return noun{
		kind: "policy " + string(of), gone: "PolicyNotFoundException", denied: "AccessDeniedException",
		create: func(name string) (string, error) {
			out, err := f.Organizations.CreatePolicy(ctx, &organizations.CreatePolicyInput{
				Name: &name, Description: aws.String(""), Type: of, Content: &content,
			})
			if err != nil {
				return "", err
			}
			return *out.Policy.PolicySummary.Id, nil
		},
		read: func(c *harness.Clients, id string) (string, string, error) {
			out, err := c.Organizations.DescribePolicy(ctx, &organizations.DescribePolicyInput{PolicyId: &id})
			if err != nil {
				return "", "", err
			}
			return *out.Policy.PolicySummary.Name, *out.Policy.PolicySummary.Description, nil
		},
		update: func(id, to string) error {
			_, err := f.Organizations.UpdatePolicy(ctx, &organizations.UpdatePolicyInput{PolicyId: &id, Description: &to})
			return err
		},
		page: func(token *string) (ids []string, next *string, err error) {
			out, err := f.Organizations.ListPolicies(ctx, &organizations.ListPoliciesInput{
				Filter: of, MaxResults: aws.Int32(2), NextToken: token,
			})
			if err != nil {
				return nil, nil, err
			}
			for _, p := range out.Policies {
				ids = append(ids, *p.Id)
			}
			return ids, out.NextToken, nil
		},
		delete: func(id string) error {
			_, err := f.Organizations.DeletePolicy(ctx, &organizations.DeletePolicyInput{PolicyId: &id})
			return err
		},
	}
}
