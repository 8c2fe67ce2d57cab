package organizations

import (
	"slices"

	"github.com/aws/aws-sdk-go-v2/service/organizations/types"

	"accountfactory/internal/twin/state"
)

// The two types of authorization policies. All others are management policies.
const (
	scp = types.PolicyTypeServiceControlPolicy
	rcp = types.PolicyTypeResourceControlPolicy
)

// policyKind is what AWS documents of a type of policy.
type policyKind struct {
	Type     types.PolicyType
	count    int    // how many an organization may have
	size     int    // characters of a document
	attached int    // how many may be attached to one root, OU or account
	root     string // outermost member of the document; "" for authorization policies
	service  string // what must have access to the organization before the type is enabled
}

// policyKinds are the types but service control policies, whose figures are Quotas'.
// Sources: Organizations User Guide, "Quotas and service limits for AWS Organizations" for the figures of the first seven;
// "Upgrade rollout policy syntax and examples" for the size of that one; the syntax page of each type for the outermost
// member; API Reference, ConstraintViolationException, POLICY_TYPE_ENABLED_FOR_THIS_SERVICE, for the service. AWS gives no
// figures for the others: theirs are those of most types (docs/aws-divergences.md).
var policyKinds = []policyKind{
	{Type: rcp, count: 1000, size: 5120, attached: 5},
	{Type: types.PolicyTypeTagPolicy, count: 1000, size: 10_000, attached: 10, root: "tags"},
	{Type: types.PolicyTypeBackupPolicy, count: 1000, size: 10_000, attached: 10, root: "plans"},
	{Type: types.PolicyTypeAiservicesOptOutPolicy, count: 1000, size: 2500, attached: 5, root: "services"},
	{Type: types.PolicyTypeChatbotPolicy, count: 1000, size: 10_000, attached: 5, root: "chatbot"},
	{Type: types.PolicyTypeDeclarativePolicyEc2, count: 1000, size: 10_000, attached: 10, root: "ec2_attributes"},
	{Type: types.PolicyTypeSecurityhubPolicy, count: 1000, size: 10_000, attached: 10, root: "securityhub", service: "securityhub.amazonaws.com"},
	{Type: types.PolicyTypeInspectorPolicy, count: 1000, size: 10_000, attached: 10, root: "inspector"},
	{Type: types.PolicyTypeUpgradeRolloutPolicy, count: 1000, size: 5120, attached: 10, root: "upgrade_rollout"},
	{Type: types.PolicyTypeBedrockPolicy, count: 1000, size: 10_000, attached: 10, root: "bedrock"},
	{Type: types.PolicyTypeS3Policy, count: 1000, size: 10_000, attached: 10, root: "s3_attributes"},
	{Type: types.PolicyTypeNetworkSecurityDirectorPolicy, count: 1000, size: 10_000, attached: 10, root: "network_security_director"},
	{Type: types.PolicyTypeGuarddutyPolicy, count: 1000, size: 10_000, attached: 10, root: "guardduty"},
}

// kind gives what is known of a type. The wire lets no other type in than the model's.
func (s *Service) kind(t types.PolicyType) policyKind {
	if t == scp {
		return policyKind{Type: scp, count: s.quotas.Policies, size: s.quotas.PolicySize, attached: s.quotas.PolicyPerScope}
	}
	for _, k := range policyKinds {
		if k.Type == t {
			return k
		}
	}
	return policyKind{Type: t}
}

// Kind gives the policy's type.
func (p *Policy) Kind() types.PolicyType {
	if p.Type == "" {
		return scp
	}
	return p.Type
}

// Enabled tells whether the root has a policy type enabled.
func (o *Organization) Enabled(t types.PolicyType) bool {
	if t == scp {
		return o.SCPs
	}
	return slices.Contains(o.Types, t)
}

// enable enables a policy type. With that, the policy of AWS that allows everything is attached everywhere.
// Source: Organizations User Guide, "Enabling a policy type".
func (s *Service) enable(tx *state.Tx, t types.PolicyType) {
	s.organization.Change(tx, theOrganization, func(o *Organization) {
		if t == scp {
			o.SCPs = true
			return
		}
		o.Types = append(slices.Clone(o.Types), t)
		slices.Sort(o.Types)
	})
	full := fullPolicy(t)
	if full == nil {
		return
	}
	if s.policies.Get(tx, full.ID) == nil {
		s.policies.Put(tx, full)
	}
	s.attach(tx, s.RootID(tx), full.ID)
	for ou := range s.ous.All(tx) {
		s.attach(tx, ou.ID, full.ID)
	}
	for a := range s.accounts.All(tx) {
		s.attach(tx, a.ID, full.ID)
	}
}

// disable disables a policy type: its policies are detached everywhere, and stay.
// Source: Organizations User Guide, "Disabling a policy type".
func (s *Service) disable(tx *state.Tx, t types.PolicyType) {
	s.organization.Change(tx, theOrganization, func(o *Organization) {
		if t == scp {
			o.SCPs = false
			return
		}
		o.Types = slices.DeleteFunc(slices.Clone(o.Types), func(other types.PolicyType) bool { return other == t })
	})
	for _, at := range slices.Collect(s.attachments.All(tx)) {
		if s.policies.Get(tx, at.Policy).Kind() == t {
			s.attachments.Delete(tx, at.Target+"/"+at.Policy)
			s.policyChanged(tx, PolicyChange{PolicyID: at.Policy, Kind: PolicyDetached, Target: at.Target})
		}
	}
}

// needs gives the enabled policy type that needs a service's access to the organization, if there is one.
func (s *Service) needs(tx *state.Tx, principal string) (types.PolicyType, bool) {
	for _, k := range policyKinds {
		if k.service == principal && s.Organization(tx).Enabled(k.Type) {
			return k.Type, true
		}
	}
	return "", false
}
