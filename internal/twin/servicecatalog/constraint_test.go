package servicecatalog_test

import (
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	sdk "github.com/aws/aws-sdk-go-v2/service/servicecatalog"
	"github.com/aws/aws-sdk-go-v2/service/servicecatalog/types"
	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"accountfactory/internal/twin/servicecatalog"
	"accountfactory/internal/twin/state"
)

const (
	launchRole  = "arn:aws:iam::" + management + ":role/Launch"
	topic       = "arn:aws:sns:eu-west-1:" + management + ":launches"
	withRole    = `{"RoleArn" : "` + launchRole + `"}`
	withTopic   = `{"NotificationArns":["` + topic + `"]}`
	tagsMay     = `{"Version":"2.0","Properties":{"TagUpdateOnProvisionedProduct":"ALLOWED"}}`
	tagsMayNot  = `{"Version":"2.0","Properties":{"TagUpdateOnProvisionedProduct":"NOT_ALLOWED"}}`
	withRules   = `{"Rules":{"small":{"Assertions":[{"Assert":{"Fn::Equals":[{"Ref":"AccountName"},"dev"]},"AssertDescription":"only dev"}]}}}`
	withStacks  = `{"Version":"1.0","Properties":{"AccountList":["111111111111"],"RegionList":["eu-west-1"],"AdminRole":"a","ExecutionRole":"b"}}`
	launchFails = "ERROR"
)

func (f *fixture) constraining(kind, parameters string) *sdk.CreateConstraintInput {
	return &sdk.CreateConstraintInput{
		PortfolioId: &f.portfolio.ID, ProductId: &f.product.ID, Type: &kind, Parameters: &parameters, IdempotencyToken: aws.String("cons-" + kind),
	}
}

func (f *fixture) constrain(kind, parameters string) string {
	f.t.Helper()
	out, err := f.CreateConstraint(f.as(admin), f.constraining(kind, parameters))
	if err != nil {
		f.t.Fatal(err)
	}
	return *out.ConstraintDetail.ConstraintId
}

func TestConstraint(t *testing.T) {
	t.Parallel()
	f := setup(t)
	in := f.constraining("LAUNCH", withRole)
	in.Description = aws.String("as one role")
	made := must[*sdk.CreateConstraintOutput](t)(f.CreateConstraint(f.as(admin), in))
	want := &types.ConstraintDetail{
		ConstraintId: made.ConstraintDetail.ConstraintId, Type: aws.String("LAUNCH"), Description: aws.String("as one role"), Owner: aws.String(management),
		PortfolioId: &f.portfolio.ID, ProductId: &f.product.ID,
	}
	unexported := cmpopts.IgnoreUnexported(types.ConstraintDetail{})
	if diff := cmp.Diff(want, made.ConstraintDetail, unexported); diff != "" || made.Status != types.StatusCreating || *made.ConstraintParameters != withRole {
		t.Errorf("created %s %s (-want +got):\n%s", made.Status, *made.ConstraintParameters, diff)
	}
	id := made.ConstraintDetail.ConstraintId
	if !strings.HasPrefix(*id, "cons-") || len(*id) != len("cons-")+13 {
		t.Errorf("id %s", *id)
	}
	again := must[*sdk.CreateConstraintOutput](t)(f.CreateConstraint(f.as(admin), in))
	if *again.ConstraintDetail.ConstraintId != *id {
		t.Error("the same token made a second constraint")
	}
	got := must[*sdk.DescribeConstraintOutput](t)(f.DescribeConstraint(f.as(admin), &sdk.DescribeConstraintInput{Id: id}))
	if diff := cmp.Diff(want, got.ConstraintDetail, unexported); diff != "" || got.Status != types.StatusAvailable || *got.ConstraintParameters != withRole {
		t.Errorf("described %s %s (-want +got):\n%s", got.Status, *got.ConstraintParameters, diff)
	}

	const local = `{"LocalRoleName": "Launch"}`
	up := must[*sdk.UpdateConstraintOutput](t)(f.UpdateConstraint(f.as(admin), &sdk.UpdateConstraintInput{Id: id, Description: aws.String("by name"), Parameters: aws.String(local)}))
	if up.Status != types.StatusCreating || *up.ConstraintParameters != local || *up.ConstraintDetail.Description != "by name" {
		t.Errorf("updated %s %s", up.Status, *up.ConstraintParameters)
	}
	up = must[*sdk.UpdateConstraintOutput](t)(f.UpdateConstraint(f.as(admin), &sdk.UpdateConstraintInput{Id: id}))
	if *up.ConstraintParameters != local || *up.ConstraintDetail.Description != "by name" {
		t.Errorf("an update of nothing changed %s", *up.ConstraintParameters)
	}
	_, err := f.UpdateConstraint(f.as(admin), &sdk.UpdateConstraintInput{Id: id, Parameters: aws.String(withTopic)})
	refused(t, err, "InvalidParametersException", "LAUNCH")

	_, err = f.DisassociateProductFromPortfolio(f.as(admin), &sdk.DisassociateProductFromPortfolioInput{PortfolioId: &f.portfolio.ID, ProductId: &f.product.ID})
	refused(t, err, "ResourceInUseException", *id)
	must[*sdk.DeleteConstraintOutput](t)(f.DeleteConstraint(f.as(admin), &sdk.DeleteConstraintInput{Id: id}))
	for name, err := range map[string]error{
		"describe": second(f.DescribeConstraint(f.as(admin), &sdk.DescribeConstraintInput{Id: id})),
		"update":   second(f.UpdateConstraint(f.as(admin), &sdk.UpdateConstraintInput{Id: id})),
		"delete":   second(f.DeleteConstraint(f.as(admin), &sdk.DeleteConstraintInput{Id: id})),
	} {
		t.Run(name, func(t *testing.T) { refused(t, err, "ResourceNotFoundException", *id) })
	}
	must[*sdk.DisassociateProductFromPortfolioOutput](t)(f.DisassociateProductFromPortfolio(f.as(admin), &sdk.DisassociateProductFromPortfolioInput{PortfolioId: &f.portfolio.ID, ProductId: &f.product.ID}))
}

func second[T any](_ T, err error) error { return err }

// Where constraints belong to a portfolio, another account or Region does not see them.
func TestConstraint_Elsewhere(t *testing.T) {
	t.Parallel()
	f := setup(t)
	id := f.constrain("LAUNCH", withRole)
	_, err := f.DescribeConstraint(f.in("us-east-1", admin), &sdk.DescribeConstraintInput{Id: &id})
	refused(t, err, "ResourceNotFoundException", id)
	_, err = f.ListConstraintsForPortfolio(f.as("arn:aws:iam::222222222222:root"), &sdk.ListConstraintsForPortfolioInput{PortfolioId: &f.portfolio.ID})
	refused(t, err, "ResourceNotFoundException", f.portfolio.ID)
}

func TestCreateConstraint_Refused(t *testing.T) {
	t.Parallel()
	f := setup(t)
	other := must[*sdk.CreatePortfolioOutput](t)(f.CreatePortfolio(f.as(admin), &sdk.CreatePortfolioInput{DisplayName: aws.String("empty"), ProviderName: aws.String("x"), IdempotencyToken: aws.String("p")})).PortfolioDetail.Id
	for _, tc := range []struct{ name, kind, parameters, code, text string }{
		{"unknown type", "LUNCH", `{}`, "InvalidParametersException", "LUNCH"},
		{"stack set", "STACKSET", withStacks, "InvalidParametersException", "STACKSET"},
		{"no JSON", "LAUNCH", `RoleArn`, "InvalidParametersException", "LAUNCH"},
		{"more than JSON", "LAUNCH", withRole + "}", "InvalidParametersException", "LAUNCH"},
		{"no role", "LAUNCH", `{}`, "InvalidParametersException", "either RoleArn or LocalRoleName"},
		{"two roles", "LAUNCH", `{"RoleArn":"` + launchRole + `","LocalRoleName":"Launch"}`, "InvalidParametersException", "either RoleArn or LocalRoleName"},
		{"a user as role", "LAUNCH", `{"RoleArn":"` + admin + `"}`, "InvalidParametersException", admin},
		{"another account's role", "LAUNCH", `{"RoleArn":"arn:aws:iam::222222222222:role/x"}`, "InvalidParametersException", "222222222222"},
		{"a role name with a path", "LAUNCH", `{"LocalRoleName":"a/b"}`, "InvalidParametersException", "a/b"},
		{"a role that is not there", "LAUNCH", `{"LocalRoleName":"nobody"}`, "InvalidParametersException", "nobody"},
		{"unknown member", "LAUNCH", `{"Role":"x"}`, "InvalidParametersException", "Role"},
		{"no topics", "NOTIFICATION", `{"NotificationArns":[]}`, "InvalidParametersException", "1 to 5"},
		{"six topics", "NOTIFICATION", `{"NotificationArns":["` + strings.Repeat(topic+`","`, 5) + topic + `"]}`, "InvalidParametersException", "1 to 5"},
		{"no topic", "NOTIFICATION", `{"NotificationArns":["` + launchRole + `"]}`, "InvalidParametersException", launchRole},
		{"topics no list", "NOTIFICATION", `{"NotificationArns":"` + topic + `"}`, "InvalidParametersException", "NOTIFICATION"},
		{"tags neither", "RESOURCE_UPDATE", `{"Version":"2.0","Properties":{"TagUpdateOnProvisionedProduct":"MAYBE"}}`, "InvalidParametersException", "NOT_ALLOWED"},
		{"tags of no version", "RESOURCE_UPDATE", `{"Properties":{"TagUpdateOnProvisionedProduct":"ALLOWED"}}`, "InvalidParametersException", "2.0"},
		{"tags no JSON", "RESOURCE_UPDATE", `[]`, "InvalidParametersException", "RESOURCE_UPDATE"},
		{"no rules", "TEMPLATE", `{"Rules":{}}`, "InvalidParametersException", "Rules"},
		{"no assertions", "TEMPLATE", `{"Rules":{"r":{"Assertions":[]}}}`, "InvalidParametersException", "Rule r"},
		{"nothing asserted", "TEMPLATE", `{"Rules":{"r":{"Assertions":[{"AssertDescription":"x"}]}}}`, "InvalidParametersException", "rule r"},
		{"rules no JSON", "TEMPLATE", `{"Rules":1}`, "InvalidParametersException", "TEMPLATE"},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			in := f.constraining(tc.kind, tc.parameters)
			in.IdempotencyToken = aws.String(strings.ReplaceAll(tc.name, " ", "-"))
			_, err := f.CreateConstraint(f.as(admin), in)
			refused(t, err, tc.code, tc.text)
		})
	}
	for name, change := range map[string]func(in *sdk.CreateConstraintInput){
		"port-none":  func(in *sdk.CreateConstraintInput) { in.PortfolioId = aws.String("port-none") },
		"prod-none":  func(in *sdk.CreateConstraintInput) { in.ProductId = aws.String("prod-none") },
		"associated": func(in *sdk.CreateConstraintInput) { in.PortfolioId = other },
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			in := f.constraining("LAUNCH", withRole)
			in.IdempotencyToken = aws.String(name)
			change(in)
			_, err := f.CreateConstraint(f.as(admin), in)
			refused(t, err, "ResourceNotFoundException", name)
		})
	}
}

// What excludes what: per product and portfolio one launch role, one answer for tags, and nothing twice.
func TestCreateConstraint_Exclusions(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct{ name, first, firstIs, then, thenIs, code string }{
		{"two launch roles", "LAUNCH", withRole, "LAUNCH", `{"RoleArn":"` + launchRole + `2"}`, "DuplicateResourceException"},
		{"a stack set beside a launch role", "LAUNCH", withRole, "STACKSET", withStacks, "InvalidParametersException"},
		{"two answers for tags", "RESOURCE_UPDATE", tagsMay, "RESOURCE_UPDATE", tagsMayNot, "DuplicateResourceException"},
		{"the same topics", "NOTIFICATION", withTopic, "NOTIFICATION", " " + withTopic, "DuplicateResourceException"},
		{"other topics", "NOTIFICATION", withTopic, "NOTIFICATION", `{"NotificationArns":["` + topic + `2"]}`, ""},
		{"the same rules", "TEMPLATE", withRules, "TEMPLATE", withRules, "DuplicateResourceException"},
		{"other rules", "TEMPLATE", withRules, "TEMPLATE", strings.Replace(withRules, "small", "large", 1), ""},
		{"another type", "LAUNCH", withRole, "RESOURCE_UPDATE", tagsMay, ""},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			f := setup(t)
			f.constrain(tc.first, tc.firstIs)
			in := f.constraining(tc.then, tc.thenIs)
			in.IdempotencyToken = aws.String("then")
			_, err := f.CreateConstraint(f.as(admin), in)
			if tc.code == "" && err != nil {
				t.Errorf("refused: %v", err)
			}
			if tc.code != "" {
				refused(t, err, tc.code, f.product.ID)
			}
		})
	}
	f := setup(t)
	in := f.constraining("LAUNCH", withRole)
	must[*sdk.CreateConstraintOutput](t)(f.CreateConstraint(f.as(admin), in))
	in.Description = aws.String("more")
	_, err := f.CreateConstraint(f.as(admin), in)
	refused(t, err, "InvalidParametersException", *in.IdempotencyToken)
}

func TestCreateConstraint_Quota(t *testing.T) {
	t.Parallel()
	f := setup(t)
	for i := range 101 {
		in := f.constraining("NOTIFICATION", strings.ReplaceAll(withTopic, "launches", "t"+strings.Repeat("t", i)))
		in.IdempotencyToken = aws.String("t" + strings.Repeat("t", i))
		_, err := f.CreateConstraint(f.as(admin), in)
		if i < 100 && err != nil {
			t.Fatal(err)
		}
		if i == 100 {
			refused(t, err, "LimitExceededException", "100")
		}
	}
	seen := map[string]bool{}
	for page := (&sdk.ListConstraintsForPortfolioInput{PortfolioId: &f.portfolio.ID, ProductId: &f.product.ID}); ; {
		out := must[*sdk.ListConstraintsForPortfolioOutput](t)(f.ListConstraintsForPortfolio(f.as(admin), page))
		for _, d := range out.ConstraintDetails {
			seen[*d.ConstraintId] = true
		}
		if len(out.ConstraintDetails) > 20 {
			t.Errorf("%d on a page", len(out.ConstraintDetails))
		}
		if page.PageToken = out.NextPageToken; page.PageToken == nil {
			break
		}
	}
	if len(seen) != 100 {
		t.Errorf("%d listed", len(seen))
	}
}

func TestListConstraintsForPortfolio(t *testing.T) {
	t.Parallel()
	f := setup(t)
	var second *servicecatalog.Product
	f.change(func(tx *state.Tx) {
		second = f.AddProduct(tx, servicecatalog.NewProduct{Name: "Other", Owner: "x", Type: productType})
		f.Associate(tx, second.ID, f.portfolio.ID)
	})
	first := f.constrain("LAUNCH", withRole)
	in := f.constraining("TEMPLATE", withRules)
	in.ProductId = &second.ID
	must[*sdk.CreateConstraintOutput](t)(f.CreateConstraint(f.as(admin), in))
	list := func(product *string) []types.ConstraintDetail {
		t.Helper()
		return must[*sdk.ListConstraintsForPortfolioOutput](t)(f.ListConstraintsForPortfolio(f.as(admin), &sdk.ListConstraintsForPortfolioInput{PortfolioId: &f.portfolio.ID, ProductId: product})).ConstraintDetails
	}
	if all := list(nil); len(all) != 2 {
		t.Errorf("all: %d", len(all))
	}
	if one := list(&f.product.ID); len(one) != 1 || *one[0].ConstraintId != first {
		t.Errorf("of one product: %+v", one)
	}
	for want, in := range map[string]*sdk.ListConstraintsForPortfolioInput{
		"port-x": {PortfolioId: aws.String("port-x")}, "prod-x": {PortfolioId: &f.portfolio.ID, ProductId: aws.String("prod-x")},
	} {
		_, err := f.ListConstraintsForPortfolio(f.as(admin), in)
		refused(t, err, "ResourceNotFoundException", want)
	}
	_, err := f.ListConstraintsForPortfolio(f.as(admin), &sdk.ListConstraintsForPortfolioInput{PortfolioId: &f.portfolio.ID, PageToken: aws.String("x")})
	refused(t, err, "InvalidParametersException", "page token")
}

// Constraints show on the launch path, and say what a launch will do.
func TestConstraint_Shown(t *testing.T) {
	t.Parallel()
	f := setup(t)
	shown := func() (path, parameters []string, usage map[string]string) {
		t.Helper()
		p := must[*sdk.ListLaunchPathsOutput](t)(f.ListLaunchPaths(f.as(endUserSession), &sdk.ListLaunchPathsInput{ProductId: &f.product.ID}))
		d := must[*sdk.DescribeProvisioningParametersOutput](t)(f.DescribeProvisioningParameters(f.as(endUserSession), &sdk.DescribeProvisioningParametersInput{ProductId: &f.product.ID, ProvisioningArtifactId: &f.artifact}))
		usage = map[string]string{}
		for _, u := range d.UsageInstructions {
			usage[*u.Type] = *u.Value
		}
		return kinds(p.LaunchPathSummaries[0].ConstraintSummaries), kinds(d.ConstraintSummaries), usage
	}
	path, parameters, usage := shown()
	if path == nil || len(path)+len(parameters) != 0 { // an empty list, as the real product shows
		t.Errorf("without constraints %v %v", path, parameters)
	}
	if diff := cmp.Diff(map[string]string{"rules": "{}", "version": "2010-09-09", "tagUpdateOnProvisionedProduct": "NOT_ALLOWED"}, usage); diff != "" {
		t.Errorf("usage (-want +got):\n%s", diff)
	}
	for kind, p := range map[string]string{"LAUNCH": withRole, "NOTIFICATION": withTopic, "TEMPLATE": withRules, "RESOURCE_UPDATE": tagsMay} {
		f.constrain(kind, p)
	}
	path, parameters, usage = shown()
	if len(path) != 4 || !cmp.Equal(path, parameters) {
		t.Errorf("with constraints %v %v", path, parameters)
	}
	want := map[string]string{
		"rules": strings.TrimSuffix(strings.TrimPrefix(withRules, `{"Rules":`), "}"), "version": "2010-09-09", "launchAsRole": launchRole,
		"tagUpdateOnProvisionedProduct": "ALLOWED",
	}
	if diff := cmp.Diff(want, usage); diff != "" {
		t.Errorf("usage (-want +got):\n%s", diff)
	}
}

func kinds(in []types.ConstraintSummary) []string {
	out := make([]string, 0, len(in))
	for _, c := range in {
		out = append(out, *c.Type)
	}
	return out
}

// A launch role works for whoever launches, shows on record and product, and stays with the product.
func TestConstraint_Launch(t *testing.T) {
	t.Parallel()
	f := setup(t)
	id := f.constrain("LAUNCH", withRole)
	r := f.provision(endUserSession, "dev")
	if aws.ToString(r.LaunchRoleArn) != launchRole || f.fake.last().Caller.ARN != launchRole {
		t.Errorf("launched as %s by %s", aws.ToString(r.LaunchRoleArn), f.fake.last().Caller.ARN)
	}
	f.change(func(tx *state.Tx) {
		f.Complete(tx, *r.RecordId, servicecatalog.Outcome{PhysicalID: "222222222222"})
	})
	if got := f.describe(*r.ProvisionedProductId); aws.ToString(got.LaunchRoleArn) != launchRole {
		t.Errorf("product's role %s", aws.ToString(got.LaunchRoleArn))
	}
	must[*sdk.UpdateConstraintOutput](t)(f.UpdateConstraint(f.as(admin), &sdk.UpdateConstraintInput{Id: &id, Parameters: aws.String(`{"LocalRoleName":"Other"}`)}))
	up := must[*sdk.UpdateProvisionedProductOutput](t)(f.UpdateProvisionedProduct(f.as(endUserSession), f.updating(*r.ProvisionedProductId, allPrevious()...))).RecordDetail
	if aws.ToString(up.LaunchRoleArn) != launchRole {
		t.Errorf("updated as %s", aws.ToString(up.LaunchRoleArn))
	}
	f.awaitStatus(*up.RecordId, types.RecordStatusInProgress)
	f.fail(*up.RecordId, "no")
	down := must[*sdk.TerminateProvisionedProductOutput](t)(f.TerminateProvisionedProduct(f.as(endUserSession), f.terminating(*r.ProvisionedProductId))).RecordDetail
	f.awaitStatus(*down.RecordId, types.RecordStatusInProgress)
	if got := f.fake.last(); got.Action != servicecatalog.Terminate || got.Caller.ARN != launchRole {
		t.Errorf("terminated by %s", got.Caller.ARN)
	}
	if other := f.provision(endUserSession, "new"); aws.ToString(other.LaunchRoleArn) != "arn:aws:iam::"+management+":role/Other" {
		t.Errorf("after the change launched as %s", aws.ToString(other.LaunchRoleArn))
	}
}

// A product launched without a role gets the path's with its next update.
func TestConstraint_LaunchLater(t *testing.T) {
	t.Parallel()
	f := setup(t)
	p := f.launched(endUserSession, "dev", "222222222222")
	f.constrain("LAUNCH", withRole)
	up := must[*sdk.UpdateProvisionedProductOutput](t)(f.UpdateProvisionedProduct(f.as(endUserSession), f.updating(*p.Id, allPrevious()...))).RecordDetail
	f.awaitStatus(*up.RecordId, types.RecordStatusInProgress)
	if got := f.describe(*p.Id); got.LaunchRoleArn != nil || f.fake.last().Caller.ARN != launchRole {
		t.Errorf("product's role %v, worked on by %s", got.LaunchRoleArn, f.fake.last().Caller.ARN)
	}
	f.change(func(tx *state.Tx) { f.Complete(tx, *up.RecordId, servicecatalog.Outcome{}) })
	if got := f.describe(*p.Id); aws.ToString(got.LaunchRoleArn) != launchRole {
		t.Errorf("product's role %s", aws.ToString(got.LaunchRoleArn))
	}
}

// With topics to notify Account Factory fails, whoever asks for them.
func TestConstraint_Notification(t *testing.T) {
	t.Parallel()
	f := setup(t)
	f.constrain("NOTIFICATION", withTopic)
	out := must[*sdk.ProvisionProductOutput](t)(f.ProvisionProduct(f.as(endUserSession), f.ask("dev")))
	f.awaitStatus(*out.RecordDetail.RecordId, types.RecordStatusFailed)
	if got := f.describe(*out.RecordDetail.ProvisionedProductId); string(got.Status) != launchFails || !strings.Contains(*got.StatusMessage, "notifications") {
		t.Errorf("product %s: %s", got.Status, *got.StatusMessage)
	}
}

// RESOURCE_UPDATE says whether an update may bring tags.
func TestConstraint_ResourceUpdate(t *testing.T) {
	t.Parallel()
	f := setup(t)
	p := f.launched(endUserSession, "dev", "222222222222")
	in := f.updating(*p.Id, allPrevious()...)
	in.Tags = []types.Tag{{Key: aws.String("team"), Value: aws.String("blue")}}
	_, err := f.UpdateProvisionedProduct(f.as(endUserSession), in)
	refused(t, err, "InvalidParametersException", "RESOURCE_UPDATE")
	id := f.constrain("RESOURCE_UPDATE", tagsMayNot)
	_, err = f.UpdateProvisionedProduct(f.as(endUserSession), in)
	refused(t, err, "InvalidParametersException", "RESOURCE_UPDATE")
	must[*sdk.UpdateConstraintOutput](t)(f.UpdateConstraint(f.as(admin), &sdk.UpdateConstraintInput{Id: &id, Parameters: aws.String(tagsMay)}))

	team := func() string {
		t.Helper()
		found := must[*sdk.SearchProvisionedProductsOutput](t)(f.SearchProvisionedProducts(f.as(admin), query("name:dev"))).ProvisionedProducts[0]
		return tagMap(found.Tags)["team"]
	}
	up := must[*sdk.UpdateProvisionedProductOutput](t)(f.UpdateProvisionedProduct(f.as(endUserSession), in)).RecordDetail
	if len(up.RecordTags) != 1 || team() != "" {
		t.Errorf("record's tags %v, product's team %q before the end", up.RecordTags, team())
	}
	f.awaitStatus(*up.RecordId, types.RecordStatusInProgress)
	f.fail(*up.RecordId, "no")
	if team() != "" {
		t.Errorf("a failed update left team %q", team())
	}
	in.UpdateToken = aws.String("again")
	up = must[*sdk.UpdateProvisionedProductOutput](t)(f.UpdateProvisionedProduct(f.as(endUserSession), in)).RecordDetail
	f.awaitStatus(*up.RecordId, types.RecordStatusInProgress)
	f.change(func(tx *state.Tx) { f.Complete(tx, *up.RecordId, servicecatalog.Outcome{}) })
	if team() != "blue" {
		t.Errorf("team %q", team())
	}
	in.UpdateToken, in.Tags = aws.String("third"), nil // without tags they stay
	up = must[*sdk.UpdateProvisionedProductOutput](t)(f.UpdateProvisionedProduct(f.as(endUserSession), in)).RecordDetail
	f.awaitStatus(*up.RecordId, types.RecordStatusInProgress)
	f.change(func(tx *state.Tx) { f.Complete(tx, *up.RecordId, servicecatalog.Outcome{}) })
	if team() != "blue" {
		t.Errorf("after an update without tags team %q", team())
	}
}
