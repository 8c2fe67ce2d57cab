package organizations

import (
	"context"

	"github.com/aws/aws-sdk-go-v2/service/organizations"

	"accountfactory/internal/wire"
)

func (s *Service) checkEnableAWSServiceAccess(_ context.Context, in *organizations.EnableAWSServiceAccessInput) ([]wire.Check, error) {
	return s.checks("EnableAWSServiceAccess", ofService(in.ServicePrincipal))
}

func (s *Service) checkDisableAWSServiceAccess(_ context.Context, in *organizations.DisableAWSServiceAccessInput) ([]wire.Check, error) {
	return s.checks("DisableAWSServiceAccess", ofService(in.ServicePrincipal))
}

func (s *Service) checkListAWSServiceAccessForOrganization(_ context.Context, _ *organizations.ListAWSServiceAccessForOrganizationInput) ([]wire.Check, error) {
	return s.checks("ListAWSServiceAccessForOrganization", nil)
}

func (s *Service) checkRegisterDelegatedAdministrator(_ context.Context, in *organizations.RegisterDelegatedAdministratorInput) ([]wire.Check, error) {
	return s.checks("RegisterDelegatedAdministrator", ofService(in.ServicePrincipal), str(in.AccountId))
}

func (s *Service) checkDeregisterDelegatedAdministrator(_ context.Context, in *organizations.DeregisterDelegatedAdministratorInput) ([]wire.Check, error) {
	return s.checks("DeregisterDelegatedAdministrator", ofService(in.ServicePrincipal), str(in.AccountId))
}

func (s *Service) checkListDelegatedAdministrators(_ context.Context, in *organizations.ListDelegatedAdministratorsInput) ([]wire.Check, error) {
	return s.checks("ListDelegatedAdministrators", ofService(in.ServicePrincipal))
}

func (s *Service) checkListDelegatedServicesForAccount(_ context.Context, in *organizations.ListDelegatedServicesForAccountInput) ([]wire.Check, error) {
	return s.checks("ListDelegatedServicesForAccount", nil, str(in.AccountId))
}
