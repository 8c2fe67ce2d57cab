package servicecatalog

import (
	"context"
	"iter"

	sdk "github.com/aws/aws-sdk-go-v2/service/servicecatalog"
	"github.com/aws/aws-sdk-go-v2/service/servicecatalog/types"

	"accountfactory/internal/arn"
	"accountfactory/internal/twin/state"
)

// Quotas of portfolios, AWS General Reference, "Service Catalog endpoints and quotas".
const (
	maxPortfolios    = 100
	maxPortfolioTags = 20
)

// AddPortfolio makes a portfolio in the management account's home Region.
func (s *Service) AddPortfolio(tx *state.Tx, name, provider, description string) *Portfolio {
	return s.addPortfolio(tx, Portfolio{Scope: s.homeScope(tx), Name: name, Provider: provider, Description: description})
}

func (s *Service) addPortfolio(tx *state.Tx, p Portfolio) *Portfolio {
	p.ID, p.Created = newID(tx, "port"), tx.Now()
	s.portfolios.Put(tx, &p)
	return &p
}

// Portfolios gives the portfolios of the management account's home Region, in the order of their ids.
func (s *Service) Portfolios(tx *state.Tx) []*Portfolio {
	var out []*Portfolio
	for p := range s.byScope.Of(tx, string(s.homeScope(tx))) {
		out = append(out, p)
	}
	return out
}

// portfolio finds one of the caller's account and Region.
func (s *Service) portfolio(c *call, id string) (*Portfolio, error) {
	if p := s.portfolios.Get(c.Tx, id); p != nil && p.Scope == c.scope {
		return p, nil
	}
	return nil, notFound("Portfolio %s not found.", id)
}

func (c *call) arn(resource string) string { return arn.Make("catalog", c.region, c.account, resource) }

func (c *call) portfolioDetail(p *Portfolio) *types.PortfolioDetail {
	name, created := c.arn("portfolio/"+p.ID), p.Created
	d := &types.PortfolioDetail{Id: &p.ID, ARN: &name, DisplayName: &p.Name, ProviderName: &p.Provider, CreatedTime: &created}
	if p.Description != "" {
		d.Description = &p.Description
	}
	return d
}

// CreatePortfolio makes a portfolio.
func (s *Service) CreatePortfolio(ctx context.Context, in *sdk.CreatePortfolioInput, _ ...func(*sdk.Options)) (*sdk.CreatePortfolioOutput, error) {
	asked := *in
	asked.IdempotencyToken = nil
	request := fingerprint(asked)
	out := &sdk.CreatePortfolioOutput{}
	err := s.update(ctx, func(c *call) error {
		p, err := s.createPortfolio(c, in, request)
		if err != nil {
			return err
		}
		out.PortfolioDetail, out.Tags = c.portfolioDetail(p), wireTags(p.Tags)
		return nil
	})
	return out, err
}

func (s *Service) createPortfolio(c *call, in *sdk.CreatePortfolioInput, request string) (*Portfolio, error) {
	id, same := s.seen(c, "CreatePortfolio", *in.IdempotencyToken, request)
	if !same {
		return nil, invalid("Idempotency token %s was used for another request.", *in.IdempotencyToken)
	}
	if p := s.portfolios.Get(c.Tx, id); p != nil {
		return p, nil
	}
	tags, err := takeTags(in.Tags)
	if err != nil {
		return nil, err
	}
	have := 0
	for range s.byScope.Of(c.Tx, string(c.scope)) {
		have++
	}
	if have >= maxPortfolios {
		return nil, overLimit("You have reached the limit of %d portfolios.", maxPortfolios)
	}
	p := Portfolio{Scope: c.scope, Name: *in.DisplayName, Provider: *in.ProviderName, Tags: tags}
	if in.Description != nil {
		p.Description = *in.Description
	}
	made := s.addPortfolio(c.Tx, p)
	s.remember(c, "CreatePortfolio", *in.IdempotencyToken, request, made.ID)
	return made, nil
}

// DescribePortfolio shows a portfolio.
func (s *Service) DescribePortfolio(ctx context.Context, in *sdk.DescribePortfolioInput, _ ...func(*sdk.Options)) (*sdk.DescribePortfolioOutput, error) {
	out := &sdk.DescribePortfolioOutput{}
	err := s.view(ctx, func(c *call) error {
		p, err := s.portfolio(c, *in.Id)
		if err != nil {
			return err
		}
		out.PortfolioDetail, out.Tags, out.Budgets = c.portfolioDetail(p), wireTags(p.Tags), []types.BudgetDetail{}
		out.TagOptions = convert(s.tagOptionsOn(c.Tx, p.ID), c.tagOptionDetail)
		return nil
	})
	return out, err
}

// UpdatePortfolio changes what a request names and leaves the rest.
func (s *Service) UpdatePortfolio(ctx context.Context, in *sdk.UpdatePortfolioInput, _ ...func(*sdk.Options)) (*sdk.UpdatePortfolioOutput, error) {
	out := &sdk.UpdatePortfolioOutput{}
	err := s.update(ctx, func(c *call) error {
		old, err := s.portfolio(c, *in.Id)
		if err != nil {
			return err
		}
		add, err := takeTags(in.AddTags)
		if err != nil {
			return err
		}
		p := *old
		replace(&p.Name, in.DisplayName)
		replace(&p.Provider, in.ProviderName)
		replace(&p.Description, in.Description)
		p.Tags = merge(p.Tags, add, in.RemoveTags)
		if len(p.Tags) > maxPortfolioTags {
			return overLimit("A portfolio can have at most %d tags.", maxPortfolioTags)
		}
		s.portfolios.Put(c.Tx, &p)
		out.PortfolioDetail, out.Tags = c.portfolioDetail(&p), wireTags(p.Tags)
		return nil
	})
	return out, err
}

func replace(field, with *string) {
	if with != nil {
		*field = *with
	}
}

// DeletePortfolio deletes a portfolio that holds and grants nothing. The wording of the refusal is AWS's
// (aws-cloudformation/cloudformation-coverage-roadmap, issue 2430).
func (s *Service) DeletePortfolio(ctx context.Context, in *sdk.DeletePortfolioInput, _ ...func(*sdk.Options)) (*sdk.DeletePortfolioOutput, error) {
	err := s.update(ctx, func(c *call) error {
		p, err := s.portfolio(c, *in.Id)
		if err != nil {
			return err
		}
		for a := range s.associations.After(c.Tx, p.ID+"/") {
			if a.PortfolioID == p.ID {
				return inUse("Portfolio %s still has associated Products", p.ID)
			}
			break
		}
		for range s.principalsOf(c.Tx, p.ID, "") {
			return inUse("Portfolio %s still has associated Principals", p.ID)
		}
		s.dropUses(c.Tx, p.ID)
		s.portfolios.Delete(c.Tx, p.ID)
		return nil
	})
	return &sdk.DeletePortfolioOutput{}, err
}

// ListPortfolios lists the portfolios of the caller's account and Region.
func (s *Service) ListPortfolios(ctx context.Context, in *sdk.ListPortfoliosInput, _ ...func(*sdk.Options)) (*sdk.ListPortfoliosOutput, error) {
	out := &sdk.ListPortfoliosOutput{}
	err := s.view(ctx, func(c *call) error {
		from := func(after string) iter.Seq[*Portfolio] { return s.byScope.OfAfter(c.Tx, string(c.scope), after) }
		page, next, err := paginate("ListPortfolios/"+string(c.scope), in.PageToken, in.PageSize, from, portfolioKey)
		out.NextPageToken = next
		out.PortfolioDetails = convert(page, func(p *Portfolio) types.PortfolioDetail { return *c.portfolioDetail(p) })
		return err
	})
	return out, err
}

func portfolioKey(p *Portfolio) string { return p.ID }

// ListPortfoliosForProduct lists the portfolios that hold a product, to an administrator.
func (s *Service) ListPortfoliosForProduct(ctx context.Context, in *sdk.ListPortfoliosForProductInput, _ ...func(*sdk.Options)) (*sdk.ListPortfoliosForProductOutput, error) {
	out := &sdk.ListPortfoliosForProductOutput{}
	err := s.view(ctx, func(c *call) error {
		product, err := s.administered(c, in.ProductId, nil)
		if err != nil {
			return err
		}
		var all []*Portfolio
		for a := range s.holding.Of(c.Tx, product.ID) {
			all = append(all, s.portfolios.Get(c.Tx, a.PortfolioID))
		}
		page, next, err := paginate("ListPortfoliosForProduct/"+product.ID, in.PageToken, in.PageSize, after(all, portfolioKey), portfolioKey)
		out.NextPageToken = next
		out.PortfolioDetails = convert(page, func(p *Portfolio) types.PortfolioDetail { return *c.portfolioDetail(p) })
		return err
	})
	return out, err
}
