package twin_test

import (
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	cttypes "github.com/aws/aws-sdk-go-v2/service/controltower/types"
	"github.com/aws/aws-sdk-go-v2/service/organizations"
)

// TestOU_AccountLeaves: an account that is moved elsewhere while its OU is being registered is not enrolled where it no longer
// is; it has drifted, and the operation says so.
func TestOU_AccountLeaves(t *testing.T) {
	t.Parallel()
	p := polling(t)
	loose := p.makeOU(t, "Loose")
	team := p.makeOU(t, "Team")
	if _, err := p.Organizations.CreateAccount(t.Context(), &organizations.CreateAccountInput{AccountName: aws.String("mine"), Email: aws.String("mine@example.com")}); err != nil {
		t.Fatal(err)
	}
	p.drain()
	member := p.shared("mine")
	p.fixture.move(t, member, team)
	out, err := p.beginRegister(t, "Team")
	if err != nil {
		t.Fatal(err)
	}
	for p.child(t, member) == nil {
		if !p.advance() {
			t.Fatal("its turn never came")
		}
	}
	p.fixture.move(t, member, loose)
	p.drain()
	if got, want := p.baselineEnds(t, out.OperationIdentifier, "FAILED"), "AWS Control Tower could not complete the operation on these accounts: "+member+"."; got != want {
		t.Errorf("message %q, want %q", got, want)
	}
	if b := p.child(t, member); b == nil || b.StatusSummary.Status != cttypes.EnablementStatusFailed {
		t.Errorf("its baseline: %+v", b)
	}
	if name := p.productOf(t, member); name != "" {
		t.Errorf("it has the product %s", name)
	}
	p.wantDrift(t, "ACCOUNT_MOVED_BETWEEN_OUS")
}

// TestOU_DeletedMeanwhile: what works on an OU that is deleted fails, and nothing of the OU is left.
func TestOU_DeletedMeanwhile(t *testing.T) {
	t.Parallel()
	p := polling(t, current)
	team := p.makeOU(t, "Team")
	out, err := p.beginRegister(t, "Team")
	if err != nil {
		t.Fatal(err)
	}
	if _, err := p.Organizations.DeleteOrganizationalUnit(t.Context(), &organizations.DeleteOrganizationalUnitInput{OrganizationalUnitId: &team}); err != nil {
		t.Fatal(err)
	}
	p.drain()
	if got, want := p.baselineEnds(t, out.OperationIdentifier, "FAILED"), "The organizational unit "+team+" no longer exists."; got != want {
		t.Errorf("message %q, want %q", got, want)
	}
	p.wantDrift(t, "ORGANIZATIONAL_UNIT_DELETED")
}
