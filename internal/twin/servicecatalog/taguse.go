package servicecatalog

import (
	"context"
	"iter"
	"slices"
	"strings"

	sdk "github.com/aws/aws-sdk-go-v2/service/servicecatalog"
	"github.com/aws/aws-sdk-go-v2/service/servicecatalog/types"

	"accountfactory/internal/twin/state"
)

// maxTagOptions is the quota of TagOptions per resource, AWS General Reference, "Service Catalog endpoints and quotas".
const maxTagOptions = 25

// AssociateTagOptionWithResource offers a TagOption on a portfolio or a product.
func (s *Service) AssociateTagOptionWithResource(ctx context.Context, in *sdk.AssociateTagOptionWithResourceInput, _ ...func(*sdk.Options)) (*sdk.AssociateTagOptionWithResourceOutput, error) {
	err := s.update(ctx, func(c *call) error {
		o, err := s.tagOption(c, *in.TagOptionId)
		if err != nil {
			return err
		}
		if s.tagResource(c, *in.ResourceId) == nil {
			return notFound("Resource %s not found.", *in.ResourceId)
		}
		if !o.Active {
			return badState("TagOption %s is not active.", o.ID)
		}
		have := s.tagOptionsOn(c.Tx, *in.ResourceId)
		if slices.ContainsFunc(have, func(h *TagOption) bool { return h.ID == o.ID }) {
			return duplicate("TagOption %s is already associated with %s.", o.ID, *in.ResourceId)
		}
		if len(have) >= maxTagOptions {
			return overLimit("Resource %s already has %d TagOptions.", *in.ResourceId, len(have))
		}
		s.uses.Put(c.Tx, &TagOptionUse{ResourceID: *in.ResourceId, TagOptionID: o.ID})
		return nil
	})
	return &sdk.AssociateTagOptionWithResourceOutput{}, err
}

// DisassociateTagOptionFromResource takes a TagOption off a portfolio or a product.
func (s *Service) DisassociateTagOptionFromResource(ctx context.Context, in *sdk.DisassociateTagOptionFromResourceInput, _ ...func(*sdk.Options)) (*sdk.DisassociateTagOptionFromResourceOutput, error) {
	err := s.update(ctx, func(c *call) error {
		o, err := s.tagOption(c, *in.TagOptionId)
		if err != nil {
			return err
		}
		if !s.uses.Delete(c.Tx, *in.ResourceId+"/"+o.ID) {
			return notFound("TagOption %s is not associated with %s.", o.ID, *in.ResourceId)
		}
		return nil
	})
	return &sdk.DisassociateTagOptionFromResourceOutput{}, err
}

// ListResourcesForTagOption lists what a TagOption is associated with.
func (s *Service) ListResourcesForTagOption(ctx context.Context, in *sdk.ListResourcesForTagOptionInput, _ ...func(*sdk.Options)) (*sdk.ListResourcesForTagOptionOutput, error) {
	out := &sdk.ListResourcesForTagOptionOutput{}
	err := s.view(ctx, func(c *call) error {
		o, err := s.tagOption(c, *in.TagOptionId)
		if err != nil {
			return err
		}
		prefix, err := resourcePrefix(in.ResourceType)
		if err != nil {
			return err
		}
		from := func(after string) iter.Seq[*TagOptionUse] {
			return func(yield func(*TagOptionUse) bool) {
				for u := range s.usedBy.OfAfter(c.Tx, o.ID, after) {
					if strings.HasPrefix(u.ResourceID, prefix) && !yield(u) {
						return
					}
				}
			}
		}
		key := func(u *TagOptionUse) string { return u.ResourceID + "/" + u.TagOptionID }
		page, next, err := paginate("ListResourcesForTagOption/"+o.ID+"/"+prefix, in.PageToken, in.PageSize, from, key)
		out.PageToken = next
		out.ResourceDetails = convert(page, func(u *TagOptionUse) types.ResourceDetail { return *s.tagResource(c, u.ResourceID) })
		return err
	})
	return out, err
}

func resourcePrefix(kind *string) (string, error) {
	switch {
	case kind == nil:
		return "", nil
	case strings.EqualFold(*kind, "Portfolio"):
		return "port-", nil
	case strings.EqualFold(*kind, "Product"):
		return "prod-", nil
	}
	return "", invalid("Invalid resource type %s: must be Portfolio or Product.", *kind)
}

// tagResource finds the portfolio or product with this id in the caller's account and Region, nil when there is none.
func (s *Service) tagResource(c *call, id string) *types.ResourceDetail {
	if p, err := s.portfolio(c, id); err == nil {
		name, created := c.arn("portfolio/"+p.ID), p.Created
		return &types.ResourceDetail{Id: &p.ID, ARN: &name, Name: &p.Name, Description: &p.Description, CreatedTime: &created}
	}
	if p := s.product(c, &id, nil); p != nil {
		name, created := c.arn("product/"+p.ID), p.Created
		return &types.ResourceDetail{Id: &p.ID, ARN: &name, Name: &p.Name, Description: &p.Description, CreatedTime: &created}
	}
	return nil
}

// tagOptionsOn gives the TagOptions associated with a portfolio or product.
func (s *Service) tagOptionsOn(tx *state.Tx, resourceID string) []*TagOption {
	var out []*TagOption
	for u := range s.uses.After(tx, resourceID+"/") {
		if u.ResourceID != resourceID {
			break
		}
		out = append(out, s.tagOptions.Get(tx, u.TagOptionID))
	}
	return out
}

// dropUses takes all TagOptions off a resource that is deleted.
func (s *Service) dropUses(tx *state.Tx, resourceID string) {
	for _, o := range s.tagOptionsOn(tx, resourceID) {
		s.uses.Delete(tx, resourceID+"/"+o.ID)
	}
}

// offeredTags gives the active TagOptions of a launch: those of product and portfolio together, and where both have a key
// only the values both have. No such value is a conflict, shown as a key without values.
// Source: Service Catalog Administrator Guide, "TagOption Library", launching products with TagOptions.
func (s *Service) offeredTags(tx *state.Tx, productID, portfolioID string) []types.TagOptionSummary {
	product, portfolio := s.offers(tx, productID), s.offers(tx, portfolioID)
	out := []types.TagOptionSummary{}
	for _, o := range product {
		if i := offered(portfolio, *o.Key); i >= 0 {
			o.Values = slices.DeleteFunc(slices.Clone(o.Values), func(v string) bool { return !slices.Contains(portfolio[i].Values, v) })
		}
		out = append(out, o)
	}
	for _, o := range portfolio {
		if offered(product, *o.Key) < 0 {
			out = append(out, o)
		}
	}
	return out
}

// launchTags gives a launch the tags its TagOptions make: a key with one value is there by itself, one with several must be
// chosen from, and one whose values conflict says so. Account Factory takes no TagOptions at all, which its record says.
// Source: Service Catalog Administrator Guide, "TagOption Library", launching products with TagOptions.
func (s *Service) launchTags(c *call, l launch, given []Tag) ([]Tag, error) {
	if l.product.Type == accountFactory {
		return given, nil
	}
	portfolio := portfolioOf(l.path)
	for _, o := range s.offeredTags(c.Tx, l.product.ID, portfolio) {
		i := slices.IndexFunc(given, func(t Tag) bool { return t.Key == *o.Key })
		switch {
		case i >= 0 && len(o.Values) > 0 && !slices.Contains(o.Values, given[i].Value):
			return nil, invalid("Tag %s must have one of the values %v.", *o.Key, o.Values)
		case i >= 0:
		case len(o.Values) == 0:
			given = append(given, Tag{Key: *o.Key, Value: "sc-tagconflict-" + portfolio + "-" + l.product.ID})
		case len(o.Values) == 1:
			given = append(given, Tag{Key: *o.Key, Value: o.Values[0]})
		default:
			return nil, invalid("Tag %s must be given one of the values %v.", *o.Key, o.Values)
		}
	}
	return given, nil
}

// offers gives a resource's active TagOptions, the values of a key together.
func (s *Service) offers(tx *state.Tx, resourceID string) []types.TagOptionSummary {
	var out []types.TagOptionSummary
	for _, o := range s.tagOptionsOn(tx, resourceID) {
		if !o.Active {
			continue
		}
		if i := offered(out, o.Key); i >= 0 {
			out[i].Values = append(out[i].Values, o.Value)
		} else {
			out = append(out, types.TagOptionSummary{Key: &o.Key, Values: []string{o.Value}})
		}
	}
	return out
}

func offered(in []types.TagOptionSummary, key string) int {
	return slices.IndexFunc(in, func(o types.TagOptionSummary) bool { return *o.Key == key })
}
