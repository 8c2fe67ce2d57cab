package servicecatalog

import (
	"maps"
	"slices"

	"github.com/aws/aws-sdk-go-v2/service/servicecatalog/types"

	"accountfactory/internal/arn"
	"accountfactory/internal/twin/state"
)

// Enrolment is a provisioned product that came about without a launch over the API.
type Enrolment struct {
	ProductID  string
	Name       string // "Enroll-Account-<physical id>" when empty, as Control Tower's console names them
	PhysicalID string
	Parameters map[string]string
	Outputs    []Output
	Owner      Owner
}

// Enrolled puts an AVAILABLE provisioned product with a record that succeeded, as if it had been launched. One with this
// name is made so again.
func (s *Service) Enrolled(tx *state.Tx, e Enrolment) *ProvisionedProduct {
	product := s.products.Get(tx, e.ProductID)
	if e.Name == "" {
		e.Name = "Enroll-Account-" + e.PhysicalID
	}
	p := ProvisionedProduct{ID: newID(tx, "pp"), Name: e.Name, Created: tx.Now(), Token: arn.UUID(tx), Owner: e.Owner}
	if old := s.named.First(tx, e.Name); old != nil {
		p = *old
	}
	p.Type, p.ProductID, p.PhysicalID = provisionedType(product.Type), product.ID, e.PhysicalID
	p.ArtifactID, p.PathID = s.firstVersion(tx, product.ID), s.firstPath(tx, product.ID)
	p.Parameters = nil
	for _, key := range slices.Sorted(maps.Keys(e.Parameters)) {
		p.Parameters = append(p.Parameters, Value{Key: key, Value: e.Parameters[key]})
	}
	r := &Record{
		ID: newID(tx, "rec"), Action: Provision, Status: types.RecordStatusSucceeded, ProvisionedID: p.ID, Name: p.Name, Type: p.Type,
		ProductID: p.ProductID, ArtifactID: p.ArtifactID, PathID: p.PathID, Created: tx.Now(), Updated: tx.Now(), Outputs: e.Outputs, Owner: e.Owner,
	}
	p.Status, p.StatusMessage = types.ProvisionedProductStatusAvailable, ""
	p.LastRecord, p.LastProvisioning, p.LastSuccessful = r.ID, r.ID, r.ID
	s.records.Put(tx, r)
	s.provisioned.Put(tx, &p)
	return &p
}

// firstVersion gives the id of a product's active artifact, "" when it has none.
func (s *Service) firstVersion(tx *state.Tx, productID string) string {
	for _, a := range s.active(tx, productID) {
		return a.ID
	}
	return ""
}

// firstPath gives the id of a path to a product, whoever it is granted to; "" when no portfolio holds it.
func (s *Service) firstPath(tx *state.Tx, productID string) string {
	if a := s.holding.First(tx, productID); a != nil {
		return pathID(s.portfolios.Get(tx, a.PortfolioID))
	}
	return ""
}

// Taint shows on a stable provisioned product what went wrong with it outside Service Catalog: an account that left the
// organization, say. One under change is left to its record.
func (s *Service) Taint(tx *state.Tx, id string, e RecordError) {
	if p := s.provisioned.Get(tx, id); p != nil && settled(p) == nil {
		s.provisioned.Change(tx, id, func(p *ProvisionedProduct) { p.fail(e) })
	}
}

// Terminated removes a provisioned product that was ended outside Service Catalog, with a record that succeeded. It reports
// whether there was one that could be removed: none under change.
func (s *Service) Terminated(tx *state.Tx, id string, by Owner) bool {
	p := s.provisioned.Get(tx, id)
	if p == nil || p.Status == types.ProvisionedProductStatusUnderChange {
		return false
	}
	s.records.Put(tx, &Record{
		ID: newID(tx, "rec"), Action: Terminate, Status: types.RecordStatusSucceeded, ProvisionedID: p.ID, Name: p.Name, Type: p.Type,
		ProductID: p.ProductID, ArtifactID: p.ArtifactID, PathID: p.PathID, Created: tx.Now(), Updated: tx.Now(), Owner: by,
	})
	s.dropPlans(tx, id)
	s.provisioned.Delete(tx, id)
	return true
}
