package factory

import (
	"context"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/organizations"
)

// accountPrincipal is Account Management's name for itself.
const accountPrincipal = "account.amazonaws.com"

// checkTrustedAccess looks whether the organization lets Account Management change its members: it is off at first.
// Source: Organizations user guide, "AWS Account Management and AWS Organizations".
func checkTrustedAccess(ctx context.Context, a AWS) (Check, error) {
	pages := organizations.NewListAWSServiceAccessForOrganizationPaginator(a.Organizations, &organizations.ListAWSServiceAccessForOrganizationInput{})
	for pages.HasMorePages() {
		page, err := pages.NextPage(ctx)
		if err != nil {
			return Check{}, err
		}
		for _, p := range page.EnabledServicePrincipals {
			if aws.ToString(p.ServicePrincipal) == accountPrincipal {
				return ok(CheckTrustedAccess, "Account Management has trusted access to the organization"), nil
			}
		}
	}
	return bad(CheckTrustedAccess, "Account Management has no trusted access to the organization, so nobody can change a member's name, e-mail or contacts for it",
		"enable it: aws organizations enable-aws-service-access --service-principal "+accountPrincipal), nil
}
