package organizations

import (
	"iter"
	"slices"

	"github.com/aws/aws-sdk-go-v2/service/organizations/types"

	"accountfactory/internal/twin/state"
)

// Attached is a policy where it is attached.
type Attached struct{ ARN, Name, Content string }

// ServiceControlPolicies gives the policies that limit an account's callers, a list for each level from the root down to
// the account itself; nil for the management account, which they never limit, and while the policy type is disabled.
func (s *Service) ServiceControlPolicies(tx *state.Tx, accountID string) [][]Attached {
	return s.levels(tx, accountID, scp)
}

// ResourceControlPolicies gives the policies that limit what callers may do to an account's resources, likewise.
func (s *Service) ResourceControlPolicies(tx *state.Tx, accountID string) [][]Attached {
	return s.levels(tx, accountID, rcp)
}

func (s *Service) levels(tx *state.Tx, accountID string, t types.PolicyType) [][]Attached {
	org := s.Organization(tx)
	if org == nil || !org.Enabled(t) || accountID == org.ManagementID {
		return nil
	}
	path := s.Path(tx, accountID)
	if path == nil {
		return nil
	}
	levels, all := make([][]Attached, len(path)), make([]Attached, 0, 2*len(path)) // a list of all levels spares one for each
	for i, id := range path {
		from := len(all)
		for _, p := range s.attachedAt(tx, id, t) {
			all = append(all, Attached{ARN: org.policyARN(p), Name: p.Name, Content: p.Content})
		}
		levels[i] = all[from:len(all):len(all)]
	}
	return levels
}

// attachedAt gives the attachments of a target of one type, each with its policy.
func (s *Service) attachedAt(tx *state.Tx, target string, t types.PolicyType) iter.Seq2[*attachment, *Policy] {
	return func(yield func(*attachment, *Policy) bool) {
		for at := range s.attachedAfter(tx, target, "") {
			if p := s.policies.Get(tx, at.Policy); p.Kind() == t && !yield(at, p) {
				return
			}
		}
	}
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

// attachDefault attaches to what is new the policies that allow everything, as AWS does while their type is enabled.
func (s *Service) attachDefault(tx *state.Tx, target string) {
	org := s.Organization(tx)
	if org.SCPs {
		s.attach(tx, target, FullAccessID)
	}
	if org.Enabled(rcp) {
		s.attach(tx, target, FullResourceAccessID)
	}
}

// Attach attaches a policy to the root, an OU or an account.
func (s *Service) Attach(tx *state.Tx, policyID, target string) error {
	p := s.policies.Get(tx, policyID)
	switch {
	case p == nil:
		return errPolicyNotFound()
	case !s.isTarget(tx, target):
		return errTargetNotFound()
	case !s.Organization(tx).Enabled(p.Kind()):
		return errTypeNotEnabled()
	case s.attachments.Get(tx, target+"/"+policyID) != nil:
		return errDuplicateAttachment()
	case s.countAttached(tx, target, p.Kind()) >= s.kind(p.Kind()).attached:
		return errTooManyAttached()
	}
	s.attachments.Put(tx, &attachment{Target: target, Policy: policyID, Order: s.nextOrder(tx, target, p)})
	s.policyChanged(tx, PolicyChange{PolicyID: policyID, Kind: PolicyAttached, Target: target})
	return nil
}

// nextOrder gives the place behind the policies of the type that the target has; nil where order is of no effect.
func (s *Service) nextOrder(tx *state.Tx, target string, p *Policy) *order {
	if k := p.Kind(); k == scp || k == rcp {
		return nil
	}
	next := &order{N: 1, Since: tx.Now()}
	for at := range s.attachedAt(tx, target, p.Kind()) {
		next.N = max(next.N, at.Order.N+1)
	}
	return next
}

// Detach detaches a policy, unless it is the target's last service control policy, or the resource control policy that
// allows everything.
func (s *Service) Detach(tx *state.Tx, policyID, target string) error {
	p := s.policies.Get(tx, policyID)
	switch {
	case p == nil:
		return errPolicyNotFound()
	case !s.isTarget(tx, target):
		return errTargetNotFound()
	case policyID == FullResourceAccessID:
		return errNotDetachable()
	case s.attachments.Get(tx, target+"/"+policyID) == nil:
		return errNotAttached()
	case p.Kind() == scp && s.countAttached(tx, target, scp) == 1:
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

// FreePolicySlots gives how many more service control policies may be attached to a target.
func (s *Service) FreePolicySlots(tx *state.Tx, target string) int {
	return s.quotas.PolicyPerScope - s.countAttached(tx, target, scp)
}

func (s *Service) countAttached(tx *state.Tx, target string, t types.PolicyType) (n int) {
	for range s.attachedAt(tx, target, t) {
		n++
	}
	return n
}

// detachAll forgets the attachments of a target that is about to go.
func (s *Service) detachAll(tx *state.Tx, target string) {
	for _, at := range slices.Collect(s.attachedAfter(tx, target, "")) {
		s.attachments.Delete(tx, at.Target+"/"+at.Policy)
	}
}
