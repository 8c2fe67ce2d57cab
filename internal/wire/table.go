package wire

import (
	"context"
	"fmt"
	"reflect"

	"accountfactory/internal/wire/facts"
)

// Service is the operation table of one AWS service.
type Service struct {
	name string
	ops  []*Operation
}

// Operation is one row of a service's table.
type Operation struct {
	Service string // facts name
	Name    string
	handle  func(ctx context.Context, in any) (any, error)
	checks  func(ctx context.Context, in any) ([]Check, error)
	in, out reflect.Type
	input   func() any // a new, empty input
}

// New starts the table of a service, by the name its facts are kept under: "organizations", "servicecatalog",
// "ssoadmin", "identitystore", "sso", "ssooidc", "controltower", "account", "sts" or "iam".
// It panics when there are no facts of that name: a mistake in our own wiring.
func New(name string) *Service {
	if !facts.Has(name) {
		panic(fmt.Sprintf("wire: no facts about service %q", name))
	}
	return &Service{name: name}
}

// On adds an operation: its handler, which has the SDK client's signature, and the checks it needs. For an operation that
// AWS models without a signature, checks is nil; for one that any signature may call, checks gives none.
// NewEndpoint refuses a row whose name AWS does not know, whose handler is another operation's, or whose checks are missing.
func On[I, O, Opt any](s *Service, name string, h func(context.Context, *I, ...func(*Opt)) (*O, error), checks Checks[I]) {
	op := &Operation{
		Service: s.name, Name: name, in: reflect.TypeFor[I](), out: reflect.TypeFor[O](),
		input: func() any { return new(I) },
	}
	op.handle = func(ctx context.Context, in any) (any, error) {
		out, err := h(ctx, in.(*I))
		if err == nil && out == nil {
			err = fmt.Errorf("%s %s: the handler gave neither an output nor an error", s.name, name)
		}
		return out, err
	}
	if checks != nil {
		op.checks = func(ctx context.Context, in any) ([]Check, error) { return checks(ctx, in.(*I)) }
	}
	s.ops = append(s.ops, op)
}

// Name is the facts name of the service.
func (s *Service) Name() string { return s.name }

// Operations are the rows, in the order they were added.
func (s *Service) Operations() []*Operation { return s.ops }
