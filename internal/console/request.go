package console

import (
	"encoding/json"
	"net/http"
	"time"

	"accountfactory/internal/factory"
)

// launchProof is the header with the voucher for ListLaunchPaths.
const launchProof = "X-Accountfactory-Launch"

// idempotencyKey is the header by which a submission sent again is the same one.
const idempotencyKey = "Idempotency-Key"

func (c *Console) submit(r *http.Request, who caller) (answer, error) {
	in, err := read[factory.Input](r)
	if err != nil {
		return answer{}, err
	}
	in.Key = r.Header.Get(idempotencyKey)
	out, err := c.config.Factory.Submit(r.Context(), who.Caller, who.paths, in)
	return answer{http.StatusCreated, out}, err
}

func (c *Console) check(r *http.Request, who caller) (answer, error) {
	in, err := read[factory.Input](r)
	if err != nil {
		return answer{}, err
	}
	out, err := c.config.Factory.Check(r.Context(), who.Caller, who.paths, in)
	return ok(out), err
}

func (c *Console) list(r *http.Request, who caller) (answer, error) {
	f, err := filterOf(r.URL.Query(), who.Caller)
	if err != nil {
		return answer{}, err
	}
	page := f.Limit
	if page > 0 {
		f.Limit++ // one more says that there are more
	}
	out, err := c.config.Factory.List(r.Context(), who.Caller, f)
	if out == nil {
		out = []factory.Detail{}
	}
	body := map[string]any{"requests": out}
	if page > 0 && len(out) > page {
		body["requests"], body["next"] = out[:page], out[page-1].Number
	}
	return ok(body), err
}

func (c *Console) get(r *http.Request, who caller) (answer, error) {
	out, err := c.config.Factory.Get(r.Context(), who.Caller, r.PathValue("id"))
	return ok(out), err
}

func (c *Console) retry(r *http.Request, who caller) (answer, error) {
	out, err := c.config.Factory.Retry(r.Context(), who.Caller, r.PathValue("id"))
	return ok(out), err
}

func (c *Console) cancel(r *http.Request, who caller) (answer, error) {
	out, err := c.config.Factory.Cancel(r.Context(), who.Caller, r.PathValue("id"))
	return ok(out), err
}

func (c *Console) limit(r *http.Request, who caller) (answer, error) {
	in, err := read[struct {
		Limit *int `json:"limit"`
	}](r)
	if err != nil {
		return answer{}, err
	}
	if in.Limit == nil {
		return answer{}, &apiError{status: http.StatusBadRequest, Code: "BadRequest", Message: "limit: give a number"}
	}
	return ok(map[string]int{"limit": *in.Limit}), c.config.Factory.ChangeQueue(r.Context(), who.Caller, factory.QueueChange{Limit: in.Limit})
}

// keepAlive is how often a quiet stream shows that it lives.
const keepAlive = 15 * time.Second

// watch streams a request's changes as server-sent events, until it has ended.
func (c *Console) watch(w http.ResponseWriter, r *http.Request) {
	who, closed, err := c.openStream(r)
	if err != nil {
		c.write(w, r, answer{}, err)
		return
	}
	defer closed()
	changes, err := c.config.Factory.Watch(r.Context(), who.Caller, r.PathValue("id"))
	if err != nil {
		c.write(w, r, answer{}, err)
		return
	}
	s := newStream(w)
	tick := time.NewTicker(c.keepAlive)
	defer tick.Stop()
	for alive := true; alive; {
		select {
		case d, more := <-changes:
			if !more {
				return
			}
			body, err := json.Marshal(d)
			alive = err == nil && s.write("data: %s\n\n", body)
		case <-tick.C:
			alive = c.still(r) && s.write(": still here\n\n")
		case <-r.Context().Done():
			return
		}
	}
}
