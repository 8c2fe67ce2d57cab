package organizations

import (
	"time"
	"unicode/utf8"

	"github.com/aws/aws-sdk-go-v2/service/organizations/types"

	"accountfactory/internal/arn"
	"accountfactory/internal/policy"
	"accountfactory/internal/twin/state"
)

// The policies AWS made, which allow everything.
const (
	FullAccessID         = "p-FullAWSAccess"
	FullResourceAccessID = "p-RCPFullAWSAccess"
)

// fullPolicy gives the policy that is attached everywhere while a type is enabled, nil for management policies.
func fullPolicy(t types.PolicyType) *Policy {
	switch t {
	case scp:
		return &Policy{
			ID: FullAccessID, Name: "FullAWSAccess", Description: "Allows access to every operation", AWSManaged: true, Content: fullContent(""),
		}
	case rcp:
		return &Policy{
			ID: FullResourceAccessID, Type: rcp, Name: "RCPFullAWSAccess", Description: "Allows access to every resource", AWSManaged: true,
			Content: fullContent("      \"Principal\": \"*\",\n"),
		}
	default:
		return nil
	}
}

func fullContent(principal string) string {
	return "{\n  \"Version\": \"2012-10-17\",\n  \"Statement\": [\n    {\n      \"Effect\": \"Allow\",\n" + principal +
		"      \"Action\": \"*\",\n      \"Resource\": \"*\"\n    }\n  ]\n}"
}

// AddPolicy makes a service control policy.
func (s *Service) AddPolicy(tx *state.Tx, name, description, content string, tags []Tag) (*Policy, error) {
	return s.addPolicy(tx, &Policy{Name: name, Description: description, Content: content, Tags: tags})
}

// addPolicy makes a policy of any type and gives it an id. It returns PolicyTypeNotAvailableForOrganizationException
// without all features, DuplicatePolicyException, MalformedPolicyDocumentException, or ConstraintViolationException for its
// size or one policy too many.
func (s *Service) addPolicy(tx *state.Tx, p *Policy) (*Policy, error) {
	if s.Organization(tx).FeatureSet != AllFeatures {
		return nil, errTypeNotAvailable()
	}
	if s.policiesByName.First(tx, unzeroed(p.Name)) != nil {
		return nil, errDuplicatePolicy()
	}
	if s.countPolicies(tx, p.Kind()) >= s.kind(p.Kind()).count {
		return nil, errTooManyPolicies()
	}
	if err := s.checkContent(p.Kind(), p.Content); err != nil {
		return nil, err
	}
	p.ID, p.Changed = s.newPolicyID(tx), changed(tx, p)
	s.policies.Put(tx, p)
	return p, nil
}

// changed gives the time to be kept with a policy that is written.
func changed(tx *state.Tx, p *Policy) time.Time {
	if k := p.Kind(); k == scp || k == rcp {
		return time.Time{}
	}
	return tx.Now()
}

// countPolicies counts the policies of a type, as far as it takes to know that there are not too many.
func (s *Service) countPolicies(tx *state.Tx, t types.PolicyType) (n int) {
	if all := s.policies.Len(tx); all < s.kind(t).count {
		return all
	}
	for range s.policiesOf.Of(tx, string(t)) {
		n++
	}
	return n
}

func (s *Service) newPolicyID(tx *state.Tx) string {
	for {
		if id := "p-" + arn.ID(tx, arn.Lower, 8); s.policies.Get(tx, id) == nil {
			return id
		}
	}
}

// checkContent counts a text's characters as they are, white space too, as AWS does with what comes through the API.
func (s *Service) checkContent(t types.PolicyType, content string) error {
	kind := s.kind(t)
	if utf8.RuneCountInString(content) > kind.size {
		return errPolicyTooLong()
	}
	var err error
	switch t {
	case scp:
		err = validate(content, policy.ServiceControl)
	case rcp:
		err = validate(content, policy.ResourceControl)
	default:
		_, err = parseManagement(kind, content)
	}
	if err != nil {
		return errMalformedPolicy()
	}
	return nil
}

func validate(content string, kind policy.Kind) error {
	doc, err := policy.Parse(content)
	if err != nil {
		return err
	}
	return doc.Validate(kind)
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
		if err := s.checkContent(p.Kind(), *content); err != nil {
			return nil, err
		}
	}
	row := *p
	row.Name, row.Description, row.Content = or(name, p.Name), or(description, p.Description), or(content, p.Content)
	if row.Content != p.Content {
		row.Changed = changed(tx, p)
	}
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
