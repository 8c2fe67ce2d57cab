package twin

import (
	"bytes"
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"io"
	"net/http"
	"strconv"
	"time"

	"accountfactory/internal/clock"
	"accountfactory/internal/twin/state"
)

// Headers of a webhook call. The signature is the hexadecimal HMAC-SHA256, by the shared secret, of the timestamp, a full
// stop and the body: a receiver computes it anew, compares in constant time, and refuses old timestamps.
const (
	headerSignature = "X-AccountFactory-Signature" // "sha256=<hex>"
	headerTimestamp = "X-AccountFactory-Timestamp" // seconds since 1970
	headerDelivery  = "X-AccountFactory-Delivery"  // the same for each try of an event
)

// webhookTimeout is how long a receiver may take.
const webhookTimeout = 10 * time.Second

// webhook posts lifecycle events to a URL. What is not answered with 2xx is tried again, at first after a second, later
// after a minute; until then those behind it wait, so that receivers see events in order.
type webhook struct {
	url    string
	secret string
	wall   clock.Clock
	client *http.Client
}

func newWebhook(url, secret string) *webhook {
	return &webhook{url: url, secret: secret, wall: clock.Wall{}, client: &http.Client{
		Timeout:       webhookTimeout,
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}}
}

func (w *webhook) send(ctx context.Context, m *state.Message) error {
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, w.url, bytes.NewReader(m.Body))
	if err != nil {
		return err
	}
	at := strconv.FormatInt(w.wall.Now().Unix(), 10)
	req.Header.Set("Content-Type", "application/json")
	req.Header.Set(headerTimestamp, at)
	req.Header.Set(headerDelivery, m.ID)
	req.Header.Set(headerSignature, "sha256="+signEvent(w.secret, at, m.Body))
	resp, err := w.client.Do(req)
	if err != nil {
		return err
	}
	defer func() { _ = resp.Body.Close() }() // nothing of it is used
	_, _ = io.Copy(io.Discard, io.LimitReader(resp.Body, 64<<10))
	if resp.StatusCode/100 != 2 {
		return fmt.Errorf("event webhook answered %s", resp.Status)
	}
	return nil
}

func signEvent(secret, timestamp string, body []byte) string {
	mac := hmac.New(sha256.New, []byte(secret))
	mac.Write([]byte(timestamp + "."))
	mac.Write(body)
	return hex.EncodeToString(mac.Sum(nil))
}
