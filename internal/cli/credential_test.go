package cli

import (
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
)

// answers is a server that answers everything with the same.
func answers(t *testing.T, status int, body string) string {
	t.Helper()
	s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.WriteHeader(status)
		_, _ = io.WriteString(w, body) // a test that misses it fails
	}))
	t.Cleanup(s.Close)
	return s.URL
}

// TestConnect_NotAccountFactory: another address than a server's own is a usage error that says which is meant.
func TestConnect_NotAccountFactory(t *testing.T) {
	t.Parallel()
	for name, tc := range map[string]struct {
		server, want string
		code         int
	}{
		"no scheme":          {"localhost:4580", `--server: "localhost:4580" is no address`, exitUsage},
		"no host":            {"http://", `is no address`, exitUsage},
		"another scheme":     {"ftp://localhost", `is no address`, exitUsage},
		"an AWS endpoint":    {answers(t, http.StatusNotFound, "<Error/>"), "not as Account Factory: want the address that serve prints as browser", exitUsage},
		"another web server": {answers(t, http.StatusOK, "<html>"), "not as Account Factory", exitUsage},
		"another JSON":       {answers(t, http.StatusOK, "{}"), "not as Account Factory", exitUsage},
		"one that starts":    {answers(t, http.StatusServiceUnavailable, `{"error":{"code":"Unavailable","message":"it is starting"}}`), "it is starting", exitFailed},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			for _, args := range [][]string{{"requests"}, {"login"}} {
				if got := run(t, append(args, "--server", tc.server)...); got.code != tc.code || !strings.Contains(got.err, tc.want) {
					t.Errorf("%s: exit code %d, said %q; want %d and %q", args[0], got.code, got.err, tc.code, tc.want)
				}
			}
		})
	}
}

// TestConnect_NoCredentials: whoever has none is told where they come from, and reads nothing of the SDK's own log.
func TestConnect_NoCredentials(t *testing.T) {
	for _, name := range []string{"AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_PROFILE", "AWS_WEB_IDENTITY_TOKEN_FILE", "AWS_CONTAINER_CREDENTIALS_FULL_URI", "AWS_CONTAINER_CREDENTIALS_RELATIVE_URI"} {
		t.Setenv(name, "")
	}
	t.Setenv("AWS_EC2_METADATA_DISABLED", "true")
	t.Setenv("AWS_CONFIG_FILE", "none")
	t.Setenv("AWS_SHARED_CREDENTIALS_FILE", "none")
	server := answers(t, http.StatusOK, `{"cloud":"twin","region":"us-east-1","aws":"http://localhost:1","audience":"http://localhost:1"}`)
	for _, tc := range []struct {
		args []string
		code int
		want string
	}{
		{nil, exitFailed, "accountfactory: no AWS credentials to ask with: give --as ACCOUNT/ROLE after accountfactory login, --profile NAME, or"},
		{[]string{"--profile", "nobody"}, exitFailed, "accountfactory: no AWS credentials to ask with: see --profile nobody ("},
		{[]string{"--as", "admin"}, exitUsage, `--as: "admin" is not ACCOUNT/ROLE`},
		{[]string{"--as", "12/admin"}, exitUsage, `--as: "12/admin" is not ACCOUNT/ROLE`},
		{[]string{"--as", "111122223333/"}, exitUsage, "is not ACCOUNT/ROLE"},
		{[]string{"--as", "111122223333/admin", "--profile", "nobody"}, exitUsage, "--as: give either this or --profile"},
	} {
		if got := runIn(t, map[string]string{"HOME": t.TempDir()}, append([]string{"requests", "--server", server}, tc.args...)...); got.code != tc.code || !strings.Contains(got.err, tc.want) {
			t.Errorf("%v: exit code %d, said %q; want %d and %q", tc.args, got.code, got.err, tc.code, tc.want)
		}
	}
	if got := runIn(t, map[string]string{"HOME": t.TempDir()}, "requests", "--server", server, "--as", "111122223333/admin"); !strings.Contains(got.err, "you are not signed in") {
		t.Errorf("without login: %q", got.err)
	}
}

// TestAgain: what is printed to be copied finds the same server in the same name.
func TestAgain(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct {
		c    connection
		want string
	}{
		{connection{data: "data"}, ""},
		{connection{data: "/var/lib/my data"}, " --data '/var/lib/my data'"},
		{connection{data: "data", server: "http://localhost:4580", as: "111122223333/AWSAdministratorAccess"}, " --server http://localhost:4580 --as 111122223333/AWSAdministratorAccess"},
		{connection{data: "data", server: "https://a.example.com", profile: "dev"}, " --server https://a.example.com --profile dev"},
	} {
		if got := tc.c.again(); got != tc.want {
			t.Errorf("%+v: %q, want %q", tc.c, got, tc.want)
		}
	}
}
