// Package docs holds the documents that the program itself serves.
package docs

import (
	"embed"
	"io/fs"
)

//go:embed openapi.yaml
var openAPI string

// OpenAPI gives the description of the factory's HTTP API.
func OpenAPI() []byte { return []byte(openAPI) }

//go:embed scenarios/*.yaml
var scenarios embed.FS

// Scenarios gives the ready-made scenarios, in the folder scenarios a YAML file each.
func Scenarios() fs.FS { return scenarios }
