package identitycenter_test

import (
	"encoding/json"
	"errors"
	"fmt"
	"testing"

	"github.com/aws/aws-sdk-go-v2/service/identitystore"
	"github.com/aws/aws-sdk-go-v2/service/identitystore/document"
	store "github.com/aws/aws-sdk-go-v2/service/identitystore/types"
	"github.com/aws/smithy-go/middleware"
	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"accountfactory/internal/twin/identitycenter"
	"accountfactory/internal/twin/state"
)

var shapes = cmp.Options{
	cmpopts.IgnoreUnexported(
		store.Name{}, store.Email{}, store.Address{}, store.PhoneNumber{}, store.User{}, store.Group{}, store.GroupMembership{},
		store.MemberIdMemberUserId{}, store.GroupMembershipExistenceResult{}, identitystore.DescribeUserOutput{}, identitystore.DescribeGroupOutput{},
	),
	cmpopts.IgnoreTypes(middleware.Metadata{}),
}

func TestUserLife(t *testing.T) {
	t.Parallel()
	b := setup(t)
	ctx := admin(t)
	created, err := b.CreateUser(ctx, &identitystore.CreateUserInput{
		IdentityStoreId: b.store, UserName: new("jane"), DisplayName: new("Jane Doe"), Name: &store.Name{GivenName: new("Jane"), FamilyName: new("Doe")},
		Emails: []store.Email{{Value: new("Jane@example.com"), Type: new("work"), Primary: true}}, Title: new("Engineer"),
		Extensions: map[string]document.Interface{"aws:identitystore:enterprise": document.NewLazyDocument(map[string]any{"costCenter": "42"})},
	})
	must(t, err)
	got, err := b.DescribeUser(ctx, &identitystore.DescribeUserInput{IdentityStoreId: b.store, UserId: created.UserArn})
	must(t, err)
	want := &identitystore.DescribeUserOutput{
		IdentityStoreId: b.store, UserId: created.UserId, UserArn: new("arn:aws:identitystore:::user/" + *created.UserId), Revision: created.Revision,
		UserName: new("jane"), UserStatus: store.UserStatusEnabled, DisplayName: new("Jane Doe"), Title: new("Engineer"),
		Name:      &store.Name{GivenName: new("Jane"), FamilyName: new("Doe")},
		Emails:    []store.Email{{Value: new("Jane@example.com"), Type: new("work"), Primary: true}},
		CreatedBy: new("arn:aws:iam::" + management + ":user/admin"), UpdatedBy: new("arn:aws:iam::" + management + ":user/admin"),
	}
	if diff := cmp.Diff(want, got, shapes, cmpopts.IgnoreFields(identitystore.DescribeUserOutput{}, "CreatedAt", "UpdatedAt")); diff != "" {
		t.Errorf("described (-want +got):\n%s", diff)
	}

	_, err = b.UpdateUser(ctx, &identitystore.UpdateUserInput{
		IdentityStoreId: b.store, UserId: created.UserId, Revision: created.Revision,
		Operations: []store.AttributeOperation{
			set("displayName", "Jane Roe"), set("name.familyName", "Roe"),
			{AttributePath: new("title")},
			set("emails", []any{map[string]any{"Value": "roe@example.com", "Primary": true}}),
			set("aws:identitystore:enterprise.department", "IT"),
		},
	})
	must(t, err)
	got, err = b.DescribeUser(ctx, &identitystore.DescribeUserInput{
		IdentityStoreId: b.store, UserId: created.UserId, Extensions: []string{"aws:identitystore:enterprise"},
	})
	must(t, err)
	if got.Title != nil || *got.DisplayName != "Jane Roe" || *got.Name.FamilyName != "Roe" || *got.Name.GivenName != "Jane" || *got.Emails[0].Value != "roe@example.com" {
		t.Errorf("updated: %s %v %v %v", *got.DisplayName, got.Title, got.Name, got.Emails)
	}
	if diff := cmp.Diff(map[string]any{"costCenter": "42", "department": "IT"}, documentOf(t, got.Extensions["aws:identitystore:enterprise"])); diff != "" {
		t.Errorf("extension (-want +got):\n%s", diff)
	}

	del := &identitystore.DeleteUserInput{IdentityStoreId: b.store, UserId: created.UserId}
	del.Revision = created.Revision
	_, err = b.DeleteUser(ctx, del)
	wantError(t, err, "ConflictException", "")
	del.Revision = nil
	_, err = b.DeleteUser(ctx, del)
	must(t, err)
	_, err = b.DeleteUser(ctx, del)
	wantError(t, err, "ResourceNotFoundException", "USER not found.")
	_, err = b.DescribeUser(ctx, &identitystore.DescribeUserInput{IdentityStoreId: b.store, UserId: created.UserId})
	wantError(t, err, "ResourceNotFoundException", "USER not found.")
}

func TestCreateUser_Refused(t *testing.T) {
	t.Parallel()
	b := setup(t)
	b.user(t, "Taken", "taken@example.com")
	name := &store.Name{GivenName: new("A"), FamilyName: new("B")}
	for _, tc := range []struct {
		name, code, message string
		in                  identitystore.CreateUserInput
	}{
		{"no user name", "ValidationException", "userName is a required attribute", identitystore.CreateUserInput{DisplayName: new("x"), Name: name}},
		{
			"nothing but a user name", "ValidationException",
			"displayname: The attribute displayname is required, givenname: The attribute givenname is required, familyname: The attribute familyname is required",
			identitystore.CreateUserInput{UserName: new("x")},
		},
		{"reserved name", "ValidationException", "", identitystore.CreateUserInput{UserName: new("administrator"), DisplayName: new("x"), Name: name}},
		{"user name taken in another case", "ConflictException", "Duplicate UserName", identitystore.CreateUserInput{UserName: new("taken"), DisplayName: new("x"), Name: name}},
		{
			"e-mail taken in another case", "ConflictException", "Duplicate Email",
			identitystore.CreateUserInput{UserName: new("x"), DisplayName: new("x"), Name: name, Emails: []store.Email{{Value: new("TAKEN@example.com")}}},
		},
		{"birthdate", "ValidationException", "", identitystore.CreateUserInput{UserName: new("x"), DisplayName: new("x"), Name: name, Birthdate: new("1.1.2000")}},
		{
			"unknown extension", "ValidationException", "",
			identitystore.CreateUserInput{UserName: new("x"), DisplayName: new("x"), Name: name, Extensions: map[string]document.Interface{"aws:identitystore:other": document.NewLazyDocument("y")}},
		},
	} {
		t.Run(tc.name, func(t *testing.T) {
			tc.in.IdentityStoreId = b.store
			_, err := b.CreateUser(admin(t), &tc.in)
			wantError(t, err, tc.code, tc.message)
			if clash := new(store.ConflictException); errors.As(err, &clash) && (clash.Reason != store.ConflictExceptionReasonUniquenessConstraintViolation || *clash.RequestId != "request-1") {
				t.Errorf("reason %q, request id %v", clash.Reason, clash.RequestId)
			}
		})
	}
}

func TestUpdateUser_Refused(t *testing.T) {
	t.Parallel()
	b := setup(t)
	id := b.user(t, "jane", "jane@example.com")
	b.user(t, "other", "other@example.com")
	for _, tc := range []struct {
		name string
		op   store.AttributeOperation
		code string
	}{
		{"required attribute removed", store.AttributeOperation{AttributePath: new("displayName")}, "ValidationException"},
		{"unknown path", set("shoeSize", "44"), "ValidationException"},
		{"path into a list", set("emails.value", "x@example.com"), "ValidationException"},
		{"wrong type", set("displayName", 7), "ValidationException"},
		{"unknown member", set("emails", []any{map[string]any{"Address": "x@example.com"}}), "ValidationException"},
		{"two e-mails", set("emails", []any{map[string]any{"Value": "a@x"}, map[string]any{"Value": "b@x"}}), "ValidationException"},
		{"control character", set("title", "a\x07b"), "ValidationException"},
		{"blank in the user name", set("userName", "a b"), "ValidationException"},
		{"control character in the user name", set("userName", "a\x07b"), "ValidationException"},
		{"user name of another", set("userName", "Other"), "ConflictException"},
		{"e-mail of another", set("emails", []any{map[string]any{"Value": "other@example.com"}}), "ConflictException"},
	} {
		t.Run(tc.name, func(t *testing.T) {
			_, err := b.UpdateUser(admin(t), &identitystore.UpdateUserInput{
				IdentityStoreId: b.store, UserId: &id, Operations: []store.AttributeOperation{set("nickName", "changed"), tc.op},
			})
			wantError(t, err, tc.code, "")
		})
	}
	got, err := b.DescribeUser(admin(t), &identitystore.DescribeUserInput{IdentityStoreId: b.store, UserId: &id})
	must(t, err)
	if got.NickName != nil {
		t.Errorf("a refused update changed the nick name to %q", *got.NickName)
	}
}

func TestListUsers(t *testing.T) {
	t.Parallel()
	b := setup(t)
	want := map[string]bool{}
	for i := range 7 {
		want[b.user(t, fmt.Sprintf("user-%d", i), "")] = true
	}
	in := &identitystore.ListUsersInput{IdentityStoreId: b.store, MaxResults: new(int32(3))}
	pages := identitystore.NewListUsersPaginator(b, in)
	var sizes []int
	for pages.HasMorePages() {
		page, err := pages.NextPage(admin(t))
		must(t, err)
		sizes = append(sizes, len(page.Users))
		for _, u := range page.Users {
			delete(want, *u.UserId)
		}
	}
	if diff := cmp.Diff([]int{3, 3, 1}, sizes); diff != "" || len(want) > 0 {
		t.Errorf("pages %v, missing %v", sizes, want)
	}

	found, err := b.ListUsers(admin(t), &identitystore.ListUsersInput{
		IdentityStoreId: b.store, Filters: []store.Filter{{AttributePath: new("UserName"), AttributeValue: new("USER-4")}},
	})
	must(t, err)
	if len(found.Users) != 1 || *found.Users[0].UserName != "user-4" {
		t.Errorf("filtered: %d users", len(found.Users))
	}
	_, err = b.ListUsers(admin(t), &identitystore.ListUsersInput{
		IdentityStoreId: b.store, Filters: []store.Filter{{AttributePath: new("DisplayName"), AttributeValue: new("x")}},
	})
	wantError(t, err, "ValidationException", "")
	_, err = b.ListUsers(admin(t), &identitystore.ListUsersInput{IdentityStoreId: b.store, NextToken: new("bm9uc2Vuc2U")})
	wantError(t, err, "ValidationException", "")
}

func TestGetUserId(t *testing.T) {
	t.Parallel()
	b := setup(t)
	id := b.user(t, "Jane", "jane@example.com")
	for _, tc := range []struct {
		name string
		by   store.AlternateIdentifier
		code string
	}{
		{"user name", unique("userName", "jane"), ""},
		{"path in lower case", unique("username", "Jane"), ""},
		{"e-mail", unique("emails.value", "Jane@Example.com"), ""},
		{"nobody's name", unique("userName", "joe"), "ResourceNotFoundException"},
		{"not unique", unique("displayName", "Jane"), "ValidationException"},
		{"empty", unique("userName", ""), "ValidationException"},
		{"not text", unique("userName", 7), "ValidationException"},
		{"external id", &store.AlternateIdentifierMemberExternalId{Value: store.ExternalId{Id: new("1"), Issuer: new("i")}}, "ResourceNotFoundException"},
	} {
		t.Run(tc.name, func(t *testing.T) {
			out, err := b.GetUserId(admin(t), &identitystore.GetUserIdInput{IdentityStoreId: b.store, AlternateIdentifier: tc.by})
			switch {
			case tc.code != "":
				wantError(t, err, tc.code, "")
			case err != nil || *out.UserId != id:
				t.Errorf("got %+v, %v", out, err)
			}
		})
	}
}

func TestPutUser(t *testing.T) {
	t.Parallel()
	b := setup(t)
	b.update(t, func(tx *state.Tx) error {
		u, err := b.PutUser(tx, identitycenter.NewUser{UserName: "a@example.com", Given: "A", Family: "B", Email: "a@example.com"})
		if err != nil {
			return err
		}
		if got := b.UserByEmail(tx, "A@EXAMPLE.com"); got == nil || got.ID != u.ID || got.DisplayName != "A B" {
			t.Errorf("by e-mail: %+v", got)
		}
		if diff := cmp.Diff([]identitycenter.Contact{{Value: "a@example.com"}}, u.Emails); diff != "" {
			t.Errorf("e-mails (-want +got):\n%s", diff)
		}
		if _, err := b.PutUser(tx, identitycenter.NewUser{UserName: "b", Given: "A", Family: "B", Email: "A@example.com"}); err == nil {
			t.Error("a second user with the same e-mail")
		}
		if !b.SetDisabled(tx, u.ID, true) {
			t.Error("not disabled")
		}
		return nil
	})
	b.view(t, func(tx *state.Tx) {
		if u := b.UserByName(tx, "A@example.com"); u == nil || !u.Disabled {
			t.Errorf("by user name: %+v", u)
		}
	})
	found, err := b.ListUsers(admin(t), &identitystore.ListUsersInput{IdentityStoreId: b.store})
	must(t, err)
	if found.Users[0].UserStatus != store.UserStatusDisabled {
		t.Errorf("status %s", found.Users[0].UserStatus)
	}
}

func TestIdentityStore_ElsewhereOrByOthers(t *testing.T) {
	t.Parallel()
	b := setup(t)
	arn := "arn:aws:identitystore::" + management + ":identitystore/" + *b.store
	_, err := b.ListUsers(admin(t), &identitystore.ListUsersInput{IdentityStoreId: &arn})
	must(t, err)
	_, err = b.ListUsers(as(t, management, "us-east-1"), &identitystore.ListUsersInput{IdentityStoreId: b.store})
	wantError(t, err, "ResourceNotFoundException", "IDENTITY_STORE not found.")
	_, err = b.ListUsers(admin(t), &identitystore.ListUsersInput{IdentityStoreId: new("d-0000000000")})
	wantError(t, err, "ResourceNotFoundException", "IDENTITY_STORE not found.")
	_, err = b.ListUsers(as(t, member, home), &identitystore.ListUsersInput{IdentityStoreId: b.store})
	wantError(t, err, "AccessDeniedException", "User: arn:aws:iam::"+member+":user/admin is not authorized to perform: identitystore:Op on resource: "+arn)
}

func set(path string, value any) store.AttributeOperation {
	return store.AttributeOperation{AttributePath: &path, AttributeValue: document.NewLazyDocument(value)}
}

func unique(path string, value any) store.AlternateIdentifier {
	return &store.AlternateIdentifierMemberUniqueAttribute{
		Value: store.UniqueAttribute{AttributePath: &path, AttributeValue: document.NewLazyDocument(value)},
	}
}

func documentOf(t *testing.T, d document.Interface) (v map[string]any) {
	t.Helper()
	raw, err := d.MarshalSmithyDocument()
	must(t, err)
	must(t, json.Unmarshal(raw, &v))
	return v
}
