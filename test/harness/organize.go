package harness

import (
	"context"
	"fmt"
	"net/http"

	"github.com/aws/aws-sdk-go-v2/service/organizations"

	"accountfactory/internal/cloud"
)

// Organize makes an organization with the organizational units Sandbox and Security and with Identity Center, and nothing of
// Control Tower, on a twin that was started empty.
func Organize(ctx context.Context, c *Clients, lab *cloud.Lab) error {
	if _, err := c.Organizations.CreateOrganization(ctx, &organizations.CreateOrganizationInput{}); err != nil {
		return err
	}
	if err := lab.Do(ctx, http.MethodPost, "/_twin/admin/identity-center", nil, nil); err != nil {
		return err
	}
	roots, err := c.Organizations.ListRoots(ctx, &organizations.ListRootsInput{})
	if err != nil {
		return err
	}
	for _, name := range []string{"Sandbox", "Security"} {
		in := &organizations.CreateOrganizationalUnitInput{ParentId: roots.Roots[0].Id, Name: &name}
		if _, err := c.Organizations.CreateOrganizationalUnit(ctx, in); err != nil {
			return fmt.Errorf("make %s: %w", name, err)
		}
	}
	return nil
}
