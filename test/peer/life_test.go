package peer

import (
	"slices"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	orgtypes "github.com/aws/aws-sdk-go-v2/service/organizations/types"

	"accountfactory/internal/factory"
)

// TestLife: what comes after a launch, each kind through throttling, lost answers and stale reads.
func TestLife(t *testing.T) {
	t.Parallel()
	w := setup(t, trouble{seed: 3, throttled: 0.1, cut: 0.1, stale: 0.2, age: 2 * time.Second}, uniqueEmails(uniform()))
	launched := w.submit(launches(1)[0])
	w.resume(3)
	id := w.succeeded(launched)[0].AccountID
	on := func(kind factory.Kind) factory.Input {
		return factory.Input{Kind: kind, Options: factory.Options{Account: id}}
	}
	update := on(factory.KindUpdate)
	update.OU, update.SSOUserEmail, update.SSOUserFirstName, update.SSOUserLastName = "Production", "grace@people.example.com", "Grace", "Hopper"
	w.calm(update)
	if unit, who := w.moto.unit(w.ctx, t, id), w.moto.assigned(w.ctx, t, id); unit != "Production" || who != "grace@people.example.com, team-0@people.example.com" {
		t.Errorf("updated, it is in %s, assigned to %s", unit, who)
	}
	access := on(factory.KindAccess)
	access.Revoke = []factory.Access{{User: "team-0@people.example.com", PermissionSet: "AWSAdministratorAccess"}}
	w.calm(access)
	if who := w.moto.assigned(w.ctx, t, id); who != "grace@people.example.com" {
		t.Errorf("after one was taken away it is assigned to %s", who)
	}
	w.calm(on(factory.KindUnmanage))
	if unit, tags := w.moto.unit(w.ctx, t, id), w.moto.tags(w.ctx, t, id); unit != "Root" || tags[factory.TagRequest] != "" || tags["team"] == "" {
		t.Errorf("given up, it is in %s with %v", unit, tags)
	}
	enroll := on(factory.KindEnroll)
	enroll.OU, enroll.SSOUserEmail, enroll.SSOUserFirstName, enroll.SSOUserLastName = "Sandbox", "grace@people.example.com", "Grace", "Hopper"
	w.calm(enroll)
	if unit, tags := w.moto.unit(w.ctx, t, id), w.moto.tags(w.ctx, t, id); unit != "Sandbox" || tags[factory.TagRequest] == "" {
		t.Errorf("enrolled, it is in %s with %v", unit, tags)
	}
	w.calm(on(factory.KindClose))
	accounts := w.moto.accounts(w.ctx, t)
	i := slices.IndexFunc(accounts, func(a orgtypes.Account) bool { return aws.ToString(a.Id) == id })
	if len(accounts) != 2 || i < 0 || accounts[i].Status != orgtypes.AccountStatusSuspended {
		t.Errorf("closed, moto has %+v", accounts)
	}
	t.Logf("calls: %s", w.front.figures())
}

// calm asks while nothing is disturbed, as a person would ask again, and has the work disturbed.
func (w *world) calm(in factory.Input) {
	w.t.Helper()
	w.front.end()
	id := w.submit(in)
	w.front.begin()
	w.succeeded(id)
	w.front.end()
	if w.t.Failed() {
		w.t.FailNow()
	}
}
