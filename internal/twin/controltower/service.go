package controltower

import (
	"accountfactory/internal/arn"
	"accountfactory/internal/twin/iam"
	"accountfactory/internal/twin/identitycenter"
	"accountfactory/internal/twin/organizations"
	"accountfactory/internal/twin/servicecatalog"
	"accountfactory/internal/twin/state"
	"accountfactory/internal/wire"
)

// ProductType is the type of Account Factory's provisioned products. It is not in the SDK's documented list but is what
// AWS sends.
const ProductType = "CONTROL_TOWER_ACCOUNT"

// ExecutionRole is the role through which Control Tower works in an account.
const ExecutionRole = "AWSControlTowerExecution"

// Config is what Control Tower needs to know besides the services below it.
type Config struct {
	ManagementAccountID string
	Region              string // the home Region
	PortalURL           string // where SSO users sign in; goes out as SSOUserPortal
	AccountOperations   int    // how many accounts may be worked on at once; 0 means 1
	// Allowed answers whether the caller of a launch may do a Control Tower action: the product has no launch role, so the
	// caller's own permissions count.
	Allowed func(tx *state.Tx, c wire.Caller, action, resource string) error
}

// Service is AWS Control Tower.
type Service struct {
	state   *state.Store
	config  Config
	tables  tables
	iam     *iam.Service
	org     *organizations.Service
	center  *identitycenter.Service
	catalog *servicecatalog.Service
}

// New declares the tables and operations of Control Tower and registers Account Factory with Service Catalog.
func New(st *state.Store, roles *iam.Service, org *organizations.Service, center *identitycenter.Service, catalog *servicecatalog.Service, c Config) *Service {
	if c.AccountOperations == 0 {
		c.AccountOperations = 1
	}
	s := &Service{state: st, config: c, tables: defineTables(st), iam: roles, org: org, center: center, catalog: catalog}
	st.Handle(kindManage, s.manageStep)
	st.Handle(kindUnmanage, s.unmanageStep)
	org.OnCreated(s.created)
	center.OnAssigned(s.assigned)
	catalog.Register(ProductType, s)
	return s
}

func (s *Service) arn(resource string) string {
	return arn.Make("controltower", s.config.Region, s.config.ManagementAccountID, resource)
}
