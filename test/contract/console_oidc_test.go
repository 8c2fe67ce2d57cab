package contract

import (
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"accountfactory/internal/factory"
	"accountfactory/internal/server"
	"accountfactory/test/harness"
)

// fromCompany lets people in from a provider of the tests too; their groups are named like the roles.
func fromCompany(t *testing.T) (*harness.Issuer, func(*server.Config)) {
	t.Helper()
	issuer := harness.NewIssuer(t, "account-factory", "s3cret")
	secret := filepath.Join(t.TempDir(), "secret")
	if err := os.WriteFile(secret, []byte("s3cret\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	return issuer, func(c *server.Config) {
		c.SignIn = server.SignIn{
			Issuer: issuer.URL, ClientID: "account-factory", SecretFile: secret,
			Roles: []string{"operators=operator", "requesters=requester", "auditors=auditor", "viewers=viewer"},
		}
	}
}

// colleague signs somebody in by the company's provider.
func (f *fixture) colleague(issuer *harness.Issuer, name string, groups ...string) *person {
	f.t.Helper()
	issuer.Registers(f.Console + "/sign-in/oidc/callback")
	issuer.SignsIn(map[string]any{"sub": "id-of-" + name, "email": name + "@corp.example.com", "email_verified": true, "name": name, "groups": groups})
	p := &person{harness.NewBrowser(f.Console), f, f.t}
	p.Client.CheckRedirect = nil // to the provider and back
	p.get("/sign-in/oidc?return=%2F")
	return p
}

type companySession struct {
	User struct{ ID, UserName, DisplayName, Email string }

	SignIn, FactoryRole, Cloud, ConsoleURL string
	AWSRoles                               bool
}

// TestConsole_OIDC: somebody of a company asks for an account and gets it, on the twin; it is theirs alone, and stays so
// under another e-mail. What needs roles of AWS says so.
func TestConsole_OIDC(t *testing.T) {
	t.Parallel()
	issuer, company := fromCompany(t)
	f := setup(t, company)
	var about struct {
		SignIn []struct{ Kind, Name, URL string }
	}
	ann := f.colleague(issuer, "ann", "requesters")
	ann.must(http.MethodGet, "/api/v1/about", "", nil, &about)
	if len(about.SignIn) != 2 || about.SignIn[0].Kind != "oidc" || about.SignIn[1].Kind != "portal" || about.SignIn[0].URL != "/sign-in/oidc" {
		t.Errorf("offered: %+v", about)
	}
	var me companySession
	ann.must(http.MethodGet, "/api/v1/session", "", nil, &me)
	if me.User.UserName != "ann@corp.example.com" || me.SignIn != "oidc" || me.FactoryRole != "requester" || me.AWSRoles || me.Cloud != "twin" {
		t.Errorf("%+v", me)
	}
	var offer factory.Offer
	ann.must(http.MethodGet, "/api/v1/catalog", "", nil, &offer)
	in := good("team")
	in.OU = ""
	for _, u := range offer.Units {
		if u.Path == "Sandbox" {
			in.OU = u.Value
		}
	}
	if offer.Product == nil || offer.Product.VersionID == "" || in.OU == "" {
		t.Errorf("%+v", offer)
	}

	stream := ann.events("", "")
	var made factory.Detail
	ann.must(http.MethodPost, "/api/v1/requests", "", in, &made)
	if made.Requester != "oidc:"+issuer.URL+"#id-of-ann" || !strings.HasPrefix(made.SourceIdentity, "ann@corp.example.com=") || made.Role != "group requesters" {
		t.Errorf("requested by %q %q %q", made.Requester, made.SourceIdentity, made.Role)
	}
	done := stream.request(func(d factory.Detail) bool { return d.ID == made.ID && d.State.Ended() })
	if done.State != factory.StateSucceeded || done.AccountID == "" {
		t.Errorf("%s: %s", done.State, done.ErrorMessage)
	}

	for name, p := range map[string]*person{
		"a colleague":                   f.colleague(issuer, "bob", "requesters"),
		"somebody of the access portal": f.arrive("requester"),
	} {
		role := ""
		if name != "a colleague" {
			role = f.in(endUser)
		}
		if a := p.do(http.MethodGet, "/api/v1/requests/"+made.ID, role, nil, nil); a.status != http.StatusNotFound {
			t.Errorf("%s sees it: %d", name, a.status)
		}
	}
	issuer.SignsIn(map[string]any{"sub": "id-of-eve", "email": "ann@corp.example.com", "groups": []string{"requesters"}})
	eve := &person{harness.NewBrowser(f.Console), f, f.t}
	eve.Client.CheckRedirect = nil
	eve.get("/sign-in/oidc")
	if a := eve.do(http.MethodGet, "/api/v1/requests/"+made.ID, "", nil, nil); a.status != http.StatusNotFound {
		t.Errorf("who got the e-mail later sees it: %d", a.status)
	}
	issuer.SignsIn(map[string]any{"sub": "id-of-ann", "email": "ann.other@corp.example.com", "groups": []string{"requesters"}})
	ann.get("/sign-in/oidc")
	ann.must(http.MethodGet, "/api/v1/requests/"+made.ID, "", nil, nil)

	for _, call := range []string{
		"GET /api/v1/portal/accounts", "GET /api/v1/portal/accounts/" + f.Ready.Account + "/roles", "POST /api/v1/portal/accounts/" + f.Ready.Account + "/roles/" + admins + "/keys",
		"POST /api/v1/aws/" + f.Ready.Account + "/" + admins + "/eu-west-1/sts/GetCallerIdentity", "GET /api/v1/twin/" + f.Ready.Account + "/" + admins + "/clock",
	} {
		method, path, _ := strings.Cut(call, " ")
		if a := ann.do(method, path, "", obj{}, nil); a.Refusal == nil || a.status != http.StatusForbidden || a.Code != "NoAWSRoles" || !strings.Contains(a.Message, strings.TrimPrefix(issuer.URL, "http://")) {
			t.Errorf("%s: %d %s", call, a.status, a.body)
		}
	}
	var who struct{ ARN, AccountID, Role string }
	ann.must(http.MethodGet, "/api/v1/caller", f.in(admins), nil, &who) // a role named in a header makes nobody more
	if who.Role != "requester" || who.ARN != made.Requester {
		t.Errorf("%+v", who)
	}
}

// TestConsole_OIDCAttacks: what the sign-in by the portal withstands, this one withstands too.
func TestConsole_OIDCAttacks(t *testing.T) {
	t.Parallel()
	issuer, company := fromCompany(t)
	f := setup(t, company)
	p := f.colleague(issuer, "ann", "viewers")
	for to, want := range map[string]string{
		"/console/1/2/": "/console/1/2/", "https://evil.example/": "/", "//evil.example/": "/", `/\evil.example`: "/", "/%2f/evil.example": "/", "/sign-in/oidc": "/",
	} {
		if p.get("/sign-in/oidc?return=" + url.QueryEscape(to)); p.Page.URL.RequestURI() != want || p.Page.URL.Host != strings.TrimPrefix(f.Console, "http://") {
			t.Errorf("return=%q leads to %s, want %s", to, p.Page.URL, want)
		}
	}

	at, err := url.Parse(f.Console)
	f.must(err)
	old := cookieOf(p, "console")
	stolen := &person{harness.NewBrowser(f.Console), f, t}
	stolen.Client.Jar.SetCookies(at, []*http.Cookie{{Name: "console", Value: old, Path: "/"}})
	stolen.must(http.MethodGet, "/api/v1/session", "", nil, nil)
	p.get("/sign-in/oidc")
	if a := stolen.do(http.MethodGet, "/api/v1/session", "", nil, nil); a.status != http.StatusUnauthorized {
		t.Errorf("after signing in again the old id answers %d", a.status)
	}
	p.Client.Jar.SetCookies(at, []*http.Cookie{{Name: "console", Value: "chosen-by-somebody-else", Path: "/"}})
	p.get("/sign-in/oidc")
	if got := cookieOf(p, "console"); got == "chosen-by-somebody-else" || len(got) != 43 {
		t.Errorf("session id %q", got)
	}

	seen := 0
	p.Client.CheckRedirect = func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }
	for to := "/sign-in/oidc"; to != "" && to != "/"; to = p.Page.Header.Get("Location") {
		p.get(to)
		for _, c := range (&http.Response{Header: p.Page.Header}).Cookies() {
			seen++
			flow := strings.HasPrefix(c.Name, "console_flow_")
			if !c.HttpOnly || c.SameSite != http.SameSiteLaxMode || c.Domain != "" || flow && c.Path != "/sign-in" || !flow && c.Path != "/" {
				t.Errorf("%+v", c)
			}
		}
	}
	if seen < 3 { // the flow's, its end, the session's
		t.Errorf("%d cookies", seen)
	}
	if a := p.fetch(http.MethodPost, "/api/v1/session/sign-out", "", map[string]string{"Sec-Fetch-Site": "cross-site"}, nil, nil); a.status != http.StatusForbidden {
		t.Errorf("signed out from another site: %d", a.status)
	}
	p.must(http.MethodGet, "/api/v1/session", "", nil, nil)
}

// TestConsole_OIDCStranger: who is in no group that is anything is told which were seen, and let in nowhere.
func TestConsole_OIDCStranger(t *testing.T) {
	t.Parallel()
	issuer, company := fromCompany(t)
	f := setup(t, company)
	p := f.colleague(issuer, "mallory", "cooks", "<b>gardeners")
	groups := p.Page.Root.ID("groups")
	if p.Page.Status != http.StatusForbidden || groups == nil || !strings.Contains(groups.Content(), "cooks") || !strings.Contains(groups.Content(), "<b>gardeners") {
		t.Errorf("%d %s", p.Page.Status, p.Page.Body)
	}
	if a := p.do(http.MethodGet, "/api/v1/session", "", nil, nil); a.status != http.StatusUnauthorized || cookieOf(p, "console") != "" {
		t.Errorf("%d %s", a.status, a.body)
	}
	if p.get("/sign-in"); p.Page.Root.ID("oidc") == nil || p.Page.Root.ID("portal") == nil {
		t.Errorf("the page to choose on: %s", p.Page.Body)
	}
}

// TestConsole_OIDCOwn: where there is no portfolio to say who may launch, the company's groups say it.
func TestConsole_OIDCOwn(t *testing.T) {
	t.Parallel()
	issuer, company := fromCompany(t)
	f := own(t, company)
	p := f.colleague(issuer, "ann", "requesters")
	var offer factory.Offer
	p.must(http.MethodGet, "/api/v1/catalog", "", nil, &offer)
	if offer.Product != nil || len(offer.Units) != 2 || offer.Units[0].Path != "Sandbox" {
		t.Errorf("%+v", offer)
	}
	in := good("team")
	in.OU = offer.Units[0].Value
	stream := p.events("", "") // opened before, as it shows none that has ended already
	var made factory.Detail
	p.must(http.MethodPost, "/api/v1/requests", "", in, &made)
	if d := stream.request(func(d factory.Detail) bool { return d.ID == made.ID && d.State.Ended() }); d.State != factory.StateSucceeded {
		t.Errorf("%s: %s", d.State, d.ErrorMessage)
	}
	for group, kind := range map[string]factory.Kind{"viewers": factory.KindLaunch, "auditors": factory.KindLaunch, "requesters": factory.KindClose} {
		refused := good("other")
		refused.Kind, refused.Account = kind, made.AccountEmail
		if a := f.colleague(issuer, "bob", group).do(http.MethodPost, "/api/v1/requests", "", refused, nil); a.status != http.StatusForbidden {
			t.Errorf("%s ask for %s: %d %s", group, kind, a.status, a.body)
		}
	}
}
