package controltower

import (
	"cmp"
	"slices"
	"time"

	"accountfactory/internal/twin/organizations"
	"accountfactory/internal/twin/servicecatalog"
	"accountfactory/internal/twin/state"
)

// kindManage creates, enrolls or updates an account.
const kindManage = "controltower.ManageAccount"

// The steps of managing an account, by the names under which the lab arms faults.
const (
	stepAccount  = "create-account"
	stepMove     = "move-account"
	stepBaseline = "baseline"
	stepUser     = "sso-user"
	stepAssign   = "assign"
	stepFinish   = "finish"

	stepRemediate = "remediate" // after a failure, in the place of what was still to come
)

// What the steps take in AWS, so that the whole is the 15 to 30 minutes that people report.
const (
	paceAccount  = 20 * time.Second
	paceMove     = 30 * time.Second
	paceBaseline = 19 * time.Minute
	paceUser     = 20 * time.Second
	paceAssign   = 10 * time.Second
	paceFinish   = 30 * time.Second

	paceRemediate = time.Minute
)

// retryPause is how long an operation waits, at least, before it asks again for what was refused for now.
const retryPause = 50 * time.Millisecond

// manageStep does one due step. Each may run again after a crash, as its transaction did not happen then.
func (s *Service) manageStep(tx *state.Tx, run *state.Operation) error {
	row := s.tables.operations.Get(tx, run.Ref)
	if row == nil {
		run.Done()
		return nil
	}
	op := *row
	op.Pending = slices.Clone(row.Pending)
	if run.Step == stepRemediate {
		run.Done()
		s.ended(tx, &op, op.Failure)
		return nil
	}
	if stopped := s.struck(tx, run, &op); stopped {
		return nil
	}
	if failed := s.manage(tx, run, &op); failed != nil {
		s.failed(tx, &op, failed)
		run.Done()
		return nil
	}
	if s.tables.operations.Get(tx, op.ID) != nil {
		s.tables.operations.Put(tx, &op)
	}
	return nil
}

// struck applies an armed fault to the step, and reports whether the step is over with that.
func (s *Service) struck(tx *state.Tx, run *state.Operation, op *Operation) bool {
	fault := tx.TakeFault(state.FaultPoint{
		Service: "controltower", Operation: string(op.Action), Step: run.Step, Account: op.AccountID, Email: op.Parameters.AccountEmail,
	})
	switch {
	case fault == nil:
		return false
	case fault.Kind == state.FaultStuck:
		run.Stuck = true
	default:
		s.failed(tx, op, failure(cmp.Or(fault.Code, codeInternal), "%s", cmp.Or(s.faultText(tx, fault, op), "AWS Control Tower could not complete the operation.")))
		run.Done()
	}
	return true
}

func (s *Service) manage(tx *state.Tx, run *state.Operation, op *Operation) *servicecatalog.RecordError {
	switch run.Step {
	case stepAccount:
		return s.createAccount(tx, run, op)
	case stepMove:
		return s.moveAccount(tx, run, op)
	case stepBaseline:
		return s.layBaseline(tx, run, op)
	case stepUser:
		return s.ssoUser(tx, run, op)
	case stepAssign:
		return s.assign(tx, run, op)
	case stepFinish:
		s.finish(tx, op)
		run.Done()
	}
	return nil
}

// createAccount asks Organizations for the account unless there is one; created goes on from there.
func (s *Service) createAccount(tx *state.Tx, run *state.Operation, op *Operation) *servicecatalog.RecordError {
	if why := s.directorySource(tx); why != nil {
		return why
	}
	if op.AccountID != "" {
		if why := s.prerequisites(tx, op.AccountID, op.Parameters.AccountEmail, s.laid(tx, op)); why != nil {
			return why
		}
		run.Next(tx, stepMove, tx.Pace(paceMove))
		return nil
	}
	status, err := s.org.BeginCreateAccount(tx, organizations.NewAccount{
		Name: op.Parameters.AccountName, Email: op.Parameters.AccountEmail, RoleName: ExecutionRole,
		// AWS lets Control Tower create ten accounts at once, whatever Organizations' own quota of five says to others.
		AtOnce: max(5, s.config.AccountOperations),
	})
	if err != nil {
		return failure(codeInvalidParameters, "AWS Organizations could not create the account: %s", err)
	}
	op.CreateID = status.ID
	run.Done()
	return nil
}

// created goes on when Organizations has ended an account's creation, one way or the other.
func (s *Service) created(tx *state.Tx, status *organizations.CreateStatus) {
	row := s.tables.byCreate.First(tx, status.ID)
	if row == nil {
		return
	}
	op := *row
	op.CreateID = ""
	if status.FailureReason != "" {
		s.failed(tx, &op, createFailure(op.Parameters.AccountEmail, status.FailureReason))
		return
	}
	op.AccountID, op.Begun = status.AccountID, true
	s.tables.operations.Put(tx, &op)
	s.underChange(tx, &op)
	tx.Begin(kindManage, op.ID, stepMove, tx.Pace(paceMove))
}

func createFailure(email, reason string) *servicecatalog.RecordError {
	if reason == "EMAIL_ALREADY_EXISTS" {
		return errEmailInUse(email)
	}
	return failure(codeInvalidParameters, "%s: AWS Organizations could not create the account with the email %s.", reason, email)
}

func (s *Service) moveAccount(tx *state.Tx, run *state.Operation, op *Operation) *servicecatalog.RecordError {
	account := s.org.Account(tx, op.AccountID)
	if account == nil {
		return failure(codeNotFound, textF25, op.AccountID)
	}
	op.Begun = true
	if account.Parent != op.OU {
		if err := s.org.Move(tx, op.AccountID, account.Parent, op.OU); err != nil {
			return errNotEnrolledOU(op.Parameters.ManagedOrganizationalUnit)
		}
	}
	s.child(tx, op.AccountID, op.OU, statusUnderChange)
	s.tables.managed.Change(tx, op.ProductID, func(m *ManagedAccount) { m.OU = op.OU })
	run.Next(tx, stepBaseline, tx.Pace(paceBaseline))
	return nil
}

// layBaseline looks into the account and lays the baseline's resources.
func (s *Service) layBaseline(tx *state.Tx, run *state.Operation, op *Operation) *servicecatalog.RecordError {
	if why := s.prerequisites(tx, op.AccountID, op.Parameters.AccountEmail, s.laid(tx, op)); why != nil {
		return why
	}
	if why := s.obstacles(tx, op.AccountID, op.Parameters.AccountEmail); why != nil {
		return why
	}
	s.putBaselineRoles(tx, op.AccountID)
	s.tables.managed.Change(tx, op.ProductID, func(m *ManagedAccount) { m.Laid = true })
	run.Next(tx, stepUser, tx.Pace(paceUser))
	return nil
}

// laid tells whether what the account has of a baseline is from this product's operations.
func (s *Service) laid(tx *state.Tx, op *Operation) bool {
	m := s.tables.managed.Get(tx, op.ProductID)
	return m != nil && m.Laid
}

// failed is what becomes of an operation that did not work out. One that has changed something of the account is remedied
// first, which the record shows as IN_PROGRESS_IN_ERROR: in AWS stack sets take back what the last step laid, and the
// account is under change while they do.
func (s *Service) failed(tx *state.Tx, op *Operation, why *servicecatalog.RecordError) {
	s.halt(tx, op)
	if !op.Begun {
		s.ended(tx, op, why)
		return
	}
	tx.Cancel(op.Deadline)
	op.Deadline, op.Pending, op.CreateID, op.Failure = "", nil, "", why
	s.tables.operations.Put(tx, op)
	s.catalog.Remediate(tx, op.RecordID, *why)
	tx.Begin(kindManage, op.ID, stepRemediate, tx.Pace(paceRemediate))
}

// halt takes back the steps an operation still has before it. Often that is the one that failed, alone; but a failure also
// comes from outside, from an assignment or the time limit, while a step waits to be done or to be tried again.
func (s *Service) halt(tx *state.Tx, op *Operation) {
	for _, kind := range []string{kindManage, kindUnmanage} {
		for _, step := range tx.Running(kind, op.ID) {
			tx.Cancel(step.ID)
		}
	}
}

// ended ends an operation that did not work out. The account, if there is one, stays as far as it came; the next try adopts
// it.
func (s *Service) ended(tx *state.Tx, op *Operation, why *servicecatalog.RecordError) {
	if op.AccountID != "" {
		s.setStatus(tx, s.org.AccountARN(tx, op.AccountID), statusFailed)
	}
	s.drop(tx, op)
	if op.Action != servicecatalog.Terminate {
		s.postManaged(tx, op, why)
	}
	s.catalog.Complete(tx, op.RecordID, servicecatalog.Outcome{Err: why})
}

func (s *Service) finish(tx *state.Tx, op *Operation) {
	s.setStatus(tx, s.org.AccountARN(tx, op.AccountID), statusSucceeded)
	s.tables.managed.Change(tx, op.ProductID, func(m *ManagedAccount) {
		m.OU, m.SSOUser, m.Enrolled = op.OU, op.UserID, true
		if a := s.org.Account(tx, op.AccountID); a != nil {
			m.Email = a.Email
		}
	})
	s.tables.leftovers.Delete(tx, op.AccountID)
	s.repaired(tx, func(d *Drift) bool { return d.Type == driftMoved && d.Account == op.AccountID })
	s.drop(tx, op)
	if a := s.org.Account(tx, op.AccountID); a != nil && a.Parent != op.OU { // moved by somebody while it was worked on
		s.moved(tx, a.ID, op.OU, a.Parent)
	}
	s.postManaged(tx, op, nil)
	s.catalog.Complete(tx, op.RecordID, servicecatalog.Outcome{PhysicalID: op.AccountID, Outputs: []servicecatalog.Output{
		{Key: "AccountId", Value: op.AccountID, Description: "Managed Account Id"},
		{Key: "SSOUserEmail", Value: op.Parameters.SSOUserEmail, Description: "SSO User email associated with the Account."},
		{Key: "AccountEmail", Value: op.Parameters.AccountEmail, Description: "Email Id associated with the Account"},
		{Key: "SSOUserPortal", Value: s.config.PortalURL, Description: "SSO User Portal to federate into the managed Account."},
	}})
}
