package controltower

import (
	"context"
	"encoding/json"
	"time"

	"accountfactory/internal/twin/state"
	"accountfactory/internal/wire"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/controltower"
	"github.com/aws/aws-sdk-go-v2/service/controltower/types"
)

// The operations on baselines, by their names.
const (
	opEnableBaseline  = "EnableBaseline"
	opDisableBaseline = "DisableBaseline"
	opUpdateBaseline  = "UpdateEnabledBaseline"
	opResetBaseline   = "ResetEnabledBaseline"
)

// identityParameter names the enabled baseline of Identity Center, where Control Tower keeps it.
const identityParameter = "IdentityCenterEnabledBaselineArn"

// EnableBaseline begins to enable a baseline on an OU: with AWSControlTowerBaseline that registers the OU.
func (s *Service) EnableBaseline(ctx context.Context, in *controltower.EnableBaselineInput, _ ...func(*controltower.Options)) (*controltower.EnableBaselineOutput, error) {
	parameters, err := baselineParameters(in.Parameters)
	if err != nil {
		return nil, err
	}
	out := &controltower.EnableBaselineOutput{}
	err = s.state.Update(ctx, func(tx *state.Tx) error {
		zone := s.zone(ctx, tx)
		if zone == nil {
			return notFound("baseline", aws.ToString(in.BaselineIdentifier))
		}
		b, ok := s.baselineNamed(aws.ToString(in.BaselineIdentifier), zone.Version)
		if !ok {
			return notFound("baseline", aws.ToString(in.BaselineIdentifier))
		}
		target, version := aws.ToString(in.TargetIdentifier), aws.ToString(in.BaselineVersion)
		if err := s.checkEnable(tx, zone, b, target, version, parameters); err != nil {
			return err
		}
		row := s.enable(tx, b, version, target, "", statusUnderChange)
		next := *row
		next.Parameters = parameters
		s.tables.baselines.Put(tx, &next)
		s.putTags(tx, row.ARN, in.Tags)
		w := s.beginBaseline(ctx, tx, row, Work{Name: opEnableBaseline, Version: version})
		out.Arn, out.OperationIdentifier = aws.String(row.ARN), aws.String(w.ID)
		return nil
	})
	return out, err
}

// checkEnable refuses what AWS refuses at once.
func (s *Service) checkEnable(tx *state.Tx, zone *LandingZone, b baseline, target, version string, parameters map[string]json.RawMessage) error {
	ou := s.org.OU(tx, targetID(target))
	switch {
	case !b.onOU:
		return invalid("The baseline '%s' cannot be enabled on an organizational unit.", b.name)
	case ou == nil || s.org.OUARN(tx, ou.ID) != target:
		return notFound("organizational unit", target)
	case ou.ID == s.securityOU(tx, zone):
		return invalid("The baseline '%s' cannot be enabled on the Security OU", b.name)
	}
	if old := s.enabledOn(tx, b, target); old != nil && old.Status != statusFailed {
		return conflict("This baseline is already enabled on this target")
	}
	if err := s.checkVersion(zone, b, version); err != nil {
		return err
	}
	if b != controlTowerBaseline {
		m := reads[manifest](zone.Manifest)
		if b == backupBaseline && !m.Backup.on() {
			return invalid("The baseline '%s' cannot be enabled, because backup is not enabled in the landing zone.", b.name)
		}
		if b == backupBaseline && !s.Registered(tx, ou.ID) {
			return errUnregistered(ou.ID)
		}
	} else {
		if ou.Parent != s.org.RootID(tx) && !s.Registered(tx, ou.Parent) {
			return invalid("The organizational unit %s cannot be registered, because its parent %s is not registered.", ou.ID, ou.Parent)
		}
		if err := s.checkIdentity(tx, zone, parameters); err != nil {
			return err
		}
	}
	return s.configLane(tx)
}

func (s *Service) checkVersion(zone *LandingZone, b baseline, version string) error {
	want := sharedVersion
	if b == controlTowerBaseline {
		want = baselineFor(zone.Version)
	}
	if version != want {
		return invalid("The baseline version %s is not compatible with landing zone version %s. Use version %s.", version, zone.Version, want)
	}
	return nil
}

// checkIdentity wants the Identity Center baseline named exactly when Control Tower keeps Identity Center.
func (s *Service) checkIdentity(tx *state.Tx, zone *LandingZone, parameters map[string]json.RawMessage) error {
	own := s.enabledOn(tx, identityCenterBaseline, s.org.AccountARN(tx, s.config.ManagementAccountID))
	given, named := parameters[identityParameter]
	switch {
	case own == nil && named:
		return invalid("Parameter %s is not allowed, because AWS Control Tower does not manage IAM Identity Center.", identityParameter)
	case own != nil && !named:
		return invalid("Parameter %s is required.", identityParameter)
	case own != nil && reads[string](given) != own.ARN:
		return invalid("Parameter %s must be %s.", identityParameter, own.ARN)
	}
	return nil
}

func baselineParameters(in []types.EnabledBaselineParameter) (map[string]json.RawMessage, error) {
	out := map[string]json.RawMessage{}
	for _, p := range in {
		raw, err := documentOf(p.Value)
		if err != nil {
			return nil, err
		}
		if _, twice := out[aws.ToString(p.Key)]; twice {
			return nil, invalid("Parameter %s is given more than once.", aws.ToString(p.Key))
		}
		out[aws.ToString(p.Key)] = raw
	}
	return out, nil
}

// DisableBaseline begins to take a baseline off an OU: with AWSControlTowerBaseline that unregisters it.
func (s *Service) DisableBaseline(ctx context.Context, in *controltower.DisableBaselineInput, _ ...func(*controltower.Options)) (*controltower.DisableBaselineOutput, error) {
	out := &controltower.DisableBaselineOutput{}
	err := s.baselineCalled(ctx, in.EnabledBaselineIdentifier, func(tx *state.Tx, zone *LandingZone, b *EnabledBaseline) (Work, error) {
		ou := s.ouOf(b)
		if ou == s.securityOU(tx, zone) {
			return Work{}, invalid("The baseline cannot be disabled on the Security OU.")
		}
		for child := range s.org.OUs(tx, ou) {
			if s.governed(tx, child.ID) != nil {
				return Work{}, conflict("Can't perform DisableBaseline on a parent target with governed child OUs")
			}
		}
		return Work{Name: opDisableBaseline, Version: b.Version}, nil
	}, &out.OperationIdentifier)
	return out, err
}

// ResetEnabledBaseline begins to lay it anew on the OU and its accounts: that registers the OU again.
func (s *Service) ResetEnabledBaseline(ctx context.Context, in *controltower.ResetEnabledBaselineInput, _ ...func(*controltower.Options)) (*controltower.ResetEnabledBaselineOutput, error) {
	out := &controltower.ResetEnabledBaselineOutput{}
	err := s.baselineCalled(ctx, in.EnabledBaselineIdentifier, func(_ *state.Tx, _ *LandingZone, b *EnabledBaseline) (Work, error) {
		return Work{Name: opResetBaseline, Version: b.Version}, nil
	}, &out.OperationIdentifier)
	return out, err
}

// UpdateEnabledBaseline begins to bring the OU and its accounts to another version.
func (s *Service) UpdateEnabledBaseline(ctx context.Context, in *controltower.UpdateEnabledBaselineInput, _ ...func(*controltower.Options)) (*controltower.UpdateEnabledBaselineOutput, error) {
	parameters, err := baselineParameters(in.Parameters)
	if err != nil {
		return nil, err
	}
	out := &controltower.UpdateEnabledBaselineOutput{}
	err = s.baselineCalled(ctx, in.EnabledBaselineIdentifier, func(tx *state.Tx, zone *LandingZone, row *EnabledBaseline) (Work, error) {
		b, ok := s.baselineNamed(row.Baseline, zone.Version)
		if !ok {
			return Work{}, notFound("baseline", row.Baseline)
		}
		if err := s.checkVersion(zone, b, aws.ToString(in.BaselineVersion)); err != nil {
			return Work{}, err
		}
		if len(parameters) > 0 {
			if err := s.checkIdentity(tx, zone, parameters); err != nil {
				return Work{}, err
			}
			s.tables.baselines.Change(tx, row.ARN, func(r *EnabledBaseline) { r.Parameters = parameters })
		}
		return Work{Name: opUpdateBaseline, Version: aws.ToString(in.BaselineVersion)}, nil
	}, &out.OperationIdentifier)
	return out, err
}

// baselineCalled begins what plan makes of the enabled baseline a call names. Those of accounts follow their OU's and
// cannot be changed (user guide, "Baselines, inheritance").
func (s *Service) baselineCalled(ctx context.Context, identifier *string, plan func(*state.Tx, *LandingZone, *EnabledBaseline) (Work, error), id **string) error {
	return s.state.Update(ctx, func(tx *state.Tx) error {
		zone, row := s.zone(ctx, tx), s.tables.baselines.Get(tx, aws.ToString(identifier))
		switch {
		case zone == nil || row == nil:
			return notFound("enabled baseline", aws.ToString(identifier))
		case row.Parent != "":
			return invalid("The enabled baseline of an account cannot be changed. Change that of its organizational unit, %s.", row.Parent)
		case s.shared(row):
			return invalid("The baselines of shared accounts cannot be changed. Update or reset the landing zone.")
		}
		if err := s.configLane(tx); err != nil {
			return err
		}
		if s.inheriting(tx, s.ouOf(row)) {
			return errBusyLane()
		}
		w, err := plan(tx, zone, row)
		if err != nil {
			return err
		}
		*id = aws.String(s.beginBaseline(ctx, tx, s.tables.baselines.Get(tx, row.ARN), w).ID)
		return nil
	})
}

// beginBaseline starts the work on an OU's baseline, which shows as UNDER_CHANGE.
func (s *Service) beginBaseline(ctx context.Context, tx *state.Tx, row *EnabledBaseline, w Work) *Work {
	w.Class, w.Subject, w.OU, w.Target, w.Caller = kindBaseline, row.ARN, s.ouOf(row), row.Target, wire.RequestFrom(ctx).Caller
	begun := s.begin(tx, w, stepPrecheck, time.Minute)
	s.tables.baselines.Change(tx, row.ARN, func(b *EnabledBaseline) { b.Status, b.Operation = statusUnderChange, begun.ID })
	return begun
}

// GetBaselineOperation shows an operation on a baseline.
func (s *Service) GetBaselineOperation(ctx context.Context, in *controltower.GetBaselineOperationInput, _ ...func(*controltower.Options)) (*controltower.GetBaselineOperationOutput, error) {
	out := &controltower.GetBaselineOperationOutput{}
	err := s.state.View(func(tx *state.Tx) error {
		w, err := s.workCalled(ctx, tx, in.OperationIdentifier, kindBaseline)
		if err != nil {
			return err
		}
		out.BaselineOperation = &types.BaselineOperation{
			OperationIdentifier: aws.String(w.ID), Status: types.BaselineOperationStatus(w.Status), StartTime: aws.Time(w.Start), EndTime: w.ended(), StatusMessage: w.message(),
			OperationType: map[string]types.BaselineOperationType{
				opEnableBaseline: types.BaselineOperationTypeEnableBaseline, opDisableBaseline: types.BaselineOperationTypeDisableBaseline,
				opUpdateBaseline: types.BaselineOperationTypeUpdateEnabledBaseline, opResetBaseline: types.BaselineOperationTypeResetEnabledBaseline,
			}[w.Name],
		}
		return nil
	})
	return out, err
}
