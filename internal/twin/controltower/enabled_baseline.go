package controltower

import (
	"context"
	"encoding/json"
	"slices"

	"accountfactory/internal/twin/state"
	"accountfactory/internal/wire"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/controltower"
	"github.com/aws/aws-sdk-go-v2/service/controltower/types"
)

// Page sizes, from the API reference.
const (
	enabledBaselinesPage = 100
	baselinesPage        = 100
)

// ListBaselines lists the baselines there are, enabled or not.
func (s *Service) ListBaselines(ctx context.Context, in *controltower.ListBaselinesInput, _ ...func(*controltower.Options)) (*controltower.ListBaselinesOutput, error) {
	const scope = "ListBaselines"
	after, ok := wire.After(scope, in.NextToken)
	if !ok {
		return nil, badToken()
	}
	size := int(aws.ToInt32(in.MaxResults))
	if size == 0 {
		size = baselinesPage
	}
	out := &controltower.ListBaselinesOutput{Baselines: []types.BaselineSummary{}}
	skip := after != ""
	for _, b := range baselines {
		if skip {
			skip = b.id != after
			continue
		}
		if len(out.Baselines) == size {
			last := baselines[slices.IndexFunc(baselines, func(o baseline) bool { return o.id == b.id })-1]
			out.NextToken = wire.Cursor(scope, last.id)
			break
		}
		out.Baselines = append(out.Baselines, types.BaselineSummary{Arn: aws.String(s.baselineARN(b)), Name: aws.String(b.name), Description: aws.String(b.description)})
	}
	return out, nil
}

// GetBaseline describes one of them.
func (s *Service) GetBaseline(_ context.Context, in *controltower.GetBaselineInput, _ ...func(*controltower.Options)) (*controltower.GetBaselineOutput, error) {
	for _, b := range baselines {
		if s.baselineARN(b) == aws.ToString(in.BaselineIdentifier) {
			return &controltower.GetBaselineOutput{Arn: in.BaselineIdentifier, Name: aws.String(b.name), Description: aws.String(b.description)}, nil
		}
	}
	return nil, notFound("baseline", aws.ToString(in.BaselineIdentifier))
}

// ListEnabledBaselines lists what is enabled where. Accounts inherit from their OU and are shown only when asked for; in
// flight their status is UNDER_CHANGE, by which clients count account operations.
func (s *Service) ListEnabledBaselines(ctx context.Context, in *controltower.ListEnabledBaselinesInput, _ ...func(*controltower.Options)) (*controltower.ListEnabledBaselinesOutput, error) {
	filter := in.Filter
	if filter == nil {
		filter = &types.EnabledBaselineFilter{}
	}
	shape, _ := json.Marshal(filter) // lists of strings always encode
	scope := "ListEnabledBaselines " + string(shape)
	after, ok := wire.After(scope, in.NextToken)
	if !ok {
		return nil, badToken()
	}
	size := int(aws.ToInt32(in.MaxResults))
	if size == 0 {
		size = enabledBaselinesPage
	}
	out := &controltower.ListEnabledBaselinesOutput{EnabledBaselines: []types.EnabledBaselineSummary{}}
	err := s.state.View(func(tx *state.Tx) error {
		if s.zone(ctx, tx) == nil {
			return nil
		}
		last := ""
		for b := range s.tables.baselines.After(tx, after) {
			if b.Parent != "" && !in.IncludeChildren || !matches(filter, b) {
				continue
			}
			if len(out.EnabledBaselines) == size {
				out.NextToken = wire.Cursor(scope, last)
				break
			}
			out.EnabledBaselines = append(out.EnabledBaselines, b.summary())
			last = b.ARN
		}
		return nil
	})
	return out, err
}

func matches(f *types.EnabledBaselineFilter, b *EnabledBaseline) bool {
	in := func(list []string, v string) bool { return len(list) == 0 || slices.Contains(list, v) }
	return in(f.BaselineIdentifiers, b.Baseline) && in(f.TargetIdentifiers, b.Target) && in(f.ParentIdentifiers, b.Parent) &&
		(len(f.Statuses) == 0 || slices.Contains(f.Statuses, types.EnablementStatus(b.Status))) &&
		(len(f.InheritanceDriftStatuses) == 0 || slices.Contains(f.InheritanceDriftStatuses, types.EnabledBaselineDriftStatusInSync))
}

func (b *EnabledBaseline) summary() types.EnabledBaselineSummary {
	d := b.details()
	return types.EnabledBaselineSummary{
		Arn: d.Arn, BaselineIdentifier: d.BaselineIdentifier, BaselineVersion: d.BaselineVersion, TargetIdentifier: d.TargetIdentifier,
		ParentIdentifier: d.ParentIdentifier, StatusSummary: d.StatusSummary, DriftStatusSummary: d.DriftStatusSummary,
	}
}

func (b *EnabledBaseline) details() *types.EnabledBaselineDetails {
	out := &types.EnabledBaselineDetails{
		Arn: aws.String(b.ARN), BaselineIdentifier: aws.String(b.Baseline), BaselineVersion: aws.String(b.Version), TargetIdentifier: aws.String(b.Target),
		StatusSummary: &types.EnablementStatusSummary{Status: types.EnablementStatus(b.Status), LastOperationIdentifier: aws.String(b.Operation)},
		DriftStatusSummary: &types.EnabledBaselineDriftStatusSummary{Types: &types.EnabledBaselineDriftTypes{
			Inheritance: &types.EnabledBaselineInheritanceDrift{Status: types.EnabledBaselineDriftStatusInSync},
		}},
	}
	if b.Parent != "" {
		out.ParentIdentifier = aws.String(b.Parent)
	}
	return out
}

// GetEnabledBaseline describes one.
func (s *Service) GetEnabledBaseline(ctx context.Context, in *controltower.GetEnabledBaselineInput, _ ...func(*controltower.Options)) (*controltower.GetEnabledBaselineOutput, error) {
	var out *controltower.GetEnabledBaselineOutput
	err := s.state.View(func(tx *state.Tx) error {
		b := s.tables.baselines.Get(tx, aws.ToString(in.EnabledBaselineIdentifier))
		if b == nil || s.zone(ctx, tx) == nil {
			return notFound("enabled baseline", aws.ToString(in.EnabledBaselineIdentifier))
		}
		out = &controltower.GetEnabledBaselineOutput{EnabledBaselineDetails: b.details()}
		return nil
	})
	return out, err
}
