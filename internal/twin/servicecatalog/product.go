package servicecatalog

import (
	"context"

	sdk "github.com/aws/aws-sdk-go-v2/service/servicecatalog"
	"github.com/aws/aws-sdk-go-v2/service/servicecatalog/types"

	"accountfactory/internal/twin/state"
)

// statusCreated is what AWS shows for a product that is ready, although the model knows only AVAILABLE (AWS CLI reference,
// the samples of search-products-as-admin and update-product).
const statusCreated types.Status = "CREATED"

// NewProduct is a product to be made, with its versions.
type NewProduct struct {
	Name         string
	Owner        string
	Type         string // of its provisioner, "CONTROL_TOWER_ACCOUNT"
	Description  string
	Distributor  string
	SupportEmail string
	SupportURL   string
	Artifacts    []NewArtifact
}

// NewArtifact is a version to be made.
type NewArtifact struct {
	Name        string
	Description string
	Active      bool
}

// AddProduct makes a product in the management account's home Region.
func (s *Service) AddProduct(tx *state.Tx, n NewProduct) *Product {
	p := &Product{
		ID: newID(tx, "prod"), ViewID: newID(tx, "prodview"), Name: n.Name, Owner: n.Owner, Type: n.Type, Description: n.Description,
		Distributor: n.Distributor, SupportEmail: n.SupportEmail, SupportURL: n.SupportURL, Created: tx.Now(),
	}
	s.products.Put(tx, p)
	for _, a := range n.Artifacts {
		s.artifacts.Put(tx, &Artifact{
			ID: newID(tx, "pa"), ProductID: p.ID, Name: a.Name, Description: a.Description, Type: n.Type, Active: a.Active, Created: tx.Now(),
		})
	}
	return p
}

// ProductByName gives the product of this name, or nil.
func (s *Service) ProductByName(tx *state.Tx, name string) *Product { return s.byTitle.First(tx, name) }

// ProductOfType gives the first product of a provisioner's type, or nil.
func (s *Service) ProductOfType(tx *state.Tx, productType string) *Product {
	for p := range s.products.All(tx) {
		if p.Type == productType {
			return p
		}
	}
	return nil
}

// Associate puts a product into a portfolio; again does nothing.
func (s *Service) Associate(tx *state.Tx, productID, portfolioID string) {
	s.associations.Put(tx, &Association{PortfolioID: portfolioID, ProductID: productID})
}

// product finds a product by id or name, nil outside the home scope.
func (s *Service) product(c *call, id, name *string) *Product {
	switch {
	case !c.home:
		return nil
	case id != nil:
		return s.products.Get(c.Tx, *id)
	case name != nil:
		return s.ProductByName(c.Tx, *name)
	}
	return nil
}

// administered finds a product for an administrator, who needs no launch path.
func (s *Service) administered(c *call, id, name *string) (*Product, error) {
	if err := oneOf("product", id, name); err != nil {
		return nil, err
	}
	if p := s.product(c, id, name); p != nil {
		return p, nil
	}
	return nil, notFound("Product %s not found.", firstOf(id, name))
}

// summary is what end users see. HasDefaultPath is false in all of AWS's samples, also for a product with one path.
func summary(p *Product) *types.ProductViewSummary {
	return &types.ProductViewSummary{
		Id: &p.ViewID, ProductId: &p.ID, Name: &p.Name, Owner: &p.Owner, Type: types.ProductType(p.Type), ShortDescription: &p.Description,
		Distributor: &p.Distributor, SupportDescription: &p.SupportDescription, SupportEmail: &p.SupportEmail, SupportUrl: &p.SupportURL,
	}
}

func (c *call) viewDetail(p *Product) types.ProductViewDetail {
	name, created := c.arn("product/"+p.ID), p.Created
	return types.ProductViewDetail{ProductViewSummary: summary(p), ProductARN: &name, Status: statusCreated, CreatedTime: &created}
}

// DescribeProduct shows a product to an end user who has a launch path.
func (s *Service) DescribeProduct(ctx context.Context, in *sdk.DescribeProductInput, _ ...func(*sdk.Options)) (*sdk.DescribeProductOutput, error) {
	out := &sdk.DescribeProductOutput{}
	err := s.view(ctx, func(c *call) error {
		p, paths, err := s.launchable(c, in.Id, in.Name)
		if err != nil {
			return err
		}
		out.ProductViewSummary, out.Budgets = summary(p), []types.BudgetDetail{}
		out.ProvisioningArtifacts = convert(s.active(c.Tx, p.ID), artifact)
		out.LaunchPaths = convert(paths, func(p *Portfolio) types.LaunchPath {
			id := pathID(p)
			return types.LaunchPath{Id: &id, Name: &p.Name}
		})
		return nil
	})
	return out, err
}

// DescribeProductView is DescribeProduct by the id of the product's view.
func (s *Service) DescribeProductView(ctx context.Context, in *sdk.DescribeProductViewInput, _ ...func(*sdk.Options)) (*sdk.DescribeProductViewOutput, error) {
	out := &sdk.DescribeProductViewOutput{}
	err := s.view(ctx, func(c *call) error {
		p := s.byView.First(c.Tx, *in.Id)
		if p == nil || len(s.paths(c, p.ID)) == 0 {
			return notFound("Product view %s not found.", *in.Id)
		}
		out.ProductViewSummary, out.ProvisioningArtifacts = summary(p), convert(s.active(c.Tx, p.ID), artifact)
		return nil
	})
	return out, err
}

// DescribeProductAsAdmin shows a product to an administrator.
func (s *Service) DescribeProductAsAdmin(ctx context.Context, in *sdk.DescribeProductAsAdminInput, _ ...func(*sdk.Options)) (*sdk.DescribeProductAsAdminOutput, error) {
	out := &sdk.DescribeProductAsAdminOutput{}
	err := s.view(ctx, func(c *call) error {
		p, err := s.administered(c, in.Id, in.Name)
		if err != nil {
			return err
		}
		if in.SourcePortfolioId != nil {
			if _, err := s.portfolio(c, *in.SourcePortfolioId); err != nil {
				return err
			}
		}
		detail := c.viewDetail(p)
		out.ProductViewDetail, out.Budgets, out.Tags = &detail, []types.BudgetDetail{}, wireTags(p.Tags)
		out.ProvisioningArtifactSummaries = convert(s.versions(c.Tx, p.ID), artifactSummary)
		out.TagOptions = convert(s.tagOptionsOn(c.Tx, p.ID), c.tagOptionDetail)
		return nil
	})
	return out, err
}

// AssociateProductWithPortfolio puts a product into a portfolio. Portfolios are never shared here, so a source portfolio
// can only be one the caller does not have.
func (s *Service) AssociateProductWithPortfolio(ctx context.Context, in *sdk.AssociateProductWithPortfolioInput, _ ...func(*sdk.Options)) (*sdk.AssociateProductWithPortfolioOutput, error) {
	err := s.update(ctx, func(c *call) error {
		product, portfolio, err := s.productAndPortfolio(c, in.ProductId, *in.PortfolioId)
		if err != nil {
			return err
		}
		if in.SourcePortfolioId != nil {
			return notFound("Portfolio %s is not shared with you.", *in.SourcePortfolioId)
		}
		s.Associate(c.Tx, product.ID, portfolio.ID)
		return nil
	})
	return &sdk.AssociateProductWithPortfolioOutput{}, err
}

// DisassociateProductFromPortfolio takes a product out of a portfolio. What was launched from it stays.
func (s *Service) DisassociateProductFromPortfolio(ctx context.Context, in *sdk.DisassociateProductFromPortfolioInput, _ ...func(*sdk.Options)) (*sdk.DisassociateProductFromPortfolioOutput, error) {
	err := s.update(ctx, func(c *call) error {
		product, portfolio, err := s.productAndPortfolio(c, in.ProductId, *in.PortfolioId)
		if err != nil {
			return err
		}
		if row := s.constrained.First(c.Tx, portfolio.ID+"/"+product.ID); row != nil {
			return inUse("Product %s in portfolio %s still has constraint %s", product.ID, portfolio.ID, row.ID)
		}
		if !s.associations.Delete(c.Tx, portfolio.ID+"/"+product.ID) {
			return notFound("Product %s is not associated with portfolio %s.", product.ID, portfolio.ID)
		}
		return nil
	})
	return &sdk.DisassociateProductFromPortfolioOutput{}, err
}

func (s *Service) productAndPortfolio(c *call, productID *string, portfolioID string) (*Product, *Portfolio, error) {
	portfolio, err := s.portfolio(c, portfolioID)
	if err != nil {
		return nil, nil, err
	}
	product, err := s.administered(c, productID, nil)
	return product, portfolio, err
}
