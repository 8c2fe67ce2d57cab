package servicecatalog

import (
	"github.com/aws/aws-sdk-go-v2/service/servicecatalog/types"

	"accountfactory/internal/twin/state"
)

// Complete ends a record with its provisioner's outcome: the record SUCCEEDED or FAILED, the product AVAILABLE, gone, ERROR
// or TAINTED. A record that has ended, or does not exist, stays as it is: a step may run twice.
func (s *Service) Complete(tx *state.Tx, recordID string, o Outcome) {
	old := s.records.Get(tx, recordID)
	if old == nil || old.Work == nil {
		return
	}
	r, work := *old, old.Work
	r.Work, r.Updated, r.Status, r.Errors = nil, tx.Now(), types.RecordStatusSucceeded, nil
	if o.Outputs != nil {
		r.Outputs = o.Outputs
	}
	// IgnoreErrors: Service Catalog stops managing the product although something of it may be left.
	gone := r.Action == Terminate && (o.Err == nil || work.IgnoreErrors)
	if o.Err != nil {
		r.Errors = []RecordError{*o.Err}
		if !gone {
			r.Status = types.RecordStatusFailed
		}
	}
	s.records.Put(tx, &r)
	if gone {
		s.dropPlans(tx, r.ProvisionedID)
		s.provisioned.Delete(tx, r.ProvisionedID)
		return
	}
	s.provisioned.Change(tx, r.ProvisionedID, func(p *ProvisionedProduct) {
		if o.PhysicalID != "" {
			p.PhysicalID = o.PhysicalID
		}
		if o.Err != nil {
			p.fail(*o.Err)
			return
		}
		p.Status, p.StatusMessage, p.LastSuccessful, p.Planned = types.ProvisionedProductStatusAvailable, "", r.ID, false
		p.Parameters, p.ProductID, p.ArtifactID, p.PathID, p.LaunchRole = work.Parameters, r.ProductID, r.ArtifactID, r.PathID, r.LaunchRole
		if work.Retag {
			p.Tags = work.Tags
		}
	})
}

// fail shows an error on the product: ERROR while no launch ever succeeded, TAINTED after. The two spaces are AWS's (AWS CLI
// reference, scan-provisioned-products).
func (p *ProvisionedProduct) fail(e RecordError) {
	p.Status = types.ProvisionedProductStatusTainted
	if p.LastSuccessful == "" {
		p.Status = types.ProvisionedProductStatusError
	}
	p.StatusMessage = e.Code + "  " + e.Description
}

// Remediate shows that a record's work has failed and is being undone; Complete ends it as usual.
func (s *Service) Remediate(tx *state.Tx, recordID string, e RecordError) {
	if r := s.records.Get(tx, recordID); r == nil || r.Work == nil {
		return
	}
	s.records.Change(tx, recordID, func(r *Record) {
		r.Status, r.Updated, r.Errors = types.RecordStatusInProgressInError, tx.Now(), []RecordError{e}
	})
}

// dropPlans deletes the plans of a product that is terminated.
func (s *Service) dropPlans(tx *state.Tx, provisionedID string) {
	for p := s.planOf.First(tx, provisionedID); p != nil; p = s.planOf.First(tx, provisionedID) {
		s.plans.Delete(tx, p.ID)
	}
}
