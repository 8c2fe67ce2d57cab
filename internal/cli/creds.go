package cli

import (
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"time"

	awshttp "github.com/aws/aws-sdk-go-v2/aws/transport/http"
	ssotypes "github.com/aws/aws-sdk-go-v2/service/sso/types"
	oidctypes "github.com/aws/aws-sdk-go-v2/service/ssooidc/types"
	"github.com/aws/smithy-go"
	"github.com/spf13/cobra"

	"accountfactory/internal/arn"
	"accountfactory/internal/cloud"
)

// processCredentials is what a credential_process prints. Source: AWS SDKs and Tools Reference Guide, "Process credential
// provider".
type processCredentials struct {
	Version         int
	AccessKeyID     string `json:"AccessKeyId"`
	SecretAccessKey string
	SessionToken    string
	Expiration      time.Time
}

func newCreds(a *app) *cobra.Command {
	p := &portal{}
	var account, role string
	cmd := &cobra.Command{
		Use:   "creds",
		Short: "Print credentials of one of your roles, for credential_process",
		Long: `creds prints temporary credentials of a role that you have in an account, as JSON for credential_process. Sign in first with
login. With the example as credential_process of a profile, every AWS client gets its credentials here.`,
		Example: `  accountfactory creds --account 111122223333 --role AWSAdministratorAccess --server http://localhost:4580`,
		RunE: func(cmd *cobra.Command, _ []string) error {
			if !arn.IsAccountID(account) {
				return usageError("--account: want the twelve digits of an account id")
			}
			if role == "" {
				return usageError("--role: name one of your roles, such as AWSAdministratorAccess")
			}
			if err := a.find(cmd, p); err != nil {
				return err
			}
			return a.creds(cmd, p, account, role)
		},
	}
	p.flags(cmd)
	cmd.Flags().StringVar(&account, "account", "", "account id")
	cmd.Flags().StringVar(&role, "role", "", "name of the role, which is that of its permission set")
	return cmd
}

func (a *app) creds(cmd *cobra.Command, p *portal, account, role string) error {
	c, err := p.credentials(cmd.Context(), account, role)
	if err != nil {
		return err
	}
	return json.NewEncoder(a.streams.Out).Encode(processCredentials{
		Version: 1, AccessKeyID: *c.AccessKeyId, SecretAccessKey: *c.SecretAccessKey, SessionToken: *c.SessionToken,
		Expiration: time.UnixMilli(c.Expiration).UTC(),
	})
}

// portalError gives a refusal of the portal its words and exit code.
func portalError(p *portal, err error) error {
	var (
		gone    *ssotypes.UnauthorizedException
		denied  *oidctypes.AccessDeniedException
		late    *oidctypes.ExpiredTokenException
		api     smithy.APIError
		refused *awshttp.ResponseError
	)
	switch {
	case errors.As(err, &gone):
		return errSignIn
	case errors.As(err, &denied):
		return &exitError{exitRefused, errors.New("you have denied the request")}
	case errors.As(err, &late):
		return errors.New("nobody has said yes within ten minutes: run login again")
	case errors.As(err, &refused) && refused.HTTPStatusCode() == http.StatusForbidden && errors.As(err, &api):
		return &exitError{exitRefused, fmt.Errorf("%s: you have no such role in that account; `accountfactory roles%s` lists yours", api.ErrorMessage(), p.again())}
	case errors.As(err, &api):
		return fmt.Errorf("%s: %s", api.ErrorCode(), api.ErrorMessage())
	case !errors.As(err, &refused):
		return &exitError{exitUnreachable, &cloud.UnreachableError{Address: p.aws, Err: err}}
	}
	return err
}
