package wire

import (
	"errors"
	"net/http"
	"reflect"
	"strings"

	"accountfactory/internal/wire/codec"
	"accountfactory/internal/wire/facts"
	"accountfactory/internal/wire/sigv4"

	smithy "github.com/aws/smithy-go"
)

// failure is an error as the caller will see it.
type failure struct {
	code     string
	message  string
	status   int
	internal bool // the log has more to say

	plan  *codec.Plan // of a modeled error
	value any         // the modeled error itself
	extra []extra     // members beside code and message, of an error that wire made itself
}

// extra is one more member of an error. Only the JSON protocols have any.
type extra struct {
	name  string
	value any // for encoding/json
}

// failure turns an error into what the caller sees. What it does not know is internal.
func (c *call) failure(err error) failure {
	var (
		own     *Error
		broken  *invalid
		bad     *codec.SyntaxError
		sig     *sigv4.Error
		refused *refusal
		large   *tooLarge
		api     smithy.APIError
	)
	switch {
	case errors.As(err, &own):
		return c.own(own)
	case errors.As(err, &broken):
		return c.invalid(broken.violations)
	case errors.As(err, &bad):
		return c.malformed(http.StatusBadRequest, bad.Error())
	case errors.As(err, &large):
		return c.malformed(http.StatusRequestEntityTooLarge, large.Error())
	case errors.Is(err, errUnread):
		return c.malformed(http.StatusBadRequest, "The request's body could not be read")
	case errors.As(err, &sig):
		return c.unproven(sig)
	case errors.As(err, &refused):
		return c.refused(refused)
	case errors.As(err, &api):
		if f, ok := c.modeled(api); ok {
			return f
		}
	}
	return failure{
		code: "InternalFailure", status: http.StatusInternalServerError, internal: true,
		message: "The request processing has failed because of an internal error. Request ID: " + c.req.ID,
	}
}

func (c *call) own(e *Error) failure {
	f := failure{code: e.Code, message: e.Message, status: e.Status}
	if f.status == 0 {
		f.status = c.modeledStatus(e.Code, http.StatusBadRequest)
	}
	return f
}

// modeledStatus is the status the service's model gives an error, or otherwise.
func (c *call) modeledStatus(shape string, otherwise int) int {
	if e := c.errorFacts(shape); e != nil && e.Status != 0 {
		return e.Status
	}
	return otherwise
}

func (c *call) errorFacts(shape string) *facts.Error {
	if c.sv == nil || c.sv.Shape(shape) == nil {
		return nil
	}
	return c.sv.Shape(shape).Error
}

// modeled takes an error of the service's own types. One of another service is not AWS's answer to this call.
func (c *call) modeled(err smithy.APIError) (failure, bool) {
	v := reflect.ValueOf(err)
	if c.sv == nil || v.Kind() != reflect.Pointer || v.IsNil() || v.Elem().Kind() != reflect.Struct {
		return failure{}, false
	}
	t := v.Elem().Type()
	if !strings.HasSuffix(t.PkgPath(), "/service/"+c.sv.Name+"/types") {
		return failure{}, false
	}
	plan, perr := c.sv.errorPlan(t)
	if perr != nil {
		return failure{}, false
	}
	otherwise := http.StatusBadRequest
	if err.ErrorFault() == smithy.FaultServer {
		otherwise = http.StatusInternalServerError
	}
	return failure{
		code: err.ErrorCode(), message: err.ErrorMessage(), status: c.modeledStatus(t.Name(), otherwise),
		plan: plan, value: completeOAuth(v).Interface(),
	}, true
}

// malformed is the protocol's error for a request that is not of it.
func (c *call) malformed(status int, message string) failure {
	code := "SerializationException"
	if _, query := c.protocol.(queryProtocol); query {
		code = "MalformedInput"
	}
	return failure{code: code, message: message, status: status}
}
