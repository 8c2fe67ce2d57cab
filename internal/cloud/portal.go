package cloud

import (
	"context"
	"errors"
	"sync"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/sso"
	ssotypes "github.com/aws/aws-sdk-go-v2/service/sso/types"
	"github.com/aws/aws-sdk-go-v2/service/ssooidc"
	oidctypes "github.com/aws/aws-sdk-go-v2/service/ssooidc/types"

	"accountfactory/internal/clock"
)

// Portal is IAM Identity Center's access portal and its sign-in, as clients of AWS use them: the APIs sso and sso-oidc.
type Portal struct {
	cloud *Cloud
	clock clock.Clock

	mu      sync.Mutex
	region  string // of clients
	clients portalClients
}

type portalClients struct {
	sso  *sso.Client
	oidc *ssooidc.Client
}

// Portal gives the access portal of this cloud.
func (c *Cloud) Portal() *Portal {
	return &Portal{cloud: c, clock: clock.Wall{}}
}

// at gives clients of the Region where Identity Center is as far as that is known.
func (p *Portal) at() portalClients {
	p.mu.Lock()
	defer p.mu.Unlock()
	if region := p.cloud.CenterRegion(); region != p.region {
		cfg := p.cloud.cfg.with(aws.AnonymousCredentials{})
		cfg.Region = region
		p.region, p.clients = region, portalClients{sso.NewFromConfig(cfg), ssooidc.NewFromConfig(cfg)}
	}
	return p.clients
}

// PortalClient is a program's registration with the portal.
type PortalClient struct {
	ID       string    `json:"id"`
	Secret   string    `json:"secret"`
	Redirect string    `json:"redirect"` // where authorization codes go
	Expires  time.Time `json:"expires"`
}

// PortalTokens are what a sign-in gives.
type PortalTokens struct {
	Access  string    `json:"access"`
	Refresh string    `json:"refresh,omitempty"`
	Expires time.Time `json:"expires"` // of Access
}

// PortalAccount is an account that a person has roles in.
type PortalAccount struct{ ID, Name, Email string }

// ErrSignedOut is wrapped by the refusal of a token or code that is good for nothing, or not any more.
var ErrSignedOut = errors.New("the sign-in has ended")

// portalScope is the one scope of the portal: a person's accounts and roles.
const portalScope = "sso:account:access"

// Grants of OAuth 2.0.
const (
	codeGrant    = "authorization_code"
	refreshGrant = "refresh_token"
)

// PortalScopes names what Register asks for, as an authorization names it.
func PortalScopes() string { return portalScope }

// Register registers a program that takes authorization codes at redirect.
func (p *Portal) Register(ctx context.Context, name, redirect string) (PortalClient, error) {
	out, err := p.at().oidc.RegisterClient(ctx, &ssooidc.RegisterClientInput{
		ClientName: &name, ClientType: aws.String("public"), Scopes: []string{portalScope},
		GrantTypes: []string{codeGrant, refreshGrant}, RedirectUris: []string{redirect},
	})
	if err != nil {
		return PortalClient{}, err
	}
	return PortalClient{aws.ToString(out.ClientId), aws.ToString(out.ClientSecret), redirect, time.Unix(out.ClientSecretExpiresAt, 0).UTC()}, nil
}

// Knows tells whether a registration still holds: a twin that was reset has forgotten it. AWS has no operation that says
// so; a code that cannot be is refused for itself only after the client has been found good.
func (p *Portal) Knows(ctx context.Context, c PortalClient) (bool, error) {
	_, err := p.Exchange(ctx, c, "none", "a-verifier-of-at-least-forty-three-characters-0")
	var unknown *oidctypes.InvalidClientException
	switch {
	case errors.As(err, &unknown):
		return false, nil
	case errors.Is(err, ErrSignedOut):
		return true, nil
	}
	return true, err
}

// Exchange turns an authorization code into tokens. Returns an error wrapping ErrSignedOut for one that is not good.
func (p *Portal) Exchange(ctx context.Context, c PortalClient, code, verifier string) (PortalTokens, error) {
	return p.token(ctx, &ssooidc.CreateTokenInput{
		ClientId: &c.ID, ClientSecret: &c.Secret, GrantType: aws.String(codeGrant), Code: &code, CodeVerifier: &verifier, RedirectUri: &c.Redirect,
	})
}

// Renew gives a new access token. Returns an error wrapping ErrSignedOut when the sign-in has ended.
func (p *Portal) Renew(ctx context.Context, c PortalClient, refresh string) (PortalTokens, error) {
	return p.token(ctx, &ssooidc.CreateTokenInput{ClientId: &c.ID, ClientSecret: &c.Secret, GrantType: aws.String(refreshGrant), RefreshToken: &refresh})
}

func (p *Portal) token(ctx context.Context, in *ssooidc.CreateTokenInput) (PortalTokens, error) {
	out, err := p.at().oidc.CreateToken(ctx, in)
	if err != nil {
		return PortalTokens{}, signedOut(err)
	}
	return PortalTokens{
		Access: aws.ToString(out.AccessToken), Refresh: aws.ToString(out.RefreshToken),
		Expires: p.clock.Now().Add(time.Duration(out.ExpiresIn) * time.Second),
	}, nil
}

// Alive asks whether a token is still good. Returns an error wrapping ErrSignedOut when not.
func (p *Portal) Alive(ctx context.Context, access string) error {
	_, err := p.at().sso.ListAccounts(ctx, &sso.ListAccountsInput{AccessToken: &access, MaxResults: aws.Int32(1)})
	return signedOut(err)
}

// portalPage is how much the portal gives at once, at most.
const portalPage = 100

// Accounts gives the accounts a person has roles in.
func (p *Portal) Accounts(ctx context.Context, access string) ([]PortalAccount, error) {
	out := []PortalAccount{}
	pages := sso.NewListAccountsPaginator(p.at().sso, &sso.ListAccountsInput{AccessToken: &access, MaxResults: aws.Int32(portalPage)})
	for pages.HasMorePages() {
		page, err := pages.NextPage(ctx)
		if err != nil {
			return nil, signedOut(err)
		}
		for _, a := range page.AccountList {
			out = append(out, PortalAccount{aws.ToString(a.AccountId), aws.ToString(a.AccountName), aws.ToString(a.EmailAddress)})
		}
	}
	return out, nil
}

// Roles gives the roles a person has in an account.
func (p *Portal) Roles(ctx context.Context, access, account string) ([]string, error) {
	out := []string{}
	pages := sso.NewListAccountRolesPaginator(p.at().sso, &sso.ListAccountRolesInput{AccessToken: &access, AccountId: &account, MaxResults: aws.Int32(portalPage)})
	for pages.HasMorePages() {
		page, err := pages.NextPage(ctx)
		if err != nil {
			return nil, signedOut(err)
		}
		for _, r := range page.RoleList {
			out = append(out, aws.ToString(r.RoleName))
		}
	}
	return out, nil
}

// Credentials gives credentials of a role in an account.
func (p *Portal) Credentials(ctx context.Context, access, account, role string) (aws.Credentials, error) {
	out, err := p.at().sso.GetRoleCredentials(ctx, &sso.GetRoleCredentialsInput{AccessToken: &access, AccountId: &account, RoleName: &role})
	if err != nil {
		return aws.Credentials{}, signedOut(err)
	}
	c := out.RoleCredentials
	return aws.Credentials{
		AccessKeyID: aws.ToString(c.AccessKeyId), SecretAccessKey: aws.ToString(c.SecretAccessKey), SessionToken: aws.ToString(c.SessionToken),
		CanExpire: true, Expires: time.UnixMilli(c.Expiration).UTC(), Source: "access portal", AccountID: account,
	}, nil
}

// SignOut ends the sign-in that a token came of. One that has ended already is no error.
func (p *Portal) SignOut(ctx context.Context, access string) error {
	_, err := p.at().sso.Logout(ctx, &sso.LogoutInput{AccessToken: &access})
	if err = signedOut(err); errors.Is(err, ErrSignedOut) {
		return nil
	}
	return err
}

// signedOut tells tokens and codes that are not good from everything else that can go wrong.
func signedOut(err error) error {
	var (
		unauthorized *ssotypes.UnauthorizedException
		grant        *oidctypes.InvalidGrantException
		expired      *oidctypes.ExpiredTokenException
		denied       *oidctypes.AccessDeniedException
	)
	if errors.As(err, &unauthorized) || errors.As(err, &grant) || errors.As(err, &expired) || errors.As(err, &denied) {
		return errors.Join(ErrSignedOut, err)
	}
	return err
}
