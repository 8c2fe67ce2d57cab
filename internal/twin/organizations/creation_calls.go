package organizations

import (
	"cmp"
	"context"
	"iter"
	"slices"
	"strings"

	"github.com/aws/aws-sdk-go-v2/service/organizations"
	"github.com/aws/aws-sdk-go-v2/service/organizations/types"

	"accountfactory/internal/twin/state"
	"accountfactory/internal/wire"
)

// CreateAccount starts the creation of a member account.
func (s *Service) CreateAccount(ctx context.Context, in *organizations.CreateAccountInput, _ ...func(*organizations.Options)) (*organizations.CreateAccountOutput, error) {
	out := &organizations.CreateAccountOutput{}
	err := s.manage(ctx, func(tx *state.Tx, _ *Organization) error {
		tags, err := tagsFrom(in.Tags)
		if err != nil {
			return err
		}
		st, err := s.BeginCreateAccount(tx, NewAccount{
			Name: str(in.AccountName), Email: str(in.Email), RoleName: str(in.RoleName), Tags: tags, By: wire.RequestFrom(ctx).Caller.ARN,
		})
		if err != nil {
			return err
		}
		out.CreateAccountStatus = new(st.wire())
		return nil
	})
	return answer(out, err)
}

// DescribeCreateAccountStatus tells how a creation stands.
func (s *Service) DescribeCreateAccountStatus(ctx context.Context, in *organizations.DescribeCreateAccountStatusInput, _ ...func(*organizations.Options)) (*organizations.DescribeCreateAccountStatusOutput, error) {
	out := &organizations.DescribeCreateAccountStatusOutput{}
	err := s.read(ctx, func(tx *state.Tx, _ *Organization) error {
		st := s.CreateStatusOf(tx, str(in.CreateAccountRequestId))
		if st == nil {
			return errCreationNotFound()
		}
		out.CreateAccountStatus = new(st.wire())
		return nil
	})
	return answer(out, err)
}

// ListCreateAccountStatus gives the creations in these states, or all.
func (s *Service) ListCreateAccountStatus(ctx context.Context, in *organizations.ListCreateAccountStatusInput, _ ...func(*organizations.Options)) (*organizations.ListCreateAccountStatusOutput, error) {
	out := &organizations.ListCreateAccountStatusOutput{}
	err := s.read(ctx, func(tx *state.Tx, _ *Organization) error {
		var states []string
		for _, st := range in.States {
			states = append(states, string(st))
		}
		slices.Sort(states)
		states = slices.Compact(states)
		scope := "ListCreateAccountStatus/" + strings.Join(states, ",")
		from, err := after(scope, in.NextToken)
		if err != nil {
			return err
		}
		out.CreateAccountStatuses, out.NextToken = page(scope, in.MaxResults, s.creationsIn(tx, states, from),
			func(st *CreateStatus) string { return st.State + "/" + st.ID }, (*CreateStatus).wire)
		return nil
	})
	return answer(out, err)
}

// creationsIn gives the creations in the given states, all without any, that come after from ("state/id").
func (s *Service) creationsIn(tx *state.Tx, states []string, from string) iter.Seq[*CreateStatus] {
	fromState, fromID, _ := strings.Cut(from, "/")
	if len(states) == 0 {
		states = []string{Failed, InProgress, Succeeded}
	}
	return func(yield func(*CreateStatus) bool) {
		for _, state := range states {
			id := ""
			switch cmp.Compare(state, fromState) {
			case -1:
				continue
			case 0:
				id = fromID
			}
			for st := range s.creationsBy.OfAfter(tx, state, id) {
				if !yield(st) {
					return
				}
			}
		}
	}
}

// wire gives the status as the API shows it.
func (c *CreateStatus) wire() types.CreateAccountStatus {
	out := types.CreateAccountStatus{
		Id: new(c.ID), AccountName: new(c.Name), State: types.CreateAccountState(c.State), RequestedTimestamp: new(c.Requested),
		FailureReason: types.CreateAccountFailureReason(c.FailureReason),
	}
	if c.AccountID != "" {
		out.AccountId = new(c.AccountID)
	}
	if !c.Completed.IsZero() {
		out.CompletedTimestamp = new(c.Completed)
	}
	return out
}
