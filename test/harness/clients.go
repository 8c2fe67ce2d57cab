package harness

import (
	"context"
	"path/filepath"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/config"
	"github.com/aws/aws-sdk-go-v2/service/account"
	"github.com/aws/aws-sdk-go-v2/service/controltower"
	"github.com/aws/aws-sdk-go-v2/service/iam"
	"github.com/aws/aws-sdk-go-v2/service/identitystore"
	"github.com/aws/aws-sdk-go-v2/service/organizations"
	"github.com/aws/aws-sdk-go-v2/service/servicecatalog"
	"github.com/aws/aws-sdk-go-v2/service/servicequotas"
	"github.com/aws/aws-sdk-go-v2/service/ssoadmin"
	"github.com/aws/aws-sdk-go-v2/service/sts"

	"accountfactory/internal/cloud"
)

// Clients are unmodified SDK clients of one set of credentials.
type Clients struct {
	Config        aws.Config
	STS           *sts.Client
	IAM           *iam.Client
	Organizations *organizations.Client
	Account       *account.Client
	IdentityStore *identitystore.Client
	SSOAdmin      *ssoadmin.Client
	Catalog       *servicecatalog.Client
	ControlTower  *controltower.Client
	Quotas        *servicequotas.Client
}

// Management gives clients with the management profile of the server's data folder.
func (p *Process) Management(ctx context.Context) (*Clients, error) {
	return p.Ready.Management(ctx, p.Data)
}

// Management gives clients with the management profile of a data folder.
func (r Ready) Management(ctx context.Context, data string) (*Clients, error) {
	cfg, err := config.LoadDefaultConfig(ctx, config.WithSharedCredentialsFiles([]string{filepath.Join(data, "credentials")}),
		config.WithSharedConfigFiles([]string{}), config.WithSharedConfigProfile("management"))
	if err != nil {
		return nil, err
	}
	return r.With(cfg.Credentials), nil
}

// With gives clients with other credentials.
func (r Ready) With(c aws.CredentialsProvider) *Clients {
	return NewClients(aws.Config{Region: r.Region, BaseEndpoint: aws.String(r.AWS), Credentials: c, HTTPClient: cloud.NewHTTPClient()})
}

// NewClients gives clients of a configuration.
func NewClients(cfg aws.Config) *Clients {
	return &Clients{
		Config: cfg, STS: sts.NewFromConfig(cfg), IAM: iam.NewFromConfig(cfg), Organizations: organizations.NewFromConfig(cfg),
		IdentityStore: identitystore.NewFromConfig(cfg), SSOAdmin: ssoadmin.NewFromConfig(cfg), Catalog: servicecatalog.NewFromConfig(cfg),
		ControlTower: controltower.NewFromConfig(cfg), Account: account.NewFromConfig(cfg), Quotas: servicequotas.NewFromConfig(cfg),
	}
}
