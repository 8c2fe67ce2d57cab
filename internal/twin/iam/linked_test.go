package iam

import (
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/service/iam"
	"github.com/aws/aws-sdk-go-v2/service/iam/types"
	"github.com/aws/aws-sdk-go-v2/service/sts"
	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"accountfactory/internal/policy"
	"accountfactory/internal/twin/state"
)

// ended waits for the end of a deletion.
func (b *bundle) ended(t *testing.T, task *string) *iam.GetServiceLinkedRoleDeletionStatusOutput {
	t.Helper()
	for {
		changed := b.state.Changed()
		out := must[*iam.GetServiceLinkedRoleDeletionStatusOutput](t)(b.GetServiceLinkedRoleDeletionStatus(b.ctx, &iam.GetServiceLinkedRoleDeletionStatusInput{DeletionTaskId: task}))
		if out.Status == types.DeletionTaskStatusTypeSucceeded || out.Status == types.DeletionTaskStatusTypeFailed {
			return out
		}
		select {
		case <-changed:
		case <-t.Context().Done():
			t.Fatal("the deletion never ended")
		}
	}
}

func TestServiceLinkedRole(t *testing.T) {
	t.Parallel()
	b := setup(t)
	for range 2 {
		made := must[*iam.CreateServiceLinkedRoleOutput](t)(b.CreateServiceLinkedRole(b.ctx, &iam.CreateServiceLinkedRoleInput{AWSServiceName: ptr("autoscaling.amazonaws.com"), CustomSuffix: ptr("blue"), Description: ptr("ours")}))
		want := "arn:aws:iam::" + management + ":role/aws-service-role/autoscaling.amazonaws.com/AWSServiceRoleForAutoScaling_blue"
		if r := made.Role; *r.Arn != want || !strings.HasPrefix(*r.RoleId, "AROA") || *r.Path != "/aws-service-role/autoscaling.amazonaws.com/" {
			t.Fatalf("made %s of path %s, want %s", *r.Arn, *r.Path, want)
		}
		name := made.Role.RoleName
		attached := must[*iam.ListAttachedRolePoliciesOutput](t)(b.ListAttachedRolePolicies(b.ctx, &iam.ListAttachedRolePoliciesInput{RoleName: name}))
		if got := *attached.AttachedPolicies[0].PolicyArn; got != "arn:aws:iam::aws:policy/aws-service-role/AutoScalingServiceRolePolicy" {
			t.Errorf("it has %s", got)
		}
		must[*iam.UpdateRoleOutput](t)(b.UpdateRole(b.ctx, &iam.UpdateRoleInput{RoleName: name, Description: ptr("described")}))
		if got := must[*iam.GetRoleOutput](t)(b.GetRole(b.ctx, &iam.GetRoleInput{RoleName: name})); *got.Role.Description != "described" {
			t.Errorf("described, it reads %q", *got.Role.Description)
		}
		task := must[*iam.DeleteServiceLinkedRoleOutput](t)(b.DeleteServiceLinkedRole(b.ctx, &iam.DeleteServiceLinkedRoleInput{RoleName: name})).DeletionTaskId
		if !strings.HasPrefix(*task, "task/aws-service-role/autoscaling.amazonaws.com/AWSServiceRoleForAutoScaling_blue/") {
			t.Errorf("task %s", *task)
		}
		if out := b.ended(t, task); out.Status != types.DeletionTaskStatusTypeSucceeded || out.Reason != nil {
			t.Fatalf("%+v", out)
		}
		if _, err := b.GetRole(b.ctx, &iam.GetRoleInput{RoleName: name}); code(err) != "NoSuchEntity" {
			t.Errorf("deleted, it reads %v", err)
		}
		if _, err := b.DeleteServiceLinkedRole(b.ctx, &iam.DeleteServiceLinkedRoleInput{RoleName: name}); code(err) != "NoSuchEntity" {
			t.Errorf("deleted again: %v", err)
		}
	}
}

func TestServiceLinkedRole_Refuses(t *testing.T) {
	t.Parallel()
	b := setup(t)
	b.update(t, func(tx *state.Tx) { b.LinkCenter(tx, management) })
	create := func(service string, suffix *string) error {
		_, err := b.CreateServiceLinkedRole(b.ctx, &iam.CreateServiceLinkedRoleInput{AWSServiceName: &service, CustomSuffix: suffix})
		return err
	}
	for _, tc := range []struct {
		name, code, message string
		err                 error
	}{
		{"a name that is taken", "InvalidInput", "Service role name AWSServiceRoleForSSO has been taken in this account, please try a different suffix.", create(centerPrincipal, nil)},
		{"a suffix where there is none", "InvalidInput", "Custom suffix is not allowed for sso.amazonaws.com", create(centerPrincipal, ptr("x"))},
		{"a service there is not", "NoSuchEntity", "nothing.amazonaws.com", create("nothing.amazonaws.com", nil)},
	} {
		if code(tc.err) != tc.code || !strings.Contains(message(tc.err), tc.message) {
			t.Errorf("%s: %v", tc.name, tc.err)
		}
	}
	name := ptr("AWSServiceRoleForSSO")
	changes := map[string]func() error{
		"attach": func() error {
			_, err := b.AttachRolePolicy(b.ctx, &iam.AttachRolePolicyInput{RoleName: name, PolicyArn: ptr(administratorAccess)})
			return err
		},
		"put": func() error {
			_, err := b.PutRolePolicy(b.ctx, &iam.PutRolePolicyInput{RoleName: name, PolicyName: ptr("x"), PolicyDocument: ptr(allowAll)})
			return err
		},
		"trust": func() error {
			_, err := b.UpdateAssumeRolePolicy(b.ctx, &iam.UpdateAssumeRolePolicyInput{RoleName: name, PolicyDocument: ptr(trustAccount(management))})
			return err
		},
		"delete": func() error { _, err := b.deleteRole(b.ctx, &iam.DeleteRoleInput{RoleName: name}); return err },
		"duration": func() error {
			_, err := b.UpdateRole(b.ctx, &iam.UpdateRoleInput{RoleName: name, MaxSessionDuration: ptr(int32(7200))})
			return err
		},
		"bound": func() error {
			_, err := b.PutRolePermissionsBoundary(b.ctx, &iam.PutRolePermissionsBoundaryInput{RoleName: name, PermissionsBoundary: ptr(administratorAccess)})
			return err
		},
	}
	for what, change := range changes {
		if err := change(); code(err) != "UnmodifiableEntity" {
			t.Errorf("%s: %v", what, err)
		}
	}
	if _, err := b.AttachUserPolicy(b.ctx, &iam.AttachUserPolicyInput{UserName: ptr("bob"), PolicyArn: ptr(servicePolicies + "AWSSSOServiceRolePolicy")}); code(err) != "PolicyNotAttachable" {
		t.Errorf("its policy on a user: %v", err)
	}
	must[*iam.CreateRoleOutput](t)(b.CreateRole(b.ctx, &iam.CreateRoleInput{RoleName: ptr("plain"), AssumeRolePolicyDocument: ptr(trustAccount(management))}))
	if _, err := b.DeleteServiceLinkedRole(b.ctx, &iam.DeleteServiceLinkedRoleInput{RoleName: ptr("plain")}); code(err) != "NoSuchEntity" {
		t.Errorf("a plain role deleted as service-linked: %v", err)
	}
}

// A role in use stays; the task says for what it is used. When the use has ended it can be deleted.
func TestServiceLinkedRole_InUse(t *testing.T) {
	t.Parallel()
	b := setup(t)
	b.update(t, func(tx *state.Tx) { b.LinkOrganizations(tx, management) })
	use := []Usage{{Region: "us-east-1", Resources: []string{"arn:aws:organizations::111122223333:organization/o-1"}}}
	b.UseUsages(func(_ *state.Tx, accountID, principal string) []Usage {
		if accountID != management || principal != organizationsPrincipal {
			t.Errorf("asked for %s in %s", principal, accountID)
		}
		return use
	})
	name := ptr("AWSServiceRoleForOrganizations")
	failed := b.ended(t, must[*iam.DeleteServiceLinkedRoleOutput](t)(b.DeleteServiceLinkedRole(b.ctx, &iam.DeleteServiceLinkedRoleInput{RoleName: name})).DeletionTaskId)
	want := &types.DeletionTaskFailureReasonType{
		Reason: ptr("The role is in use by resources of organizations.amazonaws.com."), RoleUsageList: []types.RoleUsageType{{Region: ptr("us-east-1"), Resources: use[0].Resources}},
	}
	if diff := cmp.Diff(want, failed.Reason, cmpopts.IgnoreUnexported(types.DeletionTaskFailureReasonType{}, types.RoleUsageType{})); diff != "" || failed.Status != types.DeletionTaskStatusTypeFailed {
		t.Errorf("status %s (-want +got):\n%s", failed.Status, diff)
	}
	must[*iam.GetRoleOutput](t)(b.GetRole(b.ctx, &iam.GetRoleInput{RoleName: name}))
	use = nil
	if out := b.ended(t, must[*iam.DeleteServiceLinkedRoleOutput](t)(b.DeleteServiceLinkedRole(b.ctx, &iam.DeleteServiceLinkedRoleInput{RoleName: name})).DeletionTaskId); out.Status != types.DeletionTaskStatusTypeSucceeded {
		t.Errorf("no longer in use: %+v", out)
	}
}

// While a deletion waits, asking again gives the same task; a fault fails it with its reason.
func TestServiceLinkedRole_Task(t *testing.T) {
	t.Parallel()
	b := setup(t)
	b.update(t, func(tx *state.Tx) {
		b.LinkCenter(tx, management)
		tx.ArmFault(state.Fault{Kind: state.FaultStuck, Service: "iam", Operation: deleteLinked, Step: removeLinked, Count: 1})
	})
	in := &iam.DeleteServiceLinkedRoleInput{RoleName: ptr("AWSServiceRoleForSSO")}
	task := must[*iam.DeleteServiceLinkedRoleOutput](t)(b.DeleteServiceLinkedRole(b.ctx, in)).DeletionTaskId
	if again := must[*iam.DeleteServiceLinkedRoleOutput](t)(b.DeleteServiceLinkedRole(b.ctx, in)).DeletionTaskId; *again != *task {
		t.Errorf("asked again: task %s, first %s", *again, *task)
	}
	for {
		changed := b.state.Changed()
		var op *state.Operation
		_ = b.state.View(func(tx *state.Tx) error { op = tx.Running(deleteLinkedKind, *task)[0]; return nil })
		if op.Stuck {
			b.update(t, func(tx *state.Tx) {
				tx.ArmFault(state.Fault{Kind: state.FaultFail, Service: "iam", Operation: deleteLinked, Reason: "the service says no", Count: 1})
				tx.SetStuck(op.ID, false)
			})
			break
		}
		<-changed
	}
	if out := b.ended(t, task); out.Status != types.DeletionTaskStatusTypeFailed || *out.Reason.Reason != "the service says no" {
		t.Errorf("%+v", out)
	}
	if _, err := b.GetServiceLinkedRoleDeletionStatus(b.ctx, &iam.GetServiceLinkedRoleDeletionStatusInput{DeletionTaskId: ptr("task/other")}); code(err) != "InvalidInput" {
		t.Errorf("no task: %v", err)
	}
	other := strings.Replace(*task, "AWSServiceRoleForSSO", "AWSServiceRoleForX", 1)
	if _, err := b.GetServiceLinkedRoleDeletionStatus(b.ctx, &iam.GetServiceLinkedRoleDeletionStatusInput{DeletionTaskId: &other}); code(err) != "NoSuchEntity" {
		t.Errorf("another task: %v", err)
	}
}

// Each service's role can be made with its policy, which the twin has, and trusts the service alone.
func TestLinkedServices(t *testing.T) {
	t.Parallel()
	b := setup(t)
	for _, l := range linkedServices {
		made := must[*iam.CreateServiceLinkedRoleOutput](t)(b.CreateServiceLinkedRole(b.ctx, &iam.CreateServiceLinkedRoleInput{AWSServiceName: &l.principal}))
		if *made.Role.RoleName != l.role || !strings.HasPrefix(l.role, "AWSServiceRoleFor") {
			t.Errorf("%s: role %s", l.principal, *made.Role.RoleName)
		}
		if b.managed[servicePolicies+l.policy] == nil {
			t.Errorf("%s: there is no policy %s", l.principal, l.policy)
		}
		trust, err := policy.Parse(l.spec(l.role, "").Trust)
		if err != nil || trust.Validate(policy.Trust) != nil {
			t.Errorf("%s: trust %v", l.principal, err)
		}
	}
}

func TestDecodeAuthorizationMessage(t *testing.T) {
	t.Parallel()
	b := setup(t)
	var sealed string
	b.update(t, func(tx *state.Tx) {
		var err error
		if sealed, err = b.SealAuthorization(tx, management, map[string]bool{"allowed": false}, NewSealKey()); err != nil {
			t.Error(err)
		}
		if _, err := b.SealAuthorization(tx, management, 1, NewSealKey()); err != nil { // must not change the key
			t.Error(err)
		}
	})
	decode := func(message string) (string, error) {
		out, err := b.DecodeAuthorizationMessage(b.ctx, decodeInput(message))
		if err != nil {
			return "", err
		}
		return *out.DecodedMessage, nil
	}
	if got, err := decode(sealed); err != nil || got != `{"allowed":false}` {
		t.Errorf("%q, %v", got, err)
	}
	other := map[bool]string{true: "B", false: "A"}[sealed[0] == 'A']
	for _, bad := range []string{"", "?", "bogus", sealed[:20], other + sealed[1:], sealed + "AAAA"} {
		if _, err := decode(bad); code(err) != "InvalidAuthorizationMessageException" {
			t.Errorf("%q: %v", bad, err)
		}
	}
	var foreign string
	b.update(t, func(tx *state.Tx) { foreign, _ = b.SealAuthorization(tx, member, 1, nil) })
	if _, err := decode(foreign); code(err) != "InvalidAuthorizationMessageException" {
		t.Errorf("another account's: %v", err)
	}
	fresh := setup(t)
	if _, err := fresh.DecodeAuthorizationMessage(fresh.ctx, decodeInput(sealed)); code(err) != "InvalidAuthorizationMessageException" {
		t.Errorf("another twin's: %v", err)
	}
}

func decodeInput(message string) *sts.DecodeAuthorizationMessageInput {
	return &sts.DecodeAuthorizationMessageInput{EncodedMessage: &message}
}

// Service-linked roles count among the account's roles, and their policies among those in use.
func TestServiceLinkedRole_Details(t *testing.T) {
	t.Parallel()
	b := setup(t)
	summary := func() (roles, versions int32) {
		out := must[*iam.GetAccountSummaryOutput](t)(b.GetAccountSummary(b.ctx, &iam.GetAccountSummaryInput{}))
		return out.SummaryMap["Roles"], out.SummaryMap["PolicyVersionsInUse"]
	}
	roles, versions := summary()
	b.update(t, func(tx *state.Tx) { b.LinkCenter(tx, management); b.LinkCenter(tx, management) })
	if r, v := summary(); r != roles+1 || v != versions+1 {
		t.Errorf("roles %d, then %d; policy versions in use %d, then %d", roles, r, versions, v)
	}
	out := must[*iam.GetAccountAuthorizationDetailsOutput](t)(b.GetAccountAuthorizationDetails(b.ctx, &iam.GetAccountAuthorizationDetailsInput{}))
	const policyARN = "arn:aws:iam::aws:policy/aws-service-role/AWSSSOServiceRolePolicy"
	found := 0
	for _, r := range out.RoleDetailList {
		if *r.RoleName == "AWSServiceRoleForSSO" && *r.Path == "/aws-service-role/sso.amazonaws.com/" && *r.AttachedManagedPolicies[0].PolicyArn == policyARN {
			found++
		}
	}
	for _, p := range out.Policies {
		if *p.Arn == policyARN && *p.AttachmentCount == 1 {
			found++
		}
	}
	if found != 2 {
		t.Errorf("the details lack the role or its policy: %+v", out.RoleDetailList)
	}
}
