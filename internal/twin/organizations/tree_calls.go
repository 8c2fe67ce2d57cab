package organizations

import (
	"context"

	"github.com/aws/aws-sdk-go-v2/service/organizations"
	"github.com/aws/aws-sdk-go-v2/service/organizations/types"

	"accountfactory/internal/twin/state"
)

// ListChildren gives the ids of the accounts or OUs right in a root or OU.
func (s *Service) ListChildren(ctx context.Context, in *organizations.ListChildrenInput, _ ...func(*organizations.Options)) (*organizations.ListChildrenOutput, error) {
	out := &organizations.ListChildrenOutput{}
	err := s.read(ctx, func(tx *state.Tx, _ *Organization) error {
		parent := str(in.ParentId)
		scope := "ListChildren/" + string(in.ChildType) + "/" + parent
		from, err := after(scope, in.NextToken)
		if err != nil {
			return err
		}
		if !s.isParent(tx, parent) {
			return errParentNotFound()
		}
		if in.ChildType == types.ChildTypeOrganizationalUnit {
			out.Children, out.NextToken = page(scope, in.MaxResults, s.ousIn.OfAfter(tx, parent, from),
				func(ou *OU) string { return ou.ID }, func(ou *OU) types.Child { return types.Child{Id: new(ou.ID), Type: in.ChildType} })
			return nil
		}
		out.Children, out.NextToken = page(scope, in.MaxResults, s.accountsIn.OfAfter(tx, parent, from),
			func(a *Account) string { return a.ID }, func(a *Account) types.Child { return types.Child{Id: new(a.ID), Type: in.ChildType} })
		return nil
	})
	return answer(out, err)
}

// ListParents gives the one parent of an account or OU.
func (s *Service) ListParents(ctx context.Context, in *organizations.ListParentsInput, _ ...func(*organizations.Options)) (*organizations.ListParentsOutput, error) {
	out := &organizations.ListParentsOutput{}
	err := s.read(ctx, func(tx *state.Tx, _ *Organization) error {
		if str(in.NextToken) != "" {
			return errBadToken() // there never is a second page
		}
		parent, ok := s.parentOf(tx, str(in.ChildId))
		if !ok {
			return errChildNotFound()
		}
		kind := types.ParentTypeOrganizationalUnit
		if isRoot(parent) {
			kind = types.ParentTypeRoot
		}
		out.Parents = []types.Parent{{Id: &parent, Type: kind}}
		return nil
	})
	return answer(out, err)
}
