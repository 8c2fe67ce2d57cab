package iam

import (
	"context"
	"maps"
	"strings"

	"github.com/aws/aws-sdk-go-v2/service/iam"
	"github.com/aws/aws-sdk-go-v2/service/iam/types"

	"accountfactory/internal/twin/state"
)

const maxTags = 50

// readTags reads the tags of a request. Keys of tags do not differ by case alone.
// Source: IAM User Guide, "Tags for IAM resources".
func readTags(in []types.Tag) (map[string]string, error) {
	if len(in) > maxTags {
		return nil, exceeded("The number of tags has reached the maximum limit.")
	}
	if len(in) == 0 {
		return nil, nil
	}
	tags := make(map[string]string, len(in))
	for _, t := range in {
		if strings.HasPrefix(strings.ToLower(*t.Key), "aws:") {
			return nil, invalidInput("System tag keys cannot be added, modified, or removed. A tag key must not begin with aws:")
		}
		if _, twice := foldedTag(tags, *t.Key); twice {
			return nil, invalidInput("Duplicate tag keys found. Please note that Tag keys are case insensitive.")
		}
		tags[*t.Key] = *t.Value
	}
	return tags, nil
}

// tagged lays the tags of a request upon those there are.
func tagged(old map[string]string, in []types.Tag) (map[string]string, error) {
	over, err := readTags(in)
	if err != nil {
		return nil, err
	}
	tags := withTags(old, over)
	if len(tags) > maxTags {
		return nil, exceeded("The number of tags has reached the maximum limit.")
	}
	return tags, nil
}

// untagged leaves out tags by their keys; those there are not are no error.
func untagged(old map[string]string, keys []string) map[string]string {
	tags := maps.Clone(old)
	for _, k := range keys {
		if own, ok := foldedTag(tags, k); ok {
			delete(tags, own)
		}
	}
	return tags
}

// changeTags changes the tags of an entity.
func changeTags[T any](ctx context.Context, s *Service, c class[T], name string, f func(map[string]string) (map[string]string, error)) error {
	return s.state.Update(ctx, func(tx *state.Tx) error {
		return c.changeEntity(tx, accountOf(ctx), name, func(e *Entity) (err error) {
			e.Tags, err = f(e.Tags)
			return err
		})
	})
}

// adding and removing are what TagX and UntagX do to the tags there are.
func adding(in []types.Tag) func(map[string]string) (map[string]string, error) {
	return func(old map[string]string) (map[string]string, error) { return tagged(old, in) }
}

func removing(keys []string) func(map[string]string) (map[string]string, error) {
	return func(old map[string]string) (map[string]string, error) { return untagged(old, keys), nil }
}

// pageOfTags lists tags in the order of their keys.
func pageOfTags(p page, tags map[string]string) listed[types.Tag] {
	return take(p, following(sortedKeys(tags), p.after), self, func(k string) types.Tag {
		v := tags[k]
		return types.Tag{Key: &k, Value: &v}
	})
}

func listTags[T any](ctx context.Context, s *Service, c class[T], operation, name string, marker *string, maxItems *int32) (l listed[types.Tag], err error) {
	p, err := newPage(marker, maxItems, operation, accountOf(ctx), name)
	if err != nil {
		return l, err
	}
	return l, s.state.View(func(tx *state.Tx) error {
		row, err := c.get(tx, accountOf(ctx), name)
		if err != nil {
			return err
		}
		l = pageOfTags(p, c.entity(row).Tags)
		return nil
	})
}

// TagUser adds or replaces tags of a user.
func (s *Service) TagUser(ctx context.Context, in *iam.TagUserInput, _ ...func(*iam.Options)) (*iam.TagUserOutput, error) {
	return &iam.TagUserOutput{}, changeTags(ctx, s, s.users, *in.UserName, adding(in.Tags))
}

// TagRole adds or replaces tags of a role.
func (s *Service) TagRole(ctx context.Context, in *iam.TagRoleInput, _ ...func(*iam.Options)) (*iam.TagRoleOutput, error) {
	return &iam.TagRoleOutput{}, changeTags(ctx, s, s.roles, *in.RoleName, adding(in.Tags))
}

// UntagUser removes tags of a user.
func (s *Service) UntagUser(ctx context.Context, in *iam.UntagUserInput, _ ...func(*iam.Options)) (*iam.UntagUserOutput, error) {
	return &iam.UntagUserOutput{}, changeTags(ctx, s, s.users, *in.UserName, removing(in.TagKeys))
}

// UntagRole removes tags of a role.
func (s *Service) UntagRole(ctx context.Context, in *iam.UntagRoleInput, _ ...func(*iam.Options)) (*iam.UntagRoleOutput, error) {
	return &iam.UntagRoleOutput{}, changeTags(ctx, s, s.roles, *in.RoleName, removing(in.TagKeys))
}

// ListUserTags lists the tags of a user.
func (s *Service) ListUserTags(ctx context.Context, in *iam.ListUserTagsInput, _ ...func(*iam.Options)) (*iam.ListUserTagsOutput, error) {
	l, err := listTags(ctx, s, s.users, "ListUserTags", *in.UserName, in.Marker, in.MaxItems)
	return &iam.ListUserTagsOutput{Tags: l.Items, Marker: l.Marker, IsTruncated: l.Truncated}, err
}

// ListRoleTags lists the tags of a role.
func (s *Service) ListRoleTags(ctx context.Context, in *iam.ListRoleTagsInput, _ ...func(*iam.Options)) (*iam.ListRoleTagsOutput, error) {
	l, err := listTags(ctx, s, s.roles, "ListRoleTags", *in.RoleName, in.Marker, in.MaxItems)
	return &iam.ListRoleTagsOutput{Tags: l.Items, Marker: l.Marker, IsTruncated: l.Truncated}, err
}

// TagPolicy adds or replaces tags of a customer managed policy.
func (s *Service) TagPolicy(ctx context.Context, in *iam.TagPolicyInput, _ ...func(*iam.Options)) (*iam.TagPolicyOutput, error) {
	return &iam.TagPolicyOutput{}, s.changePolicy(ctx, *in.PolicyArn, func(_ *state.Tx, p *Policy) (err error) {
		p.Tags, err = tagged(p.Tags, in.Tags)
		return err
	})
}

// UntagPolicy removes tags of a customer managed policy.
func (s *Service) UntagPolicy(ctx context.Context, in *iam.UntagPolicyInput, _ ...func(*iam.Options)) (*iam.UntagPolicyOutput, error) {
	return &iam.UntagPolicyOutput{}, s.changePolicy(ctx, *in.PolicyArn, func(_ *state.Tx, p *Policy) error {
		p.Tags = untagged(p.Tags, in.TagKeys)
		return nil
	})
}

// ListPolicyTags lists the tags of a policy; AWS's have none.
func (s *Service) ListPolicyTags(ctx context.Context, in *iam.ListPolicyTagsInput, _ ...func(*iam.Options)) (*iam.ListPolicyTagsOutput, error) {
	p, err := newPage(in.Marker, in.MaxItems, "ListPolicyTags", *in.PolicyArn)
	if err != nil {
		return nil, err
	}
	out := &iam.ListPolicyTagsOutput{}
	return out, s.state.View(func(tx *state.Tx) error {
		m, err := s.anyPolicy(tx, accountOf(ctx), *in.PolicyArn)
		if err != nil {
			return err
		}
		l := pageOfTags(p, m.Tags)
		out.Tags, out.Marker, out.IsTruncated = l.Items, l.Marker, l.Truncated
		return nil
	})
}
