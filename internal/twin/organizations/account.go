package organizations

import (
	"cmp"
	"iter"

	"accountfactory/internal/arn"
	"accountfactory/internal/twin/state"
)

const (
	joinedCreated = "CREATED"
	joinedInvited = "INVITED"

	// defaultRole is the role a new account gets unless CreateAccount names another.
	defaultRole = "OrganizationAccountAccessRole"
)

// Account gives an account of the organization, or nil. Closed accounts are given until they are gone.
func (s *Service) Account(tx *state.Tx, id string) *Account { return s.accounts.Get(tx, id) }

// AccountByEmail gives the account with this e-mail, in any case, or nil.
func (s *Service) AccountByEmail(tx *state.Tx, email string) *Account {
	return s.accountsByMail.First(tx, folded(email))
}

// Accounts gives all accounts, in the order of their ids.
func (s *Service) Accounts(tx *state.Tx) iter.Seq[*Account] { return s.accounts.All(tx) }

// ChildAccounts gives the accounts right in a root or OU.
func (s *Service) ChildAccounts(tx *state.Tx, parent string) iter.Seq[*Account] {
	return s.accountsIn.Of(tx, parent)
}

// AddAccount makes a member account at once, for the first start. What spec leaves out is filled in: ID, Parent (the
// root), JoinedMethod, Joined, State and RoleName. No account may have its ID or e-mail.
func (s *Service) AddAccount(tx *state.Tx, spec Account) *Account {
	a := s.addAccount(tx, &spec)
	s.members.AddMember(tx, a.ID, a.RoleName, s.Organization(tx).ManagementID)
	return a
}

// addAccount puts an account and the policy each account has.
func (s *Service) addAccount(tx *state.Tx, a *Account) *Account {
	if a.ID == "" {
		a.ID = s.newAccountID(tx)
	}
	a.Parent = cmp.Or(a.Parent, s.RootID(tx))
	a.JoinedMethod = cmp.Or(a.JoinedMethod, joinedCreated)
	a.State = cmp.Or(a.State, Active)
	a.RoleName = cmp.Or(a.RoleName, defaultRole)
	if a.Joined.IsZero() {
		a.Joined = tx.Now()
	}
	s.accounts.Put(tx, a)
	s.attachDefault(tx, a.ID)
	for _, f := range s.joined {
		f(tx, a.ID)
	}
	return a
}

func (s *Service) newAccountID(tx *state.Tx) string {
	for {
		if id := arn.AccountID(tx); s.accounts.Get(tx, id) == nil && s.outside.Get(tx, id) == nil {
			return id
		}
	}
}

// EmailTaken tells whether an account has or had this e-mail.
func (s *Service) EmailTaken(tx *state.Tx, email string) bool {
	return s.AccountByEmail(tx, email) != nil || s.spent.Get(tx, folded(email)) != nil || s.outsideByMail.First(tx, folded(email)) != nil
}

// Move moves an account from one root or OU to another. It returns AccountNotFoundException,
// SourceParentNotFoundException when the account is not in from, DestinationParentNotFoundException, or
// DuplicateAccountException when from and to are the same.
func (s *Service) Move(tx *state.Tx, accountID, from, to string) error {
	a := s.accounts.Get(tx, accountID)
	switch {
	case a == nil:
		return errAccountNotFound()
	case a.Parent != from:
		return errSourceParentNotFound()
	case !s.isParent(tx, to):
		return errDestinationParentNotFound()
	case from == to:
		return errDuplicateAccount()
	}
	s.accounts.Change(tx, accountID, func(a *Account) { a.Parent = to })
	for _, f := range s.moved {
		f(tx, accountID, from, to)
	}
	return nil
}
