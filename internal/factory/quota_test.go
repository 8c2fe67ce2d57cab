package factory_test

import (
	"context"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/servicequotas"
	sqtypes "github.com/aws/aws-sdk-go-v2/service/servicequotas/types"

	"accountfactory/internal/factory"
)

// fakeQuotas is what Service Quotas says; 0 is not shown.
type fakeQuotas struct {
	accounts, operations float64
	quotaErr             error
}

func (f *fakeCloud) GetServiceQuota(ctx context.Context, in *servicequotas.GetServiceQuotaInput, opts ...func(*servicequotas.Options)) (*servicequotas.GetServiceQuotaOutput, error) {
	return call(f, ctx, "GetServiceQuota", func() (*servicequotas.GetServiceQuotaOutput, error) {
		var o servicequotas.Options
		for _, set := range opts {
			set(&o)
		}
		if f.quotas.quotaErr != nil {
			return nil, f.quotas.quotaErr
		}
		if f.quotas.accounts == 0 || o.Region != "us-east-1" || *in.ServiceCode != "organizations" || *in.QuotaCode != "L-E619E033" {
			return nil, &sqtypes.NoSuchResourceException{}
		}
		return &servicequotas.GetServiceQuotaOutput{Quota: &sqtypes.ServiceQuota{Value: &f.quotas.accounts}}, nil
	})
}

func (f *fakeCloud) ListServiceQuotas(ctx context.Context, in *servicequotas.ListServiceQuotasInput, _ ...func(*servicequotas.Options)) (*servicequotas.ListServiceQuotasOutput, error) {
	return call(f, ctx, "ListServiceQuotas", func() (*servicequotas.ListServiceQuotasOutput, error) {
		if f.quotas.quotaErr != nil || *in.ServiceCode != "controltower" {
			return nil, f.quotas.quotaErr
		}
		return &servicequotas.ListServiceQuotasOutput{Quotas: []sqtypes.ServiceQuota{
			{QuotaName: aws.String("Number of accounts in a single OU"), Value: aws.Float64(300)},
			{QuotaName: aws.String("Concurrent account operations"), Value: &f.quotas.operations},
		}}, nil
	})
}

// TestAccountQuota: how many accounts there may be is what a setting says, else what Service Quotas says, else unknown; the
// check says which.
func TestAccountQuota(t *testing.T) {
	t.Parallel()
	denied := apiError("AccessDeniedException", "not allowed")
	for _, tc := range []struct {
		name    string
		says    float64
		err     error
		setting int
		want    factory.CheckResult
		seen    string
	}{
		{"AWS says enough", 50, nil, 0, factory.CheckOK, "of a quota of 50, by Service Quotas"},
		{"AWS says no", 1, nil, 0, factory.CheckFailed, "its quota is 1, by Service Quotas"},
		{"a setting goes first", 50, nil, 1, factory.CheckFailed, "its quota is 1, by serve --account-quota"},
		{"not allowed to ask", 50, denied, 0, factory.CheckOK, "(AccessDeniedException: not allowed): allow servicequotas:GetServiceQuota, or give serve --account-quota"},
		{"not allowed to ask, and a setting", 50, denied, 3, factory.CheckOK, "of a quota of 3, by serve --account-quota"},
		{"not shown", 0, nil, 0, factory.CheckOK, "(NoSuchResourceException: "},
		{"no answer", 50, cuts[0], 0, factory.CheckOK, "Service Quotas does not say"},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			b := setup(t)
			b.cloud.quotas = fakeQuotas{accounts: tc.says, quotaErr: tc.err}
			b.set = func(c *factory.Config) { c.AccountQuota = tc.setting }
			b.reopen()
			plan, err := b.svc.Check(t.Context(), ada, b.cloud, input(1))
			if err != nil {
				t.Fatal(err)
			}
			for _, c := range plan.Checks {
				if c.Name == factory.CheckAccountQuota && (c.Result != tc.want || !strings.Contains(c.Seen, tc.seen) || (c.Remedy == "") == (tc.want == factory.CheckFailed)) {
					t.Errorf("%+v", c)
				}
			}
		})
	}
}

// TestAutoLimit_AsAWSSays: an automatic limit goes by what Service Quotas says of account operations; a number that an
// operator gave goes before it, and without an answer it is the usual five.
func TestAutoLimit_AsAWSSays(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct {
		name string
		says float64
		err  error
		gave int
		want int
	}{
		{"more than usual", 8, nil, 0, 8},
		{"less than usual", 1, nil, 0, 1},
		{"more than there are workers", 500, nil, 0, 50},
		{"an operator's number", 8, nil, 3, 3},
		{"an operator's number, which is the usual one", 8, nil, 5, 5},
		{"not allowed to ask", 8, apiError("AccessDeniedException", "not allowed"), 0, 5},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			b := setup(t)
			b.cloud.quotas = fakeQuotas{operations: tc.says, quotaErr: tc.err}
			if err := b.svc.ChangeQueue(t.Context(), boss, factory.QueueChange{Auto: new(tc.gave)}); err != nil {
				t.Fatal(err)
			}
			if q := b.queue(); !q.Auto || q.Limit != tc.want || q.Quota != tc.want {
				t.Errorf("limit %d of %d, want %d", q.Limit, q.Quota, tc.want)
			}
		})
	}
}

// TestAutoLimit_AsksSeldom: AWS is asked for a quota that hardly ever changes once in ten minutes.
func TestAutoLimit_AsksSeldom(t *testing.T) {
	t.Parallel()
	b := setup(t)
	b.cloud.quotas = fakeQuotas{operations: 8}
	if err := b.svc.ChangeQueue(t.Context(), boss, factory.QueueChange{Auto: new(0)}); err != nil {
		t.Fatal(err)
	}
	b.cloud.quotas.operations = 9
	for i, want := range []int{8, 9} {
		b.clock.advance(time.Duration(i) * 10 * time.Minute)
		if err := b.svc.Measure(t.Context()); err != nil {
			t.Fatal(err)
		}
		if q := b.queue(); q.Limit != want {
			t.Errorf("limit %d, want %d", q.Limit, want)
		}
	}
}

// TestOperationsQuota_Slow: while Service Quotas lets us wait, the queue is shown.
func TestOperationsQuota_Slow(t *testing.T) {
	t.Parallel()
	b := setup(t)
	if err := b.svc.ChangeQueue(t.Context(), boss, factory.QueueChange{Auto: new(0)}); err != nil {
		t.Fatal(err)
	}
	b.clock.advance(time.Hour)
	b.cloud.quotas.operations = 7
	shown := 0
	b.cloud.fault = func(op string, _ int) (error, error) {
		if op == "ListServiceQuotas" {
			v, err := b.svc.Queue(t.Context(), boss)
			if err != nil {
				return err, nil
			}
			shown = v.Quota
		}
		return nil, nil
	}
	if err := b.svc.Measure(t.Context()); err != nil || shown != 5 {
		t.Errorf("a quota of %d was shown: %v", shown, err)
	}
	if v, err := b.svc.Queue(t.Context(), boss); err != nil || v.Quota != 7 {
		t.Errorf("then %d, %v", v.Quota, err)
	}
}

// TestAutoLimit_Unsaid: an operator's number stays, also over a restart, until the limit is automatic without one.
func TestAutoLimit_Unsaid(t *testing.T) {
	t.Parallel()
	b := setup(t)
	b.cloud.quotas = fakeQuotas{operations: 8}
	for _, tc := range []struct{ gave, want int }{{5, 5}, {0, 8}, {7, 7}, {0, 8}} {
		if err := b.svc.ChangeQueue(t.Context(), boss, factory.QueueChange{Auto: new(tc.gave)}); err != nil {
			t.Fatal(err)
		}
		b.reopen()
		if n := b.measure(); n != tc.want {
			t.Errorf("after auto %d the limit is %d, want %d", tc.gave, n, tc.want)
		}
	}
}
