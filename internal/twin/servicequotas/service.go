package servicequotas

import (
	"accountfactory/internal/twin/organizations"
	"accountfactory/internal/twin/state"
)

// Config is what Service Quotas is made with.
type Config struct {
	ManagementAccountID string
	Region              string // Control Tower's home Region
	AccountOperations   int    // accounts Control Tower works on at once
}

// Service is AWS Service Quotas.
type Service struct {
	state  *state.Store
	org    *organizations.Service
	config Config
}

// New makes the service. It has no tables.
func New(st *state.Store, org *organizations.Service, c Config) *Service {
	return &Service{state: st, org: org, config: c}
}
