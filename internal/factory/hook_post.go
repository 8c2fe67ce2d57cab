package factory

import (
	"bytes"
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strconv"
	"strings"
)

// Headers of a hook's post. The signature is the hexadecimal HMAC-SHA256, by the hook's secret, of the timestamp, a full
// stop and the body: a receiver computes it anew, compares in constant time, and refuses old timestamps.
const (
	headerSignature = "X-AccountFactory-Signature" // "sha256=<hex>"
	headerTimestamp = "X-AccountFactory-Timestamp" // seconds since 1970
	headerDelivery  = "X-AccountFactory-Delivery"  // the run's ID, the same for each attempt
)

// maxOutput is how much of what a hook says is kept, of its end.
const maxOutput = 8 << 10

// post calls the hook's URL. Anything but 2xx is a failure, redirects too: the signature is for one receiver.
func (s *Service) post(ctx context.Context, h Hook, run *HookRun) (string, error) {
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, h.URL, bytes.NewReader(run.Body))
	if err != nil {
		return "its URL is none", errors.New("bad URL") // the error has the URL in it
	}
	at := strconv.FormatInt(s.clock.Now().Unix(), 10)
	req.Header.Set("Content-Type", "application/json")
	req.Header.Set(headerTimestamp, at)
	req.Header.Set(headerDelivery, run.ID)
	req.Header.Set(headerSignature, "sha256="+signature(h.Secret, at, run.Body))
	resp, err := s.hooks.Do(req)
	if err != nil {
		var u *url.Error
		if errors.As(err, &u) { // its text begins with the URL
			err = u.Err
		}
		return "no answer: " + err.Error(), err
	}
	defer func() { _ = resp.Body.Close() }() // what is wanted of it is read
	var out tail
	_, _ = io.Copy(&out, io.LimitReader(resp.Body, 64<<10))
	run.Output = out.shown(func(text string) string { return text })
	if resp.StatusCode/100 != 2 {
		return "answered " + resp.Status, fmt.Errorf("status %d", resp.StatusCode)
	}
	return "told, answered " + resp.Status, nil
}

func signature(secret, timestamp string, body []byte) string {
	mac := hmac.New(sha256.New, []byte(secret))
	mac.Write([]byte(timestamp + "."))
	mac.Write(body)
	return hex.EncodeToString(mac.Sum(nil))
}

// hookClient calls hooks. It follows no redirects.
func hookClient() *http.Client {
	return &http.Client{CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
}

// tail keeps the end of what is written to it, and as much before that: what is cut in the middle, a token maybe, is not
// shown.
type tail struct{ kept []byte }

func (t *tail) Write(p []byte) (int, error) {
	t.kept = append(t.kept, p...)
	if over := len(t.kept) - 2*maxOutput; over > 0 {
		t.kept = append(t.kept[:0], t.kept[over:]...)
	}
	return len(p), nil
}

// shown gives the end, without what must not be shown.
func (t *tail) shown(hide func(string) string) string {
	text := hide(string(bytes.ToValidUTF8(t.kept, []byte("?"))))
	return strings.ToValidUTF8(text[max(0, len(text)-maxOutput):], "")
}
