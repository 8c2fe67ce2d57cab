package permission

import (
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/identitystore"

	"accountfactory/internal/cloud"
	"accountfactory/internal/factory"
)

// provided is a rig whose SSO users come from an identity provider: nobody may make any.
func provided(t *testing.T) *rig {
	t.Helper()
	r := open(t, factory.ByOrganizations, false)
	all, err := r.server.Scope().RolePermissions(cloud.ByOrganizations)
	r.must(err)
	r.allowRole(less(all, "MakeUsers"))
	return r
}

func (r *rig) waits(got result) string {
	r.t.Helper()
	if !strings.Contains(got.said, string(factory.StateWaitingForPerson)) || !strings.Contains(got.said, "identity provider") {
		r.t.Fatalf("it does not wait for the user:\n%s", got.said)
	}
	return r.open()
}

// TestExternalIdentity: where users come from an identity provider nothing makes one, and an account waits for its user.
func TestExternalIdentity(t *testing.T) {
	t.Parallel()
	r := provided(t)
	if got := r.request(launch()); got.ok || !strings.Contains(got.said, "--identity-source external") {
		t.Errorf("a user who may not be made:\n%s", got.said)
	}
	r.external = true
	r.renew()
	id := r.waits(r.request(about(factory.KindRepair, func(in *factory.Input) {
		in.OU, in.SSOUserEmail = "Sandbox", "lead@example.com"
	})))
	r.person("lead@example.com")
	r.must(r.svc.Attend(r.ctx))
	if got := r.drive(id); !got.ok {
		t.Error(got.said)
	}
}

// TestExternalIdentity_Gone: a user who was there when the request began and is gone when it is their turn is waited for too.
func TestExternalIdentity_Gone(t *testing.T) {
	t.Parallel()
	r := provided(t)
	r.external = true
	r.renew()
	r.person("lead@example.com")
	d, err := r.svc.Submit(r.ctx, r.who, r.Catalog, launch())
	r.must(err)
	for {
		row, err := r.db.Get(r.ctx, d.ID)
		r.must(err)
		if row.Step == factory.StepUser {
			break
		}
		r.svc.Turn(r.ctx, d.ID, row.Generation)
	}
	i := r.instance()
	users, err := r.IdentityStore.ListUsers(r.ctx, &identitystore.ListUsersInput{IdentityStoreId: i.IdentityStoreId})
	r.must(err)
	for _, u := range users.Users {
		if aws.ToString(u.UserName) == "lead@example.com" {
			_, err := r.IdentityStore.DeleteUser(r.ctx, &identitystore.DeleteUserInput{IdentityStoreId: i.IdentityStoreId, UserId: u.UserId})
			r.must(err)
		}
	}
	r.waits(r.drive(d.ID))
	r.person("lead@example.com")
	_, err = r.svc.Answer(r.ctx, r.who, d.ID, factory.Answer{Choice: factory.ChoiceLook})
	r.must(err)
	if got := r.drive(d.ID); !got.ok || !strings.Contains(got.said, "Seen at AWS") {
		t.Error(got.said)
	}
}
