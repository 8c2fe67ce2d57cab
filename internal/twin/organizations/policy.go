package organizations

import (
	"slices"
	"unicode/utf8"

	"accountfactory/internal/arn"
	"accountfactory/internal/policy"
	"accountfactory/internal/twin/state"
)

// FullAccessID is the policy AWS made, which allows everything.
const FullAccessID = "p-FullAWSAccess"

func fullAccess() *Policy {
	return &Policy{
		ID: FullAccessID, Name: "FullAWSAccess", Description: "Allows access to every operation", AWSManaged: true,
		Content: "{\n  \"Version\": \"2012-10-17\",\n  \"Statement\": [\n    {\n      \"Effect\": \"Allow\",\n" +
			"      \"Action\": \"*\",\n      \"Resource\": \"*\"\n    }\n  ]\n}",
	}
}

// AddPolicy makes a service control policy. It returns PolicyTypeNotAvailableForOrganizationException without all
// features, DuplicatePolicyException, MalformedPolicyDocumentException, or ConstraintViolationException for its size or
// one policy too many.
func (s *Service) AddPolicy(tx *state.Tx, name, description, content string, tags []Tag) (*Policy, error) {
	if s.Organization(tx).FeatureSet != AllFeatures {
		return nil, errTypeNotAvailable()
	}
	if s.policiesByName.First(tx, unzeroed(name)) != nil {
		return nil, errDuplicatePolicy()
	}
	if s.policies.Len(tx) >= s.quotas.Policies {
		return nil, errTooManyPolicies()
	}
	if err := s.checkContent(content); err != nil {
		return nil, err
	}
	p := &Policy{ID: s.newPolicyID(tx), Name: name, Description: description, Content: content, Tags: tags}
	s.policies.Put(tx, p)
	return p, nil
}

func (s *Service) newPolicyID(tx *state.Tx) string {
	for {
		if id := "p-" + arn.ID(tx, arn.Lower, 8); s.policies.Get(tx, id) == nil {
			return id
		}
	}
}

// checkContent counts a text's characters as they are, white space too, as AWS does with what comes through the API.
func (s *Service) checkContent(content string) error {
	if utf8.RuneCountInString(content) > s.quotas.PolicySize {
		return errPolicyTooLong()
	}
	doc, err := policy.Parse(content)
	if err == nil {
		err = doc.Validate(policy.ServiceControl)
	}
	if err != nil {
		return errMalformedPolicy()
	}
	return nil
}

// EditPolicy changes a policy of the organization; nil leaves a part as it is.
func (s *Service) EditPolicy(tx *state.Tx, id string, name, description, content *string) (*Policy, error) {
	p, err := s.ownPolicy(tx, id)
	if err != nil {
		return nil, err
	}
	if name != nil {
		if other := s.policiesByName.First(tx, unzeroed(*name)); other != nil && other.ID != id {
			return nil, errDuplicatePolicy()
		}
	}
	if content != nil {
		if err := s.checkContent(*content); err != nil {
			return nil, err
		}
	}
	row := *p
	row.Name, row.Description, row.Content = or(name, p.Name), or(description, p.Description), or(content, p.Content)
	s.policies.Put(tx, &row)
	s.policyChanged(tx, PolicyChange{PolicyID: id, Kind: PolicyUpdated})
	return &row, nil
}

// RemovePolicy deletes a policy that is attached nowhere.
func (s *Service) RemovePolicy(tx *state.Tx, id string) error {
	if _, err := s.ownPolicy(tx, id); err != nil {
		return err
	}
	if s.attachedTo.First(tx, id) != nil {
		return errPolicyInUse()
	}
	s.policies.Delete(tx, id)
	return nil
}

// ownPolicy gives a policy the organization may change.
func (s *Service) ownPolicy(tx *state.Tx, id string) (*Policy, error) {
	p := s.policies.Get(tx, id)
	if p == nil {
		return nil, errPolicyNotFound()
	}
	if p.AWSManaged {
		return nil, errImmutablePolicy()
	}
	return p, nil
}

// setSCPs enables service control policies, or disables them. Enabled anew, FullAWSAccess is attached everywhere; disabled,
// every policy is detached, and the policies stay.
// Source: Organizations User Guide, "Enabling a policy type", "Disabling a policy type".
func (s *Service) setSCPs(tx *state.Tx, on bool) {
	org := *s.Organization(tx)
	org.SCPs = on
	s.organization.Put(tx, &org)
	if !on {
		for _, at := range slices.Collect(s.attachments.All(tx)) {
			s.attachments.Delete(tx, at.Target+"/"+at.Policy)
			s.policyChanged(tx, PolicyChange{PolicyID: at.Policy, Kind: PolicyDetached, Target: at.Target})
		}
		return
	}
	s.attach(tx, org.RootID, FullAccessID)
	for ou := range s.ous.All(tx) {
		s.attach(tx, ou.ID, FullAccessID)
	}
	for a := range s.accounts.All(tx) {
		s.attach(tx, a.ID, FullAccessID)
	}
}
