package cli

import (
	"errors"
	"fmt"
	"net/http"

	"accountfactory/internal/factory"
)

// refusal gives what the factory refused its exit code, and each failed check its line.
func (a *app) refusal(err error) error {
	var refused *apiError
	if !errors.As(err, &refused) {
		return err
	}
	switch refused.status {
	case http.StatusUnprocessableEntity, http.StatusConflict, http.StatusForbidden:
		if len(refused.Checks) == 0 {
			return &exitError{exitRefused, refused}
		}
		failed := 0
		for _, c := range refused.Checks {
			if c.Result == factory.CheckFailed {
				failed++
				_, _ = fmt.Fprintf(a.streams.Err, "  %s\n", checkLine(c)) // the error itself follows
			}
		}
		return &exitError{exitRefused, fmt.Errorf("refused by %d of %d checks; nothing was done", failed, len(refused.Checks))}
	}
	return err
}
