package console

import (
	"encoding/json"
	"errors"
	"log/slog"
	"net/http"
	"net/http/cookiejar"
	"net/http/httptest"
	"net/url"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"accountfactory/internal/clock"
	"accountfactory/internal/factory"
	"accountfactory/test/harness"
)

// company is a console whose people come from a provider of the tests.
type company struct {
	*bundle
	issuer *harness.Issuer
	at     string // the console's address
	log    harness.Log
}

const clientID = "account-factory"

func newCompany(t *testing.T, change ...func(*OIDCConfig)) *company {
	t.Helper()
	secret := filepath.Join(t.TempDir(), "secret")
	if err := os.WriteFile(secret, []byte("s3cret+/=\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	c := &company{issuer: harness.NewIssuer(t, clientID, "s3cret+/=")}
	settings := OIDCConfig{
		Issuer: c.issuer.URL, ClientID: clientID, SecretFile: secret,
		Roles: []GroupRole{{"operators", factory.RoleOperator}, {"requesters", factory.RoleRequester}, {"watchers", factory.RoleViewer}},
	}
	for _, f := range change {
		f(&settings)
	}
	var h http.Handler
	front := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { h.ServeHTTP(w, r) }))
	t.Cleanup(front.Close)
	c.at = front.URL
	c.bundle = setup(t, func(config *Config) {
		config.About.Audience, config.OIDC = c.at, NewOIDC(settings)
		config.Portal, config.AuthorizeURL = nil, ""
		config.Clock = &handClock{at: clock.Wall{}.Now()} // browsers have their own
		config.Log = slog.New(slog.NewTextHandler(&c.log, nil))
	})
	c.clock = c.config.Clock.(*handClock) //nolint:forcetypeassert // set above
	h = c.Handler()
	c.issuer.Registers(OIDCCallbackURL(c.at))
	c.issuer.Registers(c.at + signedOutPath)
	return c
}

// visitor is a browser.
type visitor struct {
	*http.Client
	t *testing.T
	c *company
}

func (c *company) visitor(t *testing.T) *visitor {
	t.Helper()
	jar, err := cookiejar.New(nil)
	if err != nil {
		t.Fatal(err)
	}
	return &visitor{&http.Client{Jar: jar}, t, c}
}

// visit goes to an address, follows where it leads, and gives the last answer with its page.
// seen is what came at the end of the redirects.
type seen struct {
	StatusCode int
	Header     http.Header
	Request    *http.Request
}

func (v *visitor) visit(to string) (seen, string) {
	v.t.Helper()
	return v.send(http.MethodGet, to)
}

func (v *visitor) send(method, to string) (seen, string) {
	v.t.Helper()
	if strings.HasPrefix(to, "/") {
		to = v.c.at + to
	}
	r, err := http.NewRequestWithContext(v.t.Context(), method, to, http.NoBody)
	if err != nil {
		v.t.Fatal(err)
	}
	resp, err := v.Do(r)
	if err != nil {
		v.t.Fatal(err)
	}
	defer func() { _ = resp.Body.Close() }() // read to its end
	var body strings.Builder
	if err := resp.Write(&body); err != nil {
		v.t.Fatal(err)
	}
	_, text, _ := strings.Cut(body.String(), "\r\n\r\n")
	return seen{resp.StatusCode, resp.Header, resp.Request}, text
}

// cookie gives a cookie that the console would be sent.
func (v *visitor) cookie(name, path string) string {
	at, err := url.Parse(v.c.at + path)
	if err != nil {
		v.t.Fatal(err)
	}
	for _, one := range v.Jar.Cookies(at) {
		if one.Name == name || strings.HasPrefix(one.Name, name) && name == flowCookie {
			return one.Value
		}
	}
	return ""
}

// session reads who is signed in.
func (v *visitor) session() *session {
	v.t.Helper()
	r := httptest.NewRequest(http.MethodGet, "/", nil).WithContext(v.t.Context())
	r.AddCookie(&http.Cookie{Name: cookieName, Value: v.cookie(cookieName, "/")})
	one, err := v.c.sessions.of(r, false)
	if err != nil {
		return nil
	}
	return one
}

// TestOIDC: from a deep link to the provider and back, with a session that is theirs.
func TestOIDC(t *testing.T) {
	t.Parallel()
	c := newCompany(t)
	v := c.visitor(t)
	resp, _ := v.visit("/sign-in?return=" + url.QueryEscape("/factory?x=1"))
	if got := resp.Request.URL.String(); got != c.at+"/factory?x=1" {
		t.Errorf("at %s", got)
	}
	one := v.session()
	if one == nil {
		t.Fatal("nobody is signed in")
	}
	want := User{"248289761001", "ann@example.com", "Ann Other", "ann@example.com"}
	if diff := cmp.Diff(want, one.User); diff != "" {
		t.Error(diff)
	}
	if until := one.Expires.Sub(one.Begun); until != memberTime || one.hasRoles() {
		t.Errorf("lasts %s, with roles of AWS: %t", until, one.hasRoles())
	}
	who := c.asMember(one)
	if who.ARN != "oidc:"+c.issuer.URL+"#248289761001" || !strings.HasPrefix(who.SourceIdentity, "ann@example.com=") || who.Standing() != factory.RoleRequester || who.Role != "group requesters" || who.Operator {
		t.Errorf("%+v", who.Caller)
	}
	if !strings.Contains(c.log.String(), "signed in") || strings.Contains(c.log.String(), one.Member.IDToken) {
		t.Errorf("the log: %s", c.log.String())
	}
	for _, sealed := range c.store.sessions {
		if strings.Contains(string(sealed), "ann@example.com") {
			t.Error("the row shows who it is of")
		}
	}
	c.clock.pass(memberTime)
	if v.session() != nil {
		t.Error("a session that is over lets in")
	}
}

// TestOIDC_Refused: answers that are not good let nobody in.
func TestOIDC_Refused(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct {
		name   string
		spoil  func(*harness.Token)
		before func(*company)
		status int
		log    string
	}{
		{"another nonce", claim("nonce", "somebody-elses"), nil, 401, "nonce"},
		{"no nonce", func(t *harness.Token) { delete(t.Claims, "nonce") }, nil, 401, "nonce"},
		{"another audience", claim("aud", "another-client"), nil, 401, "audience"},
		{"several audiences, of another", func(t *harness.Token) {
			t.Claims["aud"], t.Claims["azp"] = []string{clientID, "another-client"}, "another-client"
		}, nil, 401, "another-client"},
		{"several audiences, of nobody", claim("aud", []string{clientID, "another-client"}), nil, 401, "was given to"},
		{"expired", claim("exp", time.Date(2020, 1, 1, 0, 0, 0, 0, time.UTC).Unix()), nil, 401, "expired"},
		{"without an end", func(t *harness.Token) { delete(t.Claims, "exp") }, nil, 401, "expired"},
		{"not yet good", claim("nbf", time.Date(2999, 1, 1, 0, 0, 0, 0, time.UTC).Unix()), nil, 401, "nbf"},
		{"another issuer", claim("iss", "https://evil.example"), nil, 401, "different provider"},
		{"about nobody", claim("sub", ""), nil, 401, "about nobody"},
		{"not signed", func(t *harness.Token) { t.Header["alg"] = "none" }, nil, 401, "unexpected signature algorithm"},
		{"signed with the client's secret", func(t *harness.Token) { t.Header["alg"] = "HS256" }, nil, 401, "unexpected signature algorithm"},
		{"an unknown key", func(t *harness.Token) { t.Header["kid"] = "unknown" }, nil, 401, "signature"},
		{"no token", func(t *harness.Token) { t.Raw = "none" }, nil, 401, "malformed"},
		{"the person said no", nil, func(c *company) { c.issuer.SignsIn(nil) }, 401, "access_denied"},
		{"another secret", nil, func(c *company) { c.issuer.Secret = "changed" }, 401, "invalid_client"},
		{"down", nil, func(c *company) { c.issuer.Down(true) }, 503, "does not answer"},
		{"no PKCE", nil, func(c *company) { c.issuer.Says("code_challenge_methods_supported", []string{"plain"}) }, 503, "PKCE"},
		{"tokens in clear", nil, func(c *company) { c.issuer.Says("token_endpoint", "http://example.com/token") }, 503, "https URL"},
		{"says it is another", nil, func(c *company) { c.issuer.Says("issuer", "https://evil.example") }, 503, "did not match"},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			c := newCompany(t)
			c.issuer.Spoil(tc.spoil)
			if tc.before != nil {
				tc.before(c)
			}
			v := c.visitor(t)
			resp, page := v.visit("/sign-in")
			if resp.StatusCode != tc.status || v.cookie(cookieName, "/") != "" || len(c.store.sessions) != 0 {
				t.Errorf("%d, want %d; %d sessions", resp.StatusCode, tc.status, len(c.store.sessions))
			}
			if !strings.Contains(c.log.String(), tc.log) {
				t.Errorf("the log does not say %q: %s", tc.log, c.log.String())
			}
			if !strings.Contains(page, `role="alert"`) || !strings.Contains(page, `href="/sign-in"`) {
				t.Errorf("the page: %s", page)
			}
		})
	}
}

func claim(name string, value any) func(*harness.Token) {
	return func(t *harness.Token) { t.Claims[name] = value }
}

// TestOIDC_ForeignKey: a token of somebody who has a key of their own, under the right name.
func TestOIDC_ForeignKey(t *testing.T) {
	t.Parallel()
	c := newCompany(t)
	key := harness.NewIssuerKey(t)
	c.issuer.Spoil(func(t *harness.Token) { t.Key = key })
	if resp, _ := c.visitor(t).visit("/sign-in"); resp.StatusCode != http.StatusUnauthorized {
		t.Errorf("%d", resp.StatusCode)
	}
	c.issuer.Spoil(nil)
	c.issuer.Rotate(key, "second") // now it is the provider's: keys are fetched anew
	if v := c.visitor(t); func() bool { v.visit("/sign-in"); return v.session() == nil }() {
		t.Error("a new key of the provider's is not taken")
	}
}

// TestOIDC_Answers: an answer is good for the browser that asked, as it was asked, once.
func TestOIDC_Answers(t *testing.T) {
	t.Parallel()
	c := newCompany(t)
	asker := c.visitor(t)
	var callback string
	asker.CheckRedirect = func(r *http.Request, _ []*http.Request) error {
		if r.URL.Path == oidcCallbackPath {
			callback = r.URL.String()
			return http.ErrUseLastResponse
		}
		return nil
	}
	asker.visit("/sign-in")
	answered, err := url.Parse(callback)
	if err != nil || answered.Query().Get("code") == "" {
		t.Fatalf("%q %v", callback, err)
	}
	with := func(name, value string) string {
		q := answered.Query()
		q.Set(name, value)
		return oidcCallbackPath + "?" + q.Encode()
	}
	flow := asker.cookie(flowCookie, flowPath)
	if flow == "" || strings.Contains(flow, answered.Query().Get("state")) {
		t.Errorf("the flow's cookie: %q", flow)
	}
	for name, try := range map[string]struct {
		who *visitor
		to  string
	}{
		"another browser": {c.visitor(t), callback},
		"another state":   {asker, with("state", "somebody-elses-state")},
		"the portal's":    {asker, callbackPath + "?" + answered.RawQuery},
	} {
		if resp, _ := try.who.visit(try.to); resp.StatusCode != http.StatusBadRequest || try.who.cookie(cookieName, "/") != "" {
			t.Errorf("%s: %d", name, resp.StatusCode)
		}
	}
	keep := asker.Jar
	replay := func(to string) (int, string) {
		again := c.visitor(t)
		at, _ := url.Parse(c.at + flowPath)
		again.Jar.SetCookies(at, keep.Cookies(at))
		resp, _ := again.visit(to)
		return resp.StatusCode, again.cookie(cookieName, "/")
	}
	if status, id := replay(with("iss", "https://evil.example")); status != http.StatusUnauthorized || id != "" {
		t.Errorf("another issuer's: %d", status)
	}
	asker.CheckRedirect = nil
	cookies := func() []*http.Cookie { at, _ := url.Parse(c.at + flowPath); return keep.Cookies(at) }()
	asker.visit(callback)
	if asker.session() == nil {
		t.Fatal("the answer itself is not taken")
	}
	if resp, _ := asker.visit(callback); resp.StatusCode != http.StatusBadRequest {
		t.Errorf("again, in the same browser: %d", resp.StatusCode)
	}
	thief := c.visitor(t)
	at, _ := url.Parse(c.at + flowPath)
	thief.Jar.SetCookies(at, cookies)
	if resp, _ := thief.visit(callback); resp.StatusCode != http.StatusUnauthorized || thief.session() != nil {
		t.Errorf("a replayed code: %d", resp.StatusCode)
	}
}

// TestOIDC_Groups: what somebody's groups say, and that it counts from the next sign-in on.
func TestOIDC_Groups(t *testing.T) {
	t.Parallel()
	c := newCompany(t)
	as := func(groups any) (*visitor, seen, string) {
		claims := map[string]any{"sub": "7", "email": "bob@example.com"}
		if groups != nil {
			claims["groups"] = groups
		}
		c.issuer.SignsIn(claims)
		v := c.visitor(t)
		resp, page := v.visit("/sign-in")
		return v, resp, page
	}
	for _, tc := range []struct {
		name   string
		groups any
		want   factory.Role
	}{
		{"one", []string{"watchers"}, factory.RoleViewer},
		{"the first in the settings counts", []string{"watchers", "requesters", "operators"}, factory.RoleOperator},
		{"one that is no list", "requesters", factory.RoleRequester},
		{"with others, and things that are none", []any{"x", 7, nil, map[string]any{"operators": true}, "watchers"}, factory.RoleViewer},
		{"another case", []string{"Operators"}, ""},
		{"none", []string{}, ""},
		{"no claim", nil, ""},
		{"no list", map[string]any{"operators": true}, ""},
	} {
		v, resp, _ := as(tc.groups)
		one := v.session()
		switch {
		case tc.want == "" && (one != nil || resp.StatusCode != http.StatusForbidden):
			t.Errorf("%s: %d, let in: %t", tc.name, resp.StatusCode, one != nil)
		case tc.want != "" && (one == nil || c.asMember(one).Standing() != tc.want):
			t.Errorf("%s: %d, want %s", tc.name, resp.StatusCode, tc.want)
		}
	}
	_, _, page := as([]string{"cooks", "<script>alert(1)</script>"})
	if !strings.Contains(page, "<li>cooks</li>") || strings.Contains(page, "<script>") || !strings.Contains(page, "bob@example.com") {
		t.Errorf("the page for who is nothing here: %s", page)
	}
	if _, _, page := as(nil); !strings.Contains(page, "named no groups") || !strings.Contains(page, "groups") {
		t.Errorf("without the claim: %s", page)
	}

	before, _, _ := as([]string{"operators"})
	after, _, _ := as([]string{"watchers"})
	if c.asMember(before.session()).Standing() != factory.RoleOperator || c.asMember(after.session()).Standing() != factory.RoleViewer {
		t.Error("a change of groups counts from the next sign-in on, and not before")
	}
	c.OIDCChanged(func(o *OIDCConfig) { o.Roles = []GroupRole{{"watchers", factory.RoleAuditor}} })
	if before.session() != nil || c.asMember(after.session()).Standing() != factory.RoleAuditor {
		t.Error("a change of the settings counts at once")
	}
	c.OIDCChanged(func(o *OIDCConfig) { o.ClientID = "another" })
	if after.session() != nil {
		t.Error("a session of another client's lets in")
	}
}

// OIDCChanged starts the console anew with other settings.
func (c *company) OIDCChanged(change func(*OIDCConfig)) {
	settings := c.config.OIDC.config
	change(&settings)
	config := c.config
	config.OIDC = NewOIDC(settings)
	c.Console = New(config)
}

// TestOIDC_Aside: groups that the token has not got are asked for; what is told of another is not taken.
func TestOIDC_Aside(t *testing.T) {
	t.Parallel()
	c := newCompany(t, func(o *OIDCConfig) { o.GroupsClaim = "cognito:groups" })
	c.issuer.TellsAside(map[string]any{"cognito:groups": []string{"watchers"}})
	v := c.visitor(t)
	v.visit("/sign-in")
	if one := v.session(); one == nil || c.asMember(one).Standing() != factory.RoleViewer {
		t.Errorf("%+v", one)
	}
	c.issuer.TellsAside(map[string]any{"cognito:groups": []string{"operators"}, "sub": "another"})
	c.issuer.Spoil(claim("sub", "248289761001"))
	v = c.visitor(t)
	if resp, _ := v.visit("/sign-in"); resp.StatusCode != http.StatusUnauthorized || v.session() != nil {
		t.Errorf("told of another: %d", resp.StatusCode)
	}
}

// TestOIDC_Names: requests belong to issuer and subject; names and e-mails only say what to call somebody.
func TestOIDC_Names(t *testing.T) {
	t.Parallel()
	one := &member{Issuer: "https://a.example", Subject: "1", UserName: "ann@example.com"}
	for name, other := range map[string]*member{
		"another subject": {Issuer: "https://a.example", Subject: "2", UserName: "ann@example.com"},
		"another issuer":  {Issuer: "https://b.example", Subject: "1", UserName: "ann@example.com"},
	} {
		if other.id() == one.id() || other.sourceIdentity() == one.sourceIdentity() {
			t.Errorf("%s: %s %s", name, other.id(), other.sourceIdentity())
		}
	}
	for given, want := range map[string]string{
		"ann@example.com": "ann@example.com=", "Ann Ö=r/a": "Ann---r-a=", strings.Repeat("x", 80): strings.Repeat("x", 51) + "=", "": "=",
	} {
		got := (&member{Issuer: "https://a.example", Subject: "1", UserName: given}).sourceIdentity()
		if !strings.HasPrefix(got, want) || len(got) > 64 || len(got) != len(want)+digestLength {
			t.Errorf("%q: %q, want %q and a digest", given, got, want)
		}
	}
	for told, want := range map[string]string{`{"email":"a@b.c"}`: "a@b.c", `{"email":"a@b.c","email_verified":false}`: "", `{"email":"a@b.c","email_verified":"true"}`: "a@b.c"} {
		var p profile
		if err := jsonInto(told, &p); err != nil || p.email() != want {
			t.Errorf("%s: %q %v", told, p.email(), err)
		}
	}
}

// TestOIDC_SignOut: out here, and at the provider, where the browser goes once; no page sees a token.
func TestOIDC_SignOut(t *testing.T) {
	t.Parallel()
	c := newCompany(t)
	v := c.visitor(t)
	v.visit("/sign-in")
	token := v.session().Member.IDToken
	resp, body := v.send(http.MethodPost, "/api/v1/session/sign-out")
	if resp.StatusCode != http.StatusOK || strings.TrimSpace(body) != `{"next":"/sign-in/out"}` {
		t.Fatalf("%d %s", resp.StatusCode, body)
	}
	if v.session() != nil || v.cookie(cookieName, "/") != "" {
		t.Error("still signed in")
	}
	thief := c.visitor(t)
	if _, page := thief.visit(signedOutPath); !strings.Contains(page, "You are signed out.") || len(c.issuer.Ended()) != 0 {
		t.Errorf("without the cookie: %s", page)
	}
	resp, page := v.visit(signedOutPath)
	if resp.Request.URL.String() != c.at+signedOutPath || !strings.Contains(page, "You are signed out.") {
		t.Errorf("at %s: %s", resp.Request.URL, page)
	}
	want := []url.Values{{"id_token_hint": {token}, "client_id": {clientID}, "post_logout_redirect_uri": {c.at + signedOutPath}}}
	if diff := cmp.Diff(want, c.issuer.Ended()); diff != "" {
		t.Error(diff)
	}
	if v.visit(signedOutPath); len(c.issuer.Ended()) != 1 || len(c.store.sessions) != 0 {
		t.Errorf("told %d times, %d rows left", len(c.issuer.Ended()), len(c.store.sessions))
	}

	c.issuer.Says("end_session_endpoint", "")
	c.OIDCChanged(func(*OIDCConfig) {})
	other := newCompany(t)
	other.issuer.Says("end_session_endpoint", "javascript:alert(1)")
	v = other.visitor(t)
	v.visit("/sign-in")
	v.send(http.MethodPost, "/api/v1/session/sign-out")
	if _, page := v.visit(signedOutPath); !strings.Contains(page, "goes on until you end it there") {
		t.Errorf("a provider without an end: %s", page)
	}
}

// TestOIDC_LeaveIsNoSession: the row for the way out opens nothing.
func TestOIDC_LeaveIsNoSession(t *testing.T) {
	t.Parallel()
	c := newCompany(t)
	v := c.visitor(t)
	v.visit("/sign-in")
	v.send(http.MethodPost, "/api/v1/session/sign-out")
	leave := v.cookie(leaveCookie, signedOutPath)
	if leave == "" {
		t.Fatal("no such cookie")
	}
	at, _ := url.Parse(c.at)
	v.Jar.SetCookies(at, []*http.Cookie{{Name: cookieName, Value: leave, Path: "/"}})
	if v.session() != nil {
		t.Error("it is taken for a session")
	}
}

// TestOIDC_Late: a provider that is away at the start is found later, and one that goes away later is still known.
func TestOIDC_Late(t *testing.T) {
	t.Parallel()
	c := newCompany(t)
	o := c.config.OIDC
	o.clock = c.clock
	c.issuer.Down(true)
	var away *awayError
	if short, err := o.Ready(t.Context()); !errors.As(err, &away) || !strings.Contains(err.Error(), "503") || !strings.HasPrefix(short, c.issuer.URL) || strings.Contains(short, "503") {
		t.Fatalf("away: %q %v", short, err)
	}
	c.issuer.Down(false)
	if _, err := o.Ready(t.Context()); err == nil {
		t.Error("asked again at once")
	}
	c.clock.pass(failureHolds)
	if short, err := o.Ready(t.Context()); err != nil || short != "" {
		t.Errorf("back: %v", err)
	}
	c.issuer.Down(true)
	c.clock.pass(2 * discoveryHolds)
	if short, err := o.Ready(t.Context()); err != nil || short != "" {
		t.Errorf("away again: %v", err)
	}
}

// TestCheckOIDC: each thing that may be wrong is named.
func TestCheckOIDC(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct {
		name   string
		change func(*harness.Issuer, *OIDCConfig)
		want   string // "" is good
	}{
		{"good", func(*harness.Issuer, *OIDCConfig) {}, ""},
		{"nobody there", func(_ *harness.Issuer, c *OIDCConfig) { c.Issuer = "http://localhost:1" }, "does not answer"},
		{"another path", func(_ *harness.Issuer, c *OIDCConfig) { c.Issuer += "/" }, "did not match"},
		{"no secret", func(_ *harness.Issuer, c *OIDCConfig) { c.SecretFile += ".none" }, "secret"},
		{"no keys", func(i *harness.Issuer, _ *OIDCConfig) { i.Says("jwks_uri", i.URL+"/none") }, "keys"},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			c := newCompany(t)
			settings := c.config.OIDC.config
			tc.change(c.issuer, &settings)
			err := CheckOIDC(t.Context(), settings)
			if (err == nil) != (tc.want == "") || err != nil && !strings.Contains(err.Error(), tc.want) {
				t.Errorf("%v, want %q", err, tc.want)
			}
		})
	}
}

// TestOIDC_Public: a client without a secret, and one that sends it in the form, as the provider says.
func TestOIDC_Public(t *testing.T) {
	t.Parallel()
	public := newCompany(t, func(o *OIDCConfig) { o.SecretFile = "" })
	public.issuer.Secret = ""
	form := newCompany(t)
	form.issuer.Says("token_endpoint_auth_methods_supported", []string{"client_secret_post"})
	for name, c := range map[string]*company{"public": public, "form": form} {
		v := c.visitor(t)
		if resp, _ := v.visit("/sign-in"); v.session() == nil {
			t.Errorf("%s: %d %s", name, resp.StatusCode, c.log.String())
		}
	}
}

// TestOIDC_NewSecret: a client's secret that was replaced counts from the next sign-in on.
func TestOIDC_NewSecret(t *testing.T) {
	t.Parallel()
	c := newCompany(t)
	file := c.config.OIDC.config.SecretFile
	for secret, status := range map[string]int{"another": http.StatusUnauthorized, "": http.StatusInternalServerError, "s3cret+/=": http.StatusNotFound} {
		if err := os.WriteFile(file, []byte(secret), 0o600); err != nil {
			t.Fatal(err)
		}
		v := c.visitor(t)
		// Who is let in arrives at a page that this console has not got.
		if resp, _ := v.visit("/sign-in"); resp.StatusCode != status || (v.session() != nil) != (status == http.StatusNotFound) {
			t.Errorf("%q: %d, want %d", secret, resp.StatusCode, status)
		}
	}
	if strings.Contains(c.log.String(), "s3cret") || strings.Contains(c.log.String(), "another") {
		t.Errorf("the log: %s", c.log.String())
	}
}

func TestParseGroupRole(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]GroupRole{
		"ops=operator": {"ops", factory.RoleOperator}, "CN=Ops,OU=x = auditor": {"CN=Ops,OU=x", factory.RoleAuditor}, "a b=viewer": {"a b", factory.RoleViewer},
		"=operator": {}, "ops": {}, "ops=": {}, "ops=root": {}, "": {},
	} {
		got, err := ParseGroupRole(text)
		if (err == nil) != (want != GroupRole{}) || err == nil && got != want {
			t.Errorf("%q: %+v %v", text, got, err)
		}
	}
}

// TestWays: what is offered, and the page to choose on.
func TestWays(t *testing.T) {
	t.Parallel()
	c := newCompany(t)
	c.config.Portal, c.config.AuthorizeURL = c.portal, c.at+"/authorize"
	kinds := []string{}
	for _, w := range c.Ways() {
		kinds = append(kinds, w.Kind)
	}
	if !slices.Equal(kinds, []string{wayOIDC, wayPortal}) {
		t.Errorf("%v", kinds)
	}
	w := httptest.NewRecorder()
	c.Handler().ServeHTTP(w, httptest.NewRequest(http.MethodGet, c.at+"/sign-in?return="+url.QueryEscape(`/x?y="><b>`), nil))
	if page := w.Body.String(); !strings.Contains(page, "This is a rehearsal") || !strings.Contains(page, `id="oidc"`) || !strings.Contains(page, `href="/sign-in/portal?return=%2Fx%3Fy%3D%22%3E%3Cb%3E"`) {
		t.Errorf("the page: %s", page)
	}
	for name, want := range map[string]string{
		"Content-Security-Policy": signInPolicy, "X-Frame-Options": "DENY", "Cache-Control": "no-store", "Referrer-Policy": "no-referrer", "X-Content-Type-Options": "nosniff",
	} {
		if got := w.Header().Get(name); got != want {
			t.Errorf("%s: %q", name, got)
		}
	}
	w = httptest.NewRecorder()
	c.Handler().ServeHTTP(w, httptest.NewRequest(http.MethodGet, c.at+stylePath, nil))
	if w.Code != http.StatusOK || !strings.HasPrefix(w.Header().Get("Content-Type"), "text/css") {
		t.Errorf("the style: %d %v", w.Code, w.Header())
	}
	w = httptest.NewRecorder()
	quiet().Handler().ServeHTTP(w, httptest.NewRequest(http.MethodGet, c.at+"/sign-in/oidc", nil))
	if w.Code != http.StatusNotFound {
		t.Errorf("a way that is not offered: %d", w.Code)
	}
}

func jsonInto(text string, v any) error { return json.Unmarshal([]byte(text), v) }
