package controltower

import (
	"strings"

	"accountfactory/internal/arn"
	"accountfactory/internal/twin/organizations"
	"accountfactory/internal/twin/servicecatalog"
	"accountfactory/internal/twin/state"
)

// actionFor is the private Control Tower action each kind of record needs, with the permissions of whoever asked.
var actionFor = map[servicecatalog.Action]string{
	servicecatalog.Provision: "controltower:CreateManagedAccount",
	servicecatalog.Update:    "controltower:CreateManagedAccount",
	servicecatalog.Terminate: "controltower:DeregisterManagedAccount",
}

// Start begins an account operation for Service Catalog, or says why not with the error of the record.
func (s *Service) Start(tx *state.Tx, job servicecatalog.Job) error {
	if err := s.config.Allowed(tx, job.Caller, actionFor[job.Action], "*"); err != nil {
		return failure("AccessDeniedException", "%s", err.Error())
	}
	if s.tables.zones.Len(tx) == 0 {
		return failure("ResourceNotFoundException", "There is no landing zone. Set one up, then try again.")
	}
	if job.Action == servicecatalog.Terminate {
		return s.startUnmanage(tx, job)
	}
	return s.startManage(tx, job)
}

func (s *Service) startManage(tx *state.Tx, job servicecatalog.Job) error {
	if s.tables.operations.Len(tx) >= s.config.AccountOperations || s.unmanaging(tx) {
		return s.busy(tx)
	}
	p, err := parametersOf(job.Parameters)
	if err != nil {
		return err
	}
	ou, err := s.resolveOU(tx, p.ManagedOrganizationalUnit)
	if err != nil {
		return err
	}
	op := &Operation{
		ID: arn.UUID(tx), Action: job.Action, RecordID: job.RecordID, ProductID: job.ProductID, Parameters: p, OU: ou.ID, Requested: tx.Now(),
	}
	if err := s.findAccount(tx, op); err != nil {
		return err
	}
	s.tables.operations.Put(tx, op)
	if op.AccountID != "" {
		s.underChange(tx, op)
	}
	tx.Begin(kindManage, op.ID, stepAccount, tx.Pace(paceAccount))
	return nil
}

// busy chooses AWS's text: another account operation, or one of another lane.
func (s *Service) busy(tx *state.Tx) error {
	if s.unmanaging(tx) {
		return errOtherOperation()
	}
	return errBusy(s.config.AccountOperations)
}

func (s *Service) unmanaging(tx *state.Tx) bool {
	for op := range s.tables.operations.All(tx) {
		if op.Action == servicecatalog.Terminate {
			return true
		}
	}
	return false
}

// findAccount looks whether the operation's account exists already: the one this product managed before, or an unenrolled
// member with the same e-mail, which is then enrolled.
func (s *Service) findAccount(tx *state.Tx, op *Operation) error {
	if m := s.tables.managed.Get(tx, op.ProductID); m != nil && m.AccountID != "" {
		account := s.org.Account(tx, m.AccountID)
		if account == nil {
			return failure("ResourceNotFoundException", "The account %s is not in the organization.", m.AccountID)
		}
		if !strings.EqualFold(account.Email, op.Parameters.AccountEmail) {
			return failure(codeInvalidParameters, "The account email %s is not that of account %s. Restore the email of the account, or give its present one.", op.Parameters.AccountEmail, account.ID)
		}
		op.AccountID, op.Adopted = account.ID, true
		return nil
	}
	account := s.org.AccountByEmail(tx, op.Parameters.AccountEmail)
	if account == nil {
		return nil
	}
	if s.tables.byAccount.First(tx, account.ID) != nil || s.enrolled(tx, account.ID) || account.ID == s.config.ManagementAccountID || account.State != organizations.Active {
		return errEmailInUse(op.Parameters.AccountEmail)
	}
	if !s.executable(tx, account.ID) {
		return errNoExecutionRole()
	}
	op.AccountID, op.Adopted = account.ID, true
	return nil
}

// enrolled tells whether any baseline is enabled on an account: so the shared accounts count too.
func (s *Service) enrolled(tx *state.Tx, accountID string) bool {
	return s.tables.byTarget.First(tx, s.org.AccountARN(tx, accountID)) != nil
}

// executable tells whether Control Tower can work in an account.
func (s *Service) executable(tx *state.Tx, accountID string) bool {
	role := s.iam.Role(tx, accountID, ExecutionRole)
	return role != nil && strings.Contains(role.Trust, arn.Make("iam", "", s.config.ManagementAccountID, "root"))
}

// underChange shows the operation as AWS does: the account's baseline, a child of its OU's, is under change.
func (s *Service) underChange(tx *state.Tx, op *Operation) {
	parent := s.enabledOn(tx, controlTowerBaseline, s.org.OUARN(tx, op.OU))
	parentARN := ""
	if parent != nil {
		parentARN = parent.ARN
	}
	s.enable(tx, controlTowerBaseline, controlTowerVersion, s.org.AccountARN(tx, op.AccountID), parentARN, statusUnderChange)
	managed := &ManagedAccount{ProductID: op.ProductID, AccountID: op.AccountID, OU: op.OU}
	if old := s.tables.managed.Get(tx, op.ProductID); old != nil {
		managed.SSOUser, managed.Enrolled = old.SSOUser, old.Enrolled
	}
	s.tables.managed.Put(tx, managed)
}
