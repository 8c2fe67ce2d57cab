package console

import (
	"encoding/json"
	"fmt"
	"net/http"
	"time"

	"accountfactory/internal/factory"
)

// launchProof is the header with the voucher for ListLaunchPaths.
const launchProof = "X-Accountfactory-Launch"

// idempotencyKey is the header by which a submission sent again is the same one.
const idempotencyKey = "Idempotency-Key"

func (c *Console) paths(r *http.Request) forwardedPaths {
	return forwardedPaths{c.config.Verifier, r.Header.Get(launchProof)}
}

func (c *Console) submit(r *http.Request, who factory.Caller) (answer, error) {
	in, err := read[factory.Input](r)
	if err != nil {
		return answer{}, err
	}
	in.Key = r.Header.Get(idempotencyKey)
	out, err := c.config.Factory.Submit(r.Context(), who, c.paths(r), in)
	return answer{http.StatusCreated, out}, err
}

func (c *Console) check(r *http.Request, who factory.Caller) (answer, error) {
	in, err := read[factory.Input](r)
	if err != nil {
		return answer{}, err
	}
	out, err := c.config.Factory.Check(r.Context(), who, c.paths(r), in)
	return ok(out), err
}

func (c *Console) list(r *http.Request, who factory.Caller) (answer, error) {
	out, err := c.config.Factory.List(r.Context(), who, factory.Filter{})
	if out == nil {
		out = []factory.Detail{}
	}
	return ok(map[string]any{"requests": out}), err
}

func (c *Console) get(r *http.Request, who factory.Caller) (answer, error) {
	out, err := c.config.Factory.Get(r.Context(), who, r.PathValue("id"))
	return ok(out), err
}

func (c *Console) retry(r *http.Request, who factory.Caller) (answer, error) {
	out, err := c.config.Factory.Retry(r.Context(), who, r.PathValue("id"))
	return ok(out), err
}

func (c *Console) cancel(r *http.Request, who factory.Caller) (answer, error) {
	out, err := c.config.Factory.Cancel(r.Context(), who, r.PathValue("id"))
	return ok(out), err
}

func (c *Console) limit(r *http.Request, who factory.Caller) (answer, error) {
	in, err := read[struct {
		Limit *int `json:"limit"`
	}](r)
	if err != nil {
		return answer{}, err
	}
	if in.Limit == nil {
		return answer{}, &apiError{status: http.StatusBadRequest, Code: "BadRequest", Message: "limit: give a number"}
	}
	return ok(map[string]int{"limit": *in.Limit}), c.config.Factory.SetLimit(r.Context(), who, *in.Limit)
}

// keepAlive is how often a quiet stream shows that it lives.
const keepAlive = 15 * time.Second

// watch streams a request's changes as server-sent events, until it has ended.
func (c *Console) watch(w http.ResponseWriter, r *http.Request) {
	who, err := c.caller(r)
	if err != nil {
		c.write(w, r, answer{}, err)
		return
	}
	changes, err := c.config.Factory.Watch(r.Context(), who, r.PathValue("id"))
	if err != nil {
		c.write(w, r, answer{}, err)
		return
	}
	w.Header().Set("Content-Type", "text/event-stream")
	w.Header().Set("Cache-Control", "no-store")
	stream := http.NewResponseController(w)
	tick := time.NewTicker(keepAlive)
	defer tick.Stop()
	for {
		select {
		case d, more := <-changes:
			if !more {
				return
			}
			body, err := json.Marshal(d)
			if err != nil {
				c.log.ErrorContext(r.Context(), "encode change", "error", err)
				return
			}
			if _, err := fmt.Fprintf(w, "data: %s\n\n", body); err != nil {
				return
			}
		case <-tick.C:
			if _, err := fmt.Fprint(w, ": still here\n\n"); err != nil {
				return
			}
		case <-r.Context().Done():
			return
		}
		if stream.Flush() != nil {
			return
		}
	}
}
