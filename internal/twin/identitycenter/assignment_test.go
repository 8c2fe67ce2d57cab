package identitycenter_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/identitystore"
	store "github.com/aws/aws-sdk-go-v2/service/identitystore/types"
	"github.com/aws/aws-sdk-go-v2/service/ssoadmin"
	sso "github.com/aws/aws-sdk-go-v2/service/ssoadmin/types"
	"github.com/google/go-cmp/cmp"

	"accountfactory/internal/twin/iam"
	"accountfactory/internal/twin/identitycenter"
	"accountfactory/internal/twin/state"
)

func (b *bundle) assignment(set *string, account string, kind sso.PrincipalType, principal string) *ssoadmin.CreateAccountAssignmentInput {
	return &ssoadmin.CreateAccountAssignmentInput{
		InstanceArn: b.instance, PermissionSetArn: set, TargetId: &account, TargetType: sso.TargetTypeAwsAccount, PrincipalType: kind, PrincipalId: &principal,
	}
}

func (b *bundle) assign(t *testing.T, set *string, account string, kind sso.PrincipalType, principal string) *sso.AccountAssignmentOperationStatus {
	t.Helper()
	out, err := b.CreateAccountAssignment(admin(t), b.assignment(set, account, kind, principal))
	must(t, err)
	return out.AccountAssignmentCreationStatus
}

func (b *bundle) unassign(t *testing.T, set *string, account string, kind sso.PrincipalType, principal string) error {
	t.Helper()
	_, err := b.DeleteAccountAssignment(admin(t), &ssoadmin.DeleteAccountAssignmentInput{
		InstanceArn: b.instance, PermissionSetArn: set, TargetId: &account, TargetType: sso.TargetTypeAwsAccount, PrincipalType: kind, PrincipalId: &principal,
	})
	return err
}

func (b *bundle) creation(t *testing.T, id *string) *sso.AccountAssignmentOperationStatus {
	t.Helper()
	out, err := b.DescribeAccountAssignmentCreationStatus(admin(t), &ssoadmin.DescribeAccountAssignmentCreationStatusInput{
		InstanceArn: b.instance, AccountAssignmentCreationRequestId: id,
	})
	must(t, err)
	return out.AccountAssignmentCreationStatus
}

// The life of an assignment: nothing before its time, then the role, which the last assignment takes along.
func TestAssignmentLife(t *testing.T) {
	t.Parallel()
	b := setup(t, frozen)
	user, group, set := b.user(t, "jane", ""), b.group(t, "Admins"), b.set(t, "Admin")
	status := b.assign(t, set, member, sso.PrincipalTypeUser, user)
	if status.Status != sso.StatusValuesInProgress || *status.TargetId != member || *status.PrincipalId != user || *status.PermissionSetArn != *set {
		t.Errorf("begun: %+v", status)
	}
	b.advance(t, 5*time.Second)
	if got := b.creation(t, status.RequestId); got.Status != sso.StatusValuesInProgress || len(b.rolesIn(t, member)) != 0 {
		t.Errorf("%s with %d roles after five seconds", got.Status, len(b.rolesIn(t, member)))
	}
	b.advance(t, 6*time.Second)
	b.idle(t)
	if got := b.creation(t, status.RequestId); got.Status != sso.StatusValuesSucceeded || got.FailureReason != nil {
		t.Errorf("ended %+v", got)
	}
	b.wantRole(t, member, "Admin")

	b.assign(t, set, member, sso.PrincipalTypeGroup, group)
	b.advance(t, 20*time.Second)
	b.idle(t)
	if n := len(b.rolesIn(t, member)); n != 1 {
		t.Errorf("%d roles for two assignments of one set", n)
	}
	list, err := b.ListAccountAssignments(admin(t), &ssoadmin.ListAccountAssignmentsInput{InstanceArn: b.instance, AccountId: new(member), PermissionSetArn: set})
	must(t, err)
	var who []string
	for _, a := range list.AccountAssignments {
		who = append(who, string(a.PrincipalType)+" "+*a.PrincipalId)
	}
	if diff := cmp.Diff([]string{"GROUP " + group, "USER " + user}, who); diff != "" {
		t.Errorf("assigned (-want +got):\n%s", diff)
	}

	must(t, b.unassign(t, set, member, sso.PrincipalTypeUser, user))
	b.advance(t, 20*time.Second)
	b.idle(t)
	if n := len(b.rolesIn(t, member)); n != 1 {
		t.Errorf("%d roles while the group is still assigned", n)
	}
	must(t, b.unassign(t, set, member, sso.PrincipalTypeGroup, group))
	b.advance(t, 20*time.Second)
	b.idle(t)
	if n := len(b.rolesIn(t, member)); n != 0 {
		t.Errorf("%d roles after the last assignment went", n)
	}
	wantError(t, b.unassign(t, set, member, sso.PrincipalTypeGroup, group), "ResourceNotFoundException", "")
}

// wantRole checks the one role a set has in an account.
func (b *bundle) wantRole(t *testing.T, account, set string) {
	t.Helper()
	roles := b.rolesIn(t, account)
	if len(roles) != 1 {
		t.Fatalf("%d roles, want one", len(roles))
	}
	got := roles[0]
	hash, ok := strings.CutPrefix(got.Name, "AWSReservedSSO_"+set+"_")
	if !ok || len(hash) != 16 {
		t.Errorf("role name %s", got.Name)
	}
	_, provider, _ := strings.Cut(got.Trust, "saml-provider/AWSSSO_")
	provider, _, _ = strings.Cut(provider, `_DO_NOT_DELETE"`)
	want := iam.RoleSpec{
		Name: got.Name, Path: "/aws-reserved/sso.amazonaws.com/eu-west-1/", Description: "about " + set, MaxSession: 12 * time.Hour,
		Managed: []string{admins}, Service: "sso.amazonaws.com",
		Trust: `{"Statement":[{"Action":["sts:AssumeRoleWithSAML","sts:TagSession"],"Condition":{"StringEquals":{"SAML:aud":"https://signin.aws.amazon.com/saml"}},` +
			`"Effect":"Allow","Principal":{"Federated":"arn:aws:iam::` + account + `:saml-provider/AWSSSO_` + provider + `_DO_NOT_DELETE"}}],"Version":"2012-10-17"}`,
	}
	if diff := cmp.Diff(want, got); diff != "" || len(provider) != 16 {
		t.Errorf("role (-want +got):\n%s", diff)
	}
}

func TestRolePath_UsEast1(t *testing.T) {
	t.Parallel()
	b := setup(t, inRegion("us-east-1"))
	b.update(t, func(tx *state.Tx) error {
		set, err := b.PutPermissionSet(tx, identitycenter.SetSpec{Name: "Admin", Managed: []string{admins}})
		if err != nil {
			return err
		}
		g, err := b.PutGroup(tx, "Admins", "")
		if err != nil {
			return err
		}
		return b.Assign(tx, identitycenter.Assignment{AccountID: management, PermissionSetARN: set.ARN, PrincipalType: identitycenter.GroupPrincipal, PrincipalID: g.ID})
	})
	if got := b.rolesIn(t, management)[0].Path; got != "/aws-reserved/sso.amazonaws.com/" {
		t.Errorf("path %s", got)
	}
}

func TestCreateAccountAssignment_Refused(t *testing.T) {
	t.Parallel()
	b := setup(t, frozen)
	user, set := b.user(t, "jane", ""), b.set(t, "Admin")
	elsewhere := new(strings.Replace(*set, "/ps-", "/ps-0", 1)[:len(*set)])
	for _, tc := range []struct {
		name, code string
		in         *ssoadmin.CreateAccountAssignmentInput
	}{
		{"unknown account", "ResourceNotFoundException", b.assignment(set, outsider, sso.PrincipalTypeUser, user)},
		{"unknown user", "ResourceNotFoundException", b.assignment(set, member, sso.PrincipalTypeUser, "00000000-0000-4000-8000-000000000000")},
		{"a user is no group", "ResourceNotFoundException", b.assignment(set, member, sso.PrincipalTypeGroup, user)},
		{"unknown permission set", "ResourceNotFoundException", b.assignment(elsewhere, member, sso.PrincipalTypeUser, user)},
	} {
		t.Run(tc.name, func(t *testing.T) {
			_, err := b.CreateAccountAssignment(admin(t), tc.in)
			wantError(t, err, tc.code, "")
		})
	}
	_, err := b.CreateAccountAssignment(as(t, member, home), b.assignment(set, member, sso.PrincipalTypeUser, user))
	wantError(t, err, "AccessDeniedException", "")
	_, err = b.CreateAccountAssignment(as(t, management, "us-west-2"), b.assignment(set, member, sso.PrincipalTypeUser, user))
	wantError(t, err, "ResourceNotFoundException", "")

	b.assign(t, set, member, sso.PrincipalTypeUser, user)
	_, err = b.CreateAccountAssignment(admin(t), b.assignment(set, member, sso.PrincipalTypeUser, user))
	wantError(t, err, "ConflictException", "There is a conflicting operation in process.")
	wantError(t, b.unassign(t, set, member, sso.PrincipalTypeUser, user), "ConflictException", "There is a conflicting operation in process.")
}

func TestCreateAccountAssignment_Again(t *testing.T) {
	t.Parallel()
	b := setup(t)
	user, set := b.user(t, "jane", ""), b.set(t, "Admin")
	for range 2 {
		status := b.assign(t, set, member, sso.PrincipalTypeUser, user)
		b.idle(t)
		if got := b.creation(t, status.RequestId); got.Status != sso.StatusValuesSucceeded {
			t.Errorf("ended %+v", got)
		}
	}
	b.wantRole(t, member, "Admin")
}

func TestCreateAccountAssignment_TenOutstanding(t *testing.T) {
	t.Parallel()
	b := setup(t, frozen)
	set := b.set(t, "Admin")
	last := ""
	for i := range 11 {
		last = b.group(t, fmt.Sprintf("Group %d", i))
		_, err := b.CreateAccountAssignment(admin(t), b.assignment(set, member, sso.PrincipalTypeGroup, last))
		if i < 10 {
			must(t, err)
			continue
		}
		wantError(t, err, "ThrottlingException", "There are too many requests processing. Please try again later.")
	}
	b.update(t, func(tx *state.Tx) error { // Control Tower's do not count
		_, err := b.BeginAssign(tx, identitycenter.Assignment{AccountID: member, PermissionSetARN: *set, PrincipalType: identitycenter.GroupPrincipal, PrincipalID: last})
		return err
	})
	b.advance(t, time.Minute)
	b.idle(t)
	b.assign(t, set, management, sso.PrincipalTypeGroup, last)
}

func TestAssignment_FiftySetsInAnAccount(t *testing.T) {
	t.Parallel()
	b := setup(t)
	group := b.group(t, "Admins")
	b.update(t, func(tx *state.Tx) error {
		for i := range 50 {
			set, err := b.PutPermissionSet(tx, identitycenter.SetSpec{Name: fmt.Sprintf("set-%d", i)})
			if err != nil {
				return err
			}
			if err := b.Assign(tx, identitycenter.Assignment{AccountID: member, PermissionSetARN: set.ARN, PrincipalType: "GROUP", PrincipalID: group}); err != nil {
				return err
			}
		}
		return nil
	})
	_, err := b.CreateAccountAssignment(admin(t), b.assignment(b.set(t, "one-more"), member, sso.PrincipalTypeGroup, group))
	wantError(t, err, "ServiceQuotaExceededException", "")
	b.update(t, func(tx *state.Tx) error {
		set := b.PermissionSetByName(tx, "one-more")
		wantError(t, b.Assign(tx, identitycenter.Assignment{AccountID: member, PermissionSetARN: set.ARN, PrincipalType: "GROUP", PrincipalID: group}), "ServiceQuotaExceededException", "")
		return nil
	})
}

func TestAssignment_Faults(t *testing.T) {
	t.Parallel()
	b := setup(t)
	group, set := b.group(t, "Admins"), b.set(t, "Admin")
	b.update(t, func(tx *state.Tx) error {
		tx.ArmFault(state.Fault{Kind: state.FaultFail, Service: "ssoadmin", Operation: "CreateAccountAssignment", Step: "provision", Email: "MEMBER@example.com", Count: 1})
		return nil
	})
	status := b.assign(t, set, member, sso.PrincipalTypeGroup, group)
	b.idle(t)
	got := b.creation(t, status.RequestId)
	if got.Status != sso.StatusValuesFailed || *got.FailureReason != "An unexpected internal service exception was encountered" {
		t.Errorf("failed by a fault: %+v", got)
	}
	if reason := b.ended[*status.RequestId]; reason != *got.FailureReason {
		t.Errorf("OnAssigned heard %q", reason)
	}
	b.update(t, func(tx *state.Tx) error {
		tx.ArmFault(state.Fault{Kind: state.FaultStuck, Service: "ssoadmin", Account: member, Count: 1})
		return nil
	})
	status = b.assign(t, set, member, sso.PrincipalTypeGroup, group)
	b.until(t, func(tx *state.Tx) bool { ops := tx.Operations(); return len(ops) == 1 && ops[0].Stuck })
	if got := b.creation(t, status.RequestId); got.Status != sso.StatusValuesInProgress {
		t.Errorf("stuck: %s", got.Status)
	}
	b.update(t, func(tx *state.Tx) error { tx.SetStuck(tx.Operations()[0].ID, false); return nil })
	b.idle(t)
	if got := b.creation(t, status.RequestId); got.Status != sso.StatusValuesSucceeded || b.ended[*status.RequestId] != "" {
		t.Errorf("released: %+v", got)
	}
}

// What was there when an assignment began may be gone when its turn comes.
func TestAssignment_PrincipalGoneMeanwhile(t *testing.T) {
	t.Parallel()
	b := setup(t, frozen)
	user, set := b.user(t, "jane", ""), b.set(t, "Admin")
	status := b.assign(t, set, member, sso.PrincipalTypeUser, user)
	_, err := b.DeleteUser(admin(t), &identitystore.DeleteUserInput{IdentityStoreId: b.store, UserId: &user})
	must(t, err)
	b.advance(t, time.Minute)
	b.idle(t)
	if got := b.creation(t, status.RequestId); got.Status != sso.StatusValuesFailed || *got.FailureReason != "Could not find USER with id "+user {
		t.Errorf("ended %s %v", got.Status, got.FailureReason)
	}
}

// As in AWS, an assignment outlives its principal and can still be deleted.
func TestAssignment_OutlivesItsPrincipal(t *testing.T) {
	t.Parallel()
	b := setup(t)
	user, set := b.user(t, "jane", ""), b.set(t, "Admin")
	b.assign(t, set, member, sso.PrincipalTypeUser, user)
	b.idle(t)
	_, err := b.DeleteUser(admin(t), &identitystore.DeleteUserInput{IdentityStoreId: b.store, UserId: &user})
	must(t, err)
	list, err := b.ListAccountAssignments(admin(t), &ssoadmin.ListAccountAssignmentsInput{InstanceArn: b.instance, AccountId: new(member), PermissionSetArn: set})
	must(t, err)
	if len(list.AccountAssignments) != 1 {
		t.Errorf("%d assignments after the user went", len(list.AccountAssignments))
	}
	must(t, b.unassign(t, set, member, sso.PrincipalTypeUser, user))
	b.idle(t)
	if n := len(b.rolesIn(t, member)); n != 0 {
		t.Errorf("%d roles left", n)
	}
}

func TestListAccountAssignmentsForPrincipal(t *testing.T) {
	t.Parallel()
	b := setup(t)
	user, set, other := b.user(t, "jane", ""), b.set(t, "Admin"), b.set(t, "Viewer")
	groups := []string{b.group(t, "One"), b.group(t, "Two"), b.group(t, "Three")}
	b.assign(t, set, member, sso.PrincipalTypeUser, user)
	for _, g := range groups {
		_, err := b.CreateGroupMembership(admin(t), &identitystore.CreateGroupMembershipInput{
			IdentityStoreId: b.store, GroupId: &g, MemberId: &store.MemberIdMemberUserId{Value: user},
		})
		must(t, err)
		b.assign(t, other, member, sso.PrincipalTypeGroup, g)
		b.assign(t, set, management, sso.PrincipalTypeGroup, g)
	}
	b.idle(t)
	list := func(kind sso.PrincipalType, id string, filter *sso.ListAccountAssignmentsFilter, size int32) (all []string) {
		t.Helper()
		pages := ssoadmin.NewListAccountAssignmentsForPrincipalPaginator(b, &ssoadmin.ListAccountAssignmentsForPrincipalInput{
			InstanceArn: b.instance, PrincipalId: &id, PrincipalType: kind, Filter: filter, MaxResults: &size,
		})
		for pages.HasMorePages() {
			page, err := pages.NextPage(admin(t))
			must(t, err)
			for _, a := range page.AccountAssignments {
				all = append(all, fmt.Sprint(*a.AccountId, " ", *a.PermissionSetArn, " ", a.PrincipalType, " ", *a.PrincipalId))
			}
		}
		return all
	}
	whole := list(sso.PrincipalTypeUser, user, nil, 100)
	if len(whole) != 7 || whole[0] != fmt.Sprint(member, " ", *set, " USER ", user) {
		t.Errorf("a user's access, own and by groups: %v", whole)
	}
	for _, size := range []int32{1, 2, 3, 6} {
		if diff := cmp.Diff(whole, list(sso.PrincipalTypeUser, user, nil, size)); diff != "" {
			t.Errorf("pages of %d (-whole +pages):\n%s", size, diff)
		}
	}
	here := &sso.ListAccountAssignmentsFilter{AccountId: new(management)}
	if got := list(sso.PrincipalTypeUser, user, here, 2); len(got) != 3 {
		t.Errorf("in the management account: %v", got)
	}
	if got := list(sso.PrincipalTypeGroup, groups[0], nil, 1); len(got) != 2 {
		t.Errorf("a group's: %v", got)
	}
	_, err := b.ListAccountAssignmentsForPrincipal(admin(t), &ssoadmin.ListAccountAssignmentsForPrincipalInput{
		InstanceArn: b.instance, PrincipalId: &user, PrincipalType: sso.PrincipalTypeGroup,
	})
	wantError(t, err, "ResourceNotFoundException", "")
	b.view(t, func(tx *state.Tx) {
		n := 0
		for range b.AccessOf(tx, user) {
			n++
		}
		if n != 7 {
			t.Errorf("AccessOf gives %d", n)
		}
	})
}

func TestListRequests(t *testing.T) {
	t.Parallel()
	b := setup(t, frozen)
	set, groups := b.set(t, "Admin"), []string{b.group(t, "One"), b.group(t, "Two")}
	done := b.assign(t, set, member, sso.PrincipalTypeGroup, groups[0])
	b.advance(t, time.Minute)
	b.idle(t)
	open := b.assign(t, set, member, sso.PrincipalTypeGroup, groups[1])
	must(t, b.unassign(t, set, member, sso.PrincipalTypeGroup, groups[0]))
	for _, tc := range []struct {
		status sso.StatusValues
		want   []string
	}{
		{sso.StatusValuesSucceeded, []string{*done.RequestId}}, {sso.StatusValuesInProgress, []string{*open.RequestId}}, {sso.StatusValuesFailed, nil},
	} {
		out, err := b.ListAccountAssignmentCreationStatus(admin(t), &ssoadmin.ListAccountAssignmentCreationStatusInput{
			InstanceArn: b.instance, Filter: &sso.OperationStatusFilter{Status: tc.status},
		})
		must(t, err)
		var got []string
		for _, m := range out.AccountAssignmentsCreationStatus {
			got = append(got, *m.RequestId)
		}
		if diff := cmp.Diff(tc.want, got); diff != "" {
			t.Errorf("%s (-want +got):\n%s", tc.status, diff)
		}
	}
	all, err := b.ListAccountAssignmentCreationStatus(admin(t), &ssoadmin.ListAccountAssignmentCreationStatusInput{InstanceArn: b.instance, MaxResults: new(int32(1))})
	must(t, err)
	if len(all.AccountAssignmentsCreationStatus) != 1 || all.NextToken == nil {
		t.Errorf("first page: %d, token %v", len(all.AccountAssignmentsCreationStatus), all.NextToken)
	}
	deletions, err := b.ListAccountAssignmentDeletionStatus(admin(t), &ssoadmin.ListAccountAssignmentDeletionStatusInput{InstanceArn: b.instance})
	must(t, err)
	if len(deletions.AccountAssignmentsDeletionStatus) != 1 {
		t.Fatalf("%d deletions", len(deletions.AccountAssignmentsDeletionStatus))
	}
	deletion, err := b.DescribeAccountAssignmentDeletionStatus(admin(t), &ssoadmin.DescribeAccountAssignmentDeletionStatusInput{
		InstanceArn: b.instance, AccountAssignmentDeletionRequestId: deletions.AccountAssignmentsDeletionStatus[0].RequestId,
	})
	must(t, err)
	if got := deletion.AccountAssignmentDeletionStatus; got.Status != sso.StatusValuesInProgress || *got.PrincipalId != groups[0] {
		t.Errorf("deletion %+v", got)
	}
	_, err = b.DescribeAccountAssignmentDeletionStatus(admin(t), &ssoadmin.DescribeAccountAssignmentDeletionStatusInput{
		InstanceArn: b.instance, AccountAssignmentDeletionRequestId: done.RequestId,
	})
	wantError(t, err, "ResourceNotFoundException", "")

	b.advance(t, 8*24*time.Hour)
	b.idle(t)
	b.assign(t, set, management, sso.PrincipalTypeGroup, groups[0]) // makes room for itself
	_, err = b.DescribeAccountAssignmentCreationStatus(admin(t), &ssoadmin.DescribeAccountAssignmentCreationStatusInput{
		InstanceArn: b.instance, AccountAssignmentCreationRequestId: done.RequestId,
	})
	wantError(t, err, "ResourceNotFoundException", "")
}

func TestRemoveAccount(t *testing.T) {
	t.Parallel()
	b := setup(t)
	group, set := b.group(t, "Admins"), b.set(t, "Admin")
	b.assign(t, set, member, sso.PrincipalTypeGroup, group)
	b.assign(t, set, management, sso.PrincipalTypeGroup, group)
	b.idle(t)
	b.update(t, func(tx *state.Tx) error { b.RemoveAccount(tx, member); return nil })
	if len(b.rolesIn(t, member)) != 0 || len(b.rolesIn(t, management)) != 1 {
		t.Errorf("%d roles there, %d here", len(b.rolesIn(t, member)), len(b.rolesIn(t, management)))
	}
	b.view(t, func(tx *state.Tx) {
		for a := range b.Assigned(tx, member) {
			t.Errorf("left: %+v", a)
		}
		n := 0
		for range b.AssignmentsOf(tx, group) {
			n++
		}
		if n != 1 {
			t.Errorf("the group has %d assignments", n)
		}
	})
}
