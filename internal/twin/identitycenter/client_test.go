package identitycenter_test

import (
	"context"
	"errors"
	"net/http/httptest"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/credentials"
	"github.com/aws/aws-sdk-go-v2/service/identitystore"
	"github.com/aws/aws-sdk-go-v2/service/identitystore/document"
	store "github.com/aws/aws-sdk-go-v2/service/identitystore/types"
	"github.com/aws/aws-sdk-go-v2/service/ssoadmin"
	sso "github.com/aws/aws-sdk-go-v2/service/ssoadmin/types"
	"github.com/google/go-cmp/cmp"

	"accountfactory/internal/wire"
)

type oneKey struct{}

func (oneKey) Lookup(context.Context, string) (wire.Key, error) {
	return wire.Key{Secret: "secret", Caller: wire.Caller{AccountID: management, ARN: "arn:aws:iam::" + management + ":user/test"}}, nil
}

// clients gives the SDK's clients on the service behind a real endpoint, which asks authorize.
func (b *bundle) clients(t *testing.T, authorize func(context.Context, *wire.Request, []wire.Check) error) (*ssoadmin.Client, *identitystore.Client) {
	t.Helper()
	e, err := wire.NewEndpoint(wire.Config{Services: b.API(), Keys: oneKey{}, Authorize: authorize, Region: home})
	must(t, err)
	srv := httptest.NewServer(e)
	t.Cleanup(srv.Close)
	key := aws.NewCredentialsCache(credentials.NewStaticCredentialsProvider("AKIAIOSFODNN7EXAMPLE", "secret", ""))
	return ssoadmin.New(ssoadmin.Options{Region: home, BaseEndpoint: &srv.URL, RetryMaxAttempts: 1, Credentials: key}),
		identitystore.New(identitystore.Options{Region: home, BaseEndpoint: &srv.URL, RetryMaxAttempts: 1, Credentials: key})
}

// Documents, unions, modeled errors and pages arrive at the SDK's own clients.
func TestThroughTheClients(t *testing.T) {
	t.Parallel()
	b := setup(t)
	admin, directory := b.clients(t, func(context.Context, *wire.Request, []wire.Check) error { return nil })
	ctx := t.Context()
	created, err := directory.CreateUser(ctx, &identitystore.CreateUserInput{
		IdentityStoreId: b.store, UserName: new("jane"), DisplayName: new("Jane Doe"), Name: &store.Name{GivenName: new("Jane"), FamilyName: new("Doe")},
		Emails:     []store.Email{{Value: new("jane@example.com"), Primary: true}},
		Extensions: map[string]document.Interface{"aws:identitystore:enterprise": document.NewLazyDocument(map[string]any{"costCenter": "42"})},
	})
	must(t, err)
	found, err := directory.GetUserId(ctx, &identitystore.GetUserIdInput{IdentityStoreId: b.store, AlternateIdentifier: unique("emails.value", "jane@example.com")})
	must(t, err)
	if *found.UserId != *created.UserId {
		t.Errorf("found %s, want %s", *found.UserId, *created.UserId)
	}
	_, err = directory.UpdateUser(ctx, &identitystore.UpdateUserInput{
		IdentityStoreId: b.store, UserId: created.UserId,
		Operations: []store.AttributeOperation{set("emails", []any{map[string]any{"Value": "doe@example.com", "Type": "work"}}), set("nickName", "JD")},
	})
	must(t, err)
	got, err := directory.DescribeUser(ctx, &identitystore.DescribeUserInput{
		IdentityStoreId: b.store, UserId: created.UserId, Extensions: []string{"aws:identitystore:enterprise"},
	})
	must(t, err)
	var extension map[string]any
	must(t, got.Extensions["aws:identitystore:enterprise"].UnmarshalSmithyDocument(&extension))
	if *got.NickName != "JD" || *got.Emails[0].Value != "doe@example.com" || extension["costCenter"] != "42" {
		t.Errorf("described %+v, extension %v", got, extension)
	}
	_, err = directory.CreateUser(ctx, &identitystore.CreateUserInput{
		IdentityStoreId: b.store, UserName: new("JANE"), DisplayName: new("x"), Name: &store.Name{GivenName: new("x"), FamilyName: new("x")},
	})
	if clash := new(store.ConflictException); !errors.As(err, &clash) || clash.Reason != store.ConflictExceptionReasonUniquenessConstraintViolation || clash.RequestId == nil {
		t.Errorf("a second jane: %v", err)
	}

	set, err := admin.CreatePermissionSet(ctx, &ssoadmin.CreatePermissionSetInput{InstanceArn: b.instance, Name: new("Admin")})
	must(t, err)
	begun, err := admin.CreateAccountAssignment(ctx, b.assignment(set.PermissionSet.PermissionSetArn, member, sso.PrincipalTypeUser, *created.UserId))
	must(t, err)
	b.idle(t)
	status, err := admin.DescribeAccountAssignmentCreationStatus(ctx, &ssoadmin.DescribeAccountAssignmentCreationStatusInput{
		InstanceArn: b.instance, AccountAssignmentCreationRequestId: begun.AccountAssignmentCreationStatus.RequestId,
	})
	must(t, err)
	if status.AccountAssignmentCreationStatus.Status != sso.StatusValuesSucceeded {
		t.Errorf("assigned: %+v", status.AccountAssignmentCreationStatus)
	}
	gone := new(*set.PermissionSet.PermissionSetArn)
	*gone = (*gone)[:len(*gone)-16] + "0000000000000000"
	_, err = admin.DescribePermissionSet(ctx, &ssoadmin.DescribePermissionSetInput{InstanceArn: b.instance, PermissionSetArn: gone})
	if missing := new(sso.ResourceNotFoundException); !errors.As(err, &missing) {
		t.Errorf("a permission set that is not there: %v", err)
	}
}

// Each operation asks for its own action, on the ARNs and with the keys of the Service Authorization Reference.
func TestChecks(t *testing.T) {
	t.Parallel()
	b := setup(t)
	user, group, arn := b.user(t, "jane", "jane@example.com"), b.group(t, "Admins"), b.set(t, "Admin")
	joined, err := b.CreateGroupMembership(admin(t), &identitystore.CreateGroupMembershipInput{
		IdentityStoreId: b.store, GroupId: &group, MemberId: &store.MemberIdMemberUserId{Value: user},
	})
	must(t, err)
	_, err = b.TagResource(admin(t), &ssoadmin.TagResourceInput{ResourceArn: arn, Tags: []sso.Tag{{Key: new("team"), Value: new("red")}}})
	must(t, err)
	var asked []wire.Check
	s, d := b.clients(t, func(_ context.Context, _ *wire.Request, checks []wire.Check) error {
		asked = checks
		return &wire.Error{Code: "AccessDeniedException", Message: "no"}
	})

	region := map[string][]string{"sso:PrimaryRegion": {home}}
	tagged := map[string][]string{"sso:PrimaryRegion": {home}, "aws:ResourceTag/team": {"red"}}
	instance, permissionSet := wire.Check{Resource: *b.instance, Context: region}, wire.Check{Resource: *arn, Context: tagged}
	account := wire.Check{Resource: "arn:aws:sso:::account/" + member, Context: map[string][]string{}}
	everyAccount := wire.Check{Resource: "arn:aws:sso:::account/*", Context: map[string][]string{}}
	inStore := func(names ...string) (checks []wire.Check) {
		for _, n := range append(names, "arn:aws:identitystore::"+management+":identitystore/"+*b.store) {
			checks = append(checks, wire.Check{Resource: n, Context: map[string][]string{"identitystore:PrimaryRegion": {home}}})
		}
		return checks
	}
	const root = "arn:aws:identitystore:::"
	users, groups, memberships := root+"user/*", root+"group/*", root+"membership/*"
	aUser, aGroup, aMembership := root+"user/"+user, root+"group/"+group, root+"membership/"+*joined.MembershipId
	mate := &store.MemberIdMemberUserId{Value: user}
	ref, id := &sso.CustomerManagedPolicyReference{Name: new("x")}, new("00000000-0000-4000-8000-000000000000")
	who, what := sso.PrincipalTypeUser, sso.TargetTypeAwsAccount
	withTags := func(c wire.Check, more map[string][]string) wire.Check {
		context := map[string][]string{}
		for _, m := range []map[string][]string{c.Context, more} {
			for k, v := range m {
				context[k] = v
			}
		}
		return wire.Check{Resource: c.Resource, Context: context}
	}
	newTags := map[string][]string{"aws:RequestTag/a": {"1"}, "aws:TagKeys": {"a"}}
	tags := []sso.Tag{{Key: new("a"), Value: new("1")}}
	both := []wire.Check{instance, permissionSet}
	all := []wire.Check{account, instance, permissionSet}

	i, st := b.instance, b.store
	ctx := t.Context()
	e := func(_ any, err error) error { return err }
	covered := map[string]bool{}
	for _, tc := range []struct {
		op   string
		call func() error
		want []wire.Check // without the action
	}{
		{"ListInstances", func() error { return e(s.ListInstances(ctx, &ssoadmin.ListInstancesInput{})) }, []wire.Check{{Resource: "*"}}},
		{"DescribeInstance", func() error { return e(s.DescribeInstance(ctx, &ssoadmin.DescribeInstanceInput{InstanceArn: i})) }, []wire.Check{instance}},
		{"UpdateInstance", func() error { return e(s.UpdateInstance(ctx, &ssoadmin.UpdateInstanceInput{InstanceArn: i})) }, []wire.Check{instance}},
		{"ListTagsForResource", func() error {
			return e(s.ListTagsForResource(ctx, &ssoadmin.ListTagsForResourceInput{ResourceArn: arn}))
		}, []wire.Check{permissionSet}},
		{"TagResource", func() error {
			return e(s.TagResource(ctx, &ssoadmin.TagResourceInput{ResourceArn: i, Tags: tags}))
		}, []wire.Check{withTags(instance, newTags)}},
		{"UntagResource", func() error {
			return e(s.UntagResource(ctx, &ssoadmin.UntagResourceInput{ResourceArn: arn, TagKeys: []string{"a"}}))
		}, []wire.Check{withTags(permissionSet, map[string][]string{"aws:TagKeys": {"a"}})}},
		{"CreatePermissionSet", func() error {
			return e(s.CreatePermissionSet(ctx, &ssoadmin.CreatePermissionSetInput{InstanceArn: i, Name: new("x"), Tags: tags}))
		}, []wire.Check{withTags(instance, newTags), {Resource: "arn:aws:sso:::permissionSet/" + (*i)[len("arn:aws:sso:::instance/"):] + "/*", Context: newTags}}},
		{"DescribePermissionSet", func() error {
			return e(s.DescribePermissionSet(ctx, &ssoadmin.DescribePermissionSetInput{InstanceArn: i, PermissionSetArn: arn}))
		}, both},
		{"UpdatePermissionSet", func() error {
			return e(s.UpdatePermissionSet(ctx, &ssoadmin.UpdatePermissionSetInput{InstanceArn: i, PermissionSetArn: arn}))
		}, both},
		{"DeletePermissionSet", func() error {
			return e(s.DeletePermissionSet(ctx, &ssoadmin.DeletePermissionSetInput{InstanceArn: i, PermissionSetArn: arn}))
		}, both},
		{"ListPermissionSets", func() error { return e(s.ListPermissionSets(ctx, &ssoadmin.ListPermissionSetsInput{InstanceArn: i})) }, []wire.Check{instance}},
		{"AttachManagedPolicyToPermissionSet", func() error {
			return e(s.AttachManagedPolicyToPermissionSet(ctx, &ssoadmin.AttachManagedPolicyToPermissionSetInput{InstanceArn: i, PermissionSetArn: arn, ManagedPolicyArn: new(viewers)}))
		}, both},
		{"DetachManagedPolicyFromPermissionSet", func() error {
			return e(s.DetachManagedPolicyFromPermissionSet(ctx, &ssoadmin.DetachManagedPolicyFromPermissionSetInput{InstanceArn: i, PermissionSetArn: arn, ManagedPolicyArn: new(viewers)}))
		}, both},
		{"ListManagedPoliciesInPermissionSet", func() error {
			return e(s.ListManagedPoliciesInPermissionSet(ctx, &ssoadmin.ListManagedPoliciesInPermissionSetInput{InstanceArn: i, PermissionSetArn: arn}))
		}, both},
		{"AttachCustomerManagedPolicyReferenceToPermissionSet", func() error {
			return e(s.AttachCustomerManagedPolicyReferenceToPermissionSet(ctx, &ssoadmin.AttachCustomerManagedPolicyReferenceToPermissionSetInput{InstanceArn: i, PermissionSetArn: arn, CustomerManagedPolicyReference: ref}))
		}, both},
		{"DetachCustomerManagedPolicyReferenceFromPermissionSet", func() error {
			return e(s.DetachCustomerManagedPolicyReferenceFromPermissionSet(ctx, &ssoadmin.DetachCustomerManagedPolicyReferenceFromPermissionSetInput{InstanceArn: i, PermissionSetArn: arn, CustomerManagedPolicyReference: ref}))
		}, both},
		{"ListCustomerManagedPolicyReferencesInPermissionSet", func() error {
			return e(s.ListCustomerManagedPolicyReferencesInPermissionSet(ctx, &ssoadmin.ListCustomerManagedPolicyReferencesInPermissionSetInput{InstanceArn: i, PermissionSetArn: arn}))
		}, both},
		{"PutInlinePolicyToPermissionSet", func() error {
			return e(s.PutInlinePolicyToPermissionSet(ctx, &ssoadmin.PutInlinePolicyToPermissionSetInput{InstanceArn: i, PermissionSetArn: arn, InlinePolicy: new(inline)}))
		}, both},
		{"GetInlinePolicyForPermissionSet", func() error {
			return e(s.GetInlinePolicyForPermissionSet(ctx, &ssoadmin.GetInlinePolicyForPermissionSetInput{InstanceArn: i, PermissionSetArn: arn}))
		}, both},
		{"DeleteInlinePolicyFromPermissionSet", func() error {
			return e(s.DeleteInlinePolicyFromPermissionSet(ctx, &ssoadmin.DeleteInlinePolicyFromPermissionSetInput{InstanceArn: i, PermissionSetArn: arn}))
		}, both},
		{"PutPermissionsBoundaryToPermissionSet", func() error {
			return e(s.PutPermissionsBoundaryToPermissionSet(ctx, &ssoadmin.PutPermissionsBoundaryToPermissionSetInput{InstanceArn: i, PermissionSetArn: arn, PermissionsBoundary: &sso.PermissionsBoundary{ManagedPolicyArn: new(viewers)}}))
		}, both},
		{"GetPermissionsBoundaryForPermissionSet", func() error {
			return e(s.GetPermissionsBoundaryForPermissionSet(ctx, &ssoadmin.GetPermissionsBoundaryForPermissionSetInput{InstanceArn: i, PermissionSetArn: arn}))
		}, both},
		{"DeletePermissionsBoundaryFromPermissionSet", func() error {
			return e(s.DeletePermissionsBoundaryFromPermissionSet(ctx, &ssoadmin.DeletePermissionsBoundaryFromPermissionSetInput{InstanceArn: i, PermissionSetArn: arn}))
		}, both},
		{"CreateAccountAssignment", func() error { return e(s.CreateAccountAssignment(ctx, b.assignment(arn, member, who, user))) }, all},
		{"DeleteAccountAssignment", func() error {
			return e(s.DeleteAccountAssignment(ctx, &ssoadmin.DeleteAccountAssignmentInput{InstanceArn: i, PermissionSetArn: arn, TargetId: new(member), TargetType: what, PrincipalType: who, PrincipalId: &user}))
		}, all},
		{"ListAccountAssignments", func() error {
			return e(s.ListAccountAssignments(ctx, &ssoadmin.ListAccountAssignmentsInput{InstanceArn: i, PermissionSetArn: arn, AccountId: new(member)}))
		}, all},
		{"ListAccountAssignmentsForPrincipal", func() error {
			return e(s.ListAccountAssignmentsForPrincipal(ctx, &ssoadmin.ListAccountAssignmentsForPrincipalInput{InstanceArn: i, PrincipalId: &user, PrincipalType: who}))
		}, []wire.Check{instance}},
		{"DescribeAccountAssignmentCreationStatus", func() error {
			return e(s.DescribeAccountAssignmentCreationStatus(ctx, &ssoadmin.DescribeAccountAssignmentCreationStatusInput{InstanceArn: i, AccountAssignmentCreationRequestId: id}))
		}, []wire.Check{instance}},
		{"DescribeAccountAssignmentDeletionStatus", func() error {
			return e(s.DescribeAccountAssignmentDeletionStatus(ctx, &ssoadmin.DescribeAccountAssignmentDeletionStatusInput{InstanceArn: i, AccountAssignmentDeletionRequestId: id}))
		}, []wire.Check{instance}},
		{"ListAccountAssignmentCreationStatus", func() error {
			return e(s.ListAccountAssignmentCreationStatus(ctx, &ssoadmin.ListAccountAssignmentCreationStatusInput{InstanceArn: i}))
		}, []wire.Check{instance}},
		{"ListAccountAssignmentDeletionStatus", func() error {
			return e(s.ListAccountAssignmentDeletionStatus(ctx, &ssoadmin.ListAccountAssignmentDeletionStatusInput{InstanceArn: i}))
		}, []wire.Check{instance}},
		{"ProvisionPermissionSet", func() error {
			return e(s.ProvisionPermissionSet(ctx, &ssoadmin.ProvisionPermissionSetInput{InstanceArn: i, PermissionSetArn: arn, TargetType: sso.ProvisionTargetTypeAllProvisionedAccounts}))
		}, []wire.Check{everyAccount, instance, permissionSet}},
		{"DescribePermissionSetProvisioningStatus", func() error {
			return e(s.DescribePermissionSetProvisioningStatus(ctx, &ssoadmin.DescribePermissionSetProvisioningStatusInput{InstanceArn: i, ProvisionPermissionSetRequestId: id}))
		}, []wire.Check{instance}},
		{"ListPermissionSetProvisioningStatus", func() error {
			return e(s.ListPermissionSetProvisioningStatus(ctx, &ssoadmin.ListPermissionSetProvisioningStatusInput{InstanceArn: i}))
		}, []wire.Check{instance}},
		{"ListAccountsForProvisionedPermissionSet", func() error {
			return e(s.ListAccountsForProvisionedPermissionSet(ctx, &ssoadmin.ListAccountsForProvisionedPermissionSetInput{InstanceArn: i, PermissionSetArn: arn}))
		}, both},
		{"ListPermissionSetsProvisionedToAccount", func() error {
			return e(s.ListPermissionSetsProvisionedToAccount(ctx, &ssoadmin.ListPermissionSetsProvisionedToAccountInput{InstanceArn: i, AccountId: new(member)}))
		}, []wire.Check{account, instance}},

		{"DescribeIdentityStore", func() error {
			return e(d.DescribeIdentityStore(ctx, &identitystore.DescribeIdentityStoreInput{IdentityStoreId: st}))
		}, inStore()},
		{
			"ListIdentityStores", func() error { return e(d.ListIdentityStores(ctx, &identitystore.ListIdentityStoresInput{})) },
			[]wire.Check{{Resource: "*", Context: map[string][]string{"identitystore:PrimaryRegion": {home}}}},
		},
		{"UpdateIdentityStore", func() error {
			return e(d.UpdateIdentityStore(ctx, &identitystore.UpdateIdentityStoreInput{IdentityStoreId: st}))
		}, inStore()},
		{"CreateUser", func() error { return e(d.CreateUser(ctx, &identitystore.CreateUserInput{IdentityStoreId: st})) }, inStore()},
		{"DescribeUser", func() error {
			return e(d.DescribeUser(ctx, &identitystore.DescribeUserInput{IdentityStoreId: st, UserId: &user}))
		}, inStore(aUser)},
		{"UpdateUser", func() error {
			return e(d.UpdateUser(ctx, &identitystore.UpdateUserInput{IdentityStoreId: st, UserId: &user, Operations: []store.AttributeOperation{set("title", "x")}}))
		}, inStore(aUser)},
		{"DeleteUser", func() error {
			return e(d.DeleteUser(ctx, &identitystore.DeleteUserInput{IdentityStoreId: st, UserId: &user}))
		}, inStore(aUser)},
		{"ListUsers", func() error { return e(d.ListUsers(ctx, &identitystore.ListUsersInput{IdentityStoreId: st})) }, inStore(users)},
		{"GetUserId", func() error {
			return e(d.GetUserId(ctx, &identitystore.GetUserIdInput{IdentityStoreId: st, AlternateIdentifier: unique("userName", "jane")}))
		}, inStore(aUser)},
		{"GetUserId", func() error {
			return e(d.GetUserId(ctx, &identitystore.GetUserIdInput{IdentityStoreId: st, AlternateIdentifier: unique("userName", "nobody")}))
		}, inStore(users)},
		{"CreateGroup", func() error { return e(d.CreateGroup(ctx, &identitystore.CreateGroupInput{IdentityStoreId: st})) }, inStore()},
		{"DescribeGroup", func() error {
			return e(d.DescribeGroup(ctx, &identitystore.DescribeGroupInput{IdentityStoreId: st, GroupId: &group}))
		}, inStore(aGroup)},
		{"UpdateGroup", func() error {
			return e(d.UpdateGroup(ctx, &identitystore.UpdateGroupInput{IdentityStoreId: st, GroupId: &group, Operations: []store.AttributeOperation{set("description", "x")}}))
		}, inStore(aGroup)},
		{"DeleteGroup", func() error {
			return e(d.DeleteGroup(ctx, &identitystore.DeleteGroupInput{IdentityStoreId: st, GroupId: &group}))
		}, inStore(aGroup)},
		{"ListGroups", func() error { return e(d.ListGroups(ctx, &identitystore.ListGroupsInput{IdentityStoreId: st})) }, inStore(groups)},
		{"GetGroupId", func() error {
			return e(d.GetGroupId(ctx, &identitystore.GetGroupIdInput{IdentityStoreId: st, AlternateIdentifier: unique("displayName", "Admins")}))
		}, inStore(aGroup)},
		{"GetGroupId", func() error {
			return e(d.GetGroupId(ctx, &identitystore.GetGroupIdInput{IdentityStoreId: st, AlternateIdentifier: unique("displayName", "x")}))
		}, inStore(groups)},
		{"CreateGroupMembership", func() error {
			return e(d.CreateGroupMembership(ctx, &identitystore.CreateGroupMembershipInput{IdentityStoreId: st, GroupId: &group, MemberId: mate}))
		}, inStore(aGroup, aUser)},
		{"DescribeGroupMembership", func() error {
			return e(d.DescribeGroupMembership(ctx, &identitystore.DescribeGroupMembershipInput{IdentityStoreId: st, MembershipId: joined.MembershipId}))
		}, inStore(aMembership, aGroup, aUser)},
		{"DeleteGroupMembership", func() error {
			return e(d.DeleteGroupMembership(ctx, &identitystore.DeleteGroupMembershipInput{IdentityStoreId: st, MembershipId: id}))
		}, inStore(root + "membership/" + *id)},
		{"GetGroupMembershipId", func() error {
			return e(d.GetGroupMembershipId(ctx, &identitystore.GetGroupMembershipIdInput{IdentityStoreId: st, GroupId: &group, MemberId: mate}))
		}, inStore(aGroup, aUser, aMembership)},
		{"ListGroupMemberships", func() error {
			return e(d.ListGroupMemberships(ctx, &identitystore.ListGroupMembershipsInput{IdentityStoreId: st, GroupId: &group}))
		}, inStore(aGroup, memberships)},
		{"ListGroupMembershipsForMember", func() error {
			return e(d.ListGroupMembershipsForMember(ctx, &identitystore.ListGroupMembershipsForMemberInput{IdentityStoreId: st, MemberId: mate}))
		}, inStore(aUser, memberships)},
		{"IsMemberInGroups", func() error {
			return e(d.IsMemberInGroups(ctx, &identitystore.IsMemberInGroupsInput{IdentityStoreId: st, MemberId: mate, GroupIds: []string{group}}))
		}, inStore(aUser, memberships, aGroup)},
	} {
		asked, covered[tc.op] = nil, true
		wantError(t, tc.call(), "AccessDeniedException", "")
		prefix := "sso:"
		if len(tc.want[0].Context["identitystore:PrimaryRegion"]) > 0 {
			prefix = "identitystore:"
		}
		want := make([]wire.Check, len(tc.want))
		for i, c := range tc.want {
			want[i] = wire.Check{Action: prefix + tc.op, Resource: c.Resource, Context: c.Context}
		}
		if diff := cmp.Diff(want, asked); diff != "" {
			t.Errorf("%s (-want +asked):\n%s", tc.op, diff)
		}
	}
	for _, api := range b.API() {
		for _, op := range api.Operations() {
			if unsigned := api.Name() == "sso" || api.Name() == "ssooidc"; !unsigned && !covered[op.Name] {
				t.Errorf("%s is served, and no test knows what it asks for", op.Name)
			}
		}
	}
}
