package servicecatalog_test

import (
	"slices"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	sdk "github.com/aws/aws-sdk-go-v2/service/servicecatalog"
	"github.com/aws/aws-sdk-go-v2/service/servicecatalog/types"
	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"accountfactory/internal/twin/servicecatalog"
	"accountfactory/internal/twin/state"
)

func TestSearchProducts(t *testing.T) {
	t.Parallel()
	f := setup(t)
	f.change(func(tx *state.Tx) {
		for _, name := range []string{"Bucket", "Alarm"} {
			p := f.AddProduct(tx, servicecatalog.NewProduct{Name: name, Owner: "Platform", Type: "TOY", Description: "A small thing"})
			f.Associate(tx, p.ID, f.portfolio.ID)
		}
		f.AddProduct(tx, servicecatalog.NewProduct{Name: "Hidden", Owner: "Platform", Type: "TOY"})
	})
	const factory = "AWS Control Tower Account Factory"
	for _, tc := range []struct {
		name    string
		filters map[string][]string
		sort    types.ProductViewSortBy
		order   types.SortOrder
		want    []string
	}{
		{name: "all", sort: types.ProductViewSortByTitle, want: []string{factory, "Alarm", "Bucket"}},
		{name: "from the end", sort: types.ProductViewSortByTitle, order: types.SortOrderDescending, want: []string{"Bucket", "Alarm", factory}},
		{name: "most versions", sort: types.ProductViewSortByVersionCount, order: types.SortOrderDescending, filters: map[string][]string{"FullTextSearch": {"account"}}, want: []string{factory}},
		{name: "oldest", sort: types.ProductViewSortByCreationDate, filters: map[string][]string{"Owner": {"AWS Control Tower"}}, want: []string{factory}},
		{name: "full text", filters: map[string][]string{"FullTextSearch": {factory}}, want: []string{factory}},
		{name: "words of several fields", filters: map[string][]string{"FullTextSearch": {"bucket small"}}, want: []string{"Bucket"}},
		{name: "owner", sort: types.ProductViewSortByTitle, filters: map[string][]string{"Owner": {"Platform"}}, want: []string{"Alarm", "Bucket"}},
		{name: "type", filters: map[string][]string{"ProductType": {productType}}, want: []string{factory}},
		{name: "either", sort: types.ProductViewSortByTitle, filters: map[string][]string{"FullTextSearch": {"alarm", "bucket"}}, want: []string{"Alarm", "Bucket"}},
		{name: "copies", filters: map[string][]string{"SourceProductId": {f.product.ID}}, want: []string{}},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			in := &sdk.SearchProductsInput{Filters: tc.filters, SortBy: tc.sort, SortOrder: tc.order, PageSize: 2}
			got := []string{}
			for {
				out := must[*sdk.SearchProductsOutput](t)(f.SearchProducts(f.as(endUserSession), in))
				for _, p := range out.ProductViewSummaries {
					got = append(got, *p.Name)
				}
				if out.NextPageToken == nil {
					break
				}
				in.PageToken = out.NextPageToken
			}
			if diff := cmp.Diff(tc.want, got); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
	for _, who := range []string{admin, root} {
		if got := must[*sdk.SearchProductsOutput](t)(f.SearchProducts(f.as(who), &sdk.SearchProductsInput{})); len(got.ProductViewSummaries) != 0 {
			t.Errorf("%s, granted nothing, sees %d products", who, len(got.ProductViewSummaries))
		}
	}
	_, err := f.SearchProducts(f.as(admin), &sdk.SearchProductsInput{Filters: map[string][]string{"Color": {"blue"}}})
	refused(t, err, "InvalidParametersException", "Color")
	_, err = f.SearchProducts(f.as(admin), &sdk.SearchProductsInput{PageToken: aws.String("x")})
	refused(t, err, "InvalidParametersException", "token")

	all := must[*sdk.SearchProductsAsAdminOutput](t)(f.SearchProductsAsAdmin(f.as(admin), &sdk.SearchProductsAsAdminInput{SortBy: types.ProductViewSortByTitle}))
	held := must[*sdk.SearchProductsAsAdminOutput](t)(f.SearchProductsAsAdmin(f.as(admin), &sdk.SearchProductsAsAdminInput{PortfolioId: &f.portfolio.ID}))
	if len(all.ProductViewDetails) != 4 || len(held.ProductViewDetails) != 3 || all.ProductViewDetails[0].Status != "CREATED" {
		t.Errorf("as admin: %d in all, %d in the portfolio", len(all.ProductViewDetails), len(held.ProductViewDetails))
	}
	_, err = f.SearchProductsAsAdmin(f.as(admin), &sdk.SearchProductsAsAdminInput{PortfolioId: aws.String("port-x")})
	refused(t, err, "ResourceNotFoundException", "port-x")
}

func TestDescribeProduct(t *testing.T) {
	t.Parallel()
	f := setup(t)
	out := must[*sdk.DescribeProductOutput](t)(f.DescribeProduct(f.as(endUserSession), &sdk.DescribeProductInput{Name: &f.product.Name}))
	want := &types.ProductViewSummary{
		Id: &f.product.ViewID, ProductId: &f.product.ID, Name: aws.String("AWS Control Tower Account Factory"), Owner: aws.String("AWS Control Tower"), Type: productType,
		ShortDescription: aws.String(""), Distributor: aws.String(""), SupportDescription: aws.String(""), SupportEmail: aws.String(""), SupportUrl: aws.String(""),
	}
	if diff := cmp.Diff(want, out.ProductViewSummary, cmpopts.IgnoreUnexported(types.ProductViewSummary{})); diff != "" {
		t.Errorf("summary (-want +got):\n%s", diff)
	}
	if len(out.LaunchPaths) != 1 || *out.LaunchPaths[0].Name != f.portfolio.Name || len(out.ProvisioningArtifacts) != 1 || *out.ProvisioningArtifacts[0].Id != f.artifact {
		t.Errorf("paths %+v, artifacts %+v", out.LaunchPaths, out.ProvisioningArtifacts)
	}
	view := must[*sdk.DescribeProductViewOutput](t)(f.DescribeProductView(f.as(endUserSession), &sdk.DescribeProductViewInput{Id: &f.product.ViewID}))
	if *view.ProductViewSummary.ProductId != f.product.ID || len(view.ProvisioningArtifacts) != 1 {
		t.Errorf("view %+v", view)
	}
	managed := must[*sdk.DescribeProductAsAdminOutput](t)(f.DescribeProductAsAdmin(f.as(admin), &sdk.DescribeProductAsAdminInput{Name: &f.product.Name}))
	if *managed.ProductViewDetail.ProductARN != "arn:aws:catalog:eu-west-1:111111111111:product/"+f.product.ID || len(managed.ProvisioningArtifactSummaries) != 2 {
		t.Errorf("as admin %+v", managed)
	}
	var errs []error
	note := func(_ any, err error) { errs = append(errs, err) }
	note(f.DescribeProduct(f.as(admin), &sdk.DescribeProductInput{Id: &f.product.ID}))
	note(f.DescribeProduct(f.as(endUserSession), &sdk.DescribeProductInput{Id: aws.String("prod-x")}))
	note(f.DescribeProductView(f.as(admin), &sdk.DescribeProductViewInput{Id: &f.product.ViewID}))
	note(f.DescribeProductView(f.as(endUserSession), &sdk.DescribeProductViewInput{Id: aws.String("prodview-x")}))
	note(f.DescribeProductAsAdmin(f.as(admin), &sdk.DescribeProductAsAdminInput{Id: aws.String("prod-x")}))
	note(f.DescribeProductAsAdmin(f.as(admin), &sdk.DescribeProductAsAdminInput{Id: &f.product.ID, SourcePortfolioId: aws.String("port-x")}))
	note(f.ListLaunchPaths(f.as(admin), &sdk.ListLaunchPathsInput{ProductId: &f.product.ID}))
	for _, err := range errs {
		refused(t, err, "ResourceNotFoundException", "")
	}
	_, err := f.DescribeProduct(f.as(endUserSession), &sdk.DescribeProductInput{})
	refused(t, err, "InvalidParametersException", "product")
	_, err = f.DescribeProductAsAdmin(f.as(admin), &sdk.DescribeProductAsAdminInput{Id: &f.product.ID, Name: &f.product.Name})
	refused(t, err, "InvalidParametersException", "not both")
}

func TestProvisioningArtifacts(t *testing.T) {
	t.Parallel()
	f := setup(t)
	list := must[*sdk.ListProvisioningArtifactsOutput](t)(f.ListProvisioningArtifacts(f.as(admin), &sdk.ListProvisioningArtifactsInput{ProductId: &f.product.ID}))
	active := slices.DeleteFunc(slices.Clone(list.ProvisioningArtifactDetails), func(a types.ProvisioningArtifactDetail) bool { return !*a.Active })
	if len(list.ProvisioningArtifactDetails) != 2 || len(active) != 1 || *active[0].Id != f.artifact || active[0].Type != productType {
		t.Errorf("versions %+v", list.ProvisioningArtifactDetails)
	}
	for name, in := range map[string]*sdk.DescribeProvisioningArtifactInput{
		"ids":              {ProductId: &f.product.ID, ProvisioningArtifactId: &f.artifact},
		"names":            {ProductName: &f.product.Name, ProvisioningArtifactName: aws.String("AWS Control Tower Account Factory")},
		"artifact id only": {ProvisioningArtifactId: &f.artifact},
	} {
		in.IncludeProvisioningArtifactParameters = true
		got := must[*sdk.DescribeProvisioningArtifactOutput](t)(f.DescribeProvisioningArtifact(f.as(admin), in))
		if *got.ProvisioningArtifactDetail.Id != f.artifact || got.Status != types.StatusAvailable || len(got.ProvisioningArtifactParameters) != 3 {
			t.Errorf("by %s: %+v", name, got)
		}
	}
	for _, tc := range []struct {
		code string
		in   *sdk.DescribeProvisioningArtifactInput
	}{
		{"ResourceNotFoundException", &sdk.DescribeProvisioningArtifactInput{ProductId: &f.product.ID, ProvisioningArtifactId: aws.String("pa-x")}},
		{"ResourceNotFoundException", &sdk.DescribeProvisioningArtifactInput{ProvisioningArtifactId: aws.String("pa-x")}},
		{"ResourceNotFoundException", &sdk.DescribeProvisioningArtifactInput{ProductId: aws.String("prod-x"), ProvisioningArtifactId: &f.artifact}},
		{"InvalidParametersException", &sdk.DescribeProvisioningArtifactInput{ProductId: &f.product.ID}},
		{"InvalidParametersException", &sdk.DescribeProvisioningArtifactInput{ProvisioningArtifactName: aws.String("old")}},
	} {
		_, err := f.DescribeProvisioningArtifact(f.as(admin), tc.in)
		refused(t, err, tc.code, "")
	}
	_, err := f.ListProvisioningArtifacts(f.as(admin), &sdk.ListProvisioningArtifactsInput{ProductId: aws.String("prod-x")})
	refused(t, err, "ResourceNotFoundException", "prod-x")
}

// Two versions may have one name; then a launch must say which.
func TestProvisioningArtifacts_SameName(t *testing.T) {
	t.Parallel()
	f := setup(t)
	var p *servicecatalog.Product
	f.change(func(tx *state.Tx) {
		p = f.AddProduct(tx, servicecatalog.NewProduct{Name: "Twins", Owner: "x", Type: "TOY", Artifacts: []servicecatalog.NewArtifact{{Name: "v1", Active: true}, {Name: "v1", Active: true}}})
	})
	_, err := f.DescribeProvisioningArtifact(f.as(admin), &sdk.DescribeProvisioningArtifactInput{ProductId: &p.ID, ProvisioningArtifactName: aws.String("v1")})
	refused(t, err, "InvalidParametersException", "more than one provisioning artifact named v1")
}

func TestDescribeProvisioningParameters(t *testing.T) {
	t.Parallel()
	f := setup(t)
	in := &sdk.DescribeProvisioningParametersInput{ProductId: &f.product.ID, ProvisioningArtifactId: &f.artifact}
	ou := func() types.ProvisioningArtifactParameter {
		return must[*sdk.DescribeProvisioningParametersOutput](t)(f.DescribeProvisioningParameters(f.as(endUserSession), in)).ProvisioningArtifactParameters[2]
	}
	if got := ou(); *got.ParameterKey != "ManagedOrganizationalUnit" || !slices.Equal(got.ParameterConstraints.AllowedValues, []string{"Sandbox (ou-ab12-abcdefgh)"}) || got.ParameterConstraints.AllowedPattern != nil {
		t.Errorf("parameter %+v", got)
	}
	f.fake.mu.Lock()
	f.fake.ous = append(f.fake.ous, "Prod (ou-ab12-prodprod)")
	f.fake.mu.Unlock()
	if got := ou(); len(got.ParameterConstraints.AllowedValues) != 2 {
		t.Errorf("allowed values after another OU: %v", got.ParameterConstraints.AllowedValues)
	}
	in.PathId = aws.String("lpv2-" + f.portfolio.ID[len("port-"):])
	ou()
	for _, tc := range []struct {
		as, code string
		change   func(in *sdk.DescribeProvisioningParametersInput)
	}{
		{admin, "ResourceNotFoundException", func(*sdk.DescribeProvisioningParametersInput) {}},
		{endUserSession, "ResourceNotFoundException", func(in *sdk.DescribeProvisioningParametersInput) { in.PathId = aws.String("lpv2-x") }},
		{endUserSession, "InvalidParametersException", func(in *sdk.DescribeProvisioningParametersInput) { in.PathName = aws.String("x") }},
		{endUserSession, "InvalidParametersException", func(in *sdk.DescribeProvisioningParametersInput) { in.ProvisioningArtifactId = nil }},
	} {
		changed := *in
		tc.change(&changed)
		_, err := f.DescribeProvisioningParameters(f.as(tc.as), &changed)
		refused(t, err, tc.code, "")
	}
}
