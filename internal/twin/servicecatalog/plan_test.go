package servicecatalog_test

import (
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	sdk "github.com/aws/aws-sdk-go-v2/service/servicecatalog"
	"github.com/aws/aws-sdk-go-v2/service/servicecatalog/types"

	"accountfactory/internal/twin/servicecatalog"
	"accountfactory/internal/twin/state"
)

func (f *fixture) planning(name string) *sdk.CreateProvisionedProductPlanInput {
	return &sdk.CreateProvisionedProductPlanInput{
		PlanName: aws.String("plan of " + name), PlanType: types.ProvisionedProductPlanTypeCloudformation, ProductId: &f.product.ID,
		ProvisioningArtifactId: &f.artifact, ProvisionedProductName: &name, IdempotencyToken: aws.String("plan-" + name),
		ProvisioningParameters: []types.UpdateProvisioningParameter{value("AccountName", name), previous("AccountEmail")},
	}
}

func TestPlan_LeavesTheProductInProgress(t *testing.T) {
	t.Parallel()
	f := setup(t)
	ctx := f.as(endUserSession)
	made := must[*sdk.CreateProvisionedProductPlanOutput](t)(f.CreateProvisionedProductPlan(ctx, f.planning("dev")))
	again := must[*sdk.CreateProvisionedProductPlanOutput](t)(f.CreateProvisionedProductPlan(ctx, f.planning("dev")))
	if *again.PlanId != *made.PlanId {
		t.Error("the same token made a second plan")
	}
	p := f.describe(*made.ProvisionProductId)
	if p.Status != types.ProvisionedProductStatusPlanInProgress || p.LastRecordId != nil {
		t.Errorf("planned product: %+v", p)
	}
	d := must[*sdk.DescribeProvisionedProductPlanOutput](t)(f.DescribeProvisionedProductPlan(ctx, &sdk.DescribeProvisionedProductPlanInput{PlanId: made.PlanId}))
	plan := d.ProvisionedProductPlanDetails
	if plan.Status != types.ProvisionedProductPlanStatusCreateInProgress || len(plan.ProvisioningParameters) != 2 || !plan.ProvisioningParameters[1].UsePreviousValue || len(d.ResourceChanges) != 0 {
		t.Errorf("plan %+v", plan)
	}
	_, err := f.ExecuteProvisionedProductPlan(ctx, &sdk.ExecuteProvisionedProductPlanInput{PlanId: made.PlanId, IdempotencyToken: aws.String("x")})
	refused(t, err, "InvalidStateException", "CREATE_IN_PROGRESS")
	_, err = f.UpdateProvisionedProduct(ctx, f.updating(*p.Id))
	refused(t, err, "InvalidParametersException", "PLAN_IN_PROGRESS")
	mine := must[*sdk.ListProvisionedProductPlansOutput](t)(f.ListProvisionedProductPlans(ctx, &sdk.ListProvisionedProductPlansInput{ProvisionProductId: p.Id}))
	theirs := must[*sdk.ListProvisionedProductPlansOutput](t)(f.ListProvisionedProductPlans(f.as(colleague), &sdk.ListProvisionedProductPlansInput{}))
	if len(mine.ProvisionedProductPlans) != 1 || len(theirs.ProvisionedProductPlans) != 0 {
		t.Errorf("plans: mine %d, a colleague's %d", len(mine.ProvisionedProductPlans), len(theirs.ProvisionedProductPlans))
	}

	must[*sdk.DeleteProvisionedProductPlanOutput](t)(f.DeleteProvisionedProductPlan(ctx, &sdk.DeleteProvisionedProductPlanInput{PlanId: made.PlanId}))
	_, err = f.DescribeProvisionedProductPlan(ctx, &sdk.DescribeProvisionedProductPlanInput{PlanId: made.PlanId})
	refused(t, err, "ResourceNotFoundException", *made.PlanId)
	f.provision(endUserSession, "dev") // the name is free again
}

func TestPlan_TerminateIsTheOtherWayOut(t *testing.T) {
	t.Parallel()
	f := setup(t)
	made := must[*sdk.CreateProvisionedProductPlanOutput](t)(f.CreateProvisionedProductPlan(f.as(endUserSession), f.planning("dev")))
	r := must[*sdk.TerminateProvisionedProductOutput](t)(f.TerminateProvisionedProduct(f.as(endUserSession), f.terminating(*made.ProvisionProductId))).RecordDetail
	f.awaitStatus(*r.RecordId, types.RecordStatusSucceeded)
	if len(f.fake.jobs) != 0 {
		t.Errorf("the provisioner was asked to end what never began: %+v", f.fake.jobs)
	}
	_, err := f.DescribeProvisionedProductPlan(f.as(endUserSession), &sdk.DescribeProvisionedProductPlanInput{PlanId: made.PlanId})
	refused(t, err, "ResourceNotFoundException", *made.PlanId)
}

// TestPlan_NotTerminated: what was only planned, and could not be terminated, is launched by an update like any other; its
// plan can then go without it.
func TestPlan_NotTerminated(t *testing.T) {
	t.Parallel()
	f := setup(t)
	ctx := f.as(endUserSession)
	made := must[*sdk.CreateProvisionedProductPlanOutput](t)(f.CreateProvisionedProductPlan(ctx, f.planning("dev")))
	f.change(func(tx *state.Tx) {
		tx.ArmFault(state.Fault{Kind: state.FaultFail, Service: "servicecatalog", Operation: "TerminateProvisionedProduct", Step: "start", Reason: "no luck", Count: 1})
	})
	gone := must[*sdk.TerminateProvisionedProductOutput](t)(f.TerminateProvisionedProduct(ctx, f.terminating(*made.ProvisionProductId))).RecordDetail
	f.awaitStatus(*gone.RecordId, types.RecordStatusFailed)
	up := f.updating(*made.ProvisionProductId)
	up.ProvisioningParameters = []types.UpdateProvisioningParameter{value("AccountName", "dev"), value("AccountEmail", "dev@example.com"), value("ManagedOrganizationalUnit", "Sandbox (ou-ab12-abcdefgh)")}
	r := must[*sdk.UpdateProvisionedProductOutput](t)(f.UpdateProvisionedProduct(ctx, up)).RecordDetail
	f.awaitStatus(*r.RecordId, types.RecordStatusInProgress)
	if job := f.fake.last(); job.RecordID != *r.RecordId || !job.FirstLaunch {
		t.Errorf("job %+v", job)
	}
	f.change(func(tx *state.Tx) { f.Complete(tx, *r.RecordId, servicecatalog.Outcome{PhysicalID: "222222222222"}) })
	must[*sdk.DeleteProvisionedProductPlanOutput](t)(f.DeleteProvisionedProductPlan(ctx, &sdk.DeleteProvisionedProductPlanInput{PlanId: made.PlanId}))
	if p := f.describe(*made.ProvisionProductId); p.Status != types.ProvisionedProductStatusAvailable {
		t.Errorf("product %+v", p)
	}
}

func TestPlan_Refused(t *testing.T) {
	t.Parallel()
	f := setup(t)
	f.provision(endUserSession, "busy")
	p := f.launched(endUserSession, "dev", "222222222222")
	made := must[*sdk.CreateProvisionedProductPlanOutput](t)(f.CreateProvisionedProductPlan(f.as(endUserSession), f.planning("dev")))
	if got := f.describe(*p.Id).Status; got != types.ProvisionedProductStatusAvailable || *made.ProvisionProductId != *p.Id {
		t.Errorf("a plan for a launched product made it %s", got)
	}
	str := aws.String
	for _, tc := range []struct {
		name, as, code, text string
		change               func(in *sdk.CreateProvisionedProductPlanInput)
	}{
		{"second plan", endUserSession, "InvalidStateException", "already has a plan", func(in *sdk.CreateProvisionedProductPlanInput) { in.IdempotencyToken = str("x") }},
		{"under change", endUserSession, "InvalidStateException", "UNDER_CHANGE", func(in *sdk.CreateProvisionedProductPlanInput) {
			in.ProvisionedProductName, in.IdempotencyToken = str("busy"), str("y")
		}},
		{"no access", admin, "ResourceNotFoundException", "No launch paths found", func(*sdk.CreateProvisionedProductPlanInput) {}},
		{"token", endUserSession, "InvalidParametersException", "plan-dev", func(in *sdk.CreateProvisionedProductPlanInput) { in.PlanName = str("other") }},
		{"artifact", endUserSession, "ResourceNotFoundException", "pa-x", func(in *sdk.CreateProvisionedProductPlanInput) { in.ProvisioningArtifactId = str("pa-x") }},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			in := f.planning("dev")
			tc.change(in)
			_, err := f.CreateProvisionedProductPlan(f.as(tc.as), in)
			refused(t, err, tc.code, tc.text)
		})
	}
	none := str("plan-x")
	_, err := f.ExecuteProvisionedProductPlan(f.as(admin), &sdk.ExecuteProvisionedProductPlanInput{PlanId: none, IdempotencyToken: none})
	refused(t, err, "ResourceNotFoundException", "plan-x")
	_, err = f.DeleteProvisionedProductPlan(f.as(admin), &sdk.DeleteProvisionedProductPlanInput{PlanId: none})
	refused(t, err, "ResourceNotFoundException", "plan-x")
	_, err = f.ListProvisionedProductPlans(f.as(admin), &sdk.ListProvisionedProductPlansInput{ProvisionProductId: str("pp-x")})
	refused(t, err, "ResourceNotFoundException", "pp-x")
}
