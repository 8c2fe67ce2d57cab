package organizations

import (
	"iter"
	"slices"

	"accountfactory/internal/twin/state"
)

// Attached is a policy where it is attached.
type Attached struct{ ARN, Name, Content string }

// ServiceControlPolicies gives the policies that limit an account, a list for each level from the root down to the account
// itself; nil for the management account, which they never limit, and while the policy type is disabled.
func (s *Service) ServiceControlPolicies(tx *state.Tx, accountID string) [][]Attached {
	org := s.Organization(tx)
	if org == nil || !org.SCPs || accountID == org.ManagementID {
		return nil
	}
	path := s.Path(tx, accountID)
	if path == nil {
		return nil
	}
	levels := make([][]Attached, len(path))
	for i, id := range path {
		for at := range s.attachedAt(tx, id) {
			p := s.policies.Get(tx, at.Policy)
			levels[i] = append(levels[i], Attached{ARN: org.ARN(p.ID), Name: p.Name, Content: p.Content})
		}
	}
	return levels
}

// attachedAt gives the attachments of a target.
func (s *Service) attachedAt(tx *state.Tx, target string) iter.Seq[*attachment] {
	return s.attachedAfter(tx, target, "")
}

// attachedAfter gives the attachments of a target whose policies come after this one.
func (s *Service) attachedAfter(tx *state.Tx, target, policy string) iter.Seq[*attachment] {
	from := target + "/"
	if policy != "" {
		from += policy + "\x00"
	}
	return func(yield func(*attachment) bool) {
		for at := range s.attachments.From(tx, from) {
			if at.Target != target || !yield(at) {
				return
			}
		}
	}
}

func (s *Service) attach(tx *state.Tx, target, policy string) {
	s.attachments.Put(tx, &attachment{Target: target, Policy: policy})
}

// attachDefault attaches FullAWSAccess to what is new, as AWS does while service control policies are enabled.
func (s *Service) attachDefault(tx *state.Tx, target string) {
	if s.Organization(tx).SCPs {
		s.attach(tx, target, FullAccessID)
	}
}

// Attach attaches a policy to the root, an OU or an account.
func (s *Service) Attach(tx *state.Tx, policyID, target string) error {
	switch org := s.Organization(tx); {
	case s.policies.Get(tx, policyID) == nil:
		return errPolicyNotFound()
	case !s.isTarget(tx, target):
		return errTargetNotFound()
	case !org.SCPs:
		return errTypeNotEnabled()
	case s.attachments.Get(tx, target+"/"+policyID) != nil:
		return errDuplicateAttachment()
	case s.countAttached(tx, target) >= s.quotas.PolicyPerScope:
		return errTooManyAttached()
	}
	s.attach(tx, target, policyID)
	s.policyChanged(tx, PolicyChange{PolicyID: policyID, Kind: PolicyAttached, Target: target})
	return nil
}

// Detach detaches a policy, unless it is the target's last.
func (s *Service) Detach(tx *state.Tx, policyID, target string) error {
	switch {
	case s.policies.Get(tx, policyID) == nil:
		return errPolicyNotFound()
	case !s.isTarget(tx, target):
		return errTargetNotFound()
	case s.attachments.Get(tx, target+"/"+policyID) == nil:
		return errNotAttached()
	case s.countAttached(tx, target) == 1:
		return errLastAttached()
	}
	s.attachments.Delete(tx, target+"/"+policyID)
	s.policyChanged(tx, PolicyChange{PolicyID: policyID, Kind: PolicyDetached, Target: target})
	return nil
}

// Policy gives a policy, or nil.
func (s *Service) Policy(tx *state.Tx, id string) *Policy { return s.policies.Get(tx, id) }

// IsAttached tells whether a policy is attached to a target.
func (s *Service) IsAttached(tx *state.Tx, policyID, target string) bool {
	return s.attachments.Get(tx, target+"/"+policyID) != nil
}

// AttachedTo gives the ids a policy is attached to.
func (s *Service) AttachedTo(tx *state.Tx, policyID string) []string {
	var out []string
	for at := range s.attachedTo.Of(tx, policyID) {
		out = append(out, at.Target)
	}
	return out
}

// FreePolicySlots gives how many more policies may be attached to a target.
func (s *Service) FreePolicySlots(tx *state.Tx, target string) int {
	return s.quotas.PolicyPerScope - s.countAttached(tx, target)
}

func (s *Service) countAttached(tx *state.Tx, target string) (n int) {
	for range s.attachedAt(tx, target) {
		n++
	}
	return n
}

// detachAll forgets the attachments of a target that is about to go.
func (s *Service) detachAll(tx *state.Tx, target string) {
	for _, at := range slices.Collect(s.attachedAt(tx, target)) {
		s.attachments.Delete(tx, at.Target+"/"+at.Policy)
	}
}
