package organizations

import (
	"context"

	"github.com/aws/aws-sdk-go-v2/service/organizations"

	"accountfactory/internal/twin/state"
)

// TagResource puts tags on an account, OU, root or policy.
func (s *Service) TagResource(ctx context.Context, in *organizations.TagResourceInput, _ ...func(*organizations.Options)) (*organizations.TagResourceOutput, error) {
	err := s.manage(ctx, func(tx *state.Tx, _ *Organization) error {
		old, ok := s.tagsOf(tx, str(in.ResourceId))
		if !ok {
			return errTargetNotFound()
		}
		add, err := tagsFrom(in.Tags)
		if err != nil {
			return err
		}
		tags, err := merged(old, add)
		if err != nil {
			return err
		}
		return s.SetTags(tx, str(in.ResourceId), tags)
	})
	return answer(&organizations.TagResourceOutput{}, err)
}

// UntagResource takes tags off; keys that are not there are no error.
func (s *Service) UntagResource(ctx context.Context, in *organizations.UntagResourceInput, _ ...func(*organizations.Options)) (*organizations.UntagResourceOutput, error) {
	err := s.manage(ctx, func(tx *state.Tx, _ *Organization) error {
		old, ok := s.tagsOf(tx, str(in.ResourceId))
		if !ok {
			return errTargetNotFound()
		}
		return s.SetTags(tx, str(in.ResourceId), without(old, in.TagKeys))
	})
	return answer(&organizations.UntagResourceOutput{}, err)
}

// ListTagsForResource gives the tags of an account, OU, root or policy, all on one page.
func (s *Service) ListTagsForResource(ctx context.Context, in *organizations.ListTagsForResourceInput, _ ...func(*organizations.Options)) (*organizations.ListTagsForResourceOutput, error) {
	out := &organizations.ListTagsForResourceOutput{}
	err := s.read(ctx, func(tx *state.Tx, _ *Organization) error {
		if str(in.NextToken) != "" {
			return errBadToken()
		}
		tags, ok := s.tagsOf(tx, str(in.ResourceId))
		if !ok {
			return errTargetNotFound()
		}
		out.Tags = wireTags(tags)
		return nil
	})
	return answer(out, err)
}
