package cloud_test

import (
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"testing"

	"accountfactory/internal/cloud"
)

func TestConsoleURL(t *testing.T) {
	t.Parallel()
	for region, want := range map[string]string{
		"eu-west-1": "https://eu-west-1.console.aws.amazon.com/", "cn-north-1": "https://cn-north-1.console.amazonaws.cn/", "us-gov-west-1": "https://us-gov-west-1.console.amazonaws-us-gov.com/",
	} {
		if got := cloud.ConsoleURL(region); got != want {
			t.Errorf("%s: %s, want %s", region, got, want)
		}
	}
}

// TestStartURL: the portal is the organization's own instance's, wherever that is; without one that is said.
func TestStartURL(t *testing.T) {
	t.Parallel()
	for center, want := range map[string]string{"eu-west-1": "https://d-ours.awsapps.com/start", "us-east-1": "https://d-ours.awsapps.com/start", "": ""} {
		e := newEndpoint(t)
		e.role, e.center = true, center
		c, err := cloud.Connect(t.Context(), cloud.Config{
			Kind: cloud.KindAWS, Endpoint: e.URL, Region: "eu-west-1", CredentialsFile: credentialsFile(t), Organization: "o-abcdefghij",
		})
		if err != nil {
			t.Fatal(err)
		}
		if got, err := cloud.NewSessions(c).StartURL(t.Context()); got != want || (err == nil) != (want != "") {
			t.Errorf("Identity Center in %q: %q %v, want %q", center, got, err, want)
		}
	}
}

// TestDevice: what the portal answers a program that waits for a person, each as its own error.
func TestDevice(t *testing.T) {
	t.Parallel()
	code := ""
	p := portalOf(t, func(w http.ResponseWriter, r *http.Request) {
		body, _ := io.ReadAll(r.Body) // what is missing shows below
		var in map[string]any
		_ = json.Unmarshal(body, &in)
		w.Header().Set("Content-Type", "application/json")
		switch {
		case code != "":
			w.Header().Set("X-Amzn-ErrorType", code)
			w.WriteHeader(http.StatusBadRequest)
			_, _ = w.Write([]byte(`{"error":"x"}`))
		case r.URL.Path == "/device_authorization" && in["startUrl"] == "https://d-ours.awsapps.com/start" && in["clientId"] == "c":
			_, _ = w.Write([]byte(`{"deviceCode":"d","userCode":"u","verificationUriComplete":"https://x","interval":7,"expiresIn":600}`))
		case r.URL.Path == "/token" && in["deviceCode"] == "d" && in["grantType"] == "urn:ietf:params:oauth:grant-type:device_code":
			_, _ = w.Write([]byte(`{"accessToken":"a","refreshToken":"r","expiresIn":3600}`))
		default:
			w.WriteHeader(http.StatusTeapot)
		}
	})
	client := cloud.PortalClient{ID: "c", Secret: "s"}
	d, err := p.StartDevice(t.Context(), client, "https://d-ours.awsapps.com/start")
	if err != nil || d.Code != "d" || d.UserCode != "u" || d.URL != "https://x" || d.Every.Seconds() != 7 {
		t.Fatalf("%+v %v", d, err)
	}
	if tokens, err := p.AwaitDevice(t.Context(), client, d.Code); err != nil || tokens.Access != "a" || tokens.Refresh != "r" {
		t.Errorf("%+v %v", tokens, err)
	}
	for answer, want := range map[string]error{
		"AuthorizationPendingException": cloud.ErrPending, "SlowDownException": cloud.ErrSlowDown, "ExpiredTokenException": cloud.ErrSignedOut,
		"AccessDeniedException": cloud.ErrSignedOut, "InvalidGrantException": cloud.ErrSignedOut,
	} {
		code = answer
		if _, err := p.AwaitDevice(t.Context(), client, d.Code); !errors.Is(err, want) {
			t.Errorf("%s: %v, want %v", answer, err, want)
		}
	}
	code = "InvalidClientException"
	if _, err := p.StartDevice(t.Context(), client, "https://d-ours.awsapps.com/start"); !errors.Is(err, cloud.ErrUnknownClient) {
		t.Errorf("a client that was forgotten: %v", err)
	}
}

// portalOf connects to an AWS whose portal is a handler.
func portalOf(t *testing.T, portal http.HandlerFunc) *cloud.Portal {
	t.Helper()
	e := newEndpoint(t)
	to := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path != "/" {
			portal(w, r)
			return
		}
		e.ServeHTTP(w, r)
	}))
	t.Cleanup(to.Close)
	c, err := cloud.Connect(t.Context(), cloud.Config{
		Kind: cloud.KindAWS, Endpoint: to.URL, Region: "eu-west-1", CredentialsFile: credentialsFile(t), Organization: "o-abcdefghij",
	})
	if err != nil {
		t.Fatal(err)
	}
	return c.Portal()
}
