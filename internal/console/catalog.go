package console

import "net/http"

// catalog gives what a launch form needs to know.
func (c *Console) catalog(r *http.Request, who caller) (answer, error) {
	out, err := c.config.Factory.Offer(r.Context(), who.Caller)
	return ok(out), err
}
