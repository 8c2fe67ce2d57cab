package identitycenter_test

import (
	"fmt"
	"testing"

	"github.com/aws/aws-sdk-go-v2/service/identitystore"
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
