package controltower

import (
	"accountfactory/internal/twin/servicecatalog"
	"accountfactory/internal/twin/state"
)

// Lanes: what may run side by side. The classic profile has one lane for everything. The current one has a lane of a few
// for accounts, a lane of one for unmanaging, one for landing zone and OU operations, and many for controls.
// Sources: Control Tower user guide, "Limitations and quotas"; of 2021, "Provision accounts with AWS Service Catalog".

// maxControls is how many optional controls may be enabled and disabled at once.
const maxControls = 100

// accountLane says what keeps an account operation from starting, nil for nothing. The texts are those users report.
func (s *Service) accountLane(tx *state.Tx, action servicecatalog.Action) *servicecatalog.RecordError {
	working, unmanaging := s.accountsAtWork(tx)
	switch {
	case action == servicecatalog.Terminate && unmanaging > 0:
		return errUnmanaging()
	case s.configuring(tx):
		return errOtherOperation()
	case s.config.Profile == Classic && working+unmanaging >= s.config.AccountOperations:
		return errBusy(s.config)
	case unmanaging > 0 || action == servicecatalog.Terminate && working > 0:
		return errOtherOperation()
	case working >= s.config.AccountOperations:
		return errBusy(s.config)
	}
	return nil
}

// accountsAtWork counts account operations, apart those that unmanage.
func (s *Service) accountsAtWork(tx *state.Tx) (working, unmanaging int) {
	for op := range s.tables.operations.All(tx) {
		if op.Action == servicecatalog.Terminate {
			unmanaging++
		} else {
			working++
		}
	}
	return working, unmanaging
}

// configuring tells whether the landing zone or an OU is being changed; in the classic profile also a control.
func (s *Service) configuring(tx *state.Tx) bool {
	return s.tables.running.First(tx, kindZone) != nil || s.tables.running.First(tx, kindBaseline) != nil ||
		s.config.Profile == Classic && s.tables.running.First(tx, kindControl) != nil
}

// controlling tells whether a control is being changed on an OU or one above it.
func (s *Service) controlling(tx *state.Tx, ouID string) bool {
	for w := range s.tables.running.Of(tx, kindControl) {
		for _, id := range s.org.Path(tx, ouID) {
			if id == w.OU {
				return true
			}
		}
	}
	return false
}

// inheriting tells whether an account is moving into an OU by itself: others on that OU conflict meanwhile.
func (s *Service) inheriting(tx *state.Tx, ouID string) bool {
	for i := range s.tables.inherits.All(tx) {
		if i.OU == ouID && i.Enroll {
			return true
		}
	}
	return false
}

// configLane says what keeps a landing zone or OU operation from starting.
func (s *Service) configLane(tx *state.Tx) error {
	working, unmanaging := s.accountsAtWork(tx)
	if working+unmanaging > 0 || s.configuring(tx) || s.tables.running.First(tx, kindControl) != nil {
		return errBusyLane()
	}
	return nil
}

func errBusyLane() error {
	return conflict("AWS Control Tower cannot begin this operation, because another AWS Control Tower operation is in progress. Try again later.")
}

// controlLane says what keeps an operation on a control from starting.
func (s *Service) controlLane(tx *state.Tx, ouID, control string) error {
	if s.configuring(tx) {
		return errBusyLane()
	}
	n := 0
	for w := range s.tables.running.Of(tx, kindControl) {
		if n++; w.OU == ouID && w.Control == control {
			return conflict("AWS Control Tower cannot begin this operation, because another operation on control %s is in progress on %s.", control, ouID)
		}
	}
	if n >= maxControls {
		return overQuota("The allowed maximum of %d concurrent control operations is exceeded. Try again later.", maxControls)
	}
	return nil
}
