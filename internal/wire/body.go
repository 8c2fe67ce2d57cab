package wire

import (
	"bytes"
	"errors"
	"io"
	"net/http"
)

// tooLarge is the answer to a body over the limit.
type tooLarge struct{ limit int64 }

func (e *tooLarge) Error() string { return "The request is too large" }

// readBody reads a whole body of at most limit bytes. The error is a *tooLarge, or says that the body could not be read.
func readBody(r *http.Request, limit int64) ([]byte, error) {
	if r.ContentLength > limit {
		return nil, &tooLarge{limit}
	}
	if r.ContentLength == 0 || r.Body == nil {
		return nil, nil
	}
	if r.ContentLength > 0 {
		body := make([]byte, r.ContentLength)
		if _, err := io.ReadFull(r.Body, body); err != nil {
			return nil, errors.Join(errUnread, err)
		}
		return body, nil
	}
	var b bytes.Buffer
	n, err := b.ReadFrom(io.LimitReader(r.Body, limit+1))
	if err != nil {
		return nil, errors.Join(errUnread, err)
	}
	if n > limit {
		return nil, &tooLarge{limit}
	}
	return b.Bytes(), nil
}

var errUnread = errors.New("the body could not be read")
