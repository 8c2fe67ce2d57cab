package cli

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/sso"
	ssotypes "github.com/aws/aws-sdk-go-v2/service/sso/types"
	"github.com/aws/aws-sdk-go-v2/service/ssooidc"
	oidctypes "github.com/aws/aws-sdk-go-v2/service/ssooidc/types"
	"github.com/spf13/cobra"

	"accountfactory/internal/clock"
)

// deviceGrant is the grant of the OAuth device flow (RFC 8628), and slower what a client that was too fast adds to its
// pause.
const (
	deviceGrant = "urn:ietf:params:oauth:grant-type:device_code"
	slower      = 5 * time.Second
)

func newLogin(a *app) *cobra.Command {
	p := &portal{}
	cmd := &cobra.Command{
		Use:   "login",
		Short: "Sign in to the twin's access portal",
		Long: `login signs you in as a user of Identity Center. It prints an address to open in a browser, on this machine or another,
and waits until you have said yes there. The token goes to ~/.aws/sso/cache, where AWS's clients look for it: profiles with
sso_start_url, or with sso_session = accountfactory, work from then on for eight hours.`,
		Example: `  accountfactory login
  accountfactory roles
  accountfactory creds --account 111122223333 --role AWSAdministratorAccess`,
		RunE: func(cmd *cobra.Command, _ []string) error {
			if err := a.find(cmd, p); err != nil {
				return err
			}
			return a.login(cmd.Context(), p)
		},
	}
	p.flags(cmd)
	return cmd
}

// login goes through the device flow and keeps the token.
func (a *app) login(ctx context.Context, p *portal) error {
	oidc := p.oidc()
	c, err := oidc.RegisterClient(ctx, &ssooidc.RegisterClientInput{ClientName: aws.String("accountfactory"), ClientType: aws.String("public")})
	if err != nil {
		return portalError(p, err)
	}
	d, err := oidc.StartDeviceAuthorization(ctx, &ssooidc.StartDeviceAuthorizationInput{ClientId: c.ClientId, ClientSecret: c.ClientSecret, StartUrl: &p.start})
	if err != nil {
		return portalError(p, err)
	}
	_, _ = fmt.Fprintf(a.streams.Err, "Open this page and check that it shows the code %s:\n\n  %s\n\n", *d.UserCode, *d.VerificationUriComplete)
	token, err := await(ctx, oidc, c, d)
	if err != nil {
		return portalError(p, err)
	}
	until := clock.Wall{}.Now().Add(time.Duration(token.ExpiresIn) * time.Second).Truncate(time.Second)
	if err := p.cache.write(cachedToken{StartURL: p.start, Region: p.region, AccessToken: *token.AccessToken, ExpiresAt: until}); err != nil {
		return err
	}
	_, err = fmt.Fprintf(a.streams.Out, "Signed in until %s.\n", until.Local().Format("15:04 on 2 January"))
	return err
}

// await polls until the person has decided, no faster than it is told.
func await(ctx context.Context, oidc *ssooidc.Client, c *ssooidc.RegisterClientOutput, d *ssooidc.StartDeviceAuthorizationOutput) (*ssooidc.CreateTokenOutput, error) {
	pause := time.Duration(max(1, d.Interval)) * time.Second
	for {
		token, err := oidc.CreateToken(ctx, &ssooidc.CreateTokenInput{
			ClientId: c.ClientId, ClientSecret: c.ClientSecret, DeviceCode: d.DeviceCode, GrantType: aws.String(deviceGrant),
		})
		var pending *oidctypes.AuthorizationPendingException
		var hurry *oidctypes.SlowDownException
		switch {
		case errors.As(err, &hurry):
			pause += slower
		case !errors.As(err, &pending):
			return token, err
		}
		wait := time.NewTimer(pause)
		select {
		case <-wait.C:
		case <-ctx.Done():
			wait.Stop()
			return nil, ctx.Err()
		}
	}
}

func newLogout(a *app) *cobra.Command {
	p := &portal{}
	cmd := &cobra.Command{
		Use:     "logout",
		Short:   "Sign out of the twin's access portal",
		Long:    "logout ends the session that login has begun, and forgets its token. Role credentials taken before go on until they expire, as in AWS.",
		Example: "  accountfactory logout\n  accountfactory logout --server http://localhost:4580",
		RunE: func(cmd *cobra.Command, _ []string) error {
			if err := a.find(cmd, p); err != nil {
				return err
			}
			t, err := p.cache.read(p.start)
			if err != nil {
				return err
			}
			var gone *ssotypes.UnauthorizedException
			if _, err := p.sso().Logout(cmd.Context(), &sso.LogoutInput{AccessToken: &t.AccessToken}); err != nil && !errors.As(err, &gone) {
				return portalError(p, err)
			}
			return p.cache.remove(t)
		},
	}
	p.flags(cmd)
	return cmd
}
