package servicecatalog

import (
	"context"

	sdk "github.com/aws/aws-sdk-go-v2/service/servicecatalog"
	"github.com/aws/aws-sdk-go-v2/service/servicecatalog/types"

	"accountfactory/internal/wire"
)

// A policy grants actions on provisioned products with servicecatalog:userLevel, roleLevel or accountLevel set to "self":
// what the caller's session made, what their role made, all. A request carries the key of every level that would reach what
// it asks for, so that a wider grant covers a narrower request and never the other way round. AWS's
// AWSServiceCatalogEndUserFullAccess has userLevel: it covers a search at level User, and not the default level Account.

func atLevel(action string, level types.AccessLevelFilterKey) []wire.Check {
	return check(action, "*", levelKeys(level))
}

func levelKeys(level types.AccessLevelFilterKey) map[string][]string {
	self := []string{"self"}
	keys := map[string][]string{"servicecatalog:accountLevel": self}
	if level != types.AccessLevelFilterKeyAccount {
		keys["servicecatalog:roleLevel"] = self
	}
	if level == types.AccessLevelFilterKeyUser {
		keys["servicecatalog:userLevel"] = self
	}
	return keys
}

// atOwner is the check of an action on what an owner has, at the narrowest level that reaches it. find gives nil for what
// does not exist: everybody may be told so.
func (s *Service) atOwner(ctx context.Context, action string, find func(c *call) *Owner) ([]wire.Check, error) {
	level := types.AccessLevelFilterKeyUser
	err := s.view(ctx, func(c *call) error {
		o := find(c)
		switch {
		case o == nil || c.within(types.AccessLevelFilterKeyUser, *o):
		case c.within(types.AccessLevelFilterKeyRole, *o):
			level = types.AccessLevelFilterKeyRole
		default:
			level = types.AccessLevelFilterKeyAccount
		}
		return nil
	})
	return atLevel(action, level), err
}

func (s *Service) ownerOf(id, name *string) func(c *call) *Owner {
	return func(c *call) *Owner {
		if id == nil && name == nil {
			return nil
		}
		if p := s.lookup(c, id, name); p != nil {
			return &p.Owner
		}
		return nil
	}
}

func (s *Service) mayUpdateProvisionedProduct(ctx context.Context, in *sdk.UpdateProvisionedProductInput) ([]wire.Check, error) {
	return s.atOwner(ctx, "UpdateProvisionedProduct", s.ownerOf(in.ProvisionedProductId, in.ProvisionedProductName))
}

func (s *Service) mayTerminateProvisionedProduct(ctx context.Context, in *sdk.TerminateProvisionedProductInput) ([]wire.Check, error) {
	return s.atOwner(ctx, "TerminateProvisionedProduct", s.ownerOf(in.ProvisionedProductId, in.ProvisionedProductName))
}

func (s *Service) mayDescribeProvisionedProduct(ctx context.Context, in *sdk.DescribeProvisionedProductInput) ([]wire.Check, error) {
	return s.atOwner(ctx, "DescribeProvisionedProduct", s.ownerOf(in.Id, in.Name))
}

// The owner of a product may describe all its records, whoever asked for them (DescribeRecord, API reference). Once it is
// terminated, each record is that of who asked.
func (s *Service) mayDescribeRecord(ctx context.Context, in *sdk.DescribeRecordInput) ([]wire.Check, error) {
	return s.atOwner(ctx, "DescribeRecord", func(c *call) *Owner {
		r := s.records.Get(c.Tx, *in.Id)
		if r == nil {
			return nil
		}
		if p := s.provisioned.Get(c.Tx, r.ProvisionedID); p != nil {
			return &p.Owner
		}
		return &r.Owner
	})
}

// A plan for a product that exists acts on that product.
func (s *Service) mayCreatePlan(ctx context.Context, in *sdk.CreateProvisionedProductPlanInput) ([]wire.Check, error) {
	return s.atOwner(ctx, "CreateProvisionedProductPlan", s.ownerOf(nil, in.ProvisionedProductName))
}

func (s *Service) onPlan(ctx context.Context, action, id string) ([]wire.Check, error) {
	return s.atOwner(ctx, action, func(c *call) *Owner {
		if p := s.plans.Get(c.Tx, id); p != nil {
			return &p.Owner
		}
		return nil
	})
}

func (s *Service) mayDescribePlan(ctx context.Context, in *sdk.DescribeProvisionedProductPlanInput) ([]wire.Check, error) {
	return s.onPlan(ctx, "DescribeProvisionedProductPlan", *in.PlanId)
}

func (s *Service) mayExecutePlan(ctx context.Context, in *sdk.ExecuteProvisionedProductPlanInput) ([]wire.Check, error) {
	return s.onPlan(ctx, "ExecuteProvisionedProductPlan", *in.PlanId)
}

func (s *Service) mayDeletePlan(ctx context.Context, in *sdk.DeleteProvisionedProductPlanInput) ([]wire.Check, error) {
	return s.onPlan(ctx, "DeleteProvisionedProductPlan", *in.PlanId)
}

// listing is the check of an action that lists at the level a request names.
func listing(action string, f *types.AccessLevelFilter, otherwise types.AccessLevelFilterKey) ([]wire.Check, error) {
	level, err := accessLevel(f, otherwise)
	if err != nil {
		return nil, err
	}
	return atLevel(action, level), nil
}

func maySearchProvisionedProducts(_ context.Context, in *sdk.SearchProvisionedProductsInput) ([]wire.Check, error) {
	return listing("SearchProvisionedProducts", in.AccessLevelFilter, types.AccessLevelFilterKeyAccount)
}

func mayScanProvisionedProducts(_ context.Context, in *sdk.ScanProvisionedProductsInput) ([]wire.Check, error) {
	return listing("ScanProvisionedProducts", in.AccessLevelFilter, types.AccessLevelFilterKeyUser)
}

func mayListRecordHistory(_ context.Context, in *sdk.ListRecordHistoryInput) ([]wire.Check, error) {
	return listing("ListRecordHistory", in.AccessLevelFilter, types.AccessLevelFilterKeyUser)
}

func mayListPlans(_ context.Context, in *sdk.ListProvisionedProductPlansInput) ([]wire.Check, error) {
	return listing("ListProvisionedProductPlans", in.AccessLevelFilter, types.AccessLevelFilterKeyUser)
}
