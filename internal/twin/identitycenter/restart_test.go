package identitycenter_test

import (
	"path/filepath"
	"slices"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/identitystore"
	"github.com/aws/aws-sdk-go-v2/service/identitystore/document"
	store "github.com/aws/aws-sdk-go-v2/service/identitystore/types"
	sso "github.com/aws/aws-sdk-go-v2/service/ssoadmin/types"
	"github.com/google/go-cmp/cmp"

	"accountfactory/internal/twin/identitycenter"
	"accountfactory/internal/twin/state"
)

// All that is known is read back from the file; an assignment that was under way ends after the restart.
func TestRestart(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "twin.db")
	at := func(o *state.Options, _ *identitycenter.Config) { o.Path = path }
	b := setup(t, frozen, at)
	set, group := b.set(t, "Admin"), b.group(t, "Admins")
	b.change(t, set)
	user, err := b.CreateUser(admin(t), &identitystore.CreateUserInput{
		IdentityStoreId: b.store, UserName: new("jane"), DisplayName: new("Jane"), Name: &store.Name{GivenName: new("J"), FamilyName: new("D")},
		Emails: []store.Email{{Value: new("j@example.com"), Primary: true}}, PhoneNumbers: []store.PhoneNumber{{Value: new("1")}},
		Photos: []store.Photo{{Value: new("https://x")}}, Roles: []store.Role{{Value: new("r")}}, Addresses: []store.Address{{Country: new("Z")}}, Birthdate: new("2000-01-02"),
		Extensions: map[string]document.Interface{"aws:identitystore:enterprise": document.NewLazyDocument(map[string]any{"department": "IT"})},
	})
	must(t, err)
	b.assign(t, set, management, sso.PrincipalTypeGroup, group)
	b.advance(t, time.Minute)
	b.idle(t)
	begun := b.assign(t, set, member, sso.PrincipalTypeUser, *user.UserId)
	b.update(t, func(tx *state.Tx) error {
		if _, err := b.Join(tx, group, *user.UserId); err != nil {
			return err
		}
		return b.Invite(tx, *user.UserId, identitycenter.NewToken())
	})
	type everything struct {
		Instance identitycenter.Instance
		Users    []*identitycenter.User
		Groups   []*identitycenter.Group
		Members  []*identitycenter.Membership
		Sets     []*identitycenter.PermissionSet
		Access   []*identitycenter.Assignment
		Role     identitycenter.Provision
		Begun    *sso.AccountAssignmentOperationStatus
	}
	look := func(b *bundle) (e everything) {
		b.view(t, func(tx *state.Tx) {
			e = everything{
				Instance: *b.Instance(tx), Users: slices.Collect(b.Users(tx)), Groups: slices.Collect(b.Groups(tx)),
				Members: slices.Collect(b.MembersOf(tx, group)), Sets: slices.Collect(b.PermissionSets(tx)),
				Access: slices.Collect(b.AccessOf(tx, *user.UserId)), Role: *b.Provision(tx, management, *set),
			}
		})
		e.Begun = b.creation(t, begun.RequestId)
		return e
	}
	want := look(b)
	must(t, b.st.Close())

	b = setup(t, frozen, at)
	if diff := cmp.Diff(want, look(b), setShapes); diff != "" {
		t.Errorf("after the restart (-before +after):\n%s", diff)
	}
	b.advance(t, time.Minute)
	b.idle(t)
	if got := b.creation(t, begun.RequestId); got.Status != sso.StatusValuesSucceeded || len(b.rolesIn(t, member)) != 1 {
		t.Errorf("ended %+v with %d roles", got, len(b.rolesIn(t, member)))
	}
}
