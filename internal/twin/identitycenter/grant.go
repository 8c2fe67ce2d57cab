package identitycenter

import (
	"context"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/ssooidc"

	"accountfactory/internal/twin/state"
	"accountfactory/internal/wire"
)

// granting is one CreateToken on its way: what came in, and the secrets drawn for what goes out.
type granting struct {
	in              *ssooidc.CreateTokenInput
	from            *wire.Request
	access, refresh Token
	stolen          error // told once the transaction that revokes is through
	out             *ssooidc.CreateTokenOutput
}

// CreateToken turns a device code, an authorization code or a refresh token into an access token.
func (s *Service) CreateToken(ctx context.Context, in *ssooidc.CreateTokenInput, _ ...func(*ssooidc.Options)) (*ssooidc.CreateTokenOutput, error) {
	g := &granting{in: in, from: wire.RequestFrom(ctx), access: NewToken(), refresh: NewToken()}
	err := s.state.Update(ctx, func(tx *state.Tx) error {
		c, err := s.client(tx, in.ClientId, in.ClientSecret)
		if err != nil {
			return err
		}
		return s.grant(tx, c, g)
	})
	if err == nil {
		err = g.stolen
	}
	if err != nil {
		return nil, err
	}
	return g.out, nil
}

func (s *Service) grant(tx *state.Tx, c *Client, g *granting) error {
	kind := *g.in.GrantType
	if kind != deviceGrant && kind != codeGrant && kind != refreshGrant {
		return unsupportedGrant("Grant type not supported: " + kind)
	}
	if !c.grants(kind) {
		return unauthorizedClient("The client has not registered the grant " + kind + ".")
	}
	switch kind {
	case deviceGrant:
		return s.grantDevice(tx, c, g)
	case codeGrant:
		return s.grantCode(tx, c, g)
	default:
		return s.grantRefresh(tx, c, g)
	}
}

// grantDevice answers a client that polls. A refusal to wait longer must be remembered too, so it goes by way of g.stolen.
func (s *Service) grantDevice(tx *state.Tx, c *Client, g *granting) error {
	if deref(g.in.DeviceCode) == "" {
		return invalidRequest("deviceCode is required.")
	}
	d, now := s.devices.Get(tx, HashToken(*g.in.DeviceCode)), s.cfg.Wall.Now()
	switch {
	case d == nil || d.ClientID != c.ID || d.State == deviceUsed:
		return invalidGrant("Invalid device code provided.")
	case !now.Before(d.Expires):
		return expiredToken("The device code has expired.")
	case d.State == deviceDenied:
		return accessDenied("The person has denied the request.")
	case d.State == devicePending:
		g.stolen = authorizationPending()
		if now.Sub(d.Polled) < deviceInterval-deviceGrace {
			g.stolen = slowDown("Poll no faster than the interval says.")
		}
		s.devices.Change(tx, d.Hash, func(d *DeviceAuthorization) { d.Polled = now })
		return nil
	}
	p, err := s.issue(tx, c, g, d.UserID, "")
	if err == nil {
		s.devices.Change(tx, d.Hash, func(d *DeviceAuthorization) { d.State, d.SessionID = deviceUsed, p.ID })
	}
	return err
}

// grantCode takes an authorization code once. When it comes a second time one of the two is a thief, so what the first
// got is revoked (RFC 6749 section 4.1.2).
func (s *Service) grantCode(tx *state.Tx, c *Client, g *granting) error {
	if deref(g.in.Code) == "" || deref(g.in.RedirectUri) == "" || deref(g.in.CodeVerifier) == "" {
		return invalidRequest("code, redirectUri and codeVerifier are required.")
	}
	row := s.codes.Get(tx, HashToken(*g.in.Code))
	switch {
	case row == nil || row.ClientID != c.ID || row.Redirect != *g.in.RedirectUri || !proves(*g.in.CodeVerifier, row.Challenge):
		return invalidGrant("Invalid authorization code provided.")
	case row.Used:
		s.EndSession(tx, row.SessionID)
		g.stolen = invalidGrant("The authorization code has been used.")
		return nil
	case !s.cfg.Wall.Now().Before(row.Expires):
		return invalidGrant("The authorization code has expired.")
	}
	p, err := s.issue(tx, c, g, row.UserID, row.Browser)
	if err == nil {
		s.codes.Change(tx, row.Hash, func(row *code) { row.Used, row.SessionID = true, p.ID })
	}
	return err
}

// grantRefresh gives another access token. The refresh token stays: several programs may share it, as those do that read
// the AWS clients' token file.
func (s *Service) grantRefresh(tx *state.Tx, c *Client, g *granting) error {
	if deref(g.in.RefreshToken) == "" {
		return invalidRequest("refreshToken is required.")
	}
	p, _ := s.Session(tx, RefreshUse, *g.in.RefreshToken)
	if p == nil || p.ClientID != c.ID {
		return invalidGrant("Invalid refresh token provided.")
	}
	s.dropExpired(tx)
	g.out = s.answer(s.Grant(tx, p, AccessUse, g.access, renewedTime), g.access, *g.in.RefreshToken)
	return nil
}

// issue signs a person in through the client. What came from a browser's own session ends with it.
func (s *Service) issue(tx *state.Tx, c *Client, g *granting, userID, browser string) (*PortalSession, error) {
	if browser != "" && s.sessions.Get(tx, browser) == nil {
		return nil, accessDenied("The person has signed out.")
	}
	if u := s.users.Get(tx, userID); u == nil || u.Disabled {
		return nil, accessDenied("The user is disabled or gone.")
	}
	p := s.BeginSession(tx, PortalSession{
		UserID: userID, Browser: browser, ClientID: c.ID, ClientName: c.Name, SourceIP: g.from.SourceIP, UserAgent: clip(g.from.UserAgent),
	})
	lasts, refresh := sessionTime, ""
	if c.grants(refreshGrant) {
		lasts, refresh = renewedTime, g.refresh.Secret
		s.Grant(tx, p, RefreshUse, g.refresh, sessionTime)
	}
	g.out = s.answer(s.Grant(tx, p, AccessUse, g.access, lasts), g.access, refresh)
	return p, nil
}

func (s *Service) answer(expires time.Time, access Token, refresh string) *ssooidc.CreateTokenOutput {
	left := expires.Sub(s.cfg.Wall.Now()).Round(time.Second)
	return &ssooidc.CreateTokenOutput{
		AccessToken: &access.Secret, TokenType: new("Bearer"), ExpiresIn: int32(left.Seconds()), RefreshToken: opt(refresh),
	}
}
