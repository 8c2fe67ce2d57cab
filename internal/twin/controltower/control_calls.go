package controltower

import (
	"context"
	"encoding/json"
	"maps"
	"slices"

	"accountfactory/internal/arn"
	"accountfactory/internal/twin/state"
	"accountfactory/internal/wire"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/controltower"
	"github.com/aws/aws-sdk-go-v2/service/controltower/types"
)

// The operations on controls, by their names.
const (
	opEnableControl  = "EnableControl"
	opDisableControl = "DisableControl"
	opUpdateControl  = "UpdateEnabledControl"
	opResetControl   = "ResetEnabledControl"
)

// EnableControl begins to enable an optional control on a registered OU.
func (s *Service) EnableControl(ctx context.Context, in *controltower.EnableControlInput, _ ...func(*controltower.Options)) (*controltower.EnableControlOutput, error) {
	parameters, err := controlParameters(in.Parameters)
	if err != nil {
		return nil, err
	}
	out := &controltower.EnableControlOutput{}
	err = s.state.Update(ctx, func(tx *state.Tx) error {
		c, ou, err := s.toggled(ctx, tx, in.ControlIdentifier, in.TargetIdentifier)
		if err != nil {
			return err
		}
		if s.enabledControl(tx, c, ou) != nil {
			return conflict("The control %s is already enabled on the organizational unit %s.", c.name, ou)
		}
		if err := c.check(parameters); err != nil {
			return err
		}
		row := &EnabledControl{
			ARN: s.arn("enabledcontrol/" + arn.ID(tx, arn.Upper, 16)), Control: c.name, Identifier: aws.ToString(in.ControlIdentifier), OU: ou,
			Target: aws.ToString(in.TargetIdentifier), Parameters: parameters,
		}
		s.tables.controls.Put(tx, row)
		s.putTags(tx, row.ARN, in.Tags)
		w, err := s.beginControl(ctx, tx, row, Work{Name: opEnableControl})
		if err != nil {
			return err
		}
		out.Arn, out.OperationIdentifier = aws.String(row.ARN), aws.String(w.ID)
		return nil
	})
	return out, err
}

// toggled finds the control and OU of a call, if people may switch the one on the other.
func (s *Service) toggled(ctx context.Context, tx *state.Tx, identifier, target *string) (control, string, error) {
	zone := s.zone(ctx, tx)
	c, ok := s.controlNamed(aws.ToString(identifier))
	ouID := targetID(aws.ToString(target))
	switch {
	case zone == nil || !ok:
		return c, "", notFound("control", aws.ToString(identifier))
	case c.mandatory:
		return c, "", errMandatory(c.name)
	case s.org.OU(tx, ouID) == nil || s.org.OUARN(tx, ouID) != aws.ToString(target):
		return c, "", notFound("organizational unit", aws.ToString(target))
	case s.governed(tx, ouID) == nil:
		return c, "", errUnregistered(ouID)
	case ouID == s.securityOU(tx, zone):
		return c, "", invalid("Optional controls cannot be enabled on the Security OU.")
	}
	return c, ouID, nil
}

func (s *Service) enabledControl(tx *state.Tx, c control, ouID string) *EnabledControl {
	for e := range s.tables.controlsOn.Of(tx, ouID) {
		if e.Control == c.name {
			return e
		}
	}
	return nil
}

// check refuses parameters the control does not have, lacks, or that are no lists of texts. The sentence for a missing one
// is AWS's (terraform-provider-aws, issue 37782).
func (c control) check(parameters map[string]json.RawMessage) error {
	for name, raw := range parameters {
		var list []string
		if !slices.ContainsFunc(c.parameters, func(p parameter) bool { return p.name == name }) {
			return invalid("Parameter %s is not supported by control %s.", name, c.name)
		}
		if json.Unmarshal(raw, &list) != nil || len(list) == 0 {
			return invalid("Parameter %s must be a list of strings.", name)
		}
	}
	for _, p := range c.parameters {
		if _, given := parameters[p.name]; p.required && !given {
			return invalid("Parameter %s is required.", p.name)
		}
	}
	return nil
}

func controlParameters(in []types.EnabledControlParameter) (map[string]json.RawMessage, error) {
	out := map[string]json.RawMessage{}
	for _, p := range in {
		raw, err := documentOf(p.Value)
		if err != nil {
			return nil, err
		}
		out[aws.ToString(p.Key)] = raw
	}
	return out, nil
}

// DisableControl begins to disable a control, named by itself and its target or as what is enabled.
func (s *Service) DisableControl(ctx context.Context, in *controltower.DisableControlInput, _ ...func(*controltower.Options)) (*controltower.DisableControlOutput, error) {
	byARN, byPair := in.EnabledControlIdentifier != nil, in.ControlIdentifier != nil || in.TargetIdentifier != nil
	if byARN == byPair || byPair && (in.ControlIdentifier == nil || in.TargetIdentifier == nil) {
		return nil, invalid("Specify either enabledControlIdentifier, or controlIdentifier and targetIdentifier.")
	}
	out := &controltower.DisableControlOutput{}
	err := s.state.Update(ctx, func(tx *state.Tx) error {
		var row *EnabledControl
		if byARN {
			if row = s.controlCalled(ctx, tx, in.EnabledControlIdentifier); row == nil {
				return notFound("enabled control", aws.ToString(in.EnabledControlIdentifier))
			}
			if catalogued(row.Control).mandatory {
				return errMandatory(row.Control)
			}
		} else {
			c, ou, err := s.toggled(ctx, tx, in.ControlIdentifier, in.TargetIdentifier)
			if err != nil {
				return err
			}
			if row = s.enabledControl(tx, c, ou); row == nil {
				return &types.ResourceNotFoundException{Message: text("The control %s is not enabled on the organizational unit %s.", c.name, ou)}
			}
		}
		w, err := s.beginControl(ctx, tx, row, Work{Name: opDisableControl})
		if err != nil {
			return err
		}
		out.OperationIdentifier = aws.String(w.ID)
		return nil
	})
	return out, err
}

// controlCalled finds the enabled control a call names, nil for none.
func (s *Service) controlCalled(ctx context.Context, tx *state.Tx, identifier *string) *EnabledControl {
	if s.zone(ctx, tx) == nil {
		return nil
	}
	return s.tables.controls.Get(tx, aws.ToString(identifier))
}

// UpdateEnabledControl begins to give a control other parameters. They must be others, unless the last change failed, and what
// has drifted must be reset or disabled instead (API reference).
func (s *Service) UpdateEnabledControl(ctx context.Context, in *controltower.UpdateEnabledControlInput, _ ...func(*controltower.Options)) (*controltower.UpdateEnabledControlOutput, error) {
	parameters, err := controlParameters(in.Parameters)
	if err != nil {
		return nil, err
	}
	out := &controltower.UpdateEnabledControlOutput{}
	err = s.changeControl(ctx, in.EnabledControlIdentifier, func(tx *state.Tx, row *EnabledControl) (Work, error) {
		c := catalogued(row.Control)
		switch {
		case len(c.parameters) == 0:
			return Work{}, invalid("The control %s has no parameters.", c.name)
		case s.controlDrift(tx, row).DriftStatus == types.DriftStatusDrifted:
			return Work{}, invalid("The control %s has drifted. Disable it and enable it again, or register the organizational unit again.", c.name)
		case row.Status == statusSucceeded && sameParameters(row.Parameters, parameters):
			return Work{}, invalid("The parameters of the control %s are those that it has.", c.name)
		}
		return Work{Name: opUpdateControl, Parameters: parameters}, c.check(parameters)
	}, &out.OperationIdentifier)
	return out, err
}

// sameParameters compares what the parameters say, not how they are written.
func sameParameters(a, b map[string]json.RawMessage) bool {
	return maps.EqualFunc(a, b, func(x, y json.RawMessage) bool { return slices.Equal(reads[[]string](x), reads[[]string](y)) })
}

// ResetEnabledControl begins to put a control back to what it should be. It "does not work for controls implemented with
// SCPs" (API reference): those go back when their OU is registered again.
func (s *Service) ResetEnabledControl(ctx context.Context, in *controltower.ResetEnabledControlInput, _ ...func(*controltower.Options)) (*controltower.ResetEnabledControlOutput, error) {
	out := &controltower.ResetEnabledControlOutput{}
	err := s.changeControl(ctx, in.EnabledControlIdentifier, func(_ *state.Tx, row *EnabledControl) (Work, error) {
		if catalogued(row.Control).behavior == preventive {
			return Work{}, invalid("The control %s is implemented with a service control policy. It cannot be reset.", row.Control)
		}
		return Work{Name: opResetControl}, nil
	}, &out.OperationIdentifier)
	return out, err
}

func (s *Service) changeControl(ctx context.Context, identifier *string, plan func(*state.Tx, *EnabledControl) (Work, error), id **string) error {
	return s.state.Update(ctx, func(tx *state.Tx) error {
		row := s.controlCalled(ctx, tx, identifier)
		if row == nil {
			return notFound("enabled control", aws.ToString(identifier))
		}
		w, err := plan(tx, row)
		if err != nil {
			return err
		}
		begun, err := s.beginControl(ctx, tx, row, w)
		if err != nil {
			return err
		}
		*id = aws.String(begun.ID)
		return nil
	})
}

// beginControl starts the work on a control.
func (s *Service) beginControl(ctx context.Context, tx *state.Tx, row *EnabledControl, w Work) (*Work, error) {
	if err := s.controlLane(tx, row.OU, row.Identifier); err != nil {
		return nil, err
	}
	w.Class, w.Subject, w.OU, w.Target, w.Control, w.Caller = kindControl, row.ARN, row.OU, row.Target, row.Identifier, wire.RequestFrom(ctx).Caller
	begun := s.begin(tx, w, stepControl, paceControl)
	s.tables.controls.Change(tx, row.ARN, func(c *EnabledControl) { c.Status, c.Operation = statusUnderChange, begun.ID })
	return begun, nil
}
