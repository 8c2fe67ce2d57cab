package servicecatalog_test

import (
	"encoding/base64"
	"net/url"
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	sdk "github.com/aws/aws-sdk-go-v2/service/servicecatalog"
	"github.com/aws/aws-sdk-go-v2/service/servicecatalog/types"
	"github.com/google/go-cmp/cmp"

	"accountfactory/internal/twin/servicecatalog"
	"accountfactory/internal/twin/state"
)

const aTemplate = `{"Parameters":{
	"Size":{"Type":"String","Default":"small","AllowedValues":["small","large"],"Description":"how large"},
	"Name":{"Type":"String","AllowedPattern":"[a-z]+","NoEcho":true}},
	"Resources":{"Bucket":{"Type":"AWS::S3::Bucket"}}}`

const aURL = "https://s3.amazonaws.com/templates/bucket.template"

func inline(text string) string {
	return "data:application/json;base64," + base64.StdEncoding.EncodeToString([]byte(text))
}

func fromURL(place string) *types.ProvisioningArtifactProperties {
	return &types.ProvisioningArtifactProperties{Name: aws.String("v1"), Info: map[string]string{"LoadTemplateFromURL": place}}
}

func creating(name string, kind types.ProductType, place string) *sdk.CreateProductInput {
	return &sdk.CreateProductInput{
		Name: &name, Owner: aws.String("Platform"), ProductType: kind, IdempotencyToken: aws.String("create-" + name), ProvisioningArtifactParameters: fromURL(place),
	}
}

// catalogued is a product that an end user has a path to; it gives its id and its version's.
func (f *fixture) catalogued(kind types.ProductType, place string) (productID, artifactID string) {
	f.t.Helper()
	made := must[*sdk.CreateProductOutput](f.t)(f.CreateProduct(f.as(admin), creating("Bucket", kind, place)))
	productID = *made.ProductViewDetail.ProductViewSummary.ProductId
	must[*sdk.AssociateProductWithPortfolioOutput](f.t)(f.AssociateProductWithPortfolio(f.as(admin), &sdk.AssociateProductWithPortfolioInput{ProductId: &productID, PortfolioId: &f.portfolio.ID}))
	return productID, *made.ProvisioningArtifactDetail.Id
}

func TestProduct(t *testing.T) {
	t.Parallel()
	f := setup(t)
	in := creating("Bucket", types.ProductTypeCloudFormationTemplate, aURL)
	in.Description, in.Tags = aws.String("a place for things"), []types.Tag{{Key: aws.String("team"), Value: aws.String("blue")}}
	made := must[*sdk.CreateProductOutput](t)(f.CreateProduct(f.as(admin), in))
	view := made.ProductViewDetail.ProductViewSummary
	id := view.ProductId
	if *view.Name != "Bucket" || view.Type != types.ProductTypeCloudFormationTemplate || *view.ShortDescription != "a place for things" || tagMap(made.Tags)["team"] != "blue" {
		t.Errorf("made %+v %v", view, made.Tags)
	}
	if a := made.ProvisioningArtifactDetail; *a.Name != "v1" || a.Type != types.ProvisioningArtifactTypeCloudFormationTemplate || !*a.Active {
		t.Errorf("version %+v", a)
	}
	again := must[*sdk.CreateProductOutput](t)(f.CreateProduct(f.as(admin), in))
	if *again.ProductViewDetail.ProductViewSummary.ProductId != *id {
		t.Error("the same token made a second product")
	}
	up := must[*sdk.UpdateProductOutput](t)(f.UpdateProduct(f.as(admin), &sdk.UpdateProductInput{
		Id: id, Name: aws.String("Pail"), SupportUrl: aws.String("https://help.example.com"), RemoveTags: []string{"team"}, AddTags: []types.Tag{{Key: aws.String("cost"), Value: aws.String("1")}},
	}))
	if v := up.ProductViewDetail.ProductViewSummary; *v.Name != "Pail" || *v.ShortDescription != "a place for things" || *v.SupportUrl != "https://help.example.com" || !cmp.Equal(tagMap(up.Tags), map[string]string{"cost": "1"}) {
		t.Errorf("updated %+v %v", v, up.Tags)
	}
	found := must[*sdk.SearchProductsAsAdminOutput](t)(f.SearchProductsAsAdmin(f.as(admin), &sdk.SearchProductsAsAdminInput{Filters: map[string][]string{"ProductType": {"CLOUD_FORMATION_TEMPLATE"}}}))
	if len(found.ProductViewDetails) != 1 || *found.ProductViewDetails[0].ProductViewSummary.ProductId != *id {
		t.Errorf("found %d", len(found.ProductViewDetails))
	}
	must[*sdk.AssociateProductWithPortfolioOutput](t)(f.AssociateProductWithPortfolio(f.as(admin), &sdk.AssociateProductWithPortfolioInput{ProductId: id, PortfolioId: &f.portfolio.ID}))
	_, err := f.DeleteProduct(f.as(admin), &sdk.DeleteProductInput{Id: id})
	refused(t, err, "ResourceInUseException", f.portfolio.ID)
	must[*sdk.DisassociateProductFromPortfolioOutput](t)(f.DisassociateProductFromPortfolio(f.as(admin), &sdk.DisassociateProductFromPortfolioInput{ProductId: id, PortfolioId: &f.portfolio.ID}))
	must[*sdk.DeleteProductOutput](t)(f.DeleteProduct(f.as(admin), &sdk.DeleteProductInput{Id: id}))
	for name, err := range map[string]error{
		"update": second(f.UpdateProduct(f.as(admin), &sdk.UpdateProductInput{Id: id})), "delete": second(f.DeleteProduct(f.as(admin), &sdk.DeleteProductInput{Id: id})),
		"describe": second(f.DescribeProductAsAdmin(f.as(admin), &sdk.DescribeProductAsAdminInput{Id: id})),
		"version":  second(f.DescribeProvisioningArtifact(f.as(admin), &sdk.DescribeProvisioningArtifactInput{ProvisioningArtifactId: made.ProvisioningArtifactDetail.Id})),
	} {
		t.Run(name, func(t *testing.T) { refused(t, err, "ResourceNotFoundException", "") })
	}
}

// Control Tower's product is not anybody's to delete.
func TestDeleteProduct_AccountFactory(t *testing.T) {
	t.Parallel()
	f := setup(t)
	must[*sdk.DisassociateProductFromPortfolioOutput](t)(f.DisassociateProductFromPortfolio(f.as(admin), &sdk.DisassociateProductFromPortfolioInput{ProductId: &f.product.ID, PortfolioId: &f.portfolio.ID}))
	_, err := f.DeleteProduct(f.as(admin), &sdk.DeleteProductInput{Id: &f.product.ID})
	refused(t, err, "ResourceInUseException", "AWS Control Tower")
}

func TestCreateProduct_Refused(t *testing.T) {
	t.Parallel()
	f := setup(t)
	for _, tc := range []struct {
		name, text string
		change     func(in *sdk.CreateProductInput)
	}{
		{"from the marketplace", "MARKETPLACE", func(in *sdk.CreateProductInput) { in.ProductType = types.ProductTypeMarketplace }},
		{"no version", "ProvisioningArtifactParameters", func(in *sdk.CreateProductInput) { in.ProvisioningArtifactParameters = nil }},
		{"synced", "synced", func(in *sdk.CreateProductInput) { in.SourceConnection = &types.SourceConnection{} }},
		{"a version of another type", "EXTERNAL", func(in *sdk.CreateProductInput) {
			in.ProvisioningArtifactParameters.Type = types.ProvisioningArtifactTypeExternal
		}},
		{"no source", "either", func(in *sdk.CreateProductInput) { in.ProvisioningArtifactParameters.Info = nil }},
		{"two sources", "either", func(in *sdk.CreateProductInput) { in.ProvisioningArtifactParameters.Info["ImportFromPhysicalId"] = "x" }},
		{"a source of another name", "either", func(in *sdk.CreateProductInput) {
			in.ProvisioningArtifactParameters.Info = map[string]string{"URL": aURL}
		}},
		{"no stack", "CloudFormation stack", func(in *sdk.CreateProductInput) {
			in.ProvisioningArtifactParameters.Info = map[string]string{"ImportFromPhysicalId": "x"}
		}},
		{"no https", "https", func(in *sdk.CreateProductInput) { in.ProvisioningArtifactParameters = fromURL("file:///etc/passwd") }},
		{"no template", "Template validation error", func(in *sdk.CreateProductInput) { in.ProvisioningArtifactParameters = fromURL(inline("x")) }},
		{"a template of nothing", "Resources", func(in *sdk.CreateProductInput) { in.ProvisioningArtifactParameters = fromURL(inline("{}")) }},
		{"a parameter of no type", "Type", func(in *sdk.CreateProductInput) {
			in.ProvisioningArtifactParameters = fromURL(inline(strings.ReplaceAll(aTemplate, `"Type":"String",`, "")))
		}},
		{"a bad pattern", "AllowedPattern", func(in *sdk.CreateProductInput) {
			in.ProvisioningArtifactParameters = fromURL(inline(strings.ReplaceAll(aTemplate, "[a-z]+", "[")))
		}},
		{"no data URL", "data URL", func(in *sdk.CreateProductInput) { in.ProvisioningArtifactParameters = fromURL("data:text;base64,%%%") }},
		{"a tag twice", "team", func(in *sdk.CreateProductInput) {
			in.Tags = []types.Tag{{Key: aws.String("team"), Value: aws.String("a")}, {Key: aws.String("team"), Value: aws.String("b")}}
		}},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			in := creating(strings.ReplaceAll(tc.name, " ", "-"), types.ProductTypeCloudFormationTemplate, aURL)
			tc.change(in)
			_, err := f.CreateProduct(f.as(admin), in)
			refused(t, err, "InvalidParametersException", tc.text)
		})
	}
	_, err := f.CreateProduct(f.in("us-east-1", admin), creating("elsewhere", types.ProductTypeExternal, aURL))
	refused(t, err, "InvalidParametersException", "home Region")
	f.change(func(tx *state.Tx) {
		for range 350 {
			f.AddProduct(tx, servicecatalog.NewProduct{Name: "x", Owner: "x", Type: "EXTERNAL"})
		}
	})
	_, err = f.CreateProduct(f.as(admin), creating("one-more", types.ProductTypeExternal, aURL))
	refused(t, err, "LimitExceededException", "350")
}

func TestProvisioningArtifact(t *testing.T) {
	t.Parallel()
	f := setup(t)
	product, first := f.catalogued(types.ProductTypeCloudFormationTemplate, aURL)
	in := &sdk.CreateProvisioningArtifactInput{ProductId: &product, Parameters: fromURL(aURL + "2"), IdempotencyToken: aws.String("second")}
	made := must[*sdk.CreateProvisioningArtifactOutput](t)(f.CreateProvisioningArtifact(f.as(admin), in))
	id := made.ProvisioningArtifactDetail.Id
	if made.Status != types.StatusCreating || made.Info["TemplateUrl"] != aURL+"2" {
		t.Errorf("made %s %v", made.Status, made.Info)
	}
	again := must[*sdk.CreateProvisioningArtifactOutput](t)(f.CreateProvisioningArtifact(f.as(admin), in))
	if *again.ProvisioningArtifactDetail.Id != *id {
		t.Error("the same token made a second version")
	}
	up := must[*sdk.UpdateProvisioningArtifactOutput](t)(f.UpdateProvisioningArtifact(f.as(admin), &sdk.UpdateProvisioningArtifactInput{
		ProductId: &product, ProvisioningArtifactId: id, Name: aws.String("v2"), Description: aws.String("newer"), Active: aws.Bool(false), Guidance: types.ProvisioningArtifactGuidanceDeprecated,
	}))
	if d := up.ProvisioningArtifactDetail; *d.Name != "v2" || *d.Description != "newer" || *d.Active || d.Guidance != types.ProvisioningArtifactGuidanceDeprecated || up.Status != types.StatusAvailable {
		t.Errorf("updated %+v", d)
	}
	seen := must[*sdk.DescribeProductOutput](t)(f.DescribeProduct(f.as(endUserSession), &sdk.DescribeProductInput{Id: &product}))
	if len(seen.ProvisioningArtifacts) != 1 || *seen.ProvisioningArtifacts[0].Id != first {
		t.Errorf("end users see %d versions", len(seen.ProvisioningArtifacts))
	}
	shown := must[*sdk.DescribeProvisioningArtifactOutput](t)(f.DescribeProvisioningArtifact(f.as(admin), &sdk.DescribeProvisioningArtifactInput{ProvisioningArtifactId: id}))
	if shown.Info["TemplateUrl"] != aURL+"2" {
		t.Errorf("info %v", shown.Info)
	}
	must[*sdk.DeleteProvisioningArtifactOutput](t)(f.DeleteProvisioningArtifact(f.as(admin), &sdk.DeleteProvisioningArtifactInput{ProductId: &product, ProvisioningArtifactId: id}))
	_, err := f.DeleteProvisioningArtifact(f.as(admin), &sdk.DeleteProvisioningArtifactInput{ProductId: &product, ProvisioningArtifactId: id})
	refused(t, err, "ResourceNotFoundException", *id)
	_, err = f.UpdateProvisioningArtifact(f.as(admin), &sdk.UpdateProvisioningArtifactInput{ProductId: &product, ProvisioningArtifactId: id})
	refused(t, err, "ResourceNotFoundException", *id)
	_, err = f.DeleteProvisioningArtifact(f.as(admin), &sdk.DeleteProvisioningArtifactInput{ProductId: &product, ProvisioningArtifactId: &first})
	refused(t, err, "ResourceInUseException", "last")
	_, err = f.CreateProvisioningArtifact(f.as(admin), &sdk.CreateProvisioningArtifactInput{ProductId: &f.product.ID, Parameters: fromURL(aURL), IdempotencyToken: aws.String("x")})
	refused(t, err, "InvalidParametersException", "CONTROL_TOWER_ACCOUNT")
	_, err = f.CreateProvisioningArtifact(f.as(admin), &sdk.CreateProvisioningArtifactInput{ProductId: aws.String("prod-x"), Parameters: fromURL(aURL), IdempotencyToken: aws.String("y")})
	refused(t, err, "ResourceNotFoundException", "prod-x")
}

// A deprecated version can be updated to and not launched, an inactive one neither.
func TestProvisioningArtifact_Deprecated(t *testing.T) {
	t.Parallel()
	f := setup(t)
	p := f.launched(endUserSession, "dev", "222222222222")
	set := func(in sdk.UpdateProvisioningArtifactInput) {
		in.ProductId, in.ProvisioningArtifactId = &f.product.ID, &f.artifact
		must[*sdk.UpdateProvisioningArtifactOutput](t)(f.UpdateProvisioningArtifact(f.as(admin), &in))
	}
	set(sdk.UpdateProvisioningArtifactInput{Guidance: types.ProvisioningArtifactGuidanceDeprecated})
	_, err := f.ProvisionProduct(f.as(endUserSession), f.ask("new"))
	refused(t, err, "InvalidParametersException", "deprecated")
	must[*sdk.UpdateProvisionedProductOutput](t)(f.UpdateProvisionedProduct(f.as(endUserSession), f.updating(*p.Id, allPrevious()...)))
	set(sdk.UpdateProvisioningArtifactInput{Guidance: types.ProvisioningArtifactGuidanceDefault, Active: aws.Bool(false)})
	_, err = f.ProvisionProduct(f.as(endUserSession), f.ask("new"))
	refused(t, err, "ResourceNotFoundException", f.artifact)
}

// What is only catalogued can be looked at and launched; the record says what is wrong with the parameters, or that nothing
// launches it.
func TestCatalogued_Launch(t *testing.T) {
	t.Parallel()
	with := func(kv ...string) (out []types.ProvisioningParameter) {
		for i := 0; i < len(kv); i += 2 {
			out = append(out, types.ProvisioningParameter{Key: &kv[i], Value: &kv[i+1]})
		}
		return out
	}
	const cfn, unsupported = "AmazonCloudFormationException", "OperationNotSupportedException"
	for _, tc := range []struct {
		name, provisioned string
		kind              types.ProductType
		place             string
		parameters        []types.ProvisioningParameter
		code, text        string
	}{
		{"good", "CFN_STACK", types.ProductTypeCloudFormationTemplate, inline(aTemplate), with("Name", "logs", "Size", "large"), unsupported, "CFN_STACK"},
		{"default", "CFN_STACK", types.ProductTypeCloudFormationTemplate, "data:," + url.PathEscape(aTemplate), with("Name", "logs"), unsupported, "CFN_STACK"},
		{"missing", "CFN_STACK", types.ProductTypeCloudFormationTemplate, inline(aTemplate), with("Size", "small"), cfn, "Parameters: [Name] must have values"},
		{"unknown", "CFN_STACK", types.ProductTypeCloudFormationTemplate, inline(aTemplate), with("Name", "logs", "Colour", "red"), cfn, "Parameters: [Colour] do not exist in the template"},
		{"not allowed", "CFN_STACK", types.ProductTypeCloudFormationTemplate, inline(aTemplate), with("Name", "logs", "Size", "huge"), cfn, "Parameter 'Size' must be one of AllowedValues"},
		{"off pattern", "CFN_STACK", types.ProductTypeCloudFormationTemplate, inline(aTemplate), with("Name", "Logs"), cfn, "Parameter 'Name' must match pattern [a-z]+"},
		{"unread", "CFN_STACK", types.ProductTypeCloudFormationTemplate, aURL, with("Anything", "x"), unsupported, "CFN_STACK"},
		{"external", "EXTERNAL", types.ProductTypeExternal, "https://s3.amazonaws.com/templates/x.tar.gz", nil, unsupported, "EXTERNAL"},
		{"terraform", "TERRAFORM_OPEN_SOURCE", types.ProductTypeTerraformOpenSource, "https://s3.amazonaws.com/templates/x.tar.gz", nil, unsupported, "TERRAFORM_OPEN_SOURCE"},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			f := setup(t)
			product, artifact := f.catalogued(tc.kind, tc.place)
			out := must[*sdk.ProvisionProductOutput](t)(f.ProvisionProduct(f.as(endUserSession), &sdk.ProvisionProductInput{
				ProductId: &product, ProvisioningArtifactId: &artifact, ProvisionedProductName: aws.String("mine"), ProvisionToken: aws.String("t"), ProvisioningParameters: tc.parameters,
			})).RecordDetail
			if *out.ProvisionedProductType != tc.provisioned {
				t.Errorf("type %s", *out.ProvisionedProductType)
			}
			f.awaitStatus(*out.RecordId, types.RecordStatusFailed)
			e := f.record(*out.RecordId).RecordErrors[0]
			if *e.Code != tc.code || !strings.Contains(*e.Description, tc.text) {
				t.Errorf("failed with %s: %s", *e.Code, *e.Description)
			}
			if got := f.describe(*out.ProvisionedProductId); got.Status != types.ProvisionedProductStatusError || *got.StatusMessage != *e.Code+"  "+*e.Description {
				t.Errorf("product %s: %s", got.Status, *got.StatusMessage)
			}
			end := must[*sdk.TerminateProvisionedProductOutput](t)(f.TerminateProvisionedProduct(f.as(endUserSession), f.terminating(*out.ProvisionedProductId))).RecordDetail
			f.awaitStatus(*end.RecordId, types.RecordStatusSucceeded)
		})
	}
}

func TestCatalogued_Parameters(t *testing.T) {
	t.Parallel()
	f := setup(t)
	product, artifact := f.catalogued(types.ProductTypeCloudFormationTemplate, inline(aTemplate))
	got := must[*sdk.DescribeProvisioningParametersOutput](t)(f.DescribeProvisioningParameters(f.as(endUserSession), &sdk.DescribeProvisioningParametersInput{ProductId: &product, ProvisioningArtifactId: &artifact})).ProvisioningArtifactParameters
	if len(got) != 2 {
		t.Fatalf("%d parameters", len(got))
	}
	if p := got[0]; *p.ParameterKey != "Name" || !p.IsNoEcho || p.DefaultValue != nil || *p.ParameterConstraints.AllowedPattern != "[a-z]+" {
		t.Errorf("%+v", p)
	}
	if p := got[1]; *p.ParameterKey != "Size" || p.IsNoEcho || *p.DefaultValue != "small" || !cmp.Equal(p.ParameterConstraints.AllowedValues, []string{"small", "large"}) || *p.Description != "how large" {
		t.Errorf("%+v", p)
	}
}

// A plan of what is only catalogued has failed, and says why.
func TestCatalogued_Plan(t *testing.T) {
	t.Parallel()
	f := setup(t)
	product, artifact := f.catalogued(types.ProductTypeCloudFormationTemplate, aURL)
	plan := must[*sdk.CreateProvisionedProductPlanOutput](t)(f.CreateProvisionedProductPlan(f.as(endUserSession), &sdk.CreateProvisionedProductPlanInput{
		PlanName: aws.String("plan"), PlanType: types.ProvisionedProductPlanTypeCloudformation, ProductId: &product, ProvisioningArtifactId: &artifact,
		ProvisionedProductName: aws.String("mine"), IdempotencyToken: aws.String("t"),
	}))
	got := must[*sdk.DescribeProvisionedProductPlanOutput](t)(f.DescribeProvisionedProductPlan(f.as(endUserSession), &sdk.DescribeProvisionedProductPlanInput{PlanId: plan.PlanId})).ProvisionedProductPlanDetails
	if got.Status != types.ProvisionedProductPlanStatusCreateFailed || !strings.Contains(*got.StatusMessage, "CFN_STACK") {
		t.Errorf("plan %s: %v", got.Status, aws.ToString(got.StatusMessage))
	}
	_, err := f.ExecuteProvisionedProductPlan(f.as(endUserSession), &sdk.ExecuteProvisionedProductPlanInput{PlanId: plan.PlanId, IdempotencyToken: aws.String("x")})
	refused(t, err, "InvalidStateException", "CREATE_FAILED")
}

// TagOptions make tags of a launch: one value by itself, several to choose from, none in common a conflict.
func TestCatalogued_TagOptions(t *testing.T) {
	t.Parallel()
	f := setup(t)
	product, artifact := f.catalogued(types.ProductTypeExternal, aURL)
	option := func(resource, key, value string) {
		o := must[*sdk.CreateTagOptionOutput](t)(f.CreateTagOption(f.as(admin), &sdk.CreateTagOptionInput{Key: &key, Value: &value}))
		must[*sdk.AssociateTagOptionWithResourceOutput](t)(f.AssociateTagOptionWithResource(f.as(admin), &sdk.AssociateTagOptionWithResourceInput{ResourceId: &resource, TagOptionId: o.TagOptionDetail.Id}))
	}
	option(product, "team", "blue")
	option(f.portfolio.ID, "cost", "1")
	option(f.portfolio.ID, "cost", "2")
	option(product, "zone", "a")
	option(f.portfolio.ID, "zone", "b")
	launch := func(name string, tags ...types.Tag) (*sdk.ProvisionProductOutput, error) {
		return f.ProvisionProduct(f.as(endUserSession), &sdk.ProvisionProductInput{
			ProductId: &product, ProvisioningArtifactId: &artifact, ProvisionedProductName: &name, ProvisionToken: &name, Tags: tags,
		})
	}
	tag := func(key, value string) types.Tag { return types.Tag{Key: &key, Value: &value} }
	_, err := launch("none-chosen")
	refused(t, err, "InvalidParametersException", "cost")
	_, err = launch("not-offered", tag("cost", "3"))
	refused(t, err, "InvalidParametersException", "cost")
	out, err := launch("good", tag("cost", "2"), tag("mine", "x"))
	if err != nil {
		t.Fatal(err)
	}
	got := map[string]string{}
	for _, tag := range out.RecordDetail.RecordTags {
		got[*tag.Key] = *tag.Value
	}
	want := map[string]string{"team": "blue", "cost": "2", "mine": "x", "zone": "sc-tagconflict-" + f.portfolio.ID + "-" + product}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("tags (-want +got):\n%s", diff)
	}
}
