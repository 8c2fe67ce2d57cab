package permission

import (
	"encoding/json"
	"errors"
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/credentials"
	"github.com/aws/aws-sdk-go-v2/service/iam"
	"github.com/aws/aws-sdk-go-v2/service/servicecatalog"
	sctypes "github.com/aws/aws-sdk-go-v2/service/servicecatalog/types"
	"github.com/aws/aws-sdk-go-v2/service/sts"

	"accountfactory/internal/cloud"
	"accountfactory/internal/factory"
	"accountfactory/test/harness"
)

// TestSetup: who has the set-up's policy makes the role, twice; without any one of its statements it is denied.
func TestSetup(t *testing.T) {
	t.Parallel()
	r := open(t, factory.ByServiceCatalog, true)
	org, all := r.server.Identity().OrganizationID, r.server.Scope().SetupPermissions()
	id, key := r.user("setup", all)
	setup := func() error {
		c, err := r.connect(id, key, org)
		if err != nil {
			return err
		}
		return c.EnsureRole(r.ctx, cloud.ByServiceCatalog)
	}
	for range 2 {
		r.must(setup())
	}
	for _, p := range all {
		r.allowUser("setup", less(all, p.Sid))
		if err := setup(); err == nil || !strings.Contains(err.Error(), p.Actions[0]) {
			t.Errorf("without %s: %v", p.Sid, err)
		}
	}
}

// TestRequester: one action and the portfolio is what it takes to ask for an account.
func TestRequester(t *testing.T) {
	t.Parallel()
	r := open(t, factory.ByServiceCatalog, true)
	id, key := r.user("requester", r.server.Scope().RequesterPermissions())
	who := factory.Caller{ARN: "arn:aws:iam::" + management + ":user/requester", AccountID: management}
	r.principal(who.ARN)
	cfg := r.Config.Copy()
	cfg.Credentials = credentials.NewStaticCredentialsProvider(id, key, "")
	theirs := harness.NewClients(cfg)
	if _, err := r.svc.Submit(r.ctx, who, theirs.Catalog, launch()); err != nil {
		t.Error(err)
	}
	r.allowUser("requester", r.server.Scope().SetupPermissions()[:1])
	var denied *factory.DeniedError
	if _, err := r.svc.Submit(r.ctx, who, theirs.Catalog, launch()); !errors.As(err, &denied) || !strings.Contains(err.Error(), "servicecatalog:ListLaunchPaths") {
		t.Errorf("without it: %v", err)
	}
}

// principal adds somebody to Account Factory's portfolio.
func (r *rig) principal(arn string) {
	r.t.Helper()
	all, err := r.Catalog.ListPortfolios(r.ctx, &servicecatalog.ListPortfoliosInput{})
	r.must(err)
	for _, p := range all.PortfolioDetails {
		_, err := r.Catalog.AssociatePrincipalWithPortfolio(r.ctx, &servicecatalog.AssociatePrincipalWithPortfolioInput{
			PortfolioId: p.Id, PrincipalARN: &arn, PrincipalType: sctypes.PrincipalTypeIam,
		})
		r.must(err)
	}
}

const outsider = "ROLE-OF-THE-SERVER" // what the page calls it

// TestOutside: a server in a member account works from a role of the management account, by one action and an external id.
func TestOutside(t *testing.T) {
	t.Parallel()
	r := open(t, factory.ByOrganizations, false)
	r.succeeds(launch())
	member := r.account()
	in, err := r.STS.AssumeRole(r.ctx, &sts.AssumeRoleInput{RoleArn: aws.String("arn:aws:iam::" + member + ":role/" + cloud.ExecutionRole), RoleSessionName: aws.String("test")})
	r.must(err)
	cfg := r.Config.Copy()
	cfg.Credentials = credentials.NewStaticCredentialsProvider(*in.Credentials.AccessKeyId, *in.Credentials.SecretAccessKey, *in.Credentials.SessionToken)
	id, key := r.userOf(harness.NewClients(cfg).IAM, "server", r.server.Scope().OutsidePermissions())
	role := r.trusting(member)
	connect := func(externalID string) error {
		r.server, err = r.connect(id, key, r.setup.Identity().OrganizationID, func(c *cloud.Config) { c.RoleARN, c.ExternalID = role, externalID })
		return err
	}
	if err := connect("guessed"); err == nil {
		t.Error("another external id does as well")
	}
	r.must(connect("agreed"))
	r.renew()
	r.succeeds(about(factory.KindUpdate, func(in *factory.Input) { in.OU = "Security" }))
}

// trusting makes the server's role in the management account, for an account that knows the external id.
func (r *rig) trusting(member string) string {
	r.t.Helper()
	trust, err := json.Marshal(map[string]any{"Version": "2012-10-17", "Statement": []any{map[string]any{
		"Effect": "Allow", "Action": "sts:AssumeRole", "Principal": map[string]any{"AWS": "arn:aws:iam::" + member + ":root"},
		"Condition": map[string]any{"StringEquals": map[string]any{"sts:ExternalId": "agreed"}},
	}}})
	r.must(err)
	made, err := r.IAM.CreateRole(r.ctx, &iam.CreateRoleInput{RoleName: aws.String(outsider), AssumeRolePolicyDocument: aws.String(string(trust))})
	r.must(err)
	policy, err := cloud.Policy(r.server.Scope().ServerPermissions(string(r.way)))
	r.must(err)
	_, err = r.IAM.PutRolePolicy(r.ctx, &iam.PutRolePolicyInput{RoleName: aws.String(outsider), PolicyName: aws.String(policyName), PolicyDocument: &policy})
	r.must(err)
	return *made.Role.Arn
}
