package cloud

import (
	"bytes"
	"io"
	"net/http"
	"time"
)

// NewHTTPClient gives an HTTP client for SDK clients, whose request bodies stay whole. The SDK takes a body back as soon as
// the answer's headers are there. On loopback an answer can be faster than net/http's last look at the body; it then finds
// it closed, hangs up in the middle of the answer, and the SDK repeats the call after a pause of up to seconds.
func NewHTTPClient() *http.Client {
	return &http.Client{Transport: wholeBodies{transport()}, Timeout: 30 * time.Second}
}

// wholeBodies sends bodies of known, modest length from a copy.
type wholeBodies struct{ next http.RoundTripper }

const copiedBody = 1 << 20

func (t wholeBodies) RoundTrip(r *http.Request) (*http.Response, error) {
	if r.Body == nil || r.ContentLength <= 0 || r.ContentLength > copiedBody {
		return t.next.RoundTrip(r)
	}
	body, err := io.ReadAll(r.Body)
	_ = r.Body.Close() // read to its end
	if err != nil {
		return nil, err
	}
	out := *r
	out.Body = io.NopCloser(bytes.NewReader(body))
	out.GetBody = func() (io.ReadCloser, error) { return io.NopCloser(bytes.NewReader(body)), nil }
	return t.next.RoundTrip(&out)
}
