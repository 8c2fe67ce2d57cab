package cloud

import (
	"errors"
	"io"
	"net/http"
	"strings"
	"testing"
)

// closing is a body that cannot be read once it is closed, as the SDK's are.
type closing struct {
	io.Reader
	closed bool
}

func (c *closing) Read(p []byte) (int, error) {
	if c.closed {
		return 0, errors.New("read after close")
	}
	return c.Reader.Read(p)
}

func (c *closing) Close() error { c.closed = true; return nil }

type roundTripper func(*http.Request) (*http.Response, error)

func (f roundTripper) RoundTrip(r *http.Request) (*http.Response, error) { return f(r) }

// TestWholeBodies closes the body while it is being sent: what is sent stays whole.
func TestWholeBodies(t *testing.T) {
	t.Parallel()
	body := &closing{Reader: strings.NewReader("body")}
	r, err := http.NewRequestWithContext(t.Context(), http.MethodPost, "http://localhost/", body)
	if err != nil {
		t.Fatal(err)
	}
	r.ContentLength = 4
	var sent string
	resp, err := wholeBodies{roundTripper(func(r *http.Request) (*http.Response, error) {
		_ = body.Close()
		raw, err := io.ReadAll(r.Body)
		sent = string(raw)
		return &http.Response{Body: http.NoBody}, err
	})}.RoundTrip(r)
	if err == nil {
		err = resp.Body.Close()
	}
	if err != nil || sent != "body" {
		t.Errorf("sent %q, %v", sent, err)
	}
}
