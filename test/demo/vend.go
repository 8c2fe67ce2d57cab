package main

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/servicecatalog"
	"github.com/aws/aws-sdk-go-v2/service/servicecatalog/types"

	"accountfactory/test/harness"
)

const (
	productName  = "AWS Control Tower Account Factory"
	endUserRole  = "AWSServiceCatalogEndUserAccess"
	ownerRole    = "AWSAdministratorAccess"
	accountName  = "demo-account"
	accountEmail = "demo-account@example.com"
	ownerEmail   = "owner@example.com"
)

// product is what a launch is about.
type product struct {
	id, artifact, ou, record, provisioned string
}

func (d *demo) requesterSignsIn(ctx context.Context) (err error) {
	d.requester, err = d.signIn(ctx, "P1", "requester@example.com")
	return err
}

func (d *demo) chooseAccount(ctx context.Context) error {
	all, err := d.accounts(ctx, d.requester)
	if err != nil {
		return err
	}
	if len(all) != 1 || aws.ToString(all[0].AccountId) != d.server.Account {
		return fmt.Errorf("the portal shows %v, want the management account alone", all)
	}
	d.say("P2", "sso ListAccounts", "AWS Account: %d account", len(all))
	d.say("P3", "", "%s %s (Management)", aws.ToString(all[0].AccountId), aws.ToString(all[0].EmailAddress))
	if err := d.open(ctx, d.requester, d.server.Account, endUserRole); err != nil {
		return err
	}
	d.say("P4", "sso ListAccountRoles, GetRoleCredentials", "%s", endUserRole)
	return nil
}

// checkRegion looks elsewhere first: the product is in the home Region alone.
func (d *demo) checkRegion(ctx context.Context) error {
	elsewhere := func(o *servicecatalog.Options) { o.Region = "ap-southeast-2" }
	out, err := d.clients(d.requester).Catalog.SearchProducts(ctx, &servicecatalog.SearchProductsInput{}, elsewhere)
	if err != nil {
		return err
	}
	if n := len(out.ProductViewSummaries); n != 0 {
		return fmt.Errorf("%d products outside of the home Region", n)
	}
	d.say("P5", "servicecatalog SearchProducts", "nothing in ap-southeast-2; the home Region is %s", d.server.Region)
	return nil
}

func (d *demo) findProduct(ctx context.Context) error {
	catalog := d.clients(d.requester).Catalog
	found, err := catalog.SearchProducts(ctx, &servicecatalog.SearchProductsInput{Filters: map[string][]string{"FullTextSearch": {productName}}})
	if err != nil {
		return err
	}
	if len(found.ProductViewSummaries) != 1 {
		return fmt.Errorf("%d products found, want 1", len(found.ProductViewSummaries))
	}
	d.product.id = aws.ToString(found.ProductViewSummaries[0].ProductId)
	d.say("P6-7", "servicecatalog SearchProducts", "%s %q", d.product.id, productName)
	described, err := catalog.DescribeProduct(ctx, &servicecatalog.DescribeProductInput{Id: aws.String(d.product.id)})
	if err != nil {
		return err
	}
	d.product.artifact = aws.ToString(described.ProvisioningArtifacts[0].Id)
	paths, err := catalog.ListLaunchPaths(ctx, &servicecatalog.ListLaunchPathsInput{ProductId: aws.String(d.product.id)})
	if err != nil {
		return err
	}
	d.say("P8", "servicecatalog DescribeProduct, ListLaunchPaths", "version %s, %d launch path", d.product.artifact, len(paths.LaunchPathSummaries))
	return nil
}

// describeParameters picks the Sandbox OU from the product's live allowed values.
func (d *demo) describeParameters(ctx context.Context) error {
	params, err := d.clients(d.requester).Catalog.DescribeProvisioningParameters(ctx, &servicecatalog.DescribeProvisioningParametersInput{
		ProductId: aws.String(d.product.id), ProvisioningArtifactId: aws.String(d.product.artifact),
	})
	if err != nil {
		return err
	}
	for _, p := range params.ProvisioningArtifactParameters {
		if aws.ToString(p.ParameterKey) != "ManagedOrganizationalUnit" || p.ParameterConstraints == nil {
			continue
		}
		for _, v := range p.ParameterConstraints.AllowedValues {
			if strings.HasPrefix(v, "Sandbox ") {
				d.product.ou = v
			}
		}
	}
	d.say("P9", "servicecatalog DescribeProvisioningParameters", "%d parameters, OU %q", len(params.ProvisioningArtifactParameters), d.product.ou)
	d.say("P10", "", "no TagOptions (%d to choose), no notifications", len(params.TagOptions))
	return nil
}

func (d *demo) provision(ctx context.Context, name, email string) (*types.RecordDetail, error) {
	param := func(k, v string) types.ProvisioningParameter {
		return types.ProvisioningParameter{Key: aws.String(k), Value: aws.String(v)}
	}
	out, err := d.clients(d.requester).Catalog.ProvisionProduct(ctx, &servicecatalog.ProvisionProductInput{
		ProductId: aws.String(d.product.id), ProvisioningArtifactId: aws.String(d.product.artifact), ProvisionedProductName: aws.String(name),
		ProvisioningParameters: []types.ProvisioningParameter{
			param("AccountName", name), param("AccountEmail", email), param("SSOUserFirstName", "Olive"), param("SSOUserLastName", "Owner"),
			param("SSOUserEmail", ownerEmail), param("ManagedOrganizationalUnit", d.product.ou),
		},
	})
	if err != nil {
		return nil, err
	}
	return out.RecordDetail, nil
}

func (d *demo) launch(ctx context.Context) error {
	r, err := d.provision(ctx, accountName, accountEmail)
	if err != nil {
		return err
	}
	d.product.record, d.product.provisioned = aws.ToString(r.RecordId), aws.ToString(r.ProvisionedProductId)
	d.say("P11", "servicecatalog ProvisionProduct", "%s %s; no plan", d.product.record, r.Status)
	_, err = d.await(ctx, d.product.record, types.RecordStatusInProgress)
	return err
}

// oneAtATime launches another account meanwhile, and sees it fail with AWS's words.
func (d *demo) oneAtATime(ctx context.Context) error {
	r, err := d.provision(ctx, "one-too-many", "one-too-many@example.com")
	if err != nil {
		return err
	}
	out, err := d.await(ctx, aws.ToString(r.RecordId), types.RecordStatusFailed)
	if err != nil {
		return err
	}
	d.say("P13", "servicecatalog ProvisionProduct, a second one", "%s: %s", out.RecordDetail.Status, aws.ToString(out.RecordDetail.RecordErrors[0].Code))
	return nil
}

// killInTheMiddle kills the server while it works on the account, and starts it again.
func (d *demo) killInTheMiddle(ctx context.Context) error {
	data := d.server.Data
	d.server.Kill()
	d.say("", "kill -9", "the server is gone in the middle of the work")
	return d.start(ctx, data)
}

// await polls a record until it has a status. Another end is an error.
func (d *demo) await(ctx context.Context, record string, want types.RecordStatus) (out *servicecatalog.DescribeRecordOutput, err error) {
	err = harness.Poll(ctx, 50*time.Millisecond, func() (_ bool, err error) {
		out, err = d.clients(d.requester).Catalog.DescribeRecord(ctx, &servicecatalog.DescribeRecordInput{Id: aws.String(record)})
		if err != nil {
			return false, err
		}
		switch out.RecordDetail.Status {
		case want:
			return true, nil
		case types.RecordStatusFailed:
			return false, fmt.Errorf("the launch failed: %s", aws.ToString(out.RecordDetail.RecordErrors[0].Description))
		case types.RecordStatusSucceeded:
			return false, errors.New("the launch succeeded before its time")
		default:
			return false, nil
		}
	})
	return out, err
}

func (d *demo) awaitResult(ctx context.Context) error {
	out, err := d.await(ctx, d.product.record, types.RecordStatusSucceeded)
	if err != nil {
		return err
	}
	for _, o := range out.RecordOutputs {
		if aws.ToString(o.OutputKey) == "AccountId" {
			d.accountID = aws.ToString(o.OutputValue)
		}
	}
	d.say("P12", "servicecatalog DescribeRecord", "%s: account %s", out.RecordDetail.Status, d.accountID)
	return nil
}
