package identitycenter

import (
	"context"
	"slices"
	"strings"

	"github.com/aws/aws-sdk-go-v2/service/ssoadmin"
	sso "github.com/aws/aws-sdk-go-v2/service/ssoadmin/types"

	"accountfactory/internal/twin/state"
)

// tagLimit is how many tags a resource can have.
const tagLimit = 50

// ListTagsForResource gives the tags of the instance or of a permission set; they always fit on one page.
func (s *Service) ListTagsForResource(ctx context.Context, in *ssoadmin.ListTagsForResourceInput, _ ...func(*ssoadmin.Options)) (*ssoadmin.ListTagsForResourceOutput, error) {
	return read(ctx, s, s.tagInstance(in.InstanceArn, in.ResourceArn), func(tx *state.Tx, i *Instance) (*ssoadmin.ListTagsForResourceOutput, error) {
		if in.NextToken != nil && *in.NextToken != "" {
			return nil, invalid("The pagination token is not valid.")
		}
		tags, err := s.tags(tx, i, *in.ResourceArn)
		if err != nil {
			return nil, err
		}
		out := &ssoadmin.ListTagsForResourceOutput{Tags: []sso.Tag{}}
		for _, t := range tags {
			out.Tags = append(out.Tags, sso.Tag{Key: &t.Key, Value: &t.Value})
		}
		return out, nil
	})
}

// TagResource adds tags, or changes the values of those there are.
func (s *Service) TagResource(ctx context.Context, in *ssoadmin.TagResourceInput, _ ...func(*ssoadmin.Options)) (*ssoadmin.TagResourceOutput, error) {
	return write(ctx, s, s.tagInstance(in.InstanceArn, in.ResourceArn), func(tx *state.Tx, i *Instance) (*ssoadmin.TagResourceOutput, error) {
		tags, err := s.tags(tx, i, *in.ResourceArn)
		if err == nil {
			tags, err = mergeTags(tags, in.Tags)
		}
		if err != nil {
			return nil, err
		}
		s.putTags(tx, i, *in.ResourceArn, tags)
		return &ssoadmin.TagResourceOutput{}, nil
	})
}

// UntagResource removes tags; keys that are not there do not matter.
func (s *Service) UntagResource(ctx context.Context, in *ssoadmin.UntagResourceInput, _ ...func(*ssoadmin.Options)) (*ssoadmin.UntagResourceOutput, error) {
	return write(ctx, s, s.tagInstance(in.InstanceArn, in.ResourceArn), func(tx *state.Tx, i *Instance) (*ssoadmin.UntagResourceOutput, error) {
		tags, err := s.tags(tx, i, *in.ResourceArn)
		if err != nil {
			return nil, err
		}
		tags = slices.DeleteFunc(slices.Clone(tags), func(t Tag) bool { return slices.Contains(in.TagKeys, t.Key) })
		s.putTags(tx, i, *in.ResourceArn, tags)
		return &ssoadmin.UntagResourceOutput{}, nil
	})
}

// tagInstance gives the instance a tagging call is about: the one named, or the one in the resource's ARN.
func (s *Service) tagInstance(instance, resource *string) *string {
	if instance != nil {
		return instance
	}
	_, path, _ := strings.Cut(deref(resource), "/")
	id, _, _ := strings.Cut(path, "/")
	return new((&Instance{ID: id}).ARN())
}

func (s *Service) tags(tx *state.Tx, i *Instance, resource string) ([]Tag, error) {
	if resource == i.ARN() {
		return i.Tags, nil
	}
	p, err := s.set(tx, &resource)
	if err != nil {
		return nil, err
	}
	return p.Tags, nil
}

func (s *Service) putTags(tx *state.Tx, i *Instance, resource string, tags []Tag) {
	if resource == i.ARN() {
		s.instances.Change(tx, i.ID, func(i *Instance) { i.Tags = tags })
		return
	}
	s.sets.Change(tx, resource, func(p *PermissionSet) { p.Tags = tags })
}

// mergeTags gives the tags with the new ones added, as a fresh slice.
func mergeTags(old []Tag, add []sso.Tag) ([]Tag, error) {
	tags := slices.Clone(old)
	seen := map[string]bool{}
	for _, t := range add {
		key := deref(t.Key)
		if seen[key] {
			return nil, invalid("Duplicate tag keys found: %s", key)
		}
		seen[key] = true
		if strings.HasPrefix(strings.ToLower(key), "aws:") {
			return nil, invalid("Tag keys that begin with aws: are reserved: %s", key)
		}
		at := slices.IndexFunc(tags, func(t Tag) bool { return t.Key == key })
		if at < 0 {
			tags = append(tags, Tag{Key: key})
			at = len(tags) - 1
		}
		tags[at].Value = deref(t.Value)
	}
	if len(tags) > tagLimit {
		return nil, &sso.ServiceQuotaExceededException{Message: text("A resource cannot have more than %d tags.", tagLimit)}
	}
	return tags, nil
}
