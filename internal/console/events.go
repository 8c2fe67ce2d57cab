package console

import (
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"strconv"
	"time"

	"accountfactory/internal/clock"
	"accountfactory/internal/factory"
)

// Streams of server-sent events. One that says nothing for a while sends a comment, so that proxies do not take it for
// dead, and looks whether whoever reads it is still signed in. A reader who takes nothing for writeWithin is gone.
const (
	writeWithin = 30 * time.Second
	manyStreams = 32 // of one session at once
)

// stream is an answer of server-sent events.
type stream struct {
	w  http.ResponseWriter
	rc *http.ResponseController
}

func newStream(w http.ResponseWriter) stream {
	h := w.Header()
	h.Set("Content-Type", "text/event-stream")
	h.Set("Cache-Control", "no-store, no-transform")
	h.Set("X-Content-Type-Options", "nosniff")
	h.Set("X-Accel-Buffering", "no") // nginx would hold events back
	return stream{w, http.NewResponseController(w)}
}

// write sends a text at once; false says that nobody reads any more.
func (s stream) write(format string, args ...any) bool {
	if err := s.rc.SetWriteDeadline(clock.Wall{}.Now().Add(writeWithin)); err != nil {
		return false
	}
	if _, err := fmt.Fprintf(s.w, format, args...); err != nil {
		return false
	}
	return s.rc.Flush() == nil
}

// event sends one event. Its id is where a reader goes on who comes back; one without leaves that where it was. Source: HTML
// Standard, "Server-sent events", the last event ID buffer.
func (s stream) event(name, id string, data any) bool {
	body, err := json.Marshal(data)
	return err == nil && s.write("event: %s\n%sdata: %s\n\n", name, id, body)
}

// events streams the queue and the requests that somebody may see, and each change.
func (c *Console) events(w http.ResponseWriter, r *http.Request) {
	ctx, cancel := context.WithCancel(r.Context())
	defer cancel()
	who, closed, err := c.openStream(r)
	if err != nil {
		c.write(w, r, answer{}, err)
		return
	}
	defer closed()
	news, err := c.config.Factory.News(ctx, who.Caller, since(r))
	if err != nil {
		c.write(w, r, answer{}, err)
		return
	}
	c.send(ctx, newStream(w), r, news)
}

func (c *Console) send(ctx context.Context, s stream, r *http.Request, news <-chan factory.News) {
	if !s.write("retry: 1000\n\n") {
		return
	}
	tick := time.NewTicker(c.keepAlive)
	defer tick.Stop()
	for {
		alive := true
		select {
		case one, more := <-news:
			alive = more && s.news(one)
		case <-tick.C:
			alive = c.still(r) && s.write(": still here\n\n")
		case <-ctx.Done():
			return
		}
		if !alive {
			return
		}
	}
}

// news sends what is new. Only its last event has an id: a reader who is cut off before it has not seen all there was at that time.
func (s stream) news(one factory.News) bool {
	id := fmt.Sprintf("id: %d\n", one.At.UnixMicro())
	for i, d := range one.Requests {
		last := ""
		if i == len(one.Requests)-1 && one.Queue == nil {
			last = id
		}
		if !s.event("request", last, d) {
			return false
		}
	}
	return one.Queue == nil || s.event("queue", id, one.Queue)
}

// still tells whether whoever opened a stream is still signed in, and still has the role they opened it in. A voucher is good for
// the stream it opened.
func (c *Console) still(r *http.Request) bool {
	if _, program := r.Header["Authorization"]; program {
		return true
	}
	one, err := c.sessions.of(r, false)
	if err != nil || !one.hasRoles() {
		return err == nil
	}
	at, err := c.openedRole(c.roleOf(r))
	if err == nil {
		_, _, err = c.as(r.Context(), one, at)
	}
	return err == nil
}

// openStream finds out who opens a stream and counts it among their session's, until it is closed.
func (c *Console) openStream(r *http.Request) (who caller, closed func(), err error) {
	if who, err = c.caller(r, c.roleOf(r)); err != nil {
		return who, nil, err
	}
	if _, program := r.Header["Authorization"]; program {
		return who, func() {}, nil
	}
	streams := &c.sessions.lives.Of(hashOf(c.sessions.id(r)), manyLives).streams
	closed = func() { streams.Add(-1) }
	if streams.Add(1) > manyStreams {
		closed()
		return who, nil, &apiError{status: http.StatusTooManyRequests, Code: "TooManyStreams", Message: "this session follows too many streams at once"}
	}
	return who, closed, nil
}

// roleOf gives the role that a call names: browsers cannot send headers with a stream.
func (c *Console) roleOf(r *http.Request) string {
	return cmp.Or(r.Header.Get(roleHeader), r.URL.Query().Get("role"))
}

// since reads where a reader who comes back goes on: browsers say it in a header, pages that open a new stream in the
// address.
func since(r *http.Request) time.Time {
	micros, err := strconv.ParseInt(cmp.Or(r.Header.Get("Last-Event-ID"), r.URL.Query().Get("after")), 10, 64)
	if err != nil || micros <= 0 {
		return time.Time{}
	}
	return time.UnixMicro(micros)
}
