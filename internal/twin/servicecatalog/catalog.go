package servicecatalog

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"strings"

	sdk "github.com/aws/aws-sdk-go-v2/service/servicecatalog"
	"github.com/aws/aws-sdk-go-v2/service/servicecatalog/types"
)

// SearchProducts finds the products the caller may launch. It aggregates nothing, as AWS's sample of it shows.
func (s *Service) SearchProducts(ctx context.Context, in *sdk.SearchProductsInput, _ ...func(*sdk.Options)) (*sdk.SearchProductsOutput, error) {
	out := &sdk.SearchProductsOutput{}
	err := s.view(ctx, func(c *call) error {
		list := productList{name: "SearchProducts/" + c.owner.ARN, filters: in.Filters, sort: in.SortBy, descending: in.SortOrder == types.SortOrderDescending}
		page, next, err := s.listProducts(c, list, in.PageToken, in.PageSize, func(p *Product) bool { return len(s.paths(c, p.ID)) > 0 })
		out.NextPageToken = next
		out.ProductViewSummaries = convert(page, func(p *Product) types.ProductViewSummary { return *summary(p) })
		return err
	})
	return out, err
}

// SearchProductsAsAdmin finds products, all or a portfolio's. Each one here is the account's own: ProductSource keeps all.
func (s *Service) SearchProductsAsAdmin(ctx context.Context, in *sdk.SearchProductsAsAdminInput, _ ...func(*sdk.Options)) (*sdk.SearchProductsAsAdminOutput, error) {
	out := &sdk.SearchProductsAsAdminOutput{}
	err := s.view(ctx, func(c *call) error {
		list := productList{name: "SearchProductsAsAdmin/", filters: in.Filters, sort: in.SortBy, descending: in.SortOrder == types.SortOrderDescending}
		keep := func(*Product) bool { return true }
		if in.PortfolioId != nil {
			portfolio, err := s.portfolio(c, *in.PortfolioId)
			if err != nil {
				return err
			}
			list.name += portfolio.ID
			keep = func(p *Product) bool { return s.associations.Get(c.Tx, portfolio.ID+"/"+p.ID) != nil }
		}
		page, next, err := s.listProducts(c, list, in.PageToken, in.PageSize, keep)
		out.NextPageToken, out.ProductViewDetails = next, convert(page, c.viewDetail)
		return err
	})
	return out, err
}

// productList is how a search names, filters and sorts products.
type productList struct {
	name       string
	filters    map[string][]string
	sort       types.ProductViewSortBy
	descending bool
}

// listProducts gives one page. There are few products, so each page looks at all.
func (s *Service) listProducts(c *call, list productList, token *string, size int32, keep func(*Product) bool) (page []*Product, next *string, err error) {
	if err := checkFilters(list.filters); err != nil {
		return nil, nil, err
	}
	var found []*Product
	for p := range s.products.All(c.Tx) {
		if c.home && keep(p) && passes(p, list.filters) {
			found = append(found, p)
		}
	}
	name := fmt.Sprintf("%s %v %s %t", list.name, list.filters, list.sort, list.descending)
	key := func(p *Product) string { return s.productSortKey(c, p, list.sort) }
	return paginateSorted(name, token, size, found, key, list.descending)
}

func (s *Service) productSortKey(c *call, p *Product, by types.ProductViewSortBy) string {
	key := ""
	switch by {
	case types.ProductViewSortByTitle:
		key = p.Name
	case types.ProductViewSortByVersionCount:
		key = fmt.Sprintf("%06d", len(s.versions(c.Tx, p.ID)))
	case types.ProductViewSortByCreationDate:
		key = p.Created.UTC().Format("20060102T150405.000000000")
	}
	return key + "\x00" + p.ID
}

func checkFilters(filters map[string][]string) error {
	known := types.ProductViewFilterBy("").Values()
	for _, key := range slices.Sorted(maps.Keys(filters)) {
		if !slices.Contains(known, types.ProductViewFilterBy(key)) {
			return invalid("Invalid filter key %s: must be one of %v.", key, known)
		}
	}
	return nil
}

// passes tells whether a product passes every filter: one of a filter's values is enough.
func passes(p *Product, filters map[string][]string) bool {
	for key, values := range filters {
		if !slices.ContainsFunc(values, func(v string) bool { return passesOne(p, types.ProductViewFilterBy(key), v) }) {
			return false
		}
	}
	return true
}

// passesOne tests one value of a filter. Full text is all its words somewhere in what the product says of itself. Nothing
// here is a copy, so no product has a source.
func passesOne(p *Product, by types.ProductViewFilterBy, value string) bool {
	switch by {
	case types.ProductViewFilterByOwner:
		return p.Owner == value
	case types.ProductViewFilterByProductType:
		return p.Type == value
	case types.ProductViewFilterByFullTextSearch:
		text := strings.ToLower(strings.Join([]string{p.Name, p.Owner, p.Description, p.Distributor, p.SupportDescription, p.SupportEmail, p.ID, p.ViewID}, " "))
		return !slices.ContainsFunc(strings.Fields(strings.ToLower(value)), func(word string) bool { return !strings.Contains(text, word) })
	case types.ProductViewFilterBySourceProductId:
	}
	return false
}
