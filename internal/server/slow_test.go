package server

import (
	"bufio"
	"context"
	"errors"
	"io"
	"net"
	"net/http"
	"os"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"
)

// pipes is a listener in memory: what waits at one of its connections waits by the clock of the test.
type pipes struct {
	next   chan net.Conn
	closed chan struct{}
	close  func()
}

func newPipes() *pipes {
	p := &pipes{closed: make(chan struct{}), next: make(chan net.Conn)}
	p.close = sync.OnceFunc(func() { close(p.closed) })
	return p
}

func (p *pipes) Addr() net.Addr { return &net.UnixAddr{Name: "pipe"} }
func (p *pipes) Close() error   { p.close(); return nil }

// Accept gives the server's end of what was dialled.
func (p *pipes) Accept() (net.Conn, error) {
	select {
	case c := <-p.next:
		return c, nil
	case <-p.closed:
		return nil, net.ErrClosed
	}
}

func (p *pipes) dial(context.Context, string, string) (net.Conn, error) {
	mine, theirs := net.Pipe()
	p.next <- theirs
	return mine, nil
}

// TestReadWithin: a body that does not come is given up, a handler that takes its time with one that came is not, and
// neither is a stream.
func TestReadWithin(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		const d = time.Minute
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
		listener, ended := newPipes(), make(chan error, 1)
		srv := &http.Server{Handler: readWithin(mux, d)} //nolint:gosec // what would bound its reading is under test
		go func() { ended <- srv.Serve(listener) }()
		client := &http.Client{Transport: &http.Transport{DialContext: listener.dial}}

		slowBody(t, listener, failed)
		for _, send := range []func() (*http.Response, error){
			func() (*http.Response, error) {
				return client.Post("http://x/longer", "text/plain", strings.NewReader("abc"))
			},
			func() (*http.Response, error) { // of unknown length
				return client.Post("http://x/longer", "text/plain", io.MultiReader(strings.NewReader("a"), strings.NewReader("bc")))
			},
			func() (*http.Response, error) { return client.Get("http://x/stream") },
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
		client.CloseIdleConnections()
		_ = srv.Close() // nothing is under way
		if err := <-ended; !errors.Is(err, http.ErrServerClosed) {
			t.Error(err)
		}
	})
}

// slowBody begins a request whose body does not come.
func slowBody(t *testing.T, listener *pipes, failed <-chan error) {
	t.Helper()
	c, err := listener.dial(t.Context(), "", "")
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = c.Close() }() // the server has
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
}
