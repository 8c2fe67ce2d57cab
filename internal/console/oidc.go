package console

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"os"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/coreos/go-oidc/v3/oidc"
	"golang.org/x/oauth2"

	"accountfactory/internal/clock"
	"accountfactory/internal/factory"
)

// OIDCConfig is a company's own OpenID Connect provider. The zero OIDCConfig is none.
type OIDCConfig struct {
	Issuer      string      // as its discovery document has it, to the letter
	ClientID    string      // of this console there
	SecretFile  string      // with the client's secret, read at each sign-in; empty for a public client
	Scopes      []string    // besides openid. Default: email, profile
	GroupsClaim string      // the claim that names a person's groups. Default: groups
	Roles       []GroupRole // what groups are to the factory; the first that a person is in counts
}

// GroupRole says what a group is to the factory.
type GroupRole struct {
	Group string
	Role  factory.Role
}

// ParseGroupRole reads GROUP=role. Names of groups may have equal signs.
func ParseGroupRole(text string) (GroupRole, error) {
	at := strings.LastIndex(text, "=")
	if at < 1 {
		return GroupRole{}, fmt.Errorf("%q is not GROUP=role", text)
	}
	out := GroupRole{strings.TrimSpace(text[:at]), factory.Role(strings.TrimSpace(text[at+1:]))}
	if roles := []factory.Role{factory.RoleViewer, factory.RoleRequester, factory.RoleOperator, factory.RoleAuditor}; !slices.Contains(roles, out.Role) {
		return out, fmt.Errorf("%q is no role: want one of %v", out.Role, roles)
	}
	return out, nil
}

// of gives what somebody in these groups is, and by which of them; nothing for nobody.
func (c OIDCConfig) of(groups []string) (GroupRole, bool) {
	for _, r := range c.Roles {
		if slices.Contains(groups, r.Group) {
			return r, true
		}
	}
	return GroupRole{}, false
}

// secret gives the client's secret. It is read anew each time, so that a new one needs no restart.
func (c OIDCConfig) secret() (string, error) {
	if c.SecretFile == "" {
		return "", nil
	}
	text, err := os.ReadFile(c.SecretFile)
	if err != nil {
		return "", fmt.Errorf("read the client's secret: %w", err)
	}
	secret := strings.TrimSpace(string(text))
	if secret == "" {
		return "", fmt.Errorf("read the client's secret: %s is empty", c.SecretFile)
	}
	return secret, nil
}

// OIDC is a provider that people sign in with. It is looked for when it is first needed, and again until it is found: a
// server starts without it.
type OIDC struct {
	config OIDCConfig
	clock  clock.Clock
	client *http.Client

	mu    sync.Mutex
	found *provider
	at    time.Time // when it was last looked for
	err   error     // and what came of it
}

// Times of discovery: how long an answer holds, and a failure, so that nobody who waits at the door asks for it again.
const (
	discoveryHolds = time.Hour
	failureHolds   = 2 * time.Second
	providerWithin = 10 * time.Second // for each call
)

// NewOIDC makes an OIDC.
func NewOIDC(c OIDCConfig) *OIDC {
	if c.GroupsClaim == "" {
		c.GroupsClaim = "groups"
	}
	if c.Scopes == nil {
		c.Scopes = []string{"email", "profile"}
	}
	return &OIDC{config: c, clock: clock.Wall{}, client: &http.Client{Timeout: providerWithin, Transport: bounded{http.DefaultTransport}}}
}

// provider is what discovery says of a provider.
type provider struct {
	*oidc.Provider
	meta metadata
}

// metadata are the members of a discovery document that go-oidc does not show. Sources: OpenID Connect Discovery 1.0 section
// 3, RFC 8414 section 2, RP-Initiated Logout 1.0 section 2.1, RFC 9207 section 3.
type metadata struct {
	Authorization  string   `json:"authorization_endpoint"`
	Token          string   `json:"token_endpoint"`
	Keys           string   `json:"jwks_uri"`
	EndSession     string   `json:"end_session_endpoint"`
	TokenAuth      []string `json:"token_endpoint_auth_methods_supported"`
	ChallengeWays  []string `json:"code_challenge_methods_supported"`
	IssuerInAnswer bool     `json:"authorization_response_iss_parameter_supported"`
}

// get gives the provider. One that was found and is away now is the one that was found.
func (o *OIDC) get(ctx context.Context) (*provider, error) {
	o.mu.Lock()
	defer o.mu.Unlock()
	age := o.clock.Now().Sub(o.at)
	if !o.at.IsZero() && (o.found != nil && age < discoveryHolds || o.found == nil && age < failureHolds) {
		return o.found, o.err
	}
	found, err := discover(ctx, o.client, o.config)
	o.at = o.clock.Now()
	if err == nil {
		o.found = found
	}
	if o.found == nil {
		o.err = &awayError{o.config.Issuer, err}
		return nil, o.err
	}
	o.err = nil
	return o.found, nil
}

// Ready looks whether people can sign in with the provider, which has been found once. Why not is the error; short is as
// much of it as anybody may know, "" for ready.
func (o *OIDC) Ready(ctx context.Context) (short string, err error) {
	_, err = o.get(ctx)
	var away *awayError
	if errors.As(err, &away) {
		short = away.short()
	}
	return short, err
}

// awayError says that the provider did not answer, or not as a provider does.
type awayError struct {
	issuer string
	err    error
}

func (e *awayError) Error() string {
	return e.short() + ": " + firstLine(e.err.Error())
}
func (e *awayError) Unwrap() error { return e.err }

// short is what strangers are told.
func (e *awayError) short() string {
	return e.issuer + " does not answer, or not as a place to sign in"
}

// manyWords bounds what is repeated of a provider's words: some answer with a page.
const manyWords = 200

func firstLine(text string) string {
	text, _, _ = strings.Cut(strings.TrimSpace(text), "\n")
	return text[:min(len(text), manyWords)]
}

func discover(ctx context.Context, client *http.Client, c OIDCConfig) (*provider, error) {
	found, err := oidc.NewProvider(oidc.ClientContext(ctx, client), c.Issuer)
	if err != nil {
		return nil, err
	}
	p := &provider{Provider: found}
	if err := found.Claims(&p.meta); err != nil {
		return nil, fmt.Errorf("read the discovery document: %w", err)
	}
	for name, address := range map[string]string{"authorization_endpoint": p.meta.Authorization, "token_endpoint": p.meta.Token, "jwks_uri": p.meta.Keys} {
		if !SafeURL(address) {
			return nil, fmt.Errorf("the discovery document's %s is %q: want an https URL", name, address)
		}
	}
	if p.meta.EndSession != "" && !SafeURL(p.meta.EndSession) {
		p.meta.EndSession = ""
	}
	if ways := p.meta.ChallengeWays; len(ways) > 0 && !slices.Contains(ways, "S256") {
		return nil, errors.New("the provider does not do PKCE with S256")
	}
	return p, nil
}

// SafeURL tells whether secrets may be sent to an address: with https, or to this machine.
func SafeURL(address string) bool {
	u, err := url.Parse(address)
	return err == nil && u.Host != "" && u.User == nil && (u.Scheme == "https" || u.Scheme == "http" && isLoopback(u.Host))
}

// client gives this console as the provider's OAuth client. How the secret is sent is the provider's choice; where it says
// nothing, the default of Discovery 1.0 section 3.
func (o *OIDC) oauth(p *provider, redirect string) (*oauth2.Config, error) {
	secret, err := o.config.secret()
	if err != nil {
		return nil, err
	}
	end := p.Endpoint()
	end.AuthStyle = oauth2.AuthStyleInHeader
	if ways := p.meta.TokenAuth; secret == "" || len(ways) > 0 && !slices.Contains(ways, "client_secret_basic") {
		end.AuthStyle = oauth2.AuthStyleInParams
	}
	return &oauth2.Config{
		ClientID: o.config.ClientID, ClientSecret: secret, Endpoint: end, RedirectURL: redirect,
		Scopes: append([]string{oidc.ScopeOpenID}, o.config.Scopes...),
	}, nil
}

// CheckOIDC looks whether people could sign in: the provider answers and has keys, and the secret can be read.
func CheckOIDC(ctx context.Context, c OIDCConfig) error {
	o := NewOIDC(c)
	p, err := o.get(ctx)
	if err != nil {
		return err
	}
	if _, err := c.secret(); err != nil {
		return err
	}
	return o.checkKeys(ctx, p)
}
