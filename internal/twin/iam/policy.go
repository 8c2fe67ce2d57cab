package iam

import (
	"iter"
	"maps"
	"slices"

	"accountfactory/internal/twin/state"
)

// policiesOf gives the customer managed policies of an account after the key given.
func (s *Service) policiesOf(tx *state.Tx, accountID, after string) iter.Seq[*Policy] {
	return inAccount(tx, s.policies, accountID, after, func(p *Policy) string { return p.AccountID })
}

// policyByARN gives a customer managed policy, or nil.
func (s *Service) policyByARN(tx *state.Tx, policyARN string) *Policy {
	accountID, path, name, ok := splitARN(policyARN, "policy")
	if !ok {
		return nil
	}
	p := s.policies.Get(tx, key(accountID, name))
	if p == nil || p.Path != path || p.Name != name {
		return nil
	}
	return p
}

// attachable tells whether an account can attach the policy of this ARN: one of AWS's or its own.
func (s *Service) attachable(tx *state.Tx, accountID, policyARN string) bool {
	if s.managed[policyARN] != nil {
		return true
	}
	p := s.policyByARN(tx, policyARN)
	return p != nil && p.AccountID == accountID
}

func sortedKeys[V any](m map[string]V) []string { return slices.Sorted(maps.Keys(m)) }
