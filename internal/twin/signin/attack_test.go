package signin_test

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"net/url"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"accountfactory/internal/twin/identitycenter"
	"accountfactory/internal/twin/signin"
	"accountfactory/internal/twin/state"
	"accountfactory/test/harness"
)

// Unknown users, wrong passwords and users without a password get the same answer for the same work.
func TestAttack_UserEnumeration(t *testing.T) {
	t.Parallel()
	b := setup(t)
	b.jane(t)
	b.user(t, "invited")
	bodies, costs := map[string]string{}, map[string]int64{}
	for _, name := range []string{"jane", "nobody", "invited"} {
		before := b.Hashes()
		p := signIn(t, b.browser(), name, "Wrong-horse-1")
		wantAlert(t, p, http.StatusUnauthorized, "User name or password is wrong.")
		bodies[name] = strings.ReplaceAll(string(p.Body), name, "NAME")
		costs[name] = b.Hashes() - before
	}
	for _, name := range []string{"nobody", "invited"} {
		if bodies[name] != bodies["jane"] || costs[name] != costs["jane"] || costs[name] != 1 {
			t.Errorf("%s: %d hashes, jane: %d; same page: %v", name, costs[name], costs["jane"], bodies[name] == bodies["jane"])
		}
	}
}

func TestAttack_GuessedPasswords(t *testing.T) {
	t.Parallel()
	b := setup(t)
	b.jane(t)
	b.wall.hold()
	for _, name := range []string{"jane", "nobody"} {
		in := b.browser()
		for range 4 {
			wantAlert(t, signIn(t, in, name, "Wrong-horse-1"), http.StatusUnauthorized, "User name or password is wrong.")
		}
		hashes := b.Hashes()
		p := signIn(t, in, name, password)
		if p.Status != http.StatusTooManyRequests || p.Header.Get("Retry-After") == "" || b.Hashes() != hashes {
			t.Errorf("the fifth try as %s: %d, Retry-After %q", name, p.Status, p.Header.Get("Retry-After"))
		}
	}
	b.wall.pass(2 * time.Second)
	wantTitle(t, signIn(t, b.browser(), "jane", password), "You are signed in")
}

// guess tries a password from an address, and gives the answer's status.
func (b *bundle) guess(t *testing.T, address, name, secret string) int {
	t.Helper()
	r := httptest.NewRequestWithContext(t.Context(), http.MethodPost, "/signin/in", strings.NewReader(url.Values{"username": {name}, "password": {secret}}.Encode()))
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	r.RemoteAddr = address + ":1234"
	w := httptest.NewRecorder()
	b.pages.ServeHTTP(w, r)
	return w.Code
}

// Guesses from many addresses are counted together, and cost the person at most a wait.
func TestAttack_GuessedFromEverywhere(t *testing.T) {
	t.Parallel()
	b := setup(t)
	b.jane(t)
	b.wall.hold()
	for i := range 21 {
		if got := b.guess(t, fmt.Sprintf("192.0.2.%d", i), "Jane", "Wrong-horse-1"); got != http.StatusUnauthorized {
			t.Fatalf("guess %d: %d", i+1, got)
		}
	}
	if got := b.guess(t, "198.51.100.1", "jane", password); got != http.StatusTooManyRequests {
		t.Errorf("the next one, from elsewhere: %d", got)
	}
	b.wall.pass(2 * time.Second)
	if got := b.guess(t, "198.51.100.1", "jane", password); got != http.StatusSeeOther {
		t.Errorf("after a wait: %d", got)
	}
}

// Guesses sent all at once do not slip through together.
func TestAttack_GuessedAtOnce(t *testing.T) {
	t.Parallel()
	b := setup(t)
	b.jane(t)
	b.wall.hold()
	before := b.Hashes()
	var all sync.WaitGroup
	for range 40 {
		all.Go(func() { b.guess(t, "192.0.2.1", "jane", "Wrong-horse-1") })
	}
	all.Wait()
	if got := b.Hashes() - before; got != 4 { // three, and the one after which to wait
		t.Errorf("%d of forty guesses were looked at, want 4", got)
	}
}

// A session begins with a secret of its own, and the cookies of the way there are good for nothing.
func TestAttack_SessionFixation(t *testing.T) {
	t.Parallel()
	b := setup(t)
	id, _ := b.jane(t)
	in := b.browser()
	at, _ := url.Parse(b.base + "/signin/")
	planted := "planted-by-somebody-else-0000000000000000000"
	in.Client.Jar.SetCookies(at, []*http.Cookie{
		{Name: "accountfactory_signin", Value: planted, Path: "/signin/"}, {Name: "accountfactory_attempt", Value: planted, Path: "/signin/"},
	})
	wantTitle(t, signIn(t, in, "jane", password), "You are signed in")
	if got := cookie(t, in, "accountfactory_signin"); got == planted || got == "" {
		t.Errorf("the session's cookie is %q", got)
	}
	thief := b.browser()
	thief.Client.Jar.SetCookies(at, []*http.Cookie{{Name: "accountfactory_signin", Value: planted, Path: "/signin/"}})
	if signedIn(t, thief) {
		t.Error("a planted cookie is signed in")
	}

	must(t, b.SetPolicy(t.Context(), signin.Policy{Mode: signin.AlwaysOn, NoDevice: signin.EmailCode}))
	half := b.browser()
	wantTitle(t, signIn(t, half, "jane", password), "Second factor")
	halfway := cookie(t, half, "accountfactory_attempt")
	thief.Client.Jar.SetCookies(at, []*http.Cookie{{Name: "accountfactory_signin", Value: halfway, Path: "/signin/"}})
	if signedIn(t, thief) {
		t.Error("an attempt's cookie passes for a session's")
	}
	b.view(t, func(tx *state.Tx) {
		for _, use := range []identitycenter.Use{identitycenter.AccessUse, identitycenter.RefreshUse} {
			if p, _ := b.center.Session(tx, use, cookie(t, in, "accountfactory_signin")); p != nil {
				t.Errorf("a cookie of %s passes for a %s token", id, use)
			}
		}
	})
}

func cookie(t *testing.T, in *harness.Browser, name string) string {
	t.Helper()
	at, _ := url.Parse(in.Base + "/signin/")
	for _, c := range in.Client.Jar.Cookies(at) {
		if c.Name == name {
			return c.Value
		}
	}
	return ""
}

func TestAttack_CookieLeaves(t *testing.T) {
	t.Parallel()
	b := setup(t)
	b.jane(t)
	in := b.browser()
	in.Client.CheckRedirect = func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }
	get(t, in, "/signin/in")
	p := submit(t, in, "sign-in", "username", "jane", "password", password)
	resp := http.Response{Header: p.Header}
	found := false
	for _, c := range resp.Cookies() {
		found = found || c.Name == "accountfactory_signin"
		if !c.HttpOnly || c.SameSite != http.SameSiteLaxMode || c.Path != "/signin/" || c.Domain != "" {
			t.Errorf("cookie %s", c.Raw)
		}
	}
	if !found {
		t.Errorf("no session cookie in %v", p.Header)
	}
	for _, path := range []string{"/", "/console/", "/api/v1/about", "/start"} {
		at, _ := url.Parse(b.base + path)
		if got := in.Client.Jar.Cookies(at); len(got) > 0 {
			t.Errorf("cookies go to %s: %v", path, got)
		}
	}
}

func TestAttack_CrossSitePost(t *testing.T) {
	t.Parallel()
	b := setup(t)
	_, in := b.jane(t)
	for _, header := range []map[string]string{
		{"Sec-Fetch-Site": "cross-site"}, {"Sec-Fetch-Site": "same-site"}, {"Origin": "https://evil.example"}, {"Origin": "null"},
	} {
		for _, path := range []string{"/signin/out", "/signin/in", "/signin/device", "/signin/browsers/forget"} {
			r, err := http.NewRequestWithContext(t.Context(), http.MethodPost, b.base+path, strings.NewReader("decision=allow"))
			must(t, err)
			r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
			for k, v := range header {
				r.Header.Set(k, v)
			}
			resp, err := in.Client.Do(r)
			must(t, err)
			_ = resp.Body.Close()
			if resp.StatusCode != http.StatusForbidden {
				t.Errorf("%s with %v answers %d", path, header, resp.StatusCode)
			}
		}
	}
	if !signedIn(t, in) {
		t.Error("another site has signed jane out")
	}
}

func TestAttack_RedirectElsewhere(t *testing.T) {
	t.Parallel()
	for next, want := range map[string]string{
		"":                                "/signin/",
		"https://evil.example/":           "/signin/",
		"//evil.example/signin/device":    "/signin/",
		"/\\evil.example/signin/device":   "/signin/",
		"/signin/device\r\nX: y":          "/signin/",
		"http:/signin/device":             "/signin/",
		"/signin/../../evil":              "/signin/",
		"/signin/out":                     "/signin/",
		"javascript:alert(1)":             "/signin/",
		"/signin/device?user_code=A-B":    "/signin/device?user_code=A-B",
		"/signin/authorize?client_id=x":   "/signin/authorize?client_id=x",
		"/signin/device@evil.example":     "/signin/",
		"/%5cevil.example/signin/device":  "/signin/",
		strings.Repeat("/signin/x", 1000): "/signin/",
	} {
		if got := signin.OwnPage(next); got != want {
			t.Errorf("%q leads to %q, want %q", next, got, want)
		}
	}
	b := setup(t)
	b.jane(t)
	in := b.browser()
	get(t, in, "/signin/in?next="+url.QueryEscape("https://evil.example/"))
	if p := submit(t, in, "sign-in", "username", "jane", "password", password, "next", "//evil.example/"); p.URL.Host != strings.TrimPrefix(b.base, "http://") {
		t.Errorf("led to %s", p.URL)
	}
}

func TestAttack_Bodies(t *testing.T) {
	t.Parallel()
	b := setup(t)
	post := func(kind, body string) int {
		r, err := http.NewRequestWithContext(t.Context(), http.MethodPost, b.base+"/signin/in", strings.NewReader(body))
		must(t, err)
		r.Header.Set("Content-Type", kind)
		resp, err := http.DefaultClient.Do(r)
		must(t, err)
		_ = resp.Body.Close()
		return resp.StatusCode
	}
	const form = "application/x-www-form-urlencoded"
	for _, tc := range []struct {
		name, kind, body string
		want             int
	}{
		{"too large", form, "username=" + strings.Repeat("x", 70_000), http.StatusRequestEntityTooLarge},
		{"JSON", "application/json", `{"username":"x"}`, http.StatusUnsupportedMediaType},
		{"parts", "multipart/form-data; boundary=x", "--x--", http.StatusUnsupportedMediaType},
		{"no type", "", "username=x", http.StatusUnsupportedMediaType},
		{"bad escapes", form, "username=%zz", http.StatusBadRequest},
		{"many fields", form, strings.Repeat("a=1&", 16_000) + "b", http.StatusBadRequest},
		{"zero bytes", form, "username=%00&password=%00", http.StatusUnauthorized},
		{"no UTF-8", form, "username=%ff%fe&password=%ff", http.StatusUnauthorized},
	} {
		if got := post(tc.kind, tc.body); got != tc.want {
			t.Errorf("%s: %d, want %d", tc.name, got, tc.want)
		}
	}
}

// Every page forbids frames, scripts and styles of others, and inline ones; it also has none.
func TestAttack_Framing(t *testing.T) {
	t.Parallel()
	b := setup(t)
	_, in := b.jane(t)
	_, link := b.user(t, "bob")
	for _, path := range []string{
		"/signin/", "/signin/in", "/signin/forgot", "/signin/password", "/signin/devices/totp", "/signin/devices/passkey", "/signin/device",
		"/signin/device?user_code=x", "/signin/nothing", "/signin/style.css", "/signin/passkey.js", "/signin/devices/totp.png", link,
		"/federation", "/signin/console",
	} {
		p := get(t, in, path)
		csp := p.Header.Get("Content-Security-Policy")
		if !strings.Contains(csp, "default-src 'none'") || !strings.Contains(csp, "frame-ancestors 'none'") || strings.Contains(csp, "unsafe") ||
			p.Header.Get("X-Frame-Options") != "DENY" || p.Header.Get("X-Content-Type-Options") != "nosniff" || p.Header.Get("Referrer-Policy") != "same-origin" {
			t.Errorf("%s: %v", path, p.Header)
		}
		if p.Root == nil {
			continue
		}
		p.Root.FindAll(func(n *harness.Node) bool {
			for name := range n.Attrs {
				if strings.HasPrefix(name, "on") || name == "style" {
					t.Errorf("%s: <%s %s>", path, n.Name, name)
				}
			}
			if n.Name == "style" || n.Name == "script" && (n.Attrs["src"] != "/signin/passkey.js" || n.Content() != "") {
				t.Errorf("%s: inline <%s>", path, n.Name)
			}
			return false
		})
	}
}

// Links and passwords are in no log, however much it says.
func TestAttack_SecretsInLogs(t *testing.T) {
	t.Parallel()
	b := setup(t)
	_, link := b.user(t, "jane")
	in := b.browser()
	get(t, in, link)
	submit(t, in, "choose", "password", password, "again", password)
	get(t, in, "/signin/forgot")
	submit(t, in, "forgot", "username", "jane")
	reset := b.mail(t, "mail-jane@example.com").Link
	get(t, in, reset)
	broker := b.role(t, "Deployer", false)
	used, unused := b.token(t, broker), b.token(t, broker)
	get(t, in, signinLink(used, "/"))
	_ = b.st.Close()       // from here on pages fail, and say so in the log
	get(t, in, "/signin/") // reading goes on
	if p := submitTo(t, in, "/signin/forgot", "username", "jane"); p.Status != http.StatusInternalServerError {
		t.Fatalf("with the store closed: %d", p.Status)
	}
	if p := get(t, in, signinLink(unused, "/")); p.Status != http.StatusInternalServerError {
		t.Fatalf("with the store closed: %d", p.Status)
	}
	log := b.log.text()
	if !strings.Contains(log, "sign-in page") {
		t.Fatalf("the failure is not in the log: %q", log)
	}
	for what, secret := range map[string]string{
		"invitation": link[strings.LastIndexByte(link, '/')+1:], "reset": reset[strings.LastIndexByte(reset, '/')+1:], "password": password,
		"cookie": cookie(t, in, "accountfactory_signin"), "sign-in token": unused, "used sign-in token": used, "session key": broker.Key,
		"console cookie": cookie(t, in, "accountfactory_role"),
	} {
		if strings.Contains(log, secret) {
			t.Errorf("the log has the %s", what)
		}
	}
}

// submitTo posts fields to a path without a form.
func submitTo(t *testing.T, in *harness.Browser, path string, typed ...string) *harness.Page {
	t.Helper()
	form := &harness.Node{Name: "form", Attrs: map[string]string{"method": "post", "action": path}}
	p, err := in.SubmitForm(t.Context(), form, pairs(typed))
	must(t, err)
	return p
}

// With HTTPS no cookie goes without.
func TestAttack_CookieWithoutHTTPS(t *testing.T) {
	t.Parallel()
	st := state.New(state.Options{Path: filepath.Join(t.TempDir(), "twin.db")})
	center := identitycenter.New(st, nothing{}, nothing{}, identitycenter.Config{PortalURL: "https://portal.example/start"})
	pages := signin.New(st, center, signin.Config{PortalURL: "https://portal.example/start"})
	_, err := st.Open(t.Context())
	must(t, err)
	t.Cleanup(func() { _ = st.Close() })
	r := httptest.NewRequestWithContext(t.Context(), http.MethodPost, "/signin/out", strings.NewReader("x=y"))
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	w := httptest.NewRecorder()
	pages.Handler().ServeHTTP(w, r)
	cookies := w.Result().Cookies()
	if len(cookies) == 0 {
		t.Fatal("no cookie set")
	}
	for _, c := range cookies {
		if !c.Secure {
			t.Errorf("cookie %s", c.Raw)
		}
	}
}
