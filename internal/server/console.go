package server

import (
	"context"
	"fmt"
	"net/http"

	"accountfactory/internal/twin"
)

// serveConsole answers on the browser listener.
func (s *Server) serveConsole(context.Context) error {
	mux := http.NewServeMux()
	mux.HandleFunc("GET /{$}", s.about)
	if s.twin != nil {
		pages := s.twin.SignIn()
		for _, path := range twin.SignInPaths() {
			mux.Handle(path, pages)
		}
	}
	if s.api != nil {
		mux.Handle("/api/", s.api)
	}
	return s.serve(s.console, mux)
}

// about says what this is, for whoever opens the address.
func (s *Server) about(w http.ResponseWriter, _ *http.Request) {
	w.Header().Set("Content-Type", "text/plain; charset=utf-8")
	if s.config.Cloud.aws() {
		_, _ = fmt.Fprintf(w, "Account Factory %s: works on AWS, organization %s.\n", s.config.Version, s.config.Cloud.Organization)
		return
	}
	_, _ = fmt.Fprintf(w, "Account Factory %s: a rehearsal, it creates nothing in AWS.\nAccess portal: %s/start\nAWS endpoint: %s\n", s.config.Version, s.ready.Console, s.ready.AWS)
}
