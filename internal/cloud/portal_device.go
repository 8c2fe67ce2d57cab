package cloud

import (
	"context"
	"errors"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ssooidc"
	oidctypes "github.com/aws/aws-sdk-go-v2/service/ssooidc/types"
)

// deviceGrant is the grant of the OAuth device flow (RFC 8628).
const deviceGrant = "urn:ietf:params:oauth:grant-type:device_code"

// PortalDevice is a sign-in that waits for a person to say yes at the portal.
type PortalDevice struct {
	Code     string // ours, a secret
	UserCode string // what the person compares
	URL      string // where they say yes
	Every    time.Duration
	Expires  time.Time
}

// Errors of the device flow: the person has not decided, we asked too early, and the portal has forgotten us.
var (
	ErrPending       = errors.New("the person has not decided yet")
	ErrSlowDown      = errors.New("the portal was asked too early")
	ErrUnknownClient = errors.New("the portal does not know this client")
)

// RegisterDevice registers a program that takes device codes.
func (p *Portal) RegisterDevice(ctx context.Context, name string) (PortalClient, error) {
	out, err := p.at().oidc.RegisterClient(ctx, &ssooidc.RegisterClientInput{
		ClientName: &name, ClientType: aws.String("public"), Scopes: []string{portalScope}, GrantTypes: []string{deviceGrant, refreshGrant},
	})
	if err != nil {
		return PortalClient{}, err
	}
	return PortalClient{ID: aws.ToString(out.ClientId), Secret: aws.ToString(out.ClientSecret), Expires: time.Unix(out.ClientSecretExpiresAt, 0).UTC()}, nil
}

// StartDevice asks for a device code of the portal at startURL. Returns an error wrapping ErrUnknownClient.
func (p *Portal) StartDevice(ctx context.Context, c PortalClient, startURL string) (PortalDevice, error) {
	out, err := p.at().oidc.StartDeviceAuthorization(ctx, &ssooidc.StartDeviceAuthorizationInput{ClientId: &c.ID, ClientSecret: &c.Secret, StartUrl: &startURL})
	var unknown *oidctypes.InvalidClientException
	if errors.As(err, &unknown) {
		err = errors.Join(ErrUnknownClient, err)
	}
	if err != nil {
		return PortalDevice{}, err
	}
	return PortalDevice{
		Code: aws.ToString(out.DeviceCode), UserCode: aws.ToString(out.UserCode), URL: aws.ToString(out.VerificationUriComplete),
		Every: time.Duration(max(1, out.Interval)) * time.Second, Expires: p.clock.Now().Add(time.Duration(out.ExpiresIn) * time.Second),
	}, nil
}

// AwaitDevice turns a device code into tokens. Returns an error wrapping ErrPending or ErrSlowDown while the person has not
// decided, and ErrSignedOut when they said no or took too long.
func (p *Portal) AwaitDevice(ctx context.Context, c PortalClient, code string) (PortalTokens, error) {
	tokens, err := p.token(ctx, &ssooidc.CreateTokenInput{ClientId: &c.ID, ClientSecret: &c.Secret, GrantType: aws.String(deviceGrant), DeviceCode: &code})
	var pending *oidctypes.AuthorizationPendingException
	var hurry *oidctypes.SlowDownException
	switch {
	case errors.As(err, &pending):
		err = errors.Join(ErrPending, err)
	case errors.As(err, &hurry):
		err = errors.Join(ErrSlowDown, err)
	}
	return tokens, err
}
