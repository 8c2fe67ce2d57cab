package identitycenter_test

import (
	"fmt"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/ssoadmin"
	sso "github.com/aws/aws-sdk-go-v2/service/ssoadmin/types"
	"github.com/google/go-cmp/cmp"

	"accountfactory/internal/twin/identitycenter"
	"accountfactory/internal/twin/state"
)

func (b *bundle) begin(t *testing.T, set *string, account *string) (*sso.PermissionSetProvisioningStatus, error) {
	t.Helper()
	in := &ssoadmin.ProvisionPermissionSetInput{InstanceArn: b.instance, PermissionSetArn: set, TargetId: account, TargetType: sso.ProvisionTargetTypeAwsAccount}
	if account == nil {
		in.TargetType = sso.ProvisionTargetTypeAllProvisionedAccounts
	}
	out, err := b.ProvisionPermissionSet(admin(t), in)
	if err != nil {
		return nil, err
	}
	return out.PermissionSetProvisioningStatus, nil
}

func (b *bundle) provisioning(t *testing.T, id *string) *sso.PermissionSetProvisioningStatus {
	t.Helper()
	out, err := b.DescribePermissionSetProvisioningStatus(admin(t), &ssoadmin.DescribePermissionSetProvisioningStatusInput{
		InstanceArn: b.instance, ProvisionPermissionSetRequestId: id,
	})
	must(t, err)
	return out.PermissionSetProvisioningStatus
}

func (b *bundle) having(t *testing.T, set *string, status sso.ProvisioningStatus) []string {
	t.Helper()
	out, err := b.ListAccountsForProvisionedPermissionSet(admin(t), &ssoadmin.ListAccountsForProvisionedPermissionSetInput{
		InstanceArn: b.instance, PermissionSetArn: set, ProvisioningStatus: status,
	})
	must(t, err)
	return out.AccountIds
}

// A change of the set reaches the role when it is provisioned, not before.
func TestProvisionPermissionSet(t *testing.T) {
	t.Parallel()
	b := setup(t, frozen)
	group, set := b.group(t, "Admins"), b.set(t, "Admin")
	for _, account := range []string{member, management} {
		b.assign(t, set, account, sso.PrincipalTypeGroup, group)
	}
	b.advance(t, time.Minute)
	b.idle(t)
	name := b.rolesIn(t, member)[0].Name
	b.change(t, set)
	if got := b.rolesIn(t, member)[0]; len(got.Managed) != 1 || got.Inline != nil {
		t.Errorf("the role changed with the set: %+v", got)
	}
	const latest, late = sso.ProvisioningStatusLatestPermissionSetProvisioned, sso.ProvisioningStatusLatestPermissionSetNotProvisioned
	if diff := cmp.Diff([]string{management, member}, b.having(t, set, late)); diff != "" {
		t.Errorf("out of date (-want +got):\n%s", diff)
	}

	status, err := b.begin(t, set, new(member))
	must(t, err)
	if status.Status != sso.StatusValuesInProgress || *status.AccountId != member || *status.PermissionSetArn != *set {
		t.Errorf("begun %+v", status)
	}
	_, err = b.begin(t, set, new(member))
	wantError(t, err, "ConflictException", "There is a conflicting operation in process.")
	_, err = b.begin(t, set, nil)
	wantError(t, err, "ConflictException", "")
	b.advance(t, time.Minute)
	b.idle(t)
	if got := b.provisioning(t, status.RequestId); got.Status != sso.StatusValuesSucceeded {
		t.Errorf("ended %+v", got)
	}
	got := b.rolesIn(t, member)
	if len(got) != 1 || got[0].Name != name || len(got[0].Managed) != 2 || got[0].Inline["AwsSSOInlinePolicy"] != inline || got[0].Boundary != viewers {
		t.Errorf("provisioned %+v", got)
	}
	if here := b.rolesIn(t, management)[0]; len(here.Managed) != 1 {
		t.Errorf("the other account changed too: %+v", here)
	}
	if got := fmt.Sprint(b.having(t, set, latest), b.having(t, set, late), b.having(t, set, "")); got != fmt.Sprintf("[%s] [%s] [%s %s]", member, management, management, member) {
		t.Errorf("latest, late, all: %s", got)
	}
	for status, want := range map[sso.ProvisioningStatus]int{latest: 1, late: 0, "": 1} {
		out, err := b.ListPermissionSetsProvisionedToAccount(admin(t), &ssoadmin.ListPermissionSetsProvisionedToAccountInput{
			InstanceArn: b.instance, AccountId: new(member), ProvisioningStatus: status,
		})
		must(t, err)
		if len(out.PermissionSets) != want {
			t.Errorf("%q: %v", status, out.PermissionSets)
		}
	}
}

const inline = `{"Version":"2012-10-17","Statement":[]}`

// change gives a set a second policy, an inline policy and a boundary.
func (b *bundle) change(t *testing.T, set *string) {
	t.Helper()
	_, err := b.AttachManagedPolicyToPermissionSet(admin(t), &ssoadmin.AttachManagedPolicyToPermissionSetInput{InstanceArn: b.instance, PermissionSetArn: set, ManagedPolicyArn: new(viewers)})
	must(t, err)
	_, err = b.PutInlinePolicyToPermissionSet(admin(t), &ssoadmin.PutInlinePolicyToPermissionSetInput{InstanceArn: b.instance, PermissionSetArn: set, InlinePolicy: new(inline)})
	must(t, err)
	_, err = b.PutPermissionsBoundaryToPermissionSet(admin(t), &ssoadmin.PutPermissionsBoundaryToPermissionSetInput{
		InstanceArn: b.instance, PermissionSetArn: set, PermissionsBoundary: &sso.PermissionsBoundary{ManagedPolicyArn: new(viewers)},
	})
	must(t, err)
}

func TestProvisionPermissionSet_All(t *testing.T) {
	t.Parallel()
	b := setup(t)
	group, set := b.group(t, "Admins"), b.set(t, "Admin")
	b.assign(t, set, member, sso.PrincipalTypeGroup, group)
	b.assign(t, set, management, sso.PrincipalTypeGroup, group)
	b.idle(t)
	b.change(t, set)
	status, err := b.begin(t, set, nil)
	must(t, err)
	b.idle(t)
	if got := b.provisioning(t, status.RequestId); got.Status != sso.StatusValuesSucceeded || got.AccountId != nil {
		t.Errorf("ended %+v", got)
	}
	for _, account := range []string{member, management} {
		if got := b.rolesIn(t, account)[0]; len(got.Managed) != 2 {
			t.Errorf("%s: %+v", account, got)
		}
	}
	list, err := b.ListPermissionSetProvisioningStatus(admin(t), &ssoadmin.ListPermissionSetProvisioningStatusInput{InstanceArn: b.instance})
	must(t, err)
	if len(list.PermissionSetsProvisioningStatus) != 1 || *list.PermissionSetsProvisioningStatus[0].RequestId != *status.RequestId {
		t.Errorf("listed %+v", list.PermissionSetsProvisioningStatus)
	}
}

func TestProvisionPermissionSet_ManyAccounts(t *testing.T) {
	t.Parallel()
	const many = 250
	b := setup(t)
	set := b.set(t, "Admin")
	b.update(t, func(tx *state.Tx) error {
		g, err := b.PutGroup(tx, "Admins", "")
		for i := 0; i < many && err == nil; i++ {
			id := fmt.Sprintf("3%011d", i)
			b.org[id] = id + "@example.com"
			err = b.Assign(tx, identitycenter.Assignment{AccountID: id, PermissionSetARN: *set, PrincipalType: "GROUP", PrincipalID: g.ID})
		}
		return err
	})
	b.change(t, set)
	status, err := b.begin(t, set, nil)
	must(t, err)
	b.until(t, func(tx *state.Tx) bool { return len(tx.Operations()) == 0 })
	if got := b.provisioning(t, status.RequestId); got.Status != sso.StatusValuesSucceeded {
		t.Errorf("ended %+v", got)
	}
	pages := ssoadmin.NewListAccountsForProvisionedPermissionSetPaginator(b, &ssoadmin.ListAccountsForProvisionedPermissionSetInput{
		InstanceArn: b.instance, PermissionSetArn: set, ProvisioningStatus: sso.ProvisioningStatusLatestPermissionSetProvisioned,
	})
	n := 0
	for pages.HasMorePages() {
		page, err := pages.NextPage(admin(t))
		must(t, err)
		n += len(page.AccountIds)
	}
	if n != many {
		t.Errorf("%d accounts up to date, want %d", n, many)
	}
}

func TestProvisionPermissionSet_Refused(t *testing.T) {
	t.Parallel()
	b := setup(t)
	set := b.set(t, "Admin")
	_, err := b.begin(t, set, new(outsider))
	wantError(t, err, "ResourceNotFoundException", "")
	_, err = b.ProvisionPermissionSet(admin(t), &ssoadmin.ProvisionPermissionSetInput{InstanceArn: b.instance, PermissionSetArn: set, TargetType: sso.ProvisionTargetTypeAwsAccount})
	wantError(t, err, "ValidationException", "")
	_, err = b.DescribePermissionSetProvisioningStatus(admin(t), &ssoadmin.DescribePermissionSetProvisioningStatusInput{
		InstanceArn: b.instance, ProvisionPermissionSetRequestId: new("00000000-0000-4000-8000-000000000000"),
	})
	wantError(t, err, "ResourceNotFoundException", "")
	_, err = b.ListPermissionSetsProvisionedToAccount(admin(t), &ssoadmin.ListPermissionSetsProvisionedToAccountInput{InstanceArn: b.instance, AccountId: new(outsider)})
	wantError(t, err, "ResourceNotFoundException", "")
}

// A set may be provisioned to an account where nobody is assigned it; it cannot be deleted then.
func TestProvisionPermissionSet_WithoutAssignment(t *testing.T) {
	t.Parallel()
	b := setup(t)
	set := b.set(t, "Admin")
	_, err := b.begin(t, set, new(member))
	must(t, err)
	b.idle(t)
	b.wantRole(t, member, "Admin")
	_, err = b.DeletePermissionSet(admin(t), &ssoadmin.DeletePermissionSetInput{InstanceArn: b.instance, PermissionSetArn: set})
	wantError(t, err, "ConflictException", "Could not delete because PermissionSet has ApplicationProfile associated with it")
}

// A customer managed policy must be in the account by the time the role is made.
func TestProvision_CustomerManagedPolicy(t *testing.T) {
	t.Parallel()
	b := setup(t)
	group, set := b.group(t, "Admins"), b.set(t, "Admin")
	_, err := b.AttachCustomerManagedPolicyReferenceToPermissionSet(admin(t), &ssoadmin.AttachCustomerManagedPolicyReferenceToPermissionSetInput{
		InstanceArn: b.instance, PermissionSetArn: set, CustomerManagedPolicyReference: &sso.CustomerManagedPolicyReference{Name: new("ours"), Path: new("/team/")},
	})
	must(t, err)
	const policy = "arn:aws:iam::" + member + ":policy/team/ours"
	status := b.assign(t, set, member, sso.PrincipalTypeGroup, group)
	b.idle(t)
	if got := b.creation(t, status.RequestId); got.Status != sso.StatusValuesFailed || *got.FailureReason != "Received a 404 status error: Not supported policy "+policy+"." {
		t.Errorf("without the policy: %s %v", got.Status, got.FailureReason)
	}
	b.roles.policies[policy] = true
	status = b.assign(t, set, member, sso.PrincipalTypeGroup, group)
	b.idle(t)
	if got := b.creation(t, status.RequestId); got.Status != sso.StatusValuesSucceeded {
		t.Errorf("with the policy: %+v", got)
	}
	if diff := cmp.Diff([]string{admins, policy}, b.rolesIn(t, member)[0].Managed); diff != "" {
		t.Errorf("policies (-want +got):\n%s", diff)
	}
}
