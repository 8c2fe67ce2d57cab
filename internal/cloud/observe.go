package cloud

import (
	"context"
	"errors"
	"time"

	awsmiddleware "github.com/aws/aws-sdk-go-v2/aws/middleware"
	"github.com/aws/smithy-go"
	"github.com/aws/smithy-go/middleware"

	"accountfactory/internal/clock"
)

// Observer is told of each call of an AWS operation, repetitions included in it: which, how it ended ("ok", AWS's error
// code, or "unreachable") and how long it took.
type Observer func(service, operation, outcome string, took time.Duration)

// observed adds an observer to a client's calls.
func observed(tell Observer) func(*middleware.Stack) error {
	return func(stack *middleware.Stack) error {
		return stack.Initialize.Add(middleware.InitializeMiddlewareFunc("AccountFactoryObserve", func(
			ctx context.Context, in middleware.InitializeInput, next middleware.InitializeHandler,
		) (middleware.InitializeOutput, middleware.Metadata, error) {
			began := clock.Wall{}.Now()
			out, meta, err := next.HandleInitialize(ctx, in)
			tell(awsmiddleware.GetServiceID(ctx), awsmiddleware.GetOperationName(ctx), outcome(err), clock.Wall{}.Now().Sub(began))
			return out, meta, err
		}), middleware.After)
	}
}

func outcome(err error) string {
	var api smithy.APIError
	switch {
	case err == nil:
		return "ok"
	case errors.As(err, &api):
		return api.ErrorCode()
	}
	return "unreachable"
}
