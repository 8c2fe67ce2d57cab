package console

import (
	"net/http"

	"accountfactory/internal/factory"
)

// answerAsk gives a request what it waits for.
func (c *Console) answerAsk(r *http.Request, who factory.Caller) (answer, error) {
	in, err := read[factory.Answer](r)
	if err != nil {
		return answer{}, err
	}
	out, err := c.config.Factory.Answer(r.Context(), who, r.PathValue("id"), in)
	return ok(out), err
}
