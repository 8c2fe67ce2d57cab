// Package servicecatalog plays AWS Service Catalog: portfolios, products, launch paths, provisioned products and their
// records. What a product of some type really does is a Provisioner's business; Control Tower registers the one for
// accounts.
package servicecatalog
