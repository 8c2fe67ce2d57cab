package console

import (
	"context"
	"errors"
	"io"
	"net/http"
	"reflect"
	"regexp"
	"strings"
	"time"

	"accountfactory/internal/cloud"
)

// operation is one of AWS's, as pages call it.
type operation struct {
	name  string
	types [2]reflect.Type // of its input and output
	call  func(ctx context.Context, clients *cloud.Clients, codec sdkCodec, body []byte) (any, error)
}

// reads tells whether an operation changes nothing. AWS's names say so.
func (o operation) reads() bool {
	for _, verb := range []string{"Get", "List", "Describe", "Search", "Scan", "IsMember"} {
		if strings.HasPrefix(o.name, verb) {
			return true
		}
	}
	return false
}

// call makes an operation of a client's method. Its name is that of its input.
func call[C, I, O, P any](of func(*cloud.Clients) C, method func(C, context.Context, *I, ...func(*P)) (*O, error)) operation {
	return operation{
		name:  strings.TrimSuffix(reflect.TypeFor[I]().Name(), "Input"),
		types: [...]reflect.Type{reflect.TypeFor[I](), reflect.TypeFor[O]()},
		call: func(ctx context.Context, clients *cloud.Clients, codec sdkCodec, body []byte) (any, error) {
			var in I
			if err := codec.decode(body, &in); err != nil {
				return nil, &apiError{status: http.StatusBadRequest, Code: "SerializationException", Message: err.Error()}
			}
			out, err := method(of(clients), ctx, &in)
			if err != nil {
				return nil, inAWSsWords(err)
			}
			return codec.encode(reflect.ValueOf(out))
		},
	}
}

// awsTime bounds one call, with the SDK's repetitions.
const awsTime = 25 * time.Second

// Names that come in addresses. A Region becomes part of a host name.
var (
	accountPattern = regexp.MustCompile(`^[0-9]{12}$`)
	rolePattern    = regexp.MustCompile(`^[\w+=,.@-]{1,64}$`)
	regionPattern  = regexp.MustCompile(`^[a-z]{2}(-[a-z]{2,15}){1,3}-[0-9]{1,2}$`)
)

// placeOf reads account, role and Region of an address. A name AWS could not have is no address of ours.
func (c *Console) placeOf(r *http.Request) (place, error) {
	account, role, region := r.PathValue("account"), r.PathValue("role"), r.PathValue("region")
	if region == "" {
		region = c.config.About.Region
	}
	if !accountPattern.MatchString(account) || !rolePattern.MatchString(role) || !regionPattern.MatchString(region) {
		return place{}, &apiError{status: http.StatusNotFound, Code: "NotFound", Message: "there is no such account, role or Region"}
	}
	return place{account, role, region}, nil
}

// aws calls one of AWS's operations with the credentials of an opened role.
func (c *Console) aws(r *http.Request, one *session) (answer, error) {
	op, found := c.operations[r.PathValue("service")][r.PathValue("operation")]
	if !found {
		return answer{}, &apiError{
			status: http.StatusNotFound, Code: "UnknownOperation", Message: "the console calls no " + r.PathValue("operation") + " of " + r.PathValue("service"),
		}
	}
	if c.config.About.Cloud == cloud.KindAWS && !op.reads() {
		return answer{}, &apiError{
			status: http.StatusForbidden, Code: "ReadOnlyOnAWS",
			Message: "on AWS pages only read: ask the factory, or use AWS's own console for " + op.name,
		}
	}
	body, err := io.ReadAll(r.Body)
	if err != nil {
		return answer{}, tooLarge(err)
	}
	at, err := c.placeOf(r)
	if err != nil {
		return answer{}, err
	}
	ctx, cancel := context.WithTimeout(r.Context(), awsTime)
	defer cancel()
	var out any
	err = c.inside(ctx, one, at, func(clients *cloud.Clients, _ *opened) error {
		out, err = op.call(ctx, clients, c.codec, body)
		return err
	})
	return ok(out), err
}

// tooLarge says what is wrong with a body that cannot be read.
func tooLarge(err error) error {
	var large *http.MaxBytesError
	if errors.As(err, &large) {
		return &apiError{status: http.StatusRequestEntityTooLarge, Code: "TooLarge", Message: "the body is larger than 1 MiB"}
	}
	return &apiError{status: http.StatusBadRequest, Code: "BadRequest", Message: "the body cannot be read"}
}

// Operations names the operations that pages may call, by service.
func Operations() map[string][]string {
	out := map[string][]string{}
	for service, ops := range awsTable() {
		for _, op := range ops {
			out[service] = append(out[service], op.name)
		}
	}
	return out
}

func byName(table map[string][]operation) map[string]map[string]operation {
	out := map[string]map[string]operation{}
	for service, ops := range table {
		out[service] = map[string]operation{}
		for _, op := range ops {
			out[service][op.name] = op
		}
	}
	return out
}
