package codec

import (
	"errors"
	"fmt"
)

// SyntaxError says that a request is not what its protocol prescribes. Its text is for the caller.
type SyntaxError struct {
	Message string
	at      string // the member, from the root
}

func (e *SyntaxError) Error() string {
	if e.at == "" {
		return e.Message
	}
	return e.Message + ", at '" + e.at + "'"
}

func syntax(format string, args ...any) error {
	return &SyntaxError{Message: fmt.Sprintf(format, args...)}
}

// under says where in the input an error happened, innermost last.
func under(name string, err error) error {
	if err == nil {
		return nil
	}
	var e *SyntaxError
	if errors.As(err, &e) {
		at := name
		if e.at != "" {
			at += "." + e.at
		}
		return &SyntaxError{Message: e.Message, at: at}
	}
	return err
}
