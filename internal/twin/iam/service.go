package iam

import (
	"sync"

	"accountfactory/internal/clock"
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
}

// New declares the tables on st. Call it before st.Open.
func New(st *state.Store, cfg Config) *Service {
	if cfg.Wall == nil {
		cfg.Wall = clock.Wall{}
	}
	return &Service{
		tables: define(st), state: st, config: cfg, wall: cfg.Wall,
		managed: loadManaged(), documents: newDocuments(4096),
	}
}
