package console

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/smithy-go"

	"accountfactory/internal/cloud"
)

// memory is a SessionStore without a disk. What it keeps can be looked at.
type memory struct {
	mu       sync.Mutex
	sessions map[string][]byte
	kept     map[string][]byte
}

func (m *memory) AddSession(_ context.Context, hash string, sealed []byte, _ time.Time) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.sessions[hash] = sealed
	return nil
}

func (m *memory) Session(_ context.Context, hash string) ([]byte, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	return m.sessions[hash], nil
}

func (m *memory) ChangeSession(_ context.Context, hash string, sealed []byte) (bool, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.sessions[hash] == nil {
		return false, nil
	}
	m.sessions[hash] = sealed
	return true, nil
}

func (m *memory) DropSession(_ context.Context, hash string) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	delete(m.sessions, hash)
	return nil
}

func (m *memory) Keep(_ context.Context, name string, sealed []byte) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.kept[name] = sealed
	return nil
}

func (m *memory) Kept(_ context.Context, name string) ([]byte, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	return m.kept[name], nil
}

// fakePortal counts what it is asked, and answers err where one is set.
type fakePortal struct {
	mu                        sync.Mutex
	renewed, asked, registers int
	roles                     int
	has                       []string // roles, in every account
	signedOut                 string
	err                       error
	forgotten                 bool // the registration
	clock                     *handClock
}

func (p *fakePortal) count(n *int) error {
	p.mu.Lock()
	defer p.mu.Unlock()
	*n++
	return p.err
}

func (p *fakePortal) tokens(name string) cloud.PortalTokens {
	return cloud.PortalTokens{Access: "access-" + name, Refresh: "refresh", Expires: p.clock.Now().Add(time.Hour)}
}

func (p *fakePortal) Register(_ context.Context, _, redirect string) (cloud.PortalClient, error) {
	err := p.count(&p.registers)
	p.forgotten = false
	return cloud.PortalClient{ID: fmt.Sprint("client-", p.registers), Redirect: redirect, Expires: p.clock.Now().Add(90 * 24 * time.Hour)}, err
}

func (p *fakePortal) Knows(context.Context, cloud.PortalClient) (bool, error) {
	return !p.forgotten, p.err
}

func (p *fakePortal) Exchange(context.Context, cloud.PortalClient, string, string) (cloud.PortalTokens, error) {
	return p.tokens("first"), p.err
}

func (p *fakePortal) Renew(context.Context, cloud.PortalClient, string) (cloud.PortalTokens, error) {
	err := p.count(&p.renewed)
	return p.tokens(fmt.Sprint("renewed-", p.renewed)), err
}

func (p *fakePortal) Alive(context.Context, string) error { return p.count(&p.asked) }

func (p *fakePortal) SignOut(_ context.Context, access string) error {
	p.signedOut = access
	return p.err
}

func (p *fakePortal) Accounts(context.Context, string) ([]cloud.PortalAccount, error) {
	return []cloud.PortalAccount{}, p.err
}

func (p *fakePortal) Roles(context.Context, string, string) ([]string, error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.has, p.err
}

func (p *fakePortal) Credentials(context.Context, string, string, string) (aws.Credentials, error) {
	err := p.count(&p.roles)
	if err == nil && len(p.has) == 0 {
		err = &smithy.GenericAPIError{Code: "ForbiddenException", Message: "No access"}
	}
	return aws.Credentials{AccessKeyID: fmt.Sprint("ASIA", p.roles), SecretAccessKey: "s", CanExpire: true, Expires: p.clock.Now().Add(time.Hour)}, err
}

// handClock is moved by hand.
type handClock struct {
	mu sync.Mutex
	at time.Time
}

func (c *handClock) Now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.at
}

func (c *handClock) pass(d time.Duration) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.at = c.at.Add(d)
}

// bundle is a console with a portal and a store that are not real.
type bundle struct {
	*Console
	portal *fakePortal
	store  *memory
	clock  *handClock
}

func setup(t *testing.T, change ...func(*Config)) *bundle {
	t.Helper()
	b := &bundle{
		store: &memory{sessions: map[string][]byte{}, kept: map[string][]byte{}},
		clock: &handClock{at: time.Date(2026, 11, 22, 9, 0, 0, 0, time.UTC)},
	}
	b.portal = &fakePortal{clock: b.clock, has: []string{"Admin"}}
	sealer, err := NewSealer(bytes.Repeat([]byte{7}, KeySize))
	if err != nil {
		t.Fatal(err)
	}
	c := quiet().config
	c.Sessions, c.Sealer, c.Portal, c.Clock, c.About.Audience, c.AuthorizeURL = b.store, sealer, b.portal, b.clock, "http://localhost:4580", "http://localhost:4580/authorize"
	for _, f := range change {
		f(&c)
	}
	b.Console = New(c)
	return b
}

// signedIn gives a request of somebody whose sign-in lasts eight hours from now.
func (b *bundle) signedIn(t *testing.T) *http.Request {
	t.Helper()
	id, err := b.sessions.begin(t.Context(), &session{
		Way: b.portalWay(), User: User{UserName: "ann"}, Tokens: b.portal.tokens("first"), Begun: b.clock.Now(), Expires: b.clock.Now().Add(8 * time.Hour),
	})
	if err != nil {
		t.Fatal(err)
	}
	r := httptest.NewRequest(http.MethodGet, "/", nil).WithContext(t.Context())
	r.AddCookie(&http.Cookie{Name: cookieName, Value: id})
	return r
}

// TestSessions_Renewed: shortly before the token ends there is another, got once however many ask, and stored.
func TestSessions_Renewed(t *testing.T) {
	t.Parallel()
	b := setup(t)
	r := b.signedIn(t)
	b.clock.pass(54 * time.Minute)
	if one, err := b.sessions.of(r, false); err != nil || one.Tokens.Access != "access-first" {
		t.Fatalf("%+v %v", one, err)
	}
	b.clock.pass(2 * time.Minute)
	var all sync.WaitGroup
	for range 20 {
		all.Go(func() {
			if one, err := b.sessions.of(r, false); err != nil || one.Tokens.Access != "access-renewed-1" {
				t.Errorf("%+v %v", one, err)
			}
		})
	}
	all.Wait()
	if b.portal.renewed != 1 {
		t.Errorf("renewed %d times", b.portal.renewed)
	}
	b.Console = New(b.config) // another process
	if one, err := b.sessions.of(r, false); err != nil || one.Tokens.Access != "access-renewed-1" || one.User.UserName != "ann" {
		t.Errorf("after a restart: %+v %v", one, err)
	}
}

// TestSessions_Asked: the portal is asked whether the sign-in holds, now and then, and each time when it must be sure.
func TestSessions_Asked(t *testing.T) {
	t.Parallel()
	b := setup(t)
	r := b.signedIn(t)
	for _, sure := range []bool{false, false, true, false} {
		if _, err := b.sessions.of(r, sure); err != nil {
			t.Fatal(err)
		}
	}
	if b.portal.asked != 2 {
		t.Errorf("asked %d times, want at first and when it must be sure", b.portal.asked)
	}
	b.clock.pass(aliveFor + time.Second)
	if _, err := b.sessions.of(r, false); err != nil || b.portal.asked != 3 {
		t.Errorf("later: asked %d times, %v", b.portal.asked, err)
	}
	for range 4 { // a page that asks all the time
		b.clock.pass(aliveFor / 2)
		if _, err := b.sessions.of(r, false); err != nil {
			t.Fatal(err)
		}
	}
	if b.portal.asked != 4 {
		t.Errorf("used all the time: asked %d times, want once more", b.portal.asked)
	}
}

// TestSessions_End: what ends a session, and what only keeps one from being used now.
func TestSessions_End(t *testing.T) {
	t.Parallel()
	signedOut := fmt.Errorf("AWS: %w", cloud.ErrSignedOut)
	for _, tc := range []struct {
		name   string
		change func(b *bundle, r *http.Request)
		stays  bool
	}{
		{"revoked", func(b *bundle, _ *http.Request) { b.portal.err = signedOut }, false},
		{"revoked when it is to be renewed", func(b *bundle, _ *http.Request) { b.clock.pass(time.Hour); b.portal.err = signedOut }, false},
		{"its way is not offered any more", func(b *bundle, _ *http.Request) { b.Console.config.Portal = nil }, false},
		{"over", func(b *bundle, _ *http.Request) { b.clock.pass(8 * time.Hour) }, false},
		{"the portal is away", func(b *bundle, _ *http.Request) { b.portal.err = errors.New("no route to host") }, true},
		{"another's cookie", func(_ *bundle, r *http.Request) {
			r.Header.Set("Cookie", "console="+strings.Repeat("x", 43))
		}, true},
		{"sealed with another key", func(b *bundle, _ *http.Request) {
			other, _ := NewSealer(bytes.Repeat([]byte{8}, KeySize))
			b.sessions.sealer = other
		}, true},
		{"a row exchanged for another's", func(b *bundle, r *http.Request) {
			mine, _ := r.Cookie(cookieName)
			for hash, sealed := range b.store.sessions {
				if hash != hashOf(mine.Value) {
					b.store.sessions[hashOf(mine.Value)] = sealed
				}
			}
		}, true},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			b := setup(t)
			b.signedIn(t) // somebody else
			r := b.signedIn(t)
			tc.change(b, r)
			one, err := b.sessions.of(r, true)
			if err == nil {
				t.Fatalf("%+v", one)
			}
			want := 2
			if !tc.stays {
				want = 1
			}
			if len(b.store.sessions) != want {
				t.Errorf("%d sessions are left, want %d", len(b.store.sessions), want)
			}
		})
	}
}

// TestSessions_Sealed: nothing in the store shows a token or opens a session.
func TestSessions_Sealed(t *testing.T) {
	t.Parallel()
	b := setup(t)
	r := b.signedIn(t)
	c, err := r.Cookie(cookieName)
	if err != nil {
		t.Fatal(err)
	}
	for hash, sealed := range b.store.sessions {
		if strings.Contains(hash, c.Value) || bytes.Contains(sealed, []byte("access-first")) || bytes.Contains(sealed, []byte(`"ann"`)) {
			t.Errorf("%s: %q", hash, sealed)
		}
	}
}

// TestOpened: a role's credentials are got once, replaced before they end, and got anew when AWS does not know them.
func TestOpened(t *testing.T) {
	t.Parallel()
	b := setup(t, func(c *Config) { c.Cloud = &cloud.Cloud{} })
	one, err := b.sessions.of(b.signedIn(t), false)
	if err != nil {
		t.Fatal(err)
	}
	open := func(role string) *opened {
		t.Helper()
		_, o, err := b.as(t.Context(), one, place{"111122223333", role, "eu-west-1"})
		if err != nil {
			t.Fatal(err)
		}
		return o
	}
	var all sync.WaitGroup
	for range 10 {
		all.Go(func() { _, _, _ = b.as(t.Context(), one, place{"111122223333", "Admin", "eu-west-1"}) }) // errors show below
	}
	all.Wait()
	if open("Admin"); b.portal.roles != 1 {
		t.Errorf("got credentials %d times", b.portal.roles)
	}
	b.clock.pass(54 * time.Minute)
	if open("Admin"); b.portal.roles != 1 {
		t.Errorf("got credentials %d times, long before their end", b.portal.roles)
	}
	b.clock.pass(2 * time.Minute)
	o := open("Admin")
	if b.portal.roles != 2 {
		t.Errorf("got credentials %d times, shortly before their end", b.portal.roles)
	}
	o.forget()
	if open("Admin"); b.portal.roles != 3 {
		t.Errorf("got credentials %d times, unknown to AWS", b.portal.roles)
	}
	for n := range 200 {
		open(fmt.Sprint("Role", n))
	}
	if n := one.live.roles.Len(); n > manyRoles {
		t.Errorf("%d roles are open", n)
	}
}

// TestOpened_Lost: a role that was taken away is a person's no more, though its credentials are good for long yet; nor is the stream
// that they follow in it.
func TestOpened_Lost(t *testing.T) {
	t.Parallel()
	b := setup(t, func(c *Config) { c.Cloud = &cloud.Cloud{} })
	r := b.follower(t)
	one, err := b.sessions.of(r, false)
	if err != nil {
		t.Fatal(err)
	}
	at := place{"111122223333", "Admin", "eu-west-1"}
	if _, _, err := b.as(t.Context(), one, at); err != nil || !b.still(r) {
		t.Fatalf("%v, still %t", err, b.still(r))
	}
	b.portal.has = nil
	if _, _, err := b.as(t.Context(), one, at); err != nil {
		t.Errorf("asked again at once: %v", err)
	}
	b.clock.pass(aliveFor + time.Second)
	_, _, err = b.as(t.Context(), one, at)
	var shown *apiError
	if !errors.As(err, &shown) || shown.Code != "ForbiddenException" {
		t.Errorf("taken away: %v", err)
	}
	if b.still(r) {
		t.Error("the stream goes on")
	}
}

// TestRegistration: kept, and made again when the portal has forgotten it, when it is about to end, and at another address.
func TestRegistration(t *testing.T) {
	t.Parallel()
	b := setup(t)
	for _, step := range []struct {
		name   string
		change func()
		want   int
	}{
		{"at first", func() {}, 1},
		{"again", func() {}, 1},
		{"forgotten", func() { b.portal.forgotten = true }, 2},
		{"shortly before its end", func() { b.clock.pass(89*24*time.Hour + time.Hour) }, 3},
		{"another process", func() { b.Console = New(b.config) }, 3},
		{"at another address", func() { c := b.config; c.About.Audience = "https://console.example"; b.Console = New(c) }, 4},
	} {
		step.change()
		got, err := b.registration.get(t.Context(), b.Console)
		if err != nil || b.portal.registers != step.want || got.Redirect != CallbackURL(b.config.About.Audience) {
			t.Errorf("%s: registered %d times, want %d: %+v %v", step.name, b.portal.registers, step.want, got, err)
		}
	}
}

// cookieIn gives the cookie that an answer sets.
func cookieIn(w *httptest.ResponseRecorder) *http.Cookie {
	return (&http.Response{Header: w.Header()}).Cookies()[0]
}

// TestSecureCookie: with HTTPS the cookie is one that no other host and no plain page can set.
func TestSecureCookie(t *testing.T) {
	t.Parallel()
	b := setup(t, func(c *Config) { c.About.Audience = "https://console.example" })
	w := httptest.NewRecorder()
	b.setCookie(w, "x", b.clock.Now().Add(time.Hour))
	c := cookieIn(w)
	if c.Name != "__Host-console" || !c.Secure || c.Path != "/" || c.Domain != "" || !c.HttpOnly || c.SameSite != http.SameSiteLaxMode {
		t.Errorf("%+v", c)
	}
	w = httptest.NewRecorder()
	b.Handler().ServeHTTP(w, httptest.NewRequest(http.MethodGet, "https://console.example/sign-in", nil))
	if c := cookieIn(w); !strings.HasPrefix(c.Name, "__Host-console_flow_") || !c.Secure || c.Path != "/" {
		t.Errorf("%+v", c)
	}
}

// TestSecureCookie_Others: with HTTPS a cookie that another host of the domain could have set is nothing, whatever is in it: else
// somebody could be signed in as another without noticing.
func TestSecureCookie_Others(t *testing.T) {
	t.Parallel()
	b := setup(t, func(c *Config) { c.About.Audience = "https://console.example" })
	id, err := b.signedIn(t).Cookie(cookieName)
	if err != nil {
		t.Fatal(err)
	}
	for name, good := range map[string]bool{"__Host-console": true, "console": false} {
		r := httptest.NewRequest(http.MethodGet, "/", nil)
		r.AddCookie(&http.Cookie{Name: name, Value: id.Value})
		if _, err := b.sessions.of(r, false); (err == nil) != good {
			t.Errorf("%s: %v", name, err)
		}
	}
	w := httptest.NewRecorder()
	b.Handler().ServeHTTP(w, httptest.NewRequest(http.MethodGet, "https://console.example/sign-in", nil))
	set, to := cookieIn(w), w.Header().Get("Location")
	at, err := url.Parse(to)
	if err != nil {
		t.Fatal(err)
	}
	for name, good := range map[string]bool{set.Name: true, strings.TrimPrefix(set.Name, "__Host-"): false} {
		r := httptest.NewRequest(http.MethodGet, "/sign-in/callback", nil)
		r.AddCookie(&http.Cookie{Name: name, Value: set.Value})
		if _, err := b.flowOf(r, wayPortal, at.Query().Get("state")); (err == nil) != good {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// TestFlowExpires: an answer that comes too late belongs to no sign-in.
func TestFlowExpires(t *testing.T) {
	t.Parallel()
	b := setup(t)
	w := httptest.NewRecorder()
	b.Handler().ServeHTTP(w, httptest.NewRequest(http.MethodGet, "http://localhost:4580/sign-in", nil))
	set := cookieIn(w)
	to := w.Header().Get("Location")
	_, state, _ := strings.Cut(to, "state=")
	state, _, _ = strings.Cut(state, "&")
	r := httptest.NewRequest(http.MethodGet, "/sign-in/callback", nil)
	r.AddCookie(set)
	if _, err := b.flowOf(r, wayPortal, state); err != nil {
		t.Errorf("in time: %v (%s)", err, to)
	}
	if _, err := b.flowOf(r, wayOIDC, state); err == nil {
		t.Error("the portal's answer is taken for a company's")
	}
	b.clock.pass(flowTime)
	if _, err := b.flowOf(r, wayPortal, state); err == nil {
		t.Error("too late, and taken")
	}
}

// TestAtHome: who comes by another name of this machine is sent to the one that cookies know.
func TestAtHome(t *testing.T) {
	t.Parallel()
	b := setup(t)
	for host, want := range map[string]string{
		"localhost:4580": "", "127.0.0.1:4580": "http://localhost:4580/sign-in?return=/x", "[::1]:4580": "http://localhost:4580/sign-in?return=/x", "evil.example": "",
	} {
		r := httptest.NewRequest(http.MethodGet, "/sign-in?return=/x", nil)
		r.Host = host
		if got := b.atHome(r); got != want {
			t.Errorf("%s: sent to %q, want %q", host, got, want)
		}
	}
}
