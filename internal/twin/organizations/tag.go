package organizations

import (
	"slices"
	"strings"

	"github.com/aws/aws-sdk-go-v2/service/organizations/types"

	"accountfactory/internal/twin/state"
)

const maxTags = 50

// tagsFrom takes the tags of a request, which may not say a key twice nor one of AWS's own.
func tagsFrom(in []types.Tag) ([]Tag, error) {
	if len(in) > maxTags {
		return nil, errTooManyTags()
	}
	var tags []Tag
	for _, t := range in {
		key := str(t.Key)
		if strings.HasPrefix(strings.ToLower(key), "aws:") {
			return nil, invalid(types.InvalidInputExceptionReasonInvalidSystemTagsParameter,
				"You specified a tag key that is a system tag. You can't add, edit, or delete system tag keys because they're reserved for AWS use.")
		}
		if slices.ContainsFunc(tags, func(t Tag) bool { return t.Key == key }) {
			return nil, invalid(types.InvalidInputExceptionReasonDuplicateTagKey,
				"Tag keys must be unique among the tags attached to the same entity.")
		}
		tags = append(tags, Tag{Key: key, Value: str(t.Value)})
	}
	slices.SortFunc(tags, func(a, b Tag) int { return strings.Compare(a.Key, b.Key) })
	return tags, nil
}

// merged gives old with the tags of add put in, in the order of their keys. Neither is written to.
func merged(old, add []Tag) ([]Tag, error) {
	tags := slices.DeleteFunc(slices.Clone(old), func(t Tag) bool {
		return slices.ContainsFunc(add, func(a Tag) bool { return a.Key == t.Key })
	})
	tags = append(tags, add...)
	if len(tags) > maxTags {
		return nil, errTooManyTags()
	}
	slices.SortFunc(tags, func(a, b Tag) int { return strings.Compare(a.Key, b.Key) })
	return tags, nil
}

// without gives old without the tags of these keys.
func without(old []Tag, keys []string) []Tag {
	return slices.DeleteFunc(slices.Clone(old), func(t Tag) bool { return slices.Contains(keys, t.Key) })
}

// tagsOf gives the tags of an account, OU, root, policy or resource policy; ok is false when there is no such thing.
func (s *Service) tagsOf(tx *state.Tx, id string) (tags []Tag, ok bool) {
	org := s.Organization(tx)
	if org != nil && id == org.RootID {
		return org.RootTags, true
	}
	if ou := s.ous.Get(tx, id); ou != nil {
		return ou.Tags, true
	}
	if p := s.policies.Get(tx, id); p != nil {
		return p.Tags, true
	}
	if p := s.ResourcePolicy(tx); p != nil && p.ID == id {
		return p.Tags, true
	}
	if a := s.accounts.Get(tx, id); a != nil {
		return a.Tags, true
	}
	return nil, false
}

// SetTags replaces the tags of an account, OU, root, policy or resource policy.
func (s *Service) SetTags(tx *state.Tx, id string, tags []Tag) error {
	if p := s.policies.Get(tx, id); p != nil && p.AWSManaged {
		return errTargetNotSupported()
	}
	switch {
	case id == s.RootID(tx) && id != "":
		s.organization.Change(tx, theOrganization, func(o *Organization) { o.RootTags = tags })
	case s.ous.Change(tx, id, func(o *OU) { o.Tags = tags }):
	case s.policies.Change(tx, id, func(p *Policy) { p.Tags = tags }):
	case isResourcePolicy(id) && s.resourcePolicy.Change(tx, theResourcePolicy, func(p *ResourcePolicy) { p.Tags = tags }):
	case s.accounts.Change(tx, id, func(a *Account) { a.Tags = tags }):
	default:
		return errTargetNotFound()
	}
	return nil
}

// wireTags gives tags as the API shows them, never nil.
func wireTags(tags []Tag) []types.Tag {
	out := make([]types.Tag, len(tags))
	for i, t := range tags {
		out[i] = types.Tag{Key: &t.Key, Value: &t.Value}
	}
	return out
}
