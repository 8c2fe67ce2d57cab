package twin

import (
	"cmp"
	"context"
	"net/http"
	"reflect"

	"accountfactory/internal/twin/controltower"
	"accountfactory/internal/twin/state"
	"accountfactory/internal/wire"
)

// fault takes the armed fault that strikes a call, if any. It is counted down durably before it strikes, so that one that
// kills the process does not do so again after the start.
func (t *Twin) fault(ctx context.Context, r *wire.Request) wire.Fault {
	armed := false
	_ = t.state.View(func(tx *state.Tx) error { armed = len(tx.Faults()) > 0; return nil })
	if !armed {
		return wire.Fault{}
	}
	var f *state.Fault
	err := t.state.Update(ctx, func(tx *state.Tx) error {
		f = tx.TakeFault(state.FaultPoint{
			Call: true, Service: r.Service, Operation: r.Operation, Account: member(r.Input, "AccountId"), Email: member(r.Input, "Email"),
		})
		return nil
	})
	if err != nil || f == nil {
		return wire.Fault{}
	}
	t.log.Warn("fault strikes", "fault", f.ID, "kind", f.Kind, "service", r.Service, "operation", r.Operation)
	return t.strike(r, f)
}

func (t *Twin) strike(r *wire.Request, f *state.Fault) wire.Fault {
	kill := t.config.Kill
	if kill == nil {
		kill = func() {}
	}
	switch f.Kind {
	case state.FaultThrottle:
		return wire.Fault{Err: throttled(r.Service)}
	case state.FaultError:
		if f.Code != "" {
			product := cmp.Or(member(r.Input, "ProductId"), member(r.Input, "ProductName"))
			text := controltower.CallText(f, member(r.Input, "ProvisionedProductName"), product)
			return wire.Fault{Err: &wire.Error{Code: f.Code, Message: text, Status: http.StatusBadRequest}}
		}
		return wire.Fault{Err: broken(r.Service)}
	case state.FaultCutBefore:
		return wire.Fault{Cut: true}
	case state.FaultCutAfter:
		return wire.Fault{CutAfter: true}
	case state.FaultKillBefore:
		return wire.Fault{Before: kill}
	case state.FaultKillAfter:
		return wire.Fault{After: kill}
	case state.FaultDelay:
		return wire.Fault{Delay: f.Delay}
	case state.FaultFail, state.FaultStuck: // strike operations over time, never calls
	}
	return wire.Fault{}
}

// broken is each service's own way to say that it is AWS's fault; a common error where it has none.
func broken(service string) error {
	code := map[string]string{"organizations": "ServiceException", "account": "InternalServerException", "iam": "ServiceFailure"}[service]
	return &wire.Error{
		Code: cmp.Or(code, "InternalFailure"), Status: http.StatusInternalServerError,
		Message: "The request processing has failed because of an unknown error, exception or failure.",
	}
}

// throttled is each service's own way to say: too fast.
func throttled(service string) error {
	const tooFast = "Rate exceeded"
	switch service {
	case "organizations":
		return &wire.Error{Code: "TooManyRequestsException", Message: "AWS Organizations can't complete your request because another request is already in progress. Try again later."}
	case "sts", "iam":
		return &wire.Error{Code: "Throttling", Message: tooFast}
	case "account":
		return &wire.Error{Code: "TooManyRequestsException", Message: tooFast}
	case "controltower", "sso":
		return &wire.Error{Code: "ThrottlingException", Message: tooFast, Status: http.StatusTooManyRequests}
	}
	return &wire.Error{Code: "ThrottlingException", Message: tooFast}
}

// member gives a string member of an input, "" when it has none of that name.
func member(in any, name string) string {
	v := reflect.Indirect(reflect.ValueOf(in))
	if v.Kind() != reflect.Struct {
		return ""
	}
	f := v.FieldByName(name)
	if !f.IsValid() {
		return ""
	}
	if p, ok := f.Interface().(*string); ok && p != nil {
		return *p
	}
	return ""
}
