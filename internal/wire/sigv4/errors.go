package sigv4

import "fmt"

// Reason is why a signature is refused. Each protocol has its own code for it.
type Reason uint8

// The reasons.
const (
	Missing    Reason = iota // no signature at all
	Incomplete               // something a signature needs is not there or not readable
	Mismatch                 // it proves nothing: other secret, other request, other time
	Expired                  // a presigned URL after its time
)

// Error is a refusal. Its text is for the caller.
type Error struct {
	Reason  Reason
	Message string
}

func (e *Error) Error() string { return e.Message }

func refuse(r Reason, format string, args ...any) error {
	return &Error{Reason: r, Message: fmt.Sprintf(format, args...)}
}

// mismatch is AWS's sentence; it does not say what differs, so that nobody can search for it.
func mismatch() error {
	return refuse(Mismatch, "The request signature we calculated does not match the signature you provided. "+
		"Check your AWS Secret Access Key and signing method. Consult the service documentation for details.")
}
