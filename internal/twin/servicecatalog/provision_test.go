package servicecatalog_test

import (
	"errors"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	sdk "github.com/aws/aws-sdk-go-v2/service/servicecatalog"
	"github.com/aws/aws-sdk-go-v2/service/servicecatalog/types"
	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"accountfactory/internal/twin/servicecatalog"
	"accountfactory/internal/twin/state"
)

// The samples this repeats are in the AWS CLI reference (provision-product) and in public scripts for Account Factory.
func TestProvisionProduct_Vend(t *testing.T) {
	t.Parallel()
	f := setupAt(t, 1)
	if err := f.store.SetClock(t.Context(), f.store.Clock().Stopped()); err != nil {
		t.Fatal(err)
	}
	now := f.store.Clock().Now().Truncate(time.Millisecond)
	out := must[*sdk.ProvisionProductOutput](t)(f.ProvisionProduct(f.as(endUserSession), f.ask("dev")))
	r := out.RecordDetail
	want := &types.RecordDetail{
		RecordId: r.RecordId, ProvisionedProductId: r.ProvisionedProductId, ProvisionedProductName: aws.String("dev"), Status: types.RecordStatusCreated,
		CreatedTime: &now, UpdatedTime: &now, ProvisionedProductType: aws.String(productType), RecordType: aws.String("PROVISION_PRODUCT"),
		ProductId: &f.product.ID, ProvisioningArtifactId: &f.artifact, PathId: aws.String("lpv2-" + f.portfolio.ID[len("port-"):]),
		RecordErrors: []types.RecordError{}, RecordTags: []types.RecordTag{},
	}
	if diff := cmp.Diff(want, r, cmpopts.IgnoreUnexported(types.RecordDetail{})); diff != "" {
		t.Errorf("answer (-want +got):\n%s", diff)
	}
	p := f.describe(*r.ProvisionedProductId)
	wantProduct := &types.ProvisionedProductDetail{
		Id: p.Id, Name: aws.String("dev"), Arn: aws.String("arn:aws:servicecatalog:eu-west-1:111111111111:stack/dev/" + *p.Id), Type: aws.String(productType),
		Status: types.ProvisionedProductStatusUnderChange, CreatedTime: &now, IdempotencyToken: aws.String("token-dev"), LastRecordId: r.RecordId,
		LastProvisioningRecordId: r.RecordId, ProductId: &f.product.ID, ProvisioningArtifactId: &f.artifact,
	}
	if diff := cmp.Diff(wantProduct, p, cmpopts.IgnoreUnexported(types.ProvisionedProductDetail{})); diff != "" {
		t.Errorf("product before the first success (-want +got):\n%s", diff)
	}
	if got := f.record(*r.RecordId).Status; got != types.RecordStatusCreated {
		t.Errorf("record while the clock stands: %s", got)
	}

	if err := f.store.SetClock(t.Context(), f.store.Clock().Advanced(10*time.Second)); err != nil {
		t.Fatal(err)
	}
	f.awaitStatus(*r.RecordId, types.RecordStatusInProgress)
	job := f.fake.last()
	wantJob := servicecatalog.Job{
		Action: servicecatalog.Provision, RecordID: *r.RecordId, ProductID: *p.Id, Name: "dev", FirstLaunch: true, Caller: job.Caller,
		Parameters: map[string]string{"AccountName": "dev", "AccountEmail": "dev@example.com", "ManagedOrganizationalUnit": "Sandbox (ou-ab12-abcdefgh)"},
	}
	if diff := cmp.Diff(wantJob, job); diff != "" || job.Caller.ARN != endUserSession || job.Caller.AccountID != management {
		t.Errorf("job by %+v (-want +got):\n%s", job.Caller, diff)
	}
	_, err := f.GetProvisionedProductOutputs(f.as(admin), &sdk.GetProvisionedProductOutputsInput{ProvisionedProductId: p.Id})
	refused(t, err, "InvalidParametersException", "Last Successful Provisioning Record doesn't exist.")

	outputs := []servicecatalog.Output{{Key: "AccountId", Value: "222222222222", Description: "Managed Account Id"}, {Key: "AccountEmail", Value: "dev@example.com"}}
	f.change(func(tx *state.Tx) {
		f.Complete(tx, *r.RecordId, servicecatalog.Outcome{PhysicalID: "222222222222", Outputs: outputs})
	})
	p = f.describe(*p.Id)
	if p.Status != types.ProvisionedProductStatusAvailable || p.StatusMessage != nil || aws.ToString(p.LastSuccessfulProvisioningRecordId) != *r.RecordId {
		t.Errorf("product after success: %s %v %v", p.Status, aws.ToString(p.StatusMessage), aws.ToString(p.LastSuccessfulProvisioningRecordId))
	}
	done := must[*sdk.DescribeRecordOutput](t)(f.DescribeRecord(f.as(admin), &sdk.DescribeRecordInput{Id: r.RecordId}))
	if done.RecordDetail.Status != types.RecordStatusSucceeded || !done.RecordDetail.UpdatedTime.After(*done.RecordDetail.CreatedTime) {
		t.Errorf("record after success: %s, created %s, updated %s", done.RecordDetail.Status, done.RecordDetail.CreatedTime, done.RecordDetail.UpdatedTime)
	}
	got := must[*sdk.GetProvisionedProductOutputsOutput](t)(f.GetProvisionedProductOutputs(f.as(admin), &sdk.GetProvisionedProductOutputsInput{ProvisionedProductName: aws.String("dev")}))
	wantOutputs := []types.RecordOutput{
		{OutputKey: aws.String("AccountId"), OutputValue: aws.String("222222222222"), Description: aws.String("Managed Account Id")},
		{OutputKey: aws.String("AccountEmail"), OutputValue: aws.String("dev@example.com")},
	}
	for name, have := range map[string][]types.RecordOutput{"outputs": got.Outputs, "record": done.RecordOutputs} {
		if diff := cmp.Diff(wantOutputs, have, cmpopts.IgnoreUnexported(types.RecordOutput{})); diff != "" {
			t.Errorf("%s (-want +got):\n%s", name, diff)
		}
	}
}

func TestProvisionProduct_RefusedAtOnce(t *testing.T) {
	t.Parallel()
	f := setup(t)
	f.launched(endUserSession, "taken", "222222222222")
	str := aws.String
	for _, tc := range []struct {
		name, as, code, text string
		change               func(in *sdk.ProvisionProductInput)
	}{
		{"no access", admin, "ResourceNotFoundException", "No launch paths found for resource: " + f.product.ID, func(*sdk.ProvisionProductInput) {}},
		{"root", root, "ResourceNotFoundException", "No launch paths found for resource: " + f.product.ID, func(*sdk.ProvisionProductInput) {}},
		{"another account", "arn:aws:iam::222222222222:user/x", "ResourceNotFoundException", "No launch paths found", func(*sdk.ProvisionProductInput) {}},
		{"unknown product", endUserSession, "ResourceNotFoundException", "No launch paths found for resource: prod-x", func(in *sdk.ProvisionProductInput) { in.ProductId = str("prod-x") }},
		{"product twice", endUserSession, "InvalidParametersException", "not both", func(in *sdk.ProvisionProductInput) { in.ProductName = &f.product.Name }},
		{"no product", endUserSession, "InvalidParametersException", "product", func(in *sdk.ProvisionProductInput) { in.ProductId = nil }},
		{"unknown artifact", endUserSession, "ResourceNotFoundException", "pa-x", func(in *sdk.ProvisionProductInput) { in.ProvisioningArtifactId = str("pa-x") }},
		{"inactive artifact", endUserSession, "ResourceNotFoundException", "old", func(in *sdk.ProvisionProductInput) {
			in.ProvisioningArtifactId, in.ProvisioningArtifactName = nil, str("old")
		}},
		{"artifact twice", endUserSession, "InvalidParametersException", "not both", func(in *sdk.ProvisionProductInput) { in.ProvisioningArtifactName = str("old") }},
		{"unknown path", endUserSession, "ResourceNotFoundException", "No launch paths found", func(in *sdk.ProvisionProductInput) { in.PathId = str("lpv2-x") }},
		{"path twice", endUserSession, "InvalidParametersException", "not both", func(in *sdk.ProvisionProductInput) { in.PathId, in.PathName = str("lpv2-x"), str("x") }},
		{"name in use", endUserSession, "InvalidParametersException", "A stack named taken already exists.", func(in *sdk.ProvisionProductInput) { in.ProvisionedProductName = str("taken") }},
		{"token of another request", endUserSession, "DuplicateResourceException", "token-taken", func(in *sdk.ProvisionProductInput) { in.ProvisionToken = str("token-taken") }},
		{"parameter twice", endUserSession, "InvalidParametersException", "AccountName", func(in *sdk.ProvisionProductInput) {
			in.ProvisioningParameters = append(in.ProvisioningParameters, in.ProvisioningParameters[0])
		}},
		{"AWS's tag", endUserSession, "InvalidParametersException", "reserved", func(in *sdk.ProvisionProductInput) {
			in.Tags = []types.Tag{{Key: str("aws:x"), Value: str("a")}}
		}},
		{"tag twice", endUserSession, "InvalidParametersException", "team", func(in *sdk.ProvisionProductInput) {
			in.Tags = []types.Tag{{Key: str("team"), Value: str("a")}, {Key: str("team"), Value: str("b")}}
		}},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			in := f.ask("fresh")
			tc.change(in)
			_, err := f.ProvisionProduct(f.as(tc.as), in)
			refused(t, err, tc.code, tc.text)
		})
	}
}

func TestProvisionProduct_ByNames(t *testing.T) {
	t.Parallel()
	f := setup(t)
	in := f.ask("dev")
	in.ProductId, in.ProductName = nil, &f.product.Name
	in.ProvisioningArtifactId, in.ProvisioningArtifactName = nil, aws.String("AWS Control Tower Account Factory")
	in.PathName = &f.portfolio.Name
	r := must[*sdk.ProvisionProductOutput](t)(f.ProvisionProduct(f.as(endUserSession), in)).RecordDetail
	if *r.ProductId != f.product.ID || *r.ProvisioningArtifactId != f.artifact {
		t.Errorf("launched %s %s", *r.ProductId, *r.ProvisioningArtifactId)
	}
}

func TestProvisionProduct_Token(t *testing.T) {
	t.Parallel()
	f := setup(t)
	first := f.provision(endUserSession, "dev")
	again := must[*sdk.ProvisionProductOutput](t)(f.ProvisionProduct(f.as(endUserSession), f.ask("dev"))).RecordDetail
	if *again.RecordId != *first.RecordId {
		t.Errorf("the same request made record %s, then %s", *first.RecordId, *again.RecordId)
	}
}

func TestProvisionProduct_FailsLater(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct {
		name, code, text string
		prepare          func(f *fixture, in *sdk.ProvisionProductInput)
	}{
		{"provisioner refuses", "ResourceInUseException", "another execution is in progress", func(f *fixture, _ *sdk.ProvisionProductInput) {
			f.fake.refuse = func(servicecatalog.Job) error {
				return &servicecatalog.RecordError{Code: "ResourceInUseException", Description: "another execution is in progress"}
			}
		}},
		{"provisioner breaks", "InternalFailure", "broken", func(f *fixture, _ *sdk.ProvisionProductInput) {
			f.fake.refuse = func(servicecatalog.Job) error { return errors.New("broken") }
		}},
		{"missing parameter", "AmazonCloudFormationException", "Parameters: [AccountName] must have values (Service: AmazonCloudFormation", func(_ *fixture, in *sdk.ProvisionProductInput) {
			in.ProvisioningParameters = in.ProvisioningParameters[1:]
		}},
		{"unknown parameter", "AmazonCloudFormationException", "Parameters: [VPCCidr] do not exist in the template", func(_ *fixture, in *sdk.ProvisionProductInput) {
			in.ProvisioningParameters = append(in.ProvisioningParameters, types.ProvisioningParameter{Key: aws.String("VPCCidr"), Value: aws.String("10.0.0.0/8")})
		}},
		{"notifications", "InvalidParametersException", "notifications", func(_ *fixture, in *sdk.ProvisionProductInput) {
			in.NotificationArns = []string{"arn:aws:sns:eu-west-1:111111111111:topic"}
		}},
		{"TagOption on the product", "InvalidParametersException", "TagOptions (team)", func(f *fixture, _ *sdk.ProvisionProductInput) { f.offer(f.product.ID) }},
		{"TagOption on the portfolio", "InvalidParametersException", "TagOptions (team)", func(f *fixture, _ *sdk.ProvisionProductInput) { f.offer(f.portfolio.ID) }},
		{"fault", "InternalFailure", "on purpose", func(f *fixture, _ *sdk.ProvisionProductInput) {
			f.change(func(tx *state.Tx) {
				tx.ArmFault(state.Fault{Kind: state.FaultFail, Service: "servicecatalog", Operation: "ProvisionProduct", Step: "start", Reason: "on purpose"})
			})
		}},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			f := setup(t)
			in := f.ask("dev")
			tc.prepare(f, in)
			r := must[*sdk.ProvisionProductOutput](t)(f.ProvisionProduct(f.as(endUserSession), in)).RecordDetail
			f.awaitStatus(*r.RecordId, types.RecordStatusFailed)
			errs := f.record(*r.RecordId).RecordErrors
			if len(errs) != 1 || *errs[0].Code != tc.code {
				t.Fatalf("record errors %+v", errs)
			}
			refused(t, &types.InvalidParametersException{Message: errs[0].Description}, "InvalidParametersException", tc.text)
			p := f.describe(*r.ProvisionedProductId)
			if p.Status != types.ProvisionedProductStatusError || aws.ToString(p.StatusMessage) != tc.code+"  "+*errs[0].Description || p.LastSuccessfulProvisioningRecordId != nil {
				t.Errorf("product %s, message %q", p.Status, aws.ToString(p.StatusMessage))
			}
		})
	}
}

// Values the product would not allow are accepted: the Account Factory judges them, later.
func TestProvisionProduct_ValuesAreNotJudged(t *testing.T) {
	t.Parallel()
	f := setup(t)
	in := f.ask("dev")
	in.ProvisioningParameters[1].Value, in.ProvisioningParameters[2].Value = aws.String("no e-mail"), aws.String("ou-none")
	in.Tags = []types.Tag{{Key: aws.String("team"), Value: aws.String("blue")}}
	r := must[*sdk.ProvisionProductOutput](t)(f.ProvisionProduct(f.as(endUserSession), in)).RecordDetail
	f.awaitStatus(*r.RecordId, types.RecordStatusInProgress)
	if got := f.fake.last().Parameters["AccountEmail"]; got != "no e-mail" {
		t.Errorf("the provisioner got %q", got)
	}
	if tags := f.record(*r.RecordId).RecordTags; len(tags) != 1 || *tags[0].Key != "team" {
		t.Errorf("record tags %+v", tags)
	}
}

func TestProvisionProduct_Stuck(t *testing.T) {
	t.Parallel()
	f := setup(t)
	f.change(func(tx *state.Tx) {
		tx.ArmFault(state.Fault{Kind: state.FaultStuck, Service: "servicecatalog", Step: "start", Count: 1})
	})
	r := must[*sdk.ProvisionProductOutput](t)(f.ProvisionProduct(f.as(endUserSession), f.ask("dev"))).RecordDetail
	stuck := func(tx *state.Tx) bool { ops := tx.Operations(); return len(ops) == 1 && ops[0].Stuck }
	f.await(stuck)
	if got := f.record(*r.RecordId).Status; got != types.RecordStatusCreated {
		t.Errorf("stuck record is %s", got)
	}
	f.change(func(tx *state.Tx) { tx.SetStuck(tx.Operations()[0].ID, false) })
	f.awaitStatus(*r.RecordId, types.RecordStatusInProgress)
}

// Two portfolios grant the product: the launch must say by which path.
func TestProvisionProduct_TwoPaths(t *testing.T) {
	t.Parallel()
	f := setup(t)
	var second *servicecatalog.Portfolio
	f.change(func(tx *state.Tx) {
		second = f.AddPortfolio(tx, "Second", "Platform", "")
		f.Associate(tx, f.product.ID, second.ID)
		f.AddPrincipal(tx, second.ID, endUserRole, types.PrincipalTypeIam)
	})
	_, err := f.ProvisionProduct(f.as(endUserSession), f.ask("dev"))
	refused(t, err, "InvalidParametersException", "more than one launch path")
	in := f.ask("dev")
	in.PathName = &second.Name
	r := must[*sdk.ProvisionProductOutput](t)(f.ProvisionProduct(f.as(endUserSession), in)).RecordDetail
	paths := must[*sdk.ListLaunchPathsOutput](t)(f.ListLaunchPaths(f.as(endUserSession), &sdk.ListLaunchPathsInput{ProductId: &f.product.ID, PageSize: 1}))
	if len(paths.LaunchPathSummaries) != 1 || paths.NextPageToken == nil {
		t.Fatalf("first page of paths: %d", len(paths.LaunchPathSummaries))
	}
	rest := must[*sdk.ListLaunchPathsOutput](t)(f.ListLaunchPaths(f.as(endUserSession), &sdk.ListLaunchPathsInput{ProductId: &f.product.ID, PageSize: 1, PageToken: paths.NextPageToken}))
	all := append(paths.LaunchPathSummaries, rest.LaunchPathSummaries...)
	found := map[string]string{}
	for _, p := range all {
		found[*p.Name] = *p.Id
	}
	if len(found) != 2 || rest.NextPageToken != nil || found["Second"] != *r.PathId {
		t.Errorf("paths %v, launched by %s", found, *r.PathId)
	}
}

func (f *fixture) offer(resource string) {
	f.t.Helper()
	o := must[*sdk.CreateTagOptionOutput](f.t)(f.CreateTagOption(f.as(admin), &sdk.CreateTagOptionInput{Key: aws.String("team"), Value: aws.String("blue")}))
	must[*sdk.AssociateTagOptionWithResourceOutput](f.t)(f.AssociateTagOptionWithResource(f.as(admin), &sdk.AssociateTagOptionWithResourceInput{
		ResourceId: &resource, TagOptionId: o.TagOptionDetail.Id,
	}))
}
