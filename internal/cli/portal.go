package cli

import (
	"context"
	"errors"
	"net/http"
	"strings"

	"github.com/aws/aws-sdk-go-v2/service/sso"
	"github.com/aws/aws-sdk-go-v2/service/sso/types"
	"github.com/aws/aws-sdk-go-v2/service/ssooidc"
	"github.com/spf13/cobra"

	"accountfactory/internal/cloud"
)

// sessionName is the sso-session that login signs in to, as profiles of the AWS configuration name it.
const sessionName = "accountfactory"

// portal is the access portal of a running server, and where its tokens are kept.
type portal struct {
	data, server string // flags

	aws, start, region string
	cache              tokenCache
}

func (p *portal) flags(cmd *cobra.Command) {
	cmd.Flags().StringVar(&p.data, "data", "data", "data folder of a server on this machine")
	cmd.Flags().StringVar(&p.server, "server", "", "address of a server, such as http://localhost:4580")
}

// find finds the server.
func (a *app) find(cmd *cobra.Command, p *portal) error {
	if err := a.fillFlags(cmd.Flags(), ""); err != nil {
		return err
	}
	var err error
	if p.cache, err = a.tokenCache(); err != nil {
		return err
	}
	if p.server == "" {
		ready, _, err := findTwin(p.data)
		if errors.Is(err, errNoTwin) {
			err = &exitError{exitRefused, errOnAWS}
		}
		if err != nil {
			return err
		}
		p.aws, p.start, p.region = ready.AWS, ready.Public+"/start", ready.Region
		return nil
	}
	about, err := (&client{base: p.server, http: &http.Client{}}).ask(cmd.Context())
	if err != nil {
		return err
	}
	if about.Cloud != cloud.KindTwin {
		return &exitError{exitRefused, errOnAWS}
	}
	p.aws, p.start, p.region = about.AWS, strings.TrimSuffix(about.Audience, "/")+"/start", about.Region
	return nil
}

func (p *portal) oidc() *ssooidc.Client {
	return ssooidc.New(ssooidc.Options{Region: p.region, BaseEndpoint: &p.aws})
}

func (p *portal) sso() *sso.Client {
	return sso.New(sso.Options{Region: p.region, BaseEndpoint: &p.aws})
}

// credentials gives those of a role, to who has signed in with login.
func (p *portal) credentials(ctx context.Context, account, role string) (*types.RoleCredentials, error) {
	t, err := p.cache.read(p.start)
	if err != nil {
		return nil, err
	}
	out, err := p.sso().GetRoleCredentials(ctx, &sso.GetRoleCredentialsInput{AccessToken: &t.AccessToken, AccountId: &account, RoleName: &role})
	if err != nil {
		return nil, portalError(p, err)
	}
	return out.RoleCredentials, nil
}
