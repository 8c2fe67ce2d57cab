package identitycenter

import (
	"iter"
	"time"

	sso "github.com/aws/aws-sdk-go-v2/service/ssoadmin/types"

	"accountfactory/internal/twin/state"
)

// The types of principals.
const (
	UserPrincipal  = string(sso.PrincipalTypeUser)
	GroupPrincipal = string(sso.PrincipalTypeGroup)
)

// Assignment lets a user or group into an account with a permission set.
type Assignment struct {
	AccountID        string
	PermissionSetARN string
	PrincipalType    string // UserPrincipal or GroupPrincipal
	PrincipalID      string
	Created          time.Time
}

func (a *Assignment) key() string {
	return provisionKey(a.AccountID, a.PermissionSetARN) + "/" + a.PrincipalType + "/" + a.PrincipalID
}

// Assign makes an assignment at once, with its role; one that is there already stays as it is. It returns AWS's error
// when account, principal or permission set is not there, or the role cannot be made.
func (s *Service) Assign(tx *state.Tx, a Assignment) error {
	if err := s.assignable(tx, a); err != nil {
		return err
	}
	return s.assign(tx, a)
}

// assignable says whether all three sides of an assignment are there.
func (s *Service) assignable(tx *state.Tx, a Assignment) error {
	if _, err := s.set(tx, &a.PermissionSetARN); err != nil {
		return err
	}
	if err := s.account(tx, a.AccountID); err != nil {
		return err
	}
	return s.principal(tx, a.PrincipalType, a.PrincipalID)
}

func (s *Service) account(tx *state.Tx, id string) error {
	if _, _, ok := s.accounts.AccountName(tx, id); !ok {
		return notFound("Could not find AWS account with id %s", id)
	}
	return nil
}

func (s *Service) principal(tx *state.Tx, kind, id string) error {
	if kind == UserPrincipal && s.users.Get(tx, id) != nil || kind == GroupPrincipal && s.groups.Get(tx, id) != nil {
		return nil
	}
	return notFound("Could not find %s with id %s", kind, id)
}

// assign puts the assignment. The role is made when the account has none of this set yet; one that is there stays as it
// was provisioned.
func (s *Service) assign(tx *state.Tx, a Assignment) error {
	p, err := s.set(tx, &a.PermissionSetARN)
	if err != nil {
		return err
	}
	if s.Provision(tx, a.AccountID, p.ARN) == nil {
		if err := s.provision(tx, a.AccountID, p); err != nil {
			return err
		}
	}
	if s.assignments.Get(tx, a.key()) == nil {
		a.Created = tx.Now()
		s.assignments.Put(tx, &a)
	}
	return nil
}

// Unassign removes an assignment at once, and with the last of its set in the account the role. It reports whether there
// was one.
func (s *Service) Unassign(tx *state.Tx, a Assignment) bool {
	if !s.assignments.Delete(tx, a.key()) {
		return false
	}
	for range s.assignees(tx, a.AccountID, a.PermissionSetARN, "") {
		return true
	}
	s.deprovision(tx, a.AccountID, a.PermissionSetARN)
	return true
}

// assignees gives the assignments of a set in an account whose keys come after key.
func (s *Service) assignees(tx *state.Tx, accountID, setARN, key string) iter.Seq[*Assignment] {
	return under(tx, s.assignments, provisionKey(accountID, setARN)+"/", key, (*Assignment).key)
}

// Assigned gives the assignments in an account.
func (s *Service) Assigned(tx *state.Tx, accountID string) iter.Seq[*Assignment] {
	return under(tx, s.assignments, accountID+"/", "", (*Assignment).key)
}

// AssignmentsOf gives the assignments of a user or group itself; those a user has through groups are not among them.
func (s *Service) AssignmentsOf(tx *state.Tx, principalID string) iter.Seq[*Assignment] {
	return s.byPrincipal.Of(tx, principalID)
}

// AccessOf gives every assignment that lets a user in: their own, then those of their groups.
func (s *Service) AccessOf(tx *state.Tx, userID string) iter.Seq[*Assignment] {
	return func(yield func(*Assignment) bool) {
		for _, principal := range s.principals(tx, userID) {
			for a := range s.byPrincipal.Of(tx, principal) {
				if !yield(a) {
					return
				}
			}
		}
	}
}

// RemoveAccount forgets an account that is gone: its assignments, roles and what was about to be done there.
func (s *Service) RemoveAccount(tx *state.Tx, accountID string) {
	for _, a := range collect(s.Assigned(tx, accountID)) {
		s.assignments.Delete(tx, a.key())
	}
	for _, p := range collect(s.provisioned(tx, accountID, "")) {
		s.deprovision(tx, accountID, p.PermissionSetARN)
	}
	s.federations.Delete(tx, accountID)
}
