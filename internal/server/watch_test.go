package server_test

import (
	"bytes"
	"io"
	"log/slog"
	"net/http"
	"strings"
	"sync"
	"testing"

	"accountfactory/internal/server"
)

// syncBuffer is a buffer that a server writes while a test reads.
type syncBuffer struct {
	mu sync.Mutex
	b  bytes.Buffer
}

func (s *syncBuffer) Write(p []byte) (int, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.b.Write(p)
}

func (s *syncBuffer) String() string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.b.String()
}

func get(t *testing.T, url string) (status int, header http.Header, body string) {
	t.Helper()
	resp, err := http.Get(url)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = resp.Body.Close() }() // read to its end
	text, err := io.ReadAll(resp.Body)
	if err != nil {
		t.Fatal(err)
	}
	return resp.StatusCode, resp.Header, string(text)
}

// TestMetrics: figures of requests, calls and the queue, on their own listener and not where people are; routes, never
// paths, which hold the secrets of sign-in links; the log has the id that the answer carries.
func TestMetrics(t *testing.T) {
	t.Parallel()
	log := &syncBuffer{}
	c := config(t.TempDir())
	c.Metrics, c.Log = "localhost:0", slog.New(server.WithRequestIDs(slog.NewTextHandler(log, nil)))
	s := serve(t, c)
	_, header, _ := get(t, s.Console+"/start/invitation/very-secret")
	id := header.Get("X-Request-Id")
	if id == "" || !strings.Contains(log.String(), "request_id="+id) {
		t.Errorf("request %q is not in the log:\n%s", id, log)
	}
	_, _, figures := get(t, s.Metrics+"/metrics")
	for _, want := range []string{
		`accountfactory_requests{state="waiting"} 0`, `accountfactory_requests{state="needs-decision"} 0`, "accountfactory_account_operations_limit 1",
		"accountfactory_account_operations_running 0", "accountfactory_oldest_waiting_seconds 0", "accountfactory_database_up 1", "go_goroutines",
		`accountfactory_aws_call_duration_seconds_count{operation="GetCallerIdentity",outcome="ok",service="STS"} 1`,
		`accountfactory_http_request_duration_seconds_count{route="GET /start/invitation/`,
	} {
		if !strings.Contains(figures, want) {
			t.Errorf("figures lack %s", want)
		}
	}
	for where, text := range map[string]string{"figures": figures, "log": log.String()} {
		if strings.Contains(text, "very-secret") {
			t.Errorf("the %s hold a sign-in link", where)
		}
	}
	if status, _, _ := get(t, s.Console+"/metrics"); status == http.StatusOK {
		t.Error("the browser listener serves the figures too")
	}
}

// TestReady: a server without an organization lives and is not ready; one with a factory is both.
func TestReady(t *testing.T) {
	t.Parallel()
	for name, empty := range map[string]bool{"whole": false, "empty": true} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			c := config(t.TempDir())
			c.Empty = empty
			s := serve(t, c)
			if status, _, body := get(t, s.Console+"/healthz"); status != http.StatusOK || body != "alive\n" {
				t.Errorf("healthz: %d %q", status, body)
			}
			want := http.StatusOK
			if empty {
				want = http.StatusServiceUnavailable
			}
			if status, _, body := get(t, s.Console+"/readyz"); status != want {
				t.Errorf("readyz: %d %q", status, body)
			}
		})
	}
}
