package organizations_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	sdk "github.com/aws/aws-sdk-go-v2/service/organizations"
	"github.com/aws/aws-sdk-go-v2/service/organizations/types"
	"github.com/google/go-cmp/cmp"

	"accountfactory/internal/twin/organizations"
	"accountfactory/internal/twin/state"
)

const (
	denySTS = `{"Version":"2012-10-17","Statement":[{"Effect":"Deny","Principal":"*","Action":"sts:*","Resource":"*"}]}`
	rcp     = types.PolicyTypeResourceControlPolicy
	tagType = types.PolicyTypeTagPolicy
)

// contents are good documents of each type.
var contents = map[types.PolicyType]string{
	types.PolicyTypeServiceControlPolicy:          denyAll,
	rcp:                                           denySTS,
	tagType:                                       `{"tags":{"team":{"tag_key":{"@@assign":"Team"},"tag_value":{"@@assign":["a","b"]},"enforced_for":{"@@append":["ec2:instance"]}}}}`,
	types.PolicyTypeBackupPolicy:                  `{"plans":{"daily":{"regions":{"@@append":["eu-central-1"]},"rules":{"all":{"lifecycle":{"delete_after_days":{"@@assign":"30"}}}}}}}`,
	types.PolicyTypeAiservicesOptOutPolicy:        `{"services":{"@@operators_allowed_for_child_policies":["@@none"],"default":{"opt_out_policy":{"@@assign":"optOut"}}}}`,
	types.PolicyTypeChatbotPolicy:                 `{"chatbot":{"platforms":{"slack":{"client":{"@@assign":"disabled"}}}}}`,
	types.PolicyTypeDeclarativePolicyEc2:          `{"ec2_attributes":{"serial_console_access":{"status":{"@@assign":"disabled"}}}}`,
	types.PolicyTypeSecurityhubPolicy:             `{"securityhub":{"enable_in_regions":{"@@append":["ALL_SUPPORTED"]},"disable_in_regions":{"@@append":[]}}}`,
	types.PolicyTypeInspectorPolicy:               `{"inspector":{"enablement":{"ec2_scanning":{"enable_in_regions":{"@@assign":["eu-central-1"]}}}}}`,
	types.PolicyTypeUpgradeRolloutPolicy:          `{"upgrade_rollout":{"default":{"patch_order":{"@@assign":"last"}}}}`,
	types.PolicyTypeBedrockPolicy:                 `{"bedrock":{"guardrail_inference":{"eu-central-1":{"config":{"input_tags":{"@@assign":"honor"}}}}}}`,
	types.PolicyTypeS3Policy:                      `{"s3_attributes":{"public_access_block_configuration":{"@@assign":"all"}}}`,
	types.PolicyTypeNetworkSecurityDirectorPolicy: `{"network_security_director":{"enablement":{"network_security_scan":{"enable_in_regions":{"@@assign":["us-east-1"]}}}}}`,
	types.PolicyTypeGuarddutyPolicy:               `{"guardduty":{"default":{"foundational":{"@@assign":"enabled"}}}}`,
}

func (w *twin) enable(t types.PolicyType) error {
	_, err := w.EnablePolicyType(w.ctx, &sdk.EnablePolicyTypeInput{RootId: &w.root, PolicyType: t})
	return err
}

func (w *twin) disable(t types.PolicyType) error {
	_, err := w.DisablePolicyType(w.ctx, &sdk.DisablePolicyTypeInput{RootId: &w.root, PolicyType: t})
	return err
}

// make makes a policy of any type.
func (w *twin) make(kind types.PolicyType, name, content string) (string, error) {
	in := newPolicy(name, content)
	in.Type = kind
	out, err := w.CreatePolicy(w.ctx, in)
	if err != nil {
		return "", err
	}
	return *out.Policy.PolicySummary.Id, nil
}

// attachedOf gives the names of the policies of a type attached to a target.
func (w *twin) attachedOf(target string, kind types.PolicyType) (names []string) {
	w.t.Helper()
	out, err := w.ListPoliciesForTarget(w.ctx, &sdk.ListPoliciesForTargetInput{TargetId: &target, Filter: kind})
	must(w.t, err)
	for _, p := range out.Policies {
		names = append(names, *p.Name)
	}
	return names
}

// TestPolicyTypes goes through the life of a policy of each type of the model, beside policies of other types.
func TestPolicyTypes(t *testing.T) {
	t.Parallel()
	for _, kind := range types.PolicyType("").Values() {
		t.Run(string(kind), func(t *testing.T) {
			t.Parallel()
			w := setup(t, organizations.Quotas{}, 0)
			id := w.account("x")
			other := w.policy("other")
			must(t, w.attach(other, id))
			if kind == types.PolicyTypeSecurityhubPolicy {
				wantError(t, w.enable(kind), "ConstraintViolationException", "SERVICE_ACCESS_NOT_ENABLED")
				w.update(func(tx *state.Tx) { must(t, w.TrustService(tx, "securityhub.amazonaws.com")) })
			}
			own, err := w.make(kind, "own", contents[kind])
			must(t, err)
			if kind == types.PolicyTypeServiceControlPolicy {
				must(t, w.disable(kind))
			}
			wantError(t, w.attach(own, id), "PolicyTypeNotEnabledException")
			must(t, w.enable(kind))
			wantError(t, w.enable(kind), "PolicyTypeAlreadyEnabledException")
			w.wantEnabled(kind, true)

			must(t, w.attach(own, id))
			wantError(t, w.attach(own, id), "DuplicatePolicyAttachmentException")
			full := map[types.PolicyType][]string{types.PolicyTypeServiceControlPolicy: {"FullAWSAccess"}, rcp: {"RCPFullAWSAccess"}}[kind]
			if diff := cmp.Diff(append(slices.Clone(full), "own"), sorted(w.attachedOf(id, kind))); diff != "" {
				t.Errorf("attached to the account (-want +got):\n%s", diff)
			}
			if diff := cmp.Diff(full, w.attachedOf(w.root, kind)); diff != "" {
				t.Errorf("attached to the root (-want +got):\n%s", diff)
			}
			list, err := w.ListPolicies(w.ctx, &sdk.ListPoliciesInput{Filter: kind})
			must(t, err)
			for _, p := range list.Policies {
				if p.Type != kind || !strings.Contains(*p.Arn, "/"+strings.ToLower(string(kind))+"/") {
					t.Errorf("listed %s of type %s as %s", *p.Name, p.Type, *p.Arn)
				}
			}
			_, err = w.DeletePolicy(w.ctx, &sdk.DeletePolicyInput{PolicyId: &own})
			wantError(t, err, "PolicyInUseException")
			must(t, w.detach(own, id))
			wantError(t, w.detach(own, id), "PolicyNotAttachedException")
			must(t, w.attach(own, id))
			must(t, w.disable(kind))
			wantError(t, w.disable(kind), "PolicyTypeNotEnabledException")
			w.wantEnabled(kind, false)
			if got := w.attachedOf(id, kind); got != nil {
				t.Errorf("disabled, the account still has %q", got)
			}
			if kind != types.PolicyTypeServiceControlPolicy {
				if diff := cmp.Diff([]string{"FullAWSAccess", "other"}, sorted(w.attached(id))); diff != "" {
					t.Errorf("service control policies of the account (-want +got):\n%s", diff)
				}
			}
			_, err = w.DeletePolicy(w.ctx, &sdk.DeletePolicyInput{PolicyId: &own})
			must(t, err)
		})
	}
}

func sorted(names []string) []string { return slices.Sorted(slices.Values(names)) }

func (w *twin) wantEnabled(kind types.PolicyType, want bool) {
	w.t.Helper()
	out, err := w.ListRoots(w.ctx, &sdk.ListRootsInput{})
	must(w.t, err)
	got := slices.ContainsFunc(out.Roots[0].PolicyTypes, func(p types.PolicyTypeSummary) bool {
		return p.Type == kind && p.Status == types.PolicyTypeStatusEnabled
	})
	if got != want {
		w.t.Errorf("the root has %s enabled: %v, want %v", kind, got, want)
	}
}

// TestPolicyTypes_Limits holds size and attachments of each type against AWS's figures, written down here a second time.
func TestPolicyTypes_Limits(t *testing.T) {
	t.Parallel()
	for kind, limit := range map[types.PolicyType]struct{ size, attached int }{
		types.PolicyTypeServiceControlPolicy:   {10_240, 10},
		rcp:                                    {5120, 5},
		tagType:                                {10_000, 10},
		types.PolicyTypeBackupPolicy:           {10_000, 10},
		types.PolicyTypeAiservicesOptOutPolicy: {2500, 5},
		types.PolicyTypeChatbotPolicy:          {10_000, 5},
		types.PolicyTypeDeclarativePolicyEc2:   {10_000, 10},
		types.PolicyTypeUpgradeRolloutPolicy:   {5120, 10},
	} {
		t.Run(string(kind), func(t *testing.T) {
			t.Parallel()
			w := setup(t, organizations.Quotas{}, 0)
			fill := strings.Repeat(" ", limit.size-len(contents[kind]))
			fits, err := w.make(kind, "fits", contents[kind]+fill)
			must(t, err)
			_, err = w.make(kind, "over", contents[kind]+fill+" ")
			wantError(t, err, "ConstraintViolationException", "POLICY_CONTENT_LIMIT_EXCEEDED")
			_, err = w.UpdatePolicy(w.ctx, &sdk.UpdatePolicyInput{PolicyId: &fits, Content: new(contents[kind] + fill + " ")})
			wantError(t, err, "ConstraintViolationException", "POLICY_CONTENT_LIMIT_EXCEEDED")
			if kind != types.PolicyTypeServiceControlPolicy {
				must(t, w.enable(kind))
			}
			for i := len(w.attachedOf(w.root, kind)); i < limit.attached; i++ {
				id, err := w.make(kind, fmt.Sprint("p", i), contents[kind])
				must(t, err)
				must(t, w.attach(id, w.root))
			}
			wantError(t, w.attach(fits, w.root), "ConstraintViolationException", "MAX_POLICY_TYPE_ATTACHMENT_LIMIT_EXCEEDED")
		})
	}
}

func TestPolicyTypes_CountedEachForItself(t *testing.T) {
	t.Parallel()
	w := setup(t, organizations.Quotas{Policies: 3}, 0)
	w.policy("a")
	w.policy("b")
	_, err := w.make(tagType, "tags", contents[tagType])
	must(t, err)
	_, err = w.CreatePolicy(w.ctx, newPolicy("c", denyAll))
	wantError(t, err, "ConstraintViolationException", "POLICY_NUMBER_LIMIT_EXCEEDED")
	_, err = w.make(tagType, "a", contents[tagType])
	wantError(t, err, "DuplicatePolicyException")
}

// TestPolicyTypes_Thousand fills the quota of a type whose figure is not configurable.
func TestPolicyTypes_Thousand(t *testing.T) {
	t.Parallel()
	w := setup(t, organizations.Quotas{}, 0)
	for i := range 1000 {
		_, err := w.make(tagType, fmt.Sprint("tags", i), contents[tagType])
		must(t, err)
	}
	_, err := w.make(tagType, "more", contents[tagType])
	wantError(t, err, "ConstraintViolationException", "POLICY_NUMBER_LIMIT_EXCEEDED")
	w.policy("another type")
}

// TestFullResourceAccess holds the rules of the policy that AWS attaches everywhere while RCPs are enabled.
func TestFullResourceAccess(t *testing.T) {
	t.Parallel()
	w := setup(t, organizations.Quotas{}, 0)
	before := w.account("before")
	full := organizations.FullResourceAccessID
	got, err := w.DescribePolicy(w.ctx, &sdk.DescribePolicyInput{PolicyId: &full})
	must(t, err)
	if s := got.Policy.PolicySummary; !s.AwsManaged || s.Type != rcp || *s.Arn != "arn:aws:organizations::aws:policy/resource_control_policy/p-RCPFullAWSAccess" {
		t.Errorf("RCPFullAWSAccess: %v %s %s", s.AwsManaged, s.Type, *s.Arn)
	}
	if n := w.attachedOf(w.root, rcp); n != nil {
		t.Errorf("before RCPs are enabled, the root has %q", n)
	}
	must(t, w.enable(rcp))
	ou, after := w.ou(w.root, "A"), w.account("after")
	for _, target := range []string{w.root, ou, before, after, management} {
		if diff := cmp.Diff([]string{"RCPFullAWSAccess"}, w.attachedOf(target, rcp)); diff != "" {
			t.Errorf("%s has (-want +got):\n%s", target, diff)
		}
		wantError(t, w.detach(full, target), "InvalidInputException", "NON_DETACHABLE_POLICY")
	}
	wantError(t, w.attach(full, w.root), "DuplicatePolicyAttachmentException")
	w.view(func(tx *state.Tx) {
		if n := len(w.ResourceControlPolicies(tx, after)); n != 2 {
			t.Errorf("%d levels above an account in the root, want 2", n)
		}
		if levels := w.ResourceControlPolicies(tx, management); levels != nil {
			t.Errorf("the management account has %v", levels)
		}
	})
	must(t, w.disable(rcp))
	w.view(func(tx *state.Tx) {
		if levels := w.ResourceControlPolicies(tx, after); levels != nil {
			t.Errorf("disabled, an account has %v", levels)
		}
	})
}

// TestServiceNeeded holds that a service keeps its access while an enabled policy type needs it.
func TestServiceNeeded(t *testing.T) {
	t.Parallel()
	w := setup(t, organizations.Quotas{}, 0)
	hub := new("securityhub.amazonaws.com")
	disable := func() error {
		_, err := w.DisableAWSServiceAccess(w.ctx, &sdk.DisableAWSServiceAccessInput{ServicePrincipal: hub})
		return err
	}
	_, err := w.EnableAWSServiceAccess(w.ctx, &sdk.EnableAWSServiceAccessInput{ServicePrincipal: hub})
	must(t, err)
	must(t, w.enable(types.PolicyTypeSecurityhubPolicy))
	wantError(t, disable(), "ConstraintViolationException", "POLICY_TYPE_ENABLED_FOR_THIS_SERVICE")
	must(t, w.disable(types.PolicyTypeSecurityhubPolicy))
	must(t, disable())
}
