package account

import "accountfactory/internal/wire"

// API gives the table of the operations served. GetGovCloudAccountInformation is not: there are no GovCloud accounts here.
func (s *Service) API() *wire.Service {
	svc := wire.New("account")
	wire.On(svc, "GetAccountInformation", s.GetAccountInformation, s.checkGetAccountInformation)
	wire.On(svc, "PutAccountName", s.PutAccountName, s.checkPutAccountName)
	wire.On(svc, "GetContactInformation", s.GetContactInformation, s.checkGetContactInformation)
	wire.On(svc, "PutContactInformation", s.PutContactInformation, s.checkPutContactInformation)
	wire.On(svc, "GetAlternateContact", s.GetAlternateContact, s.checkGetAlternateContact)
	wire.On(svc, "PutAlternateContact", s.PutAlternateContact, s.checkPutAlternateContact)
	wire.On(svc, "DeleteAlternateContact", s.DeleteAlternateContact, s.checkDeleteAlternateContact)
	wire.On(svc, "ListRegions", s.ListRegions, s.checkListRegions)
	wire.On(svc, "GetRegionOptStatus", s.GetRegionOptStatus, s.checkGetRegionOptStatus)
	wire.On(svc, "EnableRegion", s.EnableRegion, s.checkEnableRegion)
	wire.On(svc, "DisableRegion", s.DisableRegion, s.checkDisableRegion)
	wire.On(svc, "GetPrimaryEmail", s.GetPrimaryEmail, s.checkGetPrimaryEmail)
	wire.On(svc, "StartPrimaryEmailUpdate", s.StartPrimaryEmailUpdate, s.checkStartPrimaryEmailUpdate)
	wire.On(svc, "AcceptPrimaryEmailUpdate", s.AcceptPrimaryEmailUpdate, s.checkAcceptPrimaryEmailUpdate)
	wire.On(svc, "GetPrimaryEmailUpdateStatus", s.GetPrimaryEmailUpdateStatus, s.checkGetPrimaryEmailUpdateStatus)
	return svc
}
