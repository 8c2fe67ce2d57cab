package identitycenter

import (
	"context"
	"errors"
	"fmt"

	store "github.com/aws/aws-sdk-go-v2/service/identitystore/types"
	sso "github.com/aws/aws-sdk-go-v2/service/ssoadmin/types"

	"accountfactory/internal/wire"
)

// Errors of ssoadmin. Where AWS's own text is known from reports of users it is used.

func notFound(format string, args ...any) error {
	return &sso.ResourceNotFoundException{Message: text(format, args...)}
}

func invalid(format string, args ...any) error {
	return &sso.ValidationException{Message: text(format, args...)}
}

func conflict(format string, args ...any) error {
	return &sso.ConflictException{Message: text(format, args...)}
}

// busy is AWS's answer while another operation works on the same thing.
func busy() error { return conflict("There is a conflicting operation in process.") }

// tooMany is AWS's answer beyond ten outstanding assignments.
func tooMany() error {
	return &sso.ThrottlingException{Message: text("There are too many requests processing. Please try again later.")}
}

func quota(what string, limit int, id string) error {
	return &sso.ServiceQuotaExceededException{Message: text("You have exceeded AWS SSO limits. Cannot create %s more than %d for id %s. "+
		"Please refer to https://docs.aws.amazon.com/singlesignon/latest/userguide/limits.html", what, limit, id)}
}

// denied refuses an account that does not own the instance.
func denied(r *wire.Request, service, resource string) error {
	return &sso.AccessDeniedException{Message: deniedText(r, service, resource)}
}

// Errors of identitystore.

func noSuch(kind store.ResourceType, id string) error {
	return &store.ResourceNotFoundException{Message: text("%s not found.", kind), ResourceType: kind, ResourceId: opt(id)}
}

func noIdentityStore(id string) error { return noSuch(store.ResourceTypeIdentityStore, id) }

func deniedStore(r *wire.Request, resource string) error {
	return &store.AccessDeniedException{Message: deniedText(r, "identitystore", resource)}
}

func badValue(format string, args ...any) error {
	return &store.ValidationException{Message: text(format, args...)}
}

func duplicate(what string) error {
	return &store.ConflictException{Message: &what, Reason: store.ConflictExceptionReasonUniquenessConstraintViolation}
}

func stale() error {
	return &store.ConflictException{
		Message: text("The resource was modified since the revision given."),
		Reason:  store.ConflictExceptionReasonConcurrentModification,
	}
}

func storeQuota(what string, limit int) error {
	return &store.ServiceQuotaExceededException{Message: text("The identity store cannot hold more than %d %s.", limit, what)}
}

// withRequestID puts the request's id into an error of identitystore, which says it in its body.
func withRequestID(ctx context.Context, err error) error {
	id := opt(wire.RequestFrom(ctx).ID)
	var (
		missing *store.ResourceNotFoundException
		clash   *store.ConflictException
		bad     *store.ValidationException
		deny    *store.AccessDeniedException
		full    *store.ServiceQuotaExceededException
	)
	switch {
	case err == nil || id == nil:
	case errors.As(err, &missing):
		missing.RequestId = id
	case errors.As(err, &clash):
		clash.RequestId = id
	case errors.As(err, &bad):
		bad.RequestId = id
	case errors.As(err, &deny):
		deny.RequestId = id
	case errors.As(err, &full):
		full.RequestId = id
	}
	return err
}

func deniedText(r *wire.Request, service, resource string) *string {
	return text("User: %s is not authorized to perform: %s:%s on resource: %s", r.Caller.ARN, service, r.Operation, resource)
}

func text(format string, args ...any) *string {
	s := fmt.Sprintf(format, args...)
	return &s
}
