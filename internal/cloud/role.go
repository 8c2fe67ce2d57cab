package cloud

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/iam"
	iamtypes "github.com/aws/aws-sdk-go-v2/service/iam/types"
	"github.com/aws/aws-sdk-go-v2/service/servicecatalog"
	sctypes "github.com/aws/aws-sdk-go-v2/service/servicecatalog/types"
)

// The factory's own role. Requests run under it, each session naming its requester.
const (
	RoleName   = "AccountFactoryExecution"
	rolePolicy = "AccountFactory" // the role's inline policy

	// everythingPolicy is what earlier versions gave the role.
	everythingPolicy = "arn:aws:iam::aws:policy/AdministratorAccess"

	portfolioName = "AWS Control Tower Account Factory Portfolio"
)

// RoleARN gives the factory's own role.
func (c *Cloud) RoleARN() string { return "arn:aws:iam::" + c.account + ":role/" + RoleName }

// Scope is what permissions on this cloud are narrowed to.
func (c *Cloud) Scope() Scope {
	return Scope{Account: c.account, Organization: c.who.OrganizationID, Region: c.cfg.Region}
}

// EnsureRole makes the factory's role what it should be: there, allowed to make accounts these ways and nothing more, and a
// principal of the Account Factory portfolio. A new one trusts the management account also to set a source identity; the
// trust of one that is there stays as it is, as somebody may have narrowed it. Without ways all of them are allowed, so that
// requests can go on the way they began. It may run as often as wanted.
func (c *Cloud) EnsureRole(ctx context.Context, ways ...string) error {
	policy, err := c.RolePolicy(ways...)
	if err != nil {
		return err
	}
	trust, err := c.trustPolicy()
	if err != nil {
		return err
	}
	_, err = c.management.IAM.CreateRole(ctx, &iam.CreateRoleInput{
		RoleName: aws.String(RoleName), AssumeRolePolicyDocument: &trust,
		Description: aws.String("Account Factory launches accounts under this role, in the name of whoever asked."),
	})
	var exists *iamtypes.EntityAlreadyExistsException
	if err != nil && !errors.As(err, &exists) {
		return fmt.Errorf("create role %s: %w", RoleName, err)
	}
	if _, err := c.management.IAM.PutRolePolicy(ctx, &iam.PutRolePolicyInput{
		RoleName: aws.String(RoleName), PolicyName: aws.String(rolePolicy), PolicyDocument: &policy,
	}); err != nil {
		return fmt.Errorf("put policy %s on role %s: %w", rolePolicy, RoleName, err)
	}
	if err := c.dropEverything(ctx); err != nil {
		return err
	}
	return c.joinPortfolio(ctx)
}

// dropEverything takes the policy away that earlier versions gave.
func (c *Cloud) dropEverything(ctx context.Context) error {
	_, err := c.management.IAM.DetachRolePolicy(ctx, &iam.DetachRolePolicyInput{RoleName: aws.String(RoleName), PolicyArn: aws.String(everythingPolicy)})
	var none *iamtypes.NoSuchEntityException
	if err != nil && !errors.As(err, &none) {
		return fmt.Errorf("detach %s from role %s: %w", everythingPolicy, RoleName, err)
	}
	return nil
}

// RolePolicy gives the document that EnsureRole puts on the role.
func (c *Cloud) RolePolicy(ways ...string) (string, error) {
	if len(ways) == 0 {
		ways = Ways()
	}
	permissions, err := c.Scope().RolePermissions(ways...)
	if err != nil {
		return "", err
	}
	return Policy(permissions)
}

// RoleWrites says what EnsureRole writes, a line each.
func (c *Cloud) RoleWrites() []string {
	return []string{
		"iam:CreateRole " + RoleName + ", assumable within account " + c.account + "; one that is there is kept",
		"iam:PutRolePolicy " + rolePolicy + " on " + RoleName,
		"iam:DetachRolePolicy " + everythingPolicy + " from " + RoleName + ", where an earlier version attached it",
		"servicecatalog:AssociatePrincipalWithPortfolio " + RoleName + " with the " + portfolioName + ", where there is one",
	}
}

// trustPolicy lets the management account's principals assume the role. Source: IAM user guide, "Monitor and control
// actions taken with assumed roles": a session with a source identity needs sts:SetSourceIdentity in the trust policy.
func (c *Cloud) trustPolicy() (string, error) {
	doc, err := json.Marshal(map[string]any{
		"Version": "2012-10-17",
		"Statement": []any{map[string]any{
			"Effect":    "Allow",
			"Principal": map[string]any{"AWS": "arn:aws:iam::" + c.account + ":root"},
			"Action":    []string{"sts:AssumeRole", "sts:SetSourceIdentity"},
		}},
	})
	return string(doc), err
}

// joinPortfolio makes the role a principal of the Account Factory portfolio; doing it again changes nothing. Without a
// landing zone there is no portfolio, and the checks of a launch say so.
func (c *Cloud) joinPortfolio(ctx context.Context) error {
	pages := servicecatalog.NewListPortfoliosPaginator(c.management.ServiceCatalog, &servicecatalog.ListPortfoliosInput{})
	for pages.HasMorePages() {
		page, err := pages.NextPage(ctx)
		if err != nil {
			return fmt.Errorf("list portfolios: %w", err)
		}
		for _, p := range page.PortfolioDetails {
			if aws.ToString(p.DisplayName) != portfolioName {
				continue
			}
			_, err := c.management.ServiceCatalog.AssociatePrincipalWithPortfolio(ctx, &servicecatalog.AssociatePrincipalWithPortfolioInput{
				PortfolioId: p.Id, PrincipalARN: aws.String(c.RoleARN()), PrincipalType: sctypes.PrincipalTypeIam,
			})
			if err != nil {
				return fmt.Errorf("add role %s to portfolio %s: %w", RoleName, aws.ToString(p.Id), err)
			}
			return nil
		}
	}
	return nil
}
