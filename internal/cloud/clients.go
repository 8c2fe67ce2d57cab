package cloud

import (
	"cmp"
	"context"
	"fmt"
	"net/http"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/account"
	"github.com/aws/aws-sdk-go-v2/service/controltower"
	"github.com/aws/aws-sdk-go-v2/service/identitystore"
	"github.com/aws/aws-sdk-go-v2/service/organizations"
	"github.com/aws/aws-sdk-go-v2/service/servicecatalog"
	"github.com/aws/aws-sdk-go-v2/service/servicequotas"
	"github.com/aws/aws-sdk-go-v2/service/ssoadmin"
	"github.com/aws/aws-sdk-go-v2/service/sts"
)

// Clients are the SDK's clients for one set of credentials.
type Clients struct {
	ServiceCatalog *servicecatalog.Client
	Organizations  *organizations.Client
	ControlTower   *controltower.Client
	Account        *account.Client
	IdentityStore  *identitystore.Client
	SSOAdmin       *ssoadmin.Client
	IAM            *IAM
	STS            *sts.Client
	Quotas         *servicequotas.Client
}

// newClients makes them, those of Identity Center for its Region.
func newClients(cfg aws.Config, center string) *Clients {
	there := cfg.Copy()
	there.Region = center
	return &Clients{
		ServiceCatalog: servicecatalog.NewFromConfig(cfg),
		Organizations:  organizations.NewFromConfig(cfg),
		ControlTower:   controltower.NewFromConfig(cfg),
		Account:        account.NewFromConfig(cfg),
		IdentityStore:  identitystore.NewFromConfig(there),
		SSOAdmin:       ssoadmin.NewFromConfig(there),
		IAM:            &IAM{cfg},
		STS:            sts.NewFromConfig(cfg),
		Quotas:         servicequotas.NewFromConfig(cfg),
	}
}

// Cloud is one cloud, reached with the management credentials.
type Cloud struct {
	cfg         Config
	management  *Clients
	client      *http.Client            // of the lab
	credentials aws.CredentialsProvider // the management account's
	account     string                  // its id
	who         Identity
	center      center
}

// Identity is which cloud was reached: what a factory's database is bound to, and who the management credentials are.
type Identity struct {
	Kind              string
	OrganizationID    string
	ManagementAccount string
	Region            string
	CallerARN         string
}

// Connect reaches the cloud and asks it who it is.
func Connect(ctx context.Context, cfg Config) (*Cloud, error) {
	if cfg.Budget > 0 {
		cfg.budget = newBudget(cfg.Budget, cfg.Waited)
	}
	sdk, err := cfg.load(ctx)
	if err != nil {
		return nil, err
	}
	cfg.HTTPClient = sdk.HTTPClient // one for all, so that connections are used again
	c := &Cloud{cfg: cfg, client: NewHTTPClient(), management: newClients(sdk, cmp.Or(cfg.CenterRegion, cfg.Region)), credentials: sdk.Credentials, center: center{region: cfg.CenterRegion}}
	me, err := c.management.STS.GetCallerIdentity(ctx, &sts.GetCallerIdentityInput{})
	if err != nil {
		return nil, fmt.Errorf("ask who we are: %w", err)
	}
	org, err := c.management.Organizations.DescribeOrganization(ctx, &organizations.DescribeOrganizationInput{})
	if err != nil {
		return nil, fmt.Errorf("describe the organization: %w", err)
	}
	c.account = aws.ToString(me.Account)
	c.who = Identity{
		Kind: cfg.Kind, Region: cfg.Region, CallerARN: aws.ToString(me.Arn),
		OrganizationID: aws.ToString(org.Organization.Id), ManagementAccount: aws.ToString(org.Organization.MasterAccountId),
	}
	if cfg.Organization != "" && cfg.Organization != c.who.OrganizationID {
		return nil, fmt.Errorf("these credentials reach organization %s, and %s was named: nothing was touched", c.who.OrganizationID, cfg.Organization)
	}
	if c.account != c.who.ManagementAccount {
		return nil, fmt.Errorf("these credentials are of account %s, and the management account of %s is %s", c.account, c.who.OrganizationID, c.who.ManagementAccount)
	}
	return c, nil
}

// Identity gives which cloud this is.
func (c *Cloud) Identity() Identity { return c.who }

// Management gives clients under the management credentials.
func (c *Cloud) Management() *Clients { return c.management }

// AsIn is As in another Region than home, where most things are not there.
func (c *Cloud) AsIn(p aws.CredentialsProvider, region string) *Clients {
	cfg := c.cfg.with(p)
	cfg.Region = region
	return newClients(cfg, region)
}

// Lab gives the twin's lab under the management credentials, nil on AWS.
func (c *Cloud) Lab() *Lab { return c.LabAs(c.credentials) }

// LabAs is Lab under somebody else's credentials.
func (c *Cloud) LabAs(p aws.CredentialsProvider) *Lab {
	if c.cfg.Kind != KindTwin {
		return nil
	}
	return &Lab{Endpoint: c.cfg.Endpoint, Region: c.cfg.Region, Credentials: p, Client: c.client}
}

// As gives clients under somebody else's credentials: a person's, on whose behalf a page or a command asks.
func (c *Cloud) As(p aws.CredentialsProvider) *Clients {
	return newClients(c.cfg.with(p), c.CenterRegion())
}

// Credentials gives the management credentials.
func (c *Cloud) Credentials() aws.CredentialsProvider { return c.credentials }
