package cloud

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"net/http"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/aws/retry"
	"github.com/aws/aws-sdk-go-v2/config"
	"github.com/aws/aws-sdk-go-v2/credentials"
	"github.com/aws/aws-sdk-go-v2/credentials/stscreds"
	"github.com/aws/aws-sdk-go-v2/service/sts"
)

// Kinds of cloud.
const (
	KindTwin = "twin"
	KindAWS  = "aws"
)

// Config says which cloud is used and as whom.
type Config struct {
	Kind     string // KindTwin or KindAWS
	Endpoint string // the twin's; empty on AWS means AWS's own endpoints
	Region   string // home Region

	// CenterRegion is Identity Center's. Empty, on AWS it is looked for, and on the twin it is the home Region.
	CenterRegion string

	// CredentialsFile is a file in the AWS shared-credentials format and Profile the profile in it, by default
	// "management". Without a file, which only AWS allows, the SDK's usual chain is followed.
	CredentialsFile string
	Profile         string

	// RoleARN is a role of the management account to work from, assumed with those credentials and ExternalID; so the
	// server need not run in that account. Empty: the credentials are of the management account themselves.
	RoleARN    string
	ExternalID string
	// Organization is the one that must be found; empty, which only the twin allows, takes any.
	Organization string

	HTTPClient aws.HTTPClient // nil means one with sensible timeouts
	Observe    Observer       // nil means nobody
	// Backoff bounds the pause before an SDK client repeats a call by itself. Default 500 ms.
	Backoff time.Duration

	// Budget is the share of AWS's rates, up to 1, that all calls are kept to together. 0 keeps them to nothing.
	Budget float64
	Waited Waiter // hears how long calls waited for that; nil means nobody

	budget *budget // of Budget, one for all clients
}

// Validate names the field that is wrong.
func (c Config) Validate() error {
	switch {
	case c.Kind != KindTwin && c.Kind != KindAWS:
		return fmt.Errorf("cloud kind %q: want %s or %s", c.Kind, KindTwin, KindAWS)
	case c.Region == "":
		return errors.New("the home Region is missing")
	case c.Kind == KindTwin && c.Endpoint == "":
		return errors.New("the twin's endpoint is missing")
	case c.Kind == KindTwin && c.CredentialsFile == "":
		return errors.New("the twin's credentials file is missing")
	case c.Kind == KindAWS && c.Organization == "":
		return errors.New("the organization is missing: name it, o-…, so that no other is ever touched")
	case c.Budget < 0 || c.Budget > 1:
		return fmt.Errorf("the budget %v is no share of AWS's rates: want up to 1", c.Budget)
	}
	return nil
}

// load gives the SDK's configuration under the management credentials.
func (c Config) load(ctx context.Context) (aws.Config, error) {
	if err := c.Validate(); err != nil {
		return aws.Config{}, err
	}
	provider, err := c.credentials(ctx)
	if err != nil {
		return aws.Config{}, err
	}
	base := c.with(provider)
	if c.RoleARN == "" {
		return base, nil
	}
	role := stscreds.NewAssumeRoleProvider(sts.NewFromConfig(base), c.RoleARN, func(o *stscreds.AssumeRoleOptions) {
		o.RoleSessionName = "accountfactory"
		if c.ExternalID != "" {
			o.ExternalID = aws.String(c.ExternalID)
		}
	})
	return c.with(aws.NewCredentialsCache(role, func(o *aws.CredentialsCacheOptions) { o.ExpiryWindow = early })), nil
}

// with gives a configuration that is ours from end to end: without ConfigSources no client looks for an endpoint in the
// environment or in a shared file.
func (c Config) with(p aws.CredentialsProvider) aws.Config {
	client := c.HTTPClient
	if client == nil {
		client = NewHTTPClient()
	}
	out := aws.Config{
		Region: c.Region, Credentials: p, HTTPClient: client,
		// A few quick repetitions; the patient ones are the factory's, which tells about them.
		Retryer: func() aws.Retryer {
			return retry.NewStandard(func(o *retry.StandardOptions) {
				o.MaxAttempts, o.MaxBackoff = 3, cmp.Or(c.Backoff, 500*time.Millisecond)
			})
		},
	}
	if c.Observe != nil {
		out.APIOptions = append(out.APIOptions, observed(c.Observe))
	}
	if c.budget != nil {
		out.APIOptions = append(out.APIOptions, c.budget.bounded)
	}
	if c.Endpoint != "" {
		out.BaseEndpoint = aws.String(c.Endpoint)
	}
	return out
}

// transport keeps enough connections open for all workers to one endpoint.
func transport() *http.Transport {
	t := http.DefaultTransport.(*http.Transport).Clone() //nolint:forcetypeassert // net/http's own
	t.MaxIdleConnsPerHost = 64
	return t
}

func (c Config) credentials(ctx context.Context) (aws.CredentialsProvider, error) {
	if c.CredentialsFile == "" {
		cfg, err := config.LoadDefaultConfig(ctx, config.WithRegion(c.Region), config.WithSharedConfigProfile(c.Profile), config.WithBaseEndpoint(c.Endpoint))
		if err != nil {
			return nil, fmt.Errorf("load credentials: %w", err)
		}
		return cfg.Credentials, nil
	}
	profile := c.Profile
	if profile == "" {
		profile = "management"
	}
	shared, err := config.LoadSharedConfigProfile(ctx, profile, func(o *config.LoadSharedConfigOptions) {
		o.CredentialsFiles, o.ConfigFiles = []string{c.CredentialsFile}, []string{}
	})
	if err != nil {
		return nil, fmt.Errorf("read profile %s: %w", profile, err)
	}
	if !shared.Credentials.HasKeys() {
		return nil, fmt.Errorf("profile %s in %s has no keys", profile, c.CredentialsFile)
	}
	return credentials.StaticCredentialsProvider{Value: shared.Credentials}, nil
}
