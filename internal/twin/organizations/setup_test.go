package organizations_test

import (
	"context"
	"errors"
	"path/filepath"
	"sync"
	"testing"
	"time"

	sdk "github.com/aws/aws-sdk-go-v2/service/organizations"
	"github.com/aws/aws-sdk-go-v2/service/organizations/types"
	"github.com/aws/smithy-go"

	"accountfactory/internal/twin/organizations"
	"accountfactory/internal/twin/state"
	"accountfactory/internal/wire"
)

const management = "111111111111"

// twin is the service on a store of its own, with an organization, as its management account sees it.
type twin struct {
	*organizations.Service
	t       testing.TB
	store   *state.Store
	members *members
	ctx     context.Context // the management account's
	root    string
	org     string
}

// members remembers what IAM would be told.
type members struct {
	mu      sync.Mutex
	roles   map[string]string // account → role
	removed []string
}

func (m *members) AddMember(_ *state.Tx, accountID, roleName, managementID string) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.roles[accountID] = roleName + "<-" + managementID
}

func (m *members) RemoveAccount(_ *state.Tx, accountID string) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.removed = append(m.removed, accountID)
	delete(m.roles, accountID)
}

func (m *members) role(accountID string) string {
	m.mu.Lock()
	defer m.mu.Unlock()
	return m.roles[accountID]
}

// bare is a twin without an organization; declare may add listeners before the store opens.
func bare(t testing.TB, q organizations.Quotas, speed float64, declare ...func(*organizations.Service)) *twin {
	t.Helper()
	w := &twin{t: t, members: &members{roles: map[string]string{}}}
	w.store = state.New(state.Options{Path: filepath.Join(t.TempDir(), "twin.db"), Seed: 1, Speed: speed})
	w.Service = organizations.New(w.store, w.members, organizations.Config{
		ManagementAccountID: management, ManagementEmail: "owner@example.com", ManagementName: "Owner", Quotas: q,
	})
	for _, f := range declare {
		f(w.Service)
	}
	if _, err := w.store.Open(context.Background()); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = w.store.Close() })
	w.ctx = as(management)
	return w
}

func setup(t testing.TB, q organizations.Quotas, speed float64, declare ...func(*organizations.Service)) *twin {
	t.Helper()
	w := bare(t, q, speed, declare...)
	w.update(func(tx *state.Tx) {
		org := w.Found(tx, "owner@example.com", "Owner")
		w.root, w.org = org.RootID, org.ID
	})
	return w
}

// as is the context of a call by an account.
func as(accountID string) context.Context {
	return wire.WithRequest(context.Background(), &wire.Request{
		Service: "organizations", Caller: wire.Caller{AccountID: accountID, ARN: "arn:aws:iam::" + accountID + ":user/test"},
	})
}

func (w *twin) update(f func(tx *state.Tx)) {
	w.t.Helper()
	must(w.t, w.store.Update(w.ctx, func(tx *state.Tx) error { f(tx); return nil }))
}

func (w *twin) view(f func(tx *state.Tx)) {
	_ = w.store.View(func(tx *state.Tx) error { f(tx); return nil })
}

// await waits for a durable state in which ok holds.
func (w *twin) await(ok func(*state.Tx) bool) {
	w.t.Helper()
	deadline, stop := context.WithTimeout(context.Background(), time.Minute)
	defer stop()
	for {
		changed, held := w.store.Changed(), false
		w.view(func(tx *state.Tx) { held = ok(tx) })
		if held {
			return
		}
		select {
		case <-changed:
		case <-deadline.Done():
			w.t.Fatal("the state awaited never came")
		}
	}
}

// advance moves the twin's clock, frozen, ahead.
func (w *twin) advance(d time.Duration) {
	w.t.Helper()
	must(w.t, w.store.SetClock(context.Background(), w.store.Clock().Advanced(d)))
}

func (w *twin) freeze() {
	w.t.Helper()
	must(w.t, w.store.SetClock(context.Background(), w.store.Clock().Stopped()))
}

// account adds a member account at once.
func (w *twin) account(name string) (id string) {
	w.t.Helper()
	w.update(func(tx *state.Tx) {
		id = w.AddAccount(tx, organizations.Account{Name: name, Email: name + "@example.com"}).ID
	})
	return id
}

func (w *twin) ou(parent, name string) string {
	w.t.Helper()
	out, err := w.CreateOrganizationalUnit(w.ctx, &sdk.CreateOrganizationalUnitInput{ParentId: &parent, Name: &name})
	must(w.t, err)
	return *out.OrganizationalUnit.Id
}

// create asks for an account and waits for the end.
func (w *twin) create(in *sdk.CreateAccountInput) types.CreateAccountStatus {
	w.t.Helper()
	out, err := w.CreateAccount(w.ctx, in)
	must(w.t, err)
	return w.ended(*out.CreateAccountStatus.Id)
}

func (w *twin) ended(id string) types.CreateAccountStatus {
	w.t.Helper()
	w.await(func(tx *state.Tx) bool { return w.CreateStatusOf(tx, id).State != organizations.InProgress })
	out, err := w.DescribeCreateAccountStatus(w.ctx, &sdk.DescribeCreateAccountStatusInput{CreateAccountRequestId: &id})
	must(w.t, err)
	return *out.CreateAccountStatus
}

func newAccount(name, email string) *sdk.CreateAccountInput {
	return &sdk.CreateAccountInput{AccountName: &name, Email: &email}
}

func must(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// wantError checks an error's code, and its reason when one is given.
func wantError(t testing.TB, err error, code string, reason ...string) {
	t.Helper()
	var api smithy.APIError
	if !errors.As(err, &api) || api.ErrorCode() != code {
		t.Fatalf("error %v, want %s", err, code)
	}
	if api.ErrorMessage() == "" {
		t.Errorf("%s has no message", code)
	}
	if len(reason) == 0 {
		return
	}
	got := ""
	var limit *types.ConstraintViolationException
	var input *types.InvalidInputException
	switch {
	case errors.As(err, &limit):
		got = string(limit.Reason)
	case errors.As(err, &input):
		got = string(input.Reason)
	}
	if got != reason[0] {
		t.Errorf("%s for reason %q, want %q", code, got, reason[0])
	}
}
