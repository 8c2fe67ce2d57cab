package console

import (
	"net/http"

	"accountfactory/internal/factory"
)

// retryHook has a hook that failed run again.
func (c *Console) retryHook(r *http.Request, who caller) (answer, error) {
	out, err := c.config.Factory.RetryHook(r.Context(), who.Caller, r.PathValue("id"), r.PathValue("run"))
	return ok(out), err
}

// answerAsk gives a request what it waits for.
func (c *Console) answerAsk(r *http.Request, who caller) (answer, error) {
	in, err := read[factory.Answer](r)
	if err != nil {
		return answer{}, err
	}
	out, err := c.config.Factory.Answer(r.Context(), who.Caller, r.PathValue("id"), in)
	return ok(out), err
}
