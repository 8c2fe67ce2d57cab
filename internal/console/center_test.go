package console

import (
	"context"
	"errors"
	"fmt"
	"html"
	"net/http"
	"net/http/httptest"
	"net/url"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/aws/smithy-go"

	"accountfactory/internal/cloud"
)

// fakeCenter is a portal whose person decides when told to.
type fakeCenter struct {
	clock      *handClock
	registered int
	forgotten  bool
	started    int
	asked      int
	decision   error // what asking gives; nil is yes
	leads      string
	err        error
}

func (f *fakeCenter) RegisterDevice(context.Context, string) (cloud.PortalClient, error) {
	f.registered++
	f.forgotten = false
	return cloud.PortalClient{ID: fmt.Sprint("device-", f.registered), Expires: f.clock.Now().Add(90 * 24 * time.Hour)}, f.err
}

func (f *fakeCenter) StartDevice(_ context.Context, _ cloud.PortalClient, startURL string) (cloud.PortalDevice, error) {
	if f.forgotten {
		return cloud.PortalDevice{}, fmt.Errorf("AWS: %w", cloud.ErrUnknownClient)
	}
	f.started++
	return cloud.PortalDevice{
		Code: "device-secret", UserCode: "ABCD-EFGH", URL: f.leads, Every: 5 * time.Second, Expires: f.clock.Now().Add(10 * time.Minute),
	}, f.err
}

func (f *fakeCenter) AwaitDevice(context.Context, cloud.PortalClient, string) (cloud.PortalTokens, error) {
	f.asked++
	return cloud.PortalTokens{Access: "access-device", Refresh: "refresh", Expires: f.clock.Now().Add(time.Hour)}, f.decision
}

type fakeDirectory struct{ err error }

func (f fakeDirectory) Who(context.Context, string) (User, time.Time, error) {
	return User{ID: "ann", UserName: "ann", DisplayName: "ann"}, time.Time{}, f.err
}

// onAWS is a console on AWS that Identity Center's people come to.
func onAWS(t *testing.T, change ...func(*Config)) (*bundle, *fakeCenter) {
	t.Helper()
	center := &fakeCenter{leads: "https://d-1234567890.awsapps.com/start/#/device?user_code=ABCD-EFGH", decision: cloud.ErrPending}
	b := setup(t, append([]func(*Config){func(c *Config) {
		c.Center, c.Directory, c.AuthorizeURL = center, fakeDirectory{}, ""
		c.StartURL = func(context.Context) (string, error) { return "https://d-1234567890.awsapps.com/start", nil }
		c.About.OrganizationID = "o-abcdefghij"
		c.About.Cloud = cloud.KindAWS
	}}, change...)...)
	center.clock = b.clock
	return b, center
}

// tab is one tab of a browser that reloads what it is told to.
type tab struct {
	t       *testing.T
	b       *bundle
	cookies map[string]string
}

func (x *tab) visit(to string) *httptest.ResponseRecorder {
	x.t.Helper()
	r := httptest.NewRequest(http.MethodGet, "http://localhost:4580"+to, nil).WithContext(x.t.Context())
	for name, value := range x.cookies {
		r.AddCookie(&http.Cookie{Name: name, Value: value})
	}
	w := httptest.NewRecorder()
	x.b.Handler().ServeHTTP(w, r)
	for _, c := range (&http.Response{Header: w.Header()}).Cookies() {
		x.cookies[c.Name] = c.Value
	}
	return w
}

var refresh = regexp.MustCompile(`^([0-9]+); url=(.*)$`)

// again waits as long as the page says and goes where it says.
func (x *tab) again(w *httptest.ResponseRecorder) *httptest.ResponseRecorder {
	x.t.Helper()
	m := refresh.FindStringSubmatch(w.Header().Get("Refresh"))
	if m == nil {
		x.t.Fatalf("the page does not go on: %d %s", w.Code, w.Body)
	}
	seconds, err := time.ParseDuration(m[1] + "s")
	if err != nil {
		x.t.Fatal(err)
	}
	x.b.clock.pass(seconds)
	return x.visit(m[2])
}

// TestCenter: a page with a code, which goes on by itself once the person has said yes, to where they wanted to go.
func TestCenter(t *testing.T) {
	t.Parallel()
	b, center := onAWS(t)
	x := &tab{t, b, map[string]string{}}
	w := x.visit("/sign-in?return=" + url.QueryEscape("/factory"))
	page := html.UnescapeString(w.Body.String())
	if !strings.Contains(page, "AWS, organization o-abcdefghij") {
		t.Errorf("the page does not say on what one works: %s", page)
	}
	if w.Code != http.StatusOK || !strings.Contains(page, "ABCD-EFGH") || !strings.Contains(page, center.leads) || strings.Contains(page, "device-secret") {
		t.Errorf("%d %s", w.Code, page)
	}
	for name, value := range x.cookies {
		if strings.Contains(value, "device-secret") {
			t.Errorf("%s shows the code", name)
		}
	}
	w = x.again(w)
	center.decision = cloud.ErrSlowDown
	w = x.again(w)
	if got := w.Header().Get("Refresh"); !strings.HasPrefix(got, "10;") {
		t.Errorf("after being told to slow down: %q", got)
	}
	m := refresh.FindStringSubmatch(w.Header().Get("Refresh"))
	asked := center.asked
	if x.visit(m[2]); center.asked != asked {
		t.Error("an impatient reload asks AWS")
	}
	center.decision = nil
	w = x.again(w)
	if w.Code != http.StatusSeeOther || w.Header().Get("Location") != "/factory" {
		t.Fatalf("%d %s", w.Code, w.Body)
	}
	r := httptest.NewRequest(http.MethodGet, "/", nil).WithContext(t.Context())
	r.AddCookie(&http.Cookie{Name: cookieName, Value: x.cookies[cookieName]})
	one, err := b.sessions.of(r, false)
	if err != nil || one.Way != wayCenter || one.User.UserName != "ann" || !one.hasRoles() || one.Expires.Sub(one.Begun) != centerTime {
		t.Errorf("%+v %v", one, err)
	}
	asked = b.portal.asked
	b.clock.pass(30 * time.Second)
	if _, err := b.sessions.of(r, false); err != nil || b.portal.asked != asked {
		t.Errorf("AWS is asked every few seconds whether the sign-in holds: %v", err)
	}
	b.clock.pass(31 * time.Second)
	if _, err := b.sessions.of(r, false); err != nil || b.portal.asked != asked+1 {
		t.Errorf("AWS is not asked whether the sign-in holds: %v", err)
	}

	out := httptest.NewRequest(http.MethodPost, "/api/v1/session/sign-out", nil).WithContext(t.Context())
	out.AddCookie(&http.Cookie{Name: cookieName, Value: x.cookies[cookieName]})
	w = httptest.NewRecorder()
	b.Handler().ServeHTTP(w, out)
	if w.Code != http.StatusOK || !strings.Contains(w.Body.String(), `"next":"/sign-in/out"`) || len(b.store.sessions) != 0 || b.portal.signedOut != "access-device" {
		t.Errorf("%d %s; %d rows, AWS was told of %q", w.Code, w.Body, len(b.store.sessions), b.portal.signedOut)
	}
}

// TestCenter_Refused: what lets nobody in.
func TestCenter_Refused(t *testing.T) {
	t.Parallel()
	fault := func(f smithy.ErrorFault) error { return &smithy.GenericAPIError{Code: "X", Message: "x", Fault: f} }
	for _, tc := range []struct {
		name   string
		change func(*bundle, *fakeCenter)
		status int
	}{
		{"the person said no", func(_ *bundle, f *fakeCenter) { f.decision = fmt.Errorf("AWS: %w", cloud.ErrSignedOut) }, 401},
		{"AWS refuses", func(_ *bundle, f *fakeCenter) { f.decision = fault(smithy.FaultClient) }, 401},
		{"AWS fails", func(_ *bundle, f *fakeCenter) { f.decision = fault(smithy.FaultServer) }, 503},
		{"AWS is away", func(_ *bundle, f *fakeCenter) { f.decision = errors.New("no route to host") }, 503},
		{"nobody's account", func(b *bundle, f *fakeCenter) { f.decision, b.config.Directory = nil, fakeDirectory{errNoAccounts} }, 403},
		{"too late", func(b *bundle, _ *fakeCenter) { b.clock.pass(10 * time.Minute) }, 400},
	} {
		b, center := onAWS(t)
		x := &tab{t, b, map[string]string{}}
		w := x.visit("/sign-in")
		tc.change(b, center)
		if w = x.again(w); w.Code != tc.status || x.cookies[cookieName] != "" || len(b.store.sessions) != 0 {
			t.Errorf("%s: %d, want %d", tc.name, w.Code, tc.status)
		}
	}
	b, center := onAWS(t)
	x := &tab{t, b, map[string]string{}}
	w := x.visit("/sign-in")
	center.decision = nil
	b.clock.pass(5 * time.Second)
	thief := &tab{t, b, map[string]string{}}
	if w = thief.visit(refresh.FindStringSubmatch(w.Header().Get("Refresh"))[2]); w.Code != http.StatusBadRequest || center.asked != 0 {
		t.Errorf("another browser: %d", w.Code)
	}
	center.leads = "javascript:alert(1)"
	if w = x.visit("/sign-in"); w.Code != http.StatusServiceUnavailable || strings.Contains(w.Body.String(), "alert(1)") {
		t.Errorf("a portal that leads elsewhere: %d %s", w.Code, w.Body)
	}
}

// TestCenter_Registration: kept, and made anew when AWS has forgotten it.
func TestCenter_Registration(t *testing.T) {
	t.Parallel()
	b, center := onAWS(t)
	x := &tab{t, b, map[string]string{}}
	x.visit("/sign-in")
	x.visit("/sign-in")
	if center.registered != 1 {
		t.Errorf("registered %d times", center.registered)
	}
	for name, sealed := range b.store.kept {
		if strings.Contains(string(sealed), "device-") {
			t.Errorf("%s is kept as it is", name)
		}
	}
	center.forgotten = true
	if w := x.visit("/sign-in"); w.Code != http.StatusOK || center.registered != 2 {
		t.Errorf("forgotten: %d, registered %d times", w.Code, center.registered)
	}
	b.clock.pass(89*24*time.Hour + time.Hour)
	if x.visit("/sign-in"); center.registered != 3 {
		t.Errorf("about to end: registered %d times", center.registered)
	}
}

// TestCenter_Throttled: beginning costs a call to AWS, and anybody may begin.
func TestCenter_Throttled(t *testing.T) {
	t.Parallel()
	b, center := onAWS(t)
	x := &tab{t, b, map[string]string{}}
	for range manyStarts {
		x.visit("/sign-in")
	}
	if w := x.visit("/sign-in"); w.Code != http.StatusTooManyRequests || center.started != manyStarts {
		t.Errorf("%d after %d", w.Code, center.started)
	}
	b.clock.pass(time.Minute)
	if w := x.visit("/sign-in"); w.Code != http.StatusOK {
		t.Errorf("a minute later: %d", w.Code)
	}
}

// TestReadOnlyOnAWS: pages call on AWS what changes nothing.
func TestReadOnlyOnAWS(t *testing.T) {
	t.Parallel()
	b, _ := onAWS(t)
	r := b.signedIn(t)
	id, err := r.Cookie(cookieName)
	if err != nil {
		t.Fatal(err)
	}
	reads := 0
	for service, operations := range Operations() {
		for _, name := range operations {
			call := httptest.NewRequest(http.MethodPost, "/api/v1/aws/111122223333/Admin/eu-west-1/"+service+"/"+name, strings.NewReader("{")).WithContext(t.Context())
			call.AddCookie(id)
			w := httptest.NewRecorder()
			op := b.operations[service][name]
			if op.reads() {
				reads++
				continue
			}
			if b.Handler().ServeHTTP(w, call); w.Code != http.StatusForbidden || !strings.Contains(w.Body.String(), "ReadOnlyOnAWS") {
				t.Errorf("%s %s: %d %s", service, name, w.Code, w.Body)
			}
		}
	}
	if reads < 50 {
		t.Errorf("only %d operations read", reads)
	}
}

// TestCenter_Portal: where it is, is found out when it is first needed, again until it is known, and told from then on.
func TestCenter_Portal(t *testing.T) {
	t.Parallel()
	asked, missing := 0, true
	b, _ := onAWS(t, func(c *Config) {
		c.StartURL = func(context.Context) (string, error) {
			if asked++; missing {
				return "", errors.New("there is no role yet")
			}
			return "https://d-found.awsapps.com/start", nil
		}
	})
	x := &tab{t, b, map[string]string{}}
	if w := x.visit("/sign-in"); w.Code != http.StatusServiceUnavailable {
		t.Errorf("not there yet: %d", w.Code)
	}
	missing = false
	x.visit("/sign-in")
	if w := x.visit("/sign-in"); w.Code != http.StatusOK || asked != 2 {
		t.Errorf("there: %d, asked %d times", w.Code, asked)
	}
	if about := x.visit("/api/v1/about").Body.String(); !strings.Contains(about, `"portalUrl":"https://d-found.awsapps.com/start"`) {
		t.Errorf("%s", about)
	}
}
