package client

import (
	"context"
	"fmt"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/iam"
	"github.com/aws/aws-sdk-go-v2/service/organizations"
	"github.com/aws/aws-sdk-go-v2/service/servicecatalog"
	"github.com/aws/aws-sdk-go-v2/service/servicecatalog/types"
	"github.com/aws/aws-sdk-go-v2/service/ssoadmin"

	"accountfactory/test/harness"
)

// world is a server with a role that may launch, and five OUs to page through.
type world struct {
	server        *harness.Process
	admin         *harness.Clients
	management    keys
	role          string // ARN
	sandbox       string // OU id
	instance      string // of Identity Center, ARN
	identityStore string
}

// requesterPolicy lets the role launch, and read what came of it.
const requesterPolicy = `{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Resource":"*","Action":[
	"controltower:CreateManagedAccount","controltower:DescribeManagedAccount","organizations:Describe*","organizations:List*",
	"sso:List*","sso:Describe*","identitystore:Describe*","identitystore:GetUserId","iam:GetRole"]}]}`

func newWorld(t *testing.T, args ...string) *world {
	t.Helper()
	ctx := t.Context()
	w := &world{server: harness.Run(t, "twin", args...)}
	var err error
	if w.admin, err = w.server.Management(ctx); err != nil {
		t.Fatal(err)
	}
	creds, err := w.admin.Config.Credentials.Retrieve(ctx)
	if err != nil {
		t.Fatal(err)
	}
	w.management = keys{ID: creds.AccessKeyID, Secret: creds.SecretAccessKey}
	for _, step := range []func(context.Context) error{w.makeRole, w.grant, w.makeOUs, w.findInstance} {
		if err := step(ctx); err != nil {
			t.Fatal(err)
		}
	}
	return w
}

func (w *world) makeRole(ctx context.Context) error {
	name := aws.String("Requester")
	out, err := w.admin.IAM.CreateRole(ctx, &iam.CreateRoleInput{RoleName: name, AssumeRolePolicyDocument: aws.String(trust(w.server.Account))})
	if err != nil {
		return err
	}
	w.role = aws.ToString(out.Role.Arn)
	if _, err := w.admin.IAM.AttachRolePolicy(ctx, &iam.AttachRolePolicyInput{RoleName: name, PolicyArn: aws.String("arn:aws:iam::aws:policy/AWSServiceCatalogEndUserFullAccess")}); err != nil {
		return err
	}
	_, err = w.admin.IAM.PutRolePolicy(ctx, &iam.PutRolePolicyInput{RoleName: name, PolicyName: aws.String("Launch"), PolicyDocument: aws.String(requesterPolicy)})
	return err
}

// trust lets an account's principals assume a role.
func trust(account string) string {
	return fmt.Sprintf(`{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":{"AWS":"arn:aws:iam::%s:root"},"Action":"sts:AssumeRole"}]}`, account)
}

func (w *world) grant(ctx context.Context) error {
	out, err := w.admin.Catalog.ListPortfolios(ctx, &servicecatalog.ListPortfoliosInput{})
	if err != nil {
		return err
	}
	_, err = w.admin.Catalog.AssociatePrincipalWithPortfolio(ctx, &servicecatalog.AssociatePrincipalWithPortfolioInput{
		PortfolioId: out.PortfolioDetails[0].Id, PrincipalARN: aws.String(w.role), PrincipalType: types.PrincipalTypeIam,
	})
	return err
}

func (w *world) makeOUs(ctx context.Context) error {
	roots, err := w.admin.Organizations.ListRoots(ctx, &organizations.ListRootsInput{})
	if err != nil {
		return err
	}
	ous, err := w.admin.Organizations.ListOrganizationalUnitsForParent(ctx, &organizations.ListOrganizationalUnitsForParentInput{ParentId: roots.Roots[0].Id})
	if err != nil {
		return err
	}
	for _, ou := range ous.OrganizationalUnits {
		if aws.ToString(ou.Name) == "Sandbox" {
			w.sandbox = aws.ToString(ou.Id)
		}
	}
	for i := range 5 {
		if _, err := w.admin.Organizations.CreateOrganizationalUnit(ctx, &organizations.CreateOrganizationalUnitInput{
			ParentId: &w.sandbox, Name: aws.String(fmt.Sprintf("Team %d", i)),
		}); err != nil {
			return err
		}
	}
	return nil
}

func (w *world) findInstance(ctx context.Context) error {
	out, err := w.admin.SSOAdmin.ListInstances(ctx, &ssoadmin.ListInstancesInput{})
	if err != nil {
		return err
	}
	w.instance, w.identityStore = aws.ToString(out.Instances[0].InstanceArn), aws.ToString(out.Instances[0].IdentityStoreId)
	return nil
}
