package identitycenter_test

import (
	"context"
	"errors"
	"path/filepath"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/identitystore"
	store "github.com/aws/aws-sdk-go-v2/service/identitystore/types"
	"github.com/aws/aws-sdk-go-v2/service/ssoadmin"

	"accountfactory/internal/twin/iam"
	"accountfactory/internal/twin/identitycenter"
	"accountfactory/internal/twin/state"
	"accountfactory/internal/wire"
)

const (
	management = "111111111111"
	member     = "222222222222"
	outsider   = "999999999999"
	home       = "eu-west-1"
	admins     = "arn:aws:iam::aws:policy/AdministratorAccess"
	viewers    = "arn:aws:iam::aws:policy/job-function/ViewOnlyAccess"
)

// bundle is the service on a real store with an organization of a few accounts and IAM of its own.
type bundle struct {
	*identitycenter.Service
	st       *state.Store
	roles    *roles
	org      accounts
	wall     *wall
	instance *string
	store    *string
	ended    map[string]string // request → reason, as OnAssigned heard it
}

// roles is IAM as Identity Center sees it. Only the test's goroutine and the runner's steps touch it, never at once: a
// step has ended when its state is seen.
type roles struct {
	roles    *state.Table[role]
	policies map[string]bool
}

type role struct {
	Account string
	Spec    iam.RoleSpec
}

func (r *roles) PutRole(tx *state.Tx, accountID string, spec iam.RoleSpec) {
	r.roles.Put(tx, &role{Account: accountID, Spec: spec})
}

func (r *roles) DeleteRole(tx *state.Tx, accountID, name string) bool {
	return r.roles.Delete(tx, accountID+"/"+name)
}

func (r *roles) HasPolicy(_ *state.Tx, _, arn string) bool { return r.policies[arn] }

// NewRoleSession gives a session that says what was asked for.
func (r *roles) NewRoleSession(tx *state.Tx, want iam.RoleSession) (*iam.Session, error) {
	if r.roles.Get(tx, want.AccountID+"/"+want.Role) == nil {
		return nil, iam.ErrNoRole
	}
	return &iam.Session{
		ID: "ASIATEST", ARN: want.AccountID + "/" + want.Role + "/" + want.SessionName, Secret: want.Secret.Key, Token: want.Secret.Token,
		Expires: time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC).Add(want.Duration),
	}, nil
}

type accounts map[string]string

func (a accounts) AccountName(_ *state.Tx, id string) (name, email string, ok bool) {
	email, ok = a[id]
	return "account " + id, email, ok
}

// wall is a wall clock that tests move.
type wall struct{ now time.Time }

func (w *wall) Now() time.Time { return w.now }

type option func(*state.Options, *identitycenter.Config)

func inRegion(name string) option {
	return func(_ *state.Options, c *identitycenter.Config) { c.Region = name }
}

// frozen stops the twin's clock, so that operations wait for advance.
func frozen(o *state.Options, _ *identitycenter.Config) { o.Speed = 1 }

func setup(tb testing.TB, options ...option) *bundle {
	tb.Helper()
	b := &bundle{ended: map[string]string{}, wall: &wall{now: time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC)}}
	opts := state.Options{Path: filepath.Join(tb.TempDir(), "twin.db"), Seed: 1}
	cfg := identitycenter.Config{ManagementAccountID: management, Region: home, PortalURL: "http://localhost:4580/start", Wall: b.wall}
	for _, o := range options {
		o(&opts, &cfg)
	}
	b.st = state.New(opts)
	b.roles = &roles{policies: map[string]bool{}}
	b.roles.roles = state.Define(b.st, "test.roles", 1, func(r *role) string { return r.Account + "/" + r.Spec.Name })
	b.org = accounts{management: "root@example.com", member: "member@example.com"}
	b.Service = identitycenter.New(b.st, b.org, b.roles, cfg)
	b.OnAssigned(func(_ *state.Tx, id string, ok bool, reason string) {
		if ok != (reason == "") {
			reason = "ok and reason disagree: " + reason
		}
		b.ended[id] = reason
	})
	if _, err := b.st.Open(tb.Context()); err != nil {
		tb.Fatal(err)
	}
	tb.Cleanup(func() { _ = b.st.Close() })
	if opts.Speed == 1 {
		must(tb, b.st.SetClock(tb.Context(), b.st.Clock().Stopped()))
	}
	b.update(tb, func(tx *state.Tx) error {
		in := b.Found(tx)
		arn, id := in.ARN(), in.StoreID
		b.instance, b.store = &arn, &id
		return nil
	})
	return b
}

// advance moves the frozen twin clock.
func (b *bundle) advance(t *testing.T, d time.Duration) {
	t.Helper()
	must(t, b.st.SetClock(t.Context(), b.st.Clock().Advanced(d)))
}

func (b *bundle) update(tb testing.TB, f func(tx *state.Tx) error) {
	tb.Helper()
	must(tb, b.st.Update(tb.Context(), f))
}

func (b *bundle) view(t *testing.T, f func(tx *state.Tx)) {
	t.Helper()
	must(t, b.st.View(func(tx *state.Tx) error { f(tx); return nil }))
}

// as gives the context of a call by an account's administrator in a Region.
func as(tb testing.TB, accountID, region string) context.Context {
	tb.Helper()
	return wire.WithRequest(tb.Context(), &wire.Request{
		ID: "request-1", Operation: "Op", Region: region,
		Caller: wire.Caller{AccountID: accountID, ARN: "arn:aws:iam::" + accountID + ":user/admin"},
	})
}

func admin(tb testing.TB) context.Context { tb.Helper(); return as(tb, management, home) }

// user makes a user through the API.
func (b *bundle) user(t *testing.T, name, email string) string {
	t.Helper()
	in := &identitystore.CreateUserInput{
		IdentityStoreId: b.store, UserName: &name, DisplayName: new("Name of " + name), Name: &store.Name{GivenName: new("Given"), FamilyName: new("Family")},
	}
	if email != "" {
		in.Emails = []store.Email{{Value: &email, Type: new("work"), Primary: true}}
	}
	out, err := b.CreateUser(admin(t), in)
	must(t, err)
	return *out.UserId
}

// group makes a group through the API.
func (b *bundle) group(t *testing.T, name string) string {
	t.Helper()
	out, err := b.CreateGroup(admin(t), &identitystore.CreateGroupInput{IdentityStoreId: b.store, DisplayName: &name, Description: new("about " + name)})
	must(t, err)
	return *out.GroupId
}

// set makes a permission set through the API, with AdministratorAccess.
func (b *bundle) set(t *testing.T, name string) *string {
	t.Helper()
	out, err := b.CreatePermissionSet(admin(t), &ssoadmin.CreatePermissionSetInput{InstanceArn: b.instance, Name: &name, Description: new("about " + name)})
	must(t, err)
	_, err = b.AttachManagedPolicyToPermissionSet(admin(t), &ssoadmin.AttachManagedPolicyToPermissionSetInput{
		InstanceArn: b.instance, PermissionSetArn: out.PermissionSet.PermissionSetArn, ManagedPolicyArn: new(admins),
	})
	must(t, err)
	return out.PermissionSet.PermissionSetArn
}

// rolesIn gives the roles an account has.
func (b *bundle) rolesIn(t *testing.T, accountID string) (specs []iam.RoleSpec) {
	t.Helper()
	b.view(t, func(tx *state.Tx) {
		for r := range b.roles.roles.All(tx) {
			if r.Account == accountID {
				specs = append(specs, r.Spec)
			}
		}
	})
	return specs
}

// until waits for a durable state in which ok holds.
func (b *bundle) until(t *testing.T, ok func(tx *state.Tx) bool) {
	t.Helper()
	for {
		changed, held := b.st.Changed(), false
		b.view(t, func(tx *state.Tx) { held = ok(tx) })
		if held {
			return
		}
		select {
		case <-changed:
		case <-t.Context().Done():
			t.Fatal("the state awaited never came")
		}
	}
}

// idle waits until no operation runs.
func (b *bundle) idle(t *testing.T) {
	t.Helper()
	b.until(t, func(tx *state.Tx) bool { return len(tx.Operations()) == 0 })
}

func must(tb testing.TB, err error) {
	tb.Helper()
	if err != nil {
		tb.Fatal(err)
	}
}

// wantError checks the code of an error, and its sentence when that is given.
func wantError(t *testing.T, err error, code, message string) {
	t.Helper()
	var api interface {
		ErrorCode() string
		ErrorMessage() string
	}
	if !errors.As(err, &api) {
		t.Errorf("error %v, want %s", err, code)
		return
	}
	if api.ErrorCode() != code || message != "" && api.ErrorMessage() != message {
		t.Errorf("error %s: %s\nwant  %s: %s", api.ErrorCode(), api.ErrorMessage(), code, message)
	}
}
