package account

import (
	"context"
	"fmt"
	"slices"

	"github.com/aws/aws-sdk-go-v2/service/account"
	"github.com/aws/aws-sdk-go-v2/service/account/types"

	"accountfactory/internal/twin/state"
	"accountfactory/internal/wire"
)

// maxRegions is both the default and the most on a page.
const maxRegions = 50

// ListRegions lists the Regions of an account, in the order of their names.
func (s *Service) ListRegions(ctx context.Context, in *account.ListRegionsInput, _ ...func(*account.Options)) (*account.ListRegionsOutput, error) {
	out := &account.ListRegionsOutput{Regions: []types.Region{}}
	err := s.read(ctx, in.AccountId, func(tx *state.Tx, id string) error {
		scope := fmt.Sprintf("ListRegions/%s/%s", id, in.RegionOptStatusContains)
		last, ok := wire.After(scope, in.NextToken)
		if !ok {
			return invalid("nextToken", "The pagination token is invalid.")
		}
		limit := maxRegions
		if in.MaxResults != nil {
			limit = int(*in.MaxResults)
		}
		for _, name := range allRegions() {
			status := types.RegionOptStatus(s.regionStatus(tx, id, name))
			if name <= last || len(in.RegionOptStatusContains) > 0 && !slices.Contains(in.RegionOptStatusContains, status) {
				continue
			}
			if len(out.Regions) == limit {
				out.NextToken = wire.Cursor(scope, *out.Regions[limit-1].RegionName)
				return nil
			}
			out.Regions = append(out.Regions, types.Region{RegionName: &name, RegionOptStatus: status})
		}
		return nil
	})
	return answer(out, err)
}

// GetRegionOptStatus tells the status of one Region.
func (s *Service) GetRegionOptStatus(ctx context.Context, in *account.GetRegionOptStatusInput, _ ...func(*account.Options)) (*account.GetRegionOptStatusOutput, error) {
	out := &account.GetRegionOptStatusOutput{RegionName: in.RegionName}
	err := s.read(ctx, in.AccountId, func(tx *state.Tx, id string) error {
		status := s.regionStatus(tx, id, *in.RegionName)
		if status == "" {
			return errRegionTarget(*in.RegionName)
		}
		out.RegionOptStatus = types.RegionOptStatus(status)
		return nil
	})
	return answer(out, err)
}

// EnableRegion opts an account in to a Region.
func (s *Service) EnableRegion(ctx context.Context, in *account.EnableRegionInput, _ ...func(*account.Options)) (*account.EnableRegionOutput, error) {
	err := s.write(ctx, in.AccountId, func(tx *state.Tx, id string) error {
		return s.opt(tx, id, *in.RegionName, disabled, enabling, enabled)
	})
	return answer(&account.EnableRegionOutput{}, err)
}

// DisableRegion opts an account out of a Region.
func (s *Service) DisableRegion(ctx context.Context, in *account.DisableRegionInput, _ ...func(*account.Options)) (*account.DisableRegionOutput, error) {
	err := s.write(ctx, in.AccountId, func(tx *state.Tx, id string) error {
		return s.opt(tx, id, *in.RegionName, enabled, disabling, disabled)
	})
	return answer(&account.DisableRegionOutput{}, err)
}
