package server

import (
	"bufio"
	"errors"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"strings"
	"testing"
	"time"
)

// TestReadWithin: a body that does not come is given up, a handler that takes its time with one that came is not, and
// neither is a stream.
func TestReadWithin(t *testing.T) {
	t.Parallel()
	const d = 200 * time.Millisecond
	failed := make(chan error, 1)
	mux := http.NewServeMux()
	mux.HandleFunc("POST /read", func(w http.ResponseWriter, r *http.Request) {
		_, err := io.ReadAll(r.Body)
		failed <- err
		w.WriteHeader(http.StatusRequestTimeout)
	})
	longer := func(w http.ResponseWriter, r *http.Request) {
		body, err := io.ReadAll(r.Body)
		timer := time.NewTimer(2 * d) // beyond the deadline
		defer timer.Stop()
		select {
		case <-timer.C:
		case <-r.Context().Done():
			err = errors.Join(err, r.Context().Err())
		}
		failed <- err
		_, _ = w.Write(body)
	}
	mux.HandleFunc("POST /longer", longer)
	mux.HandleFunc("GET /stream", longer)
	srv := httptest.NewServer(readWithin(mux, d))
	t.Cleanup(srv.Close)

	c, err := new(net.Dialer).DialContext(t.Context(), "tcp", srv.Listener.Addr().String())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = c.Close() })
	if _, err := io.WriteString(c, "POST /read HTTP/1.1\r\nHost: x\r\nContent-Length: 10\r\n\r\nabc"); err != nil {
		t.Fatal(err)
	}
	if err := <-failed; !errors.Is(err, os.ErrDeadlineExceeded) {
		t.Errorf("a body that does not come: %v", err)
	}
	resp, err := http.ReadResponse(bufio.NewReader(c), nil)
	if err != nil {
		t.Fatalf("the client hears nothing: %v", err)
	}
	_ = resp.Body.Close()
	if resp.StatusCode != http.StatusRequestTimeout {
		t.Errorf("it is told %d", resp.StatusCode)
	}

	for _, send := range []func() (*http.Response, error){
		func() (*http.Response, error) {
			return http.Post(srv.URL+"/longer", "text/plain", strings.NewReader("abc"))
		},
		func() (*http.Response, error) { // of unknown length
			return http.Post(srv.URL+"/longer", "text/plain", io.MultiReader(strings.NewReader("a"), strings.NewReader("bc")))
		},
		func() (*http.Response, error) { return http.Get(srv.URL + "/stream") },
	} {
		resp, err := send()
		if err != nil {
			t.Fatal(err)
		}
		body, err := io.ReadAll(resp.Body)
		_ = resp.Body.Close()
		if failure := <-failed; failure != nil || err != nil || resp.Request.Method == http.MethodPost && string(body) != "abc" {
			t.Errorf("%s: %v, %v, %q", resp.Request.URL.Path, failure, err, body)
		}
	}
}
