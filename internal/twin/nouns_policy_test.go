package twin_test

import (
	"encoding/json"
	"slices"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/organizations"
	"github.com/aws/aws-sdk-go-v2/service/organizations/types"

	"accountfactory/test/harness"
)

// attachmentNoun is an attachment to the OU Sandbox, which goes by its policy's id. AWS has no read of a single one; that it is
// gone is what detaching says.
func (f *fixture) attachmentNoun(t *testing.T) noun {
	t.Helper()
	ctx, target, made := t.Context(), f.findOU(t, "Sandbox").Id, map[string]*string{}
	detach := func(c *harness.Clients, id string) error {
		_, err := c.Organizations.DetachPolicy(ctx, &organizations.DetachPolicyInput{PolicyId: &id, TargetId: target})
		return err
	}
	return noun{
		kind: "attachment", gone: "PolicyNotAttachedException", denied: "AccessDeniedException",
		create: func(name string) (string, error) {
			if made[name] == nil {
				out, err := f.Organizations.CreatePolicy(ctx, &organizations.CreatePolicyInput{
					Name: aws.String("attached " + name), Description: aws.String(""), Type: types.PolicyTypeServiceControlPolicy, Content: aws.String(denyDocument),
				})
				if err != nil {
					return "", err
				}
				made[name] = out.Policy.PolicySummary.Id
			}
			_, err := f.Organizations.AttachPolicy(ctx, &organizations.AttachPolicyInput{PolicyId: made[name], TargetId: target})
			return *made[name], err
		},
		read: func(c *harness.Clients, id string) (string, string, error) {
			out, err := c.Organizations.ListTargetsForPolicy(ctx, &organizations.ListTargetsForPolicyInput{PolicyId: &id})
			if err != nil {
				return "", "", err
			}
			if !slices.ContainsFunc(out.Targets, func(s types.PolicyTargetSummary) bool { return *s.TargetId == *target && *s.Name == "Sandbox" }) {
				return "", "", detach(c, id)
			}
			for name, policy := range made {
				if *policy == id {
					return name, "", nil
				}
			}
			return "", "", nil
		},
		page: func(token *string) (ids []string, next *string, err error) {
			out, err := f.Organizations.ListPoliciesForTarget(ctx, &organizations.ListPoliciesForTargetInput{
				TargetId: target, Filter: types.PolicyTypeServiceControlPolicy, MaxResults: aws.Int32(2), NextToken: token,
			})
			if err != nil {
				return nil, nil, err
			}
			for _, p := range out.Policies {
				ids = append(ids, *p.Id)
			}
			return ids, out.NextToken, nil
		},
		delete: func(id string) error { return detach(f.Clients, id) },
	}
}

// resourcePolicyNoun is the organization's resource policy; its name is its statement's.
func (f *fixture) resourcePolicyNoun(t *testing.T) noun {
	t.Helper()
	ctx := t.Context()
	put := func(sid string) (string, error) {
		out, err := f.Organizations.PutResourcePolicy(ctx, &organizations.PutResourcePolicyInput{Content: aws.String(
			`{"Version":"2012-10-17","Statement":[{"Sid":"` + sid + `","Effect":"Allow","Principal":"*","Action":"organizations:ListRoots","Resource":"*"}]}`)})
		if err != nil {
			return "", err
		}
		return *out.ResourcePolicy.ResourcePolicySummary.Id, nil
	}
	return noun{
		kind: "resource policy", gone: "ResourcePolicyNotFoundException", denied: "AccessDeniedException", most: 1, puts: true,
		create: put,
		read: func(c *harness.Clients, id string) (string, string, error) {
			out, err := c.Organizations.DescribeResourcePolicy(ctx, &organizations.DescribeResourcePolicyInput{})
			if err != nil {
				return "", "", err
			}
			if *out.ResourcePolicy.ResourcePolicySummary.Id != id {
				t.Errorf("read %s, want %s", *out.ResourcePolicy.ResourcePolicySummary.Id, id)
			}
			var doc struct{ Statement []struct{ Sid string } }
			err = json.Unmarshal([]byte(*out.ResourcePolicy.Content), &doc)
			return doc.Statement[0].Sid, doc.Statement[0].Sid, err
		},
		update: func(id, to string) error {
			got, err := put(to)
			if err == nil && got != id {
				t.Errorf("changed, it is %s, and was %s", got, id)
			}
			return err
		},
		delete: func(string) error {
			_, err := f.Organizations.DeleteResourcePolicy(ctx, &organizations.DeleteResourcePolicyInput{})
			return err
		},
	}
}
