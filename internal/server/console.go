package server

import (
	"context"
	"fmt"
	"net/http"

	"accountfactory/internal/console"
	"accountfactory/internal/twin"
	"accountfactory/web"
)

// serveConsole answers on the browser listener.
func (s *Server) serveConsole(context.Context) error {
	mux := http.NewServeMux()
	if s.twin != nil {
		pages := s.twin.SignIn()
		for _, path := range twin.SignInPaths() {
			mux.Handle(path, pages)
		}
	}
	if s.api == nil {
		mux.HandleFunc("GET /{$}", s.about)
	} else if err := s.mountConsole(mux); err != nil {
		return err
	}
	s.watch.mount(mux)
	h, err := s.config.Public.behind(identified(s.config.Log, s.watch.metrics.measured(mux)))
	if err != nil {
		return err
	}
	l, err := s.config.Public.secured(s.console)
	if err != nil {
		return err
	}
	return s.serve(l, h)
}

// mountConsole adds the console's routes. The portal's start page is the console's; links under it stay with the sign-in.
func (s *Server) mountConsole(mux *http.ServeMux) error {
	mux.Handle("/api/", s.api)
	if !s.offersSignIn() { // the pages are for those who can sign in
		mux.HandleFunc("GET /{$}", s.about)
		return nil
	}
	mux.Handle("/sign-in", s.api)
	mux.Handle("/sign-in/", s.api)
	for _, start := range []string{"GET /start", "GET /start/{$}"} {
		mux.Handle(start, http.RedirectHandler("/", http.StatusSeeOther))
	}
	app, err := console.NewApp(web.Files())
	if err != nil {
		return err
	}
	mux.Handle("/", app)
	return nil
}

// about says what this is, for whoever opens the address.
func (s *Server) about(w http.ResponseWriter, _ *http.Request) {
	w.Header().Set("Content-Type", "text/plain; charset=utf-8")
	if s.config.Cloud.aws() {
		_, _ = fmt.Fprintf(w, "Account Factory %s: works on AWS, organization %s.\n", s.config.Version, s.config.Cloud.Organization)
		return
	}
	_, _ = fmt.Fprintf(w, "Account Factory %s: a rehearsal, it creates nothing in AWS.\nAccess portal: %s/start\nAWS endpoint: %s\n", s.config.Version, s.public(), s.ready.AWS)
}
