package controltower

import (
	"context"
	"maps"

	"accountfactory/internal/twin/state"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/controltower"
)

// maxTags is how many tags a resource may have.
const maxTags = 50

// putTags adds tags to a resource.
func (s *Service) putTags(tx *state.Tx, resource string, tags map[string]string) {
	if len(tags) == 0 {
		return
	}
	merged := map[string]string{}
	if old := s.tables.tags.Get(tx, resource); old != nil {
		maps.Copy(merged, old.Tags)
	}
	maps.Copy(merged, tags)
	s.tables.tags.Put(tx, &tagRow{ARN: resource, Tags: merged})
}

// taggable refuses what has no tags: only the landing zone and what is enabled has.
func (s *Service) taggable(ctx context.Context, tx *state.Tx, resource *string) error {
	id := aws.ToString(resource)
	zone := s.zone(ctx, tx)
	b := s.tables.baselines.Get(tx, id)
	if zone != nil && (zone.ARN == id || s.tables.controls.Get(tx, id) != nil || b != nil && b.Parent == "") {
		return nil
	}
	return notFound("resource", id)
}

// TagResource adds tags, or gives those there are another value.
func (s *Service) TagResource(ctx context.Context, in *controltower.TagResourceInput, _ ...func(*controltower.Options)) (*controltower.TagResourceOutput, error) {
	err := s.state.Update(ctx, func(tx *state.Tx) error {
		if err := s.taggable(ctx, tx, in.ResourceArn); err != nil {
			return err
		}
		s.putTags(tx, aws.ToString(in.ResourceArn), in.Tags)
		if row := s.tables.tags.Get(tx, aws.ToString(in.ResourceArn)); row != nil && len(row.Tags) > maxTags {
			return invalid("A resource can have %d tags at most.", maxTags)
		}
		return nil
	})
	return &controltower.TagResourceOutput{}, err
}

// UntagResource removes tags; those that are not there are no error.
func (s *Service) UntagResource(ctx context.Context, in *controltower.UntagResourceInput, _ ...func(*controltower.Options)) (*controltower.UntagResourceOutput, error) {
	err := s.state.Update(ctx, func(tx *state.Tx) error {
		if err := s.taggable(ctx, tx, in.ResourceArn); err != nil {
			return err
		}
		s.tables.tags.Change(tx, aws.ToString(in.ResourceArn), func(r *tagRow) {
			r.Tags = maps.Clone(r.Tags)
			for _, key := range in.TagKeys {
				delete(r.Tags, key)
			}
		})
		return nil
	})
	return &controltower.UntagResourceOutput{}, err
}

// ListTagsForResource gives a resource's tags.
func (s *Service) ListTagsForResource(ctx context.Context, in *controltower.ListTagsForResourceInput, _ ...func(*controltower.Options)) (*controltower.ListTagsForResourceOutput, error) {
	out := &controltower.ListTagsForResourceOutput{Tags: map[string]string{}}
	err := s.state.View(func(tx *state.Tx) error {
		if err := s.taggable(ctx, tx, in.ResourceArn); err != nil {
			return err
		}
		if row := s.tables.tags.Get(tx, aws.ToString(in.ResourceArn)); row != nil {
			maps.Copy(out.Tags, row.Tags)
		}
		return nil
	})
	return out, err
}
