package servicecatalog

import (
	"context"
	"iter"
	"strconv"
	"strings"

	sdk "github.com/aws/aws-sdk-go-v2/service/servicecatalog"
	"github.com/aws/aws-sdk-go-v2/service/servicecatalog/types"
)

// CreateTagOption makes a TagOption; key and value together are unique.
func (s *Service) CreateTagOption(ctx context.Context, in *sdk.CreateTagOptionInput, _ ...func(*sdk.Options)) (*sdk.CreateTagOptionOutput, error) {
	out := &sdk.CreateTagOptionOutput{}
	err := s.update(ctx, func(c *call) error {
		o := &TagOption{ID: newID(c.Tx, "tag"), Scope: c.scope, Key: *in.Key, Value: *in.Value, Active: true}
		if s.tagPair.First(c.Tx, pair(o.Scope, o.Key, o.Value)) != nil {
			return duplicate("A TagOption with key %s and value %s already exists.", o.Key, o.Value)
		}
		s.tagOptions.Put(c.Tx, o)
		detail := c.tagOptionDetail(o)
		out.TagOptionDetail = &detail
		return nil
	})
	return out, err
}

// UpdateTagOption changes a TagOption's value, or switches it on or off.
func (s *Service) UpdateTagOption(ctx context.Context, in *sdk.UpdateTagOptionInput, _ ...func(*sdk.Options)) (*sdk.UpdateTagOptionOutput, error) {
	out := &sdk.UpdateTagOptionOutput{}
	err := s.update(ctx, func(c *call) error {
		old, err := s.tagOption(c, *in.Id)
		if err != nil {
			return err
		}
		o := *old
		replace(&o.Value, in.Value)
		if in.Active != nil {
			o.Active = *in.Active
		}
		if other := s.tagPair.First(c.Tx, pair(o.Scope, o.Key, o.Value)); other != nil && other.ID != o.ID {
			return duplicate("A TagOption with key %s and value %s already exists.", o.Key, o.Value)
		}
		s.tagOptions.Put(c.Tx, &o)
		detail := c.tagOptionDetail(&o)
		out.TagOptionDetail = &detail
		return nil
	})
	return out, err
}

// DescribeTagOption shows a TagOption.
func (s *Service) DescribeTagOption(ctx context.Context, in *sdk.DescribeTagOptionInput, _ ...func(*sdk.Options)) (*sdk.DescribeTagOptionOutput, error) {
	out := &sdk.DescribeTagOptionOutput{}
	err := s.view(ctx, func(c *call) error {
		o, err := s.tagOption(c, *in.Id)
		if err != nil {
			return err
		}
		detail := c.tagOptionDetail(o)
		out.TagOptionDetail = &detail
		return nil
	})
	return out, err
}

// DeleteTagOption deletes a TagOption that nothing uses.
func (s *Service) DeleteTagOption(ctx context.Context, in *sdk.DeleteTagOptionInput, _ ...func(*sdk.Options)) (*sdk.DeleteTagOptionOutput, error) {
	err := s.update(ctx, func(c *call) error {
		o, err := s.tagOption(c, *in.Id)
		if err != nil {
			return err
		}
		if u := s.usedBy.First(c.Tx, o.ID); u != nil {
			return inUse("TagOption %s is associated with %s.", o.ID, u.ResourceID)
		}
		s.tagOptions.Delete(c.Tx, o.ID)
		return nil
	})
	return &sdk.DeleteTagOptionOutput{}, err
}

// ListTagOptions lists the TagOptions of the caller's account and Region that pass all given filters.
func (s *Service) ListTagOptions(ctx context.Context, in *sdk.ListTagOptionsInput, _ ...func(*sdk.Options)) (*sdk.ListTagOptionsOutput, error) {
	out := &sdk.ListTagOptionsOutput{}
	err := s.view(ctx, func(c *call) error {
		from := func(after string) iter.Seq[*TagOption] {
			return func(yield func(*TagOption) bool) {
				for o := range s.tagScope.OfAfter(c.Tx, string(c.scope), after) {
					if o.passes(in.Filters) && !yield(o) {
						return
					}
				}
			}
		}
		page, next, err := paginate("ListTagOptions/"+string(c.scope)+filterName(in.Filters), in.PageToken, in.PageSize, from, tagOptionKey)
		out.PageToken, out.TagOptionDetails = next, convert(page, c.tagOptionDetail)
		return err
	})
	return out, err
}

func (o *TagOption) passes(f *types.ListTagOptionsFilters) bool {
	return f == nil || (f.Active == nil || *f.Active == o.Active) && (f.Key == nil || *f.Key == o.Key) && (f.Value == nil || *f.Value == o.Value)
}

// filterName tells the pages of differently filtered lists apart.
func filterName(f *types.ListTagOptionsFilters) string {
	if f == nil {
		return ""
	}
	var parts []string
	for _, p := range []*string{f.Key, f.Value} {
		if p != nil {
			parts = append(parts, strconv.Quote(*p))
		} else {
			parts = append(parts, "*")
		}
	}
	if f.Active != nil {
		parts = append(parts, strconv.FormatBool(*f.Active))
	}
	return "/" + strings.Join(parts, "/")
}

func tagOptionKey(o *TagOption) string { return o.ID }

// tagOption finds one of the caller's account and Region.
func (s *Service) tagOption(c *call, id string) (*TagOption, error) {
	if o := s.tagOptions.Get(c.Tx, id); o != nil && o.Scope == c.scope {
		return o, nil
	}
	return nil, notFound("TagOption %s not found.", id)
}

func (c *call) tagOptionDetail(o *TagOption) types.TagOptionDetail {
	owner, _, _ := strings.Cut(string(o.Scope), "/")
	active := o.Active
	return types.TagOptionDetail{Id: &o.ID, Key: &o.Key, Value: &o.Value, Active: &active, Owner: &owner}
}
