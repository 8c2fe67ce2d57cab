package console

import (
	"cmp"
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
	if err := c.config.Factory.ChangeQueue(r.Context(), who.Caller, in.change()); err != nil {
		return answer{}, err
	}
	return c.queue(r, who)
}

func (q queueChange) change() factory.QueueChange {
	out := factory.QueueChange{DailyCap: q.DailyCap, Mode: q.Mode}
	switch {
	case q.Limit != nil && q.Limit.auto:
		out.Auto = cmp.Or(q.Quota, new(int))
	case q.Limit != nil:
		out.Limit = &q.Limit.n
	}
	return out
}
