package organizations_test

import (
	"fmt"
	"strings"
	"testing"

	sdk "github.com/aws/aws-sdk-go-v2/service/organizations"
	"github.com/aws/aws-sdk-go-v2/service/organizations/types"
	"github.com/google/go-cmp/cmp"

	"accountfactory/internal/twin/organizations"
	"accountfactory/internal/twin/state"
)

const denyAll = `{"Version":"2012-10-17","Statement":[{"Effect":"Deny","Action":"*","Resource":"*"}]}`

func newPolicy(name, content string) *sdk.CreatePolicyInput {
	return &sdk.CreatePolicyInput{Name: &name, Description: new("d"), Content: &content, Type: types.PolicyTypeServiceControlPolicy}
}

func (w *twin) policy(name string) string {
	w.t.Helper()
	out, err := w.CreatePolicy(w.ctx, newPolicy(name, denyAll))
	must(w.t, err)
	return *out.Policy.PolicySummary.Id
}

func (w *twin) attach(policy, target string) error {
	_, err := w.AttachPolicy(w.ctx, &sdk.AttachPolicyInput{PolicyId: &policy, TargetId: &target})
	return err
}

func (w *twin) detach(policy, target string) error {
	_, err := w.DetachPolicy(w.ctx, &sdk.DetachPolicyInput{PolicyId: &policy, TargetId: &target})
	return err
}

// attached gives the names of the policies attached to a target.
func (w *twin) attached(target string) (names []string) {
	w.t.Helper()
	out, err := w.ListPoliciesForTarget(w.ctx, &sdk.ListPoliciesForTargetInput{TargetId: &target, Filter: types.PolicyTypeServiceControlPolicy})
	must(w.t, err)
	for _, p := range out.Policies {
		names = append(names, *p.Name)
	}
	return names
}

func TestPolicy(t *testing.T) {
	t.Parallel()
	w := setup(t, organizations.Quotas{}, 0)
	id := w.policy("deny")
	want := &types.PolicySummary{
		Id: &id, Arn: new("arn:aws:organizations::111111111111:policy/" + w.org + "/service_control_policy/" + id),
		Name: new("deny"), Description: new("d"), Type: types.PolicyTypeServiceControlPolicy,
	}
	got, err := w.DescribePolicy(w.ctx, &sdk.DescribePolicyInput{PolicyId: &id})
	must(t, err)
	if diff := cmp.Diff(want, got.Policy.PolicySummary, structs); diff != "" || *got.Policy.Content != denyAll {
		t.Errorf("policy (-want +got):\n%s%s", diff, *got.Policy.Content)
	}
	full, err := w.DescribePolicy(w.ctx, &sdk.DescribePolicyInput{PolicyId: new(organizations.FullAccessID)})
	must(t, err)
	if s := full.Policy.PolicySummary; !s.AwsManaged || *s.Arn != "arn:aws:organizations::aws:policy/service_control_policy/p-FullAWSAccess" {
		t.Errorf("FullAWSAccess: %v %s", s.AwsManaged, *s.Arn)
	}
	allow := strings.Replace(denyAll, "Deny", "Allow", 1)
	changed, err := w.UpdatePolicy(w.ctx, &sdk.UpdatePolicyInput{PolicyId: &id, Content: &allow})
	must(t, err)
	if *changed.Policy.Content != allow || *changed.Policy.PolicySummary.Name != "deny" {
		t.Errorf("updated to %s, %s", *changed.Policy.PolicySummary.Name, *changed.Policy.Content)
	}
	list, err := w.ListPolicies(w.ctx, &sdk.ListPoliciesInput{Filter: types.PolicyTypeServiceControlPolicy})
	must(t, err)
	if len(list.Policies) != 2 {
		t.Errorf("%d policies, want FullAWSAccess and ours", len(list.Policies))
	}
	other, err := w.ListPolicies(w.ctx, &sdk.ListPoliciesInput{Filter: types.PolicyTypeTagPolicy})
	must(t, err)
	if other.Policies == nil || len(other.Policies) != 0 {
		t.Errorf("tag policies: %v", other.Policies)
	}
	_, err = w.DeletePolicy(w.ctx, &sdk.DeletePolicyInput{PolicyId: &id})
	must(t, err)
	_, err = w.DescribePolicy(w.ctx, &sdk.DescribePolicyInput{PolicyId: &id})
	wantError(t, err, "PolicyNotFoundException")
}

func TestPolicyRefusals(t *testing.T) {
	t.Parallel()
	w := setup(t, organizations.Quotas{Policies: 3, PolicySize: 200}, 0)
	a, b := w.policy("a"), w.policy("b")
	full, missing := organizations.FullAccessID, "p-00000000"

	_, err := w.CreatePolicy(w.ctx, newPolicy("c", denyAll))
	wantError(t, err, "ConstraintViolationException", "POLICY_NUMBER_LIMIT_EXCEEDED")
	must(t, w.attach(b, w.root))
	_, err = w.DeletePolicy(w.ctx, &sdk.DeletePolicyInput{PolicyId: &b})
	wantError(t, err, "PolicyInUseException")
	must(t, w.detach(b, w.root))
	_, err = w.DeletePolicy(w.ctx, &sdk.DeletePolicyInput{PolicyId: &b})
	must(t, err)

	_, err = w.CreatePolicy(w.ctx, newPolicy("a", denyAll))
	wantError(t, err, "DuplicatePolicyException")
	_, err = w.CreatePolicy(w.ctx, newPolicy("c", denyAll+strings.Repeat(" ", 200)))
	wantError(t, err, "ConstraintViolationException", "POLICY_CONTENT_LIMIT_EXCEEDED")
	for _, content := range []string{
		"no JSON", "{}", `{"Version":"2012-10-17","Statement":[{"Effect":"Deny","Action":"*"}]}`,
		`{"Version":"2012-10-17","Statement":[{"Effect":"Deny","Action":"*","Resource":"*","Principal":"*"}]}`,
	} {
		_, err = w.CreatePolicy(w.ctx, newPolicy("c", content))
		wantError(t, err, "MalformedPolicyDocumentException")
		_, err = w.UpdatePolicy(w.ctx, &sdk.UpdatePolicyInput{PolicyId: &a, Content: &content})
		wantError(t, err, "MalformedPolicyDocumentException")
	}
	_, err = w.UpdatePolicy(w.ctx, &sdk.UpdatePolicyInput{PolicyId: &missing, Name: new("z")})
	wantError(t, err, "PolicyNotFoundException")
	_, err = w.UpdatePolicy(w.ctx, &sdk.UpdatePolicyInput{PolicyId: &a, Name: new("FullAWSAccess")})
	wantError(t, err, "DuplicatePolicyException")
	_, err = w.UpdatePolicy(w.ctx, &sdk.UpdatePolicyInput{PolicyId: &full, Name: new("z")})
	wantError(t, err, "InvalidInputException", "IMMUTABLE_POLICY")
	_, err = w.DeletePolicy(w.ctx, &sdk.DeletePolicyInput{PolicyId: &full})
	wantError(t, err, "InvalidInputException", "IMMUTABLE_POLICY")
	_, err = w.DeletePolicy(w.ctx, &sdk.DeletePolicyInput{PolicyId: &missing})
	wantError(t, err, "PolicyNotFoundException")
}

func TestAttach(t *testing.T) {
	t.Parallel()
	w := setup(t, organizations.Quotas{PolicyPerScope: 3}, 0)
	ou, id := w.ou(w.root, "A"), w.account("x")
	for _, target := range []string{w.root, ou, id, management} {
		if diff := cmp.Diff([]string{"FullAWSAccess"}, w.attached(target)); diff != "" {
			t.Errorf("new, %s has (-want +got):\n%s", target, diff)
		}
	}
	a, b, c := w.policy("a"), w.policy("b"), w.policy("c")
	must(t, w.attach(a, ou))
	must(t, w.attach(b, ou))
	wantError(t, w.attach(c, ou), "ConstraintViolationException", "MAX_POLICY_TYPE_ATTACHMENT_LIMIT_EXCEEDED")
	wantError(t, w.attach(a, ou), "DuplicatePolicyAttachmentException")
	wantError(t, w.attach("p-00000000", ou), "PolicyNotFoundException")
	wantError(t, w.attach(a, "000000000000"), "TargetNotFoundException")
	wantError(t, w.detach(c, ou), "PolicyNotAttachedException")
	wantError(t, w.detach("p-00000000", ou), "PolicyNotFoundException")
	wantError(t, w.detach(a, "ou-none-00000000"), "TargetNotFoundException")
	must(t, w.detach(organizations.FullAccessID, ou))
	must(t, w.detach(a, ou))
	wantError(t, w.detach(b, ou), "ConstraintViolationException", "MIN_POLICY_TYPE_ATTACHMENT_LIMIT_EXCEEDED")

	_, err := w.ListPoliciesForTarget(w.ctx, &sdk.ListPoliciesForTargetInput{TargetId: new("000000000000"), Filter: types.PolicyTypeServiceControlPolicy})
	wantError(t, err, "TargetNotFoundException")
	_, err = w.ListTargetsForPolicy(w.ctx, &sdk.ListTargetsForPolicyInput{PolicyId: new("p-00000000")})
	wantError(t, err, "PolicyNotFoundException")
}

func TestListTargetsForPolicy(t *testing.T) {
	t.Parallel()
	w := setup(t, organizations.Quotas{}, 0)
	ou, id := w.ou(w.root, "A"), w.account("x")
	want := map[string]types.PolicyTargetSummary{}
	for target, as := range map[string]struct {
		name string
		kind types.TargetType
		arn  string
	}{
		w.root: {"Root", types.TargetTypeRoot, "root"}, ou: {"A", types.TargetTypeOrganizationalUnit, "ou"},
		id: {"x", types.TargetTypeAccount, "account"}, management: {"Owner", types.TargetTypeAccount, "account"},
	} {
		want[target] = types.PolicyTargetSummary{
			TargetId: &target, Name: &as.name, Type: as.kind,
			Arn: new("arn:aws:organizations::111111111111:" + as.arn + "/" + w.org + "/" + target),
		}
	}
	got := map[string]types.PolicyTargetSummary{}
	var token *string
	for first := true; first || token != nil; first = false {
		out, err := w.ListTargetsForPolicy(w.ctx, &sdk.ListTargetsForPolicyInput{PolicyId: new(organizations.FullAccessID), MaxResults: new(int32(1)), NextToken: token})
		must(t, err)
		for _, s := range out.Targets {
			got[*s.TargetId] = s
		}
		token = out.NextToken
	}
	if diff := cmp.Diff(want, got, structs); diff != "" {
		t.Errorf("targets (-want +got):\n%s", diff)
	}
}

func TestServiceControlPolicies(t *testing.T) {
	t.Parallel()
	w := setup(t, organizations.Quotas{}, 0)
	a := w.ou(w.root, "A")
	b, id := w.ou(a, "B"), w.account("x")
	_, err := w.MoveAccount(w.ctx, &sdk.MoveAccountInput{AccountId: &id, SourceParentId: &w.root, DestinationParentId: &b})
	must(t, err)
	must(t, w.attach(w.policy("deny"), a))
	levels := func(id string) (names [][]string) {
		w.view(func(tx *state.Tx) {
			for _, level := range w.ServiceControlPolicies(tx, id) {
				var of []string
				for _, p := range level {
					of = append(of, p.Name)
					if p.Content == "" || !strings.HasPrefix(p.ARN, "arn:aws:organizations::") {
						t.Errorf("policy %+v", p)
					}
				}
				names = append(names, of)
			}
		})
		return names
	}
	full := "FullAWSAccess"
	got := levels(id)
	for _, level := range got {
		if len(level) == 2 && level[0] == "deny" {
			level[0], level[1] = level[1], level[0] // in the order of random ids
		}
	}
	if diff := cmp.Diff([][]string{{full}, {full, "deny"}, {full}, {full}}, got); diff != "" {
		t.Errorf("levels (-want +got):\n%s", diff)
	}
	for _, unlimited := range []string{management, "000000000000"} {
		if got := levels(unlimited); got != nil {
			t.Errorf("%s is limited by %v", unlimited, got)
		}
	}

	typeOf := types.PolicyTypeServiceControlPolicy
	off, err := w.DisablePolicyType(w.ctx, &sdk.DisablePolicyTypeInput{RootId: &w.root, PolicyType: typeOf})
	must(t, err)
	if len(off.Root.PolicyTypes) != 0 || levels(id) != nil {
		t.Errorf("disabled: %v, %v", off.Root.PolicyTypes, levels(id))
	}
	_, err = w.DisablePolicyType(w.ctx, &sdk.DisablePolicyTypeInput{RootId: &w.root, PolicyType: typeOf})
	wantError(t, err, "PolicyTypeNotEnabledException")
	wantError(t, w.attach(w.policy("other"), a), "PolicyTypeNotEnabledException")
	later := w.account("later")
	on, err := w.EnablePolicyType(w.ctx, &sdk.EnablePolicyTypeInput{RootId: &w.root, PolicyType: typeOf})
	must(t, err)
	if len(on.Root.PolicyTypes) != 1 {
		t.Errorf("enabled: %v", on.Root.PolicyTypes)
	}
	if diff := cmp.Diff([][]string{{full}, {full}, {full}, {full}}, levels(id)); diff != "" {
		t.Errorf("levels once enabled again (-want +got):\n%s", diff)
	}
	if diff := cmp.Diff([][]string{{full}, {full}}, levels(later)); diff != "" {
		t.Errorf("levels of an account made meanwhile (-want +got):\n%s", diff)
	}
	_, err = w.EnablePolicyType(w.ctx, &sdk.EnablePolicyTypeInput{RootId: &w.root, PolicyType: typeOf})
	wantError(t, err, "PolicyTypeAlreadyEnabledException")
	for _, call := range []func() error{
		func() error {
			_, err := w.EnablePolicyType(w.ctx, &sdk.EnablePolicyTypeInput{RootId: new("r-none"), PolicyType: typeOf})
			return err
		},
		func() error {
			_, err := w.DisablePolicyType(w.ctx, &sdk.DisablePolicyTypeInput{RootId: new("r-none"), PolicyType: typeOf})
			return err
		},
	} {
		wantError(t, call(), "RootNotFoundException")
	}
}

func TestTags(t *testing.T) {
	t.Parallel()
	w := setup(t, organizations.Quotas{}, 0)
	tags := func(pairs ...string) (out []types.Tag) {
		for i := 0; i < len(pairs); i += 2 {
			out = append(out, types.Tag{Key: &pairs[i], Value: &pairs[i+1]})
		}
		return out
	}
	tag := func(id string, tags []types.Tag) error {
		_, err := w.TagResource(w.ctx, &sdk.TagResourceInput{ResourceId: &id, Tags: tags})
		return err
	}
	for _, id := range []string{w.root, w.ou(w.root, "A"), w.account("x"), w.policy("p"), management} {
		must(t, tag(id, tags("b", "1", "a", "1")))
		must(t, tag(id, tags("b", "2", "c", "")))
		_, err := w.UntagResource(w.ctx, &sdk.UntagResourceInput{ResourceId: &id, TagKeys: []string{"a", "zz"}})
		must(t, err)
		out, err := w.ListTagsForResource(w.ctx, &sdk.ListTagsForResourceInput{ResourceId: &id})
		must(t, err)
		if diff := cmp.Diff(tags("b", "2", "c", ""), out.Tags, structs); diff != "" {
			t.Errorf("tags of %s (-want +got):\n%s", id, diff)
		}
	}
	var many []types.Tag
	for i := range 51 {
		many = append(many, types.Tag{Key: new(fmt.Sprint("k", i)), Value: new("")})
	}
	wantError(t, tag(w.root, many), "ConstraintViolationException", "MAX_TAG_LIMIT_EXCEEDED")
	wantError(t, tag(w.root, many[:49]), "ConstraintViolationException", "MAX_TAG_LIMIT_EXCEEDED")
	wantError(t, tag(w.root, tags("a", "1", "a", "2")), "InvalidInputException", "DUPLICATE_TAG_KEY")
	wantError(t, tag(w.root, tags("aws:x", "1")), "InvalidInputException", "INVALID_SYSTEM_TAGS_PARAMETER")
	wantError(t, tag(organizations.FullAccessID, tags("a", "1")), "InvalidInputException", "TARGET_NOT_SUPPORTED")
	missing := "000000000000"
	wantError(t, tag(missing, tags("a", "1")), "TargetNotFoundException")
	_, err := w.UntagResource(w.ctx, &sdk.UntagResourceInput{ResourceId: &missing, TagKeys: []string{"a"}})
	wantError(t, err, "TargetNotFoundException")
	_, err = w.ListTagsForResource(w.ctx, &sdk.ListTagsForResourceInput{ResourceId: &missing})
	wantError(t, err, "TargetNotFoundException")
	_, err = w.ListTagsForResource(w.ctx, &sdk.ListTagsForResourceInput{ResourceId: &w.root, NextToken: new("x")})
	wantError(t, err, "InvalidInputException", "INVALID_NEXT_TOKEN")
}
