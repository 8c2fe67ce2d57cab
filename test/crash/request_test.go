package crash

import (
	"encoding/json"
	"fmt"

	"accountfactory/internal/factory"
)

// detail gives a request with its timeline, as the command line shows it.
func (l *life) detail(id string) (factory.Detail, error) {
	var d factory.Detail
	out := l.cli("request", "show", id, "-o", "json")
	if out.Code != 0 {
		return d, fmt.Errorf("request show: exit code %d: %s", out.Code, out.Err)
	}
	return d, json.Unmarshal([]byte(out.Out), &d)
}
