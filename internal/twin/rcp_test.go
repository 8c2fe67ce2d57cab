package twin_test

import (
	"log/slog"
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/iam"
	"github.com/aws/aws-sdk-go-v2/service/organizations"
	"github.com/aws/aws-sdk-go-v2/service/organizations/types"
	"github.com/aws/aws-sdk-go-v2/service/sts"

	"accountfactory/internal/twin"
	"accountfactory/test/harness"
)

// TestDenyingRCP holds that a resource control policy keeps roles of members, not those of the management account, from being
// assumed by anybody, callers of the management account included; and that the log names its statement.
func TestDenyingRCP(t *testing.T) {
	t.Parallel()
	var log book
	f := setup(t, func(c *twin.Config) { c.Log = slog.New(slog.NewTextHandler(&log, nil)) })
	ctx, root, audit := t.Context(), f.root(t), *f.named(t, "Audit")
	inside := f.enter(t, &audit)
	if _, err := f.Organizations.EnablePolicyType(ctx, &organizations.EnablePolicyTypeInput{RootId: root, PolicyType: types.PolicyTypeResourceControlPolicy}); err != nil {
		t.Fatal(err)
	}
	assume := func(c *harness.Clients, account string) error {
		_, err := c.STS.AssumeRole(ctx, &sts.AssumeRoleInput{
			RoleArn: aws.String("arn:aws:iam::" + account + ":role/AWSControlTowerExecution"), RoleSessionName: aws.String("test"),
		})
		return err
	}
	if err := assume(f.Clients, audit); err != nil {
		t.Fatalf("while only RCPFullAWSAccess is attached: %v", err)
	}
	made, err := f.Organizations.CreatePolicy(ctx, &organizations.CreatePolicyInput{
		Name: aws.String("Closed"), Description: aws.String(""), Type: types.PolicyTypeResourceControlPolicy,
		Content: aws.String(`{"Version":"2012-10-17","Statement":[{"Sid":"NoRoles","Effect":"Deny","Principal":"*","Action":"sts:AssumeRole","Resource":"*"}]}`),
	})
	if err != nil {
		t.Fatal(err)
	}
	policy := made.Policy.PolicySummary
	if _, err := f.Organizations.AttachPolicy(ctx, &organizations.AttachPolicyInput{PolicyId: policy.Id, TargetId: root}); err != nil {
		t.Fatal(err)
	}
	for name, c := range map[string]*harness.Clients{"the management account": f.Clients, "the member itself": inside} {
		err := assume(c, audit)
		wantCode(t, err, "AccessDenied")
		if err == nil || !strings.Contains(err.Error(), "with an explicit deny in a resource control policy") {
			t.Errorf("%s is told %v", name, err)
		}
	}
	if text, want := log.String(), "denied by statement 1 (NoRoles) of resource control policy "+*policy.Arn; !strings.Contains(text, want) {
		t.Errorf("the log does not say %q:\n%s", want, text)
	}
	role, err := f.IAM.CreateRole(ctx, &iam.CreateRoleInput{RoleName: aws.String("own"), AssumeRolePolicyDocument: aws.String(
		`{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":{"AWS":"` + account + `"},"Action":"sts:AssumeRole"}]}`)})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := f.STS.AssumeRole(ctx, &sts.AssumeRoleInput{RoleArn: role.Role.Arn, RoleSessionName: aws.String("test")}); err != nil {
		t.Errorf("a role of the management account: %v", err)
	}
	if _, err := inside.STS.GetCallerIdentity(ctx, &sts.GetCallerIdentityInput{}); err != nil {
		t.Errorf("what needs no permission: %v", err)
	}
	if _, err := f.Organizations.DetachPolicy(ctx, &organizations.DetachPolicyInput{PolicyId: policy.Id, TargetId: root}); err != nil {
		t.Fatal(err)
	}
	if err := assume(f.Clients, audit); err != nil {
		t.Errorf("after it is detached: %v", err)
	}
}
