package factory

import (
	"context"

	"accountfactory/internal/cloud"
)

// InspectProduct looks, as the factory's role sees it, whether the Account Factory product can be launched at all.
func InspectProduct(ctx context.Context, c *cloud.Clients, region string) ([]Check, error) {
	l := &landscape{}
	if err := l.readProduct(ctx, AWS{Catalog: c.ServiceCatalog}); err != nil {
		return nil, err
	}
	return checkProduct(l, region, Input{}), nil
}

// InspectAccountQuota asks as the factory does how many accounts the organization may have: 0 when AWS does not say, and why.
func InspectAccountQuota(ctx context.Context, c *cloud.Clients) (n int, why string) {
	allowed := accountAllowance(ctx, AWS{Quotas: c.Quotas})
	return allowed.n, allowed.why
}

// InspectAllowed reads the organizational units as the factory does, and gives the paths of those that a setting opens to requesters,
// and the names in it that no unit has.
func InspectAllowed(ctx context.Context, c *cloud.Clients, allowed []string) (open string, unknown []string, err error) {
	l := &landscape{}
	if err := l.readOUs(ctx, AWS{Organizations: c.Organizations}); err != nil {
		return "", nil, err
	}
	_, open = l.open(allowed)
	return open, l.unknown(allowed), nil
}
