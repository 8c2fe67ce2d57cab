package console

import (
	"errors"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/aws/smithy-go"

	"accountfactory/internal/cloud"
	"accountfactory/internal/factory"
)

func quiet() *Console {
	return New(Config{About: About{Version: "v1", Cloud: "twin"}, Log: slog.New(slog.DiscardHandler)})
}

// TestErrors: every error of the factory has its status and code, and what is not known shows nothing.
func TestErrors(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct {
		name   string
		err    error
		status int
		code   string
	}{
		{"refused", &factory.RefusedError{}, http.StatusUnprocessableEntity, "Refused"},
		{"duplicate", &factory.DuplicateError{RequestID: "req-1"}, http.StatusConflict, "Duplicate"},
		{"denied in AWS's words", &factory.DeniedError{Code: "ResourceNotFoundException", Message: "No launch paths found for resource: prod-1"}, http.StatusForbidden, "ResourceNotFoundException"},
		{"conflict", &factory.ConflictError{RequestID: "req-1"}, http.StatusConflict, "Conflict"},
		{"not found", factory.ErrNotFound, http.StatusNotFound, "NotFound"},
		{"proof needed", &proofNeeded{"prod-1"}, http.StatusUnauthorized, "LaunchProofRequired"},
		{"bad voucher", cloud.ErrVoucher, http.StatusUnauthorized, "Unauthenticated"},
		{"AWS away", &cloud.UnreachableError{Address: "x", Err: errors.New("refused")}, http.StatusServiceUnavailable, "Unavailable"},
		{"no role", &cloud.RoleError{Err: errors.New("denied")}, http.StatusServiceUnavailable, "RoleMissing"},
		{"unknown", errors.New("the password is hunter2"), http.StatusInternalServerError, "Internal"},
		{"AWS's, unexpected", &smithy.GenericAPIError{Code: "X", Message: "secret"}, http.StatusInternalServerError, "Internal"},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			got := quiet().shown(httptest.NewRequest(http.MethodGet, "/", nil), tc.err)
			if got.status != tc.status || got.Code != tc.code {
				t.Errorf("%d %s, want %d %s", got.status, got.Code, tc.status, tc.code)
			}
			if strings.Contains(got.Message, "hunter2") || strings.Contains(got.Message, "secret") {
				t.Errorf("an internal error shows: %s", got.Message)
			}
		})
	}
}

func TestRoutes(t *testing.T) {
	t.Parallel()
	h := quiet().Handler()
	for _, tc := range []struct {
		name, method, path string
		header             map[string]string
		status             int
		text               string
	}{
		{name: "about is public", method: "GET", path: "/api/v1/about", status: 200, text: `"version":"v1"`},
		{name: "no voucher", method: "GET", path: "/api/v1/requests", status: 401, text: "Unauthenticated"},
		{name: "not a voucher", method: "GET", path: "/api/v1/requests", header: map[string]string{"Authorization": "Bearer x"}, status: 401, text: "cannot be read"},
		{name: "watch without a voucher", method: "GET", path: "/api/v1/requests/req-1/watch", status: 401, text: "Unauthenticated"},
		{name: "unknown path", method: "GET", path: "/api/v1/nope", status: 404, text: "there is no GET /api/v1/nope"},
		{name: "wrong method", method: "DELETE", path: "/api/v1/requests", status: 404, text: "there is no DELETE"},
		{name: "from another site", method: "POST", path: "/api/v1/requests", header: map[string]string{"Sec-Fetch-Site": "cross-site"}, status: 403, text: `{"error":{"code":"CrossOrigin"`},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			r := httptest.NewRequest(tc.method, tc.path, strings.NewReader("{}"))
			for k, v := range tc.header {
				r.Header.Set(k, v)
			}
			w := httptest.NewRecorder()
			h.ServeHTTP(w, r)
			if w.Code != tc.status || !strings.Contains(w.Body.String(), tc.text) {
				t.Errorf("%d %s, want %d with %q", w.Code, w.Body, tc.status, tc.text)
			}
		})
	}
}

func TestRead(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct{ name, body, want string }{
		{"empty", "", "empty"},
		{"unknown field", `{"title":"x"}`, "title"},
		{"wrong type", `{"name":5}`, "name"},
		{"two of them", `{"name":"a"}{"name":"b"}`, "follows"},
		{"too large", `{"name":"` + strings.Repeat("x", maxBody) + `"}`, "larger"},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			r := httptest.NewRequest(http.MethodPost, "/", strings.NewReader(tc.body))
			r.Body = http.MaxBytesReader(nil, r.Body, maxBody)
			if _, err := read[factory.Input](r); err == nil || !strings.Contains(err.Error(), tc.want) {
				t.Errorf("%v, want an error about %q", err, tc.want)
			}
		})
	}
}

func TestRoleOf(t *testing.T) {
	t.Parallel()
	for arn, want := range map[string]string{
		"arn:aws:sts::123456789012:assumed-role/Admins/ann": "Admins",
		"arn:aws:iam::123456789012:user/ann":                "",
		"arn:aws:iam::123456789012:root":                    "",
		"":                                                  "",
	} {
		if got := roleOf(arn); got != want {
			t.Errorf("role of %q: %q, want %q", arn, got, want)
		}
	}
}
