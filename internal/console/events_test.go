package console

import (
	"bufio"
	"context"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"accountfactory/internal/cloud"
	"accountfactory/internal/factory"
)

// following is a stream of news that a test gives, served and read over real HTTP.
type following struct {
	news  chan factory.News
	lines *bufio.Scanner
	ended chan struct{} // closed when the server's side has returned
	gone  context.CancelFunc
}

func (b *bundle) serveNews(t *testing.T, r *http.Request) *following {
	t.Helper()
	f := &following{news: make(chan factory.News), ended: make(chan struct{})}
	b.keepAlive = 10 * time.Millisecond
	srv := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, over *http.Request) {
		defer close(f.ended)
		b.send(over.Context(), newStream(w), over, f.news)
	}))
	t.Cleanup(srv.Close)
	ctx, cancel := context.WithCancel(t.Context())
	f.gone = cancel
	t.Cleanup(cancel)
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, srv.URL, http.NoBody)
	if err != nil {
		t.Fatal(err)
	}
	req.Header = r.Header.Clone()
	resp, err := srv.Client().Do(req)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = resp.Body.Close() })
	f.lines = bufio.NewScanner(resp.Body)
	return f
}

// until reads lines until one begins so, and gives what was read.
func (f *following) until(start string) (read []string, found bool) {
	for f.lines.Scan() {
		read = append(read, f.lines.Text())
		if strings.HasPrefix(f.lines.Text(), start) {
			return read, true
		}
	}
	return read, false
}

func (f *following) end(t *testing.T) {
	t.Helper()
	select {
	case <-f.ended:
	case <-time.After(time.Minute):
		t.Fatal("the server's side goes on")
	}
}

// follower gives a request of somebody who follows in a role.
func (b *bundle) follower(t *testing.T) *http.Request {
	t.Helper()
	r := b.signedIn(t)
	r.Header.Set(roleHeader, "111122223333/Admin")
	return r
}

// TestStream: when to come back, then events with ids, and comments while there are none; it ends with its reader.
func TestStream(t *testing.T) {
	t.Parallel()
	b := setup(t, func(c *Config) { c.Cloud = &cloud.Cloud{} })
	f := b.serveNews(t, b.follower(t))
	if read, _ := f.until("retry: 1000"); len(read) != 1 {
		t.Errorf("first comes %q", read)
	}
	if _, found := f.until(": still here"); !found {
		t.Error("a quiet stream says nothing")
	}
	at := time.UnixMicro(1234567)
	f.news <- factory.News{At: at, Requests: []factory.Detail{{Request: factory.Request{ID: "req-1"}}}, Queue: &factory.QueueView{Limit: 3}}
	read, _ := f.until(`data: {"mode"`)
	for _, want := range []string{"event: request", "id: 1234567", `data: {"id":"req-1"`, "event: queue", `"limit":3`} {
		if !strings.Contains(strings.Join(read, "\n"), want) {
			t.Errorf("no %q in %q", want, read)
		}
	}
	f.gone()
	f.end(t)
}

// TestStream_CutOff: only the last event of what is new at one time says where to go on: a reader who is cut off before it, and comes
// back with the id read last, is given the rest.
func TestStream_CutOff(t *testing.T) {
	t.Parallel()
	b := setup(t, func(c *Config) { c.Cloud = &cloud.Cloud{} })
	f := b.serveNews(t, b.follower(t))
	two := []factory.Detail{{Request: factory.Request{ID: "req-1"}}, {Request: factory.Request{ID: "req-2"}}}
	ids := func(until string) (out []string) {
		t.Helper()
		read, found := f.until(until)
		if !found {
			t.Fatalf("no %q in %q", until, read)
		}
		for _, line := range read {
			if id, is := strings.CutPrefix(line, "id: "); is {
				out = append(out, id)
			}
		}
		return out
	}
	f.news <- factory.News{At: time.UnixMicro(1), Requests: two, Queue: &factory.QueueView{}}
	if got := ids(`data: {"id":"req-2"`); len(got) != 0 {
		t.Errorf("before the queue: %q", got)
	}
	if got := ids(`data: {"mode"`); len(got) != 1 || got[0] != "1" {
		t.Errorf("with the queue: %q", got)
	}
	f.news <- factory.News{At: time.UnixMicro(2), Requests: two}
	if got := ids(`data: {"id":"req-1"`); len(got) != 0 {
		t.Errorf("before the last request: %q", got)
	}
	if got := ids(`data: {"id":"req-2"`); len(got) != 1 || got[0] != "2" {
		t.Errorf("with the last request: %q", got)
	}
}

// TestStream_SignedOut: a stream does not outlive the sign-in of who reads it.
func TestStream_SignedOut(t *testing.T) {
	t.Parallel()
	b := setup(t, func(c *Config) { c.Cloud = &cloud.Cloud{} })
	f := b.serveNews(t, b.follower(t))
	if _, found := f.until(": still here"); !found {
		t.Error("a quiet stream says nothing")
	}
	b.portal.mu.Lock()
	b.portal.err = fmt.Errorf("AWS: %w", cloud.ErrSignedOut)
	b.portal.mu.Unlock()
	b.clock.pass(aliveFor + time.Second)
	if read, found := f.until("nothing begins so"); found {
		t.Errorf("%q", read)
	}
	f.end(t)
}

// TestStream_NewsEnd: when there is nothing more to tell the stream ends, and its reader comes back.
func TestStream_NewsEnd(t *testing.T) {
	t.Parallel()
	b := setup(t, func(c *Config) { c.Cloud = &cloud.Cloud{} })
	f := b.serveNews(t, b.follower(t))
	close(f.news)
	f.end(t)
}

func TestSince(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct {
		path, header string
		want         time.Time
	}{
		{"/", "", time.Time{}},
		{"/", "1000000", time.Unix(1, 0)},
		{"/?after=2000000", "", time.Unix(2, 0)},
		{"/?after=2000000", "1000000", time.Unix(1, 0)},
		{"/?after=x", "", time.Time{}},
		{"/?after=-5", "", time.Time{}},
	} {
		r := httptest.NewRequest(http.MethodGet, tc.path, nil)
		r.Header.Set("Last-Event-ID", tc.header)
		if got := since(r); !got.Equal(tc.want) {
			t.Errorf("%s with %q: %s, want %s", tc.path, tc.header, got, tc.want)
		}
	}
}
