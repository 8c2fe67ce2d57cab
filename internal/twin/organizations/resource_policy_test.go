package organizations_test

import (
	"errors"
	"strings"
	"testing"

	sdk "github.com/aws/aws-sdk-go-v2/service/organizations"
	"github.com/aws/aws-sdk-go-v2/service/organizations/types"
	"github.com/google/go-cmp/cmp"

	"accountfactory/internal/twin/organizations"
	"accountfactory/internal/wire"
)

// granting is a resource policy that lets accounts do actions on everything.
func granting(principal, action string) string {
	return `{"Version":"2012-10-17","Statement":{"Effect":"Allow","Principal":` + principal + `,"Action":` + action + `,"Resource":"*"}}`
}

func (w *twin) putResourcePolicy(content string, tags ...types.Tag) (*types.ResourcePolicy, error) {
	out, err := w.PutResourcePolicy(w.ctx, &sdk.PutResourcePolicyInput{Content: &content, Tags: tags})
	if err != nil {
		return nil, err
	}
	return out.ResourcePolicy, nil
}

func TestResourcePolicy(t *testing.T) {
	t.Parallel()
	w := setup(t, organizations.Quotas{}, 0)
	describe := func() (*types.ResourcePolicy, error) {
		out, err := w.DescribeResourcePolicy(w.ctx, &sdk.DescribeResourcePolicyInput{})
		if err != nil {
			return nil, err
		}
		return out.ResourcePolicy, nil
	}
	first, tag := granting(`"*"`, `"organizations:Describe*"`), types.Tag{Key: new("team"), Value: new("a")}
	for range 2 { // deleted, it can be made again
		_, err := describe()
		wantError(t, err, "ResourcePolicyNotFoundException")
		made, err := w.putResourcePolicy(first, tag)
		must(t, err)
		id := *made.ResourcePolicySummary.Id
		want := &types.ResourcePolicy{Content: &first, ResourcePolicySummary: &types.ResourcePolicySummary{
			Id: &id, Arn: new("arn:aws:organizations::111111111111:resourcepolicy/" + w.org + "/" + id),
		}}
		got, err := describe()
		must(t, err)
		if diff := cmp.Diff(want, got, structs); diff != "" {
			t.Errorf("made (-want +got):\n%s", diff)
		}
		tagged, err := w.ListTagsForResource(w.ctx, &sdk.ListTagsForResourceInput{ResourceId: &id})
		must(t, err)
		if diff := cmp.Diff([]types.Tag{tag}, tagged.Tags, structs); diff != "" {
			t.Errorf("tags (-want +got):\n%s", diff)
		}
		second := granting(`"*"`, `["organizations:List*","organizations:TagResource"]`)
		_, err = w.putResourcePolicy(second, tag)
		wantError(t, err, "InvalidInputException", "INVALID_LIST_MEMBER")
		changed, err := w.putResourcePolicy(second)
		must(t, err)
		if *changed.ResourcePolicySummary.Id != id || *changed.Content != second {
			t.Errorf("changed: %s %s", *changed.ResourcePolicySummary.Id, *changed.Content)
		}
		_, err = w.UntagResource(w.ctx, &sdk.UntagResourceInput{ResourceId: &id, TagKeys: []string{"team"}})
		must(t, err)
		_, err = w.DeleteResourcePolicy(w.ctx, &sdk.DeleteResourcePolicyInput{})
		must(t, err)
		_, err = w.DeleteResourcePolicy(w.ctx, &sdk.DeleteResourcePolicyInput{})
		wantError(t, err, "ResourcePolicyNotFoundException")
		_, err = w.ListTagsForResource(w.ctx, &sdk.ListTagsForResourceInput{ResourceId: &id})
		wantError(t, err, "TargetNotFoundException")
	}
}

func TestResourcePolicy_Refusals(t *testing.T) {
	t.Parallel()
	w := setup(t, organizations.Quotas{}, 0)
	id := w.account("x")
	const list = `"organizations:ListAccounts"`
	for _, tc := range []struct{ name, content, reason string }{
		{"an account", granting(`{"AWS":"`+id+`"}`, list), ""},
		{"a role in it", granting(`{"AWS":["arn:aws:iam::`+id+`:role/x","arn:aws:iam::`+id+`:root"]}`, list), ""},
		{"everybody", granting(`{"AWS":"*"}`, list), ""},
		{"a pattern of actions", granting(`"*"`, `"Organizations:*Polic?"`), ""},
		{"a deny", strings.Replace(granting(`"*"`, list), "Allow", "Deny", 1), ""},
		{"no JSON", "x", "INVALID_RESOURCE_POLICY_JSON"},
		{"no Principal", denyAll, "INVALID_RESOURCE_POLICY_JSON"},
		{"another account", granting(`{"AWS":"999999999999"}`, list), "INVALID_PRINCIPAL"},
		{"a role elsewhere", granting(`{"AWS":["`+id+`","arn:aws:iam::999999999999:role/x"]}`, list), "INVALID_PRINCIPAL"},
		{"a service", granting(`{"Service":"x.amazonaws.com"}`, list), "INVALID_PRINCIPAL"},
		{"an account and a service", granting(`{"AWS":"`+id+`","Service":"x.amazonaws.com"}`, list), "INVALID_PRINCIPAL"},
		{"NotPrincipal", `{"Version":"2012-10-17","Statement":[{"Effect":"Deny","NotPrincipal":{"AWS":"` + id + `"},"Action":` + list + `,"Resource":"*"}]}`, "INVALID_PRINCIPAL"},
		{"what cannot be delegated", granting(`"*"`, `["organizations:ListAccounts","organizations:CreateAccount"]`), "UNSUPPORTED_ACTION_IN_RESOURCE_POLICY"},
		{"another service's action", granting(`"*"`, `"iam:ListUsers"`), "UNSUPPORTED_ACTION_IN_RESOURCE_POLICY"},
		{"every action", granting(`"*"`, `"*"`), "UNSUPPORTED_ACTION_IN_RESOURCE_POLICY"},
		{"NotAction", strings.Replace(granting(`"*"`, list), "Action", "NotAction", 1), "UNSUPPORTED_ACTION_IN_RESOURCE_POLICY"},
	} {
		_, err := w.putResourcePolicy(tc.content)
		if tc.reason != "" {
			wantError(t, err, "InvalidInputException", tc.reason)
		} else if err != nil {
			t.Errorf("%s: %v", tc.name, err)
		}
	}
}

// TestDelegatedCall holds that a handler serves a member whose call the authoriser found granted, and no other.
func TestDelegatedCall(t *testing.T) {
	t.Parallel()
	w := setup(t, organizations.Quotas{}, 0)
	id := w.account("x")
	granted := wire.WithRequest(t.Context(), &wire.Request{Caller: wire.Caller{AccountID: id}, Delegated: true})
	for name, call := range map[string]func(member bool) error{
		"a read": func(member bool) error {
			_, err := w.ListAccounts(pick(member, as(id), granted), &sdk.ListAccountsInput{})
			return err
		},
		"a write": func(member bool) error {
			_, err := w.CreatePolicy(pick(member, as(id), granted), newPolicy("p", denyAll))
			return err
		},
		"somebody else's effective policy": func(member bool) error {
			_, err := w.DescribeEffectivePolicy(pick(member, as(id), granted), &sdk.DescribeEffectivePolicyInput{PolicyType: effectiveTags, TargetId: new(management)})
			if none := new(types.EffectivePolicyNotFoundException); errors.As(err, &none) {
				return nil
			}
			return err
		},
	} {
		wantError(t, call(true), "AccessDeniedException")
		if err := call(false); err != nil {
			t.Errorf("%s that is granted: %v", name, err)
		}
	}
}

func pick[T any](first bool, a, b T) T {
	if first {
		return a
	}
	return b
}
