package factory_test

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	orgtypes "github.com/aws/aws-sdk-go-v2/service/organizations/types"
	sctypes "github.com/aws/aws-sdk-go-v2/service/servicecatalog/types"
	"github.com/google/go-cmp/cmp"

	"accountfactory/internal/factory"
)

// census is the end state of everything requests can change.
func (f *fakeCloud) census() (out []string) {
	f.mu.Lock()
	defer f.mu.Unlock()
	for _, a := range f.accounts {
		out = append(out, fmt.Sprintf("account %s %s %s in %s enrolled=%v", *a.Id, *a.Email, a.State, f.parent[*a.Id], f.enrolled[*a.Id]))
	}
	for _, p := range f.products {
		if !p.gone {
			out = append(out, fmt.Sprintf("product %s %s of %s", *p.Name, p.Status, aws.ToString(p.PhysicalId)))
		}
	}
	for _, key := range slices.Sorted(maps.Keys(f.granted)) {
		out = append(out, "access "+key)
	}
	for _, email := range slices.Sorted(maps.Keys(f.users)) {
		out = append(out, "user "+email)
	}
	return out
}

// vended has an account of team 1 in Sandbox, led by lead1.
func vended(b *bundle) {
	b.t.Helper()
	if d := b.drive(b.submit(ada, input(1)).ID, nil); d.State != factory.StateSucceeded {
		b.t.Fatalf("launch: %s\n%s", d.State, story(d))
	}
}

// broken has the account of team 1 half made: it exists at the root, and its product is in ERROR.
func broken(b *bundle) {
	b.t.Helper()
	vended(b)
	p, id := b.cloud.products[0], ""
	id = *p.PhysicalId
	p.Status, p.StatusMessage, p.PhysicalId, p.LastSuccessfulProvisioningRecordId = sctypes.ProvisionedProductStatusError, aws.String("InternalServerException  AWS Control Tower could not complete the operation."), nil, nil
	b.cloud.parent[id], b.cloud.enrolled[id] = "r-ab12", false
}

// stranger has an account that joined the organization by invitation.
func stranger(b *bundle) { b.cloud.addAccount("Old one", "old@example.com", "r-ab12") }

func about(kind factory.Kind, account string, change func(*factory.Input)) factory.Input {
	in := factory.Input{Kind: kind, Options: factory.Options{Account: account}}
	if change != nil {
		change(&in)
	}
	return in
}

func quota(reason orgtypes.ConstraintViolationExceptionReason) error {
	return &orgtypes.ConstraintViolationException{Reason: reason, Message: aws.String("You have exceeded it.")}
}

// change is a request about an account that exists, and what shows in the census when it succeeded.
type change struct {
	name    string
	prepare func(*bundle)
	in      factory.Input
	want    []string // parts of the census
	gone    []string // not in it
}

const first = "111100000002"

var changes = []change{
	{
		name: "move", prepare: vended, in: about(factory.KindUpdate, "team1@example.com", func(in *factory.Input) { in.OU = "Workloads/Dev" }),
		want: []string{"in " + dev + " enrolled=true", "access " + first + " " + adminARN + " user-1"},
	},
	{
		name: "new user", prepare: vended, in: about(factory.KindUpdate, first, func(in *factory.Input) {
			in.SSOUserEmail, in.SSOUserFirstName, in.SSOUserLastName = "new@example.com", "Nina", "New"
		}),
		want: []string{"access " + first + " " + adminARN + " user-1", "access " + first + " " + adminARN + " user-2"},
	},
	{
		name: "new user without the old", prepare: vended, in: about(factory.KindUpdate, "Team 1", func(in *factory.Input) {
			in.SSOUserEmail, in.SSOUserFirstName, in.SSOUserLastName, in.RemoveOldAccess = "new@example.com", "Nina", "New", true
		}),
		want: []string{"access " + first + " " + adminARN + " user-2"}, gone: []string{"user-1"},
	},
	{
		name: "unmanage", prepare: vended, in: about(factory.KindUnmanage, first, nil),
		want: []string{"ACTIVE in r-ab12 enrolled=false"}, gone: []string{"product"},
	},
	{
		name: "close an enrolled one", prepare: vended, in: about(factory.KindClose, first, nil),
		want: []string{"CLOSED in r-ab12 enrolled=false"}, gone: []string{"product"},
	},
	{
		name: "close a free one", prepare: stranger, in: about(factory.KindClose, "old@example.com", nil),
		want: []string{"old@example.com CLOSED"},
	},
	{
		name: "close one that is being closed", in: about(factory.KindClose, "old@example.com", nil),
		prepare: func(b *bundle) { stranger(b); b.cloud.setState(first, orgtypes.AccountStatePendingClosure) },
		want:    []string{"old@example.com CLOSED"},
	},
	{
		name: "close when too many close at once", in: about(factory.KindClose, "old@example.com", nil),
		prepare: func(b *bundle) {
			stranger(b)
			b.cloud.closeErr = []error{quota(orgtypes.ConstraintViolationExceptionReasonCloseAccountRequestsLimitExceeded)}
		},
		want: []string{"old@example.com CLOSED"},
	},
	{
		name: "repair", prepare: broken, in: about(factory.KindRepair, first, func(in *factory.Input) { in.OU = "Sandbox" }),
		want: []string{"in " + sandbox + " enrolled=true", "product Team-1 AVAILABLE of " + first},
	},
	{
		name: "enroll", prepare: stranger, in: about(factory.KindEnroll, first, func(in *factory.Input) {
			in.OU, in.SSOUserEmail, in.SSOUserFirstName, in.SSOUserLastName = "Sandbox", "lead@example.com", "Lea", "Lead"
		}),
		want: []string{"old@example.com ACTIVE in " + sandbox + " enrolled=true", "product Old-one AVAILABLE of " + first},
	},
	{
		name: "access", prepare: vended, in: about(factory.KindAccess, first, func(in *factory.Input) {
			in.Grant = []factory.Access{{Group: "Developers", PermissionSet: "AWSReadOnlyAccess"}}
			in.Revoke = []factory.Access{{User: "lead1@example.com", PermissionSet: "AWSAdministratorAccess"}}
		}),
		want: []string{"ps-read group-dev"}, gone: []string{adminARN},
	},
}

func (c change) check(t *testing.T, d factory.Detail, got []string) {
	t.Helper()
	if d.State != factory.StateSucceeded {
		t.Fatalf("ended as %s\n%s", d.State, story(d))
	}
	all := strings.Join(got, "\n")
	for _, want := range c.want {
		if !strings.Contains(all, want) {
			t.Errorf("no %q in\n%s\n%s", want, all, story(d))
		}
	}
	for _, gone := range c.gone {
		if strings.Contains(all, gone) {
			t.Errorf("still %q in\n%s\n%s", gone, all, story(d))
		}
	}
}

func (b *bundle) begin(c change) factory.Detail {
	b.t.Helper()
	c.prepare(b)
	return b.submit(boss, c.in)
}

// TestChanges makes each change undisturbed.
func TestChanges(t *testing.T) {
	t.Parallel()
	for _, c := range changes {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			b := setup(t)
			d := b.drive(b.begin(c).ID, nil)
			c.check(t, d, b.cloud.census())
		})
	}
}

// undisturbed gives the calls a change makes, from submission on, and its end state.
func (c change) undisturbed(t *testing.T) (submitted, all int, end []string) {
	t.Helper()
	b := setup(t)
	d := b.begin(c)
	submitted = len(b.cloud.calls)
	d = b.drive(d.ID, nil)
	c.check(t, d, b.cloud.census())
	return submitted, len(b.cloud.calls), b.cloud.census()
}

// TestChangesCut cuts each AWS call of each change before and after it took effect: the end state is the same.
func TestChangesCut(t *testing.T) {
	t.Parallel()
	for _, c := range changes {
		first, last, end := c.undisturbed(t)
		for n := first + 1; n <= last; n++ {
			for _, after := range []bool{false, true} {
				t.Run(fmt.Sprintf("%s/call %d/after=%v", c.name, n, after), func(t *testing.T) {
					t.Parallel()
					b := setup(t)
					d := b.begin(c)
					b.cloud.fault = cutCall(n, after)
					c.whole(t, b, b.drive(d.ID, nil), end)
				})
			}
		}
	}
}

func (c change) whole(t *testing.T, b *bundle, d factory.Detail, end []string) {
	t.Helper()
	c.check(t, d, b.cloud.census())
	if diff := cmp.Diff(end, b.cloud.census()); diff != "" {
		t.Errorf("another end than undisturbed (-want +got):\n%s\n%s", diff, story(d))
	}
}

// TestChangesDie ends the process at each AWS call of each change, before and after it took effect.
func TestChangesDie(t *testing.T) {
	t.Parallel()
	for _, c := range changes {
		first, last, end := c.undisturbed(t)
		for n := first + 1; n <= last; n++ {
			for _, after := range []bool{false, true} {
				t.Run(fmt.Sprintf("%s/call %d/after=%v", c.name, n, after), func(t *testing.T) {
					t.Parallel()
					b := setup(t)
					d := b.begin(c)
					b.dieAtCall(t, d.ID, n, after)
					c.whole(t, b, b.drive(d.ID, nil), end)
				})
			}
		}
	}
}

// TestChangesDieBetweenTurns ends the process at each step boundary of each change.
func TestChangesDieBetweenTurns(t *testing.T) {
	t.Parallel()
	for _, c := range changes {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			_, _, end := c.undisturbed(t)
			b := setup(t)
			id := b.begin(c).ID
			for range 100 {
				b.reopen()
				if !b.turn(t.Context(), id) {
					break
				}
			}
			c.whole(t, b, b.get(id), end)
		})
	}
}

// TestRepair_AnothersLeftover: a product in ERROR that has the account's name and no account is told which one is meant; what it was launched
// with is not gone on with.
func TestRepair_AnothersLeftover(t *testing.T) {
	t.Parallel()
	b := setup(t)
	broken(b)
	b.cloud.products[0].params["AccountEmail"] = "other@example.com"
	d := b.drive(b.submit(boss, about(factory.KindRepair, first, func(in *factory.Input) { in.OU = "Sandbox" })).ID, nil)
	if d.State != factory.StateSucceeded || b.cloud.accountsOf("other@example.com") != 0 || b.cloud.products[0].params["AccountEmail"] != "team1@example.com" {
		t.Errorf("%s with %v\n%s", d.State, b.cloud.products[0].params, story(d))
	}
}

// TestCoolOff: a closure waits its time without a slot, can be undone until then, and begins after it.
func TestCoolOff(t *testing.T) {
	t.Parallel()
	b := setup(t)
	stranger(b)
	in := about(factory.KindClose, first, func(in *factory.Input) { in.CoolOff = "72h" })
	d := b.submit(boss, in)
	if d.Slot || d.Position != 0 || !strings.Contains(d.WaitingFor, "2026-11-25T09:00") {
		t.Errorf("cooling off: %+v", d)
	}
	if d, err := b.svc.Cancel(t.Context(), boss, d.ID); err != nil || d.State != factory.StateCancelled {
		t.Fatalf("undo: %v %v", d.State, err)
	}
	d = b.submit(boss, in)
	b.clock.advance(71 * time.Hour)
	if _, err := b.db.Sweep(t.Context(), false); err != nil || b.get(d.ID).Slot {
		t.Errorf("began too early: %v", err)
	}
	b.clock.advance(2 * time.Hour)
	if _, err := b.db.Sweep(t.Context(), false); err != nil {
		t.Fatal(err)
	}
	if d = b.drive(d.ID, nil); d.State != factory.StateSucceeded {
		t.Errorf("ended as %s\n%s", d.State, story(d))
	}
}

// TestCloseQuota: when AWS's quota of closures is used up, the request waits in the queue and gives its slot to others.
func TestCloseQuota(t *testing.T) {
	t.Parallel()
	b := setup(t)
	stranger(b)
	b.cloud.closeErr = []error{quota(orgtypes.ConstraintViolationExceptionReasonCloseAccountQuotaExceeded)}
	d := b.drive(b.submit(boss, about(factory.KindClose, first, nil)).ID, nil)
	if d.State != factory.StateWaiting || !strings.Contains(d.WaitingFor, "2026-11-23T09:00") || strings.Contains(d.WaitingFor, "undoes") || strings.Contains(story(d), "it begins after") {
		t.Fatalf("%s, waits for %q\n%s", d.State, d.WaitingFor, story(d))
	}
	if other := b.drive(b.submit(ada, input(1)).ID, nil); other.State != factory.StateSucceeded {
		t.Errorf("another meanwhile: %s", other.State)
	}
	b.clock.advance(25 * time.Hour)
	if _, err := b.db.Sweep(t.Context(), false); err != nil {
		t.Fatal(err)
	}
	if d = b.drive(d.ID, nil); d.State != factory.StateSucceeded {
		t.Errorf("ended as %s\n%s", d.State, story(d))
	}
}

// TestChange_ProductUnseen: a search that does not show a product which is there ends nothing, and above all closes no account that
// is still enrolled.
func TestChange_ProductUnseen(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct {
		in     factory.Input
		writes string
	}{
		{about(factory.KindClose, first, nil), "TerminateProvisionedProduct"},
		{about(factory.KindUnmanage, first, nil), "TerminateProvisionedProduct"},
		{about(factory.KindUpdate, first, func(in *factory.Input) { in.OU = "Workloads/Dev" }), "UpdateProvisionedProduct"},
	} {
		t.Run(string(tc.in.Kind), func(t *testing.T) {
			t.Parallel()
			b := setup(t)
			vended(b)
			d := b.drive(b.submit(boss, tc.in).ID, atStep(factory.StepTurn))
			b.cloud.unseen = 2
			if d = b.drive(d.ID, nil); d.State != factory.StateSucceeded || b.cloud.effect(tc.writes) != 1 {
				t.Errorf("%s with %d × %s\n%s", d.State, b.cloud.effect(tc.writes), tc.writes, story(d))
			}
		})
	}
}
