package twin_test

import (
	"context"
	"fmt"
	"sync"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/controltower"
	cttypes "github.com/aws/aws-sdk-go-v2/service/controltower/types"
	"github.com/aws/aws-sdk-go-v2/service/organizations"
	"github.com/aws/aws-sdk-go-v2/service/servicecatalog"
	"github.com/aws/aws-sdk-go-v2/service/servicecatalog/types"

	"accountfactory/internal/twin"
	"accountfactory/test/harness"
)

// vendMany launches n accounts, ten at a time, and waits for each.
func (f *fixture) vendMany(t testing.TB, n int) {
	t.Helper()
	productID, artifactID := product(t, f.Clients)
	ou := f.ou(t, "Sandbox")
	next := make(chan int)
	var workers sync.WaitGroup
	for range 10 {
		workers.Go(func() {
			for i := range next {
				if err := f.vendOne(t.Context(), productID, artifactID, ou, fmt.Sprintf("account-%04d", i)); err != nil {
					t.Error(err)
				}
			}
		})
	}
	for i := range n {
		next <- i
	}
	close(next)
	workers.Wait()
}

func (f *fixture) vendOne(ctx context.Context, productID, artifactID, ou, name string) error {
	value := func(key, value string) types.ProvisioningParameter {
		return types.ProvisioningParameter{Key: aws.String(key), Value: aws.String(value)}
	}
	out, err := f.Catalog.ProvisionProduct(ctx, &servicecatalog.ProvisionProductInput{
		ProductId: aws.String(productID), ProvisioningArtifactId: aws.String(artifactID), ProvisionedProductName: aws.String(name),
		ProvisioningParameters: []types.ProvisioningParameter{
			value("AccountName", name), value("AccountEmail", name+"@example.com"), value("SSOUserFirstName", "Olive"), value("SSOUserLastName", "Owner"),
			value("SSOUserEmail", "owner@example.com"), value("ManagedOrganizationalUnit", ou),
		},
	})
	if err != nil {
		return err
	}
	return harness.Poll(ctx, 2*time.Millisecond, func() (bool, error) {
		rec, err := f.Catalog.DescribeRecord(ctx, &servicecatalog.DescribeRecordInput{Id: out.RecordDetail.RecordId})
		if err != nil {
			return false, err
		}
		if rec.RecordDetail.Status == types.RecordStatusFailed {
			return false, fmt.Errorf("%s: %s", name, aws.ToString(rec.RecordDetail.RecordErrors[0].Description))
		}
		return rec.RecordDetail.Status == types.RecordStatusSucceeded, nil
	})
}

// TestVend_Thousand: a thousand accounts, ten at a time, are all there in the end, each enrolled, and nothing is left over.
func TestVend_Thousand(t *testing.T) {
	t.Parallel()
	n := 1000
	if testing.Short() {
		n = 50
	}
	f := setup(t, func(c *twin.Config) { c.AccountOperations = 10 })
	f.vendMany(t, n)
	accounts, enrolled := 0, 0
	for in := (&organizations.ListAccountsInput{}); ; {
		out, err := f.Organizations.ListAccounts(t.Context(), in)
		if err != nil {
			t.Fatal(err)
		}
		accounts += len(out.Accounts)
		if in.NextToken = out.NextToken; in.NextToken == nil {
			break
		}
	}
	for in := (&controltower.ListEnabledBaselinesInput{IncludeChildren: true}); ; {
		out, err := f.ControlTower.ListEnabledBaselines(t.Context(), in)
		if err != nil {
			t.Fatal(err)
		}
		for _, b := range out.EnabledBaselines {
			if b.ParentIdentifier != nil && b.StatusSummary.Status == cttypes.EnablementStatusSucceeded {
				enrolled++
			}
		}
		if in.NextToken = out.NextToken; in.NextToken == nil {
			break
		}
	}
	if accounts != n+3 || enrolled != n {
		t.Errorf("%d accounts and %d enrolled, want %d and %d", accounts, enrolled, n+3, n)
	}
	var under struct{ Operations []any }
	if err := f.lab.Do(t.Context(), "GET", "/_twin/operations", nil, &under); err != nil || len(under.Operations) != 0 {
		t.Errorf("left under way: %v, %v", under.Operations, err)
	}
	if events := f.events(t); len(events) != n+1 {
		t.Errorf("%d events, want %d", len(events), n+1)
	}
}

// BenchmarkVend is the time from launch to AVAILABLE, ten at a time, at instant speed, over HTTP.
func BenchmarkVend(b *testing.B) {
	f := setup(b, func(c *twin.Config) { c.AccountOperations = 10 })
	b.ResetTimer()
	f.vendMany(b, b.N)
	b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "accounts/s")
}
