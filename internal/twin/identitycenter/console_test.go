package identitycenter_test

import (
	"errors"
	"slices"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/sso"
	"github.com/aws/aws-sdk-go-v2/service/ssooidc"

	"accountfactory/internal/twin/identitycenter"
	"accountfactory/internal/twin/state"
)

const consoleCallback = "https://console.example/sign-in/callback"

func withConsole(_ *state.Options, c *identitycenter.Config) { c.ConsoleCallback = consoleCallback }

// forConsole registers as the console does.
func forConsole(in *ssooidc.RegisterClientInput) {
	scoped(in)
	in.GrantTypes, in.RedirectUris = []string{"authorization_code", "refresh_token"}, []string{consoleCallback}
}

func (c client) consoleAuthorization() identitycenter.Authorization {
	a := c.authorization()
	a.Redirect = consoleCallback
	return a
}

// enter signs in to the console from a browser.
func (c client) enter(t *testing.T, browser *identitycenter.PortalSession) *ssooidc.CreateTokenOutput {
	t.Helper()
	token := identitycenter.NewToken()
	c.update(t, func(tx *state.Tx) error { return c.AuthorizeConsole(tx, c.consoleAuthorization(), browser, token) })
	out, err := c.exchange(t, &token.Secret, func(in *ssooidc.CreateTokenInput) { in.RedirectUri = new(consoleCallback) })
	must(t, err)
	return out
}

// open signs a user in to a browser.
func (b *bundle) open(t *testing.T, user string) (p *identitycenter.PortalSession) {
	t.Helper()
	b.update(t, func(tx *state.Tx) error {
		p = b.BeginSession(tx, identitycenter.PortalSession{UserID: user})
		return nil
	})
	return p
}

// Only the console's own address is taken beside loopback, to the letter, and only where a console is.
func TestConsole_Redirect(t *testing.T) {
	t.Parallel()
	with, without := setup(t, withConsole), setup(t)
	for _, tc := range []struct {
		name, redirect string
		b              *bundle
		want           string
	}{
		{"the console", consoleCallback, with, ""},
		{"no console here", consoleCallback, without, "InvalidRedirectUriException"},
		{"a path below", consoleCallback + "/x", with, "InvalidRedirectUriException"},
		{"a query", consoleCallback + "?x=1", with, "InvalidRedirectUriException"},
		{"another port", "https://console.example:8443/sign-in/callback", with, "InvalidRedirectUriException"},
		{"plain http", "http://console.example/sign-in/callback", with, "InvalidRedirectUriException"},
		{"another host", "https://console.example.evil.example/sign-in/callback", with, "InvalidRedirectUriException"},
	} {
		_, err := tc.b.RegisterClient(t.Context(), &ssooidc.RegisterClientInput{ClientName: new("x"), ClientType: new("public"), RedirectUris: []string{tc.redirect}})
		if tc.want == "" {
			must(t, err)
			continue
		}
		t.Run(tc.name, func(t *testing.T) { wantError(t, err, tc.want, "") })
	}
	stranger, browser := with.register(t, withCode), with.open(t, with.user(t, "jane", ""))
	with.view(t, func(tx *state.Tx) {
		if _, err := with.Authorizing(tx, stranger.consoleAuthorization()); !errors.Is(err, identitycenter.ErrNoRedirect) {
			t.Errorf("a client that did not register the console's address: %v", err)
		}
		if err := with.AuthorizeConsole(tx, stranger.authorization(), browser, identitycenter.NewToken()); !errors.Is(err, identitycenter.ErrNoRedirect) {
			t.Errorf("another address, without asking the person: %v", err)
		}
	})
}

// The console's sign-in and the browser's begin and end together; another client's is its own.
func TestConsole_EndsWithBrowser(t *testing.T) {
	t.Parallel()
	b := setup(t, withConsole)
	jane := b.user(t, "jane", "")
	console, other := b.register(t, forConsole), b.register(t, scoped)
	browser := b.open(t, jane)
	b.wall.now = b.wall.now.Add(7*time.Hour + 45*time.Minute)
	if out := console.enter(t, browser); out.ExpiresIn != 900 {
		t.Errorf("the token lasts %d s, want the quarter of an hour that the browser has left", out.ExpiresIn)
	}

	browser = b.open(t, jane)
	first := console.enter(t, browser)
	b.update(t, func(tx *state.Tx) error { b.EndSession(tx, browser.ID); return nil })
	if b.bearer(t, identitycenter.AccessUse, first.AccessToken) != "" || b.bearer(t, identitycenter.RefreshUse, first.RefreshToken) != "" {
		t.Error("the console's sign-in outlives the browser's")
	}

	browser = b.open(t, jane)
	second := console.enter(t, browser)
	_, err := b.Logout(t.Context(), &sso.LogoutInput{AccessToken: second.AccessToken})
	must(t, err)
	b.view(t, func(tx *state.Tx) {
		left := slices.Collect(b.SessionsOf(tx, jane))
		for _, p := range left {
			if p.ID == browser.ID {
				t.Error("signed out of the console, the browser is still signed in")
			}
		}
	})

	device := other.signIn(t, jane).AccessToken
	browser = b.open(t, jane)
	console.enter(t, browser)
	_, err = b.Logout(t.Context(), &sso.LogoutInput{AccessToken: device})
	must(t, err)
	b.view(t, func(tx *state.Tx) {
		if n := len(slices.Collect(b.SessionsOf(tx, jane))); n < 2 {
			t.Errorf("signing out another client leaves %d sessions", n)
		}
	})
}

// A code of a browser that has signed out meanwhile is worth nothing.
func TestConsole_SignedOutMeanwhile(t *testing.T) {
	t.Parallel()
	b := setup(t, withConsole)
	c, browser := b.register(t, forConsole), b.open(t, b.user(t, "jane", ""))
	token := identitycenter.NewToken()
	b.update(t, func(tx *state.Tx) error { return b.AuthorizeConsole(tx, c.consoleAuthorization(), browser, token) })
	b.update(t, func(tx *state.Tx) error { b.EndSession(tx, browser.ID); return nil })
	_, err := c.exchange(t, &token.Secret, func(in *ssooidc.CreateTokenInput) { in.RedirectUri = new(consoleCallback) })
	wantError(t, err, "AccessDeniedException", "")
}
