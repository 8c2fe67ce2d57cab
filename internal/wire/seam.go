package wire

import (
	"context"
	"log/slog"
	"net/http"
	"time"

	"accountfactory/internal/clock"
)

// Check is one question put to policy evaluation: may the caller do Action on Resource, given Context.
type Check struct {
	Action   string              // as IAM spells it: "organizations:CreateAccount"
	Resource string              // an ARN, or "*" where the action has no resource type
	Context  map[string][]string // condition keys this request gives a value, besides the global ones
}

// Checks turns an operation's input into the checks it needs. It runs before the handler and may read state; an error
// it returns is the answer.
type Checks[I any] func(ctx context.Context, in *I) ([]Check, error)

// Caller is who signed a request. The zero Caller is nobody (an unsigned operation).
type Caller struct {
	AccountID   string
	ARN         string // as GetCallerIdentity shows it
	UserID      string // AIDA…, AROA…:session, or the account id for root
	AccessKeyID string
	Identity    any // what the KeyStore knows more; only it and the authoriser look inside
}

// Request is one call on its way through the endpoint. Handlers read it with RequestFrom and change nothing in it; the
// authoriser sets Delegated.
type Request struct {
	ID        string // x-amzn-RequestId
	Service   string // facts name: "organizations"
	Operation string // "CreateAccount"
	Region    string // of the credential scope; the home Region where a request carries none
	Caller    Caller
	Input     any       // *organizations.CreateAccountInput, once decoded
	At        time.Time // wall time of arrival
	SourceIP  string
	UserAgent string
	// Delegated says that a policy of the owner of what is asked for lets the caller's account do what is otherwise for the
	// owner's alone.
	Delegated bool
}

type requestKey struct{}

// WithRequest gives a context that carries r; tests of services use it to call a handler as somebody.
func WithRequest(ctx context.Context, r *Request) context.Context {
	return context.WithValue(ctx, requestKey{}, r)
}

// RequestFrom gives the request a handler serves, or an empty one outside the endpoint. Never nil.
func RequestFrom(ctx context.Context) *Request {
	if r, ok := ctx.Value(requestKey{}).(*Request); ok {
		return r
	}
	return &Request{}
}

// Key is what a KeyStore knows of an access key.
type Key struct {
	Secret       string
	SessionToken string    // must accompany the key when set
	Expires      time.Time // zero for a long-term key
	Caller       Caller
}

// KeyStore finds access keys. Lookup returns ErrNoKey for an unknown or deleted one, ErrKeyInactive for one switched off.
type KeyStore interface {
	Lookup(ctx context.Context, accessKeyID string) (Key, error)
}

// Fault is something that goes wrong on purpose with one call. The zero Fault is a good day.
type Fault struct {
	Delay    time.Duration // waited before anything else
	Err      error         // answered instead of handling
	Cut      bool          // hang up without handling
	CutAfter bool          // handle, then hang up without answering
	Before   func()        // called before handling
	After    func()        // called once handled, before the answer leaves
}

// Config is what an Endpoint needs. Services, Keys, Authorize and Region must be set.
type Config struct {
	Services []*Service
	Keys     KeyStore
	// Authorize answers nil, or the error the caller sees (see AccessDenied). It is called once per signed request with
	// all checks of the operation.
	Authorize func(ctx context.Context, r *Request, checks []Check) error
	// Fault is asked after authorisation; nil means no faults. Never called for unsigned operations that fail to decode.
	Fault  func(ctx context.Context, r *Request) Fault
	Clock  clock.Clock // wall time; signatures are judged by it. nil means clock.Wall
	Region string      // home Region, for requests whose scope names none
	// NoAuth switches signatures and policies off (--auth=off): whoever calls is AnonymousCaller.
	NoAuth          bool
	AnonymousCaller Caller
	Mounts          []Mount // further paths of our own beside AWS's
	Log             *slog.Logger
}

// Mount serves a path prefix that is no AWS service, such as "/_twin/", behind the same signature verification.
// Handler sees the request with its body whole and WithRequest set (Service = SigningName, Operation = HTTP method + path).
type Mount struct {
	Prefix      string
	SigningName string
	Action      string // the action Authorize is asked for, on "*"
	MaxBody     int64  // how large a request may be; 0 means 1 MiB, as everywhere
	Handler     http.Handler
}
