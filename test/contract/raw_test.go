package contract

import (
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/credentials"
	"github.com/aws/aws-sdk-go-v2/service/iam"
	"github.com/aws/aws-sdk-go-v2/service/servicecatalog"
	"github.com/aws/aws-sdk-go-v2/service/servicecatalog/types"
	"github.com/aws/smithy-go"

	"accountfactory/internal/factory"
	"accountfactory/test/harness"
)

// product gives the ids of Account Factory's product and its version.
func (f *fixture) product() (productID, artifactID *string) {
	f.t.Helper()
	found, err := f.Catalog.SearchProducts(f.ctx, &servicecatalog.SearchProductsInput{})
	f.must(err)
	p, err := f.Catalog.DescribeProduct(f.ctx, &servicecatalog.DescribeProductInput{Id: found.ProductViewSummaries[0].ProductId})
	f.must(err)
	return found.ProductViewSummaries[0].ProductId, p.ProvisioningArtifacts[0].Id
}

// provision launches by the raw API. An empty field is a parameter left out.
func (f *fixture) provision(c *harness.Clients, in factory.Input) (*servicecatalog.ProvisionProductOutput, error) {
	f.t.Helper()
	productID, artifactID := f.product()
	ask := &servicecatalog.ProvisionProductInput{
		ProductId: productID, ProvisioningArtifactId: artifactID, ProvisionedProductName: aws.String(productName(in)),
		NotificationArns: in.NotificationARNs,
	}
	for k, v := range map[string]string{
		"AccountName": in.Name, "AccountEmail": in.AccountEmail, "SSOUserFirstName": in.SSOUserFirstName, "SSOUserLastName": in.SSOUserLastName,
		"SSOUserEmail": in.SSOUserEmail, "ManagedOrganizationalUnit": in.OU,
	} {
		if v != "" {
			ask.ProvisioningParameters = append(ask.ProvisioningParameters, types.ProvisioningParameter{Key: aws.String(k), Value: aws.String(v)})
		}
	}
	return c.Catalog.ProvisionProduct(f.ctx, ask)
}

// ended waits for a record's end.
func (f *fixture) ended(recordID *string) *types.RecordDetail {
	f.t.Helper()
	var d *types.RecordDetail
	f.must(harness.Poll(f.ctx, 5*time.Millisecond, func() (bool, error) {
		out, err := f.Catalog.DescribeRecord(f.ctx, &servicecatalog.DescribeRecordInput{Id: recordID})
		if err == nil {
			d = out.RecordDetail
		}
		return err == nil && (d.Status == types.RecordStatusSucceeded || d.Status == types.RecordStatusFailed), err
	}))
	return d
}

// vend makes an account by the raw API; its product has the account's name.
func (f *fixture) vend(name string, change func(*factory.Input)) {
	f.t.Helper()
	in := good(name)
	if change != nil {
		change(&in)
	}
	out, err := f.provision(f.Clients, in)
	f.must(err)
	if d := f.ended(out.RecordDetail.RecordId); d.Status != types.RecordStatusSucceeded {
		f.t.Fatalf("vend %s: %+v", name, d.RecordErrors)
	}
}

// outsider gives clients of an IAM user who may use Service Catalog, and is in no portfolio.
func (f *fixture) outsider() *harness.Clients {
	f.t.Helper()
	name := aws.String("outsider")
	_, err := f.IAM.CreateUser(f.ctx, &iam.CreateUserInput{UserName: name})
	f.must(err)
	_, err = f.IAM.AttachUserPolicy(f.ctx, &iam.AttachUserPolicyInput{UserName: name, PolicyArn: aws.String("arn:aws:iam::aws:policy/AWSServiceCatalogEndUserFullAccess")})
	f.must(err)
	key, err := f.IAM.CreateAccessKey(f.ctx, &iam.CreateAccessKeyInput{UserName: name})
	f.must(err)
	return f.With(credentials.NewStaticCredentialsProvider(*key.AccessKey.AccessKeyId, *key.AccessKey.SecretAccessKey, ""))
}

func apiError(err error) (code, message string) {
	var api smithy.APIError
	if errors.As(err, &api) {
		return api.ErrorCode(), api.ErrorMessage()
	}
	return "", ""
}

// rawFailures is how AWS fails late what we refuse, by the refusals' names.
var rawFailures = map[string]struct{ code, text string }{
	"e-mail of an account":             {"InvalidParametersException", "EMAIL_ALREADY_EXISTS"},
	"e-mail of an account in capitals": {"InvalidParametersException", "EMAIL_ALREADY_EXISTS"},
	"unknown OU":                       {"InvalidParametersException", "The parent organizational unit 'Nowhere' is not enrolled in AWS Control Tower."},
	"unregistered OU":                  {"InvalidParametersException", "The parent organizational unit 'Loose' is not enrolled in AWS Control Tower."},
	"unregistered OU by id":            {"InvalidParametersException", "is not enrolled in AWS Control Tower."},
	"e-mail of 65 characters":          {"InvalidParametersException", ""},
	"no name":                          {"AmazonCloudFormationException", "AccountName"},
	"no e-mail":                        {"AmazonCloudFormationException", "AccountEmail"},
	"no OU":                            {"AmazonCloudFormationException", "ManagedOrganizationalUnit"},
	"no SSO e-mail":                    {"AmazonCloudFormationException", "SSOUserEmail"},
	"no first name":                    {"AmazonCloudFormationException", "SSOUserFirstName"},
	"no last name":                     {"AmazonCloudFormationException", "SSOUserLastName"},
	"notifications":                    {"", "otification"},
}

// TestRawFailsLate: the raw API takes each, and the record fails with AWS's words. Nothing but a product in ERROR is left,
// and terminating it leaves nothing.
func TestRawFailsLate(t *testing.T) {
	t.Parallel()
	f := prepare(t)
	before := f.census()
	tried := 0
	for _, tc := range refusals {
		want, late := rawFailures[tc.name]
		if !late {
			continue
		}
		tried++
		out, err := f.provision(f.Clients, tc.in(f))
		if err != nil {
			t.Errorf("%s: refused at once: %v", tc.name, err)
			continue
		}
		d := f.ended(out.RecordDetail.RecordId)
		if d.Status != types.RecordStatusFailed || len(d.RecordErrors) != 1 {
			t.Errorf("%s: %s %+v", tc.name, d.Status, d.RecordErrors)
			continue
		}
		if e := d.RecordErrors[0]; want.code != "" && aws.ToString(e.Code) != want.code || !strings.Contains(aws.ToString(e.Description), want.text) {
			t.Errorf("%s: %s: %s", tc.name, aws.ToString(e.Code), aws.ToString(e.Description))
		}
		f.terminate(out.RecordDetail.ProvisionedProductId)
		unchanged(t, tc.name, before, f.census())
	}
	if tried != len(rawFailures) {
		t.Errorf("%d of %d tried: a name in the table is no refusal's", tried, len(rawFailures))
	}
}

func (f *fixture) terminate(productID *string) {
	f.t.Helper()
	out, err := f.Catalog.TerminateProvisionedProduct(f.ctx, &servicecatalog.TerminateProvisionedProductInput{ProvisionedProductId: productID, TerminateToken: aws.String("end-" + *productID)})
	f.must(err)
	if d := f.ended(out.RecordDetail.RecordId); d.Status != types.RecordStatusSucceeded {
		f.t.Errorf("terminate: %+v", d.RecordErrors)
	}
}

// TestRawRefusesAtOnce: what Service Catalog itself sees is refused at once.
func TestRawRefusesAtOnce(t *testing.T) {
	t.Parallel()
	f := prepare(t)
	outsider := f.outsider()
	productID, _ := f.product()
	elsewhere := f.Config.Copy()
	elsewhere.Region = "us-west-2"
	abroad := harness.NewClients(elsewhere)
	taken := good("taken")
	taken.AccountEmail = "new@example.com"
	before := f.census()
	for _, tc := range []struct {
		name       string
		as         *harness.Clients
		in         factory.Input
		code, text string
	}{
		{"name in use", f.Clients, taken, "InvalidParametersException", "A stack named taken already exists."},
		{"caller outside the portfolio", outsider, good("wrong"), "ResourceNotFoundException", "No launch paths found for resource: " + *productID},
		{"wrong Region", abroad, good("wrong"), "ResourceNotFoundException", ""},
	} {
		_, err := f.provision(tc.as, tc.in)
		if code, text := apiError(err); code != tc.code || !strings.Contains(text, tc.text) {
			t.Errorf("%s: %v", tc.name, err)
		}
		unchanged(t, tc.name, before, f.census())
	}
	for who, c := range map[string]*harness.Clients{"an outsider": outsider, "another Region": abroad} {
		found, err := c.Catalog.SearchProducts(f.ctx, &servicecatalog.SearchProductsInput{})
		if err != nil || len(found.ProductViewSummaries) != 0 {
			t.Errorf("%s sees %v, %v", who, found, err)
		}
	}
}

// TestOutsider: a caller without a launch path gets AWS's words from us as well, and exit code 3.
func TestOutsider(t *testing.T) {
	t.Parallel()
	f := setup(t)
	outsider := f.outsider()
	before := f.census()
	var refused *harness.Refusal
	if err := f.API(outsider.Config.Credentials).Do(f.ctx, "POST", "/api/v1/requests", good("wrong"), nil); !errors.As(err, &refused) ||
		refused.Status != 403 || refused.Code != "ResourceNotFoundException" || !strings.HasPrefix(refused.Message, "No launch paths found for resource: prod-") {
		t.Errorf("HTTP API: %v", err)
	}
	f.data = f.dataOf(outsider)
	for how, args := range map[string][]string{"flags": flags(good("wrong")), "launch file": {"launch", "-f", f.file(good("wrong"))}} {
		if got := f.cli(args...); got.code != 3 || !strings.Contains(got.err, "No launch paths found for resource: prod-") {
			t.Errorf("%s: exit code %d: %s", how, got.code, got.err)
		}
	}
	unchanged(t, "an outsider", before, f.census())
}

// TestTagOptions: one on the product fails the raw launch, and refuses ours although nobody gave any.
func TestTagOptions(t *testing.T) {
	t.Parallel()
	f := setup(t)
	productID, _ := f.product()
	option, err := f.Catalog.CreateTagOption(f.ctx, &servicecatalog.CreateTagOptionInput{Key: aws.String("team"), Value: aws.String("red")})
	f.must(err)
	_, err = f.Catalog.AssociateTagOptionWithResource(f.ctx, &servicecatalog.AssociateTagOptionWithResourceInput{ResourceId: productID, TagOptionId: option.TagOptionDetail.Id})
	f.must(err)
	before := f.census()
	tc := refusal{check: factory.CheckTagOptions, seen: "the TagOption team", remedy: "disassociate it"}
	tc.byAPI(t, f, good("wrong"))
	tc.byCLI(t, f, flags(good("wrong")))
	tc.byFile(t, f, []string{"launch", "-f", f.file(good("wrong"))})
	unchanged(t, "a TagOption on the product", before, f.census())
	out, err := f.provision(f.Clients, good("wrong"))
	f.must(err)
	if d := f.ended(out.RecordDetail.RecordId); d.Status != types.RecordStatusFailed || !strings.Contains(aws.ToString(d.RecordErrors[0].Description), "TagOptions") {
		t.Errorf("raw: %s %+v", d.Status, d.RecordErrors)
	}
	f.terminate(out.RecordDetail.ProvisionedProductId)
	unchanged(t, "a raw launch with a TagOption", before, f.census())
}

// TestPlan: on the raw API a plan leaves the product in progress, until the plan is deleted.
func TestPlan(t *testing.T) {
	t.Parallel()
	f := setup(t)
	before := f.census()
	productID, artifactID := f.product()
	plan, err := f.Catalog.CreateProvisionedProductPlan(f.ctx, &servicecatalog.CreateProvisionedProductPlanInput{
		PlanName: aws.String("plan"), PlanType: types.ProvisionedProductPlanTypeCloudformation, ProductId: productID,
		ProvisioningArtifactId: artifactID, ProvisionedProductName: aws.String("planned"),
	})
	f.must(err)
	// A vend beside it comes and goes; the plan stays.
	f.vend("beside", nil)
	p, err := f.Catalog.DescribeProvisionedProduct(f.ctx, &servicecatalog.DescribeProvisionedProductInput{Id: plan.ProvisionProductId})
	f.must(err)
	if s := p.ProvisionedProductDetail.Status; s != types.ProvisionedProductStatusPlanInProgress {
		t.Errorf("the planned product is %s", s)
	}
	_, err = f.Catalog.ExecuteProvisionedProductPlan(f.ctx, &servicecatalog.ExecuteProvisionedProductPlanInput{PlanId: plan.PlanId, IdempotencyToken: aws.String("go")})
	if code, _ := apiError(err); code != "InvalidStateException" {
		t.Errorf("execute: %v", err)
	}
	_, err = f.Catalog.DeleteProvisionedProductPlan(f.ctx, &servicecatalog.DeleteProvisionedProductPlanInput{PlanId: plan.PlanId})
	f.must(err)
	after := f.census()
	if got := after.Products; len(got) != len(before.Products)+1 {
		t.Errorf("products %q after the plan is deleted, before %q", got, before.Products)
	}
}

// productName: a launch without a name still needs one for its product.
func productName(in factory.Input) string {
	if in.Name == "" {
		return "nameless"
	}
	return in.Name
}
