package doctor

import (
	"context"
	"fmt"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/iam"
	"github.com/aws/aws-sdk-go-v2/service/organizations"
	"github.com/aws/aws-sdk-go-v2/service/servicecatalog"
	"github.com/aws/aws-sdk-go-v2/service/ssoadmin"

	"accountfactory/internal/cloud"
	"accountfactory/internal/factory"
)

// asker is the source identity of doctor's own session.
const asker = "accountfactory-doctor"

func (c *Cloud) role(ctx context.Context) Finding {
	const looked = "sts:AssumeRole of " + cloud.RoleName + " with a source identity"
	var err error
	if c.asRole, err = c.probe.Role(ctx, c.identity.ManagementAccount, asker); err == nil {
		return ok(Role, looked, "it can be assumed in a requester's name")
	}
	_, missing := c.probe.Clients().IAM.GetRole(ctx, &iam.GetRoleInput{RoleName: aws.String(cloud.RoleName)})
	if code(missing) == "NoSuchEntity" {
		return broken(Role, looked, "account "+c.identity.ManagementAccount+" has no role "+cloud.RoleName, c.roleRemedy("make it"))
	}
	return broken(Role, looked, said(err), c.roleRemedy("let its trust policy allow sts:AssumeRole and sts:SetSourceIdentity to "+c.identity.CallerARN+", and that principal's own policies too"))
}

func (c *Cloud) roleRemedy(what string) string {
	if c.Config.Kind == cloud.KindTwin {
		return "start the server again, which makes the role what it should be; or " + what
	}
	return fmt.Sprintf("%s: accountfactory setup-role --organization %s --region %s", what, c.identity.OrganizationID, c.Config.Region)
}

// product looks at the Account Factory product as the role sees it, whose launch path is by the portfolio.
func (c *Cloud) product(ctx context.Context) Finding {
	const looked = "the Account Factory product, its version and launch path, as the role sees them"
	if c.Provisioner == factory.ByOrganizations {
		return ok(Product, looked, "--provisioner organizations needs none")
	}
	checks, err := factory.InspectProduct(ctx, c.asRole, c.Config.Region)
	if err != nil {
		return broken(Product, looked, said(err), "allow the role what docs/aws-permissions.md names of Service Catalog")
	}
	var seen []string
	for _, one := range checks {
		if one.Result == factory.CheckFailed {
			return broken(Product, looked, one.Seen, one.Remedy)
		}
		seen = append(seen, one.Seen)
	}
	return ok(Product, looked, strings.Join(seen, "; "))
}

// reads tries what can be tried without changing anything.
func (c *Cloud) reads(ctx context.Context, why string) Finding {
	const looked = "reads with the role, as permissions cannot be simulated"
	clients := c.asRole
	var denied []string
	for _, try := range []struct {
		action string
		needed bool
		do     func() error
	}{
		{"organizations:ListRoots", true, func() error {
			_, err := clients.Organizations.ListRoots(ctx, &organizations.ListRootsInput{})
			return err
		}},
		{"organizations:ListAccounts", true, func() error {
			_, err := clients.Organizations.ListAccounts(ctx, &organizations.ListAccountsInput{MaxResults: aws.Int32(1)})
			return err
		}},
		{"sso:ListInstances", true, func() error {
			_, err := clients.SSOAdmin.ListInstances(ctx, &ssoadmin.ListInstancesInput{})
			return err
		}},
		{"servicecatalog:SearchProvisionedProducts", c.Provisioner != factory.ByOrganizations, func() error {
			_, err := clients.ServiceCatalog.SearchProvisionedProducts(ctx, &servicecatalog.SearchProvisionedProductsInput{PageSize: 1})
			return err
		}},
	} {
		if !try.needed {
			continue
		}
		if err := try.do(); err != nil {
			denied = append(denied, try.action+" ("+said(err)+")")
		}
	}
	if len(denied) > 0 {
		return broken(Permissions, looked, "the role may not "+strings.Join(denied, ", "), c.roleRemedy("allow it that"))
	}
	return warn(Permissions, looked, "the reads work; writes were not looked at, for "+why, "allow iam:SimulatePrincipalPolicy to "+c.identity.CallerARN)
}
