// Package docs holds the documents that the program itself serves.
package docs

import _ "embed"

//go:embed openapi.yaml
var openAPI string

// OpenAPI gives the description of the factory's HTTP API.
func OpenAPI() []byte { return []byte(openAPI) }
