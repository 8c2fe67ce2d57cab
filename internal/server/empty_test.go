package server_test

import (
	"context"
	"errors"
	"io"
	"log/slog"
	"net/http"
	"os"
	"path/filepath"
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
	organize(t, r, c.Data)
	await(t, r.Console, http.StatusOK, `"organizationId":"o-`)
	if err := r.stop(); err != nil {
		t.Error(err)
	}
}

// TestEmpty_Hindered: what keeps the factory from starting once there is an organization is said, once in the log, takes nothing
// with it, and when it is put right the factory starts.
func TestEmpty_Hindered(t *testing.T) {
	t.Parallel()
	c := config(t.TempDir())
	var log up
	c.Empty, c.KeyFile, c.Log = true, filepath.Join(t.TempDir(), "key"), slog.New(slog.NewTextHandler(&log, nil))
	log.ready = make(chan struct{})
	put(t, c.KeyFile, "no key")
	r := serve(t, c)
	organize(t, r, c.Data)
	await(t, r.Console, http.StatusServiceUnavailable, "cannot start")
	if err := errors.Join(os.Remove(c.KeyFile), os.Mkdir(c.KeyFile, 0o700)); err != nil { // wrong in another way
		t.Fatal(err)
	}
	eventually(t, func() bool { return strings.Contains(log.String(), "is a directory") })
	eventually(t, func() bool { return !opened(t, filepath.Join(c.Data, "factory.db")) })
	if err := os.Remove(c.KeyFile); err != nil {
		t.Fatal(err)
	}
	put(t, c.KeyFile, strings.Repeat("ab", 32))
	await(t, r.Console, http.StatusOK, `"organizationId":"o-`)
	if n := strings.Count(log.String(), "cannot start"); n != 2 || !strings.Contains(log.String(), c.KeyFile) {
		t.Errorf("said %d times: %s", n, log.String())
	}
	if err := r.stop(); err != nil {
		t.Error(err)
	}
}

// organize makes an organization.
func organize(t *testing.T, r running, data string) {
	t.Helper()
	clients, err := harness.Ready{AWS: r.AWS, Console: r.Console, Region: r.Region, Account: r.Account}.Management(t.Context(), data)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := clients.Organizations.CreateOrganization(t.Context(), &organizations.CreateOrganizationInput{}); err != nil {
		t.Fatal(err)
	}
}

// await waits until the API answers so.
func await(t *testing.T, console string, status int, text string) {
	t.Helper()
	eventually(t, func() bool {
		got, body := about(t, console)
		return got == status && strings.Contains(body, text)
	})
}

func eventually(t *testing.T, is func() bool) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	defer cancel()
	if err := harness.Poll(ctx, 20*time.Millisecond, func() (bool, error) { return is(), nil }); err != nil {
		t.Fatal(err)
	}
}

// opened tells whether this process has a file open. Only Linux says; elsewhere none seems to be.
func opened(t *testing.T, path string) bool {
	t.Helper()
	fds, err := os.ReadDir("/proc/self/fd")
	if os.IsNotExist(err) {
		t.Logf("whether %s is open is not looked at: there is no /proc", path)
		return false
	}
	if err != nil {
		t.Fatal(err)
	}
	for _, fd := range fds {
		if to, err := os.Readlink("/proc/self/fd/" + fd.Name()); err == nil && to == path {
			return true
		}
	}
	return false
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
