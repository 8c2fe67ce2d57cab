package console

import (
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"

	"accountfactory/internal/cloud"
	"accountfactory/test/harness"
)

// againOn gives where a page offers to sign in.
func againOn(t *testing.T, page io.Reader) string {
	t.Helper()
	root, err := harness.ParseHTML(page)
	if err != nil {
		t.Fatal(err)
	}
	link := root.ID("again")
	if link == nil {
		t.Fatal("the page does not offer to sign in")
	}
	return link.Attrs["href"]
}

// TestTroublePage_Return: who could not sign in tries again and ends where they had wanted to go, at a path of this server alone.
func TestTroublePage_Return(t *testing.T) {
	t.Parallel()
	const deep = "/console/111122223333/Admin/factory/requests?state=open&mine=true"
	for to, want := range map[string]string{
		deep:                                "/sign-in?return=" + url.QueryEscape(deep),
		`/x"><script>alert(1)</script>`:     "/sign-in?return=" + url.QueryEscape(`/x"><script>alert(1)</script>`),
		"":                                  "/sign-in",
		"/":                                 "/sign-in",
		"https://evil.example/":             "/sign-in",
		"//evil.example/":                   "/sign-in",
		`/\evil.example`:                    "/sign-in",
		"/\t/evil.example":                  "/sign-in",
		"javascript:alert(1)":               "/sign-in",
		"/sign-in/center/wait":              "/sign-in",
		"/" + strings.Repeat("long/", 1000): "/sign-in",
	} {
		b, center := onAWS(t)
		x := &tab{t, b, map[string]string{}}
		center.leads = "javascript:alert(1)" // where nobody is sent: the way is away
		away := x.visit("/sign-in?return=" + url.QueryEscape(to))
		if got := againOn(t, away.Body); away.Code != http.StatusServiceUnavailable || got != want {
			t.Errorf("%q, at the beginning: %d, again at %q, want %q", to, away.Code, got, want)
		}
		center.leads, center.decision = "https://portal.example/device", nil
		page := x.visit("/sign-in/identity-center?return=" + url.QueryEscape(to))
		center.decision = fmt.Errorf("AWS: %w", cloud.ErrSignedOut)
		denied := x.again(page)
		if got := againOn(t, denied.Body); denied.Code != http.StatusUnauthorized || got != want {
			t.Errorf("%q, after a no: %d, again at %q, want %q", to, denied.Code, got, want)
		}
	}
}

// TestTroublePage_Ways: each way knows at its answer where it was to lead; what belongs to no sign-in does not.
func TestTroublePage_Ways(t *testing.T) {
	t.Parallel()
	const deep, want = "/console/111122223333/Admin", "/sign-in?return=%2Fconsole%2F111122223333%2FAdmin"

	b := setup(t, func(c *Config) { c.Directory = fakeDirectory{errNoAccounts} })
	x := &tab{t, b, map[string]string{}}
	asked, err := url.Parse(x.visit("/sign-in?return=" + deep).Header().Get("Location"))
	if err != nil {
		t.Fatal(err)
	}
	answer := callbackPath + "?" + url.Values{"state": {asked.Query().Get("state")}, "code": {"code"}}.Encode()
	if w := x.visit(answer); w.Code != http.StatusForbidden || againOn(t, w.Body) != want {
		t.Errorf("the portal's: %d", w.Code)
	}
	if w := (&tab{t, b, map[string]string{}}).visit(answer); w.Code != http.StatusBadRequest || againOn(t, w.Body) != "/sign-in" {
		t.Errorf("another browser's: %d", w.Code)
	}

	c := newCompany(t)
	c.issuer.SignsIn(map[string]any{"sub": "7", "groups": []string{"cooks"}})
	if resp, page := c.visitor(t).visit("/sign-in?return=" + deep); resp.StatusCode != http.StatusForbidden || againOn(t, strings.NewReader(page)) != want {
		t.Errorf("a stranger's: %d", resp.StatusCode)
	}

	linked, _, _ := federated(t, "/")
	w := httptest.NewRecorder() // what a link names may be a page of AWS's console
	linked.Handler().ServeHTTP(w, httptest.NewRequest(http.MethodGet, "/sign-in/federated?code=gone&return=/servicecatalog/home", nil).WithContext(t.Context()))
	if w.Code != http.StatusUnauthorized || againOn(t, w.Body) != "/sign-in" {
		t.Errorf("a link's: %d", w.Code)
	}

	err = flow{Return: deep}.leading(errNoWay)
	if !errors.Is(err, errNoWay) || err.Error() != errNoWay.Error() || (flow{}).leading(nil) != nil {
		t.Errorf("what went wrong is lost on the way: %v", err)
	}
}
