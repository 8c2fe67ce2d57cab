package console

import (
	"net/http"
	"strconv"

	"accountfactory/internal/factory"
)

// audit gives a page of the audit log: the rows after a number.
func (c *Console) audit(r *http.Request, who caller) (answer, error) {
	var after int64
	if text := r.URL.Query().Get("after"); text != "" {
		var err error
		if after, err = strconv.ParseInt(text, 10, 64); err != nil || after < 0 {
			return answer{}, &apiError{status: http.StatusBadRequest, Code: "BadRequest", Message: "after: want the number of a row"}
		}
	}
	rows, err := c.config.Factory.Audit(r.Context(), who.Caller, after)
	if rows == nil {
		rows = []factory.AuditRow{}
	}
	return ok(map[string]any{"rows": rows}), err
}
