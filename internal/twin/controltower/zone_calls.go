package controltower

import (
	"context"
	"encoding/json"
	"fmt"

	"accountfactory/internal/twin/state"
	"accountfactory/internal/wire"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/controltower"
	"github.com/aws/aws-sdk-go-v2/service/controltower/document"
	"github.com/aws/aws-sdk-go-v2/service/controltower/types"
)

// The operations on the landing zone, by their names.
const (
	opCreateZone = "CreateLandingZone"
	opUpdateZone = "UpdateLandingZone"
	opResetZone  = "ResetLandingZone"
	opDeleteZone = "DeleteLandingZone"
)

const zoneOperationsPage = 100

// ListLandingZones lists the one there may be.
func (s *Service) ListLandingZones(ctx context.Context, _ *controltower.ListLandingZonesInput, _ ...func(*controltower.Options)) (*controltower.ListLandingZonesOutput, error) {
	out := &controltower.ListLandingZonesOutput{LandingZones: []types.LandingZoneSummary{}}
	err := s.state.View(func(tx *state.Tx) error {
		if z := s.zone(ctx, tx); z != nil {
			out.LandingZones = append(out.LandingZones, types.LandingZoneSummary{Arn: aws.String(z.ARN)})
		}
		return nil
	})
	return out, err
}

// GetLandingZone gives the landing zone's version, status, drift and manifest.
func (s *Service) GetLandingZone(ctx context.Context, in *controltower.GetLandingZoneInput, _ ...func(*controltower.Options)) (*controltower.GetLandingZoneOutput, error) {
	var out *controltower.GetLandingZoneOutput
	err := s.state.View(func(tx *state.Tx) error {
		z, err := s.zoneCalled(ctx, tx, in.LandingZoneIdentifier)
		if err != nil {
			return err
		}
		var shown any
		if err := json.Unmarshal(z.Manifest, &shown); err != nil {
			return fmt.Errorf("read manifest: %w", err)
		}
		out = &controltower.GetLandingZoneOutput{LandingZone: &types.LandingZoneDetail{
			Arn: aws.String(z.ARN), Version: aws.String(z.Version), LatestAvailableVersion: aws.String(s.latestZone()),
			Status: z.status(), Manifest: document.NewLazyDocument(shown), DriftStatus: &types.LandingZoneDriftStatusSummary{Status: s.zoneDrift(tx)},
		}}
		for _, r := range z.Remediation {
			out.LandingZone.RemediationTypes = append(out.LandingZone.RemediationTypes, types.RemediationType(r))
		}
		return nil
	})
	return out, err
}

func (z *LandingZone) status() types.LandingZoneStatus {
	if z.Status == "" {
		return types.LandingZoneStatusActive
	}
	return types.LandingZoneStatus(z.Status)
}

// zoneCalled finds the landing zone a call names.
func (s *Service) zoneCalled(ctx context.Context, tx *state.Tx, identifier *string) (*LandingZone, error) {
	if z := s.zone(ctx, tx); z != nil && z.ARN == aws.ToString(identifier) {
		return z, nil
	}
	return nil, notFound("landing zone", aws.ToString(identifier))
}

// CreateLandingZone begins to set up the organization's landing zone.
func (s *Service) CreateLandingZone(ctx context.Context, in *controltower.CreateLandingZoneInput, _ ...func(*controltower.Options)) (*controltower.CreateLandingZoneOutput, error) {
	raw, err := documentOf(in.Manifest)
	if err != nil {
		return nil, err
	}
	out := &controltower.CreateLandingZoneOutput{}
	err = s.state.Update(ctx, func(tx *state.Tx) error {
		switch {
		case !s.atHome(ctx) || s.org.Organization(tx) == nil:
			return invalid("AWS Control Tower can be set up only in the management account of an organization, in the home Region %s.", s.config.Region)
		case s.theZone(tx) != nil:
			return conflict("AWS Control Tower cannot create a landing zone, because one exists already.")
		}
		version := aws.ToString(in.Version)
		if err := s.checkManifest(tx, raw, version); err != nil {
			return err
		}
		zone := &LandingZone{ARN: s.newZoneARN(tx), Version: version, Manifest: raw, Status: string(types.LandingZoneStatusProcessing), Remediation: remediation(in.RemediationTypes)}
		s.tables.zones.Put(tx, zone)
		s.putTags(tx, zone.ARN, in.Tags)
		w := s.beginZone(ctx, tx, Work{Name: opCreateZone, Subject: zone.ARN, Version: version, Manifest: raw, Remediation: zone.Remediation})
		out.Arn, out.OperationIdentifier = aws.String(zone.ARN), aws.String(w.ID)
		return nil
	})
	return out, err
}

// UpdateLandingZone begins to change its version, manifest or remediation.
func (s *Service) UpdateLandingZone(ctx context.Context, in *controltower.UpdateLandingZoneInput, _ ...func(*controltower.Options)) (*controltower.UpdateLandingZoneOutput, error) {
	raw, err := documentOf(in.Manifest)
	if err != nil {
		return nil, err
	}
	out := &controltower.UpdateLandingZoneOutput{}
	err = s.changeCalled(ctx, in.LandingZoneIdentifier, func(tx *state.Tx, z *LandingZone) (*Work, error) {
		version := aws.ToString(in.Version)
		if version < z.Version {
			return nil, invalid("The landing zone version cannot go back from %s to %s.", z.Version, version)
		}
		if err := s.checkManifest(tx, raw, version); err != nil {
			return nil, err
		}
		return &Work{Name: opUpdateZone, Version: version, Manifest: raw, Remediation: remediation(in.RemediationTypes)}, nil
	}, &out.OperationIdentifier)
	return out, err
}

// ResetLandingZone begins to put the landing zone back to what its manifest says. Only the latest version can be reset (user
// guide, "Reset the landing zone to resolve drift").
func (s *Service) ResetLandingZone(ctx context.Context, in *controltower.ResetLandingZoneInput, _ ...func(*controltower.Options)) (*controltower.ResetLandingZoneOutput, error) {
	out := &controltower.ResetLandingZoneOutput{}
	err := s.changeCalled(ctx, in.LandingZoneIdentifier, func(_ *state.Tx, z *LandingZone) (*Work, error) {
		if z.Version != s.latestZone() {
			return nil, invalid("Only the latest landing zone version %s can be reset. Update the landing zone from version %s first.", s.latestZone(), z.Version)
		}
		return &Work{Name: opResetZone, Version: z.Version, Manifest: z.Manifest}, nil
	}, &out.OperationIdentifier)
	return out, err
}

// DeleteLandingZone begins to take it down.
func (s *Service) DeleteLandingZone(ctx context.Context, in *controltower.DeleteLandingZoneInput, _ ...func(*controltower.Options)) (*controltower.DeleteLandingZoneOutput, error) {
	out := &controltower.DeleteLandingZoneOutput{}
	err := s.changeCalled(ctx, in.LandingZoneIdentifier, func(*state.Tx, *LandingZone) (*Work, error) { return &Work{Name: opDeleteZone}, nil }, &out.OperationIdentifier)
	return out, err
}

// changeCalled begins what plan makes of the landing zone a call names.
func (s *Service) changeCalled(ctx context.Context, identifier *string, plan func(*state.Tx, *LandingZone) (*Work, error), id **string) error {
	return s.state.Update(ctx, func(tx *state.Tx) error {
		z, err := s.zoneCalled(ctx, tx, identifier)
		if err != nil {
			return err
		}
		if err := s.configLane(tx); err != nil {
			return err
		}
		w, err := plan(tx, z)
		if err != nil {
			return err
		}
		w.Subject = z.ARN
		s.tables.zones.Change(tx, z.ARN, func(z *LandingZone) { z.Status = string(types.LandingZoneStatusProcessing) })
		*id = aws.String(s.beginZone(ctx, tx, *w).ID)
		return nil
	})
}

func (s *Service) beginZone(ctx context.Context, tx *state.Tx, w Work) *Work {
	w.Class, w.Caller = kindZone, wire.RequestFrom(ctx).Caller
	return s.begin(tx, w, stepPrepare, pacePrepare)
}

// checkManifest refuses a version or manifest that no landing zone here can have.
func (s *Service) checkManifest(tx *state.Tx, raw json.RawMessage, version string) error {
	if !s.served(version) {
		return invalid("Landing zone version %s is not available. The latest is %s.", version, s.latestZone())
	}
	m, err := parseManifest(raw, version, s.config.Region)
	if err != nil {
		return err
	}
	return s.checkAccounts(tx, &m, version)
}

// documentOf gives a document's JSON, "{}" for none.
func documentOf(d document.Interface) (json.RawMessage, error) {
	if d == nil {
		return json.RawMessage("{}"), nil
	}
	raw, err := d.MarshalSmithyDocument()
	if err != nil {
		return nil, invalid("The document cannot be read: %s", err)
	}
	return raw, nil
}

func remediation(in []types.RemediationType) []string {
	var out []string
	for _, r := range in {
		out = append(out, string(r))
	}
	return out
}

// GetLandingZoneOperation shows an operation on the landing zone.
func (s *Service) GetLandingZoneOperation(ctx context.Context, in *controltower.GetLandingZoneOperationInput, _ ...func(*controltower.Options)) (*controltower.GetLandingZoneOperationOutput, error) {
	out := &controltower.GetLandingZoneOperationOutput{}
	err := s.state.View(func(tx *state.Tx) error {
		w, err := s.workCalled(ctx, tx, in.OperationIdentifier, kindZone)
		if err != nil {
			return err
		}
		out.OperationDetails = &types.LandingZoneOperationDetail{
			OperationIdentifier: aws.String(w.ID), OperationType: zoneType(w.Name), Status: types.LandingZoneOperationStatus(w.Status),
			StartTime: aws.Time(w.Start), EndTime: w.ended(), StatusMessage: w.message(),
		}
		return nil
	})
	return out, err
}

func zoneType(name string) types.LandingZoneOperationType {
	return map[string]types.LandingZoneOperationType{
		opCreateZone: types.LandingZoneOperationTypeCreate, opUpdateZone: types.LandingZoneOperationTypeUpdate,
		opResetZone: types.LandingZoneOperationTypeReset, opDeleteZone: types.LandingZoneOperationTypeDelete,
	}[name]
}

// ListLandingZoneOperations lists them, the most recent first.
func (s *Service) ListLandingZoneOperations(ctx context.Context, in *controltower.ListLandingZoneOperationsInput, _ ...func(*controltower.Options)) (*controltower.ListLandingZoneOperationsOutput, error) {
	f := in.Filter
	if f == nil {
		f = &types.LandingZoneOperationFilter{}
	}
	page, next, err := listed(ctx, s, listing[Work]{
		name: "ListLandingZoneOperations", filter: f, token: in.NextToken, size: in.MaxResults, usual: zoneOperationsPage, rows: s.latest(kindZone), key: (*Work).age,
		keep: func(_ *state.Tx, w *Work) bool {
			return among(f.Statuses, types.LandingZoneOperationStatus(w.Status)) && among(f.Types, zoneType(w.Name))
		},
	})
	out := &controltower.ListLandingZoneOperationsOutput{LandingZoneOperations: []types.LandingZoneOperationSummary{}, NextToken: next}
	for _, w := range page {
		out.LandingZoneOperations = append(out.LandingZoneOperations, types.LandingZoneOperationSummary{
			OperationIdentifier: aws.String(w.ID), OperationType: zoneType(w.Name), Status: types.LandingZoneOperationStatus(w.Status),
		})
	}
	return out, err
}
