package controltower

import (
	"context"

	"accountfactory/internal/wire"

	"github.com/aws/aws-sdk-go-v2/aws"
	ct "github.com/aws/aws-sdk-go-v2/service/controltower"
)

// API is the operation table. Actions and resources as in the Service Authorization Reference for AWS Control Tower.
func (s *Service) API() *wire.Service {
	svc := wire.New("controltower")

	// The landing zone.
	wire.On(svc, "CreateLandingZone", s.CreateLandingZone, on[ct.CreateLandingZoneInput]("CreateLandingZone", nil))
	wire.On(svc, "GetLandingZone", s.GetLandingZone, on("GetLandingZone", func(in *ct.GetLandingZoneInput) *string { return in.LandingZoneIdentifier }))
	wire.On(svc, "ListLandingZones", s.ListLandingZones, on[ct.ListLandingZonesInput]("ListLandingZones", nil))
	wire.On(svc, "UpdateLandingZone", s.UpdateLandingZone, on("UpdateLandingZone", func(in *ct.UpdateLandingZoneInput) *string { return in.LandingZoneIdentifier }))
	wire.On(svc, "ResetLandingZone", s.ResetLandingZone, on("ResetLandingZone", func(in *ct.ResetLandingZoneInput) *string { return in.LandingZoneIdentifier }))
	wire.On(svc, "DeleteLandingZone", s.DeleteLandingZone, on("DeleteLandingZone", func(in *ct.DeleteLandingZoneInput) *string { return in.LandingZoneIdentifier }))
	wire.On(svc, "GetLandingZoneOperation", s.GetLandingZoneOperation, on[ct.GetLandingZoneOperationInput]("GetLandingZoneOperation", nil))
	wire.On(svc, "ListLandingZoneOperations", s.ListLandingZoneOperations, on[ct.ListLandingZoneOperationsInput]("ListLandingZoneOperations", nil))

	// Baselines.
	wire.On(svc, "ListBaselines", s.ListBaselines, on[ct.ListBaselinesInput]("ListBaselines", nil))
	wire.On(svc, "GetBaseline", s.GetBaseline, on("GetBaseline", func(in *ct.GetBaselineInput) *string { return in.BaselineIdentifier }))
	wire.On(svc, "EnableBaseline", s.EnableBaseline, on("EnableBaseline", func(in *ct.EnableBaselineInput) *string { return in.BaselineIdentifier }))
	wire.On(svc, "DisableBaseline", s.DisableBaseline, on("DisableBaseline", func(in *ct.DisableBaselineInput) *string { return in.EnabledBaselineIdentifier }))
	wire.On(svc, "UpdateEnabledBaseline", s.UpdateEnabledBaseline, on("UpdateEnabledBaseline", func(in *ct.UpdateEnabledBaselineInput) *string { return in.EnabledBaselineIdentifier }))
	wire.On(svc, "ResetEnabledBaseline", s.ResetEnabledBaseline, on("ResetEnabledBaseline", func(in *ct.ResetEnabledBaselineInput) *string { return in.EnabledBaselineIdentifier }))
	wire.On(svc, "GetEnabledBaseline", s.GetEnabledBaseline, on("GetEnabledBaseline", func(in *ct.GetEnabledBaselineInput) *string { return in.EnabledBaselineIdentifier }))
	wire.On(svc, "ListEnabledBaselines", s.ListEnabledBaselines, on[ct.ListEnabledBaselinesInput]("ListEnabledBaselines", nil))
	wire.On(svc, "GetBaselineOperation", s.GetBaselineOperation, on[ct.GetBaselineOperationInput]("GetBaselineOperation", nil))

	// Controls.
	wire.On(svc, "EnableControl", s.EnableControl, on[ct.EnableControlInput]("EnableControl", nil))
	wire.On(svc, "DisableControl", s.DisableControl, on[ct.DisableControlInput]("DisableControl", nil))
	wire.On(svc, "UpdateEnabledControl", s.UpdateEnabledControl, on("UpdateEnabledControl", func(in *ct.UpdateEnabledControlInput) *string { return in.EnabledControlIdentifier }))
	wire.On(svc, "ResetEnabledControl", s.ResetEnabledControl, on("ResetEnabledControl", func(in *ct.ResetEnabledControlInput) *string { return in.EnabledControlIdentifier }))
	wire.On(svc, "GetEnabledControl", s.GetEnabledControl, on("GetEnabledControl", func(in *ct.GetEnabledControlInput) *string { return in.EnabledControlIdentifier }))
	wire.On(svc, "ListEnabledControls", s.ListEnabledControls, on[ct.ListEnabledControlsInput]("ListEnabledControls", nil))
	wire.On(svc, "GetControlOperation", s.GetControlOperation, on[ct.GetControlOperationInput]("GetControlOperation", nil))
	wire.On(svc, "ListControlOperations", s.ListControlOperations, on[ct.ListControlOperationsInput]("ListControlOperations", nil))

	// Tags.
	wire.On(svc, "TagResource", s.TagResource, on("TagResource", func(in *ct.TagResourceInput) *string { return in.ResourceArn }))
	wire.On(svc, "UntagResource", s.UntagResource, on("UntagResource", func(in *ct.UntagResourceInput) *string { return in.ResourceArn }))
	wire.On(svc, "ListTagsForResource", s.ListTagsForResource, on("ListTagsForResource", func(in *ct.ListTagsForResourceInput) *string { return in.ResourceArn }))
	return svc
}

// on gives the check of an action on the resource the input names, or on "*" where the action has no resource type.
func on[I any](action string, resource func(*I) *string) wire.Checks[I] {
	return func(_ context.Context, in *I) ([]wire.Check, error) {
		target := "*"
		if resource != nil {
			target = aws.ToString(resource(in))
		}
		return []wire.Check{{Action: "controltower:" + action, Resource: target}}, nil
	}
}
