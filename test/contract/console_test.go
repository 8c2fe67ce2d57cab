package contract

import (
	"net/http"
	"net/url"
	"strings"
	"testing"

	"accountfactory/internal/server"
	"accountfactory/test/harness"
)

type whoAmI struct {
	User struct{ ID, UserName, DisplayName, Email string }

	Cloud, Region, ManagementAccount, OrganizationID, Version string
	ExpiresAt                                                 string
}

// TestConsole_SignIn: the way in by the pages' own forms, what the session says, and the way out, which is out of the
// sign-in pages too.
func TestConsole_SignIn(t *testing.T) {
	t.Parallel()
	f := setup(t)
	p := f.arrive("requester")
	var me whoAmI
	p.must(http.MethodGet, "/api/v1/session", "", nil, &me)
	if me.User.UserName != "requester" || me.User.DisplayName != "Rob Requester" || me.ManagementAccount != f.Ready.Account || me.Cloud != "twin" || me.Region != f.Region || me.ExpiresAt == "" {
		t.Errorf("%+v", me)
	}

	p.get("/signin/")
	if link := p.Page.Root.ID("portal"); link == nil || link.Attrs["href"] != "/start" {
		t.Errorf("no way from the sign-in's own pages to the accounts: %s", p.Page.Body)
	}

	// From a deep link, as somebody who has to type a password.
	other := &person{harness.NewBrowser(f.Console), f, t}
	const deep = "/console/" + "123456789012/AWSServiceCatalogEndUserAccess/servicecatalog/products?region=eu-west-1"
	other.get("/sign-in?return=" + url.QueryEscape(deep))
	other.submit("sign-in", "username", "requester", "password", goodPassword)
	if got := other.Page.URL.RequestURI(); got != deep {
		t.Errorf("after the sign-in at %s, want %s", got, deep)
	}

	if a := p.do(http.MethodPost, "/api/v1/session/sign-out", "", nil, nil); a.status != http.StatusNoContent {
		t.Errorf("sign out: %d %s", a.status, a.body)
	}
	if a := p.do(http.MethodGet, "/api/v1/session", "", nil, nil); a.Refusal == nil || a.Code != "Unauthenticated" {
		t.Errorf("signed out: %d %s", a.status, a.body)
	}
	if p.get("/sign-in"); p.Page.Title() != "Sign in" {
		t.Errorf("signed out, and let in again without a password: %q at %s", p.Page.Title(), p.Page.URL)
	}
	other.must(http.MethodGet, "/api/v1/session", "", nil, &me)
}

// TestConsole_Return: a link to the sign-in leads nowhere else.
func TestConsole_Return(t *testing.T) {
	t.Parallel()
	f := setup(t)
	p := f.arrive("requester")
	for to, want := range map[string]string{
		"/console/1/2/": "/console/1/2/", "/x?y=1": "/x?y=1", "": "/", "https://evil.example/": "/", "//evil.example/": "/", `/\evil.example`: "/", `\\evil.example`: "/",
		"javascript:alert(1)": "/", "/\t/evil.example": "/", "http:/x": "/", "/sign-in?return=/": "/", "/%2f/evil.example": "/", "evil": "/", "/%5cevil.example": "/%5cevil.example",
	} {
		if p.get("/sign-in?return=" + url.QueryEscape(to)); p.Page.URL.RequestURI() != want || p.Page.URL.Host != strings.TrimPrefix(f.Console, "http://") {
			t.Errorf("return=%q leads to %s, want %s", to, p.Page.URL, want)
		}
	}
}

// TestConsole_LoginCSRF: an answer of the portal is good for the browser that asked alone, and once.
func TestConsole_LoginCSRF(t *testing.T) {
	t.Parallel()
	f := setup(t)
	attacker := f.arrive("requester")
	callback := ""
	attacker.Client.CheckRedirect = func(r *http.Request, _ []*http.Request) error {
		if r.URL.Path == "/sign-in/callback" {
			callback = r.URL.String()
			return http.ErrUseLastResponse
		}
		return nil
	}
	attacker.get("/sign-in")
	if callback == "" {
		t.Fatalf("no callback, at %s", attacker.Page.URL)
	}
	victim := &person{harness.NewBrowser(f.Console), f, t}
	state := func() string { u, _ := url.Parse(callback); return u.Query().Get("state") }()
	for name, to := range map[string]string{
		"another's answer": callback, "no state": "/sign-in/callback?code=x", "made-up state": "/sign-in/callback?code=x&state=aaaaaaaaaaaa",
		"another's state": "/sign-in/callback?code=x&state=" + state,
	} {
		if p := victim.get(to); p.Status != http.StatusBadRequest || cookieOf(victim, "console") != "" {
			t.Errorf("%s: %d, session %q", name, p.Status, cookieOf(victim, "console"))
		}
	}
	attacker.Client.CheckRedirect = nil
	before := cookieOf(attacker, "console")
	attacker.get(callback)
	if after := cookieOf(attacker, "console"); after == "" || after == before {
		t.Error("signing in again keeps the session's id")
	}
	if p := attacker.get(callback); p.Status != http.StatusBadRequest {
		t.Errorf("the same answer again: %d", p.Status)
	}
}

func cookieOf(p *person, name string) string {
	at, _ := url.Parse(p.Base)
	for _, c := range p.Client.Jar.Cookies(at) {
		if c.Name == name {
			return c.Value
		}
	}
	return ""
}

// TestConsole_SessionFixation: an id that the browser brought never becomes a session's, and the old one ends.
func TestConsole_SessionFixation(t *testing.T) {
	t.Parallel()
	f := setup(t)
	p := f.arrive("requester")
	at, _ := url.Parse(f.Console)
	stolen := &person{harness.NewBrowser(f.Console), f, t}
	stolen.Client.Jar.SetCookies(at, []*http.Cookie{{Name: "console", Value: cookieOf(p, "console"), Path: "/"}})
	stolen.must(http.MethodGet, "/api/v1/session", "", nil, nil)
	p.get("/sign-in")
	if a := stolen.do(http.MethodGet, "/api/v1/session", "", nil, nil); a.status != http.StatusUnauthorized {
		t.Errorf("after signing in again the old id answers %d", a.status)
	}
	p.Client.Jar.SetCookies(at, []*http.Cookie{{Name: "console", Value: "chosen-by-somebody-else", Path: "/"}})
	p.get("/sign-in")
	if got := cookieOf(p, "console"); got == "chosen-by-somebody-else" || len(got) != 43 {
		t.Errorf("session id %q", got)
	}
	resp := p.do(http.MethodGet, "/api/v1/about", "", nil, nil)
	if got := resp.header.Get("Set-Cookie"); got != "" {
		t.Errorf("an answer of the API sets %q", got)
	}
}

// TestConsole_Revoked: who is disabled is out at once; the session is gone, also when they are enabled again.
func TestConsole_Revoked(t *testing.T) {
	t.Parallel()
	f := setup(t)
	p := f.arrive("requester")
	lab := f.Lab(f.Config.Credentials)
	f.must(lab.Do(f.ctx, http.MethodPost, "/_twin/admin/users/requester/disable", nil, nil))
	for _, path := range []string{"/api/v1/portal/accounts", "/api/v1/session", "/api/v1/portal/accounts/" + f.Ready.Account + "/roles"} {
		if a := p.do(http.MethodGet, path, "", nil, nil); a.status != http.StatusUnauthorized || a.Code != "Unauthenticated" {
			t.Errorf("%s: %d %s", path, a.status, a.body)
		}
	}
	f.must(lab.Do(f.ctx, http.MethodPost, "/_twin/admin/users/requester/enable", nil, nil))
	if a := p.do(http.MethodGet, "/api/v1/session", "", nil, nil); a.status != http.StatusUnauthorized {
		t.Errorf("enabled again: %d", a.status)
	}
}

// TestConsole_PortalReset: a twin that was reset has forgotten the console; signing in registers it anew.
func TestConsole_PortalReset(t *testing.T) {
	t.Parallel()
	f := setup(t)
	f.arrive("requester")
	f.must(f.Lab(f.Config.Credentials).Do(f.ctx, http.MethodPost, "/_twin/reset", nil, nil))
	p := f.arrive("requester")
	p.must(http.MethodGet, "/api/v1/session", "", nil, nil)
}

// TestConsole_Cookies: out of scripts' reach, and no wider than they need to be.
func TestConsole_Cookies(t *testing.T) {
	t.Parallel()
	f := setup(t)
	p := f.arrive("requester")
	p.Client.CheckRedirect = func(r *http.Request, _ []*http.Request) error { return http.ErrUseLastResponse }
	for range 4 { // /sign-in, /authorize, /signin/authorize, the callback
		for _, c := range (&http.Response{Header: p.Page.Header}).Cookies() {
			flow := strings.HasPrefix(c.Name, "console_flow_")
			if !c.HttpOnly || c.SameSite != http.SameSiteLaxMode || c.Domain != "" || flow && c.Path != "/sign-in" || !flow && c.Path != "/" {
				t.Errorf("%+v", c)
			}
		}
		to := p.Page.Header.Get("Location")
		if to == "" {
			to = "/sign-in"
		}
		p.get(to)
	}
	if p.Page.URL.Path != "/sign-in/callback" || cookieOf(p, "console") == "" {
		t.Errorf("at %s", p.Page.URL)
	}
}

// TestConsole_Portal: the accounts and roles the person really has, and keys when they ask.
func TestConsole_Portal(t *testing.T) {
	t.Parallel()
	f := setup(t)
	p := f.arrive("requester")
	var accounts struct {
		Accounts []struct {
			AccountID, Name, Email string
			Management             bool
		}
	}
	p.must(http.MethodGet, "/api/v1/portal/accounts", "", nil, &accounts)
	if len(accounts.Accounts) != 1 || accounts.Accounts[0].AccountID != f.Ready.Account || !accounts.Accounts[0].Management {
		t.Errorf("%+v", accounts)
	}
	var roles struct{ Roles []struct{ Name string } }
	p.must(http.MethodGet, "/api/v1/portal/accounts/"+f.Ready.Account+"/roles", "", nil, &roles)
	if len(roles.Roles) != 1 || roles.Roles[0].Name != "AWSServiceCatalogEndUserAccess" {
		t.Errorf("%+v", roles)
	}
	if a := p.do(http.MethodGet, "/api/v1/portal/accounts/999999999999/roles", "", nil, nil); a.Refusal == nil || a.status != http.StatusForbidden || a.Code != "ForbiddenException" {
		t.Errorf("another's account: %d %s", a.status, a.body)
	}
	const keysOf = "/roles/AWSServiceCatalogEndUserAccess/keys"
	var keys struct{ AccessKeyID, SecretAccessKey, SessionToken, Expiration, Region string }
	a := p.do(http.MethodPost, "/api/v1/portal/accounts/"+f.Ready.Account+keysOf, "", nil, &keys)
	if !strings.HasPrefix(keys.AccessKeyID, "ASIA") || keys.SecretAccessKey == "" || keys.SessionToken == "" || keys.Region != f.Region || a.header.Get("Cache-Control") != "no-store" {
		t.Errorf("%d %v", a.status, a.header)
	}
	if a := p.fetch(http.MethodPost, "/api/v1/portal/accounts/"+f.Ready.Account+keysOf, "", map[string]string{"Sec-Fetch-Site": "same-site"}, nil, nil); a.status != http.StatusForbidden {
		t.Errorf("from a page of another port: %d", a.status)
	}
	if a := p.do(http.MethodGet, "/api/v1/portal/accounts/"+f.Ready.Account+keysOf, "", nil, nil); a.status != http.StatusNotFound {
		t.Errorf("by GET: %d", a.status)
	}
}

// TestConsole_IdentitySource: pages say what becomes of an SSO user who is not there yet, which depends on where users come from.
func TestConsole_IdentitySource(t *testing.T) {
	t.Parallel()
	for set, want := range map[string]string{"": "identity-center", "external": "external"} {
		t.Run(want, func(t *testing.T) {
			t.Parallel()
			f := setup(t, func(c *server.Config) { c.IdentitySource = set })
			p := f.arrive("requester")
			for _, path := range []string{"/api/v1/about", "/api/v1/session"} {
				var got struct{ IdentitySource string }
				p.must(http.MethodGet, path, "", nil, &got)
				if got.IdentitySource != want {
					t.Errorf("%s: %q", path, got.IdentitySource)
				}
			}
		})
	}
}
