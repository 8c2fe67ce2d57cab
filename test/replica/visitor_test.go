package replica

import (
	"bytes"
	"encoding/json"
	"io"
	"net/http"
	"net/http/cookiejar"
	"net/url"
	"os"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"
	"time"

	"accountfactory/internal/factory"
	"accountfactory/test/harness"
)

// visitor is a browser at one or several consoles: cookies know no ports.
type visitor struct {
	*http.Client
	t *testing.T
}

func newVisitor(t *testing.T) *visitor {
	t.Helper()
	jar, err := cookiejar.New(nil)
	if err != nil {
		t.Fatal(err)
	}
	return &visitor{&http.Client{Jar: jar}, t}
}

// seen is what came at the end of the redirects.
type seen struct {
	StatusCode int
	Header     http.Header
	Request    *http.Request
}

// call gives an answer, and what it says.
func (v *visitor) call(method, to string, in, out any) (seen, []byte) {
	v.t.Helper()
	body, err := json.Marshal(in)
	if err != nil {
		v.t.Fatal(err)
	}
	r, err := http.NewRequestWithContext(v.t.Context(), method, to, bytes.NewReader(body))
	if err != nil {
		v.t.Fatal(err)
	}
	r.Header.Set("Accept", "text/html, application/json")
	if role, _ := in.(inRole); role != "" {
		r.Header.Set("X-Accountfactory-Role", string(role))
	}
	resp, err := v.Do(r)
	if err != nil {
		v.t.Fatal(err)
	}
	defer func() { _ = resp.Body.Close() }() // read to its end
	text, err := io.ReadAll(resp.Body)
	if err == nil && out != nil && resp.StatusCode < http.StatusBadRequest {
		err = json.Unmarshal(text, out)
	}
	if err != nil {
		v.t.Fatalf("%s %s: %d %s: %v", method, to, resp.StatusCode, text, err)
	}
	return seen{resp.StatusCode, resp.Header, resp.Request}, text
}

// inRole calls in an opened role, with nothing to say.
type inRole string

// must does what has to go well.
func (v *visitor) must(method, to string, in, out any) {
	v.t.Helper()
	if resp, body := v.call(method, to, in, out); resp.StatusCode >= http.StatusBadRequest {
		v.t.Fatalf("%s %s: %d %s", method, to, resp.StatusCode, body)
	}
}

// allowed makes what has to be there before a factory works on AWS.
func (s *standIn) allowed(t *testing.T, p *harness.Process) {
	t.Helper()
	for _, args := range [][]string{
		{"setup-role", "--yes", "--organization", s.organization, "--endpoint-url", s.url}, {"queue", "resume", "--server", p.Console},
	} {
		if out, code := s.run(t, args...); code != 0 {
			t.Fatalf("%v: exit code %d: %s", args, code, out)
		}
	}
}

// company gives a provider of the tests and the settings for it.
func company(t *testing.T) (*harness.Issuer, []string) {
	t.Helper()
	issuer := harness.NewIssuer(t, "account-factory", "s3cret")
	secret := filepath.Join(t.TempDir(), "secret")
	if err := os.WriteFile(secret, []byte("s3cret"), 0o600); err != nil {
		t.Fatal(err)
	}
	return issuer, []string{
		"--oidc-issuer", issuer.URL, "--oidc-client-id", "account-factory", "--oidc-client-secret-file", secret,
		"--oidc-role", "operators=operator", "--oidc-role", "requesters=requester",
	}
}

const goodPassword = "Correct-horse-1"

// enters gives a browser in which a user of the twin's Identity Center is signed in at its own pages.
func (s *standIn) enters(t *testing.T, user string) *harness.Browser {
	t.Helper()
	c, err := s.Management(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	lab := s.Lab(c.Config.Credentials)
	if err := lab.Do(t.Context(), http.MethodPost, "/_twin/admin/users/"+user+"/invite", nil, nil); err != nil {
		t.Fatal(err)
	}
	var out struct{ Mails []struct{ To, Link string } }
	if err := lab.Do(t.Context(), http.MethodGet, "/_twin/outbox", nil, &out); err != nil {
		t.Fatal(err)
	}
	link := ""
	for _, m := range out.Mails {
		if strings.HasPrefix(m.To, user+"@") {
			link = m.Link
		}
	}
	b := harness.NewBrowser(s.Console)
	if _, err := b.Get(t.Context(), link); err != nil {
		t.Fatal(err)
	}
	if _, err := b.Submit(t.Context(), "choose", map[string]string{"password": goodPassword, "again": goodPassword}); err != nil {
		t.Fatal(err)
	}
	return b
}

var refresh = regexp.MustCompile(`^([0-9]+); url=(.*)$`)

// byDevice signs in at a console on AWS: b, at the portal, says yes to what the console's page leads to.
func (v *visitor) byDevice(console string, b *harness.Browser) {
	v.t.Helper()
	resp, body := v.call(http.MethodGet, console+"/sign-in/identity-center?return="+url.QueryEscape("/api/v1/session"), nil, nil)
	page, err := harness.ParseHTML(bytes.NewReader(body))
	if err != nil || page.ID("open") == nil {
		v.t.Fatalf("%d %s %v", resp.StatusCode, body, err)
	}
	if _, err := b.Get(v.t.Context(), page.ID("open").Attrs["href"]); err != nil {
		v.t.Fatal(err)
	}
	if shown := b.Page.Root.ID("user-code").Content(); shown != page.ID("code").Content() {
		v.t.Fatalf("the portal at %s shows %q, the console %q: %s", b.Page.URL, shown, page.ID("code").Content(), b.Page.Body)
	}
	if _, err := b.Submit(v.t.Context(), "approve", map[string]string{"decision": "allow"}); err != nil {
		v.t.Fatal(err)
	}
	for resp.Header.Get("Refresh") != "" {
		m := refresh.FindStringSubmatch(resp.Header.Get("Refresh"))
		seconds, err := strconv.Atoi(m[1])
		if err != nil {
			v.t.Fatal(err)
		}
		wait := time.NewTimer(time.Duration(seconds) * time.Second) // as a browser does
		<-wait.C
		resp, body = v.call(http.MethodGet, console+m[2], nil, nil)
	}
	if resp.StatusCode != http.StatusOK || resp.Request.URL.Path != "/api/v1/session" {
		v.t.Fatalf("at %s: %d %s", resp.Request.URL, resp.StatusCode, body)
	}
}

// followed waits for the end of a request.
func (v *visitor) followed(console, id, role string) (d factory.Detail) {
	v.t.Helper()
	err := harness.Poll(v.t.Context(), 50*time.Millisecond, func() (bool, error) {
		v.must(http.MethodGet, console+"/api/v1/requests/"+id, inRole(role), &d)
		return d.State.Ended() || d.State.Asks(), nil
	})
	if err != nil {
		v.t.Fatal(err)
	}
	return d
}
