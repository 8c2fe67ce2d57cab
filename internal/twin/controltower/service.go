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

// Profile is the age of the Control Tower that is played.
type Profile string

// The profiles. They differ in how many operations run side by side, in the words for one too many, in what Terminate
// leaves behind, in the drift that is reported and in the latest landing zone version.
const (
	Classic Profile = "classic" // of December 2021: one operation at a time
	Current Profile = "current" // of today
)

// For gives the profile of as many account operations at once, unless one was chosen.
func (p Profile) For(accountOperations int) Profile {
	switch {
	case p != "":
		return p
	case accountOperations > 1:
		return Current
	}
	return Classic
}

// Config is what Control Tower needs to know besides the services below it.
type Config struct {
	ManagementAccountID string
	Region              string // the home Region
	PortalURL           string // where SSO users sign in; goes out as SSOUserPortal
	// Profile, when empty, is Classic for one account operation at once and Current for more.
	Profile           Profile
	AccountOperations int // how many accounts may be worked on at once; 0 is the profile's default, 1 or 5
	// Allowed answers whether the caller of a launch may do an action: the product has no launch role, so the caller's own
	// permissions count.
	Allowed func(tx *state.Tx, c wire.Caller, action, resource string) error
	// Denied tells whether service control policies keep the execution role of an account from an action. nil: never.
	Denied func(tx *state.Tx, accountID, action string) bool
	// Furnish makes groups, permission sets, their assignments and the Account Factory product for a new landing zone.
	// nil makes nothing.
	Furnish func(tx *state.Tx, logArchive, audit string, access bool) error
}

func (c Config) withDefaults() Config {
	c.Profile = c.Profile.For(c.AccountOperations)
	if c.AccountOperations == 0 {
		c.AccountOperations = 1
		if c.Profile == Current {
			c.AccountOperations = 5
		}
	}
	return c
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
	s := &Service{state: st, config: c.withDefaults(), tables: defineTables(st), iam: roles, org: org, center: center, catalog: catalog}
	st.Handle(kindManage, s.manageStep)
	st.Handle(kindUnmanage, s.unmanageStep)
	st.Handle(kindDeadline, s.deadlineStep)
	st.Handle(kindInherit, s.inheritStep)
	st.Handle(kindZone, s.zoneStep)
	st.Handle(kindBaseline, s.baselineStep)
	st.Handle(kindControl, s.controlStep)
	org.OnCreated(s.created)
	org.OnMoved(s.moved)
	org.OnLeft(s.left)
	org.OnGone(s.gone)
	org.OnOUDeleted(s.ouDeleted)
	org.OnPolicy(s.policyChanged)
	org.OnDistrusted(s.distrusted)
	center.OnAssigned(s.assigned)
	catalog.Register(ProductType, s)
	return s
}

// Profile is the profile in effect.
func (s *Service) Profile() Profile { return s.config.Profile }

// AccountOperations is how many accounts may be worked on at once.
func (s *Service) AccountOperations() int { return s.config.AccountOperations }

func (s *Service) arn(resource string) string {
	return arn.Make("controltower", s.config.Region, s.config.ManagementAccountID, resource)
}
