package controltower

import (
	"context"
	"slices"
	"time"

	"accountfactory/internal/twin/state"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/controltower"
	"github.com/aws/aws-sdk-go-v2/service/controltower/types"
)

// kindControl is what the API's operations on controls do over time.
const kindControl = "controltower.Control"

const (
	stepControl = "control"
	paceControl = 2 * time.Minute
)

func (s *Service) controlStep(tx *state.Tx, run *state.Operation) error {
	w, why, stuck := s.workAt(tx, run)
	if w == nil || stuck {
		return nil
	}
	run.Done()
	row := s.tables.controls.Get(tx, w.Subject)
	if row == nil {
		s.end(tx, w.ID, "The control is no longer enabled.")
		return nil
	}
	if why == "" {
		why = s.doControl(tx, w, row)
	}
	if why != "" {
		s.tables.controls.Change(tx, row.ARN, func(e *EnabledControl) { e.Status = statusFailed })
	}
	s.end(tx, w.ID, why)
	s.postControl(tx, w, row, why)
	return nil
}

// doControl changes the control and the policy of its OU, and says why that cannot be. It leaves all as it was then, but
// for the status.
func (s *Service) doControl(tx *state.Tx, w *Work, row *EnabledControl) string {
	next := *row
	next.Status = statusSucceeded
	if w.Parameters != nil {
		next.Parameters = w.Parameters
	}
	if w.Name == opDisableControl {
		s.tables.controls.Delete(tx, row.ARN)
		s.tables.tags.Delete(tx, row.ARN)
	} else {
		s.tables.controls.Put(tx, &next)
	}
	if s.guardSlots(tx, row.OU) > s.org.FreePolicySlots(tx, row.OU) {
		s.tables.controls.Put(tx, row)
		return "AWS Control Tower cannot enable the control, because the organizational unit has too many service control policies."
	}
	if err := s.putGuard(tx, row.OU, guardOptional); err != nil {
		s.tables.controls.Put(tx, row)
		return err.Error()
	}
	s.repaired(tx, func(d *Drift) bool {
		g := s.tables.byPolicy.First(tx, d.Policy)
		return d.Control == row.ARN || d.OU == row.OU && g != nil && g.Kind == guardOptional
	})
	return ""
}

// dropControls forgets the controls of an OU that is no longer registered.
func (s *Service) dropControls(tx *state.Tx, ouID string) {
	for _, e := range slices.Collect(s.tables.controlsOn.Of(tx, ouID)) {
		s.tables.tags.Delete(tx, e.ARN)
		s.tables.controls.Delete(tx, e.ARN)
		s.repaired(tx, func(d *Drift) bool { return d.Control == e.ARN })
	}
}

// GetControlOperation shows an operation on a control.
func (s *Service) GetControlOperation(ctx context.Context, in *controltower.GetControlOperationInput, _ ...func(*controltower.Options)) (*controltower.GetControlOperationOutput, error) {
	out := &controltower.GetControlOperationOutput{}
	err := s.state.View(func(tx *state.Tx) error {
		w, err := s.workCalled(ctx, tx, in.OperationIdentifier, kindControl)
		if err != nil {
			return err
		}
		out.ControlOperation = &types.ControlOperation{
			OperationIdentifier: aws.String(w.ID), OperationType: controlType(w.Name), Status: types.ControlOperationStatus(w.Status), StartTime: aws.Time(w.Start),
			EndTime: w.ended(), StatusMessage: w.message(), ControlIdentifier: aws.String(w.Control), EnabledControlIdentifier: aws.String(w.Subject), TargetIdentifier: aws.String(w.Target),
		}
		return nil
	})
	return out, err
}

func controlType(name string) types.ControlOperationType {
	return map[string]types.ControlOperationType{
		opEnableControl: types.ControlOperationTypeEnableControl, opDisableControl: types.ControlOperationTypeDisableControl,
		opUpdateControl: types.ControlOperationTypeUpdateEnabledControl, opResetControl: types.ControlOperationTypeResetEnabledControl,
	}[name]
}

// ListControlOperations lists them, the most recent first.
func (s *Service) ListControlOperations(ctx context.Context, in *controltower.ListControlOperationsInput, _ ...func(*controltower.Options)) (*controltower.ListControlOperationsOutput, error) {
	f := in.Filter
	if f == nil {
		f = &types.ControlOperationFilter{}
	}
	page, next, err := listed(ctx, s, listing[Work]{
		name: "ListControlOperations", filter: f, token: in.NextToken, size: in.MaxResults, usual: controlOperationsPage, rows: s.latest(kindControl), key: (*Work).age,
		keep: func(_ *state.Tx, w *Work) bool {
			return among(f.ControlIdentifiers, w.Control) && among(f.ControlOperationTypes, controlType(w.Name)) &&
				among(f.EnabledControlIdentifiers, w.Subject) && among(f.Statuses, types.ControlOperationStatus(w.Status)) && among(f.TargetIdentifiers, w.Target)
		},
	})
	out := &controltower.ListControlOperationsOutput{ControlOperations: []types.ControlOperationSummary{}, NextToken: next}
	for _, w := range page {
		out.ControlOperations = append(out.ControlOperations, types.ControlOperationSummary{
			OperationIdentifier: aws.String(w.ID), OperationType: controlType(w.Name), Status: types.ControlOperationStatus(w.Status), StartTime: aws.Time(w.Start),
			EndTime: w.ended(), StatusMessage: w.message(), ControlIdentifier: aws.String(w.Control), EnabledControlIdentifier: aws.String(w.Subject), TargetIdentifier: aws.String(w.Target),
		})
	}
	return out, err
}
