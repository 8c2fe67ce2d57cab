package twin_test

import (
	"errors"
	"net/http"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/organizations"
	"github.com/aws/aws-sdk-go-v2/service/sso"
	"github.com/aws/aws-sdk-go-v2/service/ssoadmin"
	"github.com/aws/aws-sdk-go-v2/service/ssooidc"

	"accountfactory/internal/cloud"
	"accountfactory/internal/twin"
	"accountfactory/internal/twin/signin"
	"accountfactory/test/harness"
)

// view is what directory administration shows of a user.
type view struct {
	ID, UserName, Email string
	Disabled, Password  bool
	MFA                 []struct{ ID string }
	Sessions            int
}

func (p *people) admin(t *testing.T, method, path string, in, out any) {
	t.Helper()
	if err := p.lab.Do(t.Context(), method, "/_twin/admin/"+path, in, out); err != nil {
		t.Fatalf("%s %s: %v", method, path, err)
	}
}

func (p *people) user(t *testing.T, name string) (v view) {
	t.Helper()
	p.admin(t, http.MethodGet, "users/"+name, nil, &v)
	return v
}

func TestAdmin_Users(t *testing.T) {
	t.Parallel()
	p := withPages(t, func(c *twin.Config) { c.NoLab = true }) // administration is served beyond loopback too
	var all struct{ Users []view }
	p.admin(t, http.MethodGet, "users", nil, &all)
	if len(all.Users) != 2 {
		t.Fatalf("users: %+v", all.Users)
	}
	b := p.arrive(t, p.link(t, "requester"))
	if v := p.user(t, "REQUESTER"); !v.Password || v.Sessions != 1 || v.Email != "requester@example.com" || p.user(t, v.ID).UserName != "requester" {
		t.Errorf("the requester: %+v", v)
	}
	token := p.deviceToken(t, b, p.register(t, &ssooidc.RegisterClientInput{}))

	p.admin(t, http.MethodPost, "users/requester/disable", nil, nil)
	if v := p.user(t, "requester"); !v.Disabled || v.Sessions != 0 {
		t.Errorf("disabled: %+v", v)
	}
	if _, err := p.portal().ListAccounts(t.Context(), &sso.ListAccountsInput{AccessToken: token.AccessToken}); code(err) != "UnauthorizedException" {
		t.Errorf("a disabled user lists accounts: %v", err)
	}
	p.admin(t, http.MethodPost, "users/requester/enable", nil, nil)

	var once struct{ Password string }
	p.admin(t, http.MethodPost, "users/requester/reset-password", map[string]string{"method": "one-time-password"}, &once)
	if page := p.enter(t, "requester", once.Password); page.Title() != "Choose a password" {
		t.Errorf("with the one-time password: %q, %s", page.Title(), page.Alert())
	}
	p.admin(t, http.MethodPost, "users/requester/reset-password", map[string]string{"method": "mail"}, nil)
	p.admin(t, http.MethodPost, "users/admin/invite", nil, nil)
	page, err := harness.NewBrowser(p.pages).Get(t.Context(), p.link(t, "admin"))
	if err != nil || page.Status != http.StatusNotFound {
		t.Errorf("the first invitation after a second: %d, %v", page.Status, err)
	}
}

// enter signs in with name and password in a new browser.
func (p *people) enter(t *testing.T, name, password string) *harness.Page {
	t.Helper()
	b := harness.NewBrowser(p.pages)
	if _, err := b.Get(t.Context(), "/signin/in"); err != nil {
		t.Fatal(err)
	}
	page, err := b.Submit(t.Context(), "sign-in", map[string]string{"username": name, "password": password})
	if err != nil {
		t.Fatal(err)
	}
	return page
}

// TestAdmin_Who: a token of the portal's API tells whose it is, to administrators, as long as it is good.
func TestAdmin_Who(t *testing.T) {
	t.Parallel()
	p := withPages(t)
	b := p.arrive(t, p.link(t, "requester"))
	token := p.deviceToken(t, b, p.register(t, &ssooidc.RegisterClientInput{}))
	var who struct {
		User    struct{ UserName, DisplayName, Email string }
		Expires time.Time
	}
	p.admin(t, http.MethodPost, "whoami", map[string]string{"accessToken": *token.AccessToken}, &who)
	if who.User.UserName != "requester" || who.User.DisplayName != "Rob Requester" || who.User.Email != "requester@example.com" || time.Until(who.Expires) < 7*time.Hour {
		t.Errorf("%+v", who)
	}
	p.admin(t, http.MethodPost, "users/requester/sign-out", nil, nil)
	var refused *cloud.LabError
	err := p.lab.Do(t.Context(), http.MethodPost, "/_twin/admin/whoami", map[string]string{"accessToken": *token.AccessToken}, nil)
	if !errors.As(err, &refused) || refused.Status != http.StatusNotFound {
		t.Errorf("of a session that has ended: %v", err)
	}
}

func TestAdmin_Policy(t *testing.T) {
	t.Parallel()
	p := withPages(t)
	var got signin.Policy
	p.admin(t, http.MethodGet, "mfa", nil, &got)
	if want := (signin.Policy{Mode: signin.ContextAware, NoDevice: signin.AllowNoDevice}); got != want {
		t.Errorf("at first %+v, want %+v", got, want)
	}
	p.admin(t, http.MethodPut, "mfa", signin.Policy{Mode: signin.AlwaysOn, NoDevice: signin.BlockNoDevice}, nil)
	b := harness.NewBrowser(p.pages)
	if _, err := b.Get(t.Context(), p.link(t, "requester")); err != nil {
		t.Fatal(err)
	}
	page, err := b.Submit(t.Context(), "choose", map[string]string{"password": goodPassword, "again": goodPassword})
	if err != nil || page.Status != http.StatusForbidden {
		t.Errorf("without a device: %d, %v", page.Status, err)
	}
}

func TestAdmin_Refused(t *testing.T) {
	t.Parallel()
	p := withPages(t)
	for _, tc := range []struct {
		method, path string
		in           any
		want         int
	}{
		{http.MethodGet, "users/nobody", nil, http.StatusNotFound},
		{http.MethodPost, "users/nobody/invite", nil, http.StatusNotFound},
		{http.MethodPost, "users/requester/reset-password", map[string]string{"method": "guess"}, http.StatusBadRequest},
		{http.MethodPost, "users/requester/reset-password", map[string]string{"password": "x"}, http.StatusBadRequest},
		{http.MethodDelete, "users/requester/mfa/x", nil, http.StatusNotFound},
		{http.MethodPut, "mfa", map[string]string{"mode": "SOMETIMES"}, http.StatusBadRequest},
		{http.MethodGet, "nothing", nil, http.StatusNotFound},
	} {
		var refused *cloud.LabError
		if err := p.lab.Do(t.Context(), tc.method, "/_twin/admin/"+tc.path, tc.in, nil); !errors.As(err, &refused) || refused.Status != tc.want {
			t.Errorf("%s %s: %v, want %d", tc.method, tc.path, err, tc.want)
		}
	}
	b := p.arrive(t, p.link(t, "requester"))
	token := p.deviceToken(t, b, p.register(t, &ssooidc.RegisterClientInput{}))
	c, err := p.credentials(t.Context(), token.AccessToken, account, "AWSServiceCatalogEndUserAccess")
	if err != nil {
		t.Fatal(err)
	}
	requester := &cloud.Lab{Endpoint: p.url, Region: region, Credentials: c.Config.Credentials}
	var refused *cloud.LabError
	if err := requester.Do(t.Context(), http.MethodPost, "/_twin/admin/users/admin/disable", nil, nil); !errors.As(err, &refused) || refused.Status != http.StatusForbidden {
		t.Errorf("the requester disables the administrator: %v", err)
	}
}

// TestAdmin_EnableIdentityCenter: as in AWS's console, once there is an organization, and once.
func TestAdmin_EnableIdentityCenter(t *testing.T) {
	t.Parallel()
	f := setup(t, func(c *twin.Config) { c.Empty = true })
	const path = "/_twin/admin/identity-center"
	var refused *cloud.LabError
	if err := f.lab.Do(t.Context(), http.MethodPost, path, nil, nil); !errors.As(err, &refused) || refused.Status != http.StatusConflict {
		t.Errorf("without an organization: %v", err)
	}
	if _, err := f.Organizations.CreateOrganization(t.Context(), &organizations.CreateOrganizationInput{}); err != nil {
		t.Fatal(err)
	}
	var first, again struct{ InstanceArn string }
	for _, out := range []any{&first, &again} {
		if err := f.lab.Do(t.Context(), http.MethodPost, path, nil, out); err != nil {
			t.Fatal(err)
		}
	}
	listed, err := f.SSOAdmin.ListInstances(t.Context(), &ssoadmin.ListInstancesInput{})
	if err != nil || len(listed.Instances) != 1 || *listed.Instances[0].InstanceArn != first.InstanceArn || again != first {
		t.Errorf("enabled %v, then %v, listed %+v, %v", first, again, listed, err)
	}
}
