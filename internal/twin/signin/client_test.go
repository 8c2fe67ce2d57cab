package signin_test

import (
	"context"
	"crypto/sha256"
	"encoding/base64"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/ssooidc"

	"accountfactory/internal/twin/identitycenter"
	"accountfactory/internal/twin/state"
	"accountfactory/internal/wire"
	"accountfactory/test/harness"
)

const verifier = "a-verifier-of-at-least-forty-three-characters-0123"

// from gives the context of a client's call.
func from(t *testing.T, agent string) context.Context {
	t.Helper()
	return wire.WithRequest(t.Context(), &wire.Request{SourceIP: "192.0.2.7", UserAgent: agent})
}

// register registers a client for every grant.
func (b *bundle) register(t *testing.T, name string) *ssooidc.RegisterClientOutput {
	t.Helper()
	out, err := b.center.RegisterClient(t.Context(), &ssooidc.RegisterClientInput{
		ClientName: &name, ClientType: new("public"), Scopes: []string{"sso:account:access"}, RedirectUris: []string{"http://127.0.0.1/oauth/callback"},
	})
	must(t, err)
	return out
}

func (b *bundle) startDevice(t *testing.T, name, agent string) (*ssooidc.RegisterClientOutput, *ssooidc.StartDeviceAuthorizationOutput) {
	t.Helper()
	c := b.register(t, name)
	out, err := b.center.StartDeviceAuthorization(from(t, agent), &ssooidc.StartDeviceAuthorizationInput{
		ClientId: c.ClientId, ClientSecret: c.ClientSecret, StartUrl: new(b.base + "/start"),
	})
	must(t, err)
	return c, out
}

func TestDevice(t *testing.T) {
	t.Parallel()
	b := setup(t)
	b.jane(t)
	c, started := b.startDevice(t, "a client", "aws-cli/2")
	in := b.browser() // not signed in: the page comes after
	wantTitle(t, get(t, in, *started.VerificationUriComplete), "Sign in")
	wantTitle(t, submit(t, in, "sign-in", "username", "jane", "password", password), "Let a client in")
	for id, want := range map[string]string{"client": "a client", "user-code": *started.UserCode, "origin": "192.0.2.7"} {
		if got := in.Page.Root.ID(id).Content(); got != want {
			t.Errorf("the page shows the %s %q, want %q", id, got, want)
		}
	}
	p := submit(t, in, "approve", "decision", "allow")
	if got := p.Root.ID("done").Content(); got != "The client is signed in as you. You can close this page." {
		t.Errorf("done: %q, %s", got, p.Alert())
	}
	token, err := b.center.CreateToken(from(t, ""), &ssooidc.CreateTokenInput{
		ClientId: c.ClientId, ClientSecret: c.ClientSecret, DeviceCode: started.DeviceCode, GrantType: new("urn:ietf:params:oauth:grant-type:device_code"),
	})
	must(t, err)
	if token.RefreshToken == nil {
		t.Error("a client with scopes got no refresh token")
	}
	found := false
	for _, row := range sessions(t, in) {
		found = found || row.Find(harness.Element("td", "")).Content() == "a client"
	}
	if !found {
		t.Error("the client is not among one's sessions")
	}
	wantAlert(t, get(t, in, *started.VerificationUriComplete), http.StatusNotFound, "That code has been used.")
}

func TestDevice_Refused(t *testing.T) {
	t.Parallel()
	b := setup(t)
	_, in := b.jane(t)
	c, started := b.startDevice(t, "a client", "")
	get(t, in, "/device")
	wantAlert(t, submit(t, in, "enter", "user_code", "BBBB-BBBB"), http.StatusNotFound, "There is no client waiting with that code. It may have expired.")
	get(t, in, "/device")
	typed := strings.ToLower(strings.ReplaceAll(*started.UserCode, "-", " "))
	wantTitle(t, submit(t, in, "enter", "user_code", typed), "Let a client in")
	p := submit(t, in, "approve", "decision", "deny")
	if got := p.Root.ID("done").Content(); got != "The request was denied. You can close this page." {
		t.Errorf("done: %q, %s", got, p.Alert())
	}
	_, err := b.center.CreateToken(from(t, ""), &ssooidc.CreateTokenInput{
		ClientId: c.ClientId, ClientSecret: c.ClientSecret, DeviceCode: started.DeviceCode, GrantType: new("urn:ietf:params:oauth:grant-type:device_code"),
	})
	if err == nil || !strings.Contains(err.Error(), "AccessDenied") {
		t.Errorf("after a no: %v", err)
	}

	_, late := b.startDevice(t, "a client", "")
	get(t, in, *late.VerificationUriComplete)
	b.wall.pass(10 * time.Minute)
	wantAlert(t, submit(t, in, "approve", "decision", "allow"), http.StatusConflict, "That code has expired. Start again where it was shown.")
	wantAlert(t, submitTo(t, b.browser(), "/signin/device", "user_code", *late.UserCode, "decision", "allow"), http.StatusUnauthorized, "Your session has ended. Sign in and try again.")
}

// authorizeURL is what AWS's newest CLI opens in a browser.
func (b *bundle) authorizeURL(c *ssooidc.RegisterClientOutput, change url.Values) string {
	sum := sha256.Sum256([]byte(verifier))
	q := url.Values{
		"response_type": {"code"}, "client_id": {*c.ClientId}, "redirect_uri": {"http://127.0.0.1:50123/oauth/callback"}, "state": {"s&t=a te"},
		"code_challenge_method": {"S256"}, "scopes": {"sso:account:access"}, "code_challenge": {base64.RawURLEncoding.EncodeToString(sum[:])},
	}
	for name, values := range change {
		q[name] = values
	}
	return b.base + "/authorize?" + q.Encode()
}

// sentTo gives where a browser was sent outside of the pages.
func sentTo(t *testing.T, p *harness.Page) *url.URL {
	t.Helper()
	to, err := url.Parse(p.Header.Get("Location"))
	must(t, err)
	if p.Status != http.StatusSeeOther || to.Host != "127.0.0.1:50123" || to.Path != "/oauth/callback" {
		t.Fatalf("page %s answers %d, leads to %s: %s", p.URL, p.Status, to, p.Alert())
	}
	return to
}

func TestAuthorize(t *testing.T) {
	t.Parallel()
	b := setup(t)
	b.jane(t)
	c := b.register(t, "a client")
	in := b.browser()
	wantTitle(t, get(t, in, b.authorizeURL(c, nil)), "Sign in")
	wantTitle(t, submit(t, in, "sign-in", "username", "jane", "password", password), "Let a client in")
	if got := in.Page.Root.ID("origin").Content(); got != "http://127.0.0.1:50123" {
		t.Errorf("the page says the client waits at %q", got)
	}
	if csp := in.Page.Header.Get("Content-Security-Policy"); !strings.Contains(csp, "form-action 'self' http://127.0.0.1:50123") {
		t.Errorf("browsers would not follow the answer: %s", csp)
	}
	to := sentTo(t, submit(t, in, "approve", "decision", "allow"))
	if got := to.Query().Get("state"); got != "s&t=a te" {
		t.Errorf("state %q", got)
	}
	exchange := &ssooidc.CreateTokenInput{
		ClientId: c.ClientId, ClientSecret: c.ClientSecret, GrantType: new("authorization_code"), Code: new(to.Query().Get("code")),
		RedirectUri: new("http://127.0.0.1:50123/oauth/callback"), CodeVerifier: new(verifier),
	}
	token, err := b.center.CreateToken(from(t, ""), exchange)
	must(t, err)
	b.view(t, func(tx *state.Tx) {
		if _, u := b.center.Session(tx, "access", *token.AccessToken); u == nil || u.UserName != "jane" {
			t.Errorf("the token is %v's", u)
		}
	})
	get(t, in, b.authorizeURL(c, nil))
	denied := sentTo(t, submit(t, in, "approve", "decision", "deny"))
	if denied.Query().Get("error") != "access_denied" || denied.Query().Get("code") != "" || denied.Query().Get("state") != "s&t=a te" {
		t.Errorf("a no leads to %s", denied)
	}
}

// The console is entered without a question, after signing in; at any other address the question comes.
func TestAuthorize_Console(t *testing.T) {
	t.Parallel()
	b := setup(t)
	b.jane(t)
	callback := b.base + "/sign-in/callback"
	c, err := b.center.RegisterClient(t.Context(), &ssooidc.RegisterClientInput{ClientName: new("console"), ClientType: new("public"), RedirectUris: []string{callback}})
	must(t, err)
	in := b.browser()
	in.Client.CheckRedirect = func(r *http.Request, _ []*http.Request) error {
		if r.URL.Path == "/sign-in/callback" {
			return http.ErrUseLastResponse
		}
		return nil
	}
	wantTitle(t, get(t, in, b.authorizeURL(c, url.Values{"redirect_uri": {callback}})), "Sign in")
	p := submit(t, in, "sign-in", "username", "jane", "password", password)
	to, err := url.Parse(p.Header.Get("Location"))
	must(t, err)
	if !strings.HasPrefix(to.String(), callback+"?") || to.Query().Get("code") == "" || to.Query().Get("state") != "s&t=a te" {
		t.Errorf("page %s answers %d, leads to %s", p.URL, p.Status, to)
	}
	if got := p.Header.Get("Referrer-Policy"); got != "no-referrer" {
		t.Errorf("Referrer-Policy %q: the code would be passed on", got)
	}
	for _, redirect := range []string{"http://127.0.0.1:4999/sign-in/callback", "http://localhost:4999/sign-in/callback", callback + "?x=1"} {
		other, err := b.center.RegisterClient(t.Context(), &ssooidc.RegisterClientInput{ClientName: new("x"), ClientType: new("public"), RedirectUris: []string{redirect}})
		must(t, err)
		wantTitle(t, get(t, in, b.authorizeURL(other, url.Values{"redirect_uri": {redirect}})), "Let a client in")
	}
}

func TestAuthorize_Refused(t *testing.T) {
	t.Parallel()
	b := setup(t)
	_, in := b.jane(t)
	c := b.register(t, "a client")
	for _, redirect := range []string{
		"https://evil.example/oauth/callback", "http://127.0.0.1:50123/other", "http://evil.example:50123/oauth/callback", "http://127.0.0.1@evil.example/oauth/callback",
		"javascript:alert(1)", "", "//evil.example/oauth/callback", "http://127.0.0.1:50123/oauth/callback#x",
	} {
		p := get(t, in, b.authorizeURL(c, url.Values{"redirect_uri": {redirect}}))
		wantAlert(t, p, http.StatusBadRequest, "The client that sent you here wants the answer sent to an address it has not registered.")
		if p.Header.Get("Location") != "" {
			t.Errorf("%q: led to %s", redirect, p.Header.Get("Location"))
		}
	}
	wantAlert(t, get(t, in, b.authorizeURL(c, url.Values{"client_id": {"x"}})), http.StatusBadRequest, "The client that sent you here is not registered, or its registration has expired.")
	for change, want := range map[string]string{
		"response_type=token": "unsupported_response_type", "code_challenge_method=plain": "invalid_request", "code_challenge=": "invalid_request", "scopes=admin": "invalid_scope",
	} {
		q, _ := url.ParseQuery(change)
		if to := sentTo(t, get(t, in, b.authorizeURL(c, q))); to.Query().Get("error") != want || to.Query().Get("state") != "s&t=a te" {
			t.Errorf("%s: led to %s", change, to)
		}
	}
	get(t, in, b.authorizeURL(c, nil))
	p := submit(t, in, "approve", "decision", "allow", "redirect_uri", "https://evil.example/oauth/callback") // the form is not believed either
	wantAlert(t, p, http.StatusBadRequest, "The client that sent you here wants the answer sent to an address it has not registered.")
}

// Script in every name that strangers or users choose is shown as text.
func TestAttack_Script(t *testing.T) {
	t.Parallel()
	b := setup(t)
	const script = `"'><script>alert(1)</script><img/src=x/onerror=alert(1)>`
	token := identitycenter.NewToken()
	b.update(t, func(tx *state.Tx) error {
		u, err := b.center.PutUser(tx, identitycenter.NewUser{UserName: strings.ReplaceAll(script, " ", ""), Given: script, Family: script, Display: script, Email: script + "@example.com"})
		if err != nil {
			return err
		}
		return b.center.Invite(tx, u.ID, token)
	})
	link := b.center.InvitationLink(token)
	in := b.browser()
	get(t, in, link)
	safe(t, in.Page, script)
	submit(t, in, "choose", "password", password, "again", password)
	safe(t, in.Page, script)
	p := get(t, in, "/signin/devices/totp")
	a := app{b, p.Root.ID("secret").Content()}
	safe(t, submit(t, in, "totp", "code", a.code(t), "name", script), script)

	_, started := b.startDevice(t, script, script)
	safe(t, get(t, in, *started.VerificationUriComplete), script)
	c := b.register(t, script)
	safe(t, get(t, in, b.authorizeURL(c, url.Values{"state": {script}})), script)
	safe(t, get(t, in, "/signin/device?user_code="+url.QueryEscape(script)), "")
	out := b.browser()
	safe(t, get(t, out, "/signin/in?next="+url.QueryEscape("/signin/device?user_code="+script)), "")
	safe(t, submit(t, out, "sign-in", "username", script, "password", script), script)
	safe(t, get(t, out, "/start/invitation/"+url.PathEscape(script)), "")
	safe(t, get(t, out, "/signin/"+url.PathEscape(script)), "")
	safe(t, get(t, in, "/signin/devices/passkey"), "")
	federated := "/federation?" + url.Values{
		"Action": {"login"}, "Issuer": {script}, "Destination": {"/" + script}, "SigninToken": {b.token(t, b.role(t, "Deployer", false))},
	}.Encode()
	safe(t, get(t, out, federated), script)
	safe(t, get(t, out, "/federation?Action="+url.QueryEscape(script)), "")
}

// safe checks that a page has no element or attribute that came with a text, and shows the text where one is given.
func safe(t *testing.T, p *harness.Page, shows string) {
	t.Helper()
	if p.Root == nil {
		t.Fatalf("page %s answers %d %s", p.URL, p.Status, p.Header.Get("Content-Type"))
	}
	shown := shows == ""
	p.Root.FindAll(func(n *harness.Node) bool {
		if n.Name == "script" && n.Attrs["src"] != "/signin/passkey.js" || n.Name == "img" && n.Attrs["src"] != "/signin/devices/totp.png" {
			t.Errorf("page %s has <%s %v>", p.URL, n.Name, n.Attrs)
		}
		for name, value := range n.Attrs {
			if strings.HasPrefix(name, "on") || (name == "href" || name == "action") && strings.HasPrefix(strings.ToLower(value), "javascript:") {
				t.Errorf("page %s has <%s %s=%q>", p.URL, n.Name, name, value)
			}
			shown = shown || value == shows
		}
		shown = shown || strings.Contains(n.Content(), shows)
		return false
	})
	if !shown {
		t.Errorf("page %s does not show the text: %s", p.URL, p.Body)
	}
}
