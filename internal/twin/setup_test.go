package twin_test

import (
	"context"
	"net/http/httptest"
	"sync"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/credentials"
	"github.com/aws/aws-sdk-go-v2/service/servicecatalog"
	"github.com/aws/aws-sdk-go-v2/service/servicecatalog/types"

	"accountfactory/internal/cloud"
	"accountfactory/internal/twin"
	"accountfactory/test/harness"
)

const (
	region  = "eu-central-1"
	account = "111122223333"
	keyID   = "AKIATESTTESTTESTTEST"
	secret  = "test/test/test/test/test/test/test/test1"
)

// fixture is a twin behind a real HTTP server, and clients of it.
type fixture struct {
	*harness.Clients
	twin   *twin.Twin
	url    string
	lab    *cloud.Lab
	config twin.Config
	stop   func()
}

// restart gives the same twin started again.
func (f *fixture) restart(t testing.TB) *fixture {
	t.Helper()
	f.stop()
	return open(t, f.config)
}

// setup starts a twin. change may adjust its configuration.
func setup(t testing.TB, change ...func(*twin.Config)) *fixture {
	t.Helper()
	c := twin.Config{
		Dir: t.TempDir(), Region: region, ManagementAccountID: account, AccessKeyID: keyID, SecretAccessKey: secret, PortalURL: "http://portal.test/start", Seed: 1,
	}
	for _, f := range change {
		f(&c)
	}
	return open(t, c)
}

func open(t testing.TB, c twin.Config) *fixture {
	t.Helper()
	tw, err := twin.Open(t.Context(), c)
	if err != nil {
		t.Fatal(err)
	}
	srv := httptest.NewServer(tw)
	f := &fixture{twin: tw, url: srv.URL, config: c}
	f.stop = sync.OnceFunc(func() {
		srv.Close()
		if err := tw.Close(); err != nil {
			t.Errorf("close: %v", err)
		}
	})
	t.Cleanup(f.stop)
	f.Clients = f.as(keyID, secret, "")
	f.lab = &cloud.Lab{Endpoint: srv.URL, Region: c.Region, Credentials: f.Config.Credentials}
	return f
}

// as gives clients with a key.
func (f *fixture) as(id, secret, token string) *harness.Clients {
	return harness.NewClients(aws.Config{
		Region: f.config.Region, BaseEndpoint: aws.String(f.url), Credentials: credentials.NewStaticCredentialsProvider(id, secret, token),
		RetryMaxAttempts: 1, HTTPClient: cloud.NewHTTPClient(),
	})
}

// product gives the ids of Account Factory's product and its active version.
func product(t testing.TB, c *harness.Clients) (productID, artifactID string) {
	t.Helper()
	found, err := c.Catalog.SearchProducts(t.Context(), &servicecatalog.SearchProductsInput{})
	if err != nil || len(found.ProductViewSummaries) != 1 {
		t.Fatalf("search products: %v, %v", found, err)
	}
	p, err := c.Catalog.DescribeProduct(t.Context(), &servicecatalog.DescribeProductInput{Id: found.ProductViewSummaries[0].ProductId})
	if err != nil {
		t.Fatal(err)
	}
	return aws.ToString(found.ProductViewSummaries[0].ProductId), aws.ToString(p.ProvisioningArtifacts[0].Id)
}

// parameters are those of a good launch named name, with changes laid over; an empty change leaves the parameter out.
func (f *fixture) parameters(t *testing.T, name string, change map[string]string) []types.ProvisioningParameter {
	t.Helper()
	all := map[string]string{
		"AccountName": name, "AccountEmail": name + "@example.com", "SSOUserFirstName": "Olive", "SSOUserLastName": "Owner",
		"SSOUserEmail": "owner@example.com", "ManagedOrganizationalUnit": f.ou(t, "Sandbox"),
	}
	for k, v := range change {
		if v == "" {
			delete(all, k)
		} else {
			all[k] = v
		}
	}
	var out []types.ProvisioningParameter
	for k, v := range all {
		out = append(out, types.ProvisioningParameter{Key: aws.String(k), Value: aws.String(v)})
	}
	return out
}

// launch provisions a product and gives the answer.
func (f *fixture) launch(t *testing.T, name string, change map[string]string, also ...func(*servicecatalog.ProvisionProductInput)) (*servicecatalog.ProvisionProductOutput, error) {
	t.Helper()
	productID, artifactID := product(t, f.Clients)
	in := &servicecatalog.ProvisionProductInput{
		ProductId: aws.String(productID), ProvisioningArtifactId: aws.String(artifactID), ProvisionedProductName: aws.String(name),
		ProvisioningParameters: f.parameters(t, name, change),
	}
	for _, a := range also {
		a(in)
	}
	return f.Catalog.ProvisionProduct(t.Context(), in)
}

// ended waits until a record has ended.
func (f *fixture) ended(t *testing.T, recordID *string) *servicecatalog.DescribeRecordOutput {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	defer cancel()
	var out *servicecatalog.DescribeRecordOutput
	err := harness.Poll(ctx, 5*time.Millisecond, func() (_ bool, err error) {
		out, err = f.Catalog.DescribeRecord(ctx, &servicecatalog.DescribeRecordInput{Id: recordID})
		return err == nil && (out.RecordDetail.Status == types.RecordStatusSucceeded || out.RecordDetail.Status == types.RecordStatusFailed), err
	})
	if err != nil {
		t.Fatal(err)
	}
	return out
}

// vend launches an account and gives its id and provisioned product.
func (f *fixture) vend(t *testing.T, name string, change map[string]string) (accountID, productID string) {
	t.Helper()
	out, err := f.launch(t, name, change)
	if err != nil {
		t.Fatal(err)
	}
	rec := f.ended(t, out.RecordDetail.RecordId)
	if rec.RecordDetail.Status != types.RecordStatusSucceeded {
		t.Fatalf("vend of %s: %v", name, aws.ToString(rec.RecordDetail.RecordErrors[0].Description))
	}
	return output(rec, "AccountId"), aws.ToString(out.RecordDetail.ProvisionedProductId)
}

func output(rec *servicecatalog.DescribeRecordOutput, key string) string {
	for _, o := range rec.RecordOutputs {
		if aws.ToString(o.OutputKey) == key {
			return aws.ToString(o.OutputValue)
		}
	}
	return ""
}
