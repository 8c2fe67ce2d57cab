package signin_test

import (
	"bytes"
	"encoding/json"
	"log/slog"
	"net"
	"net/http"
	"net/http/httptest"
	"path/filepath"
	"sync"
	"testing"
	"time"

	"accountfactory/internal/clock"
	"accountfactory/internal/twin/iam"
	"accountfactory/internal/twin/identitycenter"
	"accountfactory/internal/twin/signin"
	"accountfactory/internal/twin/state"
	"accountfactory/test/harness"
)

const (
	password = "Correct-horse-1"
	another  = "Another-horse-2"
)

// bundle is the pages over real HTTP, on a real store.
type bundle struct {
	*signin.Service
	center *identitycenter.Service
	iam    *iam.Service
	st     *state.Store
	wall   *wall
	log    *lockedBuffer
	base   string // scheme and host
	pages  http.Handler
}

// wall is the real time and a little more. Cookie jars go by the real one.
type wall struct {
	mu    sync.Mutex
	ahead time.Duration
	held  time.Time // instead of the real time, once hold was called
}

func (w *wall) Now() time.Time {
	w.mu.Lock()
	defer w.mu.Unlock()
	if !w.held.IsZero() {
		return w.held.Add(w.ahead)
	}
	return clock.Wall{}.Now().Add(w.ahead)
}

// hold has time pass by pass alone, for tests that a slow machine must not hurry.
func (w *wall) hold() {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.held = clock.Wall{}.Now()
}

func (w *wall) pass(d time.Duration) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.ahead += d
}

type lockedBuffer struct {
	mu sync.Mutex
	bytes.Buffer
}

func (b *lockedBuffer) Write(p []byte) (int, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.Buffer.Write(p)
}

func (b *lockedBuffer) text() string {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.Buffer.String()
}

// nothing stands for the organization, which has every account, and IAM, of which sign-in wants nothing.
type nothing struct{}

func (nothing) AccountName(*state.Tx, string) (name, email string, ok bool) { return "", "", true }
func (nothing) PutRole(*state.Tx, string, iam.RoleSpec)                     {}
func (nothing) DeleteRole(*state.Tx, string, string) bool                   { return false }
func (nothing) HasPolicy(*state.Tx, string, string) bool                    { return false }
func (nothing) NewRoleSession(*state.Tx, iam.RoleSession) (*iam.Session, error) {
	return nil, iam.ErrNoRole
}

func setup(t testing.TB, change ...func(*signin.Config)) *bundle {
	t.Helper()
	l, err := new(net.ListenConfig).Listen(t.Context(), "tcp", "localhost:0")
	must(t, err)
	_, port, _ := net.SplitHostPort(l.Addr().String())
	b := &bundle{wall: &wall{}, log: &lockedBuffer{}, base: "http://localhost:" + port}
	log := slog.New(slog.NewTextHandler(b.log, &slog.HandlerOptions{Level: slog.LevelDebug}))
	b.st = state.New(state.Options{Path: filepath.Join(t.TempDir(), "twin.db"), Seed: 1, Log: log})
	b.center = identitycenter.New(b.st, nothing{}, nothing{}, identitycenter.Config{
		ManagementAccountID: "111111111111", Region: "eu-west-1", PortalURL: b.base + "/start", ConsoleCallback: b.base + "/sign-in/callback", Wall: b.wall,
	})
	b.iam = iam.New(b.st, iam.Config{ManagementAccountID: "111111111111", Region: "eu-west-1", Wall: b.wall})
	cfg := signin.Config{PortalURL: b.base + "/start", Wall: b.wall, Sessions: b.iam, Log: log}
	for _, f := range change {
		f(&cfg)
	}
	b.Service = signin.New(b.st, b.center, cfg)
	_, err = b.st.Open(t.Context())
	must(t, err)
	b.update(t, func(tx *state.Tx) error { b.center.Found(tx); return nil })
	b.pages = b.Handler()
	srv := &httptest.Server{Listener: l, Config: &http.Server{Handler: b.pages}} //nolint:gosec // a test's server on loopback
	srv.Start()
	t.Cleanup(func() {
		srv.Close()
		_ = b.st.Close()
	})
	return b
}

func (b *bundle) update(t testing.TB, f func(tx *state.Tx) error) {
	t.Helper()
	must(t, b.st.Update(t.Context(), f))
}

func (b *bundle) view(t *testing.T, f func(tx *state.Tx)) {
	t.Helper()
	must(t, b.st.View(func(tx *state.Tx) error { f(tx); return nil }))
}

// user makes a user who was invited, and gives the invitation's link.
func (b *bundle) user(t *testing.T, name string) (id, link string) {
	t.Helper()
	token := identitycenter.NewToken()
	b.update(t, func(tx *state.Tx) error {
		u, err := b.center.PutUser(tx, identitycenter.NewUser{UserName: name, Given: "Given", Family: "Family", Email: "mail-" + name + "@example.com"})
		if err != nil {
			return err
		}
		id = u.ID
		return b.center.Invite(tx, u.ID, token)
	})
	return id, b.center.InvitationLink(token)
}

func (b *bundle) browser() *harness.Browser { return harness.NewBrowser(b.base) }

// jane is a user with a password, and her browser, which is signed in.
func (b *bundle) jane(t *testing.T) (id string, in *harness.Browser) {
	t.Helper()
	id, link := b.user(t, "jane")
	in = b.browser()
	get(t, in, link)
	wantTitle(t, submit(t, in, "choose", "password", password, "again", password), "You are signed in")
	return id, in
}

// signIn sends name and password in a browser.
func signIn(t *testing.T, in *harness.Browser, name, secret string) *harness.Page {
	t.Helper()
	get(t, in, "/signin/in")
	return submit(t, in, "sign-in", "username", name, "password", secret)
}

func get(t *testing.T, in *harness.Browser, address string) *harness.Page {
	t.Helper()
	p, err := in.Get(t.Context(), address)
	must(t, err)
	return p
}

// submit sends a form with fields typed, given as name and value in turn.
func submit(t *testing.T, in *harness.Browser, form string, typed ...string) *harness.Page {
	t.Helper()
	p, err := in.Submit(t.Context(), form, pairs(typed))
	must(t, err)
	return p
}

func pairs(typed []string) map[string]string {
	out := map[string]string{}
	for i := 0; i < len(typed); i += 2 {
		out[typed[i]] = typed[i+1]
	}
	return out
}

func wantTitle(t *testing.T, p *harness.Page, want string) {
	t.Helper()
	if p.Title() != want {
		t.Fatalf("page %s is %q: %s; want %q", p.URL, p.Title(), p.Alert(), want)
	}
}

func wantAlert(t *testing.T, p *harness.Page, status int, want string) {
	t.Helper()
	if p.Status != status || p.Alert() != want {
		t.Errorf("page %s answers %d: %q\nwant %d: %q", p.URL, p.Status, p.Alert(), status, want)
	}
}

// signedIn tells whether a browser is.
func signedIn(t *testing.T, in *harness.Browser) bool {
	t.Helper()
	return get(t, in, "/signin/").Title() == "You are signed in"
}

// mail gives the last mail to an address, the zero one when there is none.
func (b *bundle) mail(t *testing.T, to string) (mail identitycenter.Mail) {
	t.Helper()
	b.view(t, func(tx *state.Tx) {
		for m := range tx.Messages("mail", "") {
			var one identitycenter.Mail
			must(t, json.Unmarshal(m.Body, &one))
			if one.To == to {
				mail = one
			}
		}
	})
	return mail
}

func must(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}
