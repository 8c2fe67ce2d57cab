package organizations

import (
	"context"

	"github.com/aws/aws-sdk-go-v2/service/organizations"
	"github.com/aws/aws-sdk-go-v2/service/organizations/types"

	"accountfactory/internal/twin/state"
)

// DescribeAccount gives an account.
func (s *Service) DescribeAccount(ctx context.Context, in *organizations.DescribeAccountInput, _ ...func(*organizations.Options)) (*organizations.DescribeAccountOutput, error) {
	out := &organizations.DescribeAccountOutput{}
	err := s.read(ctx, func(tx *state.Tx, org *Organization) error {
		a := s.Account(tx, str(in.AccountId))
		if a == nil {
			return errAccountNotFound()
		}
		out.Account = new(wireAccount(org, a, s.entityPath(tx, org, a.ID)))
		return nil
	})
	return answer(out, err)
}

// ListAccounts gives all accounts of the organization.
func (s *Service) ListAccounts(ctx context.Context, in *organizations.ListAccountsInput, _ ...func(*organizations.Options)) (*organizations.ListAccountsOutput, error) {
	out := &organizations.ListAccountsOutput{}
	err := s.read(ctx, func(tx *state.Tx, org *Organization) error {
		from, err := after("ListAccounts", in.NextToken)
		if err != nil {
			return err
		}
		out.Accounts, out.NextToken = page("ListAccounts", in.MaxResults, s.accounts.After(tx, from),
			func(a *Account) string { return a.ID }, func(a *Account) types.Account { return wireAccount(org, a, s.entityPath(tx, org, a.ID)) })
		return nil
	})
	return answer(out, err)
}

// ListAccountsForParent gives the accounts right in a root or OU.
func (s *Service) ListAccountsForParent(ctx context.Context, in *organizations.ListAccountsForParentInput, _ ...func(*organizations.Options)) (*organizations.ListAccountsForParentOutput, error) {
	out := &organizations.ListAccountsForParentOutput{}
	err := s.read(ctx, func(tx *state.Tx, org *Organization) error {
		parent := str(in.ParentId)
		scope := "ListAccountsForParent/" + parent
		from, err := after(scope, in.NextToken)
		if err != nil {
			return err
		}
		if !s.isParent(tx, parent) {
			return errParentNotFound()
		}
		within := s.entityPath(tx, org, parent)
		out.Accounts, out.NextToken = page(scope, in.MaxResults, s.accountsIn.OfAfter(tx, parent, from),
			func(a *Account) string { return a.ID }, func(a *Account) types.Account { return wireAccount(org, a, within+a.ID+"/") })
		return nil
	})
	return answer(out, err)
}

// MoveAccount moves an account between root and OUs, at once.
func (s *Service) MoveAccount(ctx context.Context, in *organizations.MoveAccountInput, _ ...func(*organizations.Options)) (*organizations.MoveAccountOutput, error) {
	err := s.manage(ctx, func(tx *state.Tx, _ *Organization) error {
		return s.Move(tx, str(in.AccountId), str(in.SourceParentId), str(in.DestinationParentId))
	})
	return answer(&organizations.MoveAccountOutput{}, err)
}

// CloseAccount starts the closure of a member account.
func (s *Service) CloseAccount(ctx context.Context, in *organizations.CloseAccountInput, _ ...func(*organizations.Options)) (*organizations.CloseAccountOutput, error) {
	err := s.manage(ctx, func(tx *state.Tx, _ *Organization) error { return s.Close(tx, str(in.AccountId)) })
	return answer(&organizations.CloseAccountOutput{}, err)
}

// RemoveAccountFromOrganization takes a member account out of the organization.
func (s *Service) RemoveAccountFromOrganization(ctx context.Context, in *organizations.RemoveAccountFromOrganizationInput, _ ...func(*organizations.Options)) (*organizations.RemoveAccountFromOrganizationOutput, error) {
	err := s.manage(ctx, func(tx *state.Tx, _ *Organization) error { return s.Leave(tx, str(in.AccountId)) })
	return answer(&organizations.RemoveAccountFromOrganizationOutput{}, err)
}

func wireAccount(org *Organization, a *Account, path string) types.Account {
	return types.Account{
		Id: &a.ID, Arn: new(org.ARN(a.ID)), Email: &a.Email, Name: &a.Name, // of the row, which nobody modifies
		JoinedMethod: types.AccountJoinedMethod(a.JoinedMethod), JoinedTimestamp: &a.Joined,
		State: types.AccountState(a.State), Status: a.State.status(), Paths: []string{path},
	}
}

// status gives the retiring Status beside a State: it has no word for closed but SUSPENDED.
func (st State) status() types.AccountStatus {
	if st == Closed {
		return types.AccountStatusSuspended
	}
	return types.AccountStatus(st)
}
