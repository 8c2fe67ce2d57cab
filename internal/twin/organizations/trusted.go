package organizations

import (
	"strings"

	"accountfactory/internal/twin/state"
)

// TrustService lets a service, by its principal, act in the organization's accounts, as EnableAWSServiceAccess does.
// Trusting it again changes nothing.
func (s *Service) TrustService(tx *state.Tx, principal string) error {
	if !strings.HasSuffix(principal, ".amazonaws.com") {
		return errUnknownService()
	}
	if s.trusted.Get(tx, principal) == nil {
		s.trusted.Put(tx, &trustedService{Principal: principal, Enabled: tx.Now()})
	}
	return nil
}

// TrustsService tells whether a service has access to the organization.
func (s *Service) TrustsService(tx *state.Tx, principal string) bool {
	return s.trusted.Get(tx, principal) != nil
}
