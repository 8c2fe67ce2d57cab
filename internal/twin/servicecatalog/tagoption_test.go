package servicecatalog_test

import (
	"fmt"
	"slices"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	sdk "github.com/aws/aws-sdk-go-v2/service/servicecatalog"
	"github.com/aws/aws-sdk-go-v2/service/servicecatalog/types"
	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
)

func (f *fixture) tagOption(key, value string) *types.TagOptionDetail {
	f.t.Helper()
	return must[*sdk.CreateTagOptionOutput](f.t)(f.CreateTagOption(f.as(admin), &sdk.CreateTagOptionInput{Key: &key, Value: &value})).TagOptionDetail
}

func (f *fixture) use(resource string, o *types.TagOptionDetail) error {
	_, err := f.AssociateTagOptionWithResource(f.as(admin), &sdk.AssociateTagOptionWithResourceInput{ResourceId: &resource, TagOptionId: o.Id})
	return err
}

func TestTagOption(t *testing.T) {
	t.Parallel()
	f := setup(t)
	ctx := f.as(admin)
	blue, red := f.tagOption("team", "blue"), f.tagOption("team", "red")
	if !*blue.Active || *blue.Owner != management {
		t.Errorf("made %+v", blue)
	}
	_, err := f.CreateTagOption(ctx, &sdk.CreateTagOptionInput{Key: aws.String("team"), Value: aws.String("blue")})
	refused(t, err, "DuplicateResourceException", "team")
	_, err = f.UpdateTagOption(ctx, &sdk.UpdateTagOptionInput{Id: blue.Id, Value: aws.String("red")})
	refused(t, err, "DuplicateResourceException", "red")
	must[*sdk.UpdateTagOptionOutput](t)(f.UpdateTagOption(ctx, &sdk.UpdateTagOptionInput{Id: blue.Id, Value: aws.String("navy"), Active: aws.Bool(false)}))
	got := must[*sdk.DescribeTagOptionOutput](t)(f.DescribeTagOption(ctx, &sdk.DescribeTagOptionInput{Id: blue.Id})).TagOptionDetail
	if *got.Value != "navy" || *got.Active {
		t.Errorf("updated %+v", got)
	}
	refused(t, f.use(f.product.ID, blue), "InvalidStateException", "not active")

	if err := f.use(f.product.ID, red); err != nil {
		t.Fatal(err)
	}
	refused(t, f.use(f.product.ID, red), "DuplicateResourceException", "already")
	refused(t, f.use("prod-x", red), "ResourceNotFoundException", "prod-x")
	_, err = f.DeleteTagOption(ctx, &sdk.DeleteTagOptionInput{Id: red.Id})
	refused(t, err, "ResourceInUseException", f.product.ID)
	shown := must[*sdk.DescribeProductAsAdminOutput](t)(f.DescribeProductAsAdmin(ctx, &sdk.DescribeProductAsAdminInput{Id: &f.product.ID}))
	if len(shown.TagOptions) != 1 || *shown.TagOptions[0].Id != *red.Id {
		t.Errorf("on the product: %+v", shown.TagOptions)
	}
	off := &sdk.DisassociateTagOptionFromResourceInput{ResourceId: &f.product.ID, TagOptionId: red.Id}
	must[*sdk.DisassociateTagOptionFromResourceOutput](t)(f.DisassociateTagOptionFromResource(ctx, off))
	_, err = f.DisassociateTagOptionFromResource(ctx, off)
	refused(t, err, "ResourceNotFoundException", "not associated")
	must[*sdk.DeleteTagOptionOutput](t)(f.DeleteTagOption(ctx, &sdk.DeleteTagOptionInput{Id: red.Id}))

	var errs []error
	note := func(_ any, err error) { errs = append(errs, err) }
	note(f.DescribeTagOption(ctx, &sdk.DescribeTagOptionInput{Id: red.Id}))
	note(f.UpdateTagOption(ctx, &sdk.UpdateTagOptionInput{Id: red.Id}))
	note(f.DeleteTagOption(ctx, &sdk.DeleteTagOptionInput{Id: red.Id}))
	note(f.ListResourcesForTagOption(ctx, &sdk.ListResourcesForTagOptionInput{TagOptionId: red.Id}))
	note(f.DisassociateTagOptionFromResource(ctx, off))
	note(nil, f.use(f.product.ID, red))
	note(f.DescribeTagOption(f.in("us-east-1", admin), &sdk.DescribeTagOptionInput{Id: blue.Id}))
	for _, err := range errs {
		refused(t, err, "ResourceNotFoundException", "TagOption")
	}
}

func TestListTagOptions(t *testing.T) {
	t.Parallel()
	f := setup(t)
	off := f.tagOption("team", "blue")
	f.tagOption("team", "red")
	f.tagOption("cost", "blue")
	must[*sdk.UpdateTagOptionOutput](t)(f.UpdateTagOption(f.as(admin), &sdk.UpdateTagOptionInput{Id: off.Id, Active: aws.Bool(false)}))
	for _, tc := range []struct {
		name   string
		filter *types.ListTagOptionsFilters
		want   []string
	}{
		{"all", nil, []string{"cost=blue", "team=blue", "team=red"}},
		{"key", &types.ListTagOptionsFilters{Key: aws.String("team")}, []string{"team=blue", "team=red"}},
		{"value", &types.ListTagOptionsFilters{Value: aws.String("blue")}, []string{"cost=blue", "team=blue"}},
		{"active", &types.ListTagOptionsFilters{Active: aws.Bool(true)}, []string{"cost=blue", "team=red"}},
		{"all three", &types.ListTagOptionsFilters{Active: aws.Bool(false), Key: aws.String("team"), Value: aws.String("blue")}, []string{"team=blue"}},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			in := &sdk.ListTagOptionsInput{Filters: tc.filter, PageSize: 1}
			var got []string
			for {
				out := must[*sdk.ListTagOptionsOutput](t)(f.ListTagOptions(f.as(admin), in))
				for _, o := range out.TagOptionDetails {
					got = append(got, *o.Key+"="+*o.Value)
				}
				if in.PageToken = out.PageToken; in.PageToken == nil {
					break
				}
			}
			slices.Sort(got)
			if diff := cmp.Diff(tc.want, got); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
	token := must[*sdk.ListTagOptionsOutput](t)(f.ListTagOptions(f.as(admin), &sdk.ListTagOptionsInput{PageSize: 1})).PageToken
	_, err := f.ListTagOptions(f.as(admin), &sdk.ListTagOptionsInput{PageToken: token, Filters: &types.ListTagOptionsFilters{Key: aws.String("team")}})
	refused(t, err, "InvalidParametersException", "token")
}

func TestListResourcesForTagOption(t *testing.T) {
	t.Parallel()
	f := setup(t)
	o := f.tagOption("team", "blue")
	for _, resource := range []string{f.product.ID, f.portfolio.ID} {
		if err := f.use(resource, o); err != nil {
			t.Fatal(err)
		}
	}
	list := func(kind, token *string) (*sdk.ListResourcesForTagOptionOutput, error) {
		return f.ListResourcesForTagOption(f.as(admin), &sdk.ListResourcesForTagOptionInput{TagOptionId: o.Id, ResourceType: kind, PageToken: token, PageSize: 1})
	}
	first := must[*sdk.ListResourcesForTagOptionOutput](t)(list(nil, nil))
	second := must[*sdk.ListResourcesForTagOptionOutput](t)(list(nil, first.PageToken))
	if *first.ResourceDetails[0].Id != f.portfolio.ID || *second.ResourceDetails[0].Id != f.product.ID || second.PageToken != nil {
		t.Errorf("pages %+v %+v", first, second)
	}
	products := must[*sdk.ListResourcesForTagOptionOutput](t)(list(aws.String("Product"), nil))
	if len(products.ResourceDetails) != 1 || *products.ResourceDetails[0].ARN != "arn:aws:catalog:eu-west-1:111111111111:product/"+f.product.ID {
		t.Errorf("products %+v", products.ResourceDetails)
	}
	_, err := list(aws.String("Bucket"), nil)
	refused(t, err, "InvalidParametersException", "Bucket")
	for i := range 24 {
		if err := f.use(f.product.ID, f.tagOption("n", fmt.Sprint(i))); err != nil {
			t.Fatal(err)
		}
	}
	refused(t, f.use(f.product.ID, f.tagOption("n", "more")), "LimitExceededException", "25")
}

// What a launch is offered: the union, per key the common values, and a conflict is a key without any.
func TestDescribeProvisioningParameters_TagOptions(t *testing.T) {
	t.Parallel()
	f := setup(t)
	blue := f.tagOption("team", "blue")
	for _, u := range []struct {
		resource string
		option   *types.TagOptionDetail
	}{
		{f.product.ID, blue},
		{f.portfolio.ID, blue},
		{f.product.ID, f.tagOption("team", "red")},
		{f.product.ID, f.tagOption("only", "product")},
		{f.portfolio.ID, f.tagOption("own", "portfolio")},
		{f.product.ID, f.tagOption("clash", "a")},
		{f.portfolio.ID, f.tagOption("clash", "b")},
	} {
		if err := f.use(u.resource, u.option); err != nil {
			t.Fatal(err)
		}
	}
	got := must[*sdk.DescribeProvisioningParametersOutput](t)(f.DescribeProvisioningParameters(f.as(endUserSession), &sdk.DescribeProvisioningParametersInput{
		ProductId: &f.product.ID, ProvisioningArtifactId: &f.artifact,
	})).TagOptions
	slices.SortFunc(got, func(a, b types.TagOptionSummary) int {
		return len(*a.Key)*256 + int((*a.Key)[1]) - len(*b.Key)*256 - int((*b.Key)[1])
	})
	want := []types.TagOptionSummary{
		{Key: aws.String("own"), Values: []string{"portfolio"}},
		{Key: aws.String("team"), Values: []string{"blue"}},
		{Key: aws.String("only"), Values: []string{"product"}},
		{Key: aws.String("clash"), Values: []string{}},
	}
	if diff := cmp.Diff(want, got, cmpopts.IgnoreUnexported(types.TagOptionSummary{}), cmpopts.EquateEmpty()); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}
