package servicecatalog

import (
	"slices"
	"strings"

	sdk "github.com/aws/aws-sdk-go-v2/service/servicecatalog"
	"github.com/aws/aws-sdk-go-v2/service/servicecatalog/types"
)

// query is a search for provisioned products.
type query struct {
	level      types.AccessLevelFilterKey
	terms      []term // all must match
	sort       string // "" when unsorted, which is by id
	descending bool
}

// term is one entry of a SearchQuery: "field:value", or a free text that any field may contain.
type term struct{ field, value string }

// fields are the searchable fields (SearchProvisionedProducts, API reference).
func fields() []string {
	return []string{
		"arn", "createdTime", "id", "lastRecordId", "idempotencyToken", "name", "physicalId", "productId", "provisioningArtifactId", "type",
		"status", "tags", "userArn", "userArnSession", "lastProvisioningRecordId", "lastSuccessfulProvisioningRecordId", "productName",
		"provisioningArtifactName",
	}
}

func newQuery(in *sdk.SearchProvisionedProductsInput) (*query, error) {
	level, err := accessLevel(in.AccessLevelFilter, types.AccessLevelFilterKeyAccount)
	if err != nil {
		return nil, err
	}
	q := &query{level: level, descending: in.SortOrder == types.SortOrderDescending}
	for key, values := range in.Filters {
		if key != string(types.ProvisionedProductViewFilterBySearchQuery) {
			return nil, invalid("Invalid filter key %s: must be SearchQuery.", key)
		}
		for _, v := range values {
			q.terms = append(q.terms, newTerm(v))
		}
	}
	if in.SortBy == nil {
		return q, nil
	}
	// createdTime is missing in today's list of sort fields, but an earlier edition of the same page recommends it.
	if !slices.Contains([]string{"arn", "id", "name", "lastRecordId", "createdTime"}, *in.SortBy) {
		return nil, invalid("Invalid sort field %s: must be arn, id, name or lastRecordId.", *in.SortBy)
	}
	q.sort = *in.SortBy
	return q, nil
}

// newTerm reads one entry. An ARN by itself is a free text although it begins like the field arn.
func newTerm(text string) term {
	field, value, found := strings.Cut(text, ":")
	if !found || !slices.Contains(fields(), field) || field == "arn" && strings.HasPrefix(value, "aws") {
		return term{value: text}
	}
	return term{field: field, value: strings.Trim(value, `"`)}
}

// name tells the pages of different searches apart.
func (q *query) name() string {
	parts := []string{"SearchProvisionedProducts", string(q.level), q.sort}
	if q.descending {
		parts[2] += "-"
	}
	for _, t := range q.terms {
		parts = append(parts, t.field+":"+t.value)
	}
	return strings.Join(parts, "\n")
}

// everything tells whether a query asks for all products of the account by id, which needs no looking at them.
func (q *query) everything() bool {
	return len(q.terms) == 0 && q.level == types.AccessLevelFilterKeyAccount && q.byID()
}

// byID tells whether a query wants the order that products are kept in.
func (q *query) byID() bool { return (q.sort == "" || q.sort == "id") && !q.descending }

// sortKey gives what a query sorts by, made unique by the id.
func (q *query) sortKey(c *call, p *ProvisionedProduct) string {
	key := ""
	switch q.sort {
	case "arn":
		key = provisionedARN(c, p)
	case "name":
		key = p.Name
	case "lastRecordId":
		key = p.LastRecord
	case "createdTime":
		key = p.Created.UTC().Format("20060102T150405.000000000")
	}
	return key + "\x00" + p.ID
}

// matches tells whether a product matches all terms.
func (s *Service) matches(c *call, p *ProvisionedProduct, terms []term) bool {
	return !slices.ContainsFunc(terms, func(t term) bool { return !s.match(c, p, t) })
}

func (s *Service) match(c *call, p *ProvisionedProduct, t term) bool {
	if t.field != "" {
		return s.has(c, p, t.field, t.matches)
	}
	text := strings.ToLower(t.value)
	contains := func(v string) bool { return strings.Contains(strings.ToLower(v), text) }
	return slices.ContainsFunc(fields(), func(field string) bool { return s.has(c, p, field, contains) })
}

// matches compares a field's value: whole, with "*" for any characters; a time by its beginning.
func (t term) matches(value string) bool {
	switch {
	case t.field == "createdTime":
		return strings.HasPrefix(value, t.value)
	case strings.Contains(t.value, "*"):
		return wild(strings.ReplaceAll(t.value, "?", ""), value)
	}
	return value == t.value
}

// has tells whether what a product has in a field passes a test; of tags a key or a value.
func (s *Service) has(c *call, p *ProvisionedProduct, field string, test func(string) bool) bool {
	switch field {
	case "id":
		return test(p.ID)
	case "name":
		return test(p.Name)
	case "arn":
		return test(provisionedARN(c, p))
	case "type":
		return test(p.Type)
	case "status":
		return test(string(p.Status))
	case "physicalId":
		return test(p.PhysicalID)
	case "productId":
		return test(p.ProductID)
	case "provisioningArtifactId":
		return test(p.ArtifactID)
	case "idempotencyToken":
		return test(p.Token)
	case "lastRecordId":
		return test(p.LastRecord)
	case "lastProvisioningRecordId":
		return test(p.LastProvisioning)
	case "lastSuccessfulProvisioningRecordId":
		return test(p.LastSuccessful)
	case "userArn":
		return test(p.Owner.ARN)
	case "userArnSession":
		return test(p.Owner.Session)
	case "createdTime":
		return test(p.Created.UTC().Format("2006-01-02T15:04:05.000Z"))
	case "tags":
		return slices.ContainsFunc(s.allTags(c, p), func(t Tag) bool { return test(t.Key) || test(t.Value) })
	}
	product, version := s.names(c, p)
	if field == "productName" {
		return test(product)
	}
	return test(version)
}
