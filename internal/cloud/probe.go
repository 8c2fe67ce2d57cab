package cloud

import (
	"context"
	"fmt"
	"net/http"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/organizations"

	"accountfactory/internal/clock"
)

// Probe reaches a cloud as Connect does, and asks it nothing by itself: whoever looks for what is wrong asks one question
// after another.
type Probe struct{ cloud *Cloud }

// NewProbe loads credentials.
func NewProbe(ctx context.Context, cfg Config) (*Probe, error) {
	sdk, err := cfg.load(ctx)
	if err != nil {
		return nil, err
	}
	if _, err := sdk.Credentials.Retrieve(ctx); err != nil {
		return nil, fmt.Errorf("find credentials: %w", err)
	}
	cfg.HTTPClient = sdk.HTTPClient
	c := &Cloud{cfg: cfg, credentials: sdk.Credentials}
	c.center.region = cfg.CenterRegion
	c.management = newClients(sdk, c.CenterRegion())
	return &Probe{c}, nil
}

// Clients gives clients under the management credentials.
func (p *Probe) Clients() *Clients { return p.cloud.management }

// Role assumes the factory's role of the management account, in the name of a requester, and gives clients under it. Where it may
// not look for Identity Center, that is taken to be at home: whoever asks it something there learns why.
func (p *Probe) Role(ctx context.Context, account, requester string) (*Clients, error) {
	p.cloud.account = account
	creds, err := assume{p.cloud, requester}.Retrieve(ctx)
	if err != nil {
		return nil, err
	}
	static := aws.CredentialsProviderFunc(func(context.Context) (aws.Credentials, error) { return creds, nil })
	center, err := p.cloud.findCenter(ctx, static)
	if err != nil {
		center = p.cloud.CenterRegion()
	}
	return newClients(p.cloud.cfg.with(static), center), nil
}

// Center looks in which Region Identity Center is, and gives clients there; looked says where it would have been found.
func (p *Probe) Center(ctx context.Context, account string) (clients *Clients, looked string, err error) {
	p.cloud.account = account
	region, err := p.cloud.findCenter(ctx, p.cloud.credentials)
	if err != nil {
		return nil, "", err
	}
	return newClients(p.cloud.cfg.with(p.cloud.credentials), region), p.cloud.CenterLooked(), nil
}

// RoleARN gives the factory's role of an account.
func (p *Probe) RoleARN(account string) string {
	c := Cloud{account: account}
	return c.RoleARN()
}

// Accounts counts the organization's accounts.
func (p *Probe) Accounts(ctx context.Context) (n int, err error) {
	pages := organizations.NewListAccountsPaginator(p.cloud.management.Organizations, &organizations.ListAccountsInput{})
	for pages.HasMorePages() {
		page, err := pages.NextPage(ctx)
		if err != nil {
			return n, err
		}
		n += len(page.Accounts)
	}
	return n, nil
}

// Date asks the cloud what time it is, by the Date of an answer to a call that nobody signed, and says how long that took.
func (c Config) Date(ctx context.Context) (theirs time.Time, took time.Duration, err error) {
	base, err := stsURL(ctx, c.Endpoint, c.Region)
	if err != nil {
		return theirs, 0, err
	}
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, base+"/", nil)
	if err != nil {
		return theirs, 0, err
	}
	client := c.HTTPClient
	if client == nil {
		// AWS leads whoever asks with nothing to its pages: only the first answer counts.
		client = &http.Client{Timeout: 10 * time.Second, CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
	}
	began := clock.Wall{}.Now()
	resp, err := client.Do(req)
	if err != nil {
		return theirs, 0, err
	}
	_ = resp.Body.Close() // its headers are all that is wanted
	took = clock.Wall{}.Now().Sub(began)
	theirs, err = http.ParseTime(resp.Header.Get("Date"))
	return theirs, took, err
}
