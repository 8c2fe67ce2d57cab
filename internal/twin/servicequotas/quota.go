package servicequotas

import (
	"context"

	sdk "github.com/aws/aws-sdk-go-v2/service/servicequotas"
	"github.com/aws/aws-sdk-go-v2/service/servicequotas/types"

	"accountfactory/internal/arn"
	"accountfactory/internal/twin/state"
	"accountfactory/internal/wire"
)

// maxPage is both the default and the most on a page.
const maxPage = 100

// ListServices lists the services whose quotas are known here.
func (s *Service) ListServices(_ context.Context, in *sdk.ListServicesInput, _ ...func(*sdk.Options)) (*sdk.ListServicesOutput, error) {
	page, next, err := paged("ListServices", in.NextToken, in.MaxResults, catalogue(), func(sv service) string { return sv.code })
	if err != nil {
		return nil, err
	}
	out := &sdk.ListServicesOutput{Services: []types.ServiceInfo{}, NextToken: next}
	for _, sv := range page {
		out.Services = append(out.Services, types.ServiceInfo{ServiceCode: &sv.code, ServiceName: &sv.name})
	}
	return out, nil
}

// ListServiceQuotas lists what the caller's account has of a service's quotas.
func (s *Service) ListServiceQuotas(ctx context.Context, in *sdk.ListServiceQuotasInput, _ ...func(*sdk.Options)) (*sdk.ListServiceQuotasOutput, error) {
	quotas, next, err := s.list(ctx, "ListServiceQuotas", *in.ServiceCode, in.QuotaCode, in.NextToken, in.MaxResults, true)
	if err != nil {
		return nil, err
	}
	if in.QuotaAppliedAtLevel == types.AppliedLevelEnumResource { // none of these is of a resource
		quotas, next = []types.ServiceQuota{}, nil
	}
	return &sdk.ListServiceQuotasOutput{Quotas: quotas, NextToken: next}, nil
}

// ListAWSDefaultServiceQuotas lists what an account has of a service's quotas at first.
func (s *Service) ListAWSDefaultServiceQuotas(ctx context.Context, in *sdk.ListAWSDefaultServiceQuotasInput, _ ...func(*sdk.Options)) (*sdk.ListAWSDefaultServiceQuotasOutput, error) {
	quotas, next, err := s.list(ctx, "ListAWSDefaultServiceQuotas", *in.ServiceCode, nil, in.NextToken, in.MaxResults, false)
	if err != nil {
		return nil, err
	}
	return &sdk.ListAWSDefaultServiceQuotasOutput{Quotas: quotas, NextToken: next}, nil
}

// GetServiceQuota tells what the caller's account has of a quota.
func (s *Service) GetServiceQuota(ctx context.Context, in *sdk.GetServiceQuotaInput, _ ...func(*sdk.Options)) (*sdk.GetServiceQuotaOutput, error) {
	q, err := s.get(ctx, *in.ServiceCode, *in.QuotaCode, true)
	if err != nil {
		return nil, err
	}
	return &sdk.GetServiceQuotaOutput{Quota: q}, nil
}

// GetAWSDefaultServiceQuota tells what an account has of a quota at first.
func (s *Service) GetAWSDefaultServiceQuota(ctx context.Context, in *sdk.GetAWSDefaultServiceQuotaInput, _ ...func(*sdk.Options)) (*sdk.GetAWSDefaultServiceQuotaOutput, error) {
	q, err := s.get(ctx, *in.ServiceCode, *in.QuotaCode, false)
	if err != nil {
		return nil, err
	}
	return &sdk.GetAWSDefaultServiceQuotaOutput{Quota: q}, nil
}

func (s *Service) get(ctx context.Context, code, quotaCode string, applied bool) (*types.ServiceQuota, error) {
	sv, err := s.find(code, wire.RequestFrom(ctx).Region)
	if err != nil {
		return nil, err
	}
	q, err := sv.find(quotaCode)
	if err != nil {
		return nil, err
	}
	var out types.ServiceQuota
	err = s.state.View(func(tx *state.Tx) error {
		out = s.show(ctx, tx, sv, q, applied)
		return nil
	})
	return &out, err
}

func (s *Service) list(ctx context.Context, op, code string, only, token *string, limit *int32, applied bool) ([]types.ServiceQuota, *string, error) {
	sv, err := s.find(code, wire.RequestFrom(ctx).Region)
	if err != nil {
		return nil, nil, err
	}
	page, next, err := paged(op+"/"+code, token, limit, sv.quotas, func(q quota) string { return q.code })
	if err != nil {
		return nil, nil, err
	}
	out := []types.ServiceQuota{}
	err = s.state.View(func(tx *state.Tx) error {
		for _, q := range page {
			if only == nil || *only == q.code {
				out = append(out, s.show(ctx, tx, sv, q, applied))
			}
		}
		return nil
	})
	return out, next, err
}

// show gives a quota as the API does. One without Regions has none in its ARN, a default no account: so AWS CLI's examples
// of get-service-quota and get-aws-default-service-quota.
func (s *Service) show(ctx context.Context, tx *state.Tx, sv service, q quota, applied bool) types.ServiceQuota {
	r := wire.RequestFrom(ctx)
	region, account, value := r.Region, r.Caller.AccountID, q.standard
	if q.global {
		region = ""
	}
	if applied {
		value = q.value(s, tx, account)
	} else {
		account = ""
	}
	out := types.ServiceQuota{
		ServiceCode: &sv.code, ServiceName: &sv.name, QuotaCode: &q.code, QuotaName: &q.name, Description: &q.description, Value: &value,
		Unit: new("None"), Adjustable: q.adjustable, GlobalQuota: q.global, QuotaArn: new(arn.Make("servicequotas", region, account, sv.code+"/"+q.code)),
	}
	if applied {
		out.QuotaAppliedAtLevel = types.AppliedLevelEnumAccount
	}
	return out
}

// paged takes a page of rows, which are in the order of their keys, and gives the token of the next.
func paged[R any](scope string, token *string, limit *int32, rows []R, key func(R) string) ([]R, *string, error) {
	last, ok := wire.After(scope, token)
	if !ok {
		return nil, nil, errBadToken()
	}
	n := maxPage
	if limit != nil {
		n = int(*limit)
	}
	var out []R
	for _, r := range rows {
		if key(r) <= last {
			continue
		}
		if len(out) == n {
			return out, wire.Cursor(scope, key(out[n-1])), nil
		}
		out = append(out, r)
	}
	return out, nil, nil
}
