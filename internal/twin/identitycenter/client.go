package identitycenter

import (
	"context"
	"crypto/subtle"
	"net"
	"net/url"
	"slices"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"github.com/aws/aws-sdk-go-v2/service/ssooidc"

	"accountfactory/internal/arn"
	"accountfactory/internal/twin/state"
)

// The grants of CreateToken.
const (
	deviceGrant  = "urn:ietf:params:oauth:grant-type:device_code"
	codeGrant    = "authorization_code"
	refreshGrant = "refresh_token"
)

// AccountScope is the one scope there is: the person's accounts and roles.
const AccountScope = "sso:account:access"

const (
	// clientTime is how long a registration lasts, as clients see it in clientSecretExpiresAt.
	clientTime = 90 * 24 * time.Hour
	// Anybody may register, so there are bounds: what one minute adds, and what is kept in all.
	clientsPerMinute = 600
	clientLimit      = 10_000
)

// Client is a program that has registered to sign people in.
type Client struct {
	ID, SecretHash string
	Name           string
	Scopes         []string `json:",omitempty"`
	Grants         []string `json:",omitempty"` // none named means all that the registration otherwise allows
	Redirects      []string `json:",omitempty"`
	Issued         time.Time
	Expires        time.Time
}

// RegisterClient makes a client known. Anybody may.
func (s *Service) RegisterClient(ctx context.Context, in *ssooidc.RegisterClientInput, _ ...func(*ssooidc.Options)) (*ssooidc.RegisterClientOutput, error) {
	if err := s.checkClient(in); err != nil {
		return nil, err
	}
	id, secret := NewToken(), NewToken()
	now := s.cfg.Wall.Now()
	c := &Client{
		ID: id.Secret[:22], SecretHash: secret.Hash, Name: *in.ClientName, Issued: now, Expires: now.Add(clientTime),
		Scopes: slices.Clone(in.Scopes), Grants: slices.Clone(in.GrantTypes), Redirects: slices.Clone(in.RedirectUris),
	}
	if err := s.state.Update(ctx, func(tx *state.Tx) error { return s.addClient(tx, c) }); err != nil {
		return nil, err
	}
	return &ssooidc.RegisterClientOutput{
		ClientId: &c.ID, ClientSecret: &secret.Secret, ClientIdIssuedAt: c.Issued.Unix(), ClientSecretExpiresAt: c.Expires.Unix(),
	}, nil
}

func (s *Service) addClient(tx *state.Tx, c *Client) error {
	s.dropExpired(tx)
	minute := 0
	for range s.clientEnds.From(tx, sortable(c.Expires.Add(time.Microsecond-time.Minute))) {
		if minute++; minute >= clientsPerMinute {
			return slowDown("Too many clients register at once.")
		}
	}
	if s.clients.Len(tx) >= clientLimit {
		for oldest := range s.clientEnds.From(tx, "") {
			s.clients.Delete(tx, oldest.ID)
			break
		}
	}
	s.clients.Put(tx, c)
	return nil
}

func (s *Service) checkClient(in *ssooidc.RegisterClientInput) error {
	switch name := *in.ClientName; {
	case *in.ClientType != "public":
		return invalidClientMetadata("Client type not supported: only public is.")
	case strings.TrimSpace(name) == "", utf8.RuneCountInString(name) > 256, strings.ContainsFunc(name, unicode.IsControl):
		return invalidClientMetadata("The client name must be 1 to 256 printable characters.")
	case len(in.RedirectUris) > 10 || len(in.Scopes) > 10 || len(in.GrantTypes) > 10:
		return invalidClientMetadata("A client has at most ten redirect URIs, scopes and grant types.")
	case deref(in.EntitledApplicationArn) != "":
		return invalidRequest("The application does not exist in this instance.")
	case deref(in.IssuerUrl) != "" && !s.isStartURL(*in.IssuerUrl):
		return invalidRequest("The issuer URL is not the start URL of this instance.")
	}
	for _, scope := range in.Scopes {
		if scope != AccountScope {
			return invalidScope("Scope not supported: " + scope)
		}
	}
	for _, g := range in.GrantTypes {
		if g != deviceGrant && g != codeGrant && g != refreshGrant {
			return unsupportedGrant("Grant type not supported: " + g)
		}
	}
	for _, u := range in.RedirectUris {
		if loopbackURI(u) == nil && !s.IsConsole(u) {
			return invalidRedirect("A redirect URI must be http to 127.0.0.1, [::1] or localhost, without user and fragment.")
		}
	}
	if slices.Contains(in.GrantTypes, codeGrant) && len(in.RedirectUris) == 0 {
		return invalidRedirect("The grant authorization_code needs a redirect URI.")
	}
	return nil
}

// isStartURL tells whether u is where people of this instance sign in: with or without the slash or fragment that
// browsers show, and under any name of this machine when it is served on one.
func (s *Service) isStartURL(u string) bool {
	got, err := url.Parse(u)
	if err != nil {
		return false
	}
	want, err := url.Parse(s.cfg.PortalURL)
	if err != nil || got.Scheme != want.Scheme || strings.TrimSuffix(got.Path, "/") != want.Path {
		return false
	}
	return got.Host == want.Host || isLoopback(got.Hostname()) && isLoopback(want.Hostname()) && got.Port() == want.Port()
}

func isLoopback(host string) bool {
	ip := net.ParseIP(host)
	return host == "localhost" || ip != nil && ip.IsLoopback()
}

// loopbackURI reads a redirect URI to this machine, as RFC 8252 section 7.3 has native programs use; nil for any other.
func loopbackURI(s string) *url.URL {
	u, err := url.Parse(s)
	if err != nil || u.Scheme != "http" || !isLoopback(u.Hostname()) || u.User != nil || u.Fragment != "" || u.Opaque != "" || len(s) > 1000 {
		return nil
	}
	return u
}

// redirectsTo tells whether the client has registered this redirect URI; its port may be any (RFC 8252 section 7.3).
func (c *Client) redirectsTo(s string) bool {
	got := loopbackURI(s)
	return got != nil && slices.ContainsFunc(c.Redirects, func(registered string) bool {
		want := loopbackURI(registered)
		return want != nil && got.Hostname() == want.Hostname() && got.Path == want.Path && got.RawQuery == want.RawQuery
	})
}

// grants tells whether a client may use a grant. Tokens are renewed for those that name their scopes.
func (c *Client) grants(grant string) bool {
	if grant == refreshGrant && len(c.Scopes) == 0 {
		return false
	}
	return len(c.Grants) == 0 || slices.Contains(c.Grants, grant)
}

// client gives the registration that id and secret prove, or AWS's error.
func (s *Service) client(tx *state.Tx, id, secret *string) (*Client, error) {
	c := s.clients.Get(tx, deref(id))
	hash := HashToken(deref(secret))
	if c == nil || subtle.ConstantTimeCompare([]byte(hash), []byte(c.SecretHash)) != 1 || !s.cfg.Wall.Now().Before(c.Expires) {
		return nil, invalidClient("The client is not registered, its secret is wrong, or its registration has expired.")
	}
	return c, nil
}

// userCode draws what people compare and type: eight consonants, so that no words come about (RFC 8628 section 6.1).
func userCode(r arn.Random) string {
	const consonants = "BCDFGHJKLMNPQRSTVWXZ"
	return arn.ID(r, consonants, 4) + "-" + arn.ID(r, consonants, 4)
}
