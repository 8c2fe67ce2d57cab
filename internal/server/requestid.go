package server

import (
	"context"
	"crypto/rand"
	"log/slog"
	"net/http"

	"accountfactory/internal/clock"
)

// Every request to the browser listener has an id, which its answer carries and every line that is logged on its behalf.

type requestIDKey struct{}

// identified gives each request its id and, at level info, a line by its route: paths may hold secrets.
func identified(log *slog.Logger, next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		id := rand.Text()
		w.Header().Set("X-Request-Id", id)
		r = r.WithContext(context.WithValue(r.Context(), requestIDKey{}, id))
		began := clock.Wall{}.Now()
		rec := &recorder{ResponseWriter: w, status: http.StatusOK}
		next.ServeHTTP(rec, r)
		log.InfoContext(r.Context(), "request", "method", r.Method, "route", r.Pattern, "status", rec.status, "took", clock.Wall{}.Now().Sub(began))
	})
}

// WithRequestIDs gives a log handler that adds the id of the request a line is about.
func WithRequestIDs(h slog.Handler) slog.Handler { return requestIDs{h} }

type requestIDs struct{ slog.Handler }

// Handle makes requestIDs a slog.Handler.
func (h requestIDs) Handle(ctx context.Context, r slog.Record) error {
	if id, ok := ctx.Value(requestIDKey{}).(string); ok {
		r.AddAttrs(slog.String("request_id", id))
	}
	return h.Handler.Handle(ctx, r)
}

// WithAttrs and WithGroup keep adding ids to what comes of it.
func (h requestIDs) WithAttrs(as []slog.Attr) slog.Handler {
	return requestIDs{h.Handler.WithAttrs(as)}
}

func (h requestIDs) WithGroup(name string) slog.Handler { return requestIDs{h.Handler.WithGroup(name)} }
