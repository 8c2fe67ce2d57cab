package controltower

import (
	"context"
	"encoding/json"
	"maps"
	"slices"

	"accountfactory/internal/twin/state"
	"accountfactory/internal/wire"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/controltower"
	"github.com/aws/aws-sdk-go-v2/service/controltower/document"
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
	all := s.baselineList(s.zoneVersion(ctx))
	from := slices.IndexFunc(all, func(b baseline) bool { return b.id == after }) + 1
	out := &controltower.ListBaselinesOutput{Baselines: []types.BaselineSummary{}}
	for _, b := range all[from:min(from+size, len(all))] {
		out.Baselines = append(out.Baselines, types.BaselineSummary{Arn: aws.String(s.baselineARN(b)), Name: aws.String(b.name), Description: aws.String(b.description)})
	}
	if from+size < len(all) {
		out.NextToken = wire.Cursor(scope, all[from+size-1].id)
	}
	return out, nil
}

// zoneVersion gives the version whose baselines a caller sees: without a landing zone the latest.
func (s *Service) zoneVersion(ctx context.Context) string {
	version := s.latestZone()
	_ = s.state.View(func(tx *state.Tx) error { // it only reads
		if z := s.zone(ctx, tx); z != nil {
			version = z.Version
		}
		return nil
	})
	return version
}

// GetBaseline describes one of them.
func (s *Service) GetBaseline(ctx context.Context, in *controltower.GetBaselineInput, _ ...func(*controltower.Options)) (*controltower.GetBaselineOutput, error) {
	b, ok := s.baselineNamed(aws.ToString(in.BaselineIdentifier), s.zoneVersion(ctx))
	if !ok {
		return nil, notFound("baseline", aws.ToString(in.BaselineIdentifier))
	}
	return &controltower.GetBaselineOutput{Arn: in.BaselineIdentifier, Name: aws.String(b.name), Description: aws.String(b.description)}, nil
}

// ListEnabledBaselines lists what is enabled where. Accounts inherit from their OU and are shown only when asked for; in
// flight their status is UNDER_CHANGE, by which clients count account operations.
func (s *Service) ListEnabledBaselines(ctx context.Context, in *controltower.ListEnabledBaselinesInput, _ ...func(*controltower.Options)) (*controltower.ListEnabledBaselinesOutput, error) {
	f := in.Filter
	if f == nil {
		f = &types.EnabledBaselineFilter{}
	}
	drift := map[string]types.EnabledBaselineDriftStatus{}
	page, next, err := listed(ctx, s, listing[EnabledBaseline]{
		name: "ListEnabledBaselines", filter: []any{f, in.IncludeChildren}, token: in.NextToken, size: in.MaxResults, usual: enabledBaselinesPage,
		rows: s.tables.baselines.After, key: func(b *EnabledBaseline) string { return b.ARN },
		keep: func(tx *state.Tx, b *EnabledBaseline) bool {
			if b.Parent != "" && !in.IncludeChildren || !matches(f, b) {
				return false
			}
			drift[b.ARN] = s.inheritanceDrift(tx, b)
			return among(f.InheritanceDriftStatuses, drift[b.ARN])
		},
	})
	out := &controltower.ListEnabledBaselinesOutput{EnabledBaselines: []types.EnabledBaselineSummary{}, NextToken: next}
	for _, b := range page {
		out.EnabledBaselines = append(out.EnabledBaselines, b.summary(drift[b.ARN]))
	}
	return out, err
}

func matches(f *types.EnabledBaselineFilter, b *EnabledBaseline) bool {
	return among(f.BaselineIdentifiers, b.Baseline) && among(f.TargetIdentifiers, b.Target) && among(f.ParentIdentifiers, b.Parent) &&
		among(f.Statuses, types.EnablementStatus(b.Status))
}

func (b *EnabledBaseline) summary(drift types.EnabledBaselineDriftStatus) types.EnabledBaselineSummary {
	d := b.details(drift)
	return types.EnabledBaselineSummary{
		Arn: d.Arn, BaselineIdentifier: d.BaselineIdentifier, BaselineVersion: d.BaselineVersion, TargetIdentifier: d.TargetIdentifier,
		StatusSummary: d.StatusSummary, DriftStatusSummary: d.DriftStatusSummary, ParentIdentifier: d.ParentIdentifier,
	}
}

func (b *EnabledBaseline) details(drift types.EnabledBaselineDriftStatus) *types.EnabledBaselineDetails {
	out := &types.EnabledBaselineDetails{
		Arn: aws.String(b.ARN), BaselineIdentifier: aws.String(b.Baseline), BaselineVersion: aws.String(b.Version), TargetIdentifier: aws.String(b.Target),
		StatusSummary: enablement(b.Status, b.Operation),
		DriftStatusSummary: &types.EnabledBaselineDriftStatusSummary{Types: &types.EnabledBaselineDriftTypes{
			Inheritance: &types.EnabledBaselineInheritanceDrift{Status: drift},
		}},
	}
	if b.Parent != "" {
		out.ParentIdentifier = aws.String(b.Parent)
	}
	for _, key := range slices.Sorted(maps.Keys(b.Parameters)) {
		out.Parameters = append(out.Parameters, types.EnabledBaselineParameterSummary{Key: aws.String(key), Value: documentFrom(b.Parameters[key])})
	}
	return out
}

// enablement shows a status. What was enabled along with something else has no operation of its own.
func enablement(status, operation string) *types.EnablementStatusSummary {
	out := &types.EnablementStatusSummary{Status: types.EnablementStatus(status)}
	if operation != "" {
		out.LastOperationIdentifier = aws.String(operation)
	}
	return out
}

func documentFrom(raw json.RawMessage) document.Interface {
	return document.NewLazyDocument(reads[any](raw))
}

// GetEnabledBaseline describes one.
func (s *Service) GetEnabledBaseline(ctx context.Context, in *controltower.GetEnabledBaselineInput, _ ...func(*controltower.Options)) (*controltower.GetEnabledBaselineOutput, error) {
	var out *controltower.GetEnabledBaselineOutput
	err := s.state.View(func(tx *state.Tx) error {
		b := s.tables.baselines.Get(tx, aws.ToString(in.EnabledBaselineIdentifier))
		if b == nil || s.zone(ctx, tx) == nil {
			return notFound("enabled baseline", aws.ToString(in.EnabledBaselineIdentifier))
		}
		out = &controltower.GetEnabledBaselineOutput{EnabledBaselineDetails: b.details(s.inheritanceDrift(tx, b))}
		return nil
	})
	return out, err
}
