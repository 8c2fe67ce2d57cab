package cloud_test

import (
	"context"
	"errors"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"accountfactory/internal/cloud"
)

// hanging is an endpoint that does not answer an operation until the test is over; begun says that it was asked.
func hanging(t *testing.T, operation string) (at string, begun <-chan struct{}) {
	t.Helper()
	e := newEndpoint(t)
	e.role = true
	asked, over := make(chan struct{}, 16), make(chan struct{})
	front := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		_ = r.ParseForm() // the endpoint sees it too
		if r.Form.Get("Action") == operation || strings.HasSuffix(r.Header.Get("X-Amz-Target"), "."+operation) {
			asked <- struct{}{}
			<-over
		}
		e.ServeHTTP(w, r)
	}))
	t.Cleanup(front.Close)
	t.Cleanup(func() { close(over) })
	return front.URL, asked
}

// TestSessions_Hanging: who waits for what somebody else is waiting for of AWS, waits for it no longer than their own time.
func TestSessions_Hanging(t *testing.T) {
	t.Parallel()
	for operation, other := range map[string]string{"AssumeRole": "ada", "ListInstances": "bob"} {
		t.Run(operation, func(t *testing.T) {
			t.Parallel()
			at, begun := hanging(t, operation)
			c, err := cloud.Connect(t.Context(), cloud.Config{Kind: cloud.KindAWS, Endpoint: at, Region: "eu-west-1", CredentialsFile: credentialsFile(t), Organization: "o-abcdefghij"})
			if err != nil {
				t.Fatal(err)
			}
			s := cloud.NewSessions(c)
			patient, stop := context.WithCancel(t.Context())
			defer stop()
			go func() { _, _ = s.For(patient, "ada") }() // hangs until it is stopped
			<-begun
			ctx, cancel := context.WithTimeout(t.Context(), 100*time.Millisecond)
			defer cancel()
			answered := make(chan error, 1)
			go func() {
				_, err := s.For(ctx, other)
				answered <- err
			}()
			select {
			case err := <-answered:
				if !errors.Is(err, context.DeadlineExceeded) {
					t.Errorf("%s: %v", other, err)
				}
			case <-time.After(time.Minute):
				t.Errorf("%s waits for longer than there is time", other)
			}
		})
	}
}
