package twin_test

import (
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/controltower"
	cttypes "github.com/aws/aws-sdk-go-v2/service/controltower/types"
	"github.com/aws/aws-sdk-go-v2/service/servicecatalog"
	"github.com/aws/aws-sdk-go-v2/service/servicecatalog/types"

	"accountfactory/internal/twin"
)

// TestTools plays the calls of the common tools that vend accounts, in their order: each gets what it goes by.
func TestTools(t *testing.T) {
	t.Parallel()
	f := setup(t, func(c *twin.Config) { c.AccountOperations = 5 })
	ctx := t.Context()

	// Account Factory for Terraform makes sure of its own access at each run, and counts what is under way.
	portfolios, err := f.Catalog.ListPortfolios(ctx, &servicecatalog.ListPortfoliosInput{})
	if err != nil || aws.ToString(portfolios.PortfolioDetails[0].DisplayName) != "AWS Control Tower Account Factory Portfolio" {
		t.Fatalf("portfolios %v, %v", portfolios, err)
	}
	for range 2 {
		if _, err := f.Catalog.AssociatePrincipalWithPortfolio(ctx, &servicecatalog.AssociatePrincipalWithPortfolioInput{
			PortfolioId: portfolios.PortfolioDetails[0].Id, PrincipalType: types.PrincipalTypeIam, PrincipalARN: aws.String("arn:aws:iam::" + account + ":user/management"),
		}); err != nil {
			t.Fatalf("associated again: %v", err)
		}
	}
	admin, err := f.Catalog.DescribeProductAsAdmin(ctx, &servicecatalog.DescribeProductAsAdminInput{Name: aws.String("AWS Control Tower Account Factory")})
	if err != nil {
		t.Fatal(err)
	}
	productID := admin.ProductViewDetail.ProductViewSummary.ProductId
	artifacts, err := f.Catalog.ListProvisioningArtifacts(ctx, &servicecatalog.ListProvisioningArtifactsInput{ProductId: productID})
	if err != nil {
		t.Fatal(err)
	}
	var active []string
	for _, a := range artifacts.ProvisioningArtifactDetails {
		if aws.ToBool(a.Active) {
			active = append(active, aws.ToString(a.Id))
		}
	}
	if len(active) != 1 {
		t.Fatalf("active artifacts %v", active)
	}
	if n := f.underChange(t); n != 0 {
		t.Errorf("%d under change before", n)
	}
	f.arm(t, map[string]any{"kind": "stuck", "service": "controltower", "step": "baseline", "count": 1})
	out, err := f.Catalog.ProvisionProduct(ctx, &servicecatalog.ProvisionProductInput{
		ProductName: aws.String("AWS Control Tower Account Factory"), ProvisioningArtifactId: aws.String(active[0]), ProvisionedProductName: aws.String("one"),
		ProvisioningParameters: f.parameters(t, "one", nil),
	})
	if err != nil {
		t.Fatal(err)
	}
	f.releaseWhenStuck(t, func() {
		if n := f.underChange(t); n != 1 {
			t.Errorf("%d under change while it runs", n)
		}
		if p := f.provisioned(t, aws.ToString(out.RecordDetail.ProvisionedProductId)); p.Status != types.ProvisionedProductStatusUnderChange || p.LastSuccessfulProvisioningRecordId != nil {
			t.Errorf("while it runs: %s, last success %v", p.Status, p.LastSuccessfulProvisioningRecordId)
		}
	})
	rec := f.ended(t, out.RecordDetail.RecordId)
	id := output(rec, "AccountId")
	if n := f.underChange(t); n != 0 {
		t.Errorf("%d under change after", n)
	}

	// Its health rule: stable, and once successful. It looks by type and by account.
	for _, query := range []string{"type:CONTROL_TOWER_ACCOUNT", "physicalId:" + id} {
		found, err := f.Catalog.SearchProvisionedProducts(ctx, &servicecatalog.SearchProvisionedProductsInput{
			AccessLevelFilter: &types.AccessLevelFilter{Key: types.AccessLevelFilterKeyAccount, Value: aws.String("self")}, Filters: map[string][]string{"SearchQuery": {query}},
		})
		if err != nil || len(found.ProvisionedProducts) != 1 {
			t.Fatalf("%s: %v, %v", query, found, err)
		}
		p := found.ProvisionedProducts[0]
		if aws.ToString(p.PhysicalId) != id || p.Status != types.ProvisionedProductStatusAvailable || aws.ToString(p.LastSuccessfulProvisioningRecordId) == "" || aws.ToString(p.Type) != "CONTROL_TOWER_ACCOUNT" {
			t.Errorf("%s: %+v", query, p)
		}
	}

	// The Terraform provider of idealo searches the product by full text, and reads the outputs.
	search, err := f.Catalog.SearchProducts(ctx, &servicecatalog.SearchProductsInput{Filters: map[string][]string{"FullTextSearch": {"AWS Control Tower Account Factory"}}})
	if err != nil || len(search.ProductViewSummaries) != 1 || aws.ToString(search.ProductViewSummaries[0].ProductId) != aws.ToString(productID) {
		t.Fatalf("full text: %v, %v", search, err)
	}
	outputs, err := f.Catalog.GetProvisionedProductOutputs(ctx, &servicecatalog.GetProvisionedProductOutputsInput{ProvisionedProductName: aws.String("one")})
	if err != nil {
		t.Fatal(err)
	}
	var keys []string
	for _, o := range outputs.Outputs {
		keys = append(keys, aws.ToString(o.OutputKey))
	}
	if got := strings.Join(keys, " "); got != "AccountId SSOUserEmail AccountEmail SSOUserPortal" {
		t.Errorf("outputs %s", got)
	}

	// controltowerlib searches products by owner.
	byOwner, err := f.Catalog.SearchProductsAsAdmin(ctx, &servicecatalog.SearchProductsAsAdminInput{Filters: map[string][]string{"Owner": {"AWS Control Tower"}}})
	if err != nil || len(byOwner.ProductViewDetails) != 1 {
		t.Errorf("by owner: %v, %v", byOwner, err)
	}
}

// underChange counts what AFT counts before it begins an account.
func (f *fixture) underChange(t *testing.T) int {
	t.Helper()
	out, err := f.ControlTower.ListEnabledBaselines(t.Context(), &controltower.ListEnabledBaselinesInput{
		IncludeChildren: true, Filter: &cttypes.EnabledBaselineFilter{BaselineIdentifiers: []string{baselineID}, Statuses: []cttypes.EnablementStatus{cttypes.EnablementStatusUnderChange}},
	})
	if err != nil {
		t.Fatal(err)
	}
	return len(out.EnabledBaselines)
}

// TestTools_Gate: who begins the next account whenever fewer than the limit are UNDER_CHANGE, and looks at nothing else, is
// never refused. Like AFT it waits until what it began shows.
func TestTools_Gate(t *testing.T) {
	t.Parallel()
	const limit, accounts = 5, 12
	f := setup(t, slowly, func(c *twin.Config) { c.AccountOperations = limit })
	f.freeze(t)
	var records []*string
	ended, most := map[string]bool{}, 0
	shown := func() (now int) { // each look is half a minute later
		f.later(t, "30s")
		for _, id := range records {
			rec := check[*servicecatalog.DescribeRecordOutput](t)(f.Catalog.DescribeRecord(t.Context(), &servicecatalog.DescribeRecordInput{Id: id})).RecordDetail
			if rec.Status == types.RecordStatusFailed {
				t.Fatalf("%s: %s", aws.ToString(rec.ProvisionedProductName), aws.ToString(rec.RecordErrors[0].Description))
			}
			ended[*id] = rec.Status == types.RecordStatusSucceeded
		}
		now = f.underChange(t) // read last: one that ends meanwhile is not counted twice
		most = max(most, now)
		return now
	}
	done := func() (n int) {
		for _, over := range ended {
			if over {
				n++
			}
		}
		return n
	}
	for i := range accounts {
		f.await(t, func() bool { return shown() < limit })
		out, err := f.launch(t, "gated-"+string(rune('a'+i)), nil)
		if err != nil {
			t.Fatal(err)
		}
		records = append(records, out.RecordDetail.RecordId)
		f.await(t, func() bool { return shown()+done() >= len(records) })
	}
	f.await(t, func() bool { return shown() == 0 && done() == accounts })
	if most < 2 || most > limit {
		t.Errorf("%d at once at most, want some and no more than %d", most, limit)
	}
}
