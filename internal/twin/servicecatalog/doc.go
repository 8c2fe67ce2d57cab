// Package servicecatalog plays AWS Service Catalog: portfolios, products, launch paths, provisioned products and their
// records. What a product of some type really does is a Provisioner's business; Control Tower registers the one for
// accounts.
//
// A request is checked for what Service Catalog itself knows, answered with a record, and worked on afterwards:
//
//	ProvisionProduct ─▶ record CREATED, product UNDER_CHANGE
//	   a moment later   record IN_PROGRESS, Provisioner.Start
//	   Complete      ─▶ record SUCCEEDED, product AVAILABLE (terminated: gone)
//	                 └▶ record FAILED, product ERROR (never launched) or TAINTED
//
// Portfolios and TagOptions belong to the account and Region they were made in, products to the management account and the
// home Region. A product whose type has no Provisioner is catalogued: its launch is checked, and its record then FAILED.
package servicecatalog
