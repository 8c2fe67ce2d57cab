package twin_test

import (
	"bufio"
	"bytes"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"sync/atomic"
	"testing"

	"accountfactory/internal/twin"
)

type received struct {
	delivery, timestamp, signature string
	body                           []byte
}

// TestEvents_Webhook: each event comes, in order and signed, also when the receiver fails at first.
func TestEvents_Webhook(t *testing.T) {
	t.Parallel()
	got := make(chan received, 16)
	var called atomic.Bool
	receiver := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, err := io.ReadAll(r.Body)
		if !called.Swap(true) || err != nil {
			w.WriteHeader(http.StatusBadGateway)
			return
		}
		got <- received{r.Header.Get("X-AccountFactory-Delivery"), r.Header.Get("X-AccountFactory-Timestamp"), r.Header.Get("X-AccountFactory-Signature"), body}
	}))
	t.Cleanup(receiver.Close)
	f := setup(t, func(c *twin.Config) { c.EventWebhook, c.EventSecret = receiver.URL, "a secret of ours" })
	f.vend(t, "one", nil)
	last := ""
	for _, want := range []string{"SetupLandingZone", "CreateManagedAccount"} {
		r := <-got
		mac := hmac.New(sha256.New, []byte("a secret of ours"))
		mac.Write([]byte(r.timestamp + "."))
		mac.Write(r.body)
		if r.signature != "sha256="+hex.EncodeToString(mac.Sum(nil)) {
			t.Errorf("signature %q", r.signature)
		}
		if name := eventName(t, r.body); name != want || r.delivery <= last {
			t.Errorf("event %s, delivery %s after %s; want %s", name, r.delivery, last, want)
		}
		last = r.delivery
	}
}

func eventName(t *testing.T, body []byte) string {
	t.Helper()
	var e struct {
		Source string
		Detail struct{ EventName string }
	}
	if err := json.Unmarshal(body, &e); err != nil || e.Source != "aws.controltower" {
		t.Errorf("%s: %v", body, err)
	}
	return e.Detail.EventName
}

// TestEvents_File: the data folder has a file with an event a line.
func TestEvents_File(t *testing.T) {
	t.Parallel()
	f := setup(t)
	f.vend(t, "one", nil)
	var names []string
	f.await(t, func() bool {
		names = nil
		body, _ := os.ReadFile(filepath.Join(f.config.Dir, "events.jsonl"))
		for lines := bufio.NewScanner(bytes.NewReader(body)); lines.Scan(); {
			names = append(names, eventName(t, lines.Bytes()))
		}
		return len(names) == 2
	})
	if names[0] != "SetupLandingZone" || names[1] != "CreateManagedAccount" {
		t.Errorf("events %v", names)
	}
}
