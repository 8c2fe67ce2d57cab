package cli

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"text/tabwriter"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/sso"
	"github.com/spf13/cobra"

	"accountfactory/internal/server"
)

// portalPage is how much the portal gives at once, at most.
const portalPage = 100

// ownRole is a role that a person has in an account. As is what --as takes.
type ownRole struct {
	As           string `json:"as"`
	AccountID    string `json:"accountId"`
	AccountName  string `json:"accountName"`
	AccountEmail string `json:"accountEmail"`
	Name         string `json:"role"`
}

func newRoles(a *app) *cobra.Command {
	p := &portal{}
	var out format
	cmd := &cobra.Command{
		Use:   "roles",
		Short: "List your accounts, and the roles you have in them",
		Long: `roles lists what the twin's access portal lets you open: what --as takes, and creds as --account and --role. Sign in first with
login. On AWS the access portal itself lists them.`,
		Example: `  accountfactory roles
  accountfactory requests --as "$(accountfactory roles -o json | jq -r '.[0].as')"`,
		RunE: func(cmd *cobra.Command, _ []string) error {
			err := a.find(cmd, p)
			if errors.Is(err, errOnAWS) {
				return a.rolesOnAWS(cmd.Context(), p)
			}
			if err != nil {
				return err
			}
			roles, err := p.roles(cmd.Context())
			if err != nil {
				return err
			}
			return a.print(out, roles, func(w *tabwriter.Writer) { roleTable(w, roles) })
		},
	}
	p.flags(cmd)
	out.flag(cmd.Flags())
	return cmd
}

// roles gives the roles of who has signed in with login, account by account as the portal lists them.
func (p *portal) roles(ctx context.Context) ([]ownRole, error) {
	t, err := p.cache.read(p.start)
	if err != nil {
		return nil, err
	}
	api, out := p.sso(), []ownRole{}
	accounts := sso.NewListAccountsPaginator(api, &sso.ListAccountsInput{AccessToken: &t.AccessToken, MaxResults: aws.Int32(portalPage)})
	for accounts.HasMorePages() {
		page, err := accounts.NextPage(ctx)
		if err != nil {
			return nil, portalError(p, err)
		}
		for _, in := range page.AccountList {
			one := ownRole{AccountID: aws.ToString(in.AccountId), AccountName: aws.ToString(in.AccountName), AccountEmail: aws.ToString(in.EmailAddress)}
			names, err := rolesIn(ctx, api, t.AccessToken, one.AccountID)
			if err != nil {
				return nil, portalError(p, err)
			}
			for _, name := range names {
				one.As, one.Name = one.AccountID+"/"+name, name
				out = append(out, one)
			}
		}
	}
	return out, nil
}

// rolesIn gives the names of the roles that a token opens in an account.
func rolesIn(ctx context.Context, api sso.ListAccountRolesAPIClient, token, account string) (names []string, err error) {
	pages := sso.NewListAccountRolesPaginator(api, &sso.ListAccountRolesInput{AccessToken: &token, AccountId: &account, MaxResults: aws.Int32(portalPage)})
	for pages.HasMorePages() {
		page, err := pages.NextPage(ctx)
		if err != nil {
			return nil, err
		}
		for _, r := range page.RoleList {
			names = append(names, aws.ToString(r.RoleName))
		}
	}
	return names, nil
}

func roleTable(w *tabwriter.Writer, roles []ownRole) {
	if len(roles) == 0 {
		_, _ = fmt.Fprintln(w, "You have no role in any account. Who administers IAM Identity Center assigns them.") // Flush reports what went wrong
		return
	}
	row(w, "ACCOUNT/ROLE", "ACCOUNT NAME", "ACCOUNT EMAIL")
	for _, r := range roles {
		row(w, r.As, r.AccountName, r.AccountEmail)
	}
}

// rolesOnAWS says where a person's roles are seen instead, with the portal's address where the server knows it.
func (a *app) rolesOnAWS(ctx context.Context, p *portal) error {
	where, base := "the access portal", p.server
	if base == "" {
		if ready, err := server.Find(p.data); err == nil {
			base = address(ready)
		}
	}
	if about, err := (&client{base: base, http: &http.Client{}}).ask(ctx); err == nil && about.PortalURL != "" {
		where += " " + about.PortalURL
	}
	return &exitError{exitRefused, fmt.Errorf("this server works on AWS: %s lists your accounts and roles, `aws configure sso` makes a profile of one, and --profile takes it", where)}
}
