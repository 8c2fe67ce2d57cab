package servicecatalog_test

import (
	"context"

	sdk "github.com/aws/aws-sdk-go-v2/service/servicecatalog"

	"accountfactory/internal/twin/servicecatalog"
)

// client is what the SDK's client offers of the operations in the table; the service stands in for it.
type client interface {
	SearchProducts(context.Context, *sdk.SearchProductsInput, ...func(*sdk.Options)) (*sdk.SearchProductsOutput, error)
	DescribeProduct(context.Context, *sdk.DescribeProductInput, ...func(*sdk.Options)) (*sdk.DescribeProductOutput, error)
	DescribeProductView(context.Context, *sdk.DescribeProductViewInput, ...func(*sdk.Options)) (*sdk.DescribeProductViewOutput, error)
	ListLaunchPaths(context.Context, *sdk.ListLaunchPathsInput, ...func(*sdk.Options)) (*sdk.ListLaunchPathsOutput, error)
	DescribeProvisioningParameters(context.Context, *sdk.DescribeProvisioningParametersInput, ...func(*sdk.Options)) (*sdk.DescribeProvisioningParametersOutput, error)
	ProvisionProduct(context.Context, *sdk.ProvisionProductInput, ...func(*sdk.Options)) (*sdk.ProvisionProductOutput, error)
	UpdateProvisionedProduct(context.Context, *sdk.UpdateProvisionedProductInput, ...func(*sdk.Options)) (*sdk.UpdateProvisionedProductOutput, error)
	TerminateProvisionedProduct(context.Context, *sdk.TerminateProvisionedProductInput, ...func(*sdk.Options)) (*sdk.TerminateProvisionedProductOutput, error)
	DescribeProvisionedProduct(context.Context, *sdk.DescribeProvisionedProductInput, ...func(*sdk.Options)) (*sdk.DescribeProvisionedProductOutput, error)
	GetProvisionedProductOutputs(context.Context, *sdk.GetProvisionedProductOutputsInput, ...func(*sdk.Options)) (*sdk.GetProvisionedProductOutputsOutput, error)
	SearchProvisionedProducts(context.Context, *sdk.SearchProvisionedProductsInput, ...func(*sdk.Options)) (*sdk.SearchProvisionedProductsOutput, error)
	ScanProvisionedProducts(context.Context, *sdk.ScanProvisionedProductsInput, ...func(*sdk.Options)) (*sdk.ScanProvisionedProductsOutput, error)
	DescribeRecord(context.Context, *sdk.DescribeRecordInput, ...func(*sdk.Options)) (*sdk.DescribeRecordOutput, error)
	ListRecordHistory(context.Context, *sdk.ListRecordHistoryInput, ...func(*sdk.Options)) (*sdk.ListRecordHistoryOutput, error)
	CreateProvisionedProductPlan(context.Context, *sdk.CreateProvisionedProductPlanInput, ...func(*sdk.Options)) (*sdk.CreateProvisionedProductPlanOutput, error)
	DescribeProvisionedProductPlan(context.Context, *sdk.DescribeProvisionedProductPlanInput, ...func(*sdk.Options)) (*sdk.DescribeProvisionedProductPlanOutput, error)
	ListProvisionedProductPlans(context.Context, *sdk.ListProvisionedProductPlansInput, ...func(*sdk.Options)) (*sdk.ListProvisionedProductPlansOutput, error)
	ExecuteProvisionedProductPlan(context.Context, *sdk.ExecuteProvisionedProductPlanInput, ...func(*sdk.Options)) (*sdk.ExecuteProvisionedProductPlanOutput, error)
	DeleteProvisionedProductPlan(context.Context, *sdk.DeleteProvisionedProductPlanInput, ...func(*sdk.Options)) (*sdk.DeleteProvisionedProductPlanOutput, error)
	SearchProductsAsAdmin(context.Context, *sdk.SearchProductsAsAdminInput, ...func(*sdk.Options)) (*sdk.SearchProductsAsAdminOutput, error)
	DescribeProductAsAdmin(context.Context, *sdk.DescribeProductAsAdminInput, ...func(*sdk.Options)) (*sdk.DescribeProductAsAdminOutput, error)
	ListProvisioningArtifacts(context.Context, *sdk.ListProvisioningArtifactsInput, ...func(*sdk.Options)) (*sdk.ListProvisioningArtifactsOutput, error)
	DescribeProvisioningArtifact(context.Context, *sdk.DescribeProvisioningArtifactInput, ...func(*sdk.Options)) (*sdk.DescribeProvisioningArtifactOutput, error)
	AssociateProductWithPortfolio(context.Context, *sdk.AssociateProductWithPortfolioInput, ...func(*sdk.Options)) (*sdk.AssociateProductWithPortfolioOutput, error)
	DisassociateProductFromPortfolio(context.Context, *sdk.DisassociateProductFromPortfolioInput, ...func(*sdk.Options)) (*sdk.DisassociateProductFromPortfolioOutput, error)
	ListPortfoliosForProduct(context.Context, *sdk.ListPortfoliosForProductInput, ...func(*sdk.Options)) (*sdk.ListPortfoliosForProductOutput, error)
	ListPortfolios(context.Context, *sdk.ListPortfoliosInput, ...func(*sdk.Options)) (*sdk.ListPortfoliosOutput, error)
	CreatePortfolio(context.Context, *sdk.CreatePortfolioInput, ...func(*sdk.Options)) (*sdk.CreatePortfolioOutput, error)
	DescribePortfolio(context.Context, *sdk.DescribePortfolioInput, ...func(*sdk.Options)) (*sdk.DescribePortfolioOutput, error)
	UpdatePortfolio(context.Context, *sdk.UpdatePortfolioInput, ...func(*sdk.Options)) (*sdk.UpdatePortfolioOutput, error)
	DeletePortfolio(context.Context, *sdk.DeletePortfolioInput, ...func(*sdk.Options)) (*sdk.DeletePortfolioOutput, error)
	AssociatePrincipalWithPortfolio(context.Context, *sdk.AssociatePrincipalWithPortfolioInput, ...func(*sdk.Options)) (*sdk.AssociatePrincipalWithPortfolioOutput, error)
	DisassociatePrincipalFromPortfolio(context.Context, *sdk.DisassociatePrincipalFromPortfolioInput, ...func(*sdk.Options)) (*sdk.DisassociatePrincipalFromPortfolioOutput, error)
	ListPrincipalsForPortfolio(context.Context, *sdk.ListPrincipalsForPortfolioInput, ...func(*sdk.Options)) (*sdk.ListPrincipalsForPortfolioOutput, error)
	CreateConstraint(context.Context, *sdk.CreateConstraintInput, ...func(*sdk.Options)) (*sdk.CreateConstraintOutput, error)
	DescribeConstraint(context.Context, *sdk.DescribeConstraintInput, ...func(*sdk.Options)) (*sdk.DescribeConstraintOutput, error)
	UpdateConstraint(context.Context, *sdk.UpdateConstraintInput, ...func(*sdk.Options)) (*sdk.UpdateConstraintOutput, error)
	DeleteConstraint(context.Context, *sdk.DeleteConstraintInput, ...func(*sdk.Options)) (*sdk.DeleteConstraintOutput, error)
	ListConstraintsForPortfolio(context.Context, *sdk.ListConstraintsForPortfolioInput, ...func(*sdk.Options)) (*sdk.ListConstraintsForPortfolioOutput, error)
	CreateProduct(context.Context, *sdk.CreateProductInput, ...func(*sdk.Options)) (*sdk.CreateProductOutput, error)
	UpdateProduct(context.Context, *sdk.UpdateProductInput, ...func(*sdk.Options)) (*sdk.UpdateProductOutput, error)
	DeleteProduct(context.Context, *sdk.DeleteProductInput, ...func(*sdk.Options)) (*sdk.DeleteProductOutput, error)
	CreateProvisioningArtifact(context.Context, *sdk.CreateProvisioningArtifactInput, ...func(*sdk.Options)) (*sdk.CreateProvisioningArtifactOutput, error)
	UpdateProvisioningArtifact(context.Context, *sdk.UpdateProvisioningArtifactInput, ...func(*sdk.Options)) (*sdk.UpdateProvisioningArtifactOutput, error)
	DeleteProvisioningArtifact(context.Context, *sdk.DeleteProvisioningArtifactInput, ...func(*sdk.Options)) (*sdk.DeleteProvisioningArtifactOutput, error)
	UpdateProvisionedProductProperties(context.Context, *sdk.UpdateProvisionedProductPropertiesInput, ...func(*sdk.Options)) (*sdk.UpdateProvisionedProductPropertiesOutput, error)
	CreateTagOption(context.Context, *sdk.CreateTagOptionInput, ...func(*sdk.Options)) (*sdk.CreateTagOptionOutput, error)
	DescribeTagOption(context.Context, *sdk.DescribeTagOptionInput, ...func(*sdk.Options)) (*sdk.DescribeTagOptionOutput, error)
	ListTagOptions(context.Context, *sdk.ListTagOptionsInput, ...func(*sdk.Options)) (*sdk.ListTagOptionsOutput, error)
	UpdateTagOption(context.Context, *sdk.UpdateTagOptionInput, ...func(*sdk.Options)) (*sdk.UpdateTagOptionOutput, error)
	DeleteTagOption(context.Context, *sdk.DeleteTagOptionInput, ...func(*sdk.Options)) (*sdk.DeleteTagOptionOutput, error)
	AssociateTagOptionWithResource(context.Context, *sdk.AssociateTagOptionWithResourceInput, ...func(*sdk.Options)) (*sdk.AssociateTagOptionWithResourceOutput, error)
	DisassociateTagOptionFromResource(context.Context, *sdk.DisassociateTagOptionFromResourceInput, ...func(*sdk.Options)) (*sdk.DisassociateTagOptionFromResourceOutput, error)
	ListResourcesForTagOption(context.Context, *sdk.ListResourcesForTagOptionInput, ...func(*sdk.Options)) (*sdk.ListResourcesForTagOptionOutput, error)
}

var (
	_ client = (*sdk.Client)(nil)
	_ client = (*servicecatalog.Service)(nil)
)
