package contract

import (
	"net/http"
	"strings"
	"testing"
)

// TestConsole_Twin: administrators of the management account reach the lab and the directory's administration, nobody else
// does, and nothing else is reached by that way.
func TestConsole_Twin(t *testing.T) {
	t.Parallel()
	f := setup(t)
	admin, requester := f.arrive("admin"), f.arrive("requester")
	base := "/api/v1/twin/" + f.in(admins) + "/"
	var users struct{ Users []struct{ UserName string } }
	admin.must(http.MethodGet, base+"admin/users", "", nil, &users)
	if len(users.Users) != 2 {
		t.Errorf("%+v", users)
	}
	admin.must(http.MethodPost, base+"clock", "", obj{"advance": "1h"}, nil)
	var outbox struct{ Mails []struct{ To string } }
	admin.must(http.MethodGet, base+"outbox?after=", "", nil, &outbox)
	if len(outbox.Mails) == 0 {
		t.Error("no mails")
	}
	var fault struct{ ID string }
	admin.must(http.MethodPost, base+"faults", "", obj{"kind": "throttle", "service": "organizations", "count": 1}, &fault)
	admin.must(http.MethodDelete, base+"faults/"+fault.ID, "", nil, nil)
	for _, tc := range []struct {
		name, method, path string
		who                *person
		in                 any
		status             int
		words              string
	}{
		{"the requester's role", "GET", "/api/v1/twin/" + f.in(endUser) + "/status", requester, nil, 403, "not authorized"},
		{"another's role", "GET", base + "status", requester, nil, 403, "No access"},
		{"the twin's own refusal", "POST", base + "clock", admin, obj{"advance": "-1h"}, 400, "advance"},
		{"what the lab has not", "GET", base + "nothing", admin, nil, 404, "the lab has no"},
		{"out of the lab", "GET", base + "a%2F..%2F..%2Fx", admin, nil, 404, "no such address"},
		{"out of the lab by double slash", "GET", base + "%2Fx", admin, nil, 404, "no such address"},
		{"no role", "GET", "/api/v1/twin/1/x/status", admin, nil, 404, "no such account"},
		{"too much", "POST", base + "snapshot", admin, obj{"name": strings.Repeat("x", 1<<20)}, 413, "1 MiB"},
	} {
		if a := tc.who.do(tc.method, tc.path, "", tc.in, nil); a.Refusal == nil || a.status != tc.status || !strings.Contains(string(a.body), tc.words) {
			t.Errorf("%s: %d %s", tc.name, a.status, a.body)
		}
	}
}
