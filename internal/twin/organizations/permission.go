package organizations

import (
	"context"
	"maps"
	"strings"

	"github.com/aws/aws-sdk-go-v2/service/organizations"
	"github.com/aws/aws-sdk-go-v2/service/organizations/types"

	"accountfactory/internal/twin/state"
	"accountfactory/internal/wire"
)

// checks gives the questions for an action on these resources, by their ids; without any, the action is asked for "*".
// keys are the request's own condition keys; each resource adds its tags.
// Source: Service Authorization Reference, "Actions, resources, and condition keys for AWS Organizations".
func (s *Service) checks(action string, keys map[string][]string, ids ...string) (out []wire.Check, err error) {
	action = "organizations:" + action
	err = s.state.View(func(tx *state.Tx) error {
		org := s.Organization(tx)
		if org == nil || len(ids) == 0 {
			out = []wire.Check{{Action: action, Resource: "*", Context: keys}}
			return nil
		}
		out = make([]wire.Check, len(ids))
		for i, id := range ids {
			tags, _ := s.tagsOf(tx, id)
			out[i] = wire.Check{Action: action, Resource: s.resource(tx, org, id), Context: withTags(keys, "aws:ResourceTag/", tags)}
		}
		return nil
	})
	return out, err
}

// resource gives the ARN of what an id stands for. A policy that is not there yet goes by its type and a pattern, as in
// "TAG_POLICY/p-*"; one that is not there at all, by a service control policy's ARN.
func (s *Service) resource(tx *state.Tx, org *Organization, id string) string {
	kind, policy, cut := strings.Cut(id, "/")
	if !cut {
		policy = id
		kind = ""
	}
	if !strings.HasPrefix(policy, "p-") {
		return org.ARN(id)
	}
	if p := s.policies.Get(tx, policy); p != nil {
		return org.policyARN(p)
	}
	return org.policyARN(&Policy{ID: policy, Type: types.PolicyType(kind)})
}

// withTags gives keys and a key for each tag; keys itself when there are none.
func withTags(keys map[string][]string, prefix string, tags []Tag) map[string][]string {
	if len(tags) == 0 {
		return keys
	}
	out := make(map[string][]string, len(keys)+len(tags))
	maps.Copy(out, keys)
	for _, t := range tags {
		out[prefix+t.Key] = []string{t.Value}
	}
	return out
}

func ofType(t types.PolicyType) map[string][]string {
	return map[string][]string{"organizations:PolicyType": {string(t)}}
}

func ofService(principal *string) map[string][]string {
	if principal == nil {
		return nil
	}
	return map[string][]string{"organizations:ServicePrincipal": {*principal}}
}

// requested adds the condition keys of the tags a request carries.
func requested(keys map[string][]string, in []types.Tag) map[string][]string {
	if len(in) == 0 {
		return keys
	}
	tags, names := []Tag{}, []string{}
	for _, t := range in {
		tags = append(tags, Tag{Key: str(t.Key), Value: str(t.Value)})
		names = append(names, str(t.Key))
	}
	out := withTags(keys, "aws:RequestTag/", tags)
	out["aws:TagKeys"] = names
	return out
}

// creating asks for an action that makes something with tags: with any, the caller must also be allowed to tag what is
// made, of which there is only the kind of ARN yet.
func (s *Service) creating(action, madeID string, keys map[string][]string, tags []types.Tag, ids ...string) ([]wire.Check, error) {
	keys = requested(keys, tags)
	out, err := s.checks(action, keys, ids...)
	if err != nil || len(tags) == 0 {
		return out, err
	}
	tagging, err := s.checks("TagResource", keys, madeID)
	return append(out, tagging...), err
}

func (s *Service) checkCreateAccount(_ context.Context, in *organizations.CreateAccountInput) ([]wire.Check, error) {
	return s.creating("CreateAccount", "*", nil, in.Tags)
}

func (s *Service) checkCreateOrganizationalUnit(_ context.Context, in *organizations.CreateOrganizationalUnitInput) ([]wire.Check, error) {
	return s.creating("CreateOrganizationalUnit", "ou-*", nil, in.Tags, str(in.ParentId))
}

func (s *Service) checkCreatePolicy(_ context.Context, in *organizations.CreatePolicyInput) ([]wire.Check, error) {
	return s.creating("CreatePolicy", string(in.Type)+"/p-*", ofType(in.Type), in.Tags)
}

func (s *Service) checkTagResource(_ context.Context, in *organizations.TagResourceInput) ([]wire.Check, error) {
	return s.checks("TagResource", requested(nil, in.Tags), str(in.ResourceId))
}

func (s *Service) checkUntagResource(_ context.Context, in *organizations.UntagResourceInput) ([]wire.Check, error) {
	return s.checks("UntagResource", map[string][]string{"aws:TagKeys": in.TagKeys}, str(in.ResourceId))
}
