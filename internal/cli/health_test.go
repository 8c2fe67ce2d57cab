package cli

import (
	"net/http"
	"net/http/httptest"
	"path/filepath"
	"strings"
	"sync/atomic"
	"testing"
)

// answering serves /readyz: 503 for some times, then 200.
func answering(t *testing.T, start func(http.Handler) *httptest.Server, refusals int64) *httptest.Server {
	t.Helper()
	var asked atomic.Int64
	s := start(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path != "/readyz" {
			w.WriteHeader(http.StatusNotFound)
			return
		}
		if asked.Add(1) <= refusals {
			http.Error(w, "the factory's database does not answer", http.StatusServiceUnavailable)
		}
	}))
	t.Cleanup(s.Close)
	return s
}

// TestHealth: what containers and service managers ask, and what each answer is worth.
func TestHealth(t *testing.T) {
	t.Parallel()
	const always = 1 << 40
	const gone = "http://127.0.0.1:1" // the port of one that was closed may be another test's by now
	folder := func(s *httptest.Server) string {
		return filepath.Dir(write(t, "server.json", `{"console":"`+s.URL+`"}`))
	}
	for _, tc := range []struct {
		name string
		args []string
		code int
		text string
	}{
		{"ready", []string{"--server", answering(t, httptest.NewServer, 0).URL + "/"}, exitDone, "ready"},
		{"not ready", []string{"--server", answering(t, httptest.NewServer, always).URL}, exitFailed, "database does not answer"},
		{"not ready yet", []string{"--server", answering(t, httptest.NewServer, 1).URL, "--wait", "1m"}, exitDone, "ready"},
		{"not ready in time", []string{"--server", answering(t, httptest.NewServer, always).URL, "--wait", "1ms"}, exitFailed, "database does not answer"},
		{"gone", []string{"--server", gone}, exitUnreachable, gone},
		{"of a data folder", []string{"--data", folder(answering(t, httptest.NewServer, 0))}, exitDone, "ready"},
		{"of a data folder, by HTTPS", []string{"--data", folder(answering(t, httptest.NewTLSServer, 0))}, exitDone, "ready"},
		{"by HTTPS with a name it cannot prove", []string{"--server", answering(t, httptest.NewTLSServer, 0).URL}, exitUnreachable, "certificate"},
		{"of a data folder without a server", []string{"--data", t.TempDir()}, exitUnreachable, "no server runs"},
		{"no address", []string{"--server", "://"}, exitUsage, "--server"},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			got := run(t, append([]string{"health"}, tc.args...)...)
			if got.code != tc.code || !strings.Contains(got.out+got.err, tc.text) {
				t.Errorf("exit code %d, said %q; want %d and %q", got.code, got.out+got.err, tc.code, tc.text)
			}
		})
	}
}
