package servicecatalog_test

import (
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	sdk "github.com/aws/aws-sdk-go-v2/service/servicecatalog"
	"github.com/aws/aws-sdk-go-v2/service/servicecatalog/types"
	"github.com/google/go-cmp/cmp"

	"accountfactory/internal/twin/servicecatalog"
	"accountfactory/internal/twin/state"
)

func (f *fixture) updating(id string, values ...types.UpdateProvisioningParameter) *sdk.UpdateProvisionedProductInput {
	return &sdk.UpdateProvisionedProductInput{ProvisionedProductId: &id, UpdateToken: aws.String("update-" + id), ProvisioningParameters: values}
}

func value(key, v string) types.UpdateProvisioningParameter {
	return types.UpdateProvisioningParameter{Key: &key, Value: &v}
}

func previous(key string) types.UpdateProvisioningParameter {
	return types.UpdateProvisioningParameter{Key: &key, UsePreviousValue: true, Value: aws.String("ignored")}
}

func allPrevious() []types.UpdateProvisioningParameter {
	return []types.UpdateProvisioningParameter{previous("AccountName"), previous("AccountEmail"), previous("ManagedOrganizationalUnit")}
}

func (f *fixture) fail(recordID, text string) {
	f.t.Helper()
	f.change(func(tx *state.Tx) {
		f.Complete(tx, recordID, servicecatalog.Outcome{Err: &servicecatalog.RecordError{Code: "ResourceInUseException", Description: text}})
	})
}

func TestUpdateProvisionedProduct(t *testing.T) {
	t.Parallel()
	f := setup(t)
	p := f.launched(endUserSession, "dev", "222222222222")
	in := f.updating(*p.Id, previous("AccountName"), previous("AccountEmail"), value("ManagedOrganizationalUnit", "Prod (ou-ab12-prodprod)"))
	r := must[*sdk.UpdateProvisionedProductOutput](t)(f.UpdateProvisionedProduct(f.as(endUserSession), in)).RecordDetail
	if r.Status != types.RecordStatusCreated || *r.RecordType != "UPDATE_PROVISIONED_PRODUCT" || *r.ProvisionedProductId != *p.Id {
		t.Errorf("record %s %s %s", r.Status, *r.RecordType, *r.ProvisionedProductId)
	}
	again := must[*sdk.UpdateProvisionedProductOutput](t)(f.UpdateProvisionedProduct(f.as(endUserSession), in)).RecordDetail
	if *again.RecordId != *r.RecordId {
		t.Error("the same token made a second record")
	}
	f.awaitStatus(*r.RecordId, types.RecordStatusInProgress)
	job := f.fake.last()
	want := map[string]string{"AccountName": "dev", "AccountEmail": "dev@example.com", "ManagedOrganizationalUnit": "Prod (ou-ab12-prodprod)"}
	if diff := cmp.Diff(want, job.Parameters); diff != "" || job.Action != servicecatalog.Update || job.PhysicalID != "222222222222" || job.FirstLaunch {
		t.Errorf("job %+v (-want +got):\n%s", job, diff)
	}
	if got := f.describe(*p.Id); got.Status != types.ProvisionedProductStatusUnderChange || *got.LastSuccessfulProvisioningRecordId == *r.RecordId || *got.LastRecordId != *r.RecordId {
		t.Errorf("product while updating: %+v", got)
	}

	f.fail(*r.RecordId, "busy")
	if got := f.describe(*p.Id); got.Status != types.ProvisionedProductStatusTainted || *got.StatusMessage != "ResourceInUseException  busy" {
		t.Errorf("product after a failed update: %s %q", got.Status, *got.StatusMessage)
	}
	// What failed did not become the previous value, and a TAINTED product is repaired by an update.
	repair := f.updating(*p.Id, allPrevious()...)
	repair.UpdateToken = aws.String("repair")
	r2 := must[*sdk.UpdateProvisionedProductOutput](t)(f.UpdateProvisionedProduct(f.as(endUserSession), repair)).RecordDetail
	f.awaitStatus(*r2.RecordId, types.RecordStatusInProgress)
	if got := f.fake.last().Parameters["ManagedOrganizationalUnit"]; got != "Sandbox (ou-ab12-abcdefgh)" {
		t.Errorf("previous value after a failed update: %q", got)
	}
	f.change(func(tx *state.Tx) {
		f.Remediate(tx, *r2.RecordId, servicecatalog.RecordError{Code: "X", Description: "for a moment"})
		f.Complete(tx, *r2.RecordId, servicecatalog.Outcome{})
	})
	if errs := f.record(*r2.RecordId).RecordErrors; len(errs) != 0 {
		t.Errorf("a record that succeeded has errors: %+v", errs)
	}
	if got := f.describe(*p.Id); got.Status != types.ProvisionedProductStatusAvailable || got.StatusMessage != nil || *got.LastSuccessfulProvisioningRecordId != *r2.RecordId {
		t.Errorf("product after the repair: %+v", got)
	}
	// A second outcome changes nothing.
	f.fail(*r2.RecordId, "late")
	if got := f.describe(*p.Id); got.Status != types.ProvisionedProductStatusAvailable {
		t.Errorf("product after a second outcome: %s", got.Status)
	}
}

func TestUpdateProvisionedProduct_Refused(t *testing.T) {
	t.Parallel()
	f := setup(t)
	p := f.launched(endUserSession, "dev", "222222222222")
	busy := f.provision(endUserSession, "busy")
	str := aws.String
	for _, tc := range []struct {
		name, as, code, text string
		change               func(in *sdk.UpdateProvisionedProductInput)
	}{
		{"unknown", endUserSession, "ResourceNotFoundException", "pp-x", func(in *sdk.UpdateProvisionedProductInput) { in.ProvisionedProductId = str("pp-x") }},
		{"unknown name", endUserSession, "ResourceNotFoundException", "No stack named x exists.", func(in *sdk.UpdateProvisionedProductInput) {
			in.ProvisionedProductId, in.ProvisionedProductName = nil, str("x")
		}},
		{"id and name", endUserSession, "InvalidParametersException", "not both", func(in *sdk.UpdateProvisionedProductInput) { in.ProvisionedProductName = str("dev") }},
		{"neither", endUserSession, "InvalidParametersException", "provisioned product", func(in *sdk.UpdateProvisionedProductInput) { in.ProvisionedProductId = nil }},
		{"under change", endUserSession, "InvalidParametersException", "UNDER_CHANGE", func(in *sdk.UpdateProvisionedProductInput) { in.ProvisionedProductId = busy.ProvisionedProductId }},
		{"no access", admin, "ResourceNotFoundException", "No launch paths found for resource: " + f.product.ID, func(*sdk.UpdateProvisionedProductInput) {}},
		{"tags", endUserSession, "InvalidParametersException", "RESOURCE_UPDATE", func(in *sdk.UpdateProvisionedProductInput) {
			in.Tags = []types.Tag{{Key: str("a"), Value: str("b")}}
		}},
		{"no previous value", endUserSession, "InvalidParametersException", "VPCCidr", func(in *sdk.UpdateProvisionedProductInput) {
			in.ProvisioningParameters = append(in.ProvisioningParameters, previous("VPCCidr"))
		}},
		{"no value", endUserSession, "InvalidParametersException", "AccountName", func(in *sdk.UpdateProvisionedProductInput) {
			in.ProvisioningParameters[0].UsePreviousValue, in.ProvisioningParameters[0].Value = false, nil
		}},
		{"unknown artifact", endUserSession, "ResourceNotFoundException", "pa-x", func(in *sdk.UpdateProvisionedProductInput) { in.ProvisioningArtifactId = str("pa-x") }},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			in := f.updating(*p.Id, allPrevious()...)
			tc.change(in)
			_, err := f.UpdateProvisionedProduct(f.as(tc.as), in)
			refused(t, err, tc.code, tc.text)
		})
	}
}

func TestUpdateProvisionedProduct_TokenOfAnotherRequest(t *testing.T) {
	t.Parallel()
	f := setup(t)
	p := f.launched(endUserSession, "dev", "222222222222")
	in := f.updating(*p.Arn, allPrevious()...)
	in.ProvisionedProductId, in.ProvisionedProductName = nil, p.Arn // a name may be an ARN
	must[*sdk.UpdateProvisionedProductOutput](t)(f.UpdateProvisionedProduct(f.as(endUserSession), in))
	in.ProvisioningParameters[0] = value("AccountName", "other")
	_, err := f.UpdateProvisionedProduct(f.as(endUserSession), in)
	refused(t, err, "InvalidParametersException", *in.UpdateToken)
}

// Parameters an update leaves out have no value, and the record says so.
func TestUpdateProvisionedProduct_MissingParameters(t *testing.T) {
	t.Parallel()
	f := setup(t)
	p := f.launched(endUserSession, "dev", "222222222222")
	r := must[*sdk.UpdateProvisionedProductOutput](t)(f.UpdateProvisionedProduct(f.as(endUserSession), f.updating(*p.Id, previous("AccountName")))).RecordDetail
	f.awaitStatus(*r.RecordId, types.RecordStatusFailed)
	if got := f.describe(*p.Id); got.Status != types.ProvisionedProductStatusTainted {
		t.Errorf("product %s", got.Status)
	}
	refused(t, &types.InvalidStateException{Message: f.record(*r.RecordId).RecordErrors[0].Description}, "InvalidStateException", "Parameters: [AccountEmail, ManagedOrganizationalUnit] must have values")
}

func TestComplete_FirstLaunch(t *testing.T) {
	t.Parallel()
	f := setup(t)
	r := f.provision(endUserSession, "dev")
	f.change(func(tx *state.Tx) {
		f.Remediate(tx, *r.RecordId, servicecatalog.RecordError{Code: "StackSetFailState", Description: "no"})
	})
	if got := f.record(*r.RecordId); got.Status != types.RecordStatusInProgressInError || len(got.RecordErrors) != 1 {
		t.Errorf("record while remediated: %s %+v", got.Status, got.RecordErrors)
	}
	// The account exists although it was not enrolled: the physical id is kept.
	f.change(func(tx *state.Tx) {
		f.Complete(tx, *r.RecordId, servicecatalog.Outcome{PhysicalID: "222222222222", Err: &servicecatalog.RecordError{Code: "StackSetFailState", Description: "no"}})
	})
	p := f.describe(*r.ProvisionedProductId)
	if p.Status != types.ProvisionedProductStatusError || f.record(*r.RecordId).Status != types.RecordStatusFailed {
		t.Errorf("product %s, record %s", p.Status, f.record(*r.RecordId).Status)
	}
	_, err := f.ProvisionProduct(f.as(endUserSession), &sdk.ProvisionProductInput{
		ProductId: &f.product.ID, ProvisioningArtifactId: &f.artifact, ProvisionedProductName: aws.String("dev"), ProvisionToken: aws.String("again"),
	})
	refused(t, err, "InvalidParametersException", "A stack named dev already exists.")
	// An update goes on where the launch stopped: still a first launch, of the account there is.
	up := must[*sdk.UpdateProvisionedProductOutput](t)(f.UpdateProvisionedProduct(f.as(endUserSession), f.updating(*p.Id, allPrevious()...))).RecordDetail
	f.awaitStatus(*up.RecordId, types.RecordStatusInProgress)
	if job := f.fake.last(); !job.FirstLaunch || job.PhysicalID != "222222222222" || job.Parameters["AccountName"] != "dev" {
		t.Errorf("job %+v", job)
	}
}

func (f *fixture) terminating(id string) *sdk.TerminateProvisionedProductInput {
	return &sdk.TerminateProvisionedProductInput{ProvisionedProductId: &id, TerminateToken: aws.String("end-" + id)}
}

func TestTerminateProvisionedProduct(t *testing.T) {
	t.Parallel()
	f := setup(t)
	p := f.launched(endUserSession, "dev", "222222222222")
	in := f.terminating(*p.Id)
	in.RetainPhysicalResources = true
	r := must[*sdk.TerminateProvisionedProductOutput](t)(f.TerminateProvisionedProduct(f.as(admin), in)).RecordDetail // no path needed
	if *r.RecordType != "TERMINATE_PROVISIONED_PRODUCT" || r.Status != types.RecordStatusCreated {
		t.Errorf("record %s %s", *r.RecordType, r.Status)
	}
	again := must[*sdk.TerminateProvisionedProductOutput](t)(f.TerminateProvisionedProduct(f.as(admin), in)).RecordDetail
	if *again.RecordId != *r.RecordId {
		t.Error("the same token made a second record")
	}
	other := f.terminating(*p.Id)
	other.TerminateToken = aws.String("other")
	_, err := f.TerminateProvisionedProduct(f.as(admin), other)
	refused(t, err, "InvalidParametersException", "UNDER_CHANGE")
	other.TerminateToken, other.IgnoreErrors = in.TerminateToken, true
	_, err = f.TerminateProvisionedProduct(f.as(admin), other)
	refused(t, err, "InvalidParametersException", "was used for another request")

	f.awaitStatus(*r.RecordId, types.RecordStatusInProgress)
	if job := f.fake.last(); job.Action != servicecatalog.Terminate || !job.Retain || job.PhysicalID != "222222222222" || job.Caller.ARN != admin {
		t.Errorf("job %+v", job)
	}
	f.change(func(tx *state.Tx) { f.Complete(tx, *r.RecordId, servicecatalog.Outcome{}) })
	if got := f.record(*r.RecordId).Status; got != types.RecordStatusSucceeded {
		t.Errorf("record %s", got)
	}
	_, err = f.DescribeProvisionedProduct(f.as(admin), &sdk.DescribeProvisionedProductInput{Id: p.Id})
	refused(t, err, "ResourceNotFoundException", *p.Id)
	_, err = f.TerminateProvisionedProduct(f.as(admin), in)
	refused(t, err, "ResourceNotFoundException", *p.Id)
	if got := f.record(*p.LastRecordId).Status; got != types.RecordStatusSucceeded {
		t.Errorf("the launch's record is %s", got)
	}
	in2 := f.ask("dev") // the name is free again
	in2.ProvisionToken = aws.String("second")
	must[*sdk.ProvisionProductOutput](t)(f.ProvisionProduct(f.as(endUserSession), in2))
}

func TestTerminateProvisionedProduct_Fails(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct {
		name   string
		launch bool // it once succeeded
		ignore bool
		want   types.ProvisionedProductStatus // "" when gone
		record types.RecordStatus
	}{
		{"launched", true, false, types.ProvisionedProductStatusTainted, types.RecordStatusFailed},
		{"never launched", false, false, types.ProvisionedProductStatusError, types.RecordStatusFailed},
		{"errors ignored", true, true, "", types.RecordStatusSucceeded},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			f := setup(t)
			launch := f.provision(endUserSession, "dev")
			if tc.launch {
				f.change(func(tx *state.Tx) {
					f.Complete(tx, *launch.RecordId, servicecatalog.Outcome{PhysicalID: "222222222222"})
				})
			} else {
				f.fail(*launch.RecordId, "no")
			}
			in := f.terminating(*launch.ProvisionedProductId)
			in.IgnoreErrors = tc.ignore
			r := must[*sdk.TerminateProvisionedProductOutput](t)(f.TerminateProvisionedProduct(f.as(endUserSession), in)).RecordDetail
			f.awaitStatus(*r.RecordId, types.RecordStatusInProgress)
			f.fail(*r.RecordId, "cannot")
			got := f.record(*r.RecordId)
			if got.Status != tc.record || len(got.RecordErrors) != 1 {
				t.Errorf("record %s %+v", got.Status, got.RecordErrors)
			}
			if tc.want == "" {
				_, err := f.DescribeProvisionedProduct(f.as(admin), &sdk.DescribeProvisionedProductInput{Id: in.ProvisionedProductId})
				refused(t, err, "ResourceNotFoundException", "")
				return
			}
			if p := f.describe(*in.ProvisionedProductId); p.Status != tc.want {
				t.Errorf("product %s", p.Status)
			}
		})
	}
}

func TestEnrolledTaintTerminated(t *testing.T) {
	t.Parallel()
	f := setup(t)
	enrol := servicecatalog.Enrolment{
		ProductID: f.product.ID, PhysicalID: "333333333333", Parameters: map[string]string{"AccountName": "old"},
		Outputs: []servicecatalog.Output{{Key: "AccountId", Value: "333333333333"}}, Owner: servicecatalog.Owner{ARN: admin, Session: admin},
	}
	var p, twice *servicecatalog.ProvisionedProduct
	f.change(func(tx *state.Tx) { p = f.Enrolled(tx, enrol) })
	got := f.describe(p.ID)
	if *got.Name != "Enroll-Account-333333333333" || got.Status != types.ProvisionedProductStatusAvailable || got.LastSuccessfulProvisioningRecordId == nil {
		t.Errorf("enrolled: %+v", got)
	}
	outputs := must[*sdk.GetProvisionedProductOutputsOutput](t)(f.GetProvisionedProductOutputs(f.as(admin), &sdk.GetProvisionedProductOutputsInput{ProvisionedProductId: &p.ID}))
	if len(outputs.Outputs) != 1 || *outputs.Outputs[0].OutputValue != "333333333333" {
		t.Errorf("outputs %+v", outputs.Outputs)
	}
	f.change(func(tx *state.Tx) {
		if by := f.ProvisionedProductByPhysicalID(tx, "333333333333"); by == nil || by.ID != p.ID {
			t.Errorf("by physical id: %+v", by)
		}
		f.Taint(tx, p.ID, servicecatalog.RecordError{Code: "ResourceNotFoundException", Description: "left the organization"})
	})
	if got := f.describe(p.ID); got.Status != types.ProvisionedProductStatusTainted || *got.StatusMessage != "ResourceNotFoundException  left the organization" {
		t.Errorf("tainted: %s %v", got.Status, got.StatusMessage)
	}
	f.change(func(tx *state.Tx) { twice = f.Enrolled(tx, enrol) })
	if twice.ID != p.ID || f.describe(p.ID).Status != types.ProvisionedProductStatusAvailable {
		t.Error("enrolling again did not make the same product AVAILABLE")
	}
	busy := f.provision(endUserSession, "busy")
	f.change(func(tx *state.Tx) {
		if f.Terminated(tx, *busy.ProvisionedProductId, servicecatalog.Owner{}) {
			t.Error("a product under change was removed")
		}
		f.Taint(tx, *busy.ProvisionedProductId, servicecatalog.RecordError{})
		if !f.Terminated(tx, p.ID, enrol.Owner) || f.ProvisionedProduct(tx, p.ID) != nil {
			t.Error("the product is still there")
		}
	})
	if got := f.describe(*busy.ProvisionedProductId).Status; got != types.ProvisionedProductStatusUnderChange {
		t.Errorf("a product under change was tainted: %s", got)
	}
}
