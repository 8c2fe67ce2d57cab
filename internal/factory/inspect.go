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
