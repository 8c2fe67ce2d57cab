package servicecatalog

import (
	"context"
	"slices"

	sdk "github.com/aws/aws-sdk-go-v2/service/servicecatalog"
	"github.com/aws/aws-sdk-go-v2/service/servicecatalog/types"
)

// takeArtifact reads a version of a product of some type. Its type, when not named, is the product's.
func takeArtifact(in *types.ProvisioningArtifactProperties, productType string) (*Artifact, error) {
	a := &Artifact{Type: string(in.Type), Active: true}
	if a.Type == "" {
		a.Type = productType
	}
	if a.Type != productType || !slices.Contains(types.ProductType("").Values(), types.ProductType(productType)) {
		return nil, invalid("A provisioning artifact of type %s does not fit a product of type %s.", a.Type, productType)
	}
	replace(&a.Name, in.Name)
	replace(&a.Description, in.Description)
	var err error
	a.Source, a.Read, a.Parameters, err = takeSource(in.Info)
	return a, err
}

func (s *Service) addArtifact(c *call, p *Product, a Artifact) *Artifact {
	a.ID, a.ProductID, a.Created = newID(c.Tx, "pa"), p.ID, c.Now()
	s.artifacts.Put(c.Tx, &a)
	return &a
}

// CreateProvisioningArtifact adds a version to a product. It answers CREATING, as AWS does (AWS CLI reference,
// create-provisioning-artifact), and is there at once.
func (s *Service) CreateProvisioningArtifact(ctx context.Context, in *sdk.CreateProvisioningArtifactInput, _ ...func(*sdk.Options)) (*sdk.CreateProvisioningArtifactOutput, error) {
	asked := *in
	asked.IdempotencyToken = nil
	request := fingerprint(asked)
	out := &sdk.CreateProvisioningArtifactOutput{Status: types.StatusCreating}
	err := s.update(ctx, func(c *call) error {
		a, err := s.createArtifact(c, in, request)
		if err != nil {
			return err
		}
		detail := artifactDetail(a)
		out.ProvisioningArtifactDetail, out.Info = &detail, a.Source.info()
		return nil
	})
	return out, err
}

func (s *Service) createArtifact(c *call, in *sdk.CreateProvisioningArtifactInput, request string) (*Artifact, error) {
	id, same := s.seen(c, "CreateProvisioningArtifact", *in.IdempotencyToken, request)
	if !same {
		return nil, invalid("Idempotency token %s was used for another request.", *in.IdempotencyToken)
	}
	if a := s.artifacts.Get(c.Tx, id); a != nil {
		return a, nil
	}
	p, err := s.administered(c, in.ProductId, nil)
	if err != nil {
		return nil, err
	}
	a, err := takeArtifact(in.Parameters, p.Type)
	if err != nil {
		return nil, err
	}
	if have := len(s.versions(c.Tx, p.ID)); have >= maxArtifacts {
		return nil, overLimit("Product %s already has %d provisioning artifacts.", p.ID, have)
	}
	made := s.addArtifact(c, p, *a)
	s.remember(c, "CreateProvisioningArtifact", *in.IdempotencyToken, request, made.ID)
	return made, nil
}

// UpdateProvisioningArtifact changes what a request names of a version: also whether end users see it, and whether it is
// deprecated.
func (s *Service) UpdateProvisioningArtifact(ctx context.Context, in *sdk.UpdateProvisioningArtifactInput, _ ...func(*sdk.Options)) (*sdk.UpdateProvisioningArtifactOutput, error) {
	out := &sdk.UpdateProvisioningArtifactOutput{Status: types.StatusAvailable}
	err := s.update(ctx, func(c *call) error {
		old, err := s.artifactOf(c, in.ProductId, in.ProvisioningArtifactId)
		if err != nil {
			return err
		}
		a := *old
		replace(&a.Name, in.Name)
		replace(&a.Description, in.Description)
		if in.Active != nil {
			a.Active = *in.Active
		}
		if in.Guidance != "" {
			a.Deprecated = in.Guidance == types.ProvisioningArtifactGuidanceDeprecated
		}
		s.artifacts.Put(c.Tx, &a)
		detail := artifactDetail(&a)
		out.ProvisioningArtifactDetail, out.Info = &detail, a.Source.info()
		return nil
	})
	return out, err
}

// DeleteProvisioningArtifact deletes a version, not the last one: a product has at least one (API reference).
func (s *Service) DeleteProvisioningArtifact(ctx context.Context, in *sdk.DeleteProvisioningArtifactInput, _ ...func(*sdk.Options)) (*sdk.DeleteProvisioningArtifactOutput, error) {
	err := s.update(ctx, func(c *call) error {
		a, err := s.artifactOf(c, in.ProductId, in.ProvisioningArtifactId)
		if err != nil {
			return err
		}
		if len(s.versions(c.Tx, a.ProductID)) == 1 {
			return inUse("Provisioning artifact %s is the last one of product %s", a.ID, a.ProductID)
		}
		s.artifacts.Delete(c.Tx, a.ID)
		return nil
	})
	return &sdk.DeleteProvisioningArtifactOutput{}, err
}

func (s *Service) artifactOf(c *call, productID, artifactID *string) (*Artifact, error) {
	p, err := s.administered(c, productID, nil)
	if err != nil {
		return nil, err
	}
	return version(s.versions(c.Tx, p.ID), p.ID, artifactID, nil)
}
