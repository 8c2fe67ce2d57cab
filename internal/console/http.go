package console

import (
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"strings"

	"github.com/aws/smithy-go"

	"accountfactory/internal/arn"
	"accountfactory/internal/cloud"
	"accountfactory/internal/factory"
)

// maxBody bounds what a caller may send.
const maxBody = 1 << 20

// answer is what a handler gives: a status and a body to encode.
type answer struct {
	status int
	body   any
}

func ok(body any) answer { return answer{http.StatusOK, body} }

// apiError is an error as the API shows it.
type apiError struct {
	status    int
	Code      string          `json:"code"`
	Message   string          `json:"message"`
	Checks    []factory.Check `json:"checks,omitempty"`    // of a refused request
	RequestID string          `json:"requestId,omitempty"` // the other request, or the one in conflict
	ProductID string          `json:"productId,omitempty"` // what to sign ListLaunchPaths for
}

func (e *apiError) Error() string { return e.Message }

// public serves a handler to anybody.
func (c *Console) public(h func(*http.Request) (answer, error)) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		out, err := h(r)
		c.write(w, r, out, err)
	})
}

// route serves a handler to callers who prove who they are.
func (c *Console) route(h func(*http.Request, caller) (answer, error)) http.Handler {
	return c.public(func(r *http.Request) (answer, error) {
		r.Body = http.MaxBytesReader(nil, r.Body, maxBody)
		who, err := c.caller(r, r.Header.Get(roleHeader))
		if err != nil {
			return answer{}, err
		}
		return h(r, who)
	})
}

// caller is who calls the factory, and what asks AWS in their name whether they may launch.
type caller struct {
	factory.Caller
	paths factory.LaunchPaths
}

// caller finds out who calls: a program by the voucher in its Authorization header, a person by their session and the
// role they name. A program's header counts even where a browser sent a cookie along.
func (c *Console) caller(r *http.Request, role string) (caller, error) {
	if _, program := r.Header["Authorization"]; program || c.sessions.id(r) == "" {
		return c.program(r)
	}
	one, err := c.sessions.of(r, false)
	if err != nil {
		return caller{}, err
	}
	if !one.hasRoles() {
		return c.asMember(one), nil
	}
	who, err := c.inRole(r.Context(), one, role)
	return who, c.sessions.after(r.Context(), one, err)
}

// program asks AWS who made the voucher in the Authorization header.
func (c *Console) program(r *http.Request) (caller, error) {
	voucher, found := strings.CutPrefix(r.Header.Get("Authorization"), "Bearer ")
	if !found {
		return caller{}, unauthenticated("sign in: the Authorization header has no voucher, and there is no session")
	}
	who, err := c.config.Verifier.Identify(r.Context(), voucher)
	var refused smithy.APIError
	switch {
	case errors.Is(err, cloud.ErrVoucher):
		return caller{}, unauthenticated(err.Error())
	case errors.As(err, &refused):
		return caller{}, &apiError{status: http.StatusUnauthorized, Code: refused.ErrorCode(), Message: refused.ErrorMessage()}
	case err != nil:
		return caller{}, err
	}
	called := c.callerOf(who.ARN, who.AccountID)
	if c.isStranger(called) {
		return caller{}, &apiError{
			status: http.StatusForbidden, Code: "AccessDenied",
			Message: who.ARN + " has no part here: who asks for accounts is in the management account " + c.config.About.Account + ", or named by --operators, --auditors or --viewers",
		}
	}
	return caller{called, forwardedPaths{c.config.Verifier, voucher, r.Header.Get(launchProof)}}, nil
}

// isStranger tells who has no part here: AWS says of anybody in the world who they are. Launch paths are the management account's.
func (c *Console) isStranger(who factory.Caller) bool {
	return who.AccountID != c.config.About.Account && who.Standing() == factory.RoleRequester
}

// callerOf gives who somebody with an ARN is to the factory.
func (c *Console) callerOf(callerARN, account string) factory.Caller {
	return factory.Caller{
		ARN: callerARN, AccountID: account, Role: roleOf(callerARN), Operator: callerARN == c.config.Operator, As: c.config.Roles.of(callerARN),
	}
}

// roleOf gives the role's name of a session, "" for users.
func roleOf(callerARN string) string {
	a, err := arn.Parse(callerARN)
	if err != nil {
		return ""
	}
	parts := strings.Split(a.Resource, "/")
	if parts[0] != "assumed-role" || len(parts) < 2 {
		return ""
	}
	return parts[1]
}

func (c *Console) write(w http.ResponseWriter, r *http.Request, out answer, err error) {
	if err != nil {
		shown := c.shown(r, err)
		out = answer{shown.status, map[string]any{"error": shown}}
	}
	body, err := json.Marshal(out.body)
	if err != nil {
		c.log.ErrorContext(r.Context(), "encode answer", "path", r.URL.Path, "error", err)
		out.status, body = http.StatusInternalServerError, []byte(`{"error":{"code":"Internal","message":"see the server's log"}}`)
	}
	h := w.Header()
	h.Set("Content-Type", "application/json")
	h.Set("Cache-Control", "no-store")
	h.Set("X-Content-Type-Options", "nosniff")
	w.WriteHeader(out.status)
	_, _ = w.Write(append(body, '\n')) // the client may be gone; nothing to do about it
}

// shown gives an error the form callers see. What is not known is internal: the log has it.
func (c *Console) shown(r *http.Request, err error) *apiError {
	var (
		known     *apiError
		refused   *factory.RefusedError
		duplicate *factory.DuplicateError
		denied    *factory.DeniedError
		conflict  *factory.ConflictError
		proof     *proofNeeded
		busy      *factory.UnavailableError
		reused    *factory.KeyReusedError
		away      *cloud.UnreachableError
		role      *cloud.RoleError
	)
	switch {
	case errors.As(err, &known):
		return known
	case errors.As(err, &proof):
		return &apiError{status: http.StatusUnauthorized, Code: "LaunchProofRequired", Message: proof.Error(), ProductID: proof.productID}
	case errors.As(err, &refused):
		return &apiError{status: http.StatusUnprocessableEntity, Code: "Refused", Message: refused.Error(), Checks: refused.Checks}
	case errors.As(err, &duplicate):
		return &apiError{status: http.StatusConflict, Code: "Duplicate", Message: duplicate.Error(), RequestID: duplicate.RequestID}
	case errors.As(err, &reused):
		return &apiError{status: http.StatusConflict, Code: "IdempotencyKeyReused", Message: reused.Error(), RequestID: reused.RequestID}
	case errors.As(err, &denied):
		return &apiError{status: http.StatusForbidden, Code: denied.Code, Message: denied.Message}
	case errors.As(err, &conflict):
		return &apiError{status: http.StatusConflict, Code: "Conflict", Message: conflict.Error(), RequestID: conflict.RequestID}
	case errors.As(err, &busy), errors.As(err, &away):
		if busy != nil {
			c.log.WarnContext(r.Context(), "unavailable", "path", r.URL.Path, "error", busy.Err)
		}
		return &apiError{status: http.StatusServiceUnavailable, Code: "Unavailable", Message: err.Error() + "; try again"}
	case errors.As(err, &role):
		return &apiError{status: http.StatusServiceUnavailable, Code: "RoleMissing", Message: role.Error()}
	case errors.Is(err, factory.ErrNotFound):
		return &apiError{status: http.StatusNotFound, Code: "NotFound", Message: "there is no such request, or it is not yours"}
	case errors.Is(err, cloud.ErrVoucher):
		return &apiError{status: http.StatusUnauthorized, Code: "Unauthenticated", Message: err.Error()}
	}
	c.log.ErrorContext(r.Context(), "request failed", "method", r.Method, "path", r.URL.Path, "error", err)
	return &apiError{status: http.StatusInternalServerError, Code: "Internal", Message: "the server could not do that; its log says why"}
}

// read decodes a JSON body strictly.
func read[T any](r *http.Request) (T, error) {
	var in T
	d := json.NewDecoder(r.Body)
	d.DisallowUnknownFields()
	err := d.Decode(&in)
	var large *http.MaxBytesError
	switch {
	case errors.As(err, &large):
		return in, &apiError{status: http.StatusRequestEntityTooLarge, Code: "TooLarge", Message: "the body is larger than 1 MiB"}
	case errors.Is(err, io.EOF):
		return in, &apiError{status: http.StatusBadRequest, Code: "BadRequest", Message: "the body is empty: want JSON"}
	case err != nil:
		return in, &apiError{status: http.StatusBadRequest, Code: "BadRequest", Message: "the body is not the JSON expected: " + err.Error()}
	}
	if _, err := d.Token(); !errors.Is(err, io.EOF) {
		return in, &apiError{status: http.StatusBadRequest, Code: "BadRequest", Message: "the body is not the JSON expected: something follows it"}
	}
	return in, nil
}
