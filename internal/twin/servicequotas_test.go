package twin_test

import (
	"errors"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/servicequotas"
	"github.com/aws/aws-sdk-go-v2/service/servicequotas/types"
	"github.com/google/go-cmp/cmp"

	"accountfactory/internal/twin"
)

// accountsQuota is the code under which AWS shows how many accounts an organization may have.
const accountsQuota = "L-E619E033"

// in makes a client ask in a Region.
func in(region string) func(*servicequotas.Options) {
	return func(o *servicequotas.Options) { o.Region = region }
}

// TestServiceQuotas reads how many accounts the organization may have, and how many Control Tower works on, where AWS shows
// each; what the lab allows shows at once.
func TestServiceQuotas(t *testing.T) {
	t.Parallel()
	f := setup(t, func(c *twin.Config) { c.AccountOperations = 7 })
	ask := &servicequotas.GetServiceQuotaInput{ServiceCode: aws.String("organizations"), QuotaCode: aws.String(accountsQuota)}
	out, err := f.Quotas.GetServiceQuota(t.Context(), ask, in("us-east-1"))
	if err != nil {
		t.Fatal(err)
	}
	q := out.Quota
	if *q.Value != 10_000 || *q.QuotaName != "Default maximum number of accounts" || !q.Adjustable || !q.GlobalQuota || *q.QuotaArn != "arn:aws:servicequotas::"+account+":organizations/"+accountsQuota {
		t.Errorf("%s of %v: %s", *q.QuotaName, *q.Value, *q.QuotaArn)
	}
	if err := f.lab.Do(t.Context(), "POST", "/_twin/conditions", map[string]any{"name": "account-limit", "value": "12"}, nil); err != nil {
		t.Fatal(err)
	}
	if out, err = f.Quotas.GetServiceQuota(t.Context(), ask, in("us-east-1")); err != nil || *out.Quota.Value != 12 {
		t.Errorf("after the lab's change %v %v", out, err)
	}
	standard, err := f.Quotas.GetAWSDefaultServiceQuota(t.Context(), &servicequotas.GetAWSDefaultServiceQuotaInput{ServiceCode: ask.ServiceCode, QuotaCode: ask.QuotaCode}, in("us-east-1"))
	if err != nil || *standard.Quota.Value != 10 || *standard.Quota.QuotaArn != "arn:aws:servicequotas:::organizations/"+accountsQuota {
		t.Errorf("default: %v %v", standard, err)
	}
	got := map[string]float64{}
	for pages := servicequotas.NewListServiceQuotasPaginator(f.Quotas, &servicequotas.ListServiceQuotasInput{ServiceCode: aws.String("controltower"), MaxResults: aws.Int32(1)}); pages.HasMorePages(); {
		page, err := pages.NextPage(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		for _, q := range page.Quotas {
			got[*q.QuotaName] = *q.Value
		}
	}
	want := map[string]float64{"Concurrent account operations": 7, "Number of accounts in a single OU": 300, "Concurrent operations for organizational units (OUs)": 1}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("Control Tower's (-want +got):\n%s", diff)
	}
}

// TestServiceQuotas_Lists: services page by page, defaults, and one quota by its code.
func TestServiceQuotas_Lists(t *testing.T) {
	t.Parallel()
	f := setup(t)
	var codes []string
	for pages := servicequotas.NewListServicesPaginator(f.Quotas, &servicequotas.ListServicesInput{MaxResults: aws.Int32(1)}); pages.HasMorePages(); {
		page, err := pages.NextPage(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		for _, s := range page.Services {
			codes = append(codes, *s.ServiceCode)
		}
	}
	if diff := cmp.Diff([]string{"controltower", "organizations"}, codes); diff != "" {
		t.Error(diff)
	}
	standard, err := f.Quotas.ListAWSDefaultServiceQuotas(t.Context(), &servicequotas.ListAWSDefaultServiceQuotasInput{ServiceCode: aws.String("controltower")})
	if err != nil || len(standard.Quotas) != 3 || *standard.Quotas[0].Value != 5 {
		t.Errorf("defaults: %v %v", standard, err)
	}
	one, err := f.Quotas.ListServiceQuotas(t.Context(), &servicequotas.ListServiceQuotasInput{ServiceCode: aws.String("organizations"), QuotaCode: aws.String(accountsQuota)}, in("us-east-1"))
	if err != nil || len(one.Quotas) != 1 {
		t.Errorf("one by its code: %v %v", one, err)
	}
	elsewhere, err := f.Quotas.ListServiceQuotas(t.Context(), &servicequotas.ListServiceQuotasInput{ServiceCode: aws.String("organizations")})
	if err != nil || len(elsewhere.Quotas) != 0 {
		t.Errorf("Organizations' outside of us-east-1: %v %v", elsewhere, err)
	}
}

// TestServiceQuotas_Refused walks what is not there.
func TestServiceQuotas_Refused(t *testing.T) {
	t.Parallel()
	f := setup(t)
	get := func(service, code string) error {
		_, err := f.Quotas.GetServiceQuota(t.Context(), &servicequotas.GetServiceQuotaInput{ServiceCode: &service, QuotaCode: &code})
		return err
	}
	var none *types.NoSuchResourceException
	for _, err := range []error{get("s3", "L-1"), get("controltower", "L-1"), get("organizations", accountsQuota)} {
		if !errors.As(err, &none) {
			t.Errorf("%v, want NoSuchResourceException", err)
		}
	}
	_, err := f.Quotas.ListServices(t.Context(), &servicequotas.ListServicesInput{NextToken: aws.String("forged")})
	var token *types.InvalidPaginationTokenException
	if !errors.As(err, &token) {
		t.Errorf("%v, want InvalidPaginationTokenException", err)
	}
}
