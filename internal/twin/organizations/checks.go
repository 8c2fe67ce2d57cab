package organizations

import (
	"context"

	"github.com/aws/aws-sdk-go-v2/service/organizations"

	"accountfactory/internal/wire"
)

func (s *Service) checkDescribeOrganization(_ context.Context, _ *organizations.DescribeOrganizationInput) ([]wire.Check, error) {
	return s.checks("DescribeOrganization", nil)
}

func (s *Service) checkCreateOrganization(_ context.Context, _ *organizations.CreateOrganizationInput) ([]wire.Check, error) {
	return s.checks("CreateOrganization", nil)
}

func (s *Service) checkListRoots(_ context.Context, _ *organizations.ListRootsInput) ([]wire.Check, error) {
	return s.checks("ListRoots", nil)
}

func (s *Service) checkDescribeOrganizationalUnit(_ context.Context, in *organizations.DescribeOrganizationalUnitInput) ([]wire.Check, error) {
	return s.checks("DescribeOrganizationalUnit", nil, str(in.OrganizationalUnitId))
}

func (s *Service) checkUpdateOrganizationalUnit(_ context.Context, in *organizations.UpdateOrganizationalUnitInput) ([]wire.Check, error) {
	return s.checks("UpdateOrganizationalUnit", nil, str(in.OrganizationalUnitId))
}

func (s *Service) checkDeleteOrganizationalUnit(_ context.Context, in *organizations.DeleteOrganizationalUnitInput) ([]wire.Check, error) {
	return s.checks("DeleteOrganizationalUnit", nil, str(in.OrganizationalUnitId))
}

func (s *Service) checkListOrganizationalUnitsForParent(_ context.Context, in *organizations.ListOrganizationalUnitsForParentInput) ([]wire.Check, error) {
	return s.checks("ListOrganizationalUnitsForParent", nil, str(in.ParentId))
}

func (s *Service) checkListChildren(_ context.Context, in *organizations.ListChildrenInput) ([]wire.Check, error) {
	return s.checks("ListChildren", nil, str(in.ParentId))
}

func (s *Service) checkListParents(_ context.Context, in *organizations.ListParentsInput) ([]wire.Check, error) {
	return s.checks("ListParents", nil, str(in.ChildId))
}

func (s *Service) checkListAccounts(_ context.Context, _ *organizations.ListAccountsInput) ([]wire.Check, error) {
	return s.checks("ListAccounts", nil)
}

func (s *Service) checkListAccountsForParent(_ context.Context, in *organizations.ListAccountsForParentInput) ([]wire.Check, error) {
	return s.checks("ListAccountsForParent", nil, str(in.ParentId))
}

func (s *Service) checkDescribeAccount(_ context.Context, in *organizations.DescribeAccountInput) ([]wire.Check, error) {
	return s.checks("DescribeAccount", nil, str(in.AccountId))
}

func (s *Service) checkMoveAccount(_ context.Context, in *organizations.MoveAccountInput) ([]wire.Check, error) {
	return s.checks("MoveAccount", nil, str(in.AccountId), str(in.SourceParentId), str(in.DestinationParentId))
}

func (s *Service) checkCloseAccount(_ context.Context, in *organizations.CloseAccountInput) ([]wire.Check, error) {
	return s.checks("CloseAccount", nil, str(in.AccountId))
}

func (s *Service) checkRemoveAccountFromOrganization(_ context.Context, in *organizations.RemoveAccountFromOrganizationInput) ([]wire.Check, error) {
	return s.checks("RemoveAccountFromOrganization", nil, str(in.AccountId))
}

func (s *Service) checkDescribeCreateAccountStatus(_ context.Context, _ *organizations.DescribeCreateAccountStatusInput) ([]wire.Check, error) {
	return s.checks("DescribeCreateAccountStatus", nil)
}

func (s *Service) checkListCreateAccountStatus(_ context.Context, _ *organizations.ListCreateAccountStatusInput) ([]wire.Check, error) {
	return s.checks("ListCreateAccountStatus", nil)
}

func (s *Service) checkListTagsForResource(_ context.Context, in *organizations.ListTagsForResourceInput) ([]wire.Check, error) {
	return s.checks("ListTagsForResource", nil, str(in.ResourceId))
}
