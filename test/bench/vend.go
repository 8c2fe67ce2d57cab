package main

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/controltower"
	"github.com/aws/aws-sdk-go-v2/service/organizations"
	"github.com/aws/aws-sdk-go-v2/service/servicecatalog"
	"github.com/aws/aws-sdk-go-v2/service/servicecatalog/types"

	"accountfactory/internal/cloud"
	"accountfactory/test/harness"
)

// atOnce is how many accounts today's Control Tower works on at once at most.
const atOnce = 10

// vend launches accounts as an AWS client does, without the factory: as many at once as Control Tower takes. Then nothing may
// be lost, or stuck.
func (b *bench) vend(ctx context.Context) error {
	p, _, err := b.start(ctx, "vend", "twin", "--speed", "instant", "--control-tower", "current", "--account-operations", fmt.Sprint(atOnce))
	if err != nil {
		return err
	}
	c, err := p.Management(ctx)
	if err != nil {
		return err
	}
	l, err := newLauncher(ctx, c)
	if err != nil {
		return err
	}
	before, err := cpuOf(p.PID)
	if err != nil {
		return err
	}
	d, err := took(func() error { return all(b.launches, atOnce, func(i int) error { return l.launch(ctx, i) }) })
	if err != nil {
		return err
	}
	after, err := cpuOf(p.PID)
	if err != nil {
		return err
	}
	n := float64(b.launches)
	b.note(fmt.Sprintf("%d accounts by ProvisionProduct, %d at once", b.launches, atOnce), n/d.Seconds(), "/s")
	b.note("  server's CPU for each", (after-before).Seconds()*1000/n, "ms")
	left, err := leftovers(ctx, p, c)
	if err != nil {
		return err
	}
	b.least("  accounts there", float64(left.accounts), n+3, "") // management, log archive and audit
	b.least("  provisioned products AVAILABLE", float64(left.available), n, "")
	b.least("  accounts enrolled", float64(left.enrolled), n, "")
	b.most("  under change, lost or stuck", float64(left.moving), 0, "")
	return p.Stop()
}

// launcher launches the Account Factory product.
type launcher struct {
	*harness.Clients
	product, artifact, ou string
}

func newLauncher(ctx context.Context, c *harness.Clients) (*launcher, error) {
	found, err := c.Catalog.SearchProducts(ctx, &servicecatalog.SearchProductsInput{})
	if err != nil || len(found.ProductViewSummaries) != 1 {
		return nil, fmt.Errorf("find the product: %w", err)
	}
	l := &launcher{Clients: c, product: aws.ToString(found.ProductViewSummaries[0].ProductId)}
	shown, err := c.Catalog.DescribeProduct(ctx, &servicecatalog.DescribeProductInput{Id: &l.product})
	if err != nil {
		return nil, err
	}
	l.artifact = aws.ToString(shown.ProvisioningArtifacts[0].Id)
	asked, err := c.Catalog.DescribeProvisioningParameters(ctx, &servicecatalog.DescribeProvisioningParametersInput{ProductId: &l.product, ProvisioningArtifactId: &l.artifact})
	if err != nil {
		return nil, err
	}
	for _, in := range asked.ProvisioningArtifactParameters {
		if aws.ToString(in.ParameterKey) == "ManagedOrganizationalUnit" {
			l.ou = in.ParameterConstraints.AllowedValues[0]
		}
	}
	return l, nil
}

// launch launches one account and waits for it.
func (l *launcher) launch(ctx context.Context, i int) error {
	name := fmt.Sprint("x", i)
	in := &servicecatalog.ProvisionProductInput{ProductId: &l.product, ProvisioningArtifactId: &l.artifact, ProvisionedProductName: &name}
	for _, kv := range [][2]string{
		{"AccountName", name},
		{"AccountEmail", name + "@example.com"},
		{"SSOUserEmail", "owner@example.com"},
		{"SSOUserFirstName", "Olive"},
		{"SSOUserLastName", "Owner"},
		{"ManagedOrganizationalUnit", l.ou},
	} {
		in.ProvisioningParameters = append(in.ProvisioningParameters, types.ProvisioningParameter{Key: &kv[0], Value: &kv[1]})
	}
	out, err := l.Catalog.ProvisionProduct(ctx, in)
	if err != nil {
		return err
	}
	return harness.Poll(ctx, 2*time.Millisecond, func() (bool, error) {
		rec, err := l.Catalog.DescribeRecord(ctx, &servicecatalog.DescribeRecordInput{Id: out.RecordDetail.RecordId})
		if err != nil {
			return false, err
		}
		if r := rec.RecordDetail; r.Status == types.RecordStatusFailed {
			return false, fmt.Errorf("%s: %s", name, aws.ToString(r.RecordErrors[0].Description))
		}
		return rec.RecordDetail.Status == types.RecordStatusSucceeded, nil
	})
}

// counts are what is there after a run.
type counts struct{ accounts, available, enrolled, moving int }

func leftovers(ctx context.Context, p *harness.Process, c *harness.Clients) (n counts, err error) {
	err = errors.Join(n.countAccounts(ctx, c), n.countProducts(ctx, c), n.countBaselines(ctx, c), n.countOperations(ctx, p, c))
	return n, err
}

func (n *counts) countAccounts(ctx context.Context, c *harness.Clients) error {
	for walk := organizations.NewListAccountsPaginator(c.Organizations, &organizations.ListAccountsInput{}); walk.HasMorePages(); {
		page, err := walk.NextPage(ctx)
		if err != nil {
			return err
		}
		n.accounts += len(page.Accounts)
	}
	return nil
}

func (n *counts) countProducts(ctx context.Context, c *harness.Clients) error {
	for walk := servicecatalog.NewSearchProvisionedProductsPaginator(c.Catalog, &servicecatalog.SearchProvisionedProductsInput{PageSize: 100}); walk.HasMorePages(); {
		page, err := walk.NextPage(ctx)
		if err != nil {
			return err
		}
		for _, d := range page.ProvisionedProducts {
			if d.Status == types.ProvisionedProductStatusAvailable {
				n.available++
			} else {
				n.moving++
			}
		}
	}
	return nil
}

func (n *counts) countBaselines(ctx context.Context, c *harness.Clients) error {
	for walk := controltower.NewListEnabledBaselinesPaginator(c.ControlTower, &controltower.ListEnabledBaselinesInput{IncludeChildren: true}); walk.HasMorePages(); {
		page, err := walk.NextPage(ctx)
		if err != nil {
			return err
		}
		for _, e := range page.EnabledBaselines {
			switch {
			case e.StatusSummary.Status != "SUCCEEDED":
				n.moving++
			case e.ParentIdentifier != nil:
				n.enrolled++
			}
		}
	}
	return nil
}

func (n *counts) countOperations(ctx context.Context, p *harness.Process, c *harness.Clients) error {
	lab := cloud.Lab{Endpoint: p.AWS, Region: p.Region, Credentials: c.Config.Credentials}
	var under struct{ Operations []any }
	err := lab.Do(ctx, "GET", "/_twin/operations", nil, &under)
	n.moving += len(under.Operations)
	return err
}
