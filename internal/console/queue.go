package console

import (
	"encoding/json"
	"errors"
	"net/http"

	"accountfactory/internal/factory"
)

func (c *Console) queue(r *http.Request, who caller) (answer, error) {
	out, err := c.config.Factory.Queue(r.Context(), who.Caller)
	return ok(out), err
}

// queueChange is what can be changed of the queue at once.
type queueChange struct {
	Limit    *queueLimit   `json:"limit"`
	Quota    *int          `json:"quota"` // goes with an automatic limit
	DailyCap *int          `json:"dailyCap"`
	Mode     *factory.Mode `json:"mode"`
}

// queueLimit is a number, or "auto".
type queueLimit struct {
	n    int
	auto bool
}

// UnmarshalJSON takes either.
func (l *queueLimit) UnmarshalJSON(b []byte) error {
	if string(b) == `"auto"` {
		l.auto = true
		return nil
	}
	if json.Unmarshal(b, &l.n) != nil {
		return errors.New(`limit: want a number or "auto"`)
	}
	return nil
}

// setQueue changes the limit, the daily cap, the mode, or several of them.
func (c *Console) setQueue(r *http.Request, who caller) (answer, error) {
	in, err := read[queueChange](r)
	if err != nil {
		return answer{}, err
	}
	if in == (queueChange{}) || in.Quota != nil && (in.Limit == nil || !in.Limit.auto) {
		return answer{}, &apiError{status: http.StatusBadRequest, Code: "BadRequest", Message: "give limit, dailyCap or mode; quota goes with the limit auto"}
	}
	if in.Limit != nil {
		if err := c.setLimit(r, who.Caller, in); err != nil {
			return answer{}, err
		}
	}
	if in.DailyCap != nil {
		if err := c.config.Factory.SetDailyCap(r.Context(), who.Caller, *in.DailyCap); err != nil {
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

func (c *Console) setLimit(r *http.Request, who factory.Caller, in queueChange) error {
	if !in.Limit.auto {
		return c.config.Factory.SetLimit(r.Context(), who, in.Limit.n)
	}
	quota := 0
	if in.Quota != nil {
		quota = *in.Quota
	}
	return c.config.Factory.SetAutoLimit(r.Context(), who, quota)
}
