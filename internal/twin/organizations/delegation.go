package organizations

import (
	"github.com/aws/aws-sdk-go-v2/service/organizations/types"

	"accountfactory/internal/twin/state"
)

// IsDelegated tells whether an account is the delegated administrator of some service; such an account may read the
// organization.
func (s *Service) IsDelegated(tx *state.Tx, accountID string) bool {
	return len(s.delegationsOf(tx, accountID)) > 0
}

// Delegated tells whether an account is the delegated administrator of this service.
func (s *Service) Delegated(tx *state.Tx, accountID, principal string) bool {
	return s.delegations.Get(tx, accountID+"/"+principal) != nil
}

// Delegate makes a member account the administrator of a trusted service.
func (s *Service) Delegate(tx *state.Tx, accountID, principal string) error {
	a := s.accounts.Get(tx, accountID)
	switch {
	case a == nil:
		return errAccountNotFound()
	case a.ID == s.Organization(tx).ManagementID:
		return constraint(types.ConstraintViolationExceptionReasonCannotRegisterMasterAsDelegatedAdministrator,
			"You cannot register master account/yourself as delegated administrator for your organization.")
	case a.State != Active:
		return constraint(types.ConstraintViolationExceptionReasonCannotRegisterSuspendedAccountAsDelegatedAdministrator,
			"You cannot register a suspended account as a delegated administrator.")
	case !s.TrustsService(tx, principal):
		return constraint(types.ConstraintViolationExceptionReasonServiceAccessNotEnabled,
			"You must enable service access before you register a delegated administrator.")
	case s.delegations.Get(tx, accountID+"/"+principal) != nil:
		return &types.AccountAlreadyRegisteredException{Message: new("The provided account is already a delegated administrator for your organization.")}
	}
	s.delegations.Put(tx, &delegation{AccountID: accountID, Principal: principal, Since: tx.Now()})
	return nil
}

// undelegate takes that back.
func (s *Service) undelegate(tx *state.Tx, accountID, principal string) error {
	if s.accounts.Get(tx, accountID) == nil {
		return errAccountNotFound()
	}
	if !s.delegations.Delete(tx, accountID+"/"+principal) {
		return errNotDelegated()
	}
	return nil
}

func errNotDelegated() error {
	return &types.AccountNotRegisteredException{Message: new("The provided account is not a registered delegated administrator for your organization.")}
}

// delegationsOf gives the delegations of an account.
func (s *Service) delegationsOf(tx *state.Tx, accountID string) []*delegation {
	var out []*delegation
	for d := range s.delegations.From(tx, accountID+"/") {
		if d.AccountID != accountID {
			break
		}
		out = append(out, d)
	}
	return out
}

// deregisterAll forgets the delegations of an account that is about to go.
func (s *Service) deregisterAll(tx *state.Tx, accountID string) {
	for _, d := range s.delegationsOf(tx, accountID) {
		s.delegations.Delete(tx, d.AccountID+"/"+d.Principal)
	}
}
