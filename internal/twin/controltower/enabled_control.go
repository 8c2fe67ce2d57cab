package controltower

import (
	"context"
	"maps"
	"slices"

	"accountfactory/internal/twin/state"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/controltower"
	"github.com/aws/aws-sdk-go-v2/service/controltower/types"
)

// Page sizes, from the API reference.
const (
	enabledControlsPage   = 200
	controlOperationsPage = 100
)

// GetEnabledControl describes an enabled control.
func (s *Service) GetEnabledControl(ctx context.Context, in *controltower.GetEnabledControlInput, _ ...func(*controltower.Options)) (*controltower.GetEnabledControlOutput, error) {
	out := &controltower.GetEnabledControlOutput{}
	err := s.state.View(func(tx *state.Tx) error {
		row := s.controlCalled(ctx, tx, in.EnabledControlIdentifier)
		if row == nil {
			return notFound("enabled control", aws.ToString(in.EnabledControlIdentifier))
		}
		d := &types.EnabledControlDetails{
			Arn: aws.String(row.ARN), ControlIdentifier: aws.String(row.Identifier), TargetIdentifier: aws.String(row.Target), StatusSummary: row.status(),
			DriftStatusSummary: s.controlDrift(tx, row),
		}
		for _, key := range slices.Sorted(maps.Keys(row.Parameters)) {
			d.Parameters = append(d.Parameters, types.EnabledControlParameterSummary{Key: aws.String(key), Value: documentFrom(row.Parameters[key])})
		}
		for _, region := range reads[manifest](s.theZone(tx).Manifest).GovernedRegions {
			d.TargetRegions = append(d.TargetRegions, types.Region{Name: aws.String(region)})
		}
		out.EnabledControlDetails = d
		return nil
	})
	return out, err
}

func (e *EnabledControl) status() *types.EnablementStatusSummary {
	return enablement(e.Status, e.Operation)
}

// controlDrift: drift is looked for where a policy enforces the control, and where the lab says there is some.
func (s *Service) controlDrift(tx *state.Tx, e *EnabledControl) *types.DriftStatusSummary {
	status := types.DriftStatusNotChecking
	if catalogued(e.Control).behavior == preventive {
		status = types.DriftStatusInSync
	}
	kind := guardOptional
	if catalogued(e.Control).mandatory {
		kind = guardMandatory
	}
	for d := range s.tables.drifts.All(tx) {
		g := s.tables.byPolicy.First(tx, d.Policy)
		if d.Control == e.ARN || status == types.DriftStatusInSync && d.OU == e.OU && g != nil && g.Kind == kind {
			status = types.DriftStatusDrifted
		}
	}
	return &types.DriftStatusSummary{DriftStatus: status, Types: &types.EnabledControlDriftTypes{
		Inheritance: &types.EnabledControlInheritanceDrift{Status: types.DriftStatusInSync}, Resource: &types.EnabledControlResourceDrift{Status: status},
	}}
}

// ListEnabledControls lists what is enabled, on one target or all.
func (s *Service) ListEnabledControls(ctx context.Context, in *controltower.ListEnabledControlsInput, _ ...func(*controltower.Options)) (*controltower.ListEnabledControlsOutput, error) {
	f := in.Filter
	if f == nil {
		f = &types.EnabledControlFilter{}
	}
	if in.TargetIdentifier != nil {
		if err := s.registeredTarget(ctx, *in.TargetIdentifier); err != nil {
			return nil, err
		}
	}
	drift := map[string]*types.DriftStatusSummary{}
	page, next, err := listed(ctx, s, listing[EnabledControl]{
		name: "ListEnabledControls", filter: []any{f, in.TargetIdentifier, in.IncludeChildren}, token: in.NextToken, size: in.MaxResults, usual: enabledControlsPage,
		rows: s.tables.controls.After, key: func(e *EnabledControl) string { return e.ARN },
		keep: func(tx *state.Tx, e *EnabledControl) bool {
			if in.TargetIdentifier != nil && *in.TargetIdentifier != e.Target || len(f.ParentIdentifiers) > 0 {
				return false
			}
			d := s.controlDrift(tx, e)
			drift[e.ARN] = d
			return among(f.ControlIdentifiers, e.Identifier) && among(f.Statuses, types.EnablementStatus(e.Status)) && among(f.DriftStatuses, d.DriftStatus) &&
				among(f.InheritanceDriftStatuses, d.Types.Inheritance.Status) && among(f.ResourceDriftStatuses, d.Types.Resource.Status)
		},
	})
	out := &controltower.ListEnabledControlsOutput{EnabledControls: []types.EnabledControlSummary{}, NextToken: next}
	for _, e := range page {
		out.EnabledControls = append(out.EnabledControls, types.EnabledControlSummary{
			Arn: aws.String(e.ARN), ControlIdentifier: aws.String(e.Identifier), TargetIdentifier: aws.String(e.Target), StatusSummary: e.status(), DriftStatusSummary: drift[e.ARN],
		})
	}
	return out, err
}

func (s *Service) registeredTarget(ctx context.Context, target string) error {
	return s.state.View(func(tx *state.Tx) error {
		ouID := targetID(target)
		if s.zone(ctx, tx) == nil || s.org.OU(tx, ouID) == nil {
			return notFound("organizational unit", target)
		}
		if s.governed(tx, ouID) == nil {
			return errUnregistered(ouID)
		}
		return nil
	})
}
