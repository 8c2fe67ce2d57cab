package cli

import (
	"fmt"
	"strings"

	"github.com/spf13/cobra"

	"accountfactory/internal/cloud"
)

// newSetupRole makes on AWS what a server does not make there by itself: the role that requests run under.
func newSetupRole(a *app) *cobra.Command {
	c := cloud.Config{Kind: cloud.KindAWS}
	var yes, printPolicy bool
	var provisioner string
	cmd := &cobra.Command{
		Use:   "setup-role",
		Short: "Make the role that requests run under, on AWS",
		Long: `setup-role makes the role ` + cloud.RoleName + ` in the management account, which requests run under in the name of whoever asked, gives
it the permissions that the provisioner needs and no others, and adds it to the Account Factory portfolio. A server on AWS makes no
role by itself. Without --yes it only says what it would do; done again it changes nothing. --print-policy writes the policy, which
docs/aws-permissions.md explains statement by statement, for those who make the role themselves.`,
		Example: `  accountfactory setup-role --organization o-a1b2c3d4e5 --region eu-west-1
  accountfactory setup-role --organization o-a1b2c3d4e5 --region eu-west-1 --yes
  accountfactory setup-role --organization o-a1b2c3d4e5 --provisioner organizations --print-policy`,
		Args: cobra.NoArgs,
	}
	f := cmd.Flags()
	f.StringVar(&c.Organization, "organization", "", "the organization to work on, o-…; any other is refused")
	f.StringVar(&c.Region, "region", "us-east-1", "home Region of Control Tower")
	f.StringVar(&c.Endpoint, "endpoint-url", "", "a server that stands in for AWS")
	f.StringVar(&c.Profile, "aws-profile", "", "profile of the usual AWS files (default: AWS's usual chain)")
	f.StringVar(&c.RoleARN, "role-arn", "", "role of the management account to work from")
	f.StringVar(&c.ExternalID, "external-id", "", "external id to assume --role-arn with")
	f.StringVar(&provisioner, "provisioner", cloud.ByServiceCatalog, "what the role is for, as of serve: service-catalog, organizations, or both, comma-separated")
	f.BoolVar(&printPolicy, "print-policy", false, "write the role's policy, and nothing else")
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
		ways := strings.Split(provisioner, ",")
		policy, err := reached.RolePolicy(ways...)
		if err != nil {
			return usageError("--provisioner: %w", err)
		}
		if printPolicy {
			_, err := fmt.Fprintln(a.streams.Out, policy)
			return err
		}
		if err := a.saySetup(reached, yes); err != nil || !yes {
			return err
		}
		if err := reached.EnsureRole(cmd.Context(), ways...); err != nil {
			return err
		}
		_, err = fmt.Fprintln(a.streams.Out, "Done in "+reached.Identity().OrganizationID+".")
		return err
	}
	return cmd
}

// saySetup says what making the role writes, and that it was not done unless it is.
func (a *app) saySetup(reached *cloud.Cloud, done bool) error {
	lines := reached.RoleWrites()
	if !done {
		lines = append(lines, "Nothing was done: give --yes to do it in "+reached.Identity().OrganizationID+", --print-policy to read the policy.")
	}
	_, err := fmt.Fprintln(a.streams.Out, strings.Join(lines, "\n"))
	return err
}
