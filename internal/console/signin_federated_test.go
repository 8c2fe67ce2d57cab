package console

import (
	"context"
	"errors"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"accountfactory/internal/cloud"
)

// oneEntry redeems one code, once.
type oneEntry struct {
	code string
	e    Entry
	left string // whose session was ended
}

func (o *oneEntry) Enter(_ context.Context, code string) (Entry, error) {
	if code != o.code {
		return Entry{}, cloud.ErrSignedOut
	}
	o.code = ""
	return o.e, nil
}

func (o *oneEntry) Leave(_ context.Context, accessKeyID string) error {
	o.left = accessKeyID
	return nil
}

// federated gives a console, and a request of a browser that a link has let in until an hour from now.
func federated(t *testing.T, to string) (b *bundle, answer *httptest.ResponseRecorder, r *http.Request) {
	t.Helper()
	door := &oneEntry{code: "code"}
	b = setup(t, func(c *Config) { c.Entrance = door })
	door.e = Entry{
		AccountID: "111122223333", Role: "Deployer", ARN: "arn:aws:sts::111122223333:assumed-role/Deployer/jane", UserID: "AROA:jane",
		AccessKeyID: "ASIALINK", SecretAccessKey: "s", SessionToken: "t", Expires: b.clock.Now().Add(time.Hour),
	}
	answer = httptest.NewRecorder()
	in := httptest.NewRequest(http.MethodGet, "/sign-in/federated?code=code&return="+to, nil).WithContext(t.Context())
	b.Handler().ServeHTTP(answer, in)
	r = httptest.NewRequest(http.MethodGet, "/", nil).WithContext(t.Context())
	for _, c := range answer.Result().Cookies() {
		r.AddCookie(c)
	}
	return b, answer, r
}

// TestFederated: a link opens its role here, and nothing else; the portal is asked nothing, and the end is the link's.
func TestFederated(t *testing.T) {
	t.Parallel()
	b, answer, r := federated(t, "/servicecatalog/home")
	if got, want := answer.Header().Get("Location"), "/console/111122223333/Deployer/servicecatalog/products"; got != want {
		t.Errorf("it leads to %q, want %q", got, want)
	}
	one, err := b.sessions.of(r, true)
	if err != nil || one.User.UserName != "jane" || !one.hasRoles() || one.Way != wayFederated {
		t.Fatalf("%+v, %v", one, err)
	}
	accounts, err := b.access(one).Accounts(t.Context(), "")
	if err != nil || len(accounts) != 1 || accounts[0].ID != "111122223333" {
		t.Errorf("accounts %v, %v", accounts, err)
	}
	keys, err := b.access(one).Credentials(t.Context(), "", "111122223333", "Deployer")
	if err != nil || keys.AccessKeyID != "ASIALINK" {
		t.Errorf("%v, %v", keys, err)
	}
	for _, other := range [][2]string{{"111122223333", "Admin"}, {"444455556666", "Deployer"}} {
		_, err := b.access(one).Credentials(t.Context(), "", other[0], other[1])
		var shown *apiError
		if !errors.As(inAWSsWords(err), &shown) || shown.status != http.StatusForbidden {
			t.Errorf("%v: %v", other, err)
		}
	}
	if b.portal.asked+b.portal.roles != 0 {
		t.Error("the portal was asked")
	}
	b.clock.pass(time.Hour)
	var ended *apiError
	if _, err := b.sessions.of(r, false); !errors.As(err, &ended) || ended.status != http.StatusUnauthorized {
		t.Errorf("after its end: %v", err)
	}
}

// TestFederated_SignOut: who signs out is signed out of the twin too, and the link's credentials end.
func TestFederated_SignOut(t *testing.T) {
	t.Parallel()
	b, _, r := federated(t, "/")
	out := httptest.NewRequest(http.MethodPost, "/api/v1/session/sign-out", http.NoBody).WithContext(t.Context())
	out.Header = r.Header.Clone()
	answer := httptest.NewRecorder()
	b.Handler().ServeHTTP(answer, out)
	if answer.Code != http.StatusOK || !strings.Contains(answer.Body.String(), signedOutPath) {
		t.Errorf("%d %s", answer.Code, answer.Body)
	}
	if door, _ := b.config.Entrance.(*oneEntry); door.left != "ASIALINK" {
		t.Errorf("the twin ended %q", door.left)
	}
	if _, err := b.sessions.of(r, false); err == nil {
		t.Error("still signed in")
	}
}

// TestFederated_Refused: a code that leads nowhere makes no session.
func TestFederated_Refused(t *testing.T) {
	t.Parallel()
	b, _, _ := federated(t, "/")
	answer := httptest.NewRecorder()
	b.Handler().ServeHTTP(answer, httptest.NewRequest(http.MethodGet, "/sign-in/federated?code=code&return=/", nil).WithContext(t.Context()))
	if answer.Code != http.StatusUnauthorized || len(answer.Result().Cookies()) > 0 {
		t.Errorf("%d, cookies %v", answer.Code, answer.Result().Cookies())
	}
}

// TestOpenRole_Page: a link leads to the page of the service it names, never out of its role.
func TestOpenRole_Page(t *testing.T) {
	t.Parallel()
	role := openRole{Account: "111122223333", Name: "Deployer"}
	const home = "/console/111122223333/Deployer"
	for to, want := range map[string]string{
		"":                                    home,
		"/":                                   home,
		"/console/home?region=eu-west-1":      home,
		"/servicecatalog/home?region=x":       home + "/servicecatalog/products",
		"/controltower/home":                  home + "/controltower",
		"/singlesignon/home":                  home + "/identitycenter/users",
		home + "/factory/queue":               home + "/factory/queue",
		home + "?region=eu-west-1":            home + "?region=eu-west-1",
		"/console/111122223333/Admin/factory": home,
		"https://elsewhere.example/":          home,
		"//elsewhere.example/":                home,
	} {
		if got := role.page(to); got != want {
			t.Errorf("%q leads to %q, want %q", to, got, want)
		}
	}
}
