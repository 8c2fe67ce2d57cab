package cloud

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ssoadmin"
	"github.com/aws/aws-sdk-go-v2/service/ssoadmin/types"

	"accountfactory/internal/clock"
)

// center remembers in which Region Identity Center is. It is an organization's one instance, and was enabled in one Region,
// which need not be Control Tower's home Region. Source: IAM Identity Center user guide, "Considerations for choosing an
// AWS Region".
type center struct {
	looking turn      // of the one who looks, so that others wait for what it finds
	looked  time.Time // for it, the last time, in vain

	mu     sync.Mutex
	region string // empty while it is not known
}

// lookAgain is how long an organization without Identity Center is taken to have none.
const lookAgain = time.Minute

// CenterRegion gives the Region of Identity Center as far as it is known: the one configured or found, else the home Region.
func (c *Cloud) CenterRegion() string {
	c.center.mu.Lock()
	defer c.center.mu.Unlock()
	return cmp.Or(c.center.region, c.cfg.Region)
}

// CenterLooked says where Identity Center was looked for.
func (c *Cloud) CenterLooked() string {
	switch {
	case c.cfg.CenterRegion != "":
		return "Region " + c.cfg.CenterRegion + ", which is what --identity-center-region says"
	case c.cfg.Kind == KindAWS:
		return "any Region"
	}
	return "Region " + c.cfg.Region
}

func (c *Cloud) centerKnown() bool {
	c.center.mu.Lock()
	defer c.center.mu.Unlock()
	return c.center.region != ""
}

// findCenter looks where Identity Center is, until it is known: in the home Region, which is where it mostly is, then in all
// of them. On the twin it is at home. Without an instance the home Region stands for it, and the checks of a request say so.
func (c *Cloud) findCenter(ctx context.Context, as aws.CredentialsProvider) (string, error) {
	if c.cfg.Kind != KindAWS || c.centerKnown() {
		return c.CenterRegion(), nil
	}
	if err := c.center.looking.take(ctx); err != nil {
		return "", fmt.Errorf("wait for where IAM Identity Center is: %w", err)
	}
	defer c.center.looking.give()
	now := clock.Wall{}.Now()
	if c.centerKnown() || now.Sub(c.center.looked) < lookAgain {
		return c.CenterRegion(), nil
	}
	client := ssoadmin.NewFromConfig(c.cfg.with(as))
	for _, scope := range []types.RegionScope{"", types.RegionScopeAllRegions} {
		pages := ssoadmin.NewListInstancesPaginator(client, &ssoadmin.ListInstancesInput{RegionScope: scope})
		for pages.HasMorePages() {
			page, err := pages.NextPage(ctx)
			if err != nil {
				return "", fmt.Errorf("look for IAM Identity Center in %s: %w", whereLooked(scope, c.cfg.Region), err)
			}
			if i := slices.IndexFunc(page.Instances, c.usable); i >= 0 {
				return c.setCenter(regionOf(page.Instances[i], c.cfg.Region)), nil
			}
		}
	}
	c.center.looked = now
	return c.cfg.Region, nil
}

func (c *Cloud) setCenter(region string) string {
	c.center.mu.Lock()
	defer c.center.mu.Unlock()
	c.center.region = region
	return region
}

// whereLooked says in which Regions, and what helps where they cannot be asked for.
func whereLooked(scope types.RegionScope, home string) string {
	if scope == types.RegionScopeAllRegions {
		return "all Regions, as it is not in " + home + " (--identity-center-region says where it is)"
	}
	return "Region " + home
}

// usable reports whether an instance is the organization's, and to stay. Members may have instances of their own.
func (c *Cloud) usable(i types.InstanceMetadata) bool {
	owner := aws.ToString(i.OwnerAccountId)
	return (owner == "" || owner == c.account) && !strings.Contains(string(i.Status), "DELETE")
}

// regionOf gives an instance's Region: an AWS that does not say means the one that was asked.
func regionOf(i types.InstanceMetadata, asked string) string {
	if primary := aws.ToString(i.PrimaryRegion); primary != "" {
		return primary
	}
	for _, r := range i.Regions {
		if r.IsPrimaryRegion {
			return aws.ToString(r.RegionName)
		}
	}
	return asked
}
