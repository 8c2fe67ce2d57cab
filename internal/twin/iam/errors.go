package iam

import (
	"fmt"
	"net/http"
	"strings"

	"github.com/aws/aws-sdk-go-v2/service/iam/types"

	"accountfactory/internal/wire"
)

func text(format string, args ...any) *string {
	s := fmt.Sprintf(format, args...)
	return &s
}

func noSuch(format string, args ...any) error {
	return &types.NoSuchEntityException{Message: text(format, args...)}
}

func exists(format string, args ...any) error {
	return &types.EntityAlreadyExistsException{Message: text(format, args...)}
}

func conflict(format string, args ...any) error {
	return &types.DeleteConflictException{Message: text(format, args...)}
}

func exceeded(format string, args ...any) error {
	return &types.LimitExceededException{Message: text(format, args...)}
}

func invalidInput(format string, args ...any) error {
	return &types.InvalidInputException{Message: text(format, args...)}
}

// protectedRole is IAM's refusal to change what a service keeps for itself.
func protectedRole(name string) error {
	return &types.UnmodifiableEntityException{Message: text("Cannot perform the operation on the protected role '%s' - this role is only modifiable by AWS", name)}
}

// invalid is the error of query services for a parameter they cannot take.
func invalid(format string, args ...any) error {
	return &wire.Error{Code: "ValidationError", Message: fmt.Sprintf(format, args...)}
}

// denied is the query services' form of a denial.
func denied(format string, args ...any) error {
	return &wire.Error{Code: "AccessDenied", Message: fmt.Sprintf(format, args...), Status: http.StatusForbidden}
}

// badToken is what temporary credentials meet where AWS does not take them.
func badToken() error {
	return &wire.Error{Code: "InvalidClientTokenId", Message: "The security token included in the request is invalid", Status: http.StatusForbidden}
}

// title writes a kind as messages begin with it: "User".
func title(kind string) string { return strings.ToUpper(kind[:1]) + kind[1:] }
