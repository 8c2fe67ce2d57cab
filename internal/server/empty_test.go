package server_test

import (
	"context"
	"io"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/organizations"

	"accountfactory/test/harness"
)

// TestEmpty: without an organization the API says so, and the factory starts once there is one.
func TestEmpty(t *testing.T) {
	t.Parallel()
	c := config(t.TempDir())
	c.Empty = true
	r := serve(t, c)
	if status, body := about(t, r.Console); status != http.StatusServiceUnavailable || !strings.Contains(body, "no organization yet") {
		t.Errorf("before: %d %s", status, body)
	}
	clients, err := harness.Ready{AWS: r.AWS, Console: r.Console, Region: r.Region, Account: r.Account}.Management(t.Context(), c.Data)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := clients.Organizations.CreateOrganization(t.Context(), &organizations.CreateOrganizationInput{}); err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	defer cancel()
	err = harness.Poll(ctx, 20*time.Millisecond, func() (bool, error) {
		status, body := about(t, r.Console)
		return status == http.StatusOK && strings.Contains(body, `"organizationId":"o-`), nil
	})
	if err != nil {
		t.Error(err)
	}
	if err := r.stop(); err != nil {
		t.Error(err)
	}
}

func about(t *testing.T, console string) (status int, body string) {
	t.Helper()
	resp, err := http.Get(console + "/api/v1/about")
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = resp.Body.Close() }() // read to its end
	text, err := io.ReadAll(resp.Body)
	if err != nil {
		t.Fatal(err)
	}
	return resp.StatusCode, string(text)
}
