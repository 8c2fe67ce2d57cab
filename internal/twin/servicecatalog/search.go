package servicecatalog

import (
	"context"
	"iter"
	"slices"
	"strconv"
	"strings"

	sdk "github.com/aws/aws-sdk-go-v2/service/servicecatalog"
	"github.com/aws/aws-sdk-go-v2/service/servicecatalog/types"

	"accountfactory/internal/wire"
)

// SearchProvisionedProducts finds launched products, by default all of the account. An id, a name or a physical id is looked
// up; other filters and free text look at every product.
func (s *Service) SearchProvisionedProducts(ctx context.Context, in *sdk.SearchProvisionedProductsInput, _ ...func(*sdk.Options)) (*sdk.SearchProvisionedProductsOutput, error) {
	out := &sdk.SearchProvisionedProductsOutput{}
	err := s.view(ctx, func(c *call) error {
		q, err := newQuery(in)
		if err != nil {
			return err
		}
		page, next, total, err := s.search(c, q, in.PageToken, in.PageSize)
		out.NextPageToken, out.TotalResultsCount = next, int32(total)
		out.ProvisionedProducts = convert(page, func(p *ProvisionedProduct) types.ProvisionedProductAttribute { return s.attribute(c, p) })
		return err
	})
	return out, err
}

// ScanProvisionedProducts lists launched products, by default the caller's own.
func (s *Service) ScanProvisionedProducts(ctx context.Context, in *sdk.ScanProvisionedProductsInput, _ ...func(*sdk.Options)) (*sdk.ScanProvisionedProductsOutput, error) {
	out := &sdk.ScanProvisionedProductsOutput{}
	err := s.view(ctx, func(c *call) error {
		level, err := accessLevel(in.AccessLevelFilter, types.AccessLevelFilterKeyUser)
		if err != nil {
			return err
		}
		from := func(after string) iter.Seq[*ProvisionedProduct] { return s.reach(c, level, after) }
		page, next, err := paginate("ScanProvisionedProducts/"+string(level), in.PageToken, in.PageSize, from, byID)
		out.NextPageToken, out.ProvisionedProducts = next, convert(page, c.provisionedDetail)
		return err
	})
	return out, err
}

// reach gives the provisioned products of a level, in the order of their ids.
func (s *Service) reach(c *call, level types.AccessLevelFilterKey, after string) iter.Seq[*ProvisionedProduct] {
	rows := s.provisioned.After(c.Tx, after)
	switch level {
	case types.AccessLevelFilterKeyUser:
		rows = s.bySession.OfAfter(c.Tx, short(c.owner.Session), after)
		if c.owner.ARN != c.owner.Session {
			rows = merged(rows, s.bySession.OfAfter(c.Tx, short(c.owner.ARN), after), byID) // what was given to the role
		}
	case types.AccessLevelFilterKeyRole:
		rows = s.byRole.OfAfter(c.Tx, short(c.owner.ARN), after)
	case types.AccessLevelFilterKeyAccount:
	}
	return func(yield func(*ProvisionedProduct) bool) {
		if !c.home {
			return
		}
		for p := range rows {
			if c.within(level, p.Owner) && !yield(p) {
				return
			}
		}
	}
}

// search gives one page of what a query finds, and how many there are in all.
func (s *Service) search(c *call, q *query, token *string, size int32) (page []*ProvisionedProduct, next *string, total int, err error) {
	if q.everything() {
		from := func(after string) iter.Seq[*ProvisionedProduct] { return s.reach(c, q.level, after) }
		page, next, err = paginate(q.name(), token, size, from, byID)
		if c.home {
			total = s.provisioned.Len(c.Tx)
		}
		return page, next, total, err
	}
	if q.byID() {
		return s.searchOn(c, q, token, size)
	}
	found := s.find(c, q)
	key := func(p *ProvisionedProduct) string { return q.sortKey(c, p) }
	page, next, err = paginateSorted(q.name(), token, size, found, key, q.descending)
	return page, next, len(found), err
}

// searchOn goes on where the last page ended. How many there are the first page counts, which looks at every product, and the
// tokens carry it on: the other pages look no further than they need to.
func (s *Service) searchOn(c *call, q *query, token *string, size int32) (page []*ProvisionedProduct, next *string, total int, err error) {
	last, ok := wire.After(q.name(), token)
	counted, after, more := strings.Cut(last, "/")
	if last != "" {
		if total, err = strconv.Atoi(counted); err != nil || !more {
			ok = false
		}
	}
	if !ok {
		return nil, nil, 0, invalid("The page token is not valid.")
	}
	if size <= 0 {
		size = defaultPage
	}
	full := false
	for p := range s.found(c, q, after) {
		if !more {
			total++
		}
		if len(page) < int(size) {
			page = append(page, p)
		} else if full = true; more {
			break
		}
	}
	if full {
		next = wire.Cursor(q.name(), strconv.Itoa(total)+"/"+page[size-1].ID)
	}
	return page, next, total, nil
}

// find gives all a query finds, in the order of their ids.
func (s *Service) find(c *call, q *query) []*ProvisionedProduct {
	return slices.Collect(s.found(c, q, ""))
}

// found gives what a query finds after an id, in the order of their ids.
func (s *Service) found(c *call, q *query, last string) iter.Seq[*ProvisionedProduct] {
	rows := s.reach(c, q.level, last)
	if some, ok := s.indexed(c, q.terms); ok {
		rows = after(some, byID)(last)
	}
	return func(yield func(*ProvisionedProduct) bool) {
		for p := range rows {
			if c.home && c.within(q.level, p.Owner) && s.matches(c, p, q.terms) && !yield(p) {
				return
			}
		}
	}
}

// indexed gives the products one of the terms names, when there is a term that an index answers.
func (s *Service) indexed(c *call, terms []term) ([]*ProvisionedProduct, bool) {
	for _, t := range terms {
		if strings.Contains(t.value, "*") {
			continue
		}
		switch t.field {
		case "id":
			return present(s.provisioned.Get(c.Tx, t.value)), true
		case "name":
			return present(s.named.First(c.Tx, t.value)), true
		case "arn":
			return present(s.provisioned.Get(c.Tx, t.value[strings.LastIndex(t.value, "/")+1:])), true
		case "physicalId":
			return slices.Collect(s.physical.Of(c.Tx, t.value)), true
		case "lastRecordId", "lastProvisioningRecordId", "lastSuccessfulProvisioningRecordId":
			if r := s.records.Get(c.Tx, t.value); r != nil {
				return present(s.provisioned.Get(c.Tx, r.ProvisionedID)), true
			}
			return nil, true
		}
	}
	return nil, false
}

func present(p *ProvisionedProduct) []*ProvisionedProduct {
	if p == nil {
		return nil
	}
	return []*ProvisionedProduct{p}
}

func byID(p *ProvisionedProduct) string { return p.ID }

// attribute is a provisioned product as a search shows it.
func (s *Service) attribute(c *call, p *ProvisionedProduct) types.ProvisionedProductAttribute {
	d := c.provisionedDetail(p)
	product, version := s.names(c, p)
	return types.ProvisionedProductAttribute{
		Id: d.Id, Arn: d.Arn, Name: d.Name, Type: d.Type, Status: d.Status, StatusMessage: d.StatusMessage, CreatedTime: d.CreatedTime,
		IdempotencyToken: d.IdempotencyToken, LastRecordId: d.LastRecordId, LastProvisioningRecordId: d.LastProvisioningRecordId,
		LastSuccessfulProvisioningRecordId: d.LastSuccessfulProvisioningRecordId, PhysicalId: filled(p.PhysicalID), ProductId: d.ProductId,
		ProvisioningArtifactId: d.ProvisioningArtifactId, ProductName: filled(product), ProvisioningArtifactName: filled(version),
		Tags: wireTags(s.allTags(c, p)), UserArn: filled(p.Owner.ARN), UserArnSession: filled(p.Owner.Session),
	}
}

// names gives the names of a provisioned product's product and version.
func (s *Service) names(c *call, p *ProvisionedProduct) (product, version string) {
	if row := s.products.Get(c.Tx, p.ProductID); row != nil {
		product = row.Name
	}
	if row := s.artifacts.Get(c.Tx, p.ArtifactID); row != nil {
		version = row.Name
	}
	return product, version
}

// allTags gives a provisioned product's own tags and the AutoTags Service Catalog adds. Their names and values are those of
// the AWS CLI reference, search-provisioned-products.
func (s *Service) allTags(c *call, p *ProvisionedProduct) []Tag {
	const auto = "aws:servicecatalog:"
	tags := []Tag{
		{Key: auto + "productArn", Value: c.arn("product/" + p.ProductID)},
		{Key: auto + "provisioningPrincipalArn", Value: p.Owner.Session},
		{Key: auto + "provisioningArtifactIdentifier", Value: p.ArtifactID},
		{Key: auto + "portfolioArn", Value: c.arn("portfolio/" + portfolioOf(p.PathID))},
		{Key: auto + "provisionedProductArn", Value: provisionedARN(c, p)},
	}
	return append(tags, p.Tags...)
}
