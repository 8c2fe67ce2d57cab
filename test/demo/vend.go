package main

import (
	"context"
	"fmt"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/credentials/stscreds"
	"github.com/aws/aws-sdk-go-v2/service/controltower"
	cttypes "github.com/aws/aws-sdk-go-v2/service/controltower/types"
	"github.com/aws/aws-sdk-go-v2/service/iam"
	"github.com/aws/aws-sdk-go-v2/service/servicecatalog"
	"github.com/aws/aws-sdk-go-v2/service/servicecatalog/types"
	"github.com/aws/aws-sdk-go-v2/service/sts"

	"accountfactory/test/harness"
)

const (
	roleName     = "DemoRequester"
	productName  = "AWS Control Tower Account Factory"
	accountEmail = "demo-account@example.com"
	ownerEmail   = "owner@example.com"
)

// makeRole makes the role that launches: an end user of Service Catalog who may have Control Tower create accounts.
func (d *demo) makeRole(ctx context.Context) error {
	role, err := d.admin.IAM.CreateRole(ctx, &iam.CreateRoleInput{RoleName: aws.String(roleName), AssumeRolePolicyDocument: aws.String(fmt.Sprintf(
		`{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":{"AWS":"arn:aws:iam::%s:root"},"Action":"sts:AssumeRole"}]}`, d.server.Account))})
	if err != nil {
		return err
	}
	if _, err := d.admin.IAM.AttachRolePolicy(ctx, &iam.AttachRolePolicyInput{
		RoleName: aws.String(roleName), PolicyArn: aws.String("arn:aws:iam::aws:policy/AWSServiceCatalogEndUserFullAccess"),
	}); err != nil {
		return err
	}
	if _, err := d.admin.IAM.PutRolePolicy(ctx, &iam.PutRolePolicyInput{
		RoleName: aws.String(roleName), PolicyName: aws.String("AccountFactory"),
		PolicyDocument: aws.String(`{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":["controltower:CreateManagedAccount","controltower:DescribeManagedAccount","controltower:ListEnabledBaselines"],"Resource":"*"}]}`),
	}); err != nil {
		return err
	}
	d.say("iam CreateRole, AttachRolePolicy, PutRolePolicy", "%s", aws.ToString(role.Role.Arn))
	return d.grant(ctx, aws.ToString(role.Role.Arn))
}

// grant puts the role into Account Factory's portfolio.
func (d *demo) grant(ctx context.Context, roleARN string) error {
	portfolios, err := d.admin.Catalog.ListPortfolios(ctx, &servicecatalog.ListPortfoliosInput{})
	if err != nil {
		return err
	}
	for _, p := range portfolios.PortfolioDetails {
		if aws.ToString(p.DisplayName) == productName+" Portfolio" {
			_, err := d.admin.Catalog.AssociatePrincipalWithPortfolio(ctx, &servicecatalog.AssociatePrincipalWithPortfolioInput{
				PortfolioId: p.Id, PrincipalARN: aws.String(roleARN), PrincipalType: types.PrincipalTypeIam,
			})
			d.say("servicecatalog AssociatePrincipalWithPortfolio", "%s", aws.ToString(p.Id))
			return err
		}
	}
	return fmt.Errorf("no portfolio of Account Factory among %d", len(portfolios.PortfolioDetails))
}

func (d *demo) assumeRole(ctx context.Context) error {
	provider := aws.NewCredentialsCache(stscreds.NewAssumeRoleProvider(d.admin.STS, "arn:aws:iam::"+d.server.Account+":role/"+roleName,
		func(o *stscreds.AssumeRoleOptions) { o.RoleSessionName = "requester" }))
	d.person = d.server.With(provider)
	who, err := d.person.STS.GetCallerIdentity(ctx, &sts.GetCallerIdentityInput{})
	if err != nil {
		return err
	}
	d.say("sts AssumeRole, GetCallerIdentity", "%s", aws.ToString(who.Arn))
	return nil
}

func (d *demo) findProduct(ctx context.Context) error {
	found, err := d.person.Catalog.SearchProducts(ctx, &servicecatalog.SearchProductsInput{Filters: map[string][]string{"FullTextSearch": {productName}}})
	if err != nil {
		return err
	}
	if len(found.ProductViewSummaries) != 1 {
		return fmt.Errorf("%d products found, want 1", len(found.ProductViewSummaries))
	}
	d.productID = aws.ToString(found.ProductViewSummaries[0].ProductId)
	d.say("servicecatalog SearchProducts", "%s %q", d.productID, aws.ToString(found.ProductViewSummaries[0].Name))
	product, err := d.person.Catalog.DescribeProduct(ctx, &servicecatalog.DescribeProductInput{Id: aws.String(d.productID)})
	if err != nil {
		return err
	}
	d.artifactID = aws.ToString(product.ProvisioningArtifacts[0].Id)
	paths, err := d.person.Catalog.ListLaunchPaths(ctx, &servicecatalog.ListLaunchPathsInput{ProductId: aws.String(d.productID)})
	if err != nil {
		return err
	}
	d.say("servicecatalog DescribeProduct, ListLaunchPaths", "version %s, %d path", d.artifactID, len(paths.LaunchPathSummaries))
	return nil
}

// describeParameters picks the Sandbox OU from the product's live allowed values.
func (d *demo) describeParameters(ctx context.Context) error {
	params, err := d.person.Catalog.DescribeProvisioningParameters(ctx, &servicecatalog.DescribeProvisioningParametersInput{
		ProductId: aws.String(d.productID), ProvisioningArtifactId: aws.String(d.artifactID),
	})
	if err != nil {
		return err
	}
	for _, p := range params.ProvisioningArtifactParameters {
		if aws.ToString(p.ParameterKey) == "ManagedOrganizationalUnit" && p.ParameterConstraints != nil {
			for _, v := range p.ParameterConstraints.AllowedValues {
				if len(v) > 7 && v[:7] == "Sandbox" {
					d.ou = v
				}
			}
		}
	}
	d.say("servicecatalog DescribeProvisioningParameters", "%d parameters, OU %q", len(params.ProvisioningArtifactParameters), d.ou)
	return nil
}

func (d *demo) launch(ctx context.Context) error {
	param := func(k, v string) types.ProvisioningParameter {
		return types.ProvisioningParameter{Key: aws.String(k), Value: aws.String(v)}
	}
	out, err := d.person.Catalog.ProvisionProduct(ctx, &servicecatalog.ProvisionProductInput{
		ProductId: aws.String(d.productID), ProvisioningArtifactId: aws.String(d.artifactID), ProvisionedProductName: aws.String("demo-account"),
		ProvisioningParameters: []types.ProvisioningParameter{
			param("AccountName", "demo-account"), param("AccountEmail", accountEmail), param("SSOUserFirstName", "Olive"),
			param("SSOUserLastName", "Owner"), param("SSOUserEmail", ownerEmail), param("ManagedOrganizationalUnit", d.ou),
		},
	})
	if err != nil {
		return err
	}
	d.recordID, d.provisionedID = aws.ToString(out.RecordDetail.RecordId), aws.ToString(out.RecordDetail.ProvisionedProductId)
	d.say("servicecatalog ProvisionProduct", "%s %s", d.recordID, out.RecordDetail.Status)
	return nil
}

// killInTheMiddle waits until the account is being worked on, as AWS shows it, kills the server, and starts it again.
func (d *demo) killInTheMiddle(ctx context.Context) error {
	err := harness.Poll(ctx, 50*time.Millisecond, func() (bool, error) {
		out, err := d.person.ControlTower.ListEnabledBaselines(ctx, &controltower.ListEnabledBaselinesInput{
			IncludeChildren: true, Filter: &cttypes.EnabledBaselineFilter{Statuses: []cttypes.EnablementStatus{cttypes.EnablementStatusUnderChange}},
		})
		return err == nil && len(out.EnabledBaselines) == 1, err
	})
	if err != nil {
		return err
	}
	d.say("controltower ListEnabledBaselines", "the new account is UNDER_CHANGE")
	data := d.server.Data
	d.server.Kill()
	d.say("kill -9", "the server is gone in the middle of the work")
	if err := d.start(ctx, data); err != nil {
		return err
	}
	return d.assumeRole(ctx)
}

func (d *demo) awaitResult(ctx context.Context) error {
	last := types.RecordStatus("")
	return harness.Poll(ctx, 100*time.Millisecond, func() (bool, error) {
		out, err := d.person.Catalog.DescribeRecord(ctx, &servicecatalog.DescribeRecordInput{Id: aws.String(d.recordID)})
		if err != nil {
			return false, err
		}
		if s := out.RecordDetail.Status; s != last {
			last = s
			d.say("servicecatalog DescribeRecord", "%s", s)
		}
		if last == types.RecordStatusFailed {
			return false, fmt.Errorf("the launch failed: %s", aws.ToString(out.RecordDetail.RecordErrors[0].Description))
		}
		for _, o := range out.RecordOutputs {
			if aws.ToString(o.OutputKey) == "AccountId" {
				d.accountID = aws.ToString(o.OutputValue)
			}
		}
		return last == types.RecordStatusSucceeded, nil
	})
}
