package twin_test

import (
	"slices"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/identitystore"
	"github.com/aws/aws-sdk-go-v2/service/identitystore/document"
	storetypes "github.com/aws/aws-sdk-go-v2/service/identitystore/types"
	"github.com/aws/aws-sdk-go-v2/service/servicecatalog/types"
	"github.com/aws/aws-sdk-go-v2/service/ssoadmin"
	ssotypes "github.com/aws/aws-sdk-go-v2/service/ssoadmin/types"
	"github.com/google/go-cmp/cmp"
)

const manageAccount = "controltower.ManageAccount"

// contested has a launch that is about to assign, while somebody else is at one of its assignments and does not end.
func contested(t *testing.T) (*poller, *types.RecordDetail) {
	t.Helper()
	p := polling(t)
	out, err := p.launch(t, "one", nil)
	if err != nil {
		t.Fatal(err)
	}
	p.reach(t, manageAccount, "assign")
	p.arm(t, map[string]any{"kind": "stuck", "service": "ssoadmin", "operation": "CreateAccountAssignment", "count": 1})
	p.assignGroup(t, p.shared("one"), "AWSOrganizationsFullAccess", "AWSControlTowerAdmins")
	return p, out.RecordDetail
}

// TestAssign_FailsWhileTriedAgain: Control Tower waits for somebody else who is at one of the assignments, to ask again.
// Another of its own fails meanwhile: the launch has failed, and nothing of it goes on beside its remediation.
func TestAssign_FailsWhileTriedAgain(t *testing.T) {
	t.Parallel()
	p, record := contested(t)
	p.advance()
	p.releaseWhenStuck(t, func() {
		p.arm(t, map[string]any{"kind": "fail", "service": "ssoadmin", "operation": "CreateAccountAssignment", "reason": "no", "count": 1})
		p.reach(t, manageAccount, "remediate")
		if diff := cmp.Diff([]string{"remediate"}, p.steps(t, manageAccount)); diff != "" {
			t.Errorf("steps to be done (-want +got):\n%s", diff)
		}
	})
	p.drain()
	const code, text = "InternalServerException", "AWS Control Tower could not give access to the account: no"
	p.wantFailure(t, record.RecordId, code, text)
	p.wantMessage(t, aws.ToString(record.ProvisionedProductId), code, text)
	if diff := cmp.Diff(map[string]int{"GROUP AWSOrganizationsFullAccess": 1}, p.assignments(t, p.shared("one"))); diff != "" {
		t.Errorf("assignments (-want +got):\n%s", diff)
	}
}

// TestAssign_TriedForAnHour: who is at one of the assignments never ends. Asking again and again is no reason to go on for ever.
func TestAssign_TriedForAnHour(t *testing.T) {
	t.Parallel()
	p, record := contested(t)
	for _, tt := range []struct {
		later string // the launch began some 20 minutes before
		steps []string
	}{{"25m", []string{"assign"}}, {"30m", nil}} {
		p.later(t, tt.later)
		p.settle(t)
		if diff := cmp.Diff(tt.steps, p.steps(t, manageAccount)); diff != "" {
			t.Fatalf("%s later, steps to be done (-want +got):\n%s", tt.later, diff)
		}
	}
	p.wantFailure(t, record.RecordId, "InternalServerException",
		"AWS Control Tower could not complete the operation within one hour. Terminate the provisioned product, then try again.")
}

// steps gives the next steps of the operations of a kind.
func (p *poller) steps(t *testing.T, kind string) (out []string) {
	t.Helper()
	var under struct{ Operations []struct{ Kind, Step string } }
	p.ask(t, "GET", "/_twin/operations", nil, &under)
	for _, op := range under.Operations {
		if op.Kind == kind {
			out = append(out, op.Step)
		}
	}
	return out
}

// reach goes on until an operation of a kind has a step before it.
func (p *poller) reach(t *testing.T, kind, step string) {
	t.Helper()
	for p.poll(); !slices.Contains(p.steps(t, kind), step); p.poll() {
		if !p.advance() {
			t.Fatalf("step %s never came", step)
		}
	}
}

// assignGroup begins to give a group of the directory a permission set on an account.
func (f *fixture) assignGroup(t *testing.T, accountID, set, group string) {
	t.Helper()
	ctx := t.Context()
	instance := check[*ssoadmin.ListInstancesOutput](t)(f.SSOAdmin.ListInstances(ctx, &ssoadmin.ListInstancesInput{})).Instances[0]
	in := &ssoadmin.CreateAccountAssignmentInput{InstanceArn: instance.InstanceArn, TargetId: &accountID, TargetType: ssotypes.TargetTypeAwsAccount, PrincipalType: ssotypes.PrincipalTypeGroup}
	for _, arn := range check[*ssoadmin.ListPermissionSetsOutput](t)(f.SSOAdmin.ListPermissionSets(ctx, &ssoadmin.ListPermissionSetsInput{InstanceArn: instance.InstanceArn})).PermissionSets {
		d := check[*ssoadmin.DescribePermissionSetOutput](t)(f.SSOAdmin.DescribePermissionSet(ctx, &ssoadmin.DescribePermissionSetInput{InstanceArn: instance.InstanceArn, PermissionSetArn: &arn}))
		if aws.ToString(d.PermissionSet.Name) == set {
			in.PermissionSetArn = &arn
		}
	}
	in.PrincipalId = check[*identitystore.GetGroupIdOutput](t)(f.IdentityStore.GetGroupId(ctx, &identitystore.GetGroupIdInput{
		IdentityStoreId: instance.IdentityStoreId,
		AlternateIdentifier: &storetypes.AlternateIdentifierMemberUniqueAttribute{Value: storetypes.UniqueAttribute{
			AttributePath: aws.String("displayName"), AttributeValue: document.NewLazyDocument(group),
		}},
	})).GroupId
	check[*ssoadmin.CreateAccountAssignmentOutput](t)(f.SSOAdmin.CreateAccountAssignment(ctx, in))
}
