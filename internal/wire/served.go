package wire

import (
	"errors"
	"fmt"
	"reflect"
	"sync"
	"sync/atomic"

	"accountfactory/internal/wire/codec"
	"accountfactory/internal/wire/facts"
)

// served is one AWS service at an endpoint: what AWS knows of it, and the operations we have.
type served struct {
	*facts.Service
	protocol protocol
	ops      map[string]*servedOperation

	mu       sync.Mutex // guards compiler
	compiler *codec.Compiler
	errors   sync.Map // reflect.Type of an error struct → *codec.Plan
}

// servedOperation is a row with its plans, compiled at the first call.
type servedOperation struct {
	*Operation
	plans func() (plans, error)
	last  atomic.Int64 // how long the last answer in JSON was
}

// room gives how much to hold free for an answer: those of an operation are mostly as long as the one before.
func (op *servedOperation) room() int64 { return op.last.Load() + 64 }

type plans struct{ in, out *codec.Plan }

// serve joins a service's facts with its table; s is nil for a service we have no table of.
func serve(f *facts.Service, s *Service) (*served, error) {
	sv := &served{Service: f, ops: map[string]*servedOperation{}, compiler: codec.NewCompiler(f)}
	switch f.Protocol {
	case facts.JSON:
		sv.protocol = jsonProtocol{}
	case facts.REST:
		sv.protocol = restProtocol{}
	case facts.Query:
		sv.protocol = queryProtocol{}
	default:
		return nil, fmt.Errorf("%s: no protocol %q", f.Name, f.Protocol)
	}
	if s == nil {
		return sv, nil
	}
	var wrong []error
	for _, op := range s.ops {
		wrong = append(wrong, sv.add(op))
	}
	return sv, errors.Join(wrong...)
}

// add takes one row, or says what is wrong with it.
func (sv *served) add(op *Operation) error {
	f, known := sv.Operations[op.Name]
	switch {
	case !known:
		return fmt.Errorf("%s: AWS has no operation %q", sv.Name, op.Name)
	case sv.ops[op.Name] != nil:
		return fmt.Errorf("%s: two rows for %s", sv.Name, op.Name)
	case op.in.Name() != op.Name+"Input" || op.out.Name() != op.Name+"Output":
		return fmt.Errorf("%s: the handler of %s has %s and %s", sv.Name, op.Name, op.in.Name(), op.out.Name())
	case f.Unsigned && op.checks != nil:
		return fmt.Errorf("%s: %s is unsigned, nobody could be checked", sv.Name, op.Name)
	case !f.Unsigned && op.checks == nil:
		return fmt.Errorf("%s: %s is signed and has no checks", sv.Name, op.Name)
	}
	sv.ops[op.Name] = &servedOperation{Operation: op, plans: sync.OnceValues(func() (p plans, err error) {
		if p.in, err = sv.plan(op.in, f.Input); err != nil {
			return p, err
		}
		p.out, err = sv.plan(op.out, f.Output)
		return p, err
	})}
	return nil
}

func (sv *served) plan(t reflect.Type, shape string) (*codec.Plan, error) {
	sv.mu.Lock()
	defer sv.mu.Unlock()
	return sv.compiler.Plan(t, shape)
}

// errorPlan gives the plan of a modeled error's struct.
func (sv *served) errorPlan(t reflect.Type) (*codec.Plan, error) {
	if p, ok := sv.errors.Load(t); ok {
		return p.(*codec.Plan), nil
	}
	p, err := sv.plan(t, t.Name())
	if err == nil {
		sv.errors.Store(t, p)
	}
	return p, err
}
