package contract

import (
	"net/http"
	"strings"
	"testing"
)

// TestConsole_Caller: a person is to the factory what the role they opened is.
func TestConsole_Caller(t *testing.T) {
	t.Parallel()
	f := setup(t)
	for _, tc := range []struct {
		user, role, want string
	}{
		{"admin", admins, "operator"},
		{"requester", endUser, "requester"},
	} {
		var got struct{ ARN, AccountID, Role string }
		f.arrive(tc.user).must(http.MethodGet, "/api/v1/caller", f.in(tc.role), nil, &got)
		if got.Role != tc.want || got.AccountID == "" || !strings.HasSuffix(got.ARN, "/"+tc.user) || !strings.Contains(got.ARN, tc.role) {
			t.Errorf("%s as %s: %+v, want %s", tc.user, tc.role, got, tc.want)
		}
	}
}
