package controltower

import (
	"accountfactory/internal/twin/organizations"
	"accountfactory/internal/twin/servicecatalog"
	"accountfactory/internal/twin/state"
)

// Prerequisites: what AWS finds out when it begins to work in an account. For an existing account it looks before it moves
// it, so that what stands in the way leaves nothing half done; a new account it can only look into once it is there.
// Source: Control Tower user guide, "Prerequisites for enrollment", "Troubleshooting".

// prerequisites says what keeps Control Tower from working in an account, nil for nothing.
func (s *Service) prerequisites(tx *state.Tx, accountID, email string, laid bool) *servicecatalog.RecordError {
	holds := func(name string) bool { return s.condition(tx, name, accountID, email) }
	account := s.org.Account(tx, accountID)
	switch {
	case account == nil:
		return failure(codeNotFound, textF25, accountID)
	case account.State != organizations.Active:
		return failure(codeInvalidParameters, textF16b)
	case !s.executable(tx, accountID):
		return errNoExecutionRole()
	case holds(ConditionSTS):
		return failure(codeInvalidParameters, textF13, s.config.Region)
	case laid:
		return nil
	case holds(ConditionChannel):
		return failure(codeInvalidParameters, textF15a)
	case holds(ConditionRecorder):
		return failure(codeInvalidParameters, textF15b)
	}
	if name := s.leftoverRole(tx, accountID); name != "" {
		return failure(codeInvalidParameters, textF17a, name)
	}
	return nil
}

// obstacles says what keeps the baseline from being laid.
func (s *Service) obstacles(tx *state.Tx, accountID, email string) *servicecatalog.RecordError {
	holds := func(name string) bool { return s.condition(tx, name, accountID, email) }
	if holds(ConditionStack) {
		return failure(codeStackSet, textF17b)
	}
	if !s.Settings(tx).Network.vpc() {
		return nil // no VPC is laid, so none is in the way
	}
	switch {
	case holds(ConditionVPCDenied) || s.config.Denied != nil && s.config.Denied(tx, accountID, "ec2:DeleteVpc"):
		return failure(codeDenied, textF23)
	case holds(ConditionVPC):
		return failure(codeInvalidParameters, textF19)
	}
	return nil
}

// leftoverRole gives the name of a role that Control Tower would make and finds there.
func (s *Service) leftoverRole(tx *state.Tx, accountID string) string {
	for _, r := range baselineRoles {
		if s.iam.Role(tx, accountID, r.name) != nil {
			return r.name
		}
	}
	return ""
}

// directorySource refuses while Identity Center does not keep the people itself.
func (s *Service) directorySource(tx *state.Tx) *servicecatalog.RecordError {
	if s.condition(tx, ConditionSource, "", "") {
		return failure(codeInvalidParameters, textF22)
	}
	return nil
}
