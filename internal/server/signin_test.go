package server_test

import (
	"errors"
	"log/slog"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"accountfactory/internal/console"
	"accountfactory/internal/doctor"
	"accountfactory/internal/factory"
	"accountfactory/internal/server"
	"accountfactory/test/harness"
)

// company gives the settings of a provider that works, changed.
func company(change func(*server.SignIn)) server.SignIn {
	out := server.SignIn{Issuer: "https://login.example.com", ClientID: "x", Roles: []string{"team=operator"}}
	change(&out)
	return out
}

// TestValidate_SignIn: each wrong setting is named, by the flag it comes from.
func TestValidate_SignIn(t *testing.T) {
	t.Parallel()
	aws := server.Cloud{Kind: "aws", Organization: "o-abcdefghij"}
	for _, tc := range []struct {
		name    string
		cloud   server.Cloud
		signIn  server.SignIn
		setting string
	}{
		{"a company's", server.Cloud{}, company(func(*server.SignIn) {}), ""},
		{"a company's, on AWS", aws, company(func(*server.SignIn) {}), ""},
		{"on this machine", aws, company(func(s *server.SignIn) { s.Issuer = "http://localhost:5556/dex" }), ""},
		{"in clear", aws, company(func(s *server.SignIn) { s.Issuer = "http://login.example.com" }), "oidc-issuer"},
		{"no URL", aws, company(func(s *server.SignIn) { s.Issuer = "login.example.com" }), "oidc-issuer"},
		{"with a password in it", aws, company(func(s *server.SignIn) { s.Issuer = "https://a:b@login.example.com" }), "oidc-issuer"},
		{"no provider", aws, company(func(s *server.SignIn) { s.Issuer = "" }), "oidc-issuer"},
		{"no client", aws, company(func(s *server.SignIn) { s.ClientID = "" }), "oidc-client-id"},
		{"nobody", aws, company(func(s *server.SignIn) { s.Roles = nil }), "oidc-role"},
		{"another role", aws, company(func(s *server.SignIn) { s.Roles = []string{"team=root"} }), "oidc-role"},
		{"a secret that is not there", aws, company(func(s *server.SignIn) { s.SecretFile = "/nowhere/secret" }), "oidc-client-secret-file"},
		{"Identity Center", aws, server.SignIn{IdentityCenter: true, StartURL: "https://d-1234567890.awsapps.com/start"}, ""},
		{"Identity Center on the twin", server.Cloud{}, server.SignIn{IdentityCenter: true}, "identity-center-sign-in"},
		{"a portal on the twin", server.Cloud{}, server.SignIn{StartURL: "https://d-1234567890.awsapps.com/start"}, "identity-center-start-url"},
		{"a portal in clear", aws, server.SignIn{IdentityCenter: true, StartURL: "http://d-1234567890.awsapps.com/start"}, "identity-center-start-url"},
	} {
		c := server.DefaultConfig()
		c.Cloud, c.SignIn = tc.cloud, tc.signIn
		err := c.Validate()
		var usage server.UsageError
		if tc.setting == "" && err != nil || tc.setting != "" && (!errors.As(err, &usage) || usage.Setting != tc.setting) {
			t.Errorf("%s: got %v, want --%s named", tc.name, err, tc.setting)
		}
	}
}

// TestSignIn_OIDC: repeated flags and lines are one list; scopes go by commas and blanks.
func TestSignIn_OIDC(t *testing.T) {
	t.Parallel()
	got, err := server.SignIn{Issuer: "https://a.example", Scopes: "email, groups", Roles: []string{"a=viewer\n b=operator \n", "c=auditor"}}.OIDC()
	want := console.OIDCConfig{
		Issuer: "https://a.example", Scopes: []string{"email", "groups"},
		Roles: []console.GroupRole{{Group: "a", Role: factory.RoleViewer}, {Group: "b", Role: factory.RoleOperator}, {Group: "c", Role: factory.RoleAuditor}},
	}
	if diff := cmp.Diff(want, got); diff != "" || err != nil {
		t.Errorf("%v %s", err, diff)
	}
}

// TestReady_Provider: a provider that is away at the start keeps nothing from starting; readiness says so until it is back.
func TestReady_Provider(t *testing.T) {
	t.Parallel()
	issuer, c := withIssuer(t)
	issuer.Down(true)
	c.Log = slog.New(slog.DiscardHandler)
	s := serve(t, c)
	if status, _, body := get(t, s.Console+"/readyz"); status != http.StatusServiceUnavailable || !strings.Contains(body, issuer.URL) {
		t.Errorf("away: %d %s", status, body)
	}
	if status, _, _ := get(t, s.Console+"/healthz"); status != http.StatusOK {
		t.Errorf("it does not live: %d", status)
	}
	if status, _, body := get(t, s.Console+"/sign-in/oidc"); status != http.StatusServiceUnavailable || !strings.Contains(body, "does not answer") {
		t.Errorf("sign-in meanwhile: %d %s", status, body)
	}
	issuer.Down(false)
	err := harness.Poll(t.Context(), 100*time.Millisecond, func() (bool, error) {
		status, _, _ := get(t, s.Console+"/readyz")
		return status == http.StatusOK, nil
	})
	if err != nil {
		t.Error(err)
	}
}

// withIssuer gives a provider of the tests and a configuration that people sign in with.
func withIssuer(t *testing.T) (*harness.Issuer, server.Config) {
	t.Helper()
	issuer := harness.NewIssuer(t, "x", "secret")
	secret := filepath.Join(t.TempDir(), "secret")
	if err := os.WriteFile(secret, []byte("secret"), 0o600); err != nil {
		t.Fatal(err)
	}
	c := config(filepath.Join(t.TempDir(), "data"))
	c.SignIn = server.SignIn{Issuer: issuer.URL, ClientID: "x", SecretFile: secret, Roles: []string{"team=operator"}}
	return issuer, c
}

// TestExamine_SignIn: a provider that people cannot sign in with has a line that says why.
func TestExamine_SignIn(t *testing.T) {
	t.Parallel()
	for name, tc := range map[string]struct {
		change func(*harness.Issuer, *server.Config)
		result doctor.Result
		seen   string
	}{
		"none": {func(_ *harness.Issuer, c *server.Config) { c.SignIn = server.SignIn{} }, doctor.Skipped, "none"},
		"good": {func(*harness.Issuer, *server.Config) {}, doctor.OK, "1 keys"},
		"away": {func(i *harness.Issuer, _ *server.Config) { i.Down(true) }, doctor.Broken, "503"},
		"without PKCE": {func(i *harness.Issuer, _ *server.Config) {
			i.Says("code_challenge_methods_supported", []string{"plain"})
		}, doctor.Broken, "PKCE"},
		"tokens in clear": {func(i *harness.Issuer, _ *server.Config) { i.Says("token_endpoint", "http://example.com/token") }, doctor.Broken, "token_endpoint"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			issuer, c := withIssuer(t)
			tc.change(issuer, &c)
			got := finding(t, server.Examine(t.Context(), c), doctor.SignIn)
			if got.Result != tc.result || !strings.Contains(got.Seen, tc.seen) || got.Result == doctor.Broken && got.Remedy == "" {
				t.Errorf("%+v", got)
			}
		})
	}
}
