package servicecatalog

import (
	"context"
	"iter"
	"strings"

	sdk "github.com/aws/aws-sdk-go-v2/service/servicecatalog"
	"github.com/aws/aws-sdk-go-v2/service/servicecatalog/types"

	"accountfactory/internal/twin/state"
	"accountfactory/internal/wire"
)

// A launch path is a portfolio that holds a product and grants it to the caller. Its id carries the portfolio's: AWS's own
// samples show port-y3fnkeslxxxxx beside lpv3-y3fnkeslpxxxx (AWS CLI reference, list-launch-paths).
func pathID(p *Portfolio) string { return "lpv2-" + strings.TrimPrefix(p.ID, "port-") }

// portfolioOf gives the id of the portfolio a path leads through.
func portfolioOf(path string) string { return "port-" + strings.TrimPrefix(path, "lpv2-") }

// paths gives the caller's launch paths to a product, in the order of their portfolios' ids.
func (s *Service) paths(c *call, productID string) []*Portfolio {
	if !c.home || !s.available(c.Tx, productID) {
		return nil
	}
	var out []*Portfolio
	for a := range s.holding.Of(c.Tx, productID) {
		if p := s.portfolios.Get(c.Tx, a.PortfolioID); p != nil && s.granted(c, p) {
			out = append(out, p)
		}
	}
	return out
}

// available asks the product's provisioner, if it has an opinion.
func (s *Service) available(tx *state.Tx, productID string) bool {
	p := s.products.Get(tx, productID)
	if p == nil {
		return false
	}
	a, ok := s.provisioners[p.Type].(Availability)
	return !ok || a.Available(tx)
}

// MayLaunch tells whether a caller has a launch path to a product.
func (s *Service) MayLaunch(tx *state.Tx, caller wire.Caller, productID string) bool {
	return len(s.paths(s.callBy(tx, caller, s.cfg.Region), productID)) > 0
}

// granted tells whether a portfolio is granted to the caller: by name, through a group, or by a pattern.
func (s *Service) granted(c *call, p *Portfolio) bool {
	for _, who := range c.grants {
		if s.principals.Get(c.Tx, (&Principal{PortfolioID: p.ID, Type: types.PrincipalTypeIam, ARN: who}).key()) != nil {
			return true
		}
		for pattern := range s.patterns(c, p.ID) {
			if matchesPrincipal(pattern.ARN, who) {
				return true
			}
		}
	}
	return false
}

// patterns gives a portfolio's IAM_PATTERN principals, at most ten.
func (s *Service) patterns(c *call, portfolioID string) iter.Seq[*Principal] {
	prefix := portfolioID + "/" + string(types.PrincipalTypeIamPattern) + "/"
	return func(yield func(*Principal) bool) {
		for p := range s.principals.From(c.Tx, prefix) {
			if !strings.HasPrefix(p.key(), prefix) || !yield(p) {
				return
			}
		}
	}
}

// launchable finds the product a request names by id or name, if the caller may launch it.
func (s *Service) launchable(c *call, id, name *string) (*Product, []*Portfolio, error) {
	if err := oneOf("product", id, name); err != nil {
		return nil, nil, err
	}
	p := s.product(c, id, name)
	if p == nil {
		return nil, nil, noLaunchPath(firstOf(id, name))
	}
	paths := s.paths(c, p.ID)
	if len(paths) == 0 {
		return nil, nil, noLaunchPath(p.ID)
	}
	return p, paths, nil
}

// choosePath finds the launch path a request names, or the only one there is.
func choosePath(productID string, paths []*Portfolio, id, name *string) (*Portfolio, error) {
	if id != nil && name != nil {
		return nil, invalid("Specify either the path's ID or its name, not both.")
	}
	if id == nil && name == nil {
		if len(paths) > 1 {
			return nil, invalid("Product %s has more than one launch path; specify one. To list them, use ListLaunchPaths.", productID)
		}
		return paths[0], nil
	}
	for _, p := range paths {
		if id != nil && pathID(p) == *id || name != nil && p.Name == *name {
			return p, nil
		}
	}
	return nil, noLaunchPath(productID)
}

// ListLaunchPaths lists the caller's paths to a product.
func (s *Service) ListLaunchPaths(ctx context.Context, in *sdk.ListLaunchPathsInput, _ ...func(*sdk.Options)) (*sdk.ListLaunchPathsOutput, error) {
	out := &sdk.ListLaunchPathsOutput{}
	err := s.view(ctx, func(c *call) error {
		_, paths, err := s.launchable(c, in.ProductId, nil)
		if err != nil {
			return err
		}
		page, next, err := paginate("ListLaunchPaths/"+*in.ProductId, in.PageToken, in.PageSize, after(paths, pathID), pathID)
		out.NextPageToken = next
		out.LaunchPathSummaries = convert(page, func(p *Portfolio) types.LaunchPathSummary {
			id, name := pathID(p), p.Name
			return types.LaunchPathSummary{Id: &id, Name: &name, ConstraintSummaries: s.effectOf(c, p.ID, *in.ProductId).summaries, Tags: wireTags(p.Tags)}
		})
		return err
	})
	return out, err
}

func firstOf(a, b *string) string {
	if a != nil {
		return *a
	}
	return *b
}
