package identitycenter_test

import (
	"context"
	"crypto/sha256"
	"encoding/base64"
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/ssooidc"

	"accountfactory/internal/twin/identitycenter"
	"accountfactory/internal/twin/state"
)

const (
	startURL    = "http://localhost:4580/start"
	deviceGrant = "urn:ietf:params:oauth:grant-type:device_code"
	verifier    = "a-verifier-of-at-least-forty-three-characters-0123"
	callback    = "http://127.0.0.1/oauth/callback"
)

// client is a registered program.
type client struct {
	*bundle
	id, secret *string
}

func (b *bundle) register(t *testing.T, change ...func(*ssooidc.RegisterClientInput)) client {
	t.Helper()
	in := &ssooidc.RegisterClientInput{ClientName: new("a client"), ClientType: new("public")}
	for _, f := range change {
		f(in)
	}
	out, err := b.RegisterClient(t.Context(), in)
	must(t, err)
	return client{b, out.ClientId, out.ClientSecret}
}

// scoped registers as the clients do that renew their tokens; withCode those that use authorization codes besides.
func scoped(in *ssooidc.RegisterClientInput) { in.Scopes = []string{identitycenter.AccountScope} }

func withCode(in *ssooidc.RegisterClientInput) {
	scoped(in)
	in.GrantTypes, in.RedirectUris, in.IssuerUrl = []string{"authorization_code", "refresh_token"}, []string{callback}, new(startURL)
}

// start begins a device authorization.
func (c client) start(t *testing.T) *ssooidc.StartDeviceAuthorizationOutput {
	t.Helper()
	out, err := c.StartDeviceAuthorization(t.Context(), &ssooidc.StartDeviceAuthorizationInput{ClientId: c.id, ClientSecret: c.secret, StartUrl: new(startURL)})
	must(t, err)
	return out
}

func (c client) token(ctx context.Context, change func(*ssooidc.CreateTokenInput)) (*ssooidc.CreateTokenOutput, error) {
	in := &ssooidc.CreateTokenInput{ClientId: c.id, ClientSecret: c.secret}
	change(in)
	return c.CreateToken(ctx, in)
}

func (c client) poll(t *testing.T, device *string) (*ssooidc.CreateTokenOutput, error) {
	t.Helper()
	return c.token(t.Context(), func(in *ssooidc.CreateTokenInput) { in.GrantType, in.DeviceCode = new(deviceGrant), device })
}

func (c client) renew(t *testing.T, refresh *string) (*ssooidc.CreateTokenOutput, error) {
	t.Helper()
	return c.token(t.Context(), func(in *ssooidc.CreateTokenInput) { in.GrantType, in.RefreshToken = new("refresh_token"), refresh })
}

func (b *bundle) decide(t *testing.T, code, user string, allow bool) {
	t.Helper()
	b.update(t, func(tx *state.Tx) error { return b.Decide(tx, code, user, allow) })
}

// signIn gives a person's tokens through c.
func (c client) signIn(t *testing.T, user string) *ssooidc.CreateTokenOutput {
	t.Helper()
	started := c.start(t)
	c.decide(t, *started.UserCode, user, true)
	out, err := c.poll(t, started.DeviceCode)
	must(t, err)
	return out
}

// bearer tells whose session a token is good for, "" for nobody's.
func (b *bundle) bearer(t *testing.T, use identitycenter.Use, token *string) (userID string) {
	t.Helper()
	b.view(t, func(tx *state.Tx) {
		if _, u := b.Session(tx, use, *token); u != nil {
			userID = u.ID
		}
	})
	return userID
}

func TestRegisterClient(t *testing.T) {
	t.Parallel()
	b := setup(t)
	out, err := b.RegisterClient(t.Context(), &ssooidc.RegisterClientInput{ClientName: new("x"), ClientType: new("public")})
	must(t, err)
	if got := time.Duration(out.ClientSecretExpiresAt-out.ClientIdIssuedAt) * time.Second; got != 90*24*time.Hour || out.ClientIdIssuedAt != b.wall.now.Unix() {
		t.Errorf("the registration lasts %s from %d", got, out.ClientIdIssuedAt)
	}
	for _, tc := range []struct {
		name   string
		change func(*ssooidc.RegisterClientInput)
		want   string
	}{
		{"confidential", func(in *ssooidc.RegisterClientInput) { in.ClientType = new("confidential") }, "InvalidClientMetadataException"},
		{"blank name", func(in *ssooidc.RegisterClientInput) { in.ClientName = new(" ") }, "InvalidClientMetadataException"},
		{"name with a line feed", func(in *ssooidc.RegisterClientInput) { in.ClientName = new("a\nb") }, "InvalidClientMetadataException"},
		{"name too long", func(in *ssooidc.RegisterClientInput) { in.ClientName = new(strings.Repeat("x", 257)) }, "InvalidClientMetadataException"},
		{"unknown scope", func(in *ssooidc.RegisterClientInput) { in.Scopes = []string{"admin"} }, "InvalidScopeException"},
		{"unknown grant", func(in *ssooidc.RegisterClientInput) { in.GrantTypes = []string{"password"} }, "UnsupportedGrantTypeException"},
		{"redirect elsewhere", func(in *ssooidc.RegisterClientInput) { in.RedirectUris = []string{"https://evil.example/cb"} }, "InvalidRedirectUriException"},
		{"redirect to a look-alike", func(in *ssooidc.RegisterClientInput) { in.RedirectUris = []string{"http://localhost.evil.example/cb"} }, "InvalidRedirectUriException"},
		{"redirect with a user", func(in *ssooidc.RegisterClientInput) { in.RedirectUris = []string{"http://127.0.0.1@evil.example/cb"} }, "InvalidRedirectUriException"},
		{"redirect with a fragment", func(in *ssooidc.RegisterClientInput) { in.RedirectUris = []string{"http://127.0.0.1/cb#x"} }, "InvalidRedirectUriException"},
		{"script for a redirect", func(in *ssooidc.RegisterClientInput) { in.RedirectUris = []string{"javascript:alert(1)"} }, "InvalidRedirectUriException"},
		{"code without redirect", func(in *ssooidc.RegisterClientInput) { in.GrantTypes = []string{"authorization_code"} }, "InvalidRedirectUriException"},
		{"another issuer", func(in *ssooidc.RegisterClientInput) { in.IssuerUrl = new("https://d-1.awsapps.com/start") }, "InvalidRequestException"},
		{"an application", func(in *ssooidc.RegisterClientInput) {
			in.EntitledApplicationArn = new("arn:aws:sso::1:application/x/y")
		}, "InvalidRequestException"},
	} {
		in := &ssooidc.RegisterClientInput{ClientName: new("x"), ClientType: new("public")}
		tc.change(in)
		_, err := b.RegisterClient(t.Context(), in)
		t.Run(tc.name, func(t *testing.T) { wantError(t, err, tc.want, "") })
	}
}

func TestStartDeviceAuthorization(t *testing.T) {
	t.Parallel()
	b := setup(t)
	c := b.register(t)
	out := c.start(t)
	if out.ExpiresIn != 600 || out.Interval != 1 || *out.VerificationUri != "http://localhost:4580/device" ||
		*out.VerificationUriComplete != *out.VerificationUri+"?user_code="+*out.UserCode || len(*out.UserCode) != 9 {
		t.Errorf("started: %+v", out)
	}
	codeOnly := b.register(t, withCode)
	for _, tc := range []struct {
		name string
		in   ssooidc.StartDeviceAuthorizationInput
		want string
	}{
		{"no such client", ssooidc.StartDeviceAuthorizationInput{ClientId: new("x"), ClientSecret: c.secret, StartUrl: new(startURL)}, "InvalidClientException"},
		{"wrong secret", ssooidc.StartDeviceAuthorizationInput{ClientId: c.id, ClientSecret: codeOnly.secret, StartUrl: new(startURL)}, "InvalidClientException"},
		{"another portal", ssooidc.StartDeviceAuthorizationInput{ClientId: c.id, ClientSecret: c.secret, StartUrl: new("https://d-1.awsapps.com/start")}, "InvalidRequestException"},
		{"grant not registered", ssooidc.StartDeviceAuthorizationInput{ClientId: codeOnly.id, ClientSecret: codeOnly.secret, StartUrl: new(startURL)}, "UnauthorizedClientException"},
		{"start URL as browsers show it", ssooidc.StartDeviceAuthorizationInput{ClientId: c.id, ClientSecret: c.secret, StartUrl: new(startURL + "/#/")}, ""},
		{"start URL by address", ssooidc.StartDeviceAuthorizationInput{ClientId: c.id, ClientSecret: c.secret, StartUrl: new("http://127.0.0.1:4580/start")}, ""},
	} {
		_, err := b.StartDeviceAuthorization(t.Context(), &tc.in)
		t.Run(tc.name, func(t *testing.T) {
			if tc.want == "" {
				must(t, err)
				return
			}
			wantError(t, err, tc.want, "")
		})
	}
	b.wall.now = b.wall.now.Add(91 * 24 * time.Hour)
	_, err := b.StartDeviceAuthorization(t.Context(), &ssooidc.StartDeviceAuthorizationInput{ClientId: c.id, ClientSecret: c.secret, StartUrl: new(startURL)})
	wantError(t, err, "InvalidClientException", "")
}

func TestCreateToken_DeviceCode(t *testing.T) {
	t.Parallel()
	b := setup(t)
	jane := b.user(t, "jane", "")
	c, other := b.register(t), b.register(t)

	started := c.start(t)
	_, err := c.poll(t, started.DeviceCode)
	wantError(t, err, "AuthorizationPendingException", "")
	_, err = c.poll(t, started.DeviceCode)
	wantError(t, err, "SlowDownException", "")
	b.wall.now = b.wall.now.Add(time.Second)
	_, err = c.poll(t, started.DeviceCode)
	wantError(t, err, "AuthorizationPendingException", "")
	_, err = other.poll(t, started.DeviceCode)
	wantError(t, err, "InvalidGrantException", "")

	b.decide(t, strings.ToLower(strings.ReplaceAll(*started.UserCode, "-", "")), jane, true)
	out, err := c.poll(t, started.DeviceCode) // in a hurry, but there is no more to wait for
	must(t, err)
	if out.ExpiresIn != 28800 || *out.TokenType != "Bearer" || out.RefreshToken != nil {
		t.Errorf("token of %d s, %s, refresh token: %v", out.ExpiresIn, *out.TokenType, out.RefreshToken != nil)
	}
	if got := b.bearer(t, identitycenter.AccessUse, out.AccessToken); got != jane {
		t.Errorf("the token is %q's", got)
	}
	for _, use := range []identitycenter.Use{identitycenter.BrowserUse, identitycenter.RefreshUse} {
		if b.bearer(t, use, out.AccessToken) != "" {
			t.Errorf("an access token passes for a %s token", use)
		}
	}
	_, err = c.poll(t, started.DeviceCode)
	wantError(t, err, "InvalidGrantException", "")
	if err := b.st.Update(t.Context(), func(tx *state.Tx) error { return b.Decide(tx, *started.UserCode, jane, true) }); !errors.Is(err, identitycenter.ErrDeviceDecided) {
		t.Errorf("decided twice: %v", err)
	}

	b.wall.now = b.wall.now.Add(8 * time.Hour)
	if b.bearer(t, identitycenter.AccessUse, out.AccessToken) != "" {
		t.Error("the token is good for more than eight hours")
	}
}

func TestCreateToken_DeviceCodeRefused(t *testing.T) {
	t.Parallel()
	b := setup(t)
	jane := b.user(t, "jane", "")
	c := b.register(t)

	denied := c.start(t)
	b.decide(t, *denied.UserCode, jane, false)
	_, err := c.poll(t, denied.DeviceCode)
	wantError(t, err, "AccessDeniedException", "")

	late := c.start(t)
	b.wall.now = b.wall.now.Add(600 * time.Second)
	_, err = c.poll(t, late.DeviceCode)
	wantError(t, err, "ExpiredTokenException", "")
	b.view(t, func(tx *state.Tx) {
		if _, err := b.Device(tx, *late.UserCode); !errors.Is(err, identitycenter.ErrDeviceExpired) {
			t.Errorf("the page finds an expired code: %v", err)
		}
		if _, err := b.Device(tx, "XXXX-XXXX"); !errors.Is(err, identitycenter.ErrNoDevice) {
			t.Errorf("a code never given: %v", err)
		}
	})

	gone := c.start(t)
	b.decide(t, *gone.UserCode, jane, true)
	b.update(t, func(tx *state.Tx) error { b.SetDisabled(tx, jane, true); return nil })
	_, err = c.poll(t, gone.DeviceCode)
	wantError(t, err, "AccessDeniedException", "")
}

func TestCreateToken_Refused(t *testing.T) {
	t.Parallel()
	b := setup(t)
	c, codeOnly := b.register(t), b.register(t, withCode)
	for _, tc := range []struct {
		name string
		of   client
		in   ssooidc.CreateTokenInput
		want string
	}{
		{"no such grant", c, ssooidc.CreateTokenInput{GrantType: new("password")}, "UnsupportedGrantTypeException"},
		{"grant not registered", codeOnly, ssooidc.CreateTokenInput{GrantType: new(deviceGrant), DeviceCode: new("x")}, "UnauthorizedClientException"},
		{"refresh without scopes", c, ssooidc.CreateTokenInput{GrantType: new("refresh_token"), RefreshToken: new("x")}, "UnauthorizedClientException"},
		{"no device code", c, ssooidc.CreateTokenInput{GrantType: new(deviceGrant)}, "InvalidRequestException"},
		{"unknown device code", c, ssooidc.CreateTokenInput{GrantType: new(deviceGrant), DeviceCode: new("x")}, "InvalidGrantException"},
		{"no code", codeOnly, ssooidc.CreateTokenInput{GrantType: new("authorization_code")}, "InvalidRequestException"},
		{"no verifier", codeOnly, ssooidc.CreateTokenInput{GrantType: new("authorization_code"), Code: new("x"), RedirectUri: new(callback)}, "InvalidRequestException"},
		{"unknown code", codeOnly, ssooidc.CreateTokenInput{GrantType: new("authorization_code"), Code: new("x"), RedirectUri: new(callback), CodeVerifier: new(verifier)}, "InvalidGrantException"},
		{"no refresh token", codeOnly, ssooidc.CreateTokenInput{GrantType: new("refresh_token")}, "InvalidRequestException"},
		{"unknown refresh token", codeOnly, ssooidc.CreateTokenInput{GrantType: new("refresh_token"), RefreshToken: new("x")}, "InvalidGrantException"},
		{"wrong secret", client{b, c.id, new("x")}, ssooidc.CreateTokenInput{GrantType: new(deviceGrant), DeviceCode: new("x")}, "InvalidClientException"},
	} {
		_, err := tc.of.token(t.Context(), func(in *ssooidc.CreateTokenInput) {
			id, secret := in.ClientId, in.ClientSecret
			*in = tc.in
			in.ClientId, in.ClientSecret = id, secret
		})
		t.Run(tc.name, func(t *testing.T) { wantError(t, err, tc.want, "") })
	}
}

// authorization is what a client with PKCE asks.
func (c client) authorization() identitycenter.Authorization {
	sum := sha256.Sum256([]byte(verifier))
	return identitycenter.Authorization{
		ClientID: *c.id, Redirect: "http://127.0.0.1:50123/oauth/callback", ResponseType: "code", ChallengeMethod: "S256",
		Challenge: base64.RawURLEncoding.EncodeToString(sum[:]), Scopes: []string{identitycenter.AccountScope},
	}
}

func (c client) authorize(t *testing.T, user string) (code *string) {
	t.Helper()
	token := identitycenter.NewToken()
	c.update(t, func(tx *state.Tx) error { return c.Authorize(tx, c.authorization(), user, token) })
	return &token.Secret
}

func (c client) exchange(t *testing.T, code *string, change ...func(*ssooidc.CreateTokenInput)) (*ssooidc.CreateTokenOutput, error) {
	t.Helper()
	return c.token(t.Context(), func(in *ssooidc.CreateTokenInput) {
		in.GrantType, in.Code, in.CodeVerifier, in.RedirectUri = new("authorization_code"), code, new(verifier), new(c.authorization().Redirect)
		for _, f := range change {
			f(in)
		}
	})
}

func TestCreateToken_AuthorizationCode(t *testing.T) {
	t.Parallel()
	b := setup(t)
	jane := b.user(t, "jane", "")
	c, other := b.register(t, withCode), b.register(t, withCode)
	code := c.authorize(t, jane)
	for _, steal := range []struct {
		name   string
		by     client
		change func(*ssooidc.CreateTokenInput)
	}{
		{"another client", other, func(*ssooidc.CreateTokenInput) {}},
		{"another verifier", c, func(in *ssooidc.CreateTokenInput) { in.CodeVerifier = new(strings.Repeat("x", 50)) }},
		{"another port", c, func(in *ssooidc.CreateTokenInput) { in.RedirectUri = new("http://127.0.0.1:50124/oauth/callback") }},
	} {
		_, err := steal.by.exchange(t, code, steal.change)
		t.Run(steal.name, func(t *testing.T) { wantError(t, err, "InvalidGrantException", "") })
	}
	out, err := c.exchange(t, code)
	must(t, err)
	if out.ExpiresIn != 3600 || out.RefreshToken == nil || b.bearer(t, identitycenter.AccessUse, out.AccessToken) != jane {
		t.Fatalf("token of %d s, refresh token: %v", out.ExpiresIn, out.RefreshToken != nil)
	}
	_, err = c.exchange(t, code)
	wantError(t, err, "InvalidGrantException", "")
	if b.bearer(t, identitycenter.AccessUse, out.AccessToken) != "" {
		t.Error("a code used twice leaves the first user's token good")
	}

	late := c.authorize(t, jane)
	b.wall.now = b.wall.now.Add(2 * time.Minute)
	_, err = c.exchange(t, late)
	wantError(t, err, "InvalidGrantException", "")
}

func TestCreateToken_Refresh(t *testing.T) {
	t.Parallel()
	b := setup(t)
	jane := b.user(t, "jane", "")
	c, other := b.register(t, scoped), b.register(t, scoped)
	out := c.signIn(t, jane)
	if out.ExpiresIn != 3600 || out.RefreshToken == nil {
		t.Fatalf("token of %d s, refresh token: %v", out.ExpiresIn, out.RefreshToken != nil)
	}
	_, err := other.renew(t, out.RefreshToken)
	wantError(t, err, "InvalidGrantException", "")
	b.wall.now = b.wall.now.Add(7*time.Hour + 30*time.Minute)
	if b.bearer(t, identitycenter.AccessUse, out.AccessToken) != "" {
		t.Error("an access token outlives its hour")
	}
	again, err := c.renew(t, out.RefreshToken)
	must(t, err)
	if again.ExpiresIn != 1800 || b.bearer(t, identitycenter.AccessUse, again.AccessToken) != jane {
		t.Errorf("renewed for %d s, want the half hour that the session has left", again.ExpiresIn)
	}
	b.wall.now = b.wall.now.Add(30 * time.Minute)
	_, err = c.renew(t, out.RefreshToken)
	wantError(t, err, "InvalidGrantException", "")
}

func TestAuthorizing_Refused(t *testing.T) {
	t.Parallel()
	b := setup(t)
	c, deviceOnly := b.register(t, withCode), b.register(t, func(in *ssooidc.RegisterClientInput) {
		in.GrantTypes, in.RedirectUris = []string{deviceGrant}, []string{callback}
	})
	for _, tc := range []struct {
		name   string
		of     client
		change func(*identitycenter.Authorization)
		want   string
	}{
		{"as it should be", c, func(*identitycenter.Authorization) {}, ""},
		{"unknown client", c, func(a *identitycenter.Authorization) { a.ClientID = "x" }, "no such client"},
		{"another path", c, func(a *identitycenter.Authorization) { a.Redirect = "http://127.0.0.1:50123/other" }, "the client has not registered this redirect URI"},
		{"another host", c, func(a *identitycenter.Authorization) { a.Redirect = "http://evil.example/oauth/callback" }, "the client has not registered this redirect URI"},
		{"another scheme", c, func(a *identitycenter.Authorization) { a.Redirect = "https://127.0.0.1/oauth/callback" }, "the client has not registered this redirect URI"},
		{"a query more", c, func(a *identitycenter.Authorization) { a.Redirect += "?x=1" }, "the client has not registered this redirect URI"},
		{"implicit", c, func(a *identitycenter.Authorization) { a.ResponseType = "token" }, "unsupported_response_type: response_type must be code"},
		{"plain challenge", c, func(a *identitycenter.Authorization) { a.ChallengeMethod = "plain" }, "invalid_request: code_challenge with the method S256 is required"},
		{"no challenge", c, func(a *identitycenter.Authorization) { a.Challenge = "" }, "invalid_request: code_challenge with the method S256 is required"},
		{"unknown scope", c, func(a *identitycenter.Authorization) { a.Scopes = []string{"admin"} }, "invalid_scope: scope not supported: admin"},
		{"grant not registered", deviceOnly, func(*identitycenter.Authorization) {}, "unauthorized_client: the client has not registered authorization_code"},
	} {
		t.Run(tc.name, func(t *testing.T) {
			a, got := tc.of.authorization(), ""
			tc.change(&a)
			b.view(t, func(tx *state.Tx) {
				if _, err := b.Authorizing(tx, a); err != nil {
					got = err.Error()
				}
			})
			if got != tc.want {
				t.Errorf("got %q, want %q", got, tc.want)
			}
		})
	}
}

// Anybody may register and ask for codes: what they leave behind is bounded, and goes.
func TestOIDC_LeavesNothingBehind(t *testing.T) {
	t.Parallel()
	b := setup(t)
	var refused error
	for range 700 {
		if _, err := b.RegisterClient(t.Context(), &ssooidc.RegisterClientInput{ClientName: new("x"), ClientType: new("public")}); err != nil {
			refused = err
			break
		}
	}
	wantError(t, refused, "SlowDownException", "")
	b.wall.now = b.wall.now.Add(time.Minute)
	c := b.register(t)
	started := c.start(t)
	b.wall.now = b.wall.now.Add(2 * time.Hour)
	c.start(t)
	_, err := c.poll(t, started.DeviceCode)
	wantError(t, err, "InvalidGrantException", "") // no longer remembered as expired
}

// Secrets are given to command lines too, where a leading hyphen makes an option of them.
func TestNewToken(t *testing.T) {
	t.Parallel()
	seen := map[string]bool{}
	for range 2000 {
		token := identitycenter.NewToken()
		if strings.HasPrefix(token.Secret, "-") || len(token.Secret) != 43 || seen[token.Secret] || token.Hash != identitycenter.HashToken(token.Secret) {
			t.Fatalf("token %q", token.Secret)
		}
		seen[token.Secret] = true
	}
}

// There are no applications here, so every client is one that does not exist.
func TestCreateTokenWithIAM(t *testing.T) {
	t.Parallel()
	b := setup(t)
	_, err := b.CreateTokenWithIAM(admin(t), &ssooidc.CreateTokenWithIAMInput{
		ClientId: new("arn:aws:sso::" + management + ":application/ssoins-0123456789abcdef/apl-0123456789abcdef"), GrantType: new("authorization_code"), Code: new("x"),
	})
	wantError(t, err, "InvalidClientException", "")
}
