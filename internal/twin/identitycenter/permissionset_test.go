package identitycenter_test

import (
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/service/ssoadmin"
	sso "github.com/aws/aws-sdk-go-v2/service/ssoadmin/types"
	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
)

var setShapes = cmp.Options{
	cmpopts.IgnoreUnexported(sso.PermissionSet{}, sso.AttachedManagedPolicy{}, sso.CustomerManagedPolicyReference{}, sso.Tag{}, sso.PermissionsBoundary{}, sso.AccountAssignmentOperationStatus{}),
	cmpopts.IgnoreFields(sso.PermissionSet{}, "CreatedDate"),
}

func TestPermissionSetLife(t *testing.T) {
	t.Parallel()
	b := setup(t)
	ctx := admin(t)
	created, err := b.CreatePermissionSet(ctx, &ssoadmin.CreatePermissionSetInput{
		InstanceArn: b.instance, Name: new("Admin"), Description: new("all of it"), RelayState: new("https://console"), SessionDuration: new("PT2H"),
		Tags: []sso.Tag{{Key: new("team"), Value: new("red")}},
	})
	must(t, err)
	arn := created.PermissionSet.PermissionSetArn
	if !strings.HasPrefix(*arn, strings.Replace(*b.instance, "instance", "permissionSet", 1)+"/ps-") || len(*arn) != len("arn:aws:sso:::permissionSet/ssoins-0123456789abcdef/ps-0123456789abcdef") {
		t.Errorf("ARN %s", *arn)
	}
	describe := func() *sso.PermissionSet {
		t.Helper()
		out, err := b.DescribePermissionSet(ctx, &ssoadmin.DescribePermissionSetInput{InstanceArn: b.instance, PermissionSetArn: arn})
		must(t, err)
		return out.PermissionSet
	}
	want := &sso.PermissionSet{PermissionSetArn: arn, Name: new("Admin"), Description: new("all of it"), RelayState: new("https://console"), SessionDuration: new("PT2H")}
	if diff := cmp.Diff(want, describe(), setShapes); diff != "" {
		t.Errorf("described (-want +got):\n%s", diff)
	}
	_, err = b.UpdatePermissionSet(ctx, &ssoadmin.UpdatePermissionSetInput{InstanceArn: b.instance, PermissionSetArn: arn, SessionDuration: new("PT12H")})
	must(t, err)
	want.SessionDuration = new("PT12H")
	if diff := cmp.Diff(want, describe(), setShapes); diff != "" {
		t.Errorf("updated (-want +got):\n%s", diff)
	}
	del := &ssoadmin.DeletePermissionSetInput{InstanceArn: b.instance, PermissionSetArn: arn}
	_, err = b.DeletePermissionSet(ctx, del)
	must(t, err)
	_, err = b.DeletePermissionSet(ctx, del)
	wantError(t, err, "ResourceNotFoundException", "Could not find PermissionSet with id "+(*arn)[len(*arn)-19:])
}

func TestCreatePermissionSet_Refused(t *testing.T) {
	t.Parallel()
	b := setup(t)
	b.set(t, "Taken")
	for _, tc := range []struct{ name, set, session, code, message string }{
		{"name taken", "Taken", "", "ConflictException", "PermissionSet with name Taken already exists."},
		{"session too short", "A", "PT59M", "ValidationException", ""},
		{"session too long", "A", "PT12H1S", "ValidationException", ""},
		{"a day", "A", "P1D", "ValidationException", ""},
		{"negative", "A", "-PT2H", "ValidationException", ""},
		{"no duration", "A", "PT", "ValidationException", ""},
		{"absurd", "A", "PT99999999999999999999H", "ValidationException", ""},
	} {
		t.Run(tc.name, func(t *testing.T) {
			in := &ssoadmin.CreatePermissionSetInput{InstanceArn: b.instance, Name: &tc.set}
			if tc.session != "" {
				in.SessionDuration = &tc.session
			}
			_, err := b.CreatePermissionSet(admin(t), in)
			wantError(t, err, tc.code, tc.message)
		})
	}
	for _, good := range []string{"PT1H", "PT60M", "PT3600S", "PT1H30M", "PT12H"} {
		_, err := b.CreatePermissionSet(admin(t), &ssoadmin.CreatePermissionSetInput{InstanceArn: b.instance, Name: new("Good-" + good), SessionDuration: &good})
		if err != nil {
			t.Errorf("%s: %v", good, err)
		}
	}
	_, err := b.UpdatePermissionSet(admin(t), &ssoadmin.UpdatePermissionSetInput{InstanceArn: b.instance, PermissionSetArn: b.set(t, "B"), SessionDuration: new("PT1M")})
	wantError(t, err, "ValidationException", "")
	_, err = b.CreatePermissionSet(admin(t), &ssoadmin.CreatePermissionSetInput{
		InstanceArn: b.instance, Name: new("C"), Tags: []sso.Tag{{Key: new("a"), Value: new("1")}, {Key: new("a"), Value: new("2")}},
	})
	wantError(t, err, "ValidationException", "Duplicate tag keys found: a")
}

func TestListPermissionSets(t *testing.T) {
	t.Parallel()
	b := setup(t)
	want := map[string]bool{*b.set(t, "A"): true, *b.set(t, "B"): true, *b.set(t, "C"): true}
	pages := ssoadmin.NewListPermissionSetsPaginator(b, &ssoadmin.ListPermissionSetsInput{InstanceArn: b.instance, MaxResults: new(int32(2))})
	for pages.HasMorePages() {
		page, err := pages.NextPage(admin(t))
		must(t, err)
		for _, arn := range page.PermissionSets {
			delete(want, arn)
		}
	}
	if len(want) > 0 {
		t.Errorf("not listed: %v", want)
	}
	_, err := b.ListPermissionSets(admin(t), &ssoadmin.ListPermissionSetsInput{InstanceArn: b.instance, NextToken: new("bad")})
	wantError(t, err, "ValidationException", "")
}

func TestManagedPolicies(t *testing.T) {
	t.Parallel()
	b := setup(t)
	set := b.set(t, "Admin")
	attach := func(policy string) error {
		_, err := b.AttachManagedPolicyToPermissionSet(admin(t), &ssoadmin.AttachManagedPolicyToPermissionSetInput{
			InstanceArn: b.instance, PermissionSetArn: set, ManagedPolicyArn: &policy,
		})
		return err
	}
	must(t, attach(viewers))
	wantError(t, attach(viewers), "ConflictException", "")
	list := &ssoadmin.ListManagedPoliciesInPermissionSetInput{InstanceArn: b.instance, PermissionSetArn: set, MaxResults: new(int32(1))}
	first, err := b.ListManagedPoliciesInPermissionSet(admin(t), list)
	must(t, err)
	list.NextToken = first.NextToken
	second, err := b.ListManagedPoliciesInPermissionSet(admin(t), list)
	must(t, err)
	want := []sso.AttachedManagedPolicy{{Arn: new(admins), Name: new("AdministratorAccess")}, {Arn: new(viewers), Name: new("ViewOnlyAccess")}}
	if diff := cmp.Diff(want, append(first.AttachedManagedPolicies, second.AttachedManagedPolicies...), setShapes); diff != "" || second.NextToken != nil {
		t.Errorf("policies (-want +got):\n%s", diff)
	}
	detach := &ssoadmin.DetachManagedPolicyFromPermissionSetInput{InstanceArn: b.instance, PermissionSetArn: set, ManagedPolicyArn: new(viewers)}
	_, err = b.DetachManagedPolicyFromPermissionSet(admin(t), detach)
	must(t, err)
	_, err = b.DetachManagedPolicyFromPermissionSet(admin(t), detach)
	wantError(t, err, "ResourceNotFoundException", "Could not find ManagedPolicy with arn "+viewers)
	for i := range 19 {
		must(t, attach("arn:aws:iam::aws:policy/P"+string(rune('A'+i))))
	}
	wantError(t, attach(viewers), "ServiceQuotaExceededException", "")
	_, err = b.AttachCustomerManagedPolicyReferenceToPermissionSet(admin(t), &ssoadmin.AttachCustomerManagedPolicyReferenceToPermissionSetInput{
		InstanceArn: b.instance, PermissionSetArn: set, CustomerManagedPolicyReference: &sso.CustomerManagedPolicyReference{Name: new("ours")},
	})
	wantError(t, err, "ServiceQuotaExceededException", "")
}

func TestCustomerManagedPolicies(t *testing.T) {
	t.Parallel()
	b := setup(t)
	set := b.set(t, "Admin")
	attach := func(name string, path *string) error {
		_, err := b.AttachCustomerManagedPolicyReferenceToPermissionSet(admin(t), &ssoadmin.AttachCustomerManagedPolicyReferenceToPermissionSetInput{
			InstanceArn: b.instance, PermissionSetArn: set, CustomerManagedPolicyReference: &sso.CustomerManagedPolicyReference{Name: &name, Path: path},
		})
		return err
	}
	must(t, attach("z", nil))
	must(t, attach("a", new("/team/")))
	wantError(t, attach("z", new("/")), "ConflictException", "")
	list := &ssoadmin.ListCustomerManagedPolicyReferencesInPermissionSetInput{InstanceArn: b.instance, PermissionSetArn: set, MaxResults: new(int32(1))}
	first, err := b.ListCustomerManagedPolicyReferencesInPermissionSet(admin(t), list)
	must(t, err)
	list.NextToken = first.NextToken
	second, err := b.ListCustomerManagedPolicyReferencesInPermissionSet(admin(t), list)
	must(t, err)
	want := []sso.CustomerManagedPolicyReference{{Name: new("a"), Path: new("/team/")}, {Name: new("z"), Path: new("/")}}
	if diff := cmp.Diff(want, append(first.CustomerManagedPolicyReferences, second.CustomerManagedPolicyReferences...), setShapes); diff != "" {
		t.Errorf("references (-want +got):\n%s", diff)
	}
	detach := &ssoadmin.DetachCustomerManagedPolicyReferenceFromPermissionSetInput{
		InstanceArn: b.instance, PermissionSetArn: set, CustomerManagedPolicyReference: &sso.CustomerManagedPolicyReference{Name: new("z")},
	}
	_, err = b.DetachCustomerManagedPolicyReferenceFromPermissionSet(admin(t), detach)
	must(t, err)
	_, err = b.DetachCustomerManagedPolicyReferenceFromPermissionSet(admin(t), detach)
	wantError(t, err, "ResourceNotFoundException", "")
}

func TestInlinePolicy(t *testing.T) {
	t.Parallel()
	b := setup(t)
	set := b.set(t, "Admin")
	get := func() string {
		t.Helper()
		out, err := b.GetInlinePolicyForPermissionSet(admin(t), &ssoadmin.GetInlinePolicyForPermissionSetInput{InstanceArn: b.instance, PermissionSetArn: set})
		must(t, err)
		return *out.InlinePolicy
	}
	put := func(doc string) error {
		_, err := b.PutInlinePolicyToPermissionSet(admin(t), &ssoadmin.PutInlinePolicyToPermissionSetInput{InstanceArn: b.instance, PermissionSetArn: set, InlinePolicy: &doc})
		return err
	}
	if got := get(); got != "" {
		t.Errorf("at first %q", got)
	}
	const doc = `{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"s3:*","Resource":"*"}]}`
	must(t, put(doc))
	if got := get(); got != doc {
		t.Errorf("put %q", got)
	}
	for _, bad := range []string{"{", "[]", `"x"`, `{"Version":"2012-10-17"}`} {
		wantError(t, put(bad), "ValidationException", "")
	}
	for range 2 { // the second time does nothing
		_, err := b.DeleteInlinePolicyFromPermissionSet(admin(t), &ssoadmin.DeleteInlinePolicyFromPermissionSetInput{InstanceArn: b.instance, PermissionSetArn: set})
		must(t, err)
	}
	if got := get(); got != "" {
		t.Errorf("deleted, still %q", got)
	}
}

func TestPermissionsBoundary(t *testing.T) {
	t.Parallel()
	b := setup(t)
	set := b.set(t, "Admin")
	get := &ssoadmin.GetPermissionsBoundaryForPermissionSetInput{InstanceArn: b.instance, PermissionSetArn: set}
	put := func(boundary sso.PermissionsBoundary) error {
		_, err := b.PutPermissionsBoundaryToPermissionSet(admin(t), &ssoadmin.PutPermissionsBoundaryToPermissionSetInput{
			InstanceArn: b.instance, PermissionSetArn: set, PermissionsBoundary: &boundary,
		})
		return err
	}
	_, err := b.GetPermissionsBoundaryForPermissionSet(admin(t), get)
	wantError(t, err, "ResourceNotFoundException", "")
	ours := &sso.CustomerManagedPolicyReference{Name: new("limit"), Path: new("/")}
	wantError(t, put(sso.PermissionsBoundary{}), "ValidationException", "")
	wantError(t, put(sso.PermissionsBoundary{ManagedPolicyArn: new(viewers), CustomerManagedPolicyReference: ours}), "ValidationException", "")
	for _, want := range []sso.PermissionsBoundary{{ManagedPolicyArn: new(viewers)}, {CustomerManagedPolicyReference: ours}} {
		must(t, put(want))
		got, err := b.GetPermissionsBoundaryForPermissionSet(admin(t), get)
		must(t, err)
		if diff := cmp.Diff(&want, got.PermissionsBoundary, setShapes); diff != "" {
			t.Errorf("boundary (-want +got):\n%s", diff)
		}
	}
	del := &ssoadmin.DeletePermissionsBoundaryFromPermissionSetInput{InstanceArn: b.instance, PermissionSetArn: set}
	_, err = b.DeletePermissionsBoundaryFromPermissionSet(admin(t), del)
	must(t, err)
	_, err = b.DeletePermissionsBoundaryFromPermissionSet(admin(t), del)
	wantError(t, err, "ResourceNotFoundException", "")
}

// Every operation on a permission set refuses one that is not there, and a caller that does not own the instance.
func TestPermissionSet_NotThere(t *testing.T) {
	t.Parallel()
	b := setup(t)
	i, gone := b.instance, new(strings.Replace(*b.instance, "instance", "permissionSet", 1)+"/ps-0000000000000000")
	ref := &sso.CustomerManagedPolicyReference{Name: new("x")}
	ctx := admin(t)
	for name, call := range map[string]func() error{
		"DescribePermissionSet": func() error {
			_, err := b.DescribePermissionSet(ctx, &ssoadmin.DescribePermissionSetInput{InstanceArn: i, PermissionSetArn: gone})
			return err
		},
		"UpdatePermissionSet": func() error {
			_, err := b.UpdatePermissionSet(ctx, &ssoadmin.UpdatePermissionSetInput{InstanceArn: i, PermissionSetArn: gone})
			return err
		},
		"AttachManagedPolicy": func() error {
			_, err := b.AttachManagedPolicyToPermissionSet(ctx, &ssoadmin.AttachManagedPolicyToPermissionSetInput{InstanceArn: i, PermissionSetArn: gone, ManagedPolicyArn: new(admins)})
			return err
		},
		"DetachManagedPolicy": func() error {
			_, err := b.DetachManagedPolicyFromPermissionSet(ctx, &ssoadmin.DetachManagedPolicyFromPermissionSetInput{InstanceArn: i, PermissionSetArn: gone, ManagedPolicyArn: new(admins)})
			return err
		},
		"ListManagedPolicies": func() error {
			_, err := b.ListManagedPoliciesInPermissionSet(ctx, &ssoadmin.ListManagedPoliciesInPermissionSetInput{InstanceArn: i, PermissionSetArn: gone})
			return err
		},
		"AttachCustomerManagedPolicy": func() error {
			_, err := b.AttachCustomerManagedPolicyReferenceToPermissionSet(ctx, &ssoadmin.AttachCustomerManagedPolicyReferenceToPermissionSetInput{InstanceArn: i, PermissionSetArn: gone, CustomerManagedPolicyReference: ref})
			return err
		},
		"DetachCustomerManagedPolicy": func() error {
			_, err := b.DetachCustomerManagedPolicyReferenceFromPermissionSet(ctx, &ssoadmin.DetachCustomerManagedPolicyReferenceFromPermissionSetInput{InstanceArn: i, PermissionSetArn: gone, CustomerManagedPolicyReference: ref})
			return err
		},
		"ListCustomerManagedPolicies": func() error {
			_, err := b.ListCustomerManagedPolicyReferencesInPermissionSet(ctx, &ssoadmin.ListCustomerManagedPolicyReferencesInPermissionSetInput{InstanceArn: i, PermissionSetArn: gone})
			return err
		},
		"PutInlinePolicy": func() error {
			_, err := b.PutInlinePolicyToPermissionSet(ctx, &ssoadmin.PutInlinePolicyToPermissionSetInput{InstanceArn: i, PermissionSetArn: gone, InlinePolicy: new(`{"Statement":[]}`)})
			return err
		},
		"GetInlinePolicy": func() error {
			_, err := b.GetInlinePolicyForPermissionSet(ctx, &ssoadmin.GetInlinePolicyForPermissionSetInput{InstanceArn: i, PermissionSetArn: gone})
			return err
		},
		"DeleteInlinePolicy": func() error {
			_, err := b.DeleteInlinePolicyFromPermissionSet(ctx, &ssoadmin.DeleteInlinePolicyFromPermissionSetInput{InstanceArn: i, PermissionSetArn: gone})
			return err
		},
		"PutPermissionsBoundary": func() error {
			_, err := b.PutPermissionsBoundaryToPermissionSet(ctx, &ssoadmin.PutPermissionsBoundaryToPermissionSetInput{InstanceArn: i, PermissionSetArn: gone, PermissionsBoundary: &sso.PermissionsBoundary{ManagedPolicyArn: new(admins)}})
			return err
		},
		"ListAccountAssignments": func() error {
			_, err := b.ListAccountAssignments(ctx, &ssoadmin.ListAccountAssignmentsInput{InstanceArn: i, PermissionSetArn: gone, AccountId: new(member)})
			return err
		},
		"DeleteAccountAssignment": func() error { return b.unassign(t, gone, member, sso.PrincipalTypeUser, "x") },
		"ProvisionPermissionSet": func() error {
			_, err := b.ProvisionPermissionSet(ctx, &ssoadmin.ProvisionPermissionSetInput{InstanceArn: i, PermissionSetArn: gone, TargetType: sso.ProvisionTargetTypeAllProvisionedAccounts})
			return err
		},
		"ListAccountsForProvisionedPermissionSet": func() error {
			_, err := b.ListAccountsForProvisionedPermissionSet(ctx, &ssoadmin.ListAccountsForProvisionedPermissionSetInput{InstanceArn: i, PermissionSetArn: gone})
			return err
		},
		"ListTagsForResource": func() error {
			_, err := b.ListTagsForResource(ctx, &ssoadmin.ListTagsForResourceInput{InstanceArn: i, ResourceArn: gone})
			return err
		},
	} {
		wantErrorIn(t, name, call(), "ResourceNotFoundException", "Could not find PermissionSet with id ps-0000000000000000")
		ctx = as(t, member, home)
		if name != "DeleteAccountAssignment" { // always called by the owner
			wantErrorIn(t, name, call(), "AccessDeniedException", "")
		}
		ctx = admin(t)
	}
}

func wantErrorIn(t *testing.T, name string, err error, code, message string) {
	t.Helper()
	t.Run(name, func(t *testing.T) { t.Helper(); wantError(t, err, code, message) })
}
