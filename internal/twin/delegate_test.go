package twin_test

import (
	"log/slog"
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/iam"
	"github.com/aws/aws-sdk-go-v2/service/organizations"
	"github.com/aws/aws-sdk-go-v2/service/organizations/types"

	"accountfactory/internal/twin"
	"accountfactory/test/harness"
)

// TestDelegationPolicy has a member manage tag policies, as the organization's resource policy grants, and nothing else. Its
// own account's policies must allow too.
func TestDelegationPolicy(t *testing.T) {
	t.Parallel()
	var log book
	f := setup(t, func(c *twin.Config) { c.Log = slog.New(slog.NewTextHandler(&log, nil)) })
	ctx, audit := t.Context(), *f.named(t, "Audit")
	member := f.enter(t, &audit)
	weak := f.weak(t, member)
	describe, err := f.Organizations.DescribeOrganization(ctx, &organizations.DescribeOrganizationInput{})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := f.Organizations.EnablePolicyType(ctx, &organizations.EnablePolicyTypeInput{RootId: f.root(t), PolicyType: types.PolicyTypeTagPolicy}); err != nil {
		t.Fatal(err)
	}
	listing := func(c *harness.Clients) error {
		_, err := c.Organizations.ListAccounts(ctx, &organizations.ListAccountsInput{})
		return err
	}
	wantCode(t, listing(member), "AccessDeniedException")

	arns := "arn:aws:organizations::" + account + ":"
	org := *describe.Organization.Id
	content := `{"Version":"2012-10-17","Statement":[
		{"Effect":"Allow","Principal":{"AWS":"arn:aws:iam::` + audit + `:root"},"Action":["organizations:List*","organizations:Describe*"],"Resource":"*"},
		{"Effect":"Allow","Principal":{"AWS":"` + audit + `"},"Action":["organizations:*Policy"],
		 "Resource":["` + arns + `policy/` + org + `/tag_policy/*","` + arns + `ou/` + org + `/*"],"Condition":{"StringLikeIfExists":{"organizations:PolicyType":"TAG_POLICY"}}},
		{"Sid":"NotThis","Effect":"Deny","Principal":"*","Action":"organizations:ListRoots","Resource":"*"}]}`
	if _, err := f.Organizations.PutResourcePolicy(ctx, &organizations.PutResourcePolicyInput{Content: &content}); err != nil {
		t.Fatal(err)
	}
	if err := listing(member); err != nil {
		t.Errorf("a read that is granted: %v", err)
	}
	err = listing(weak)
	wantCode(t, err, "AccessDeniedException")
	if err == nil || !strings.Contains(err.Error(), "no identity-based policy") {
		t.Errorf("a user without policies is told %v", err)
	}
	wantCode(t, listing(f.enter(t, f.named(t, "Log archive"))), "AccessDeniedException")

	create := func(kind types.PolicyType, content string) (*string, error) {
		out, err := member.Organizations.CreatePolicy(ctx, &organizations.CreatePolicyInput{Name: aws.String(string(kind)), Description: aws.String(""), Type: kind, Content: &content})
		if err != nil {
			return nil, err
		}
		return out.Policy.PolicySummary.Id, nil
	}
	id, err := create(types.PolicyTypeTagPolicy, `{"tags":{"k":{"tag_key":{"@@assign":"K"}}}}`)
	if err != nil {
		t.Fatalf("make a tag policy: %v", err)
	}
	_, err = create(types.PolicyTypeServiceControlPolicy, denyDocument)
	wantCode(t, err, "AccessDeniedException")
	attach := func(target string) error {
		_, err := member.Organizations.AttachPolicy(ctx, &organizations.AttachPolicyInput{PolicyId: id, TargetId: &target})
		return err
	}
	if err := attach(*f.findOU(t, "Sandbox").Id); err != nil {
		t.Errorf("attach it to an OU: %v", err)
	}
	wantCode(t, attach(*f.root(t)), "AccessDeniedException")
	_, err = member.Organizations.CreateOrganizationalUnit(ctx, &organizations.CreateOrganizationalUnitInput{ParentId: f.root(t), Name: aws.String("x")})
	wantCode(t, err, "AccessDeniedException")

	roots := func(c *harness.Clients) error {
		_, err := c.Organizations.ListRoots(ctx, &organizations.ListRootsInput{})
		return err
	}
	err = roots(member)
	wantCode(t, err, "AccessDeniedException")
	if err == nil || !strings.Contains(err.Error(), "with an explicit deny in a resource-based policy") || !strings.Contains(log.String(), "NotThis") {
		t.Errorf("what is denied is told %v", err)
	}
	if err := roots(f.Clients); err != nil {
		t.Errorf("the management account, which the policy is not about: %v", err)
	}
	if _, err := f.Organizations.DeleteResourcePolicy(ctx, &organizations.DeleteResourcePolicyInput{}); err != nil {
		t.Fatal(err)
	}
	wantCode(t, listing(member), "AccessDeniedException")
}

// weak gives the clients of a user of a member who may do nothing.
func (f *fixture) weak(t *testing.T, c *harness.Clients) *harness.Clients {
	t.Helper()
	ctx, name := t.Context(), aws.String("weak")
	if _, err := c.IAM.CreateUser(ctx, &iam.CreateUserInput{UserName: name}); err != nil {
		t.Fatal(err)
	}
	k, err := c.IAM.CreateAccessKey(ctx, &iam.CreateAccessKeyInput{UserName: name})
	if err != nil {
		t.Fatal(err)
	}
	return f.as(*k.AccessKey.AccessKeyId, *k.AccessKey.SecretAccessKey, "")
}
