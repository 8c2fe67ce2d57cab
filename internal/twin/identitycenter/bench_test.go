package identitycenter_test

import (
	"fmt"
	"testing"

	"github.com/aws/aws-sdk-go-v2/service/identitystore"
	portal "github.com/aws/aws-sdk-go-v2/service/sso"
	"github.com/aws/aws-sdk-go-v2/service/ssoadmin"
	sso "github.com/aws/aws-sdk-go-v2/service/ssoadmin/types"

	"accountfactory/internal/twin/identitycenter"
	"accountfactory/internal/twin/state"
)

// The cost of a page must not grow with the table.
func BenchmarkPageOf20(b *testing.B) {
	for _, size := range []int{100, 10_000} {
		w := setup(b)
		var set, group string
		w.update(b, func(tx *state.Tx) error {
			p, err := w.PutPermissionSet(tx, identitycenter.SetSpec{Name: "Admin", Managed: []string{admins}})
			if err != nil {
				return err
			}
			g, err := w.PutGroup(tx, "Admins", "")
			if err != nil {
				return err
			}
			set, group = p.ARN, g.ID
			return w.fill(tx, size, set, group)
		})
		ctx := admin(b)
		b.Run(fmt.Sprintf("ListUsers/%d", size), func(b *testing.B) {
			for b.Loop() {
				if _, err := w.ListUsers(ctx, &identitystore.ListUsersInput{IdentityStoreId: w.store, MaxResults: new(int32(20))}); err != nil {
					b.Fatal(err)
				}
			}
		})
		b.Run(fmt.Sprintf("ListAccountAssignmentsForPrincipal/%d", size), func(b *testing.B) {
			for b.Loop() {
				if _, err := w.ListAccountAssignmentsForPrincipal(ctx, &ssoadmin.ListAccountAssignmentsForPrincipalInput{
					InstanceArn: w.instance, PrincipalId: &group, PrincipalType: sso.PrincipalTypeGroup, MaxResults: new(int32(20)),
				}); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}

// fill makes users, and accounts a group is assigned to.
func (b *bundle) fill(tx *state.Tx, n int, set, group string) error {
	for i := range n {
		id := fmt.Sprintf("3%011d", i)
		b.org[id] = id + "@example.com"
		if _, err := b.PutUser(tx, identitycenter.NewUser{UserName: b.org[id], Given: "A", Family: "B", Email: b.org[id]}); err != nil {
			return err
		}
		if err := b.Assign(tx, identitycenter.Assignment{AccountID: id, PermissionSetARN: set, PrincipalType: identitycenter.GroupPrincipal, PrincipalID: group}); err != nil {
			return err
		}
	}
	return nil
}

// The portal of somebody in twenty groups, each with ever more accounts.
func BenchmarkPortal(b *testing.B) {
	for _, accounts := range []int{100, 10_000} {
		w := setup(b)
		token := identitycenter.NewToken()
		w.update(b, func(tx *state.Tx) error { return w.fillPortal(tx, accounts, token) })
		b.Run(fmt.Sprintf("ListAccounts/%d", accounts), func(b *testing.B) {
			for b.Loop() {
				if _, err := w.ListAccounts(b.Context(), &portal.ListAccountsInput{AccessToken: &token.Secret, MaxResults: new(int32(20))}); err != nil {
					b.Fatal(err)
				}
			}
		})
		b.Run(fmt.Sprintf("ListAccountRoles/%d", accounts), func(b *testing.B) {
			for b.Loop() {
				if _, err := w.ListAccountRoles(b.Context(), &portal.ListAccountRolesInput{AccessToken: &token.Secret, AccountId: new("300000000007")}); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}

// fillPortal makes 10,000 users and 1,000 groups, and one user who is in twenty of them, with five roles in each account.
func (b *bundle) fillPortal(tx *state.Tx, accounts int, token identitycenter.Token) error {
	var sets, groups []string
	for i := range 5 {
		p, err := b.PutPermissionSet(tx, identitycenter.SetSpec{Name: fmt.Sprintf("Set%d", i), Managed: []string{admins}})
		if err != nil {
			return err
		}
		sets = append(sets, p.ARN)
	}
	var user *identitycenter.User
	for i := range 10_000 {
		var err error
		if user, err = b.PutUser(tx, identitycenter.NewUser{UserName: fmt.Sprintf("user-%d", i), Given: "A", Family: "B"}); err != nil {
			return err
		}
	}
	for i := range 1000 {
		g, err := b.PutGroup(tx, fmt.Sprintf("Group %d", i), "")
		if err != nil {
			return err
		}
		groups = append(groups, g.ID)
	}
	for _, g := range groups[:20] {
		if _, err := b.Join(tx, g, user.ID); err != nil {
			return err
		}
	}
	for i := range accounts {
		id := fmt.Sprintf("3%011d", i)
		b.org[id] = id + "@example.com"
		for _, set := range sets {
			if err := b.Assign(tx, identitycenter.Assignment{AccountID: id, PermissionSetARN: set, PrincipalType: identitycenter.GroupPrincipal, PrincipalID: groups[i%20]}); err != nil {
				return err
			}
		}
	}
	b.Grant(tx, b.BeginSession(tx, identitycenter.PortalSession{UserID: user.ID}), identitycenter.AccessUse, token, 1<<40)
	return nil
}
