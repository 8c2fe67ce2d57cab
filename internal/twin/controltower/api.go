package controltower

import (
	"context"

	"accountfactory/internal/wire"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/controltower"
)

// API is the operation table. Actions and resources as in the Service Authorization Reference for AWS Control Tower.
func (s *Service) API() *wire.Service {
	svc := wire.New("controltower")
	wire.On(svc, "ListLandingZones", s.ListLandingZones, on[controltower.ListLandingZonesInput]("controltower:ListLandingZones", nil))
	wire.On(svc, "GetLandingZone", s.GetLandingZone, on("controltower:GetLandingZone", func(in *controltower.GetLandingZoneInput) *string { return in.LandingZoneIdentifier }))
	wire.On(svc, "ListBaselines", s.ListBaselines, on[controltower.ListBaselinesInput]("controltower:ListBaselines", nil))
	wire.On(svc, "GetBaseline", s.GetBaseline, on("controltower:GetBaseline", func(in *controltower.GetBaselineInput) *string { return in.BaselineIdentifier }))
	wire.On(svc, "ListEnabledBaselines", s.ListEnabledBaselines, on[controltower.ListEnabledBaselinesInput]("controltower:ListEnabledBaselines", nil))
	wire.On(svc, "GetEnabledBaseline", s.GetEnabledBaseline, on("controltower:GetEnabledBaseline", func(in *controltower.GetEnabledBaselineInput) *string { return in.EnabledBaselineIdentifier }))
	return svc
}

// on gives the check of an action on the resource the input names, or on "*" where the action has no resource type.
func on[I any](action string, resource func(*I) *string) wire.Checks[I] {
	return func(_ context.Context, in *I) ([]wire.Check, error) {
		target := "*"
		if resource != nil {
			target = aws.ToString(resource(in))
		}
		return []wire.Check{{Action: action, Resource: target}}, nil
	}
}
