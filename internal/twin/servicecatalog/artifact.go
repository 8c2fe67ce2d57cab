package servicecatalog

import (
	"context"

	sdk "github.com/aws/aws-sdk-go-v2/service/servicecatalog"
	"github.com/aws/aws-sdk-go-v2/service/servicecatalog/types"

	"accountfactory/internal/twin/state"
)

// versions gives a product's artifacts, active or not.
func (s *Service) versions(tx *state.Tx, productID string) []*Artifact {
	var out []*Artifact
	for a := range s.ofProduct.Of(tx, productID) {
		out = append(out, a)
	}
	return out
}

// active gives the artifacts end users may launch.
func (s *Service) active(tx *state.Tx, productID string) []*Artifact {
	var out []*Artifact
	for _, a := range s.versions(tx, productID) {
		if a.Active {
			out = append(out, a)
		}
	}
	return out
}

// version finds the artifact a request names among some. Several versions may bear one name.
func version(among []*Artifact, productID string, id, name *string) (*Artifact, error) {
	if err := oneOf("provisioning artifact", id, name); err != nil {
		return nil, err
	}
	var found []*Artifact
	for _, a := range among {
		if id != nil && a.ID == *id || name != nil && a.Name == *name {
			found = append(found, a)
		}
	}
	switch len(found) {
	case 0:
		return nil, notFound("Provisioning artifact %s not found for product %s.", firstOf(id, name), productID)
	case 1:
		return found[0], nil
	}
	return nil, invalid("Product %s has more than one provisioning artifact named %s; specify its ID.", productID, *name)
}

func guidance(a *Artifact) types.ProvisioningArtifactGuidance {
	if a.Deprecated {
		return types.ProvisioningArtifactGuidanceDeprecated
	}
	return types.ProvisioningArtifactGuidanceDefault
}

func artifact(a *Artifact) types.ProvisioningArtifact {
	created := a.Created
	return types.ProvisioningArtifact{Id: &a.ID, Name: &a.Name, Description: &a.Description, CreatedTime: &created, Guidance: guidance(a)}
}

func artifactSummary(a *Artifact) types.ProvisioningArtifactSummary {
	created := a.Created
	return types.ProvisioningArtifactSummary{Id: &a.ID, Name: &a.Name, Description: &a.Description, CreatedTime: &created}
}

func artifactDetail(a *Artifact) types.ProvisioningArtifactDetail {
	active, created := a.Active, a.Created
	return types.ProvisioningArtifactDetail{
		Id: &a.ID, Name: &a.Name, Description: &a.Description, Type: types.ProvisioningArtifactType(a.Type), Active: &active,
		CreatedTime: &created, Guidance: guidance(a),
	}
}

// ListProvisioningArtifacts lists all versions of a product, in one page: the request has no page token.
func (s *Service) ListProvisioningArtifacts(ctx context.Context, in *sdk.ListProvisioningArtifactsInput, _ ...func(*sdk.Options)) (*sdk.ListProvisioningArtifactsOutput, error) {
	out := &sdk.ListProvisioningArtifactsOutput{}
	err := s.view(ctx, func(c *call) error {
		p, err := s.administered(c, in.ProductId, nil)
		if err != nil {
			return err
		}
		out.ProvisioningArtifactDetails = convert(s.versions(c.Tx, p.ID), artifactDetail)
		return nil
	})
	return out, err
}

// DescribeProvisioningArtifact shows one version of a product, on request with its parameters.
func (s *Service) DescribeProvisioningArtifact(ctx context.Context, in *sdk.DescribeProvisioningArtifactInput, _ ...func(*sdk.Options)) (*sdk.DescribeProvisioningArtifactOutput, error) {
	out := &sdk.DescribeProvisioningArtifactOutput{Status: types.StatusAvailable}
	err := s.view(ctx, func(c *call) error {
		p, a, err := s.productVersion(c, in)
		if err != nil {
			return err
		}
		detail := artifactDetail(a)
		out.ProvisioningArtifactDetail, out.Info = &detail, a.Source.info()
		if in.IncludeProvisioningArtifactParameters {
			out.ProvisioningArtifactParameters = s.parameters(c.Tx, p, a)
		}
		return nil
	})
	return out, err
}

// productVersion finds what DescribeProvisioningArtifact asks for. The artifact's id alone is enough: it belongs to one
// product.
func (s *Service) productVersion(c *call, in *sdk.DescribeProvisioningArtifactInput) (*Product, *Artifact, error) {
	productID := in.ProductId
	if productID == nil && in.ProductName == nil && in.ProvisioningArtifactId != nil {
		a := s.artifacts.Get(c.Tx, *in.ProvisioningArtifactId)
		if a == nil || !c.home {
			return nil, nil, notFound("Provisioning artifact %s not found.", *in.ProvisioningArtifactId)
		}
		productID = &a.ProductID
	}
	p, err := s.administered(c, productID, in.ProductName)
	if err != nil {
		return nil, nil, err
	}
	a, err := version(s.versions(c.Tx, p.ID), p.ID, in.ProvisioningArtifactId, in.ProvisioningArtifactName)
	return p, a, err
}

// parameters gives a version's parameters as they stand now, those of its template where nothing launches it.
func (s *Service) parameters(tx *state.Tx, p *Product, a *Artifact) []types.ProvisioningArtifactParameter {
	declared := a.Parameters
	if provisioner := s.provisioners[p.Type]; provisioner != nil {
		declared = provisioner.Parameters(tx)
	}
	return convert(declared, func(p Parameter) types.ProvisioningArtifactParameter {
		limits := &types.ParameterConstraints{AllowedValues: p.Allowed}
		if p.Pattern != "" {
			limits.AllowedPattern = &p.Pattern
		}
		if limits.AllowedValues == nil {
			limits.AllowedValues = []string{}
		}
		return types.ProvisioningArtifactParameter{
			ParameterKey: &p.Key, ParameterType: &p.Type, Description: &p.Description, ParameterConstraints: limits, DefaultValue: p.Default, IsNoEcho: p.NoEcho,
		}
	})
}

// DescribeProvisioningParameters shows an end user what a launch needs.
func (s *Service) DescribeProvisioningParameters(ctx context.Context, in *sdk.DescribeProvisioningParametersInput, _ ...func(*sdk.Options)) (*sdk.DescribeProvisioningParametersOutput, error) {
	out := &sdk.DescribeProvisioningParametersOutput{}
	err := s.view(ctx, func(c *call) error {
		p, paths, err := s.launchable(c, in.ProductId, in.ProductName)
		if err != nil {
			return err
		}
		a, err := version(s.active(c.Tx, p.ID), p.ID, in.ProvisioningArtifactId, in.ProvisioningArtifactName)
		if err != nil {
			return err
		}
		path, err := choosePath(p.ID, paths, in.PathId, in.PathName)
		if err != nil {
			return err
		}
		out.ProvisioningArtifactParameters = s.parameters(c.Tx, p, a)
		e := s.effectOf(c, path.ID, p.ID)
		out.ConstraintSummaries, out.UsageInstructions = e.summaries, e.instructions()
		out.ProvisioningArtifactOutputKeys = []types.ProvisioningArtifactOutput{}
		out.TagOptions = s.offeredTags(c.Tx, p.ID, path.ID)
		return nil
	})
	return out, err
}
