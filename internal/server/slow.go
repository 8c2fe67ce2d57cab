package server

import (
	"errors"
	"io"
	"net/http"
	"time"

	"accountfactory/internal/clock"
)

// bodyWithin is how long a request's body may take to come. The server's own ReadTimeout would end streams too, which have
// no body and answer for hours.
const bodyWithin = 30 * time.Second

// readWithin has h's requests read their bodies in time; afterwards they may take as long as they like.
func readWithin(h http.Handler, d time.Duration) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.ContentLength != 0 && r.Body != nil { // -1 is a body of unknown length
			conn := http.NewResponseController(w)
			if err := conn.SetReadDeadline(clock.Wall{}.Now().Add(d)); err == nil { // a recorder has none
				r.Body = &timedBody{ReadCloser: r.Body, conn: conn}
			}
		}
		h.ServeHTTP(w, r)
	})
}

// timedBody lifts the deadline once the body is there: the connection is still read, to notice a client that hangs up, and
// a deadline would look like one.
type timedBody struct {
	io.ReadCloser
	conn *http.ResponseController
}

func (b *timedBody) Read(p []byte) (int, error) {
	n, err := b.ReadCloser.Read(p)
	if errors.Is(err, io.EOF) {
		_ = b.conn.SetReadDeadline(time.Time{}) // it could be set before
	}
	return n, err
}
