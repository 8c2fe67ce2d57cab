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

// Available tells Service Catalog whether Account Factory can be launched: not without Control Tower's own roles, which is
// what its troubleshooting page means by drift that needs repair.
func (s *Service) Available(tx *state.Tx) bool {
	return s.theZone(tx) != nil && len(s.missingRoles(tx)) == 0
}

// Start begins an account operation for Service Catalog, or says why not with the error of the record.
func (s *Service) Start(tx *state.Tx, job servicecatalog.Job) error {
	if err := s.config.Allowed(tx, job.Caller, actionFor[job.Action], "*"); err != nil {
		return failure(codeDenied, "%s", err.Error())
	}
	if s.config.Allowed(tx, job.Caller, "organizations:DescribeOrganization", "*") != nil {
		return failure(codeDenied, textF27)
	}
	if s.theZone(tx) == nil {
		return s.startWithout(tx, job)
	}
	if err := s.accountLane(tx, job.Action); err != nil && !s.nothingToUndo(tx, job) {
		return err
	}
	if m := s.tables.managed.Get(tx, job.ProductID); m != nil && s.tables.inherits.Get(tx, m.AccountID) != nil {
		return errOtherOperation() // it is being taken in, or let go of, where somebody moved it
	}
	if job.Action == servicecatalog.Terminate {
		return s.startUnmanage(tx, job)
	}
	return s.startManage(tx, job)
}

// startWithout answers without a landing zone: products that are left can be terminated, that is all.
func (s *Service) startWithout(tx *state.Tx, job servicecatalog.Job) error {
	if job.Action != servicecatalog.Terminate {
		return failure(codeNotFound, "There is no landing zone. Set one up, then try again.")
	}
	s.forget(tx, s.tables.managed.Get(tx, job.ProductID))
	s.catalog.Complete(tx, job.RecordID, servicecatalog.Outcome{})
	return nil
}

func (s *Service) startManage(tx *state.Tx, job servicecatalog.Job) error {
	p, err := parametersOf(job.Parameters)
	if err != nil {
		return err
	}
	ou, err := s.targetOU(tx, p.ManagedOrganizationalUnit)
	if err != nil {
		return err
	}
	op := &Operation{
		ID: arn.UUID(tx), Action: job.Action, RecordID: job.RecordID, ProductID: job.ProductID, Parameters: p, OU: ou.ID, Requested: tx.Now(),
	}
	if err := s.findAccount(tx, op); err != nil {
		return err
	}
	s.limitTime(tx, op)
	s.tables.operations.Put(tx, op)
	if op.AccountID != "" {
		s.underChange(tx, op)
	}
	tx.Begin(kindManage, op.ID, stepAccount, tx.Pace(paceAccount))
	return nil
}

// targetOU finds the OU of a launch, if an account can go there now.
func (s *Service) targetOU(tx *state.Tx, name string) (*organizations.OU, error) {
	ou, err := s.resolveOU(tx, name)
	if err != nil {
		return nil, err
	}
	if row := s.enabledOn(tx, controlTowerBaseline, s.org.OUARN(tx, ou.ID)); !compatible(row.Version, s.theZone(tx).Version) {
		return nil, failure(codeInvalidParameters, textF28, name, row.Version, s.theZone(tx).Version)
	}
	if s.controlling(tx, ou.ID) || s.inheriting(tx, ou.ID) {
		return nil, errOtherOperation()
	}
	return ou, nil
}

// findAccount looks whether the operation's account exists already: the one this product managed before, or an unenrolled
// member with the same e-mail, which is then enrolled.
func (s *Service) findAccount(tx *state.Tx, op *Operation) error {
	if m := s.tables.managed.Get(tx, op.ProductID); m != nil && m.AccountID != "" {
		return s.findManaged(tx, op, m)
	}
	account := s.org.AccountByEmail(tx, op.Parameters.AccountEmail)
	if account == nil {
		return nil
	}
	if s.tables.byAccount.First(tx, account.ID) != nil || s.enrolled(tx, account.ID) || account.ID == s.config.ManagementAccountID || account.State != organizations.Active {
		return errEmailInUse(op.Parameters.AccountEmail)
	}
	if l := s.tables.leftovers.Get(tx, account.ID); l != nil {
		return failure(codeInvalidParameters, textF18)
	}
	op.AccountID, op.Adopted = account.ID, true
	return nil
}

// findManaged checks the account an update is about: still there, still where Control Tower put it, still with the e-mail
// Control Tower has for it.
func (s *Service) findManaged(tx *state.Tx, op *Operation, m *ManagedAccount) error {
	account := s.org.Account(tx, m.AccountID)
	switch {
	case account == nil:
		return failure(codeNotFound, textF25, m.AccountID)
	case account.State != organizations.Active:
		return failure(codeInvalidParameters, textF16b)
	case !strings.EqualFold(m.Email, op.Parameters.AccountEmail):
		return failure(codeInvalidParameters, textF24, op.Parameters.AccountEmail, account.ID)
	case m.Enrolled && account.Parent != m.OU && account.Parent != op.OU:
		return failure(codeInvalidParameters, textF20)
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
	if s.enabledOn(tx, controlTowerBaseline, s.org.AccountARN(tx, op.AccountID)) == nil {
		s.child(tx, op.AccountID, op.OU, statusUnderChange)
	} else {
		s.setStatus(tx, s.org.AccountARN(tx, op.AccountID), statusUnderChange) // of its present OU's until it is moved
	}
	managed := ManagedAccount{ProductID: op.ProductID, AccountID: op.AccountID, Email: op.Parameters.AccountEmail, Existing: op.Adopted}
	if old := s.tables.managed.Get(tx, op.ProductID); old != nil {
		managed = *old
	}
	managed.AccountID = op.AccountID
	s.tables.managed.Put(tx, &managed)
}

// child puts the account's part of its OU's baseline, or the status of the one that is there.
func (s *Service) child(tx *state.Tx, accountID, ouID, status string) *EnabledBaseline {
	parent := s.enabledOn(tx, controlTowerBaseline, s.org.OUARN(tx, ouID))
	parentARN, version := "", baselineFor(s.theZone(tx).Version)
	if parent != nil {
		parentARN, version = parent.ARN, parent.Version
	}
	return s.enable(tx, controlTowerBaseline, version, s.org.AccountARN(tx, accountID), parentARN, status)
}
