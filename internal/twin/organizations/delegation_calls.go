package organizations

import (
	"context"
	"iter"
	"slices"

	"github.com/aws/aws-sdk-go-v2/service/organizations"
	"github.com/aws/aws-sdk-go-v2/service/organizations/types"

	"accountfactory/internal/twin/state"
)

// RegisterDelegatedAdministrator makes a member account the administrator of a trusted service.
func (s *Service) RegisterDelegatedAdministrator(ctx context.Context, in *organizations.RegisterDelegatedAdministratorInput, _ ...func(*organizations.Options)) (*organizations.RegisterDelegatedAdministratorOutput, error) {
	err := s.manage(ctx, func(tx *state.Tx, _ *Organization) error {
		return s.Delegate(tx, str(in.AccountId), str(in.ServicePrincipal))
	})
	return answer(&organizations.RegisterDelegatedAdministratorOutput{}, err)
}

// DeregisterDelegatedAdministrator takes that back.
func (s *Service) DeregisterDelegatedAdministrator(ctx context.Context, in *organizations.DeregisterDelegatedAdministratorInput, _ ...func(*organizations.Options)) (*organizations.DeregisterDelegatedAdministratorOutput, error) {
	err := s.manage(ctx, func(tx *state.Tx, _ *Organization) error {
		return s.undelegate(tx, str(in.AccountId), str(in.ServicePrincipal))
	})
	return answer(&organizations.DeregisterDelegatedAdministratorOutput{}, err)
}

// ListDelegatedAdministrators gives the administrators of a service, or of any.
func (s *Service) ListDelegatedAdministrators(ctx context.Context, in *organizations.ListDelegatedAdministratorsInput, _ ...func(*organizations.Options)) (*organizations.ListDelegatedAdministratorsOutput, error) {
	out := &organizations.ListDelegatedAdministratorsOutput{}
	err := s.read(ctx, func(tx *state.Tx, org *Organization) error {
		scope := "ListDelegatedAdministrators/" + str(in.ServicePrincipal)
		from, err := after(scope, in.NextToken)
		if err != nil {
			return err
		}
		out.DelegatedAdministrators, out.NextToken = page(scope, in.MaxResults, s.administrators(tx, str(in.ServicePrincipal), from),
			func(d *delegation) string { return d.AccountID },
			func(d *delegation) types.DelegatedAdministrator { return s.wireAdministrator(tx, org, d) })
		return nil
	})
	return answer(out, err)
}

// administrators gives one delegation per account, the earliest, of a service or of any, after an account.
func (s *Service) administrators(tx *state.Tx, principal, account string) iter.Seq[*delegation] {
	if principal != "" {
		key := ""
		if account != "" {
			key = account + "/" + principal
		}
		return s.delegatedFor.OfAfter(tx, principal, key)
	}
	return func(yield func(*delegation) bool) {
		for d := range s.delegations.From(tx, account) {
			if d.AccountID == account {
				continue
			}
			account = d.AccountID
			first := slices.MinFunc(s.delegationsOf(tx, account), func(a, b *delegation) int { return a.Since.Compare(b.Since) })
			if !yield(first) {
				return
			}
		}
	}
}

// ListDelegatedServicesForAccount gives the services an account administers.
func (s *Service) ListDelegatedServicesForAccount(ctx context.Context, in *organizations.ListDelegatedServicesForAccountInput, _ ...func(*organizations.Options)) (*organizations.ListDelegatedServicesForAccountOutput, error) {
	out := &organizations.ListDelegatedServicesForAccountOutput{}
	err := s.read(ctx, func(tx *state.Tx, _ *Organization) error {
		id := str(in.AccountId)
		scope := "ListDelegatedServicesForAccount/" + id
		from, err := after(scope, in.NextToken)
		if err != nil {
			return err
		}
		if s.accounts.Get(tx, id) == nil {
			return errAccountNotFound()
		}
		all := s.delegationsOf(tx, id)
		if len(all) == 0 {
			return errNotDelegated()
		}
		rest := slices.DeleteFunc(all, func(d *delegation) bool { return from != "" && d.Principal <= from })
		out.DelegatedServices, out.NextToken = page(scope, in.MaxResults, slices.Values(rest),
			func(d *delegation) string { return d.Principal },
			func(d *delegation) types.DelegatedService {
				return types.DelegatedService{ServicePrincipal: new(d.Principal), DelegationEnabledDate: new(d.Since)}
			})
		return nil
	})
	return answer(out, err)
}

func (s *Service) wireAdministrator(tx *state.Tx, org *Organization, d *delegation) types.DelegatedAdministrator {
	a := s.accounts.Get(tx, d.AccountID)
	return types.DelegatedAdministrator{
		Id: new(a.ID), Arn: new(org.ARN(a.ID)), Email: new(a.Email), Name: new(a.Name), DelegationEnabledDate: new(d.Since),
		JoinedMethod: types.AccountJoinedMethod(a.JoinedMethod), JoinedTimestamp: new(a.Joined),
		State: types.AccountState(a.State), Status: a.State.status(),
	}
}
