package contract

import (
	"context"
	"crypto/tls"
	"net"
	"net/http"
	"net/http/httptest"
	"net/http/httputil"
	"net/url"
	"strings"
	"testing"

	"accountfactory/internal/server"
	"accountfactory/test/harness"
)

// TestConsole_App: which address is the app's, which the sign-in's, which the API's.
func TestConsole_App(t *testing.T) {
	t.Parallel()
	f := setup(t)
	c := &http.Client{CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
	for _, tc := range []struct {
		method, path, accept string
		status               int
		header, want         string
	}{
		{"GET", "/", "text/html", 200, "Content-Type", "text/html; charset=utf-8"},
		{"GET", "/console/123456789012/AWSAdministratorAccess/factory/requests/req-1?region=eu-west-1", "text/html", 200, "Cache-Control", "no-cache"},
		{"HEAD", "/console/", "text/html", 200, "Content-Type", "text/html; charset=utf-8"},
		{"GET", "/console/x", "application/json", 404, "Cache-Control", "no-store"},
		{"GET", "/assets/none.js", "text/html", 404, "Cache-Control", "no-store"},
		{"GET", "/start", "text/html", 303, "Location", "/"},
		{"GET", "/start/", "text/html", 303, "Location", "/"},
		{"GET", "/start/invitation/x", "text/html", 303, "Location", "/signin/invitation/x"},
		{"GET", "/signin/nothing", "text/html", 404, "Content-Type", "text/html; charset=utf-8"},
		{"GET", "/api/v1/nothing", "text/html", 404, "Content-Type", "application/json"},
		{"POST", "/console/", "text/html", 405, "Allow", "GET, HEAD"},
	} {
		r, err := http.NewRequestWithContext(f.ctx, tc.method, f.Console+tc.path, http.NoBody)
		f.must(err)
		r.Header.Set("Accept", tc.accept)
		resp, err := c.Do(r)
		f.must(err)
		_ = resp.Body.Close()
		if resp.StatusCode != tc.status || resp.Header.Get(tc.header) != tc.want {
			t.Errorf("%s %s: %d, %s %q", tc.method, tc.path, resp.StatusCode, tc.header, resp.Header.Get(tc.header))
		}
		if csp := resp.Header.Get("Content-Security-Policy"); tc.status == http.StatusOK && !strings.HasPrefix(csp, "default-src 'none'; script-src 'self';") {
			t.Errorf("%s: policy %q", tc.path, csp)
		}
	}
}

// TestConsole_Public: behind a proxy with HTTPS and another name, people sign in under that name, with cookies that stay on it.
func TestConsole_Public(t *testing.T) {
	t.Parallel()
	const public = "https://accounts.example"
	f := setup(t, func(c *server.Config) { c.Public.URL, c.Public.TrustedProxy = public, "127.0.0.1,::1" })
	behind, err := url.Parse(f.Console)
	f.must(err)
	proxy := httptest.NewTLSServer(&httputil.ReverseProxy{Rewrite: func(r *httputil.ProxyRequest) {
		r.SetURL(behind)
		r.Out.Host = r.In.Host
		r.SetXForwarded()
	}})
	t.Cleanup(proxy.Close)
	p := &person{harness.NewBrowser(public), f, t}
	p.Client.Transport = &http.Transport{
		DialContext: func(ctx context.Context, network, _ string) (net.Conn, error) {
			return new(net.Dialer).DialContext(ctx, network, proxy.Listener.Addr().String())
		},
		TLSClientConfig: &tls.Config{InsecureSkipVerify: true}, //nolint:gosec // the test's own proxy
	}
	link := f.invitation("requester")
	if !strings.HasPrefix(link, public+"/start/") {
		t.Errorf("the invitation leads to %s", link)
	}
	p.get(link)
	p.submit("choose", "password", goodPassword, "again", goodPassword)
	p.get("/sign-in?return=/console/")
	if p.Page.URL.String() != public+"/console/" {
		t.Fatalf("after the sign-in at %s: %d", p.Page.URL, p.Page.Status)
	}
	if cookieOf(p, "__Host-console") == "" || cookieOf(p, "console") != "" {
		t.Error("no cookie that HTTPS guards")
	}
	p.must(http.MethodGet, "/api/v1/session", "", nil, nil)
	if a := p.fetch(http.MethodPost, "/api/v1/session/sign-out", "", map[string]string{"Sec-Fetch-Site": "cross-site", "Origin": "https://evil.example"}, nil, nil); a.status != http.StatusForbidden {
		t.Errorf("signed out by another site: %d", a.status)
	}
}
