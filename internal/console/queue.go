package console

import (
	"net/http"

	"accountfactory/internal/factory"
)

func (c *Console) queue(r *http.Request, who caller) (answer, error) {
	out, err := c.config.Factory.Queue(r.Context(), who.Caller)
	return ok(out), err
}

// setQueue changes the limit, the mode, or both.
func (c *Console) setQueue(r *http.Request, who caller) (answer, error) {
	in, err := read[struct {
		Limit *int          `json:"limit"`
		Mode  *factory.Mode `json:"mode"`
	}](r)
	if err != nil {
		return answer{}, err
	}
	if in.Limit == nil && in.Mode == nil {
		return answer{}, &apiError{status: http.StatusBadRequest, Code: "BadRequest", Message: "give limit, mode or both"}
	}
	if in.Limit != nil {
		if err := c.config.Factory.SetLimit(r.Context(), who.Caller, *in.Limit); err != nil {
			return answer{}, err
		}
	}
	if in.Mode != nil {
		if err := c.config.Factory.SetMode(r.Context(), who.Caller, *in.Mode); err != nil {
			return answer{}, err
		}
	}
	return c.queue(r, who)
}
