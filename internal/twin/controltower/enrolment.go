package controltower

import (
	"accountfactory/internal/arn"
	"accountfactory/internal/twin/iam"
	"accountfactory/internal/twin/identitycenter"
	"accountfactory/internal/twin/servicecatalog"
	"accountfactory/internal/twin/state"
	"accountfactory/internal/wire"
)

// adopt enrolls an account where it is, or brings an enrolled one in line with its OU: when the OU is registered, again or
// not, and when the account inherits by itself. The account gets a provisioned product of its own unless it has one.
func (s *Service) adopt(tx *state.Tx, by wire.Caller, accountID, ouID string) *servicecatalog.RecordError {
	m := s.tables.byAccount.First(tx, accountID)
	if !s.executable(tx, accountID) {
		s.putExecutionRole(tx, accountID) // by a stack set of its own, as AWS does when it registers an OU
	}
	account := s.org.Account(tx, accountID)
	if why := s.prerequisites(tx, accountID, account.Email, m != nil && m.Laid); why != nil {
		return why
	}
	if why := s.obstacles(tx, accountID, account.Email); why != nil {
		return why
	}
	if why := s.assignGroups(tx, accountID); why != nil {
		return why
	}
	s.putBaselineRoles(tx, accountID)
	if m == nil {
		m = &ManagedAccount{ProductID: s.enrolledProduct(tx, by, accountID), AccountID: accountID, Existing: true}
	}
	next := *m
	next.OU, next.Email, next.Enrolled, next.Laid = ouID, account.Email, true, true
	s.tables.managed.Put(tx, &next)
	s.tables.leftovers.Delete(tx, accountID)
	s.child(tx, accountID, ouID, statusSucceeded)
	s.repaired(tx, func(d *Drift) bool { return d.Type == driftMoved && d.Account == accountID })
	return nil
}

// enrolledProduct makes the provisioned product of an account that was not launched.
func (s *Service) enrolledProduct(tx *state.Tx, by wire.Caller, accountID string) string {
	account, ou := s.org.Account(tx, accountID), ""
	if row := s.org.OU(tx, account.Parent); row != nil {
		ou = OUText(row)
	}
	product := s.catalog.ProductOfType(tx, ProductType)
	return s.catalog.Enrolled(tx, servicecatalog.Enrolment{
		ProductID: product.ID, PhysicalID: accountID, Owner: s.owner(tx, by),
		Parameters: map[string]string{"AccountName": account.Name, "AccountEmail": account.Email, "ManagedOrganizationalUnit": ou},
		Outputs:    []servicecatalog.Output{{Key: "AccountId", Value: accountID, Description: "Managed Account Id"}, {Key: "AccountEmail", Value: account.Email, Description: "Email Id associated with the Account"}},
	}).ID
}

// owner gives who has the product of an account that was not launched: whoever had its OU registered or, where nobody asked
// for it, Control Tower itself.
func (s *Service) owner(tx *state.Tx, by wire.Caller) servicecatalog.Owner {
	if by.ARN == "" {
		admin := arn.Make("iam", "", s.config.ManagementAccountID, "role/service-role/AWSControlTowerAdmin")
		return servicecatalog.Owner{ARN: admin, Session: admin}
	}
	return s.catalog.OwnerOf(tx, by)
}

// expel lets go of an account that stays where it is: its OU is unregistered, or it left for one that is not. Its users
// keep their access.
func (s *Service) expel(tx *state.Tx, accountID string) {
	s.dropBaselineRoles(tx, accountID)
	if s.config.Profile == Current {
		s.iam.DeleteRole(tx, accountID, ExecutionRole)
	}
	m := s.tables.byAccount.First(tx, accountID)
	if m == nil {
		if row := s.enabledOn(tx, controlTowerBaseline, s.org.AccountARN(tx, accountID)); row != nil {
			s.tables.baselines.Delete(tx, row.ARN)
		}
		return
	}
	owner := s.owner(tx, wire.Caller{})
	if p := s.catalog.ProvisionedProduct(tx, m.ProductID); p != nil {
		owner = p.Owner
	}
	s.catalog.Terminated(tx, m.ProductID, owner)
	s.forget(tx, m)
}

func (s *Service) putExecutionRole(tx *state.Tx, accountID string) {
	trust := `{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":{"AWS":"` + arn.Make("iam", "", s.config.ManagementAccountID, "root") + `"},"Action":"sts:AssumeRole"}]}`
	s.iam.PutRole(tx, accountID, iam.RoleSpec{Name: ExecutionRole, Trust: trust, Managed: []string{"arn:aws:iam::aws:policy/AdministratorAccess"}})
}

// assignGroups gives Control Tower's groups their access at once.
func (s *Service) assignGroups(tx *state.Tx, accountID string) *servicecatalog.RecordError {
	for _, a := range memberAccess {
		set, group := s.center.PermissionSetByName(tx, a.PermissionSet), s.center.GroupByName(tx, a.Group)
		if set == nil || group == nil {
			continue
		}
		want := identitycenter.Assignment{AccountID: accountID, PermissionSetARN: set.ARN, PrincipalType: identitycenter.GroupPrincipal, PrincipalID: group.ID}
		if err := s.center.Assign(tx, want); err != nil {
			return failure(codeInternal, "AWS Control Tower could not give access to the account: %s", err)
		}
	}
	return nil
}
