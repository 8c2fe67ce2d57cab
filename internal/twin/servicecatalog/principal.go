package servicecatalog

import (
	"context"
	"iter"
	"regexp"
	"strings"

	sdk "github.com/aws/aws-sdk-go-v2/service/servicecatalog"
	"github.com/aws/aws-sdk-go-v2/service/servicecatalog/types"

	"accountfactory/internal/twin/state"
)

// Quotas: patterns per portfolio are in AssociatePrincipalWithPortfolio's API reference, users, groups and roles per
// portfolio in the AWS General Reference, "Service Catalog endpoints and quotas".
const (
	maxPatterns   = 10
	maxPrincipals = 100
)

var (
	principalShape = regexp.MustCompile(`^arn:aws[a-z-]*:iam::\d{12}:(user|group|role)/[^*?\x00]+$`)
	patternShape   = regexp.MustCompile(`^arn:aws[a-z-]*:iam:::(user|group|role)/[^\x00]+$`)
)

// AddPrincipal grants a portfolio to a principal; again does nothing.
func (s *Service) AddPrincipal(tx *state.Tx, portfolioID, principalARN string, principalType types.PrincipalType) {
	s.principals.Put(tx, &Principal{PortfolioID: portfolioID, Type: principalType, ARN: principalARN})
}

// AssociatePrincipalWithPortfolio grants a portfolio to a principal. Granting it twice is no error: none is declared.
func (s *Service) AssociatePrincipalWithPortfolio(ctx context.Context, in *sdk.AssociatePrincipalWithPortfolioInput, _ ...func(*sdk.Options)) (*sdk.AssociatePrincipalWithPortfolioOutput, error) {
	err := s.update(ctx, func(c *call) error {
		p, err := s.portfolio(c, *in.PortfolioId)
		if err != nil {
			return err
		}
		row := Principal{PortfolioID: p.ID, Type: in.PrincipalType, ARN: *in.PrincipalARN}
		if err := s.checkPrincipal(c, &row); err != nil {
			return err
		}
		s.AddPrincipal(c.Tx, row.PortfolioID, row.ARN, row.Type)
		return nil
	})
	return &sdk.AssociatePrincipalWithPortfolioOutput{}, err
}

func (s *Service) checkPrincipal(c *call, p *Principal) error {
	shape, limit := principalShape, maxPrincipals
	if p.Type == types.PrincipalTypeIamPattern {
		shape, limit = patternShape, maxPatterns
	}
	if !shape.MatchString(p.ARN) {
		return invalid("Invalid principal ARN %s for principal type %s.", p.ARN, p.Type)
	}
	// Terraform's provider waits for a fresh role by these last words, "profile does not exist".
	if p.Type == types.PrincipalTypeIam && s.cfg.PrincipalExists != nil && !s.cfg.PrincipalExists(c.Tx, p.ARN) {
		return invalid("%s: profile does not exist", p.ARN)
	}
	have := 0
	for other := range s.principalsOf(c.Tx, p.PortfolioID, "") {
		if other.Type == p.Type && other.ARN != p.ARN {
			have++
		}
	}
	if have >= limit {
		return overLimit("Portfolio %s already has %d principals of type %s.", p.PortfolioID, have, p.Type)
	}
	return nil
}

// DisassociatePrincipalFromPortfolio takes a grant back. Without a type it looks for one of type IAM only, as AWS does
// (hashicorp/terraform-provider-aws, issue 32229).
func (s *Service) DisassociatePrincipalFromPortfolio(ctx context.Context, in *sdk.DisassociatePrincipalFromPortfolioInput, _ ...func(*sdk.Options)) (*sdk.DisassociatePrincipalFromPortfolioOutput, error) {
	err := s.update(ctx, func(c *call) error {
		p, err := s.portfolio(c, *in.PortfolioId)
		if err != nil {
			return err
		}
		row := Principal{PortfolioID: p.ID, Type: in.PrincipalType, ARN: *in.PrincipalARN}
		if row.Type == "" {
			row.Type = types.PrincipalTypeIam
		}
		if !s.principals.Delete(c.Tx, row.key()) {
			return notFound("Principal %s is not associated with portfolio %s.", row.ARN, p.ID)
		}
		return nil
	})
	return &sdk.DisassociatePrincipalFromPortfolioOutput{}, err
}

// ListPrincipalsForPortfolio lists whom a portfolio is granted to.
func (s *Service) ListPrincipalsForPortfolio(ctx context.Context, in *sdk.ListPrincipalsForPortfolioInput, _ ...func(*sdk.Options)) (*sdk.ListPrincipalsForPortfolioOutput, error) {
	out := &sdk.ListPrincipalsForPortfolioOutput{}
	err := s.view(ctx, func(c *call) error {
		p, err := s.portfolio(c, *in.PortfolioId)
		if err != nil {
			return err
		}
		from := func(after string) iter.Seq[*Principal] { return s.principalsOf(c.Tx, p.ID, after) }
		page, next, err := paginate("ListPrincipalsForPortfolio/"+p.ID, in.PageToken, in.PageSize, from, (*Principal).key)
		out.NextPageToken = next
		out.Principals = convert(page, func(p *Principal) types.Principal {
			return types.Principal{PrincipalARN: &p.ARN, PrincipalType: p.Type}
		})
		return err
	})
	return out, err
}

// principalsOf gives a portfolio's principals whose keys come after one.
func (s *Service) principalsOf(tx *state.Tx, portfolioID, after string) iter.Seq[*Principal] {
	prefix := portfolioID + "/"
	if after == "" {
		after = prefix
	}
	return func(yield func(*Principal) bool) {
		for p := range s.principals.After(tx, after) {
			if p.PortfolioID != portfolioID || !yield(p) {
				return
			}
		}
	}
}

// matchesPrincipal tells whether an IAM_PATTERN, which has no account, stands for a principal's ARN. "*" is any number of
// any characters, "/" too, and "?" at most one (AssociatePrincipalWithPortfolio, API reference).
func matchesPrincipal(pattern, principal string) bool {
	parts := strings.SplitN(principal, ":", 6)
	if len(parts) != 6 {
		return false
	}
	parts[4] = ""
	return wild(pattern, strings.Join(parts, ":"))
}

// wild matches in time proportional to the product of the two lengths: it keeps the set of places in s that the pattern
// read so far can end at.
func wild(pattern, s string) bool {
	ends := make([]bool, len(s)+1)
	ends[0] = true
	for _, p := range []byte(pattern) {
		next := make([]bool, len(s)+1)
		for i := range ends {
			switch {
			case p == '*':
				next[i] = ends[i] || i > 0 && next[i-1]
			case p == '?':
				next[i] = ends[i] || i > 0 && ends[i-1]
			default:
				next[i] = i > 0 && ends[i-1] && s[i-1] == p
			}
		}
		ends = next
	}
	return ends[len(s)]
}
