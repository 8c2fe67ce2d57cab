package server

import "net/http"

// Behind lets tests see what a trusted proxy's word does.
func (p Public) Behind(next http.Handler) (http.Handler, error) { return p.behind(next) }
