package wire

import (
	"errors"
	"net/http"

	"accountfactory/internal/wire/facts"
)

// ErrNoKey and ErrKeyInactive are a KeyStore's refusals.
var (
	ErrNoKey       = errors.New("no such access key")
	ErrKeyInactive = errors.New("access key is inactive")
)

// Error is an error AWS answers with although no service models it as a type, such as AccessDeniedException or
// ValidationException. Modeled errors are returned as the SDK's own types (&types.AccountNotFoundException{…}); anything
// else a handler returns is internal: the caller sees InternalFailure and the request id, the log sees everything.
type Error struct {
	Code    string
	Message string
	Status  int // HTTP status; 0 means what the service's model says of the code, else 400
}

func (e *Error) Error() string { return e.Code + ": " + e.Message }

// ErrorCode, ErrorMessage make Error readable like the SDK's own API errors.
func (e *Error) ErrorCode() string    { return e.Code }
func (e *Error) ErrorMessage() string { return e.Message }

// AccessDenied gives the denial of a service: AccessDeniedException in the JSON protocols, with the status its model says
// (400 in awsJson1.1, 403 in restJson1 where it says nothing), AccessDenied (403) in awsQuery, with AWS's sentence as its
// message.
func AccessDenied(s *Service, message string) error {
	e := &Error{Code: "AccessDeniedException", Message: message}
	f, err := facts.For(s.name)
	switch {
	case err != nil:
		return err
	case f.Protocol == facts.Query:
		e.Code, e.Status = "AccessDenied", http.StatusForbidden
	case f.Protocol == facts.REST && f.Shape(e.Code) == nil:
		e.Status = http.StatusForbidden
	}
	return e
}
