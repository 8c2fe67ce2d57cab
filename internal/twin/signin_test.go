package twin_test

import (
	"context"
	"crypto/sha256"
	"encoding/base64"
	"errors"
	"net"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/iam"
	"github.com/aws/aws-sdk-go-v2/service/organizations"
	"github.com/aws/aws-sdk-go-v2/service/sso"
	"github.com/aws/aws-sdk-go-v2/service/ssooidc"
	"github.com/aws/aws-sdk-go-v2/service/sts"
	"github.com/pquerna/otp/totp"

	"accountfactory/internal/clock"
	"accountfactory/internal/twin"
	"accountfactory/internal/twin/identitycenter"
	"accountfactory/test/harness"
)

const goodPassword = "Correct-horse-1"

// people is a fixture whose pages are served too.
type people struct {
	*fixture
	pages string // scheme and host of the browser listener
}

// withPages starts a twin with both listeners, so that links lead to a real page.
func withPages(t *testing.T, change ...func(*twin.Config)) *people {
	t.Helper()
	l, err := new(net.ListenConfig).Listen(t.Context(), "tcp", "localhost:0")
	if err != nil {
		t.Fatal(err)
	}
	_, port, _ := net.SplitHostPort(l.Addr().String())
	p := &people{pages: "http://localhost:" + port}
	p.fixture = setup(t, append(change, func(c *twin.Config) { c.PortalURL = p.pages + "/start" })...)
	srv := &httptest.Server{Listener: l, Config: &http.Server{Handler: p.twin.SignIn()}} //nolint:gosec // a test's server on loopback
	srv.Start()
	t.Cleanup(srv.Close)
	return p
}

// link gives the sign-in link that first start printed for a user.
func (p *people) link(t *testing.T, user string) string {
	t.Helper()
	for _, l := range p.twin.Links() {
		if l.UserName == user {
			return l.URL
		}
	}
	t.Fatalf("no link for %s", user)
	return ""
}

// arrive accepts a user's invitation in a new browser, which is then signed in.
func (p *people) arrive(t *testing.T, link string) *harness.Browser {
	t.Helper()
	b := harness.NewBrowser(p.pages)
	if _, err := b.Get(t.Context(), link); err != nil {
		t.Fatal(err)
	}
	page, err := b.Submit(t.Context(), "choose", map[string]string{"password": goodPassword, "again": goodPassword})
	if err != nil {
		t.Fatal(err)
	}
	if page.Title() != "You are signed in" {
		t.Fatalf("after the invitation: %q, %s", page.Title(), page.Alert())
	}
	return b
}

func (p *people) oidc() *ssooidc.Client { return ssooidc.NewFromConfig(p.anonymous()) }
func (p *people) portal() *sso.Client   { return sso.NewFromConfig(p.anonymous()) }

func (p *people) anonymous() aws.Config {
	return aws.Config{Region: region, BaseEndpoint: aws.String(p.url), RetryMaxAttempts: 1}
}

// register registers a client.
func (p *people) register(t *testing.T, in *ssooidc.RegisterClientInput) *ssooidc.RegisterClientOutput {
	t.Helper()
	in.ClientName, in.ClientType = aws.String("a test's client"), aws.String("public")
	out, err := p.oidc().RegisterClient(t.Context(), in)
	if err != nil {
		t.Fatal(err)
	}
	return out
}

// deviceToken signs a client in by device code, approved in b.
func (p *people) deviceToken(t *testing.T, b *harness.Browser, c *ssooidc.RegisterClientOutput) *ssooidc.CreateTokenOutput {
	t.Helper()
	started, err := p.oidc().StartDeviceAuthorization(t.Context(), &ssooidc.StartDeviceAuthorizationInput{
		ClientId: c.ClientId, ClientSecret: c.ClientSecret, StartUrl: aws.String(p.pages + "/start"),
	})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := b.Get(t.Context(), *started.VerificationUriComplete); err != nil {
		t.Fatal(err)
	}
	if got := b.Page.Root.ID("user-code").Content(); got != *started.UserCode {
		t.Fatalf("the page shows the code %q, the client %q", got, *started.UserCode)
	}
	if _, err := b.Submit(t.Context(), "approve", map[string]string{"decision": "allow"}); err != nil {
		t.Fatal(err)
	}
	out, err := p.oidc().CreateToken(t.Context(), &ssooidc.CreateTokenInput{
		ClientId: c.ClientId, ClientSecret: c.ClientSecret, DeviceCode: started.DeviceCode,
		GrantType: aws.String("urn:ietf:params:oauth:grant-type:device_code"),
	})
	if err != nil {
		t.Fatal(err)
	}
	return out
}

// credentials gives clients with role credentials from the portal.
func (p *people) credentials(ctx context.Context, token *string, accountID, role string) (*harness.Clients, error) {
	out, err := p.portal().GetRoleCredentials(ctx, &sso.GetRoleCredentialsInput{AccessToken: token, AccountId: &accountID, RoleName: &role})
	if err != nil {
		return nil, err
	}
	c := out.RoleCredentials
	return p.as(*c.AccessKeyId, *c.SecretAccessKey, *c.SessionToken), nil
}

func TestSignIn_InvitationToRole(t *testing.T) {
	t.Parallel()
	p := withPages(t)
	b := p.arrive(t, p.link(t, "requester"))
	token := p.deviceToken(t, b, p.register(t, &ssooidc.RegisterClientInput{}))

	accounts, err := p.portal().ListAccounts(t.Context(), &sso.ListAccountsInput{AccessToken: token.AccessToken})
	if err != nil || len(accounts.AccountList) != 1 || *accounts.AccountList[0].AccountId != account {
		t.Fatalf("accounts %+v, %v", accounts, err)
	}
	roles, err := p.portal().ListAccountRoles(t.Context(), &sso.ListAccountRolesInput{AccessToken: token.AccessToken, AccountId: aws.String(account)})
	if err != nil || len(roles.RoleList) != 1 || *roles.RoleList[0].RoleName != "AWSServiceCatalogEndUserAccess" {
		t.Fatalf("roles %+v, %v", roles, err)
	}
	clients, err := p.credentials(t.Context(), token.AccessToken, account, "AWSServiceCatalogEndUserAccess")
	if err != nil {
		t.Fatal(err)
	}
	who, err := sts.NewFromConfig(clients.Config).GetCallerIdentity(t.Context(), &sts.GetCallerIdentityInput{})
	if err != nil {
		t.Fatal(err)
	}
	prefix := "arn:aws:sts::" + account + ":assumed-role/AWSReservedSSO_AWSServiceCatalogEndUserAccess_"
	if !strings.HasPrefix(*who.Arn, prefix) || !strings.HasSuffix(*who.Arn, "/requester") || *who.Account != account {
		t.Errorf("caller %s in %s", *who.Arn, *who.Account)
	}
	if _, err := organizations.NewFromConfig(clients.Config).ListAccounts(t.Context(), &organizations.ListAccountsInput{}); code(err) != "AccessDeniedException" {
		t.Errorf("the requester lists accounts: %v", err)
	}
}

// A person gets into a vended account with what the portal gives them, and nowhere else.
func TestSignIn_OwnerOfVendedAccount(t *testing.T) {
	t.Parallel()
	p := withPages(t)
	id, _ := p.vend(t, "dev-1", nil)
	b := p.arrive(t, p.mailed(t, "owner@example.com"))
	token := p.deviceToken(t, b, p.register(t, &ssooidc.RegisterClientInput{}))
	clients, err := p.credentials(t.Context(), token.AccessToken, id, "AWSAdministratorAccess")
	if err != nil {
		t.Fatal(err)
	}
	if _, err := iam.NewFromConfig(clients.Config).CreateRole(t.Context(), &iam.CreateRoleInput{
		RoleName: aws.String("own"), AssumeRolePolicyDocument: aws.String(`{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":{"AWS":"` + id + `"},"Action":"sts:AssumeRole"}]}`),
	}); err != nil {
		t.Errorf("an IAM write in one's own account: %v", err)
	}
	if _, err := p.credentials(t.Context(), token.AccessToken, account, "AWSAdministratorAccess"); code(err) != "ForbiddenException" {
		t.Errorf("the management account: %v", err)
	}
}

func TestSignIn_AuthorizeLeadsToThePages(t *testing.T) {
	t.Parallel()
	p := withPages(t)
	c := &http.Client{CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
	r, err := http.NewRequestWithContext(t.Context(), http.MethodGet, p.url+"/authorize?client_id=x&state=a%26b", http.NoBody)
	if err != nil {
		t.Fatal(err)
	}
	resp, err := c.Do(r)
	if err != nil {
		t.Fatal(err)
	}
	_ = resp.Body.Close()
	if got, want := resp.Header.Get("Location"), p.pages+"/authorize?client_id=x&state=a%26b"; got != want || resp.StatusCode != http.StatusFound {
		t.Errorf("%d to %q, want %q", resp.StatusCode, got, want)
	}
	if len(resp.Cookies()) > 0 {
		t.Error("the AWS endpoint sets a cookie")
	}
}

// mailed gives the link of the last mail to an address.
func (p *people) mailed(t *testing.T, to string) string {
	t.Helper()
	var box struct{ Mails []identitycenter.Mail }
	if err := p.lab.Do(t.Context(), http.MethodGet, "/_twin/outbox", nil, &box); err != nil {
		t.Fatal(err)
	}
	link := ""
	for _, m := range box.Mails {
		if m.To == to {
			link = m.Link
		}
	}
	if link == "" {
		t.Fatalf("no mail to %s", to)
	}
	return link
}

// code gives the code of an AWS error.
func code(err error) string {
	var api interface{ ErrorCode() string }
	if errors.As(err, &api) {
		return api.ErrorCode()
	}
	return ""
}

// The newest AWS CLI signs in with an authorization code and PKCE. It sends what this test sends: a registration to learn
// the endpoint, its own registration, /authorize beside the OIDC operations, and the code with its verifier.
func TestSignIn_NewestCLI(t *testing.T) {
	t.Parallel()
	p := withPages(t)
	b := p.arrive(t, p.link(t, "requester"))
	p.register(t, &ssooidc.RegisterClientInput{})
	c := p.register(t, &ssooidc.RegisterClientInput{
		Scopes: []string{"sso:account:access"}, GrantTypes: []string{"authorization_code", "refresh_token"},
		RedirectUris: []string{"http://127.0.0.1/oauth/callback"}, IssuerUrl: aws.String(p.pages + "/start"),
	})
	const verifier, callback = "oHRmzBVwJGJZKBKnNhb4nBHGDLhHyKzDcOJ9NZ2kSvI", "http://127.0.0.1:49321/oauth/callback"
	sum := sha256.Sum256([]byte(verifier))
	q := url.Values{
		"response_type": {"code"}, "client_id": {*c.ClientId}, "redirect_uri": {callback}, "state": {"a-state"}, "code_challenge_method": {"S256"},
		"scopes": {"sso:account:access"}, "code_challenge": {base64.RawURLEncoding.EncodeToString(sum[:])},
	}
	if _, err := b.Get(t.Context(), p.url+"/authorize?"+q.Encode()); err != nil {
		t.Fatal(err)
	}
	page, err := b.Submit(t.Context(), "approve", map[string]string{"decision": "allow"})
	if err != nil {
		t.Fatal(err)
	}
	back, err := url.Parse(page.Header.Get("Location"))
	if err != nil || !strings.HasPrefix(back.String(), callback+"?") || back.Query().Get("state") != "a-state" {
		t.Fatalf("led back to %s: %s", back, page.Alert())
	}
	token, err := p.oidc().CreateToken(t.Context(), &ssooidc.CreateTokenInput{
		ClientId: c.ClientId, ClientSecret: c.ClientSecret, GrantType: aws.String("authorization_code"), Code: aws.String(back.Query().Get("code")),
		RedirectUri: aws.String(callback), CodeVerifier: aws.String(verifier),
	})
	if err != nil {
		t.Fatal(err)
	}
	again, err := p.oidc().CreateToken(t.Context(), &ssooidc.CreateTokenInput{
		ClientId: c.ClientId, ClientSecret: c.ClientSecret, GrantType: aws.String("refresh_token"), RefreshToken: token.RefreshToken,
	})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := p.credentials(t.Context(), again.AccessToken, account, "AWSServiceCatalogEndUserAccess"); err != nil {
		t.Error(err)
	}
	if _, err := p.portal().Logout(t.Context(), &sso.LogoutInput{AccessToken: again.AccessToken}); err != nil {
		t.Error(err)
	}
	for _, dead := range []*string{token.AccessToken, again.AccessToken} {
		if _, err := p.portal().ListAccounts(t.Context(), &sso.ListAccountsInput{AccessToken: dead}); code(err) != "UnauthorizedException" {
			t.Errorf("after logout: %v", err)
		}
	}
}

// A cookie of the pages that strays to the AWS endpoint, which has the same host name, is nothing there.
func TestSignIn_CookieAtTheAWSEndpoint(t *testing.T) {
	t.Parallel()
	p := withPages(t)
	b := p.arrive(t, p.link(t, "requester"))
	at, err := url.Parse(p.pages + "/signin/")
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range b.Client.Jar.Cookies(at) {
		for _, header := range []string{"X-Amz-Sso_bearer_token", "Cookie"} {
			r, err := http.NewRequestWithContext(t.Context(), http.MethodGet, p.url+"/assignment/accounts", http.NoBody)
			if err != nil {
				t.Fatal(err)
			}
			r.AddCookie(c)
			if header != "Cookie" {
				r.Header.Set(header, c.Value)
			}
			resp, err := http.DefaultClient.Do(r)
			if err != nil {
				t.Fatal(err)
			}
			_ = resp.Body.Close()
			if resp.StatusCode < 400 || len(resp.Cookies()) > 0 {
				t.Errorf("cookie %s as %s: %d, sets %v", c.Name, header, resp.StatusCode, resp.Cookies())
			}
		}
	}
}

// What a person holds does not age with the twin.
func TestSignIn_TwinClock(t *testing.T) {
	t.Parallel()
	p := withPages(t)
	b := p.arrive(t, p.link(t, "requester"))
	token := p.deviceToken(t, b, p.register(t, &ssooidc.RegisterClientInput{}))
	c, err := p.credentials(t.Context(), token.AccessToken, account, "AWSServiceCatalogEndUserAccess")
	if err != nil {
		t.Fatal(err)
	}
	secret := p.registerApp(t, b)
	for _, step := range []map[string]any{{"advance": "2184h"}, {"freeze": true}} {
		if err := p.lab.Do(t.Context(), http.MethodPost, "/_twin/clock", step, nil); err != nil {
			t.Fatal(err)
		}
	}
	if _, err := sts.NewFromConfig(c.Config).GetCallerIdentity(t.Context(), &sts.GetCallerIdentityInput{}); err != nil {
		t.Errorf("role credentials after 91 days: %v", err)
	}
	if _, err := p.portal().ListAccounts(t.Context(), &sso.ListAccountsInput{AccessToken: token.AccessToken}); err != nil {
		t.Errorf("the token after 91 days: %v", err)
	}
	if page, err := b.Get(t.Context(), "/signin/"); err != nil || page.Title() != "You are signed in" {
		t.Errorf("the browser after 91 days: %v, %v", page.Title(), err)
	}
	other := harness.NewBrowser(p.pages)
	if _, err := other.Get(t.Context(), "/signin/in"); err != nil {
		t.Fatal(err)
	}
	if page, err := other.Submit(t.Context(), "sign-in", map[string]string{"username": "requester", "password": goodPassword}); err != nil || page.Title() != "Second factor" {
		t.Fatalf("a sign-in after 91 days: %q, %v", page.Title(), err)
	}
	code := appCode(t, secret, 30*time.Second) // that of now has registered the app, and is good once
	if page, err := other.Submit(t.Context(), "code", map[string]string{"code": code}); err != nil || page.Title() != "You are signed in" {
		t.Errorf("the app's code after 91 days: %q: %s, %v", page.Title(), page.Alert(), err)
	}
}

// registerApp registers an authenticator app and gives its secret.
func (p *people) registerApp(t *testing.T, b *harness.Browser) (secret string) {
	t.Helper()
	page, err := b.Get(t.Context(), "/signin/devices/totp")
	if err != nil {
		t.Fatal(err)
	}
	secret = page.Root.ID("secret").Content()
	if page, err = b.Submit(t.Context(), "totp", map[string]string{"code": appCode(t, secret, 0)}); err != nil || page.Title() != "You are signed in" {
		t.Fatalf("register an app: %q: %s, %v", page.Title(), page.Alert(), err)
	}
	return secret
}

// appCode is what an authenticator app shows in a while, by the wall clock.
func appCode(t *testing.T, secret string, ahead time.Duration) string {
	t.Helper()
	code, err := totp.GenerateCode(secret, clock.Wall{}.Now().Add(ahead))
	if err != nil {
		t.Fatal(err)
	}
	return code
}

// What people and clients hold is durable.
func TestSignIn_Restart(t *testing.T) {
	t.Parallel()
	p := withPages(t)
	b := p.arrive(t, p.link(t, "requester"))
	c := p.register(t, &ssooidc.RegisterClientInput{Scopes: []string{"sso:account:access"}})
	token := p.deviceToken(t, b, c)
	if err := p.twin.Close(); err != nil {
		t.Fatal(err)
	}
	p.fixture = open(t, p.config)
	if _, err := p.portal().ListAccounts(t.Context(), &sso.ListAccountsInput{AccessToken: token.AccessToken}); err != nil {
		t.Errorf("the token after a restart: %v", err)
	}
	if _, err := p.oidc().CreateToken(t.Context(), &ssooidc.CreateTokenInput{
		ClientId: c.ClientId, ClientSecret: c.ClientSecret, GrantType: aws.String("refresh_token"), RefreshToken: token.RefreshToken,
	}); err != nil {
		t.Errorf("the refresh token after a restart: %v", err)
	}
}
