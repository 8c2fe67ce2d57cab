package servicequotas

import (
	"context"

	sdk "github.com/aws/aws-sdk-go-v2/service/servicequotas"

	"accountfactory/internal/wire"
)

// API gives the table of the operations served. Quotas are only read: who wants another one sets it in the lab.
func (s *Service) API() *wire.Service {
	svc := wire.New("servicequotas")
	wire.On(svc, "ListServices", s.ListServices, checks[sdk.ListServicesInput]("ListServices"))
	wire.On(svc, "ListServiceQuotas", s.ListServiceQuotas, checks[sdk.ListServiceQuotasInput]("ListServiceQuotas"))
	wire.On(svc, "GetServiceQuota", s.GetServiceQuota, checks[sdk.GetServiceQuotaInput]("GetServiceQuota"))
	wire.On(svc, "ListAWSDefaultServiceQuotas", s.ListAWSDefaultServiceQuotas, checks[sdk.ListAWSDefaultServiceQuotasInput]("ListAWSDefaultServiceQuotas"))
	wire.On(svc, "GetAWSDefaultServiceQuota", s.GetAWSDefaultServiceQuota, checks[sdk.GetAWSDefaultServiceQuotaInput]("GetAWSDefaultServiceQuota"))
	return svc
}

// checks gives the question for a read: none of them names a resource. Source: Service Authorization Reference, "Actions,
// resources, and condition keys for Service Quotas".
func checks[I any](action string) func(context.Context, *I) ([]wire.Check, error) {
	return func(context.Context, *I) ([]wire.Check, error) {
		return []wire.Check{{Action: "servicequotas:" + action, Resource: "*"}}, nil
	}
}
