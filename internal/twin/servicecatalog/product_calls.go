package servicecatalog

import (
	"context"

	sdk "github.com/aws/aws-sdk-go-v2/service/servicecatalog"
	"github.com/aws/aws-sdk-go-v2/service/servicecatalog/types"
)

// Quotas of products, AWS General Reference, "Service Catalog endpoints and quotas".
const (
	maxProducts    = 350
	maxArtifacts   = 100
	maxProductTags = 20
)

// CreateProduct catalogues a product with its first version. Products exist in the management account's home Region only.
func (s *Service) CreateProduct(ctx context.Context, in *sdk.CreateProductInput, _ ...func(*sdk.Options)) (*sdk.CreateProductOutput, error) {
	asked := *in
	asked.IdempotencyToken = nil
	request := fingerprint(asked)
	first, err := firstArtifact(in)
	if err != nil {
		return nil, err
	}
	out := &sdk.CreateProductOutput{}
	err = s.update(ctx, func(c *call) error {
		p, err := s.createProduct(c, in, first, request)
		if err != nil {
			return err
		}
		detail := c.viewDetail(p)
		out.ProductViewDetail, out.Tags = &detail, wireTags(p.Tags)
		if all := s.versions(c.Tx, p.ID); len(all) > 0 {
			made := artifactDetail(all[0])
			out.ProvisioningArtifactDetail = &made
		}
		return nil
	})
	return out, err
}

// firstArtifact reads the version a product comes with.
func firstArtifact(in *sdk.CreateProductInput) (*Artifact, error) {
	switch {
	case in.ProductType == types.ProductTypeMarketplace:
		return nil, invalid("Products of type %s cannot be created.", in.ProductType)
	case in.SourceConnection != nil:
		return nil, invalid("Products that are synced to a repository are not supported here.")
	case in.ProvisioningArtifactParameters == nil:
		return nil, invalid("ProvisioningArtifactParameters must be specified.")
	}
	return takeArtifact(in.ProvisioningArtifactParameters, string(in.ProductType))
}

func (s *Service) createProduct(c *call, in *sdk.CreateProductInput, first *Artifact, request string) (*Product, error) {
	if !c.home {
		return nil, invalid("Products can be created only in the management account's home Region here.")
	}
	id, same := s.seen(c, "CreateProduct", *in.IdempotencyToken, request)
	if !same {
		return nil, invalid("Idempotency token %s was used for another request.", *in.IdempotencyToken)
	}
	if p := s.products.Get(c.Tx, id); p != nil {
		return p, nil
	}
	tags, err := takeTags(in.Tags)
	if err != nil {
		return nil, err
	}
	if have := s.products.Len(c.Tx); have >= maxProducts {
		return nil, overLimit("You have reached the limit of %d products.", maxProducts)
	}
	p := &Product{
		ID: newID(c.Tx, "prod"), ViewID: newID(c.Tx, "prodview"), Name: *in.Name, Owner: *in.Owner, Type: string(in.ProductType), Tags: tags, Created: c.Now(),
	}
	replace(&p.Description, in.Description)
	replace(&p.Distributor, in.Distributor)
	replace(&p.SupportDescription, in.SupportDescription)
	replace(&p.SupportEmail, in.SupportEmail)
	replace(&p.SupportURL, in.SupportUrl)
	s.products.Put(c.Tx, p)
	s.addArtifact(c, p, *first)
	s.remember(c, "CreateProduct", *in.IdempotencyToken, request, p.ID)
	return p, nil
}

// UpdateProduct changes what a request names and leaves the rest.
func (s *Service) UpdateProduct(ctx context.Context, in *sdk.UpdateProductInput, _ ...func(*sdk.Options)) (*sdk.UpdateProductOutput, error) {
	if in.SourceConnection != nil {
		return nil, invalid("Products that are synced to a repository are not supported here.")
	}
	out := &sdk.UpdateProductOutput{}
	err := s.update(ctx, func(c *call) error {
		old, err := s.administered(c, in.Id, nil)
		if err != nil {
			return err
		}
		add, err := takeTags(in.AddTags)
		if err != nil {
			return err
		}
		p := *old
		replace(&p.Name, in.Name)
		replace(&p.Owner, in.Owner)
		replace(&p.Description, in.Description)
		replace(&p.Distributor, in.Distributor)
		replace(&p.SupportDescription, in.SupportDescription)
		replace(&p.SupportEmail, in.SupportEmail)
		replace(&p.SupportURL, in.SupportUrl)
		if p.Tags = merge(p.Tags, add, in.RemoveTags); len(p.Tags) > maxProductTags {
			return invalid("A product can have at most %d tags.", maxProductTags)
		}
		s.products.Put(c.Tx, &p)
		detail := c.viewDetail(&p)
		out.ProductViewDetail, out.Tags = &detail, wireTags(p.Tags)
		return nil
	})
	return out, err
}

// DeleteProduct deletes a product that is in no portfolio. What was launched of it stays. One that a service of AWS's own
// put there, as Control Tower does, is that service's to delete.
func (s *Service) DeleteProduct(ctx context.Context, in *sdk.DeleteProductInput, _ ...func(*sdk.Options)) (*sdk.DeleteProductOutput, error) {
	err := s.update(ctx, func(c *call) error {
		p, err := s.administered(c, in.Id, nil)
		if err != nil {
			return err
		}
		if a := s.holding.First(c.Tx, p.ID); a != nil {
			return inUse("Product %s is still associated with portfolio %s", p.ID, a.PortfolioID)
		}
		if s.provisioners[p.Type] != nil {
			return inUse("Product %s is managed by %s", p.ID, p.Owner)
		}
		for _, a := range s.versions(c.Tx, p.ID) {
			s.artifacts.Delete(c.Tx, a.ID)
		}
		s.dropUses(c.Tx, p.ID)
		s.products.Delete(c.Tx, p.ID)
		return nil
	})
	return &sdk.DeleteProductOutput{}, err
}
