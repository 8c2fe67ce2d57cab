package servicecatalog

import (
	"context"
	"strings"

	sdk "github.com/aws/aws-sdk-go-v2/service/servicecatalog"
	"github.com/aws/aws-sdk-go-v2/service/servicecatalog/types"

	"accountfactory/internal/arn"
	"accountfactory/internal/wire"
)

// Actions, resources and condition keys are those of the Service Authorization Reference, "Actions, resources, and condition
// keys for AWS Service Catalog".

func check(action, resource string, keys map[string][]string) []wire.Check {
	return []wire.Check{{Action: "servicecatalog:" + action, Resource: resource, Context: keys}}
}

// anything is the check of an action without resource types.
func anything[I any](action string) wire.Checks[I] {
	return func(context.Context, *I) ([]wire.Check, error) { return check(action, "*", nil), nil }
}

// resourceARN names a product or portfolio of the caller's account and Region, "*" for one the request does not name.
func resourceARN(ctx context.Context, kind, id string) string {
	r := wire.RequestFrom(ctx)
	if id == "" {
		id = "*"
	}
	return arn.Make("catalog", r.Region, r.Caller.AccountID, kind+"/"+id)
}

// resourceTags gives a resource's tags to conditions.
func resourceTags(keys map[string][]string, tags []Tag) map[string][]string {
	for _, t := range tags {
		keys["aws:ResourceTag/"+t.Key] = []string{t.Value}
	}
	return keys
}

func requestTags(keys map[string][]string, tags []types.Tag, more ...string) map[string][]string {
	names := append([]string(nil), more...)
	for _, t := range tags {
		keys["aws:RequestTag/"+*t.Key] = []string{*t.Value}
		names = append(names, *t.Key)
	}
	if len(names) > 0 {
		keys["aws:TagKeys"] = names
	}
	return keys
}

// onProduct is the check of an action on the product a request names.
func (s *Service) onProduct(ctx context.Context, action string, id, name *string) ([]wire.Check, error) {
	var checks []wire.Check
	err := s.view(ctx, func(c *call) error {
		resource, keys := filledOr(id, ""), map[string][]string{}
		if p := s.product(c, id, name); p != nil {
			resource = p.ID
			resourceTags(keys, p.Tags)
		}
		checks = check(action, resourceARN(ctx, "product", resource), keys)
		return nil
	})
	return checks, err
}

func filledOr(s *string, otherwise string) string {
	if s == nil {
		return otherwise
	}
	return *s
}

func (s *Service) mayDescribeProduct(ctx context.Context, in *sdk.DescribeProductInput) ([]wire.Check, error) {
	return s.onProduct(ctx, "DescribeProduct", in.Id, in.Name)
}

func (s *Service) mayDescribeProductAsAdmin(ctx context.Context, in *sdk.DescribeProductAsAdminInput) ([]wire.Check, error) {
	return s.onProduct(ctx, "DescribeProductAsAdmin", in.Id, in.Name)
}

func (s *Service) mayListLaunchPaths(ctx context.Context, in *sdk.ListLaunchPathsInput) ([]wire.Check, error) {
	return s.onProduct(ctx, "ListLaunchPaths", in.ProductId, nil)
}

func (s *Service) mayDescribeProvisioningParameters(ctx context.Context, in *sdk.DescribeProvisioningParametersInput) ([]wire.Check, error) {
	return s.onProduct(ctx, "DescribeProvisioningParameters", in.ProductId, in.ProductName)
}

func (s *Service) mayProvisionProduct(ctx context.Context, in *sdk.ProvisionProductInput) ([]wire.Check, error) {
	return s.onProduct(ctx, "ProvisionProduct", in.ProductId, in.ProductName)
}

func (s *Service) mayListProvisioningArtifacts(ctx context.Context, in *sdk.ListProvisioningArtifactsInput) ([]wire.Check, error) {
	return s.onProduct(ctx, "ListProvisioningArtifacts", in.ProductId, nil)
}

func (s *Service) mayDescribeProvisioningArtifact(ctx context.Context, in *sdk.DescribeProvisioningArtifactInput) ([]wire.Check, error) {
	id := in.ProductId
	if id == nil && in.ProductName == nil && in.ProvisioningArtifactId != nil {
		_ = s.view(ctx, func(c *call) error {
			if a := s.artifacts.Get(c.Tx, *in.ProvisioningArtifactId); a != nil && c.home {
				id = &a.ProductID
			}
			return nil
		})
	}
	return s.onProduct(ctx, "DescribeProvisioningArtifact", id, in.ProductName)
}

func (s *Service) mayListPortfoliosForProduct(ctx context.Context, in *sdk.ListPortfoliosForProductInput) ([]wire.Check, error) {
	return s.onProduct(ctx, "ListPortfoliosForProduct", in.ProductId, nil)
}

func mayCreateProduct(ctx context.Context, in *sdk.CreateProductInput) ([]wire.Check, error) {
	return check("CreateProduct", resourceARN(ctx, "product", ""), requestTags(map[string][]string{}, in.Tags)), nil
}

func (s *Service) mayUpdateProduct(ctx context.Context, in *sdk.UpdateProductInput) ([]wire.Check, error) {
	checks, err := s.onProduct(ctx, "UpdateProduct", in.Id, nil)
	if err == nil {
		requestTags(checks[0].Context, in.AddTags, in.RemoveTags...)
	}
	return checks, err
}

func (s *Service) mayDeleteProduct(ctx context.Context, in *sdk.DeleteProductInput) ([]wire.Check, error) {
	return s.onProduct(ctx, "DeleteProduct", in.Id, nil)
}

func (s *Service) mayCreateArtifact(ctx context.Context, in *sdk.CreateProvisioningArtifactInput) ([]wire.Check, error) {
	return s.onProduct(ctx, "CreateProvisioningArtifact", in.ProductId, nil)
}

func (s *Service) mayUpdateArtifact(ctx context.Context, in *sdk.UpdateProvisioningArtifactInput) ([]wire.Check, error) {
	return s.onProduct(ctx, "UpdateProvisioningArtifact", in.ProductId, nil)
}

func (s *Service) mayDeleteArtifact(ctx context.Context, in *sdk.DeleteProvisioningArtifactInput) ([]wire.Check, error) {
	return s.onProduct(ctx, "DeleteProvisioningArtifact", in.ProductId, nil)
}

// onPortfolio is the check of an action on a portfolio.
func (s *Service) onPortfolio(ctx context.Context, action, id string, keys map[string][]string) ([]wire.Check, error) {
	err := s.view(ctx, func(c *call) error {
		if p, err := s.portfolio(c, id); err == nil {
			resourceTags(keys, p.Tags)
		}
		return nil
	})
	return check(action, resourceARN(ctx, "portfolio", id), keys), err
}

func mayCreatePortfolio(ctx context.Context, in *sdk.CreatePortfolioInput) ([]wire.Check, error) {
	return check("CreatePortfolio", resourceARN(ctx, "portfolio", ""), requestTags(map[string][]string{}, in.Tags)), nil
}

func (s *Service) mayDescribePortfolio(ctx context.Context, in *sdk.DescribePortfolioInput) ([]wire.Check, error) {
	return s.onPortfolio(ctx, "DescribePortfolio", *in.Id, map[string][]string{})
}

func (s *Service) mayUpdatePortfolio(ctx context.Context, in *sdk.UpdatePortfolioInput) ([]wire.Check, error) {
	return s.onPortfolio(ctx, "UpdatePortfolio", *in.Id, requestTags(map[string][]string{}, in.AddTags, in.RemoveTags...))
}

func (s *Service) mayDeletePortfolio(ctx context.Context, in *sdk.DeletePortfolioInput) ([]wire.Check, error) {
	return s.onPortfolio(ctx, "DeletePortfolio", *in.Id, map[string][]string{})
}

func (s *Service) mayAssociatePrincipal(ctx context.Context, in *sdk.AssociatePrincipalWithPortfolioInput) ([]wire.Check, error) {
	return s.onPortfolio(ctx, "AssociatePrincipalWithPortfolio", *in.PortfolioId, map[string][]string{})
}

func (s *Service) mayDisassociatePrincipal(ctx context.Context, in *sdk.DisassociatePrincipalFromPortfolioInput) ([]wire.Check, error) {
	return s.onPortfolio(ctx, "DisassociatePrincipalFromPortfolio", *in.PortfolioId, map[string][]string{})
}

func (s *Service) mayListPrincipals(ctx context.Context, in *sdk.ListPrincipalsForPortfolioInput) ([]wire.Check, error) {
	return s.onPortfolio(ctx, "ListPrincipalsForPortfolio", *in.PortfolioId, map[string][]string{})
}

// mayCreateConstraint asks besides whether the caller may pass the launch role on, as whoever gives a service a role must
// (Service Catalog Administrator Guide, "Launch constraints").
func (s *Service) mayCreateConstraint(ctx context.Context, in *sdk.CreateConstraintInput) ([]wire.Check, error) {
	checks, err := s.onProduct(ctx, "CreateConstraint", in.ProductId, nil)
	if err != nil || *in.Type != string(constraintLaunch) {
		return checks, err
	}
	pass, err := s.passing(ctx, *in.Parameters)
	return append(checks, pass...), err
}

func (s *Service) mayUpdateConstraint(ctx context.Context, in *sdk.UpdateConstraintInput) ([]wire.Check, error) {
	checks := check("UpdateConstraint", "*", nil)
	if in.Parameters == nil {
		return checks, nil
	}
	pass, err := s.passing(ctx, *in.Parameters)
	return append(checks, pass...), err
}

// passing is the check of passing the role on that a LAUNCH constraint's parameters name, none for others.
func (s *Service) passing(ctx context.Context, parameters string) (checks []wire.Check, err error) {
	err = s.view(ctx, func(c *call) error {
		if role := s.launchRole(c.Tx, c.account, parameters); role != "" {
			checks = passRole(role)
		}
		return nil
	})
	return checks, err
}

func passRole(role string) []wire.Check {
	return []wire.Check{{Action: "iam:PassRole", Resource: role, Context: map[string][]string{"iam:PassedToService": {"servicecatalog.amazonaws.com"}}}}
}

// mayUpdateProperties: no level reaches it, so who may only use what is theirs may not give it away.
func (s *Service) mayUpdateProperties(_ context.Context, in *sdk.UpdateProvisionedProductPropertiesInput) ([]wire.Check, error) {
	checks := check("UpdateProvisionedProductProperties", "*", nil)
	if role := in.ProvisionedProductProperties[string(types.PropertyKeyLaunchRole)]; roleShape.MatchString(role) {
		checks = append(checks, passRole(role)...)
	}
	return checks, nil
}

func (s *Service) mayListConstraints(ctx context.Context, in *sdk.ListConstraintsForPortfolioInput) ([]wire.Check, error) {
	return s.onPortfolio(ctx, "ListConstraintsForPortfolio", *in.PortfolioId, map[string][]string{})
}

func (s *Service) mayAssociateTagOption(ctx context.Context, in *sdk.AssociateTagOptionWithResourceInput) ([]wire.Check, error) {
	return s.onTagged(ctx, "AssociateTagOptionWithResource", in.ResourceId)
}

func (s *Service) mayDisassociateTagOption(ctx context.Context, in *sdk.DisassociateTagOptionFromResourceInput) ([]wire.Check, error) {
	return s.onTagged(ctx, "DisassociateTagOptionFromResource", in.ResourceId)
}

// onTagged is the check of an action on a portfolio or a product, as the id says.
func (s *Service) onTagged(ctx context.Context, action string, id *string) ([]wire.Check, error) {
	if strings.HasPrefix(*id, "port-") {
		return s.onPortfolio(ctx, action, *id, map[string][]string{})
	}
	return s.onProduct(ctx, action, id, nil)
}
