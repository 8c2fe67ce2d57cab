package organizations

import (
	"strings"

	"github.com/aws/aws-sdk-go-v2/service/organizations/types"

	"accountfactory/internal/arn"
	"accountfactory/internal/twin/state"
)

// Feature sets of an organization.
const (
	AllFeatures         = "ALL"
	ConsolidatedBilling = "CONSOLIDATED_BILLING"
)

// Organization gives the organization, or nil while there is none.
func (s *Service) Organization(tx *state.Tx) *Organization {
	return s.organization.Get(tx, theOrganization)
}

// RootID gives the id of the root, "" without an organization.
func (s *Service) RootID(tx *state.Tx) string {
	if org := s.Organization(tx); org != nil {
		return org.RootID
	}
	return ""
}

// Found makes the organization with all features, its root, the management account and the policy FullAWSAccess, as
// CreateOrganization does. There must be none yet.
func (s *Service) Found(tx *state.Tx, email, name string) *Organization {
	return s.found(tx, email, name, AllFeatures)
}

func (s *Service) found(tx *state.Tx, email, name, features string) *Organization {
	if s.Organization(tx) != nil {
		panic("organizations: there is an organization already")
	}
	org := &Organization{
		ID: "o-" + arn.ID(tx, arn.Lower, 10), RootID: "r-" + arn.ID(tx, arn.Lower, 4), ManagementID: s.config.ManagementAccountID,
		FeatureSet: features, SCPs: features == AllFeatures, Created: tx.Now(),
	}
	s.organization.Put(tx, org)
	if org.SCPs {
		s.putFull(tx)
		s.attach(tx, org.RootID, FullAccessID)
	}
	// AWS shows the account that makes an organization as one that was invited to it.
	s.addAccount(tx, &Account{ID: org.ManagementID, Email: email, Name: name, Parent: org.RootID, JoinedMethod: joinedInvited})
	return org
}

// putFull puts the policies AWS made, which an organization with all features has.
func (s *Service) putFull(tx *state.Tx) {
	s.policies.Put(tx, fullPolicy(scp))
	s.policies.Put(tx, fullPolicy(rcp))
}

// policyARN gives the ARN of a policy.
func (o *Organization) policyARN(p *Policy) string {
	kind := "service_control_policy" // by far the most asked for
	if p.Kind() != scp {
		kind = strings.ToLower(string(p.Type))
	}
	if p.AWSManaged {
		return arn.Make("organizations", "", "aws", "policy/", kind, "/", p.ID)
	}
	return arn.Make("organizations", "", o.ManagementID, "policy/", o.ID, "/", kind, "/", p.ID)
}

// PoliciesARN gives the pattern of the ARNs of all policies of a type.
func (o *Organization) PoliciesARN(kind string) string {
	return o.policyARN(&Policy{ID: "*", Type: types.PolicyType(kind)})
}

// ARN gives the ARN of what an id of the organization stands for: an account, OU, root, resource policy or the organization.
func (o *Organization) ARN(id string) string {
	kind := "account"
	switch {
	case id == o.ID:
		return arn.Make("organizations", "", o.ManagementID, "organization/"+o.ID)
	case isRoot(id):
		kind = "root"
	case isOU(id):
		kind = "ou"
	case isResourcePolicy(id):
		kind = "resourcepolicy"
	}
	return arn.Make("organizations", "", o.ManagementID, kind, "/", o.ID, "/", id)
}

// AccountARN gives the ARN of an account, whether it exists or not; "" without an organization.
func (s *Service) AccountARN(tx *state.Tx, id string) string { return s.arnOf(tx, id) }

// OUARN gives the ARN of an organizational unit or, by its id, of the root; "" without an organization.
func (s *Service) OUARN(tx *state.Tx, id string) string { return s.arnOf(tx, id) }

func (s *Service) arnOf(tx *state.Tx, id string) string {
	if org := s.Organization(tx); org != nil {
		return org.ARN(id)
	}
	return ""
}
