package cli

import (
	"fmt"

	"github.com/spf13/cobra"

	"accountfactory/internal/cloud"
)

// newSetupRole makes on AWS what a server does not make there by itself: the role that requests run under.
func newSetupRole(a *app) *cobra.Command {
	c := cloud.Config{Kind: cloud.KindAWS}
	var yes bool
	cmd := &cobra.Command{
		Use:   "setup-role",
		Short: "Make the role that requests run under, on AWS",
		Long: `setup-role makes the role ` + cloud.RoleName + ` in the management account, which requests run under in the name of whoever asked, and
adds it to the Account Factory portfolio. A server on AWS makes no role by itself. Without --yes it only says what it would do; done
again it changes nothing.`,
		Example: `  accountfactory setup-role --organization o-a1b2c3d4e5 --region eu-west-1
  accountfactory setup-role --organization o-a1b2c3d4e5 --region eu-west-1 --yes`,
		Args: cobra.NoArgs,
	}
	f := cmd.Flags()
	f.StringVar(&c.Organization, "organization", "", "the organization to work on, o-…; any other is refused")
	f.StringVar(&c.Region, "region", "us-east-1", "home Region of Control Tower")
	f.StringVar(&c.Endpoint, "endpoint-url", "", "a server that stands in for AWS")
	f.StringVar(&c.Profile, "aws-profile", "", "profile of the usual AWS files (default: AWS's usual chain)")
	f.StringVar(&c.RoleARN, "role-arn", "", "role of the management account to work from")
	f.StringVar(&c.ExternalID, "external-id", "", "external id to assume --role-arn with")
	f.BoolVar(&yes, "yes", false, "do it")
	cmd.RunE = func(cmd *cobra.Command, _ []string) error {
		if err := a.fillFlags(cmd.Flags(), ""); err != nil {
			return err
		}
		if c.Organization == "" {
			return usageError("--organization: name the organization to work on, o-…")
		}
		if err := a.ignoreEndpoints(); err != nil {
			return err
		}
		reached, err := cloud.Connect(cmd.Context(), c)
		if err != nil {
			return err
		}
		for _, w := range reached.RoleWrites() {
			if _, err := fmt.Fprintln(a.streams.Out, w); err != nil {
				return err
			}
		}
		if !yes {
			_, err := fmt.Fprintf(a.streams.Out, "Nothing was done: give --yes to do it in %s.\n", reached.Identity().OrganizationID)
			return err
		}
		return reached.EnsureRole(cmd.Context())
	}
	return cmd
}
