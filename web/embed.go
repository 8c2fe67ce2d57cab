// Package web holds the built pages of the console: the source beside this file, built by `make web` into dist, which is
// committed so that building the program takes Go alone.
package web

import (
	"embed"
	"io/fs"
)

//go:embed all:dist
var dist embed.FS

// Files gives the built pages: index.html, and under assets/ what it loads, each name with a hash of its content and beside it
// the same file compressed with brotli (.br).
func Files() fs.FS {
	files, err := fs.Sub(dist, "dist")
	if err != nil {
		panic(err) // never: the name is a constant
	}
	return files
}
