package twin_test

import (
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/controltower"
	"github.com/aws/aws-sdk-go-v2/service/iam"
	"github.com/aws/aws-sdk-go-v2/service/servicecatalog"
	"github.com/aws/aws-sdk-go-v2/service/servicecatalog/types"
)

// TestOU_ProductsOwner: the product of an account that was enrolled with its OU is the role's behind the session that had the
// OU registered, so that the role's other sessions reach it too.
func TestOU_ProductsOwner(t *testing.T) {
	t.Parallel()
	f := setup(t)
	const role = "arn:aws:iam::" + account + ":role/Operator"
	check[*iam.CreateRoleOutput](t)(f.IAM.CreateRole(t.Context(), &iam.CreateRoleInput{
		RoleName:                 aws.String("Operator"),
		AssumeRolePolicyDocument: aws.String(`{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":{"AWS":"` + account + `"},"Action":"sts:AssumeRole"}]}`),
	}))
	check[*iam.AttachRolePolicyOutput](t)(f.IAM.AttachRolePolicy(t.Context(), &iam.AttachRolePolicyInput{
		RoleName: aws.String("Operator"), PolicyArn: aws.String("arn:aws:iam::aws:policy/AdministratorAccess"),
	}))
	portfolios := check[*servicecatalog.ListPortfoliosOutput](t)(f.Catalog.ListPortfolios(t.Context(), &servicecatalog.ListPortfoliosInput{}))
	check[*servicecatalog.AssociatePrincipalWithPortfolioOutput](t)(f.Catalog.AssociatePrincipalWithPortfolio(t.Context(), &servicecatalog.AssociatePrincipalWithPortfolioInput{
		PortfolioId: portfolios.PortfolioDetails[0].Id, PrincipalARN: aws.String(role), PrincipalType: types.PrincipalTypeIam,
	}))
	team := f.makeOU(t, "Team")
	f.move(t, f.member(t, "mine", "OrganizationAccountAccessRole"), team)
	operator := f.in(t, account, "Operator")
	out := check[*controltower.EnableBaselineOutput](t)(operator.ControlTower.EnableBaseline(t.Context(), &controltower.EnableBaselineInput{
		BaselineIdentifier: aws.String(baselineID), BaselineVersion: aws.String("4.0"), TargetIdentifier: f.findOU(t, "Team").Arn, Parameters: f.identity(t),
	}))
	f.baselineEnds(t, out.OperationIdentifier, "SUCCEEDED")
	found := check[*servicecatalog.SearchProvisionedProductsOutput](t)(operator.Catalog.SearchProvisionedProducts(t.Context(), &servicecatalog.SearchProvisionedProductsInput{
		AccessLevelFilter: &types.AccessLevelFilter{Key: types.AccessLevelFilterKeyRole, Value: aws.String("self")},
	})).ProvisionedProducts
	if len(found) != 1 || *found[0].UserArn != role || *found[0].UserArnSession != "arn:aws:sts::"+account+":assumed-role/Operator/test" {
		t.Errorf("the role has %+v", found)
	}
}
