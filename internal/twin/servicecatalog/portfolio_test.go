package servicecatalog_test

import (
	"fmt"
	"slices"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	sdk "github.com/aws/aws-sdk-go-v2/service/servicecatalog"
	"github.com/aws/aws-sdk-go-v2/service/servicecatalog/types"
	"github.com/google/go-cmp/cmp"

	"accountfactory/internal/twin/state"
)

func TestPortfolio(t *testing.T) {
	t.Parallel()
	f := setup(t)
	ctx := f.in("us-east-1", admin) // portfolios live in the Region they were made in
	ask := &sdk.CreatePortfolioInput{
		DisplayName: aws.String("Tools"), ProviderName: aws.String("Platform"), Description: aws.String("Small things"), IdempotencyToken: aws.String("t1"),
		Tags: []types.Tag{{Key: aws.String("team"), Value: aws.String("blue")}, {Key: aws.String("cost"), Value: aws.String("1")}},
	}
	made := must[*sdk.CreatePortfolioOutput](t)(f.CreatePortfolio(ctx, ask))
	id := made.PortfolioDetail.Id
	if *made.PortfolioDetail.ARN != "arn:aws:catalog:us-east-1:111111111111:portfolio/"+*id || *made.PortfolioDetail.DisplayName != "Tools" {
		t.Errorf("made %+v", made.PortfolioDetail)
	}
	again := must[*sdk.CreatePortfolioOutput](t)(f.CreatePortfolio(ctx, ask))
	if *again.PortfolioDetail.Id != *id {
		t.Error("the same token made a second portfolio")
	}
	other := *ask
	other.DisplayName = aws.String("Others")
	_, err := f.CreatePortfolio(ctx, &other)
	refused(t, err, "InvalidParametersException", "t1")

	up := must[*sdk.UpdatePortfolioOutput](t)(f.UpdatePortfolio(ctx, &sdk.UpdatePortfolioInput{
		Id: id, DisplayName: aws.String("Toys"), AddTags: []types.Tag{{Key: aws.String("cost"), Value: aws.String("2")}}, RemoveTags: []string{"team"},
	}))
	got := must[*sdk.DescribePortfolioOutput](t)(f.DescribePortfolio(ctx, &sdk.DescribePortfolioInput{Id: id}))
	if *got.PortfolioDetail.DisplayName != "Toys" || *got.PortfolioDetail.ProviderName != "Platform" || *up.PortfolioDetail.Description != "Small things" {
		t.Errorf("updated %+v", got.PortfolioDetail)
	}
	if diff := cmp.Diff(map[string]string{"cost": "2"}, tagMap(got.Tags)); diff != "" {
		t.Errorf("tags (-want +got):\n%s", diff)
	}
	var many []types.Tag
	for i := range 20 {
		many = append(many, types.Tag{Key: aws.String(fmt.Sprint(i)), Value: aws.String("x")})
	}
	_, err = f.UpdatePortfolio(ctx, &sdk.UpdatePortfolioInput{Id: id, AddTags: many})
	refused(t, err, "LimitExceededException", "20 tags")

	if _, err := f.AssociatePrincipalWithPortfolio(ctx, &sdk.AssociatePrincipalWithPortfolioInput{PortfolioId: id, PrincipalARN: aws.String(admin), PrincipalType: types.PrincipalTypeIam}); err != nil {
		t.Fatal(err)
	}
	_, err = f.DeletePortfolio(ctx, &sdk.DeletePortfolioInput{Id: id})
	refused(t, err, "ResourceInUseException", "Portfolio "+*id+" still has associated Principals")
	must[*sdk.DisassociatePrincipalFromPortfolioOutput](t)(f.DisassociatePrincipalFromPortfolio(ctx, &sdk.DisassociatePrincipalFromPortfolioInput{PortfolioId: id, PrincipalARN: aws.String(admin)}))
	must[*sdk.DeletePortfolioOutput](t)(f.DeletePortfolio(ctx, &sdk.DeletePortfolioInput{Id: id}))
	_, err = f.DescribePortfolio(ctx, &sdk.DescribePortfolioInput{Id: id})
	refused(t, err, "ResourceNotFoundException", *id)
	_, err = f.UpdatePortfolio(ctx, &sdk.UpdatePortfolioInput{Id: id})
	refused(t, err, "ResourceNotFoundException", *id)
	_, err = f.DeletePortfolio(ctx, &sdk.DeletePortfolioInput{Id: id})
	refused(t, err, "ResourceNotFoundException", *id)
	_, err = f.DeletePortfolio(f.as(admin), &sdk.DeletePortfolioInput{Id: &f.portfolio.ID})
	refused(t, err, "ResourceInUseException", "still has associated Products")
}

func TestListPortfolios_PagesAndQuota(t *testing.T) {
	t.Parallel()
	f := setup(t)
	create := func(i int) error {
		_, err := f.CreatePortfolio(f.as(admin), &sdk.CreatePortfolioInput{DisplayName: aws.String("p"), ProviderName: aws.String("x"), IdempotencyToken: aws.String(fmt.Sprint("t", i))})
		return err
	}
	for i := range 99 {
		if err := create(i); err != nil {
			t.Fatal(err)
		}
	}
	refused(t, create(99), "LimitExceededException", "100 portfolios")
	var ids []string
	in := &sdk.ListPortfoliosInput{PageSize: 33}
	for {
		out := must[*sdk.ListPortfoliosOutput](t)(f.ListPortfolios(f.as(admin), in))
		for _, p := range out.PortfolioDetails {
			ids = append(ids, *p.Id)
		}
		if in.PageToken = out.NextPageToken; in.PageToken == nil {
			break
		}
	}
	if len(ids) != 100 || !slices.IsSorted(ids) || len(slices.Compact(ids)) != 100 {
		t.Errorf("walked %d portfolios", len(ids))
	}
	_, err := f.ListPortfolios(f.in("us-east-1", admin), &sdk.ListPortfoliosInput{PageToken: must[*sdk.ListPortfoliosOutput](t)(f.ListPortfolios(f.as(admin), &sdk.ListPortfoliosInput{})).NextPageToken})
	refused(t, err, "InvalidParametersException", "token")
	if got := len(must[*sdk.ListPortfoliosOutput](t)(f.ListPortfolios(f.as(admin), &sdk.ListPortfoliosInput{})).PortfolioDetails); got != 20 {
		t.Errorf("a page without a size has %d", got)
	}
	f.change(func(tx *state.Tx) {
		if got := len(f.Portfolios(tx)); got != 100 {
			t.Errorf("Portfolios gives %d", got)
		}
	})
}

func TestPortfoliosForProduct(t *testing.T) {
	t.Parallel()
	f := setup(t)
	ctx := f.as(admin)
	second := must[*sdk.CreatePortfolioOutput](t)(f.CreatePortfolio(ctx, &sdk.CreatePortfolioInput{DisplayName: aws.String("p"), ProviderName: aws.String("x"), IdempotencyToken: aws.String("t")})).PortfolioDetail.Id
	for range 2 { // again is no error
		must[*sdk.AssociateProductWithPortfolioOutput](t)(f.AssociateProductWithPortfolio(ctx, &sdk.AssociateProductWithPortfolioInput{PortfolioId: second, ProductId: &f.product.ID}))
	}
	list := func(token *string) *sdk.ListPortfoliosForProductOutput {
		return must[*sdk.ListPortfoliosForProductOutput](t)(f.ListPortfoliosForProduct(ctx, &sdk.ListPortfoliosForProductInput{ProductId: &f.product.ID, PageSize: 1, PageToken: token}))
	}
	first := list(nil)
	if rest := list(first.NextPageToken); len(rest.PortfolioDetails) != 1 || rest.NextPageToken != nil || *rest.PortfolioDetails[0].Id == *first.PortfolioDetails[0].Id {
		t.Errorf("second page %+v", rest)
	}
	out := &sdk.DisassociateProductFromPortfolioInput{PortfolioId: second, ProductId: &f.product.ID}
	must[*sdk.DisassociateProductFromPortfolioOutput](t)(f.DisassociateProductFromPortfolio(ctx, out))
	_, err := f.DisassociateProductFromPortfolio(ctx, out)
	refused(t, err, "ResourceNotFoundException", "not associated")
	for _, in := range []*sdk.AssociateProductWithPortfolioInput{
		{PortfolioId: second, ProductId: aws.String("prod-x")},
		{PortfolioId: aws.String("port-x"), ProductId: &f.product.ID},
		{PortfolioId: second, ProductId: &f.product.ID, SourcePortfolioId: aws.String("port-y")},
	} {
		_, err := f.AssociateProductWithPortfolio(ctx, in)
		refused(t, err, "ResourceNotFoundException", "")
	}
	_, err = f.ListPortfoliosForProduct(ctx, &sdk.ListPortfoliosForProductInput{ProductId: aws.String("prod-x")})
	refused(t, err, "ResourceNotFoundException", "prod-x")
}

// Who sees the product depends on whom its portfolio is granted to, and on nothing else.
func TestPrincipals_Access(t *testing.T) {
	t.Parallel()
	const (
		user    = "arn:aws:iam::111111111111:user/team/ann"
		grouped = "arn:aws:iam::111111111111:user/grouped"
		session = "arn:aws:sts::111111111111:assumed-role/Deployer_1/run"
	)
	for _, tc := range []struct {
		name, as, principal string
		kind                types.PrincipalType
		want                bool
	}{
		{"user", user, user, types.PrincipalTypeIam, true},
		{"user without the path", user, "arn:aws:iam::111111111111:user/ann", types.PrincipalTypeIam, false},
		{"group", grouped, "arn:aws:iam::111111111111:group/builders", types.PrincipalTypeIam, true},
		{"role", session, "arn:aws:iam::111111111111:role/Deployer_1", types.PrincipalTypeIam, true},
		{"another role", session, "arn:aws:iam::111111111111:role/Deployer", types.PrincipalTypeIam, false},
		{"pattern", session, "arn:aws:iam:::role/Deployer_*", types.PrincipalTypeIamPattern, true},
		{"question mark is one", session, "arn:aws:iam:::role/Deployer_?", types.PrincipalTypeIamPattern, true},
		{"question mark is none", session, "arn:aws:iam:::role/Deployer_1?", types.PrincipalTypeIamPattern, true},
		{"question marks are not many", session, "arn:aws:iam:::role/Deploy?", types.PrincipalTypeIamPattern, false},
		{"star crosses slashes", user, "arn:aws:iam:::user/*n", types.PrincipalTypeIamPattern, true},
		{"pattern without wildcard", user, "arn:aws:iam:::user/team/ann", types.PrincipalTypeIamPattern, true},
		{"pattern of a group", grouped, "arn:aws:iam:::group/build*", types.PrincipalTypeIamPattern, true},
		{"other kind", user, "arn:aws:iam:::role/*", types.PrincipalTypeIamPattern, false},
		{"SSO roles of every Region", colleague, "arn:aws:iam:::role/aws-reserved/sso.amazonaws.com/*/AWSReservedSSO_AWSServiceCatalogEndUserAccess_*", types.PrincipalTypeIamPattern, true},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			f := setup(t)
			must[*sdk.DisassociatePrincipalFromPortfolioOutput](t)(f.DisassociatePrincipalFromPortfolio(f.as(admin), &sdk.DisassociatePrincipalFromPortfolioInput{
				PortfolioId: &f.portfolio.ID, PrincipalARN: aws.String(endUserRole), PrincipalType: types.PrincipalTypeIam,
			}))
			in := &sdk.AssociatePrincipalWithPortfolioInput{PortfolioId: &f.portfolio.ID, PrincipalARN: &tc.principal, PrincipalType: tc.kind}
			must[*sdk.AssociatePrincipalWithPortfolioOutput](t)(f.AssociatePrincipalWithPortfolio(f.as(admin), in))
			_, err := f.DescribeProduct(f.as(tc.as), &sdk.DescribeProductInput{Id: &f.product.ID})
			if (err == nil) != tc.want {
				t.Errorf("access %v, want %v (%v)", err == nil, tc.want, err)
			}
			f.change(func(tx *state.Tx) { f.AddPrincipal(tx, f.portfolio.ID, root, types.PrincipalTypeIam) }) // the API refuses that
			if _, err := f.DescribeProduct(f.as(root), &sdk.DescribeProductInput{Id: &f.product.ID}); err == nil {
				t.Error("root has access")
			}
		})
	}
}

func TestPrincipals_ListAndRefusals(t *testing.T) {
	t.Parallel()
	f := setup(t)
	ctx := f.as(admin)
	associate := func(principal string, kind types.PrincipalType) error {
		_, err := f.AssociatePrincipalWithPortfolio(ctx, &sdk.AssociatePrincipalWithPortfolioInput{PortfolioId: &f.portfolio.ID, PrincipalARN: &principal, PrincipalType: kind})
		return err
	}
	for i := range 10 {
		if err := associate(fmt.Sprintf("arn:aws:iam:::role/r%d*", i), types.PrincipalTypeIamPattern); err != nil {
			t.Fatal(err)
		}
	}
	refused(t, associate("arn:aws:iam:::role/r10*", types.PrincipalTypeIamPattern), "LimitExceededException", "IAM_PATTERN")
	if err := associate("arn:aws:iam:::role/r9*", types.PrincipalTypeIamPattern); err != nil {
		t.Errorf("again: %v", err)
	}
	for _, tc := range []struct {
		principal string
		kind      types.PrincipalType
		text      string
	}{
		{"arn:aws:iam:::role/x", types.PrincipalTypeIam, "principal type IAM"},
		{"arn:aws:iam::111111111111:role/x*", types.PrincipalTypeIam, "principal type IAM"},
		{root, types.PrincipalTypeIam, "principal type IAM"},
		{"arn:aws:iam:::*/x", types.PrincipalTypeIamPattern, "IAM_PATTERN"},
		{"arn:aws:iam::111111111111:role/x", types.PrincipalTypeIamPattern, "IAM_PATTERN"},
		{"arn:aws:iam::111111111111:role/nobody", types.PrincipalTypeIam, "profile does not exist"},
	} {
		refused(t, associate(tc.principal, tc.kind), "InvalidParametersException", tc.text)
	}
	var got []string
	in := &sdk.ListPrincipalsForPortfolioInput{PortfolioId: &f.portfolio.ID, PageSize: 4}
	for {
		out := must[*sdk.ListPrincipalsForPortfolioOutput](t)(f.ListPrincipalsForPortfolio(ctx, in))
		for _, p := range out.Principals {
			got = append(got, string(p.PrincipalType)+" "+*p.PrincipalARN)
		}
		if in.PageToken = out.NextPageToken; in.PageToken == nil {
			break
		}
	}
	if len(got) != 11 || got[0] != "IAM "+endUserRole || got[1] != "IAM_PATTERN arn:aws:iam:::role/r0*" {
		t.Errorf("principals %v", got)
	}
	// Without a type, a pattern is not found.
	_, err := f.DisassociatePrincipalFromPortfolio(ctx, &sdk.DisassociatePrincipalFromPortfolioInput{PortfolioId: &f.portfolio.ID, PrincipalARN: aws.String("arn:aws:iam:::role/r0*")})
	refused(t, err, "ResourceNotFoundException", "not associated")
	none := aws.String("port-x")
	_, err = f.AssociatePrincipalWithPortfolio(ctx, &sdk.AssociatePrincipalWithPortfolioInput{PortfolioId: none, PrincipalARN: aws.String(admin), PrincipalType: types.PrincipalTypeIam})
	refused(t, err, "ResourceNotFoundException", "port-x")
	_, err = f.DisassociatePrincipalFromPortfolio(ctx, &sdk.DisassociatePrincipalFromPortfolioInput{PortfolioId: none, PrincipalARN: aws.String(admin)})
	refused(t, err, "ResourceNotFoundException", "port-x")
	_, err = f.ListPrincipalsForPortfolio(ctx, &sdk.ListPrincipalsForPortfolioInput{PortfolioId: none})
	refused(t, err, "ResourceNotFoundException", "port-x")
	f.change(func(tx *state.Tx) {
		p := f.AddPortfolio(tx, "Crowd", "x", "")
		for i := range 100 {
			f.AddPrincipal(tx, p.ID, fmt.Sprintf("arn:aws:iam::111111111111:user/u%d", i), types.PrincipalTypeIam)
		}
		f.portfolio = p
	})
	refused(t, associate(admin, types.PrincipalTypeIam), "LimitExceededException", "100 principals")
}
