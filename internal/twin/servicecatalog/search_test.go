package servicecatalog_test

import (
	"context"
	"fmt"
	"slices"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	sdk "github.com/aws/aws-sdk-go-v2/service/servicecatalog"
	"github.com/aws/aws-sdk-go-v2/service/servicecatalog/types"
	"github.com/google/go-cmp/cmp"

	"accountfactory/internal/twin/servicecatalog"
	"accountfactory/internal/twin/state"
)

func query(terms ...string) *sdk.SearchProvisionedProductsInput {
	return &sdk.SearchProvisionedProductsInput{Filters: map[string][]string{"SearchQuery": terms}}
}

func names(found []types.ProvisionedProductAttribute) []string {
	out := make([]string, 0, len(found))
	for _, p := range found {
		out = append(out, *p.Name)
	}
	return out
}

func TestSearchProvisionedProducts_Filters(t *testing.T) {
	t.Parallel()
	f := setup(t)
	dev := f.launched(endUserSession, "dev", "222222222222")
	prod := f.launched(colleague, "prod", "333333333333")
	bad := f.provision(endUserSession, "bad")
	f.fail(*bad.RecordId, "busy")
	for _, tc := range []struct {
		terms []string
		want  []string
	}{
		{nil, []string{"bad", "dev", "prod"}},
		{[]string{"id:" + *dev.Id}, []string{"dev"}},
		{[]string{"name:prod"}, []string{"prod"}},
		{[]string{"name:pro"}, []string{}},
		{[]string{"name:d*"}, []string{"dev"}},
		{[]string{"arn:" + *dev.Arn}, []string{"dev"}},
		{[]string{*dev.Arn}, []string{"dev"}},
		{[]string{"physicalId:333333333333"}, []string{"prod"}},
		{[]string{"physicalId:444444444444"}, []string{}},
		{[]string{"type:" + productType}, []string{"bad", "dev", "prod"}},
		{[]string{"type:CFN_STACK"}, []string{}},
		{[]string{"status:ERROR"}, []string{"bad"}},
		{[]string{"status:AVAILABLE", "name:dev"}, []string{"dev"}},
		{[]string{"status:ERROR", "name:dev"}, []string{}},
		{[]string{"productId:" + f.product.ID}, []string{"bad", "dev", "prod"}},
		{[]string{"productName:AWS Control Tower Account Factory"}, []string{"bad", "dev", "prod"}},
		{[]string{"provisioningArtifactId:" + f.artifact}, []string{"bad", "dev", "prod"}},
		{[]string{`provisioningArtifactName:"AWS Control Tower Account Factory"`}, []string{"bad", "dev", "prod"}},
		{[]string{"idempotencyToken:token-dev"}, []string{"dev"}},
		{[]string{"lastRecordId:" + *bad.RecordId}, []string{"bad"}},
		{[]string{"lastProvisioningRecordId:" + *prod.LastProvisioningRecordId}, []string{"prod"}},
		{[]string{"lastSuccessfulProvisioningRecordId:" + *bad.RecordId}, []string{}},
		{[]string{"lastSuccessfulProvisioningRecordId:rec-x"}, []string{}},
		{[]string{"userArn:" + endUserRole}, []string{"bad", "dev", "prod"}},
		{[]string{"userArnSession:" + colleague}, []string{"prod"}},
		{[]string{"tags:" + f.artifact}, []string{"bad", "dev", "prod"}},
		{[]string{"createdTime:" + dev.CreatedTime.UTC().Format("2006")}, []string{"bad", "dev", "prod"}},
		{[]string{"createdTime:1999"}, []string{}},
		{[]string{"3333"}, []string{"prod"}},
		{[]string{"ResourceInUse"}, []string{}}, // the status message is no searchable field
		{[]string{"color:blue"}, []string{}},
	} {
		t.Run(fmt.Sprint(tc.terms), func(t *testing.T) {
			t.Parallel()
			out := must[*sdk.SearchProvisionedProductsOutput](t)(f.SearchProvisionedProducts(f.as(admin), query(tc.terms...)))
			got := names(out.ProvisionedProducts)
			slices.Sort(got)
			if diff := cmp.Diff(tc.want, got); diff != "" || int(out.TotalResultsCount) != len(tc.want) {
				t.Errorf("total %d (-want +got):\n%s", out.TotalResultsCount, diff)
			}
		})
	}
}

// The AutoTags of AWS's sample (AWS CLI reference, search-provisioned-products), and what only a search shows.
func TestSearchProvisionedProducts_Attributes(t *testing.T) {
	t.Parallel()
	f := setup(t)
	p := f.launched(endUserSession, "dev", "222222222222")
	got := must[*sdk.SearchProvisionedProductsOutput](t)(f.SearchProvisionedProducts(f.as(admin), query())).ProvisionedProducts[0]
	want := map[string]string{
		"aws:servicecatalog:productArn":                     "arn:aws:catalog:eu-west-1:111111111111:product/" + f.product.ID,
		"aws:servicecatalog:portfolioArn":                   "arn:aws:catalog:eu-west-1:111111111111:portfolio/" + f.portfolio.ID,
		"aws:servicecatalog:provisionedProductArn":          *p.Arn,
		"aws:servicecatalog:provisioningArtifactIdentifier": f.artifact,
		"aws:servicecatalog:provisioningPrincipalArn":       endUserSession,
	}
	if diff := cmp.Diff(want, tagMap(got.Tags)); diff != "" {
		t.Errorf("tags (-want +got):\n%s", diff)
	}
	if *got.PhysicalId != "222222222222" || *got.UserArn != endUserRole || *got.UserArnSession != endUserSession || *got.ProductName != f.product.Name ||
		*got.ProvisioningArtifactName != "AWS Control Tower Account Factory" || *got.LastSuccessfulProvisioningRecordId != *p.LastSuccessfulProvisioningRecordId {
		t.Errorf("attributes %+v", got)
	}
}

func TestSearchProvisionedProducts_SortAndPages(t *testing.T) {
	t.Parallel()
	f := setup(t)
	for _, name := range []string{"b", "c.x", "a", "c"} {
		f.provision(endUserSession, name)
	}
	for _, tc := range []struct {
		sort  string
		order types.SortOrder
		want  []string
	}{
		{"name", "", []string{"a", "b", "c", "c.x"}},
		{"name", types.SortOrderDescending, []string{"c.x", "c", "b", "a"}},
		{"arn", types.SortOrderAscending, []string{"a", "b", "c.x", "c"}},
		{"createdTime", types.SortOrderAscending, nil},
		{"id", types.SortOrderAscending, nil},
		{"id", types.SortOrderDescending, nil},
		{"lastRecordId", types.SortOrderDescending, nil},
		{"", "", nil},
	} {
		t.Run(tc.sort+string(tc.order), func(t *testing.T) {
			t.Parallel()
			in := &sdk.SearchProvisionedProductsInput{SortOrder: tc.order, PageSize: 3, SortBy: aws.String(tc.sort)}
			if tc.sort == "" {
				in.SortBy = nil
			}
			var got []types.ProvisionedProductAttribute
			for {
				out := must[*sdk.SearchProvisionedProductsOutput](t)(f.SearchProvisionedProducts(f.as(admin), in))
				if out.TotalResultsCount != 4 || len(out.ProvisionedProducts) > 3 {
					t.Fatalf("total %d, page of %d", out.TotalResultsCount, len(out.ProvisionedProducts))
				}
				got = append(got, out.ProvisionedProducts...)
				if out.NextPageToken == nil {
					break
				}
				in.PageToken = out.NextPageToken
			}
			key := map[string]func(types.ProvisionedProductAttribute) string{
				"id": func(p types.ProvisionedProductAttribute) string { return *p.Id }, "lastRecordId": func(p types.ProvisionedProductAttribute) string { return *p.LastRecordId },
				"createdTime": func(p types.ProvisionedProductAttribute) string { return p.CreatedTime.Format("150405.000000") },
			}[tc.sort]
			ordered := slices.IsSortedFunc(got, func(a, b types.ProvisionedProductAttribute) int {
				if key == nil {
					return 0
				}
				n := 0
				if key(a) != key(b) {
					n = map[bool]int{true: -1, false: 1}[key(a) < key(b)]
				}
				if tc.order == types.SortOrderDescending {
					n = -n
				}
				return n
			})
			if tc.want != nil && !slices.Equal(names(got), tc.want) || len(got) != 4 || !ordered {
				t.Errorf("got %v, want %v", names(got), tc.want)
			}
		})
	}
}

func TestSearchProvisionedProducts_Refused(t *testing.T) {
	t.Parallel()
	f := setup(t)
	for name, in := range map[string]*sdk.SearchProvisionedProductsInput{
		"filter": {Filters: map[string][]string{"Owner": {"x"}}},
		"sort":   {SortBy: aws.String("status")},
		"level":  {AccessLevelFilter: &types.AccessLevelFilter{Key: types.AccessLevelFilterKeyUser, Value: aws.String("bob")}},
		"token":  {PageToken: aws.String("nonsense")},
	} {
		_, err := f.SearchProvisionedProducts(f.as(admin), in)
		t.Run(name, func(t *testing.T) { refused(t, err, "InvalidParametersException", "") })
	}
}

func TestAccessLevels(t *testing.T) {
	t.Parallel()
	f := setup(t)
	f.launched(endUserSession, "mine", "222222222222")
	f.launched(colleague, "theirs", "333333333333")
	f.change(func(tx *state.Tx) {
		f.Enrolled(tx, servicecatalog.Enrolment{ProductID: f.product.ID, Name: "admins", PhysicalID: "444444444444", Owner: servicecatalog.Owner{ARN: admin, Session: admin}})
	})
	at := func(key types.AccessLevelFilterKey) *types.AccessLevelFilter {
		return &types.AccessLevelFilter{Key: key, Value: aws.String("self")}
	}
	for _, tc := range []struct {
		name   string
		filter *types.AccessLevelFilter
		search []string
		scan   []string
		record []string // newest first
	}{
		{"user", at(types.AccessLevelFilterKeyUser), []string{"mine"}, []string{"mine"}, []string{"mine"}},
		{"role", at(types.AccessLevelFilterKeyRole), []string{"mine", "theirs"}, []string{"mine", "theirs"}, []string{"theirs", "mine"}},
		{"account", at(types.AccessLevelFilterKeyAccount), []string{"admins", "mine", "theirs"}, []string{"admins", "mine", "theirs"}, []string{"admins", "theirs", "mine"}},
		{"default", nil, []string{"admins", "mine", "theirs"}, []string{"mine"}, []string{"mine"}},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			ctx := f.as(endUserSession)
			found := names(must[*sdk.SearchProvisionedProductsOutput](t)(f.SearchProvisionedProducts(ctx, &sdk.SearchProvisionedProductsInput{AccessLevelFilter: tc.filter})).ProvisionedProducts)
			slices.Sort(found)
			scanned := []string{}
			for _, p := range must[*sdk.ScanProvisionedProductsOutput](t)(f.ScanProvisionedProducts(ctx, &sdk.ScanProvisionedProductsInput{AccessLevelFilter: tc.filter})).ProvisionedProducts {
				scanned = append(scanned, *p.Name)
			}
			slices.Sort(scanned)
			records := []string{}
			for _, r := range must[*sdk.ListRecordHistoryOutput](t)(f.ListRecordHistory(ctx, &sdk.ListRecordHistoryInput{AccessLevelFilter: tc.filter})).RecordDetails {
				records = append(records, *r.ProvisionedProductName)
			}
			if diff := cmp.Diff([][]string{tc.search, tc.scan, tc.record}, [][]string{found, scanned, records}); diff != "" {
				t.Errorf("search, scan, records (-want +got):\n%s", diff)
			}
		})
	}
}

func TestListRecordHistory_FilterAndPages(t *testing.T) {
	t.Parallel()
	f := setup(t)
	p := f.launched(endUserSession, "dev", "222222222222")
	f.provision(endUserSession, "other")
	for i := range 3 {
		in := f.updating(*p.Id, allPrevious()...)
		in.UpdateToken = aws.String(fmt.Sprint("u", i))
		r := must[*sdk.UpdateProvisionedProductOutput](t)(f.UpdateProvisionedProduct(f.as(endUserSession), in)).RecordDetail
		f.awaitStatus(*r.RecordId, types.RecordStatusInProgress)
		f.change(func(tx *state.Tx) { f.Complete(tx, *r.RecordId, servicecatalog.Outcome{}) })
	}
	walk := func(key, value string) (out []types.RecordDetail) {
		in := &sdk.ListRecordHistoryInput{PageSize: 2, SearchFilter: &types.ListRecordHistorySearchFilter{Key: &key, Value: &value}}
		for {
			page := must[*sdk.ListRecordHistoryOutput](t)(f.ListRecordHistory(f.as(endUserSession), in))
			out = append(out, page.RecordDetails...)
			if page.NextPageToken == nil {
				return out
			}
			in.PageToken = page.NextPageToken
		}
	}
	for _, tc := range []struct {
		key, value string
		want       int
	}{{"provisionedproduct", *p.Id, 4}, {"product", f.product.ID, 5}, {"product", "prod-x", 0}, {"provisionedproduct", "pp-x", 0}} {
		got := walk(tc.key, tc.value)
		newestFirst := slices.IsSortedFunc(got, func(a, b types.RecordDetail) int { return b.CreatedTime.Compare(*a.CreatedTime) })
		if len(got) != tc.want || !newestFirst {
			t.Errorf("%s %s: %d records, newest first: %v", tc.key, tc.value, len(got), newestFirst)
		}
	}
	theirs := must[*sdk.ListRecordHistoryOutput](t)(f.ListRecordHistory(f.as(colleague), &sdk.ListRecordHistoryInput{
		SearchFilter: &types.ListRecordHistorySearchFilter{Key: aws.String("provisionedproduct"), Value: p.Id},
	}))
	if len(theirs.RecordDetails) != 0 {
		t.Errorf("a colleague's own records of my product: %d", len(theirs.RecordDetails))
	}
	for name, filter := range map[string]*types.ListRecordHistorySearchFilter{"unknown key": {Key: aws.String("x"), Value: aws.String("y")}, "no value": {Key: aws.String("product")}} {
		_, err := f.ListRecordHistory(f.as(endUserSession), &sdk.ListRecordHistoryInput{SearchFilter: filter})
		t.Run(name, func(t *testing.T) { refused(t, err, "InvalidParametersException", "filter") })
	}
	_, err := f.DescribeRecord(f.as(endUserSession), &sdk.DescribeRecordInput{Id: aws.String("rec-x")})
	refused(t, err, "ResourceNotFoundException", "rec-x")
}

func TestGetProvisionedProductOutputs_KeysAndPages(t *testing.T) {
	t.Parallel()
	f := setup(t)
	p := f.launched(endUserSession, "dev", "222222222222")
	get := func(in sdk.GetProvisionedProductOutputsInput) (*sdk.GetProvisionedProductOutputsOutput, error) {
		in.ProvisionedProductId = p.Id
		return f.GetProvisionedProductOutputs(f.as(admin), &in)
	}
	one := must[*sdk.GetProvisionedProductOutputsOutput](t)(get(sdk.GetProvisionedProductOutputsInput{OutputKeys: []string{"AccountEmail"}}))
	if len(one.Outputs) != 1 || *one.Outputs[0].OutputValue != "dev@example.com" {
		t.Errorf("by key: %+v", one.Outputs)
	}
	first := must[*sdk.GetProvisionedProductOutputsOutput](t)(get(sdk.GetProvisionedProductOutputsInput{PageSize: 1}))
	second := must[*sdk.GetProvisionedProductOutputsOutput](t)(get(sdk.GetProvisionedProductOutputsInput{PageSize: 1, PageToken: first.NextPageToken}))
	if *first.Outputs[0].OutputKey != "AccountId" || *second.Outputs[0].OutputKey != "AccountEmail" || second.NextPageToken != nil {
		t.Errorf("pages: %+v %+v", first.Outputs, second.Outputs)
	}
	_, err := get(sdk.GetProvisionedProductOutputsInput{OutputKeys: []string{"x"}})
	refused(t, err, "InvalidParametersException", "x")
	_, err = get(sdk.GetProvisionedProductOutputsInput{PageToken: aws.String("x")})
	refused(t, err, "InvalidParametersException", "token")
	_, err = f.GetProvisionedProductOutputs(f.as(admin), &sdk.GetProvisionedProductOutputsInput{ProvisionedProductName: aws.String("spoke")})
	refused(t, err, "ResourceNotFoundException", "No stack named spoke exists.")
}

// There is no product outside the management account's home Region, and nothing that was launched.
func TestElsewhereIsEmpty(t *testing.T) {
	t.Parallel()
	f := setup(t)
	p := f.launched(endUserSession, "dev", "222222222222")
	for name, ctx := range map[string]context.Context{"another Region": f.in("us-east-1", endUserSession), "another account": f.as("arn:aws:iam::222222222222:user/x")} {
		t.Run(name, func(t *testing.T) {
			products := must[*sdk.SearchProductsOutput](t)(f.SearchProducts(ctx, &sdk.SearchProductsInput{}))
			managed := must[*sdk.SearchProductsAsAdminOutput](t)(f.SearchProductsAsAdmin(ctx, &sdk.SearchProductsAsAdminInput{}))
			portfolios := must[*sdk.ListPortfoliosOutput](t)(f.ListPortfolios(ctx, &sdk.ListPortfoliosInput{}))
			found := must[*sdk.SearchProvisionedProductsOutput](t)(f.SearchProvisionedProducts(ctx, query()))
			filtered := must[*sdk.SearchProvisionedProductsOutput](t)(f.SearchProvisionedProducts(ctx, query("name:dev")))
			scanned := must[*sdk.ScanProvisionedProductsOutput](t)(f.ScanProvisionedProducts(ctx, &sdk.ScanProvisionedProductsInput{}))
			records := must[*sdk.ListRecordHistoryOutput](t)(f.ListRecordHistory(ctx, &sdk.ListRecordHistoryInput{}))
			plans := must[*sdk.ListProvisionedProductPlansOutput](t)(f.ListProvisionedProductPlans(ctx, &sdk.ListProvisionedProductPlansInput{}))
			sum := len(products.ProductViewSummaries) + len(managed.ProductViewDetails) + len(portfolios.PortfolioDetails) + len(found.ProvisionedProducts) +
				len(filtered.ProvisionedProducts) + len(scanned.ProvisionedProducts) + len(records.RecordDetails) + len(plans.ProvisionedProductPlans)
			if sum != 0 || found.TotalResultsCount != 0 || filtered.TotalResultsCount != 0 {
				t.Errorf("found %d things", sum)
			}
			_, err := f.DescribeProvisionedProduct(ctx, &sdk.DescribeProvisionedProductInput{Id: p.Id})
			refused(t, err, "ResourceNotFoundException", *p.Id)
			_, err = f.DescribeRecord(ctx, &sdk.DescribeRecordInput{Id: p.LastRecordId})
			refused(t, err, "ResourceNotFoundException", *p.LastRecordId)
			_, err = f.DescribePortfolio(ctx, &sdk.DescribePortfolioInput{Id: &f.portfolio.ID})
			refused(t, err, "ResourceNotFoundException", f.portfolio.ID)
		})
	}
}

// TestListRecordHistory_OneMoment: records of one and the same moment are all listed, however the pages cut them.
func TestListRecordHistory_OneMoment(t *testing.T) {
	t.Parallel()
	f := setupAt(t, 1)
	if err := f.store.SetClock(t.Context(), f.store.Clock().Stopped()); err != nil {
		t.Fatal(err)
	}
	const launches = 5
	for i := range launches {
		must[*sdk.ProvisionProductOutput](t)(f.ProvisionProduct(f.as(endUserSession), f.ask(fmt.Sprintf("dev%d", i))))
	}
	for _, key := range []types.AccessLevelFilterKey{types.AccessLevelFilterKeyUser, types.AccessLevelFilterKeyRole, types.AccessLevelFilterKeyAccount} {
		in := &sdk.ListRecordHistoryInput{PageSize: 2, AccessLevelFilter: &types.AccessLevelFilter{Key: key, Value: aws.String("self")}}
		seen := map[string]bool{}
		for {
			page := must[*sdk.ListRecordHistoryOutput](t)(f.ListRecordHistory(f.as(endUserSession), in))
			for _, r := range page.RecordDetails {
				seen[*r.RecordId] = true
			}
			if in.PageToken = page.NextPageToken; in.PageToken == nil {
				break
			}
		}
		if len(seen) != launches {
			t.Errorf("level %s: %d records of %d", key, len(seen), launches)
		}
	}
}
