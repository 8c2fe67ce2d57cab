package twin_test

import (
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/controltower"
	cttypes "github.com/aws/aws-sdk-go-v2/service/controltower/types"
	"github.com/aws/aws-sdk-go-v2/service/organizations"
	"github.com/aws/aws-sdk-go-v2/service/servicecatalog"
)

// remedied starts a twin that stands still, with a registered OU Team and one that is not, Loose; its landing zone remedies
// inheritance drift.
func remedied(t *testing.T) *poller {
	t.Helper()
	p := polling(t)
	p.makeOU(t, "Loose")
	p.makeOU(t, "Team")
	if _, err := p.beginRegister(t, "Team"); err != nil {
		t.Fatal(err)
	}
	p.drain()
	p.remedy()
	return p
}

// TestAutoEnroll_NotTerminated: an account that Control Tower is taking in, or letting go of, cannot be unmanaged meanwhile.
func TestAutoEnroll_NotTerminated(t *testing.T) {
	t.Parallel()
	for _, to := range []string{"Team", "Loose"} {
		t.Run(to, func(t *testing.T) {
			t.Parallel()
			p := remedied(t)
			out, err := p.launch(t, "one", nil)
			if err != nil {
				t.Fatal(err)
			}
			p.drain()
			member := p.shared("one")
			p.fixture.move(t, member, aws.ToString(p.findOU(t, to).Id))
			p.advance() // it has settled, and is being looked after
			gone, err := p.Catalog.TerminateProvisionedProduct(t.Context(), &servicecatalog.TerminateProvisionedProductInput{ProvisionedProductId: out.RecordDetail.ProvisionedProductId})
			if err != nil {
				t.Fatal(err)
			}
			p.drain()
			p.wantFailure(t, gone.RecordDetail.RecordId, "ResourceInUseException", otherOp)
			if got := p.parent(t, member); got != aws.ToString(p.findOU(t, to).Id) {
				t.Errorf("it is in %s", got)
			}
			if b := p.child(t, member); (b != nil) != (to == "Team") {
				t.Errorf("its baseline: %+v", b)
			}
			p.placed()
		})
	}
}

// TestAutoEnroll_OUWaits: an OU that an account is moving into is not worked on itself.
func TestAutoEnroll_OUWaits(t *testing.T) {
	t.Parallel()
	p := remedied(t)
	if _, err := p.Organizations.CreateAccount(t.Context(), &organizations.CreateAccountInput{AccountName: aws.String("mine"), Email: aws.String("mine@example.com")}); err != nil {
		t.Fatal(err)
	}
	p.drain()
	member := p.shared("mine")
	p.fixture.move(t, member, aws.ToString(p.findOU(t, "Team").Id))
	in := &controltower.DisableBaselineInput{EnabledBaselineIdentifier: p.enabledOn(t, "Team").Arn}
	_, err := p.ControlTower.DisableBaseline(t.Context(), in)
	wantAPI(t, err, "ConflictException", "another AWS Control Tower operation is in progress")
	p.drain()
	if b := p.child(t, member); b == nil || b.StatusSummary.Status != cttypes.EnablementStatusSucceeded {
		t.Errorf("its baseline: %+v", b)
	}
	if _, err := p.ControlTower.DisableBaseline(t.Context(), in); err != nil {
		t.Fatal(err)
	}
	p.drain()
	if b := p.child(t, member); b != nil {
		t.Errorf("its baseline: %+v", b)
	}
}

// TestAutoEnroll_Stuck: what the lab has stuck goes on when it is released.
func TestAutoEnroll_Stuck(t *testing.T) {
	t.Parallel()
	f := setup(t)
	f.updateZone(t, "3.3", f.manifest33(t), []cttypes.RemediationType{cttypes.RemediationTypeInheritanceDrift})
	member := f.member(t, "mine", "OrganizationAccountAccessRole")
	f.arm(t, map[string]any{"kind": "stuck", "service": "controltower", "operation": "Inherit", "count": 1})
	f.move(t, member, aws.ToString(f.findOU(t, "Sandbox").Id))
	f.releaseWhenStuck(t, func() {
		if b := f.child(t, member); b == nil || b.StatusSummary.Status != cttypes.EnablementStatusUnderChange {
			t.Errorf("its baseline: %+v", b)
		}
	})
	f.await(t, func() bool {
		return f.child(t, member).StatusSummary.Status == cttypes.EnablementStatusSucceeded
	})
}

// TestAutoEnroll_MovedWhileVended: an account that was moved while it was worked on is looked after once that is done.
func TestAutoEnroll_MovedWhileVended(t *testing.T) {
	t.Parallel()
	f := setup(t)
	f.updateZone(t, "3.3", f.manifest33(t), []cttypes.RemediationType{cttypes.RemediationTypeInheritanceDrift})
	loose := f.makeOU(t, "Loose")
	f.arm(t, map[string]any{"kind": "stuck", "service": "controltower", "step": "finish", "count": 1})
	if _, err := f.launch(t, "one", nil); err != nil {
		t.Fatal(err)
	}
	f.releaseWhenStuck(t, func() { f.move(t, f.shared("one"), loose) })
	member := f.shared("one")
	f.await(t, func() bool { return f.child(t, member) == nil && f.productOf(t, member) == "" })
	f.wantDrift(t)
	if got := f.parent(t, member); got != loose {
		t.Errorf("it is in %s", got)
	}
}
