package server

import (
	"context"
	"net/http"
	"sync/atomic"

	"accountfactory/internal/console"
	"accountfactory/internal/factory"
	"accountfactory/internal/factorydb"
)

// watch is what those ask who watch over a server: whether it lives, whether it can work, and its figures.
type watch struct {
	metrics *metrics
	census  atomic.Pointer[func(context.Context) (factory.Census, error)]
	signIn  atomic.Pointer[console.OIDC] // a company's provider, when there is one
	db      atomic.Pointer[factorydb.DB] // the factory's, once it is open
	ending  atomic.Bool

	hindered atomic.Bool // there is an organization, and something else keeps the factory from starting
}

// ready reports whether the server can do its work: everything has started, the database answers, people can sign in, and
// it is not ending.
func (w *watch) ready(ctx context.Context) (why string) {
	take := w.census.Load()
	switch {
	case w.ending.Load():
		return "stopping"
	case take == nil && w.hindered.Load():
		return "starting: the factory cannot start, the log says why"
	case take == nil:
		return "starting: there is no organization yet"
	}
	ctx, cancel := context.WithTimeout(ctx, collectWithin)
	defer cancel()
	if _, err := (*take)(ctx); err != nil {
		return "the factory's database does not answer"
	}
	if p := w.signIn.Load(); p != nil {
		if why, _ := p.Ready(ctx); why != "" { // until it has answered once: who is signed in goes on without it
			return why
		}
	}
	return ""
}

// mount adds the two questions that load balancers ask, without figures.
func (w *watch) mount(mux *http.ServeMux) {
	mux.HandleFunc("GET /healthz", func(rw http.ResponseWriter, _ *http.Request) { say(rw, http.StatusOK, "alive") })
	mux.HandleFunc("GET /readyz", func(rw http.ResponseWriter, r *http.Request) {
		if why := w.ready(r.Context()); why != "" {
			say(rw, http.StatusServiceUnavailable, why)
			return
		}
		say(rw, http.StatusOK, "ready")
	})
}

func say(w http.ResponseWriter, status int, text string) {
	w.Header().Set("Content-Type", "text/plain; charset=utf-8")
	w.Header().Set("Cache-Control", "no-store")
	w.WriteHeader(status)
	_, _ = w.Write([]byte(text + "\n")) // whoever asked may be gone
}

// serveMetrics serves the figures on a listener of their own, which need not be where people are.
func (s *Server) serveMetrics(ctx context.Context) error {
	l, err := s.listen(ctx, "metrics", s.config.Metrics)
	if err != nil {
		return err
	}
	s.ready.Metrics = "http://" + shown(l, s.config.Metrics)
	mux := http.NewServeMux()
	mux.Handle("GET /metrics", s.watch.metrics.handler())
	s.watch.mount(mux)
	return s.serve(l, mux)
}
