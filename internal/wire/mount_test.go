package wire

import (
	"context"
	"fmt"
	"io"
	"net/http"
	"strings"
	"testing"
)

func TestMount(t *testing.T) {
	t.Parallel()
	handler := http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		q := RequestFrom(r.Context())
		body, err := io.ReadAll(r.Body)
		fmt.Fprintf(w, "%s %s by %s in %s: %q %v", q.Service, q.Operation, q.Caller.ARN, q.Region, body, err)
	})
	good := request{path: "/_twin/clock?x=1", body: "now", service: "accountfactory"}
	for _, tt := range []struct {
		name   string
		q      request
		noAuth bool
		deny   error
		status int
		says   string
	}{
		{name: "good", q: good, status: 200, says: `accountfactory POST /_twin/clock by arn:aws:iam::111122223333:user/alice in eu-central-1: "now" <nil>`},
		{name: "unsigned", q: request{path: "/_twin/clock"}, status: 403, says: "Missing Authentication Token"},
		{name: "signed for another service", q: request{path: "/_twin/clock", service: "sts"}, status: 403, says: "correct service: 'accountfactory'"},
		{name: "denied", q: good, deny: &Error{Code: "AccessDeniedException", Message: "not you", Status: 403}, status: 403, says: `{"message":"not you"}`},
		{name: "too large", q: request{path: "/_twin/clock", body: strings.Repeat("x", 101), service: "accountfactory"}, status: 413, says: "too large"},
		{name: "auth off", q: request{path: "/_twin/clock"}, noAuth: true, status: 200, says: "by  in us-east-1"},
		{name: "beside it", q: request{path: "/_twinned", service: "accountfactory"}, status: 404, says: "no operation"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			var asked []Check
			e := testEndpoint(t, func(cfg *Config) {
				cfg.NoAuth = tt.noAuth
				cfg.Mounts = []Mount{{Prefix: "/_twin/", SigningName: "accountfactory", Action: "accountfactory:Lab", MaxBody: 100, Handler: handler}}
				cfg.Authorize = func(_ context.Context, _ *Request, checks []Check) error { asked = checks; return tt.deny }
			})
			res := send(e, tt.q.http(t))
			if body := res.body; res.status != tt.status || !strings.Contains(body, tt.says) {
				t.Errorf("got %d %s, want %d with %s", res.status, body, tt.status, tt.says)
			}
			if tt.q == good && (len(asked) != 1 || asked[0].Action != "accountfactory:Lab" || asked[0].Resource != "*") {
				t.Errorf("asked for %v", asked)
			}
		})
	}
}
