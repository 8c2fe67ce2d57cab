package harness

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"

	"github.com/aws/aws-sdk-go-v2/aws"

	"accountfactory/internal/cloud"
	"accountfactory/internal/factory"
)

// Requests asks the factory's API for all requests, in the name of the credentials given.
func (p *Process) Requests(ctx context.Context, c aws.CredentialsProvider) ([]factory.Detail, error) {
	token, err := cloud.Signer{Credentials: c, Region: p.Region, Endpoint: p.AWS, Audience: p.Console}.Identity(ctx)
	if err != nil {
		return nil, err
	}
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, p.Console+"/api/v1/requests", nil)
	if err != nil {
		return nil, err
	}
	req.Header.Set("Authorization", "Bearer "+token)
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		return nil, err
	}
	defer func() { _ = resp.Body.Close() }() // read below
	if resp.StatusCode != http.StatusOK {
		return nil, fmt.Errorf("GET /api/v1/requests: %s", resp.Status)
	}
	var out struct{ Requests []factory.Detail }
	return out.Requests, json.NewDecoder(resp.Body).Decode(&out)
}

// Lab gives a client of the twin's lab.
func (p *Process) Lab(c aws.CredentialsProvider) *cloud.Lab {
	return &cloud.Lab{Endpoint: p.AWS, Region: p.Region, Credentials: c}
}
