package wire

import (
	"bytes"
	"context"
	"io"
	"net/http"
	"strings"
)

func (m *Mount) matches(r *http.Request) bool { return strings.HasPrefix(r.URL.Path, m.Prefix) }

// serveMount verifies and authorises like any call, then lets the mount's handler answer.
func (e *Endpoint) serveMount(w http.ResponseWriter, r *http.Request, req *Request, m *Mount) {
	req.Service, req.Operation = m.SigningName, r.Method+" "+r.URL.Path
	c := &call{e: e, r: r, req: req, query: queryOf(r), protocol: restProtocol{}}
	limit := m.MaxBody
	if limit == 0 {
		limit = maxBody
	}
	var err error
	if c.body, err = readBody(r, limit); err == nil {
		err = e.identify(r, c.query, c.body, req, m.SigningName)
	}
	ctx := WithRequest(r.Context(), req)
	if err == nil {
		err = e.admit(ctx, req, m)
	}
	if err != nil {
		c.fail(err).send(w)
		return
	}
	r = r.WithContext(ctx)
	r.Body = io.NopCloser(bytes.NewReader(c.body))
	r.ContentLength = int64(len(c.body))
	m.Handler.ServeHTTP(w, r)
}

func (e *Endpoint) admit(ctx context.Context, req *Request, m *Mount) error {
	if e.cfg.NoAuth {
		return nil
	}
	return e.cfg.Authorize(ctx, req, []Check{{Action: m.Action, Resource: "*"}})
}
