// Package servicequotas plays AWS Service Quotas, as far as accounts go: how many an organization may have, and how many
// AWS Control Tower works on at once. It keeps nothing: what a quota is comes from the service that holds to it.
//
// A quota is shown in the Region its service is managed from: Organizations' in us-east-1, Control Tower's in its home
// Region. Elsewhere it is not there.
//
// Source: Service Quotas API Reference and User Guide.
package servicequotas
