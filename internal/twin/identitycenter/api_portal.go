package identitycenter

import "accountfactory/internal/wire"

// portalAPI is sso: what a person may enter. AWS models it unsigned; the bearer token says who asks.
func (s *Service) portalAPI() *wire.Service {
	svc := wire.New("sso")
	wire.On(svc, "ListAccounts", s.ListAccounts, nil)
	wire.On(svc, "ListAccountRoles", s.ListAccountRoles, nil)
	wire.On(svc, "GetRoleCredentials", s.GetRoleCredentials, nil)
	wire.On(svc, "Logout", s.Logout, nil)
	return svc
}

// oidcAPI is ssooidc: how clients get bearer tokens.
func (s *Service) oidcAPI() *wire.Service {
	svc := wire.New("ssooidc")
	wire.On(svc, "RegisterClient", s.RegisterClient, nil)
	wire.On(svc, "StartDeviceAuthorization", s.StartDeviceAuthorization, nil)
	wire.On(svc, "CreateToken", s.CreateToken, nil)
	wire.On(svc, "CreateTokenWithIAM", s.CreateTokenWithIAM, checkTokenWithIAM)
	return svc
}
