package wire

import (
	"crypto/rand"
	"encoding/hex"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"net/url"

	"accountfactory/internal/clock"
	"accountfactory/internal/wire/facts"
	"accountfactory/internal/wire/sigv4"
)

// maxBody is how large a request may be: 1 MiB is beyond every AWS operation served here.
const maxBody = 1 << 20

// Endpoint answers AWS requests of all its services. It is an http.Handler, safe for concurrent use.
type Endpoint struct {
	cfg      Config
	router   *router
	verifier *sigv4.Verifier
}

// NewEndpoint checks the tables against the facts and puts the endpoint together. The error names every row that is wrong.
func NewEndpoint(cfg Config) (*Endpoint, error) {
	if cfg.Clock == nil {
		cfg.Clock = clock.Wall{}
	}
	if cfg.Log == nil {
		cfg.Log = slog.New(slog.DiscardHandler)
	}
	if cfg.Region == "" {
		return nil, errors.New("wire: no Region")
	}
	if !cfg.NoAuth && (cfg.Keys == nil || cfg.Authorize == nil) {
		return nil, errors.New("wire: no Keys or no Authorize, and NoAuth is not set")
	}
	for _, m := range cfg.Mounts {
		if m.Prefix == "" || m.SigningName == "" || m.Action == "" || m.Handler == nil {
			return nil, fmt.Errorf("wire: mount %q lacks prefix, signing name, action or handler", m.Prefix)
		}
	}
	tables := map[string]*Service{}
	for _, s := range cfg.Services {
		if tables[s.name] != nil {
			return nil, fmt.Errorf("wire: two tables of %s", s.name)
		}
		tables[s.name] = s
	}
	e := &Endpoint{cfg: cfg, router: newRouter(), verifier: sigv4.NewVerifier()}
	var wrong []error
	for _, name := range facts.Services() {
		f, err := facts.For(name)
		if err != nil {
			return nil, err
		}
		sv, err := serve(f, tables[name])
		wrong = append(wrong, err)
		if err == nil {
			e.router.add(sv)
		}
	}
	if err := errors.Join(wrong...); err != nil {
		return nil, fmt.Errorf("wire: %w", err)
	}
	return e, nil
}

// ServeHTTP answers one request.
func (e *Endpoint) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	req := &Request{
		ID: newRequestID(), Region: e.cfg.Region, At: e.cfg.Clock.Now(), SourceIP: sourceIP(r), UserAgent: r.UserAgent(),
	}
	w.Header().Set("X-Amzn-Requestid", req.ID)
	for i := range e.cfg.Mounts {
		if m := &e.cfg.Mounts[i]; m.matches(r) {
			e.serveMount(w, r, req, m)
			return
		}
	}
	c := &call{e: e, r: r, req: req, query: queryOf(r), protocol: restProtocol{}}
	c.serve().send(w)
}

// newRequestID makes a random UUID.
func newRequestID() string {
	var id [16]byte
	_, _ = rand.Read(id[:]) // never fails, see its documentation
	id[6], id[8] = id[6]&0x0f|0x40, id[8]&0x3f|0x80
	out := make([]byte, 0, 36)
	for i, part := range [][]byte{id[:4], id[4:6], id[6:8], id[8:10], id[10:]} {
		if i > 0 {
			out = append(out, '-')
		}
		out = hex.AppendEncode(out, part)
	}
	return string(out)
}

// queryOf gives the parameters of the URL; reading from nil is fine, and most calls have none.
func queryOf(r *http.Request) url.Values {
	if r.URL.RawQuery == "" {
		return nil
	}
	return r.URL.Query()
}

func sourceIP(r *http.Request) string {
	host, _, err := net.SplitHostPort(r.RemoteAddr)
	if err != nil {
		return r.RemoteAddr
	}
	return host
}
