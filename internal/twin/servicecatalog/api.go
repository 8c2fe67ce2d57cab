package servicecatalog

import (
	sdk "github.com/aws/aws-sdk-go-v2/service/servicecatalog"

	"accountfactory/internal/wire"
)

// API is the operation table.
func (s *Service) API() *wire.Service {
	svc := wire.New("servicecatalog")

	// End users: what they may launch.
	wire.On(svc, "SearchProducts", s.SearchProducts, anything[sdk.SearchProductsInput]("SearchProducts"))
	wire.On(svc, "DescribeProduct", s.DescribeProduct, s.mayDescribeProduct)
	wire.On(svc, "DescribeProductView", s.DescribeProductView, anything[sdk.DescribeProductViewInput]("DescribeProductView"))
	wire.On(svc, "ListLaunchPaths", s.ListLaunchPaths, s.mayListLaunchPaths)
	wire.On(svc, "DescribeProvisioningParameters", s.DescribeProvisioningParameters, s.mayDescribeProvisioningParameters)

	// End users: what they launched.
	wire.On(svc, "ProvisionProduct", s.ProvisionProduct, s.mayProvisionProduct)
	wire.On(svc, "UpdateProvisionedProduct", s.UpdateProvisionedProduct, s.mayUpdateProvisionedProduct)
	wire.On(svc, "UpdateProvisionedProductProperties", s.UpdateProvisionedProductProperties, s.mayUpdateProperties)
	wire.On(svc, "TerminateProvisionedProduct", s.TerminateProvisionedProduct, s.mayTerminateProvisionedProduct)
	wire.On(svc, "DescribeProvisionedProduct", s.DescribeProvisionedProduct, s.mayDescribeProvisionedProduct)
	wire.On(svc, "GetProvisionedProductOutputs", s.GetProvisionedProductOutputs, anything[sdk.GetProvisionedProductOutputsInput]("GetProvisionedProductOutputs"))
	wire.On(svc, "SearchProvisionedProducts", s.SearchProvisionedProducts, maySearchProvisionedProducts)
	wire.On(svc, "ScanProvisionedProducts", s.ScanProvisionedProducts, mayScanProvisionedProducts)
	wire.On(svc, "DescribeRecord", s.DescribeRecord, s.mayDescribeRecord)
	wire.On(svc, "ListRecordHistory", s.ListRecordHistory, mayListRecordHistory)

	// Plans.
	wire.On(svc, "CreateProvisionedProductPlan", s.CreateProvisionedProductPlan, s.mayCreatePlan)
	wire.On(svc, "DescribeProvisionedProductPlan", s.DescribeProvisionedProductPlan, s.mayDescribePlan)
	wire.On(svc, "ListProvisionedProductPlans", s.ListProvisionedProductPlans, mayListPlans)
	wire.On(svc, "ExecuteProvisionedProductPlan", s.ExecuteProvisionedProductPlan, s.mayExecutePlan)
	wire.On(svc, "DeleteProvisionedProductPlan", s.DeleteProvisionedProductPlan, s.mayDeletePlan)

	// Administrators: products and their versions.
	wire.On(svc, "SearchProductsAsAdmin", s.SearchProductsAsAdmin, anything[sdk.SearchProductsAsAdminInput]("SearchProductsAsAdmin"))
	wire.On(svc, "DescribeProductAsAdmin", s.DescribeProductAsAdmin, s.mayDescribeProductAsAdmin)
	wire.On(svc, "ListProvisioningArtifacts", s.ListProvisioningArtifacts, s.mayListProvisioningArtifacts)
	wire.On(svc, "DescribeProvisioningArtifact", s.DescribeProvisioningArtifact, s.mayDescribeProvisioningArtifact)
	wire.On(svc, "AssociateProductWithPortfolio", s.AssociateProductWithPortfolio, anything[sdk.AssociateProductWithPortfolioInput]("AssociateProductWithPortfolio"))
	wire.On(svc, "DisassociateProductFromPortfolio", s.DisassociateProductFromPortfolio, anything[sdk.DisassociateProductFromPortfolioInput]("DisassociateProductFromPortfolio"))
	wire.On(svc, "CreateProduct", s.CreateProduct, mayCreateProduct)
	wire.On(svc, "UpdateProduct", s.UpdateProduct, s.mayUpdateProduct)
	wire.On(svc, "DeleteProduct", s.DeleteProduct, s.mayDeleteProduct)
	wire.On(svc, "CreateProvisioningArtifact", s.CreateProvisioningArtifact, s.mayCreateArtifact)
	wire.On(svc, "UpdateProvisioningArtifact", s.UpdateProvisioningArtifact, s.mayUpdateArtifact)
	wire.On(svc, "DeleteProvisioningArtifact", s.DeleteProvisioningArtifact, s.mayDeleteArtifact)
	wire.On(svc, "ListPortfoliosForProduct", s.ListPortfoliosForProduct, s.mayListPortfoliosForProduct)

	// Administrators: portfolios and whom they are granted to.
	wire.On(svc, "ListPortfolios", s.ListPortfolios, anything[sdk.ListPortfoliosInput]("ListPortfolios"))
	wire.On(svc, "CreatePortfolio", s.CreatePortfolio, mayCreatePortfolio)
	wire.On(svc, "DescribePortfolio", s.DescribePortfolio, s.mayDescribePortfolio)
	wire.On(svc, "UpdatePortfolio", s.UpdatePortfolio, s.mayUpdatePortfolio)
	wire.On(svc, "DeletePortfolio", s.DeletePortfolio, s.mayDeletePortfolio)
	wire.On(svc, "AssociatePrincipalWithPortfolio", s.AssociatePrincipalWithPortfolio, s.mayAssociatePrincipal)
	wire.On(svc, "DisassociatePrincipalFromPortfolio", s.DisassociatePrincipalFromPortfolio, s.mayDisassociatePrincipal)
	wire.On(svc, "ListPrincipalsForPortfolio", s.ListPrincipalsForPortfolio, s.mayListPrincipals)

	// Administrators: constraints.
	wire.On(svc, "CreateConstraint", s.CreateConstraint, s.mayCreateConstraint)
	wire.On(svc, "DescribeConstraint", s.DescribeConstraint, anything[sdk.DescribeConstraintInput]("DescribeConstraint"))
	wire.On(svc, "UpdateConstraint", s.UpdateConstraint, s.mayUpdateConstraint)
	wire.On(svc, "DeleteConstraint", s.DeleteConstraint, anything[sdk.DeleteConstraintInput]("DeleteConstraint"))
	wire.On(svc, "ListConstraintsForPortfolio", s.ListConstraintsForPortfolio, s.mayListConstraints)

	// Administrators: TagOptions.
	wire.On(svc, "CreateTagOption", s.CreateTagOption, anything[sdk.CreateTagOptionInput]("CreateTagOption"))
	wire.On(svc, "DescribeTagOption", s.DescribeTagOption, anything[sdk.DescribeTagOptionInput]("DescribeTagOption"))
	wire.On(svc, "ListTagOptions", s.ListTagOptions, anything[sdk.ListTagOptionsInput]("ListTagOptions"))
	wire.On(svc, "UpdateTagOption", s.UpdateTagOption, anything[sdk.UpdateTagOptionInput]("UpdateTagOption"))
	wire.On(svc, "DeleteTagOption", s.DeleteTagOption, anything[sdk.DeleteTagOptionInput]("DeleteTagOption"))
	wire.On(svc, "AssociateTagOptionWithResource", s.AssociateTagOptionWithResource, s.mayAssociateTagOption)
	wire.On(svc, "DisassociateTagOptionFromResource", s.DisassociateTagOptionFromResource, s.mayDisassociateTagOption)
	wire.On(svc, "ListResourcesForTagOption", s.ListResourcesForTagOption, anything[sdk.ListResourcesForTagOptionInput]("ListResourcesForTagOption"))
	return svc
}
