package servicecatalog

import (
	"context"
	"iter"

	sdk "github.com/aws/aws-sdk-go-v2/service/servicecatalog"
	"github.com/aws/aws-sdk-go-v2/service/servicecatalog/types"
)

// CreateProvisionedProductPlan makes a plan, which never gets ready here: at once it is known of what is only catalogued, and
// with the Account Factory product "a resource plan" leaves the provisioned product in progress (Control Tower User Guide,
// "Troubleshooting"). The ways out are to delete the plan, or to terminate the product.
func (s *Service) CreateProvisionedProductPlan(ctx context.Context, in *sdk.CreateProvisionedProductPlanInput, _ ...func(*sdk.Options)) (*sdk.CreateProvisionedProductPlanOutput, error) {
	asked := *in
	asked.IdempotencyToken = nil
	request := fingerprint(asked)
	out := &sdk.CreateProvisionedProductPlanOutput{}
	err := s.update(ctx, func(c *call) error {
		p, err := s.createPlan(c, in, request)
		if err != nil {
			return err
		}
		out.PlanId, out.PlanName, out.ProvisioningArtifactId = &p.ID, &p.Name, &p.ArtifactID
		out.ProvisionProductId, out.ProvisionedProductName = &p.ProvisionedID, &p.Provisioned
		return nil
	})
	return out, err
}

func (s *Service) createPlan(c *call, in *sdk.CreateProvisionedProductPlanInput, request string) (*Plan, error) {
	l, err := s.launch(c, launchAsk{product: in.ProductId, artifact: in.ProvisioningArtifactId, path: in.PathId})
	if err != nil {
		return nil, err
	}
	id, same := s.seen(c, "CreateProvisionedProductPlan", *in.IdempotencyToken, request)
	if !same {
		return nil, invalid("Idempotency token %s was used for another request.", *in.IdempotencyToken)
	}
	if p := s.plans.Get(c.Tx, id); p != nil {
		return p, nil
	}
	tags, err := takeTags(in.Tags)
	if err != nil {
		return nil, err
	}
	p := &Plan{
		ID: newID(c.Tx, "plan"), Name: *in.PlanName, Status: types.ProvisionedProductPlanStatusCreateInProgress, Provisioned: *in.ProvisionedProductName,
		ProductID: l.product.ID, ArtifactID: l.artifact.ID, PathID: l.path, Parameters: planned(in.ProvisioningParameters), Notification: in.NotificationArns,
		Tags: tags, Created: c.Now(), Owner: c.owner,
	}
	if s.provisioners[provisionedType(l.product.Type)] == nil {
		p.Status, p.Message = types.ProvisionedProductPlanStatusCreateFailed, "Products of type "+provisionedType(l.product.Type)+" cannot be planned here: nothing launches them."
	}
	if err := s.planFor(c, p, l, *in.IdempotencyToken); err != nil {
		return nil, err
	}
	s.plans.Put(c.Tx, p)
	s.remember(c, "CreateProvisionedProductPlan", *in.IdempotencyToken, request, p.ID)
	return p, nil
}

// planFor finds the provisioned product the plan is for, or makes one that is nothing but planned. A product has one plan
// at most, and an existing one must be AVAILABLE or TAINTED (CreateProvisionedProductPlan, API reference).
func (s *Service) planFor(c *call, plan *Plan, l launch, token string) error {
	p := s.named.First(c.Tx, plan.Provisioned)
	if p == nil {
		made, err := s.addProvisioned(c, l, plan.Provisioned, token)
		if err != nil {
			return err
		}
		made.Status, made.Planned, made.Tags = types.ProvisionedProductStatusPlanInProgress, true, plan.Tags
		s.provisioned.Put(c.Tx, made)
		plan.ProvisionedID, plan.New = made.ID, true
		return nil
	}
	if s.planOf.First(c.Tx, p.ID) != nil {
		return badState("Provisioned product %s already has a plan.", p.ID)
	}
	if p.Status != types.ProvisionedProductStatusAvailable && p.Status != types.ProvisionedProductStatusTainted {
		return badState("Provisioned product %s is %s: a plan needs it AVAILABLE or TAINTED.", p.ID, p.Status)
	}
	plan.ProvisionedID = p.ID
	return nil
}

func planned(in []types.UpdateProvisioningParameter) []PlanValue {
	var out []PlanValue
	for _, v := range in {
		kept := PlanValue{Previous: v.UsePreviousValue}
		replace(&kept.Key, v.Key)
		replace(&kept.Value, v.Value)
		out = append(out, kept)
	}
	return out
}

func planValue(v PlanValue) types.UpdateProvisioningParameter {
	return types.UpdateProvisioningParameter{Key: &v.Key, Value: filled(v.Value), UsePreviousValue: v.Previous}
}

func (s *Service) plan(c *call, id string) (*Plan, error) {
	if p := s.plans.Get(c.Tx, id); p != nil && c.home {
		return p, nil
	}
	return nil, notFound("Plan %s not found.", id)
}

// DescribeProvisionedProductPlan shows a plan. It has no resource changes before it is ready.
func (s *Service) DescribeProvisionedProductPlan(ctx context.Context, in *sdk.DescribeProvisionedProductPlanInput, _ ...func(*sdk.Options)) (*sdk.DescribeProvisionedProductPlanOutput, error) {
	out := &sdk.DescribeProvisionedProductPlanOutput{ResourceChanges: []types.ResourceChange{}}
	err := s.view(ctx, func(c *call) error {
		p, err := s.plan(c, *in.PlanId)
		if err != nil {
			return err
		}
		created, updated := p.Created, p.Created
		out.ProvisionedProductPlanDetails = &types.ProvisionedProductPlanDetails{
			PlanId: &p.ID, PlanName: &p.Name, PlanType: types.ProvisionedProductPlanTypeCloudformation, Status: p.Status, CreatedTime: &created,
			UpdatedTime: &updated, ProductId: &p.ProductID, ProvisioningArtifactId: &p.ArtifactID, PathId: &p.PathID, ProvisionProductId: &p.ProvisionedID, StatusMessage: filled(p.Message),
			ProvisionProductName: &p.Provisioned, ProvisioningParameters: convert(p.Parameters, planValue),
			NotificationArns: convert(p.Notification, func(v string) string { return v }), Tags: wireTags(p.Tags),
		}
		return nil
	})
	return out, err
}

// ListProvisionedProductPlans lists plans, by default the caller's own.
func (s *Service) ListProvisionedProductPlans(ctx context.Context, in *sdk.ListProvisionedProductPlansInput, _ ...func(*sdk.Options)) (*sdk.ListProvisionedProductPlansOutput, error) {
	out := &sdk.ListProvisionedProductPlansOutput{}
	err := s.view(ctx, func(c *call) error {
		level, err := accessLevel(in.AccessLevelFilter, types.AccessLevelFilterKeyUser)
		if err != nil {
			return err
		}
		list := "ListProvisionedProductPlans/" + string(level)
		if in.ProvisionProductId != nil {
			if _, err := s.provisionedProduct(c, in.ProvisionProductId, nil); err != nil {
				return err
			}
			list += "/" + *in.ProvisionProductId
		}
		from := func(after string) iter.Seq[*Plan] { return s.plansFor(c, level, in.ProvisionProductId, after) }
		page, next, err := paginate(list, in.PageToken, in.PageSize, from, func(p *Plan) string { return p.ID })
		out.NextPageToken, out.ProvisionedProductPlans = next, convert(page, planSummary)
		return err
	})
	return out, err
}

func (s *Service) plansFor(c *call, level types.AccessLevelFilterKey, provisioned *string, after string) iter.Seq[*Plan] {
	rows := s.plans.After(c.Tx, after)
	if provisioned != nil {
		rows = s.planOf.OfAfter(c.Tx, *provisioned, after)
	}
	return func(yield func(*Plan) bool) {
		for p := range rows {
			if c.home && c.within(level, p.Owner) && !yield(p) {
				return
			}
		}
	}
}

func planSummary(p *Plan) types.ProvisionedProductPlanSummary {
	return types.ProvisionedProductPlanSummary{
		PlanId: &p.ID, PlanName: &p.Name, PlanType: types.ProvisionedProductPlanTypeCloudformation, ProvisionProductId: &p.ProvisionedID,
		ProvisionProductName: &p.Provisioned, ProvisioningArtifactId: &p.ArtifactID,
	}
}

// ExecuteProvisionedProductPlan refuses: no plan here is ever ready.
func (s *Service) ExecuteProvisionedProductPlan(ctx context.Context, in *sdk.ExecuteProvisionedProductPlanInput, _ ...func(*sdk.Options)) (*sdk.ExecuteProvisionedProductPlanOutput, error) {
	err := s.view(ctx, func(c *call) error {
		p, err := s.plan(c, *in.PlanId)
		if err != nil {
			return err
		}
		return badState("Plan %s is %s and cannot be executed.", p.ID, p.Status)
	})
	return nil, err
}

// DeleteProvisionedProductPlan deletes a plan, and the provisioned product when it was only ever planned, so that its name
// is free again.
func (s *Service) DeleteProvisionedProductPlan(ctx context.Context, in *sdk.DeleteProvisionedProductPlanInput, _ ...func(*sdk.Options)) (*sdk.DeleteProvisionedProductPlanOutput, error) {
	err := s.update(ctx, func(c *call) error {
		p, err := s.plan(c, *in.PlanId)
		if err != nil {
			return err
		}
		pp := s.provisioned.Get(c.Tx, p.ProvisionedID)
		if pp != nil && pp.Status == types.ProvisionedProductStatusUnderChange {
			return invalid("Provisioned product %s is UNDER_CHANGE. Wait until its present operation has ended.", pp.ID)
		}
		s.plans.Delete(c.Tx, p.ID)
		if pp != nil && pp.Planned {
			s.provisioned.Delete(c.Tx, p.ProvisionedID)
		}
		return nil
	})
	return &sdk.DeleteProvisionedProductPlanOutput{}, err
}
