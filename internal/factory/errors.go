package factory

import (
	"errors"
	"fmt"
	"strings"
)

var (
	// ErrNotFound is returned for a request that does not exist, or that the caller may not see.
	ErrNotFound = errors.New("no such request")
	// ErrStale is returned by Store.Update when the generation given no longer holds the request.
	ErrStale = errors.New("somebody else holds this request")
)

// RefusedError is a submission that did not pass its checks. Nothing was stored and nothing created.
type RefusedError struct{ Checks []Check }

func (e *RefusedError) Error() string {
	var b strings.Builder
	b.WriteString("refused")
	for _, c := range e.Checks {
		if c.Result == CheckFailed {
			fmt.Fprintf(&b, "; %s: %s", c.Name, c.sentence())
		}
	}
	return strings.Replace(b.String(), ";", ":", 1)
}

// DuplicateError is a launch for an account e-mail that an open or succeeded request has.
type DuplicateError struct {
	RequestID string
	Email     string
	State     State
}

func (e *DuplicateError) Error() string { return e.seen() + ": " + e.remedy() }

func (e *DuplicateError) seen() string {
	return fmt.Sprintf("request %s (%s) is for the account e-mail %s", e.RequestID, e.State, e.Email)
}

func (e *DuplicateError) remedy() string {
	if e.State == StateSucceeded {
		return "a new account needs another e-mail; the one that is there is changed by update, access or repair"
	}
	return "follow that request, or cancel it first"
}

// DeniedError is AWS's refusal of the caller, with AWS's code and words, or ours where the factory itself refuses.
type DeniedError struct{ Code, Message string }

func (e *DeniedError) Error() string { return e.Code + ": " + e.Message }

// UnavailableError is a cloud that did not answer the checks, or asked to slow down: the same submission may pass later.
type UnavailableError struct {
	Reason string
	Err    error
}

func (e *UnavailableError) Error() string { return e.Reason }
func (e *UnavailableError) Unwrap() error { return e.Err }

// ConflictError is a command that does not fit the state its request is in.
type ConflictError struct {
	RequestID string
	State     State
	Reason    string
}

func (e *ConflictError) Error() string {
	return fmt.Sprintf("request %s is %s: %s", e.RequestID, e.State, e.Reason)
}

// BindingError is a factory database opened on a cloud it does not belong to.
type BindingError struct{ Bound, Found Binding }

func (e *BindingError) Error() string {
	return fmt.Sprintf("this factory database belongs to %s, but the cloud reached is %s", e.Bound, e.Found)
}

func (b Binding) String() string {
	return fmt.Sprintf("%s organization %s, management account %s, home Region %s", b.Kind, b.OrganizationID, b.ManagementAccount, b.Region)
}
