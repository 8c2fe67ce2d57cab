package twin_test

import (
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/servicecatalog"
	"github.com/aws/aws-sdk-go-v2/service/servicecatalog/types"
)

// TestUpdate_AgainAfterFailure: a move that failed before the account was moved can be asked for again, and leaves the
// account with the baseline of the OU it is in.
func TestUpdate_AgainAfterFailure(t *testing.T) {
	t.Parallel()
	for _, step := range []string{"create-account", "move-account", "baseline", "finish"} {
		t.Run(step, func(t *testing.T) {
			t.Parallel()
			f := setup(t)
			f.makeOU(t, "Team")
			f.register(t, "Team")
			member, id := f.vend(t, "one", nil)
			f.arm(t, map[string]any{"kind": "fail", "service": "controltower", "step": step, "code": "InternalServerException", "reason": "no luck", "count": 1})
			to := map[string]string{"ManagedOrganizationalUnit": f.ou(t, "Team")}
			f.updateFails(t, id, "one", to, "InternalServerException", "no luck")
			in := "Team"
			if step == "create-account" || step == "move-account" {
				in = "Sandbox"
			}
			if got, want := aws.ToString(f.child(t, member).ParentIdentifier), aws.ToString(f.enabledOn(t, in).Arn); got != want || f.parent(t, member) != aws.ToString(f.findOU(t, in).Id) {
				t.Errorf("after the failure it is in %s, its baseline of %s, want %s", f.parent(t, member), got, want)
			}
			f.wantDrift(t)
			f.updates(t, id, "one", to)
			if got, want := aws.ToString(f.child(t, member).ParentIdentifier), aws.ToString(f.enabledOn(t, "Team").Arn); got != want {
				t.Errorf("its baseline is of %s, want %s", got, want)
			}
		})
	}
}

// TestTerminate_NotBegun: an existing account whose enrollment failed before it was moved stays where it is.
func TestTerminate_NotBegun(t *testing.T) {
	t.Parallel()
	f := setup(t)
	loose := f.makeOU(t, "Loose")
	member := f.member(t, "mine")
	f.move(t, member, loose)
	f.set(t, "config-recorder", "account", member)
	mine := map[string]string{"AccountEmail": "mine@example.com"}
	id := f.fails(t, "enroll", mine, "InvalidParametersException", "AWS Control Tower cannot create an AWS Config recorder because one already exists. To continue, delete the existing recorder and try again .")
	f.terminate(t, aws.String(id))
	if got := f.parent(t, member); got != loose {
		t.Errorf("it was moved to %s", got)
	}
	f.clear(t, "config-recorder", "account", member)
	if got, _ := f.vend(t, "enroll", mine); got != member {
		t.Errorf("enrolled %s, want %s", got, member)
	}
}

// TestVend_MovedMeanwhile: whoever moves an account while it is worked on makes it drift.
func TestVend_MovedMeanwhile(t *testing.T) {
	t.Parallel()
	f := setup(t)
	loose := f.makeOU(t, "Loose")
	f.arm(t, map[string]any{"kind": "stuck", "service": "controltower", "step": "finish", "count": 1})
	out, err := f.launch(t, "one", nil)
	if err != nil {
		t.Fatal(err)
	}
	f.releaseWhenStuck(t, func() {
		f.wantDrift(t)
		f.move(t, f.shared("one"), loose)
	})
	if rec := f.ended(t, out.RecordDetail.RecordId); rec.RecordDetail.Status != types.RecordStatusSucceeded {
		t.Fatalf("record %s", rec.RecordDetail.Status)
	}
	f.wantDrift(t, "ACCOUNT_MOVED_BETWEEN_OUS")
	f.move(t, f.shared("one"), aws.ToString(f.findOU(t, "Sandbox").Id))
	f.wantDrift(t)
	check[*servicecatalog.DescribeProvisionedProductOutput](t)(f.Catalog.DescribeProvisionedProduct(t.Context(), &servicecatalog.DescribeProvisionedProductInput{Id: out.RecordDetail.ProvisionedProductId}))
}
