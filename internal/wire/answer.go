package wire

import (
	"net/http"
	"strconv"
)

// answer is a whole response, ready to leave.
type answer struct {
	status      int
	contentType string
	header      http.Header // more headers, or nil
	body        []byte
	cut         bool // hang up instead
}

// send writes the answer at once, with its length.
func (a answer) send(w http.ResponseWriter) {
	if a.cut {
		hangUp(w)
		return
	}
	h := w.Header()
	for name, values := range a.header {
		h[name] = values
	}
	values := []string{strconv.Itoa(len(a.body)), a.contentType}
	h["Content-Length"] = values[:1:1]
	if a.contentType != "" {
		h["Content-Type"] = values[1:]
	}
	w.WriteHeader(a.status)
	_, _ = w.Write(a.body) // an error means the client is gone; nobody is left to tell
}

// hangUp closes the connection without an answer.
func hangUp(w http.ResponseWriter) {
	conn, _, err := http.NewResponseController(w).Hijack()
	if err != nil {
		panic(http.ErrAbortHandler) // HTTP/2: net/http resets the stream
	}
	conn.Close()
}
