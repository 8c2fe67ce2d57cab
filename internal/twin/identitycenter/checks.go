package identitycenter

import (
	"context"
	"maps"

	store "github.com/aws/aws-sdk-go-v2/service/identitystore/types"
	sso "github.com/aws/aws-sdk-go-v2/service/ssoadmin/types"

	"accountfactory/internal/arn"
	"accountfactory/internal/twin/state"
	"accountfactory/internal/wire"
)

// What each action is checked on follows the Service Authorization Reference, "AWS IAM Identity Center" (prefix sso) and
// "AWS Identity Store" (prefix identitystore): an action with several required resources is checked on each.

// on asks for an action of ssoadmin on the resources of a call.
func on[I any](s *Service, action string, resources func(in *I) []string) wire.Checks[I] {
	return func(_ context.Context, in *I) ([]wire.Check, error) {
		return s.checks(action, resources(in), nil)
	}
}

// tagging is on for calls that carry tags or tag keys.
func tagging[I any](s *Service, action string, resources func(in *I) []string, tags func(in *I) ([]sso.Tag, []string)) wire.Checks[I] {
	return func(_ context.Context, in *I) ([]wire.Check, error) {
		added, keys := tags(in)
		values := map[string][]string{}
		for _, t := range added {
			values["aws:RequestTag/"+deref(t.Key)] = []string{deref(t.Value)}
			keys = append(keys, deref(t.Key))
		}
		if len(keys) > 0 {
			values["aws:TagKeys"] = keys
		}
		return s.checks(action, resources(in), values)
	}
}

func (s *Service) checks(action string, resources []string, values map[string][]string) (out []wire.Check, err error) {
	err = s.state.View(func(tx *state.Tx) error {
		for _, r := range resources {
			about := s.about(tx, r)
			maps.Copy(about, values)
			out = append(out, wire.Check{Action: action, Resource: r, Context: about})
		}
		return nil
	})
	return out, err
}

// about gives what conditions can ask of a resource of ssoadmin.
func (s *Service) about(tx *state.Tx, resource string) map[string][]string {
	values := map[string][]string{}
	var tags []Tag
	if in := s.Instance(tx); in != nil && in.ARN() == resource {
		tags = in.Tags
	} else if p := s.sets.Get(tx, resource); p != nil {
		tags = p.Tags
	} else {
		return values
	}
	values["sso:PrimaryRegion"] = []string{s.cfg.Region}
	for _, t := range tags {
		values["aws:ResourceTag/"+t.Key] = []string{t.Value}
	}
	return values
}

// arns gives the ARNs that are there.
func arns(names ...*string) (out []string) {
	for _, n := range names {
		if n != nil {
			out = append(out, *n)
		}
	}
	return out
}

// accountARN names an account as ssoadmin does; without one it stands for all.
func accountARN(id *string) *string {
	if id == nil {
		return new(arn.Make("sso", "", "", "account/*"))
	}
	return new(arn.Make("sso", "", "", "account/"+*id))
}

// anySet stands for a permission set of an instance that has no id yet.
func anySet(instance *string) *string {
	return new(arn.Make("sso", "", "", "permissionSet/"+lastPart(deref(instance))+"/*"))
}

// Names of everything of a kind in an identity store.
func allUsers() string       { return userARN("*") }
func allGroups() string      { return groupARN("*") }
func allMemberships() string { return membershipARN("*") }

// inStore asks for an action of identitystore on the store a call names, and on more resources in it.
func inStore[I any](s *Service, action string, id func(in *I) *string, more func(tx *state.Tx, in *I) []string) wire.Checks[I] {
	return func(ctx context.Context, in *I) (out []wire.Check, err error) {
		values := s.inRegion()
		err = s.state.View(func(tx *state.Tx) error {
			for _, resource := range append(more(tx, in), s.storeARN(ctx, tx, deref(id(in)))) {
				out = append(out, wire.Check{Action: action, Resource: resource, Context: values})
			}
			return nil
		})
		return out, err
	}
}

// inRegion gives the condition key of identitystore that every call has.
func (s *Service) inRegion() map[string][]string {
	return map[string][]string{"identitystore:PrimaryRegion": {s.cfg.Region}}
}

// storeARN names the identity store an id or ARN means; one that is not there is looked for in the caller's account.
func (s *Service) storeARN(ctx context.Context, tx *state.Tx, id string) string {
	if in := s.Instance(tx); in != nil && in.StoreID == lastPart(id) {
		return in.StoreARN()
	}
	return arn.Make("identitystore", "", wire.RequestFrom(ctx).Caller.AccountID, "identitystore/"+lastPart(id))
}

// membershipParts gives the resources of an action on a membership: itself and, while it is there, its group and user.
func (s *Service) membershipParts(tx *state.Tx, id *string) []string {
	out := []string{membershipARN(lastPart(deref(id)))}
	if m := s.memberships.Get(tx, lastPart(deref(id))); m != nil {
		out = append(out, groupARN(m.GroupID), userARN(m.UserID))
	}
	return out
}

// userNamed gives the user an alternate identifier leads to, or all users when it leads to none.
func (s *Service) userNamed(tx *state.Tx, alternate store.AlternateIdentifier) string {
	if u, err := s.findUser(tx, alternate); err == nil {
		return u.ARN()
	}
	return allUsers()
}

func (s *Service) groupNamed(tx *state.Tx, alternate store.AlternateIdentifier) string {
	if g, err := s.findGroup(tx, alternate); err == nil {
		return g.ARN()
	}
	return allGroups()
}

func userNamedBy(id *string) []string  { return []string{userARN(lastPart(deref(id)))} }
func groupNamedBy(id *string) []string { return []string{groupARN(lastPart(deref(id)))} }

// pairParts gives the resources of an action on the membership of a user in a group.
func (s *Service) pairParts(tx *state.Tx, groupID *string, userID string) []string {
	membership := allMemberships()
	if m := s.Membership(tx, lastPart(deref(groupID)), userID); m != nil {
		membership = m.ARN()
	}
	return append(groupNamedBy(groupID), userARN(userID), membership)
}

// manyParts gives the resources of a question about a user and several groups.
func manyParts(groupIDs []string, userID string) []string {
	out := []string{userARN(userID), allMemberships()}
	for _, id := range groupIDs {
		out = append(out, groupARN(lastPart(id)))
	}
	return out
}
