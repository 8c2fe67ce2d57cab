package identitycenter_test

import (
	"fmt"
	"slices"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/identitystore"
	"github.com/aws/aws-sdk-go-v2/service/sso"
	"github.com/google/go-cmp/cmp"

	"accountfactory/internal/twin/identitycenter"
	"accountfactory/internal/twin/state"
)

// permit gives a principal a set in an account, making the set when there is none of that name.
func (b *bundle) permit(t *testing.T, account, set, kind, principal string) {
	t.Helper()
	b.update(t, func(tx *state.Tx) error {
		p := b.PermissionSetByName(tx, set)
		if p == nil {
			var err error
			if p, err = b.PutPermissionSet(tx, identitycenter.SetSpec{Name: set, SessionDuration: "PT2H"}); err != nil {
				return err
			}
		}
		return b.Assign(tx, identitycenter.Assignment{AccountID: account, PermissionSetARN: p.ARN, PrincipalType: kind, PrincipalID: principal})
	})
}

// accountsOf lists all accounts of a bearer by pages of n.
func (b *bundle) accountsOf(t *testing.T, token *string, n int32) (pages [][]string) {
	t.Helper()
	in := &sso.ListAccountsInput{AccessToken: token, MaxResults: &n}
	for {
		out, err := b.ListAccounts(t.Context(), in)
		must(t, err)
		page := []string{}
		for _, a := range out.AccountList {
			page = append(page, *a.AccountId)
		}
		pages = append(pages, page)
		if in.NextToken = out.NextToken; in.NextToken == nil {
			return pages
		}
	}
}

func TestPortal_AccountsAndRoles(t *testing.T) {
	t.Parallel()
	b := setup(t)
	jane, bob := b.user(t, "jane", ""), b.user(t, "bob", "")
	group := b.group(t, "Devs")
	b.update(t, func(tx *state.Tx) error { _, err := b.Join(tx, group, jane); return err })
	b.permit(t, member, "Admin", identitycenter.UserPrincipal, jane)
	b.permit(t, member, "Admin", identitycenter.GroupPrincipal, group) // twice the same role is one role
	b.permit(t, member, "View", identitycenter.GroupPrincipal, group)
	b.permit(t, management, "View", identitycenter.GroupPrincipal, group)
	c := b.register(t)
	hers, his := c.signIn(t, jane).AccessToken, c.signIn(t, bob).AccessToken

	if diff := cmp.Diff([][]string{{management, member}}, b.accountsOf(t, hers, 100)); diff != "" {
		t.Errorf("accounts (-want +got):\n%s", diff)
	}
	if diff := cmp.Diff([][]string{{}}, b.accountsOf(t, his, 100)); diff != "" {
		t.Errorf("accounts of somebody without any (-want +got):\n%s", diff)
	}
	var roles []string
	in := &sso.ListAccountRolesInput{AccessToken: hers, AccountId: new(member), MaxResults: new(int32(1))}
	for {
		out, err := b.ListAccountRoles(t.Context(), in)
		must(t, err)
		for _, r := range out.RoleList {
			roles = append(roles, *r.RoleName+" in "+*r.AccountId)
		}
		if in.NextToken = out.NextToken; in.NextToken == nil {
			break
		}
	}
	if diff := cmp.Diff([]string{"Admin in " + member, "View in " + member}, roles); diff != "" {
		t.Errorf("roles (-want +got):\n%s", diff)
	}
	_, err := b.ListAccountRoles(t.Context(), &sso.ListAccountRolesInput{AccessToken: his, AccountId: new(member)})
	wantError(t, err, "ForbiddenException", "No access")
	_, err = b.ListAccounts(t.Context(), &sso.ListAccountsInput{AccessToken: hers, NextToken: new("x")})
	wantError(t, err, "InvalidRequestException", "")
	_, err = b.ListAccountRoles(t.Context(), &sso.ListAccountRolesInput{AccessToken: hers, AccountId: new(member), NextToken: new("x")})
	wantError(t, err, "InvalidRequestException", "")
}

func TestPortal_Pages(t *testing.T) {
	t.Parallel()
	b := setup(t)
	jane := b.user(t, "jane", "")
	var want []string
	for i := range 25 {
		id := fmt.Sprintf("3%011d", i)
		b.org[id] = id + "@example.com"
		want = append(want, id)
		b.permit(t, id, "Admin", identitycenter.UserPrincipal, jane)
		b.permit(t, id, "View", identitycenter.UserPrincipal, jane)
	}
	token := b.register(t).signIn(t, jane).AccessToken
	pages := b.accountsOf(t, token, 10)
	if diff := cmp.Diff(want, slices.Concat(pages...)); diff != "" || len(pages) != 3 {
		t.Errorf("%d pages (-want +got):\n%s", len(pages), diff)
	}
}

func TestPortal_RoleCredentials(t *testing.T) {
	t.Parallel()
	b := setup(t)
	jane := b.user(t, "jane", "")
	b.permit(t, member, "Admin", identitycenter.UserPrincipal, jane)
	token := b.register(t).signIn(t, jane).AccessToken
	out, err := b.GetRoleCredentials(t.Context(), &sso.GetRoleCredentialsInput{AccessToken: token, AccountId: new(member), RoleName: new("Admin")})
	must(t, err)
	if got, want := out.RoleCredentials.Expiration, b.wall.now.Add(2*time.Hour).UnixMilli(); got != want {
		t.Errorf("expires at %d, want the set's two hours: %d", got, want)
	}
	for _, tc := range []struct{ name, account, role string }{
		{"another set", member, "View"}, {"another account", management, "Admin"}, {"no account of ours", outsider, "Admin"},
	} {
		_, err := b.GetRoleCredentials(t.Context(), &sso.GetRoleCredentialsInput{AccessToken: token, AccountId: &tc.account, RoleName: &tc.role})
		t.Run(tc.name, func(t *testing.T) { wantError(t, err, "ForbiddenException", "No access") })
	}
}

// Each way to lose access ends what the token is good for.
func TestPortal_Unauthorized(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct {
		name string
		end  func(t *testing.T, b *bundle, jane string, token *string)
	}{
		{"signed out", func(t *testing.T, b *bundle, _ string, token *string) {
			t.Helper()
			_, err := b.Logout(t.Context(), &sso.LogoutInput{AccessToken: token})
			must(t, err)
		}},
		{"disabled", func(t *testing.T, b *bundle, jane string, _ *string) {
			t.Helper()
			b.update(t, func(tx *state.Tx) error { b.SetDisabled(tx, jane, true); return nil })
		}},
		{"disabled and enabled again", func(t *testing.T, b *bundle, jane string, _ *string) {
			t.Helper()
			b.update(t, func(tx *state.Tx) error {
				b.SetDisabled(tx, jane, true)
				b.SetDisabled(tx, jane, false)
				return nil
			})
		}},
		{"deleted", func(t *testing.T, b *bundle, jane string, _ *string) {
			t.Helper()
			_, err := b.DeleteUser(as(t, management, home), &identitystore.DeleteUserInput{IdentityStoreId: b.store, UserId: &jane})
			must(t, err)
		}},
		{"revoked", func(t *testing.T, b *bundle, jane string, _ *string) {
			t.Helper()
			b.update(t, func(tx *state.Tx) error { b.EndSessions(tx, jane, ""); return nil })
		}},
		{"expired", func(_ *testing.T, b *bundle, _ string, _ *string) { b.wall.now = b.wall.now.Add(8 * time.Hour) }},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			b := setup(t)
			jane := b.user(t, "jane", "")
			b.permit(t, member, "Admin", identitycenter.UserPrincipal, jane)
			c := b.register(t, scoped)
			signedIn := c.signIn(t, jane)
			token := signedIn.AccessToken
			tc.end(t, b, jane, token)
			_, err := b.ListAccounts(t.Context(), &sso.ListAccountsInput{AccessToken: token})
			wantError(t, err, "UnauthorizedException", "Session token not found or invalid")
			_, err = b.ListAccountRoles(t.Context(), &sso.ListAccountRolesInput{AccessToken: token, AccountId: new(member)})
			wantError(t, err, "UnauthorizedException", "")
			_, err = b.GetRoleCredentials(t.Context(), &sso.GetRoleCredentialsInput{AccessToken: token, AccountId: new(member), RoleName: new("Admin")})
			wantError(t, err, "UnauthorizedException", "")
			_, err = b.Logout(t.Context(), &sso.LogoutInput{AccessToken: token})
			wantError(t, err, "UnauthorizedException", "")
			_, err = c.renew(t, signedIn.RefreshToken)
			wantError(t, err, "InvalidGrantException", "")
		})
	}
}

// The twin's clock is nothing to sessions and codes.
func TestPortal_TwinClockMoves(t *testing.T) {
	t.Parallel()
	b := setup(t, frozen)
	jane := b.user(t, "jane", "")
	c := b.register(t, scoped)
	started := c.start(t)
	before := c.signIn(t, jane)
	b.advance(t, 91*24*time.Hour)
	if b.bearer(t, identitycenter.AccessUse, before.AccessToken) != jane {
		t.Error("an access token ages with the twin")
	}
	_, err := c.renew(t, before.RefreshToken)
	must(t, err)
	b.decide(t, *started.UserCode, jane, true)
	_, err = c.poll(t, started.DeviceCode)
	must(t, err)
}
