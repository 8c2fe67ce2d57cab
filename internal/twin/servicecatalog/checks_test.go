package servicecatalog

import (
	"context"
	"path/filepath"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	sdk "github.com/aws/aws-sdk-go-v2/service/servicecatalog"
	"github.com/aws/aws-sdk-go-v2/service/servicecatalog/types"
	"github.com/google/go-cmp/cmp"

	"accountfactory/internal/twin/state"
	"accountfactory/internal/wire"
)

// The resources and keys each kind of check names, against the Service Authorization Reference.
func TestChecks(t *testing.T) {
	t.Parallel()
	const me, role = "arn:aws:sts::111111111111:assumed-role/R/me", "arn:aws:iam::111111111111:role/R"
	st := state.New(state.Options{Path: filepath.Join(t.TempDir(), "twin.db"), Seed: 1})
	s := New(st, Config{Region: "eu-west-1", Account: func(*state.Tx) string { return "111111111111" }})
	if _, err := st.Open(t.Context()); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = st.Close() })
	var product *Product
	var portfolio *Portfolio
	ids := map[string]string{}
	err := st.Update(t.Context(), func(tx *state.Tx) error {
		product = s.AddProduct(tx, NewProduct{Name: "AF", Type: "TOY", Artifacts: []NewArtifact{{Name: "v", Active: true}}})
		portfolio = s.AddPortfolio(tx, "P", "x", "")
		s.portfolios.Change(tx, portfolio.ID, func(p *Portfolio) { p.Tags = []Tag{{"team", "blue"}} })
		for name, o := range map[string]Owner{"mine": {role, me}, "ours": {role, me + "2"}, "theirs": {"arn:aws:iam::111111111111:user/x", "arn:aws:iam::111111111111:user/x"}} {
			ids[name] = s.Enrolled(tx, Enrolment{ProductID: product.ID, Name: name, PhysicalID: "222222222222", Owner: o}).ID
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	ctx := wire.WithRequest(t.Context(), &wire.Request{Region: "eu-west-1", Caller: wire.Caller{AccountID: "111111111111", ARN: me}})
	const catalog = "arn:aws:catalog:eu-west-1:111111111111:"
	self := func(levels ...string) map[string][]string {
		keys := map[string][]string{}
		for _, l := range levels {
			keys["servicecatalog:"+l] = []string{"self"}
		}
		return keys
	}
	mine, ours, account := self("userLevel", "roleLevel", "accountLevel"), self("roleLevel", "accountLevel"), self("accountLevel")
	none := map[string][]string{}
	blue := map[string][]string{"aws:ResourceTag/team": {"blue"}}
	level := func(k types.AccessLevelFilterKey) *types.AccessLevelFilter { return &types.AccessLevelFilter{Key: k} }
	str := aws.String
	for _, tc := range []struct {
		name string
		got  func(ctx context.Context) ([]wire.Check, error)
		want wire.Check
	}{
		{"launch by id", ask(s.mayProvisionProduct, &sdk.ProvisionProductInput{ProductId: &product.ID}), wire.Check{Action: "ProvisionProduct", Resource: catalog + "product/" + product.ID, Context: none}},
		{"launch by name", ask(s.mayProvisionProduct, &sdk.ProvisionProductInput{ProductName: str("AF")}), wire.Check{Action: "ProvisionProduct", Resource: catalog + "product/" + product.ID, Context: none}},
		{"launch by unknown name", ask(s.mayProvisionProduct, &sdk.ProvisionProductInput{ProductName: str("x")}), wire.Check{Action: "ProvisionProduct", Resource: catalog + "product/*", Context: none}},
		{"launch of nothing", ask(s.mayProvisionProduct, &sdk.ProvisionProductInput{}), wire.Check{Action: "ProvisionProduct", Resource: catalog + "product/*", Context: none}},
		{"search products", ask(anything[sdk.SearchProductsInput]("SearchProducts"), &sdk.SearchProductsInput{}), wire.Check{Action: "SearchProducts", Resource: "*"}},
		{"artifact by its id", ask(s.mayDescribeProvisioningArtifact, &sdk.DescribeProvisioningArtifactInput{ProductId: &product.ID}), wire.Check{Action: "DescribeProvisioningArtifact", Resource: catalog + "product/" + product.ID, Context: none}},
		{"portfolio", ask(s.mayDescribePortfolio, &sdk.DescribePortfolioInput{Id: &portfolio.ID}), wire.Check{Action: "DescribePortfolio", Resource: catalog + "portfolio/" + portfolio.ID, Context: blue}},
		{"new portfolio", ask(mayCreatePortfolio, &sdk.CreatePortfolioInput{Tags: []types.Tag{{Key: str("a"), Value: str("b")}}}), wire.Check{Action: "CreatePortfolio", Resource: catalog + "portfolio/*", Context: map[string][]string{"aws:RequestTag/a": {"b"}, "aws:TagKeys": {"a"}}}},
		{"portfolio's tags", ask(s.mayUpdatePortfolio, &sdk.UpdatePortfolioInput{Id: &portfolio.ID, RemoveTags: []string{"team"}}), wire.Check{Action: "UpdatePortfolio", Resource: catalog + "portfolio/" + portfolio.ID, Context: map[string][]string{"aws:ResourceTag/team": {"blue"}, "aws:TagKeys": {"team"}}}},
		{"TagOption on a portfolio", ask(s.mayAssociateTagOption, &sdk.AssociateTagOptionWithResourceInput{ResourceId: &portfolio.ID}), wire.Check{Action: "AssociateTagOptionWithResource", Resource: catalog + "portfolio/" + portfolio.ID, Context: blue}},
		{"TagOption on a product", ask(s.mayDisassociateTagOption, &sdk.DisassociateTagOptionFromResourceInput{ResourceId: &product.ID}), wire.Check{Action: "DisassociateTagOptionFromResource", Resource: catalog + "product/" + product.ID, Context: none}},
		{"describe mine", ask(s.mayDescribeProvisionedProduct, &sdk.DescribeProvisionedProductInput{Name: str("mine")}), wire.Check{Action: "DescribeProvisionedProduct", Resource: "*", Context: mine}},
		{"update ours", ask(s.mayUpdateProvisionedProduct, &sdk.UpdateProvisionedProductInput{ProvisionedProductId: str(ids["ours"])}), wire.Check{Action: "UpdateProvisionedProduct", Resource: "*", Context: ours}},
		{"terminate theirs", ask(s.mayTerminateProvisionedProduct, &sdk.TerminateProvisionedProductInput{ProvisionedProductId: str(ids["theirs"])}), wire.Check{Action: "TerminateProvisionedProduct", Resource: "*", Context: account}},
		{"describe what is not there", ask(s.mayDescribeProvisionedProduct, &sdk.DescribeProvisionedProductInput{Id: str("pp-x")}), wire.Check{Action: "DescribeProvisionedProduct", Resource: "*", Context: mine}},
		{"plan for theirs", ask(s.mayCreatePlan, &sdk.CreateProvisionedProductPlanInput{ProvisionedProductName: str("theirs")}), wire.Check{Action: "CreateProvisionedProductPlan", Resource: "*", Context: account}},
		{"plan for a new one", ask(s.mayCreatePlan, &sdk.CreateProvisionedProductPlanInput{ProvisionedProductName: str("new")}), wire.Check{Action: "CreateProvisionedProductPlan", Resource: "*", Context: mine}},
		{"unknown plan", ask(s.mayDeletePlan, &sdk.DeleteProvisionedProductPlanInput{PlanId: str("plan-x")}), wire.Check{Action: "DeleteProvisionedProductPlan", Resource: "*", Context: mine}},
		{"record that is not there", ask(s.mayDescribeRecord, &sdk.DescribeRecordInput{Id: str("rec-x")}), wire.Check{Action: "DescribeRecord", Resource: "*", Context: mine}},
		{"search", ask(maySearchProvisionedProducts, &sdk.SearchProvisionedProductsInput{}), wire.Check{Action: "SearchProvisionedProducts", Resource: "*", Context: account}},
		{"search my own", ask(maySearchProvisionedProducts, &sdk.SearchProvisionedProductsInput{AccessLevelFilter: level("User")}), wire.Check{Action: "SearchProvisionedProducts", Resource: "*", Context: mine}},
		{"scan", ask(mayScanProvisionedProducts, &sdk.ScanProvisionedProductsInput{}), wire.Check{Action: "ScanProvisionedProducts", Resource: "*", Context: mine}},
		{"my role's records", ask(mayListRecordHistory, &sdk.ListRecordHistoryInput{AccessLevelFilter: level("Role")}), wire.Check{Action: "ListRecordHistory", Resource: "*", Context: ours}},
		{"plans", ask(mayListPlans, &sdk.ListProvisionedProductPlansInput{}), wire.Check{Action: "ListProvisionedProductPlans", Resource: "*", Context: mine}},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			got, err := tc.got(ctx)
			if err != nil {
				t.Fatal(err)
			}
			tc.want.Action = "servicecatalog:" + tc.want.Action
			if diff := cmp.Diff([]wire.Check{tc.want}, got); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
}

func ask[I any](check func(context.Context, *I) ([]wire.Check, error), in *I) func(context.Context) ([]wire.Check, error) {
	return func(ctx context.Context) ([]wire.Check, error) { return check(ctx, in) }
}

func TestAPI(t *testing.T) {
	t.Parallel()
	s := New(state.New(state.Options{}), Config{})
	seen := map[string]bool{}
	for _, op := range s.API().Operations() {
		if seen[op.Name] {
			t.Errorf("%s is in the table twice", op.Name)
		}
		seen[op.Name] = true
	}
	if len(seen) != 54 {
		t.Errorf("%d operations", len(seen))
	}
}
