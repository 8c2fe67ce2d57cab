package twin_test

import (
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/organizations"
	"github.com/aws/aws-sdk-go-v2/service/organizations/types"

	"accountfactory/test/harness"
)

const denyDocument = `{"Version":"2012-10-17","Statement":[{"Effect":"Deny","Action":"s3:*","Resource":"*"}]}`

func (f *fixture) organizationNouns(t *testing.T) []noun {
	t.Helper()
	tag := func(id, key string) error {
		_, err := f.Organizations.TagResource(t.Context(), &organizations.TagResourceInput{ResourceId: &id, Tags: []types.Tag{{Key: &key, Value: aws.String("")}}})
		return err
	}
	tags := func(id string) (keys []string, err error) {
		out, err := f.Organizations.ListTagsForResource(t.Context(), &organizations.ListTagsForResourceInput{ResourceId: &id})
		if err != nil {
			return nil, err
		}
		for _, tag := range out.Tags {
			keys = append(keys, *tag.Key)
		}
		return keys, nil
	}
	ou, scp := f.ouNoun(t), f.policyNoun(t)
	ou.tag, ou.tags, scp.tag, scp.tags = tag, tags, tag, tags
	return []noun{ou, scp}
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

func (f *fixture) policyNoun(t *testing.T) noun {
	t.Helper()
	ctx := t.Context()
	return noun{
		kind: "service control policy", gone: "PolicyNotFoundException", denied: "AccessDeniedException",
		create: func(name string) (string, error) {
			out, err := f.Organizations.CreatePolicy(ctx, &organizations.CreatePolicyInput{
				Name: &name, Description: aws.String(""), Type: types.PolicyTypeServiceControlPolicy, Content: aws.String(denyDocument),
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
				Filter: types.PolicyTypeServiceControlPolicy, MaxResults: aws.Int32(2), NextToken: token,
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
