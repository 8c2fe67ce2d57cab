package iam

import (
	"sync"

	"accountfactory/internal/clock"
	"accountfactory/internal/policy"
	"accountfactory/internal/twin/state"
)

// Config is what the service needs to know.
type Config struct {
	ManagementAccountID string
	Region              string      // home Region; IAM is global, only its words need one
	Wall                clock.Clock // judges the end of sessions; nil means clock.Wall
}

// Service is IAM and STS of all accounts.
type Service struct {
	tables
	state     *state.Store
	config    Config
	wall      clock.Clock
	managed   map[string]*managedPolicy // AWS managed policies by ARN
	documents *documents
	used      sync.Map // of AKIA ids → use
	controls  Controls
	usages    Usages
}

// Controls gives the service control policies that bear on an account, per level from the root; none bear on the
// management account. It reports whether the account is in an organization.
type Controls func(tx *state.Tx, accountID string) (levels [][]policy.Named, member bool)

// UseControls says who knows of service control policies; without, no account is in an organization. Call it before the
// store opens.
func (s *Service) UseControls(c Controls) { s.controls = c }

// New declares the tables on st. Call it before st.Open.
func New(st *state.Store, cfg Config) *Service {
	if cfg.Wall == nil {
		cfg.Wall = clock.Wall{}
	}
	s := &Service{
		tables: define(st), state: st, config: cfg, wall: cfg.Wall,
		managed: loadManaged(), documents: newDocuments(4096),
		controls: func(*state.Tx, string) ([][]policy.Named, bool) { return nil, false },
		usages:   func(*state.Tx, string, string) []Usage { return nil },
	}
	s.roles.lookup, s.roles.merge = s.implicitRole, s.withImplicit
	st.Handle(deleteLinkedKind, s.deletionStep)
	return s
}
