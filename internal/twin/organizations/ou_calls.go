package organizations

import (
	"context"

	"github.com/aws/aws-sdk-go-v2/service/organizations"
	"github.com/aws/aws-sdk-go-v2/service/organizations/types"

	"accountfactory/internal/twin/state"
)

// CreateOrganizationalUnit makes an OU.
func (s *Service) CreateOrganizationalUnit(ctx context.Context, in *organizations.CreateOrganizationalUnitInput, _ ...func(*organizations.Options)) (*organizations.CreateOrganizationalUnitOutput, error) {
	out := &organizations.CreateOrganizationalUnitOutput{}
	err := s.manage(ctx, func(tx *state.Tx, org *Organization) error {
		tags, err := tagsFrom(in.Tags)
		if err != nil {
			return err
		}
		ou, err := s.AddOU(tx, str(in.ParentId), str(in.Name), tags)
		if err != nil {
			return err
		}
		out.OrganizationalUnit = new(s.wireOU(tx, org, ou))
		return nil
	})
	return answer(out, err)
}

// DescribeOrganizationalUnit gives an OU.
func (s *Service) DescribeOrganizationalUnit(ctx context.Context, in *organizations.DescribeOrganizationalUnitInput, _ ...func(*organizations.Options)) (*organizations.DescribeOrganizationalUnitOutput, error) {
	out := &organizations.DescribeOrganizationalUnitOutput{}
	err := s.read(ctx, func(tx *state.Tx, org *Organization) error {
		ou := s.OU(tx, str(in.OrganizationalUnitId))
		if ou == nil {
			return errOUNotFound()
		}
		out.OrganizationalUnit = new(s.wireOU(tx, org, ou))
		return nil
	})
	return answer(out, err)
}

// UpdateOrganizationalUnit renames an OU.
func (s *Service) UpdateOrganizationalUnit(ctx context.Context, in *organizations.UpdateOrganizationalUnitInput, _ ...func(*organizations.Options)) (*organizations.UpdateOrganizationalUnitOutput, error) {
	out := &organizations.UpdateOrganizationalUnitOutput{}
	err := s.manage(ctx, func(tx *state.Tx, org *Organization) error {
		ou := s.OU(tx, str(in.OrganizationalUnitId))
		if ou == nil {
			return errOUNotFound()
		}
		ou, err := s.RenameOU(tx, ou.ID, or(in.Name, ou.Name))
		if err != nil {
			return err
		}
		out.OrganizationalUnit = new(s.wireOU(tx, org, ou))
		return nil
	})
	return answer(out, err)
}

// DeleteOrganizationalUnit deletes an empty OU.
func (s *Service) DeleteOrganizationalUnit(ctx context.Context, in *organizations.DeleteOrganizationalUnitInput, _ ...func(*organizations.Options)) (*organizations.DeleteOrganizationalUnitOutput, error) {
	err := s.manage(ctx, func(tx *state.Tx, _ *Organization) error { return s.RemoveOU(tx, str(in.OrganizationalUnitId)) })
	return answer(&organizations.DeleteOrganizationalUnitOutput{}, err)
}

// ListOrganizationalUnitsForParent gives the OUs right in a root or OU.
func (s *Service) ListOrganizationalUnitsForParent(ctx context.Context, in *organizations.ListOrganizationalUnitsForParentInput, _ ...func(*organizations.Options)) (*organizations.ListOrganizationalUnitsForParentOutput, error) {
	out := &organizations.ListOrganizationalUnitsForParentOutput{}
	err := s.read(ctx, func(tx *state.Tx, org *Organization) error {
		parent := str(in.ParentId)
		scope := "ListOrganizationalUnitsForParent/" + parent
		from, err := after(scope, in.NextToken)
		if err != nil {
			return err
		}
		if !s.isParent(tx, parent) {
			return errParentNotFound()
		}
		out.OrganizationalUnits, out.NextToken = page(scope, in.MaxResults, s.ousIn.OfAfter(tx, parent, from),
			func(ou *OU) string { return ou.ID }, func(ou *OU) types.OrganizationalUnit { return s.wireOU(tx, org, ou) })
		return nil
	})
	return answer(out, err)
}

func (s *Service) wireOU(tx *state.Tx, org *Organization, ou *OU) types.OrganizationalUnit {
	return types.OrganizationalUnit{Id: new(ou.ID), Arn: new(org.ARN(ou.ID)), Name: new(ou.Name), Path: new(s.entityPath(tx, org, ou.ID))}
}
