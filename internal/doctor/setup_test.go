package doctor_test

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/credentials"
	"github.com/aws/aws-sdk-go-v2/service/iam"
	"github.com/aws/aws-sdk-go-v2/service/organizations"

	"accountfactory/internal/clock"
	"accountfactory/internal/cloud"
	"accountfactory/internal/doctor"
	"accountfactory/internal/factory"
	"accountfactory/internal/twin"
)

const (
	management = "111122223333"
	home       = "eu-west-1"
)

// world is a twin that stands in for AWS, and what doctor is told of it.
type world struct {
	doctor.Cloud
	asked *calls
	admin *cloud.Clients // with the management credentials
	iam   *iam.Client    // likewise
}

// calls writes down which operations a server was asked for.
type calls struct {
	next http.Handler
	mu   sync.Mutex
	all  []string
}

func (c *calls) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	op := operation(r)
	c.mu.Lock()
	c.all = append(c.all, op[strings.LastIndex(op, ".")+1:])
	c.mu.Unlock()
	c.next.ServeHTTP(w, r)
}

// operation gives a call's name: awsJson's header, awsQuery's parameter from a copy of the body, or the path.
func operation(r *http.Request) string {
	if op := r.Header.Get("X-Amz-Target"); op != "" {
		return op
	}
	body, err := io.ReadAll(r.Body)
	if err != nil {
		return err.Error()
	}
	r.Body = io.NopCloser(bytes.NewReader(body))
	if form, err := url.ParseQuery(string(body)); err == nil && form.Has("Action") {
		return form.Get("Action")
	}
	return r.Method + " " + r.URL.Path
}

// setup gives a world in which all is well, unless the twin is made otherwise.
func setup(t *testing.T, change func(*twin.Config)) *world {
	t.Helper()
	dir := t.TempDir()
	c := twin.Config{
		Dir: dir, Region: home, ManagementAccountID: management, AccessKeyID: "AKIAMANAGEMENT000000", SecretAccessKey: "secret",
		PortalURL: "http://localhost/start", Log: slog.New(slog.DiscardHandler),
	}
	if change != nil {
		change(&c)
	}
	tw, err := twin.Open(t.Context(), c)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = tw.Close() }) // what it comes to is no matter here
	asked := &calls{next: tw}
	front := httptest.NewServer(asked)
	t.Cleanup(front.Close)
	w := &world{asked: asked, Cloud: doctor.Cloud{
		Provisioner: factory.ByServiceCatalog, Quota: 100, Clock: clock.Wall{},
		Config: cloud.Config{Kind: cloud.KindAWS, Endpoint: front.URL, Region: home, CredentialsFile: credentialsFile(t, c.AccessKeyID, c.SecretAccessKey), Organization: "o-none000000"},
	}}
	probe, err := cloud.NewProbe(t.Context(), w.Config)
	if err != nil {
		t.Fatal(err)
	}
	w.admin = probe.Clients()
	w.iam = iam.New(iam.Options{
		BaseEndpoint: &front.URL, Region: home, Credentials: credentials.NewStaticCredentialsProvider(c.AccessKeyID, c.SecretAccessKey, ""),
	})
	if c.Empty {
		return w
	}
	w.found(t)
	reached, err := cloud.Connect(t.Context(), w.Config)
	if err != nil {
		t.Fatal(err)
	}
	if err := reached.EnsureRole(t.Context()); err != nil {
		t.Fatal(err)
	}
	return w
}

// found names the organization that is there.
func (w *world) found(t *testing.T) {
	t.Helper()
	out, err := w.admin.Organizations.DescribeOrganization(t.Context(), &organizations.DescribeOrganizationInput{})
	if err != nil {
		t.Fatal(err)
	}
	w.Config.Organization = aws.ToString(out.Organization.Id)
}

func credentialsFile(t *testing.T, id, secret string) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "credentials")
	text := fmt.Sprintf("[management]\naws_access_key_id = %s\naws_secret_access_key = %s\n", id, secret)
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

// must gives up the test on an error of what prepares it.
func must[T any](t *testing.T) func(T, error) T {
	return func(v T, err error) T {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
		return v
	}
}

// line finds a finding by its name.
func line(t *testing.T, found []doctor.Finding, name string) doctor.Finding {
	t.Helper()
	for _, f := range found {
		if f.Name == name {
			return f
		}
	}
	t.Fatalf("there is no line %s in %v", name, found)
	return doctor.Finding{}
}

// expect compares a line with what it should say.
func expect(t *testing.T, got doctor.Finding, result doctor.Result, seen, remedy string) {
	t.Helper()
	if got.Result != result || !strings.Contains(got.Seen, seen) || !strings.Contains(got.Remedy, remedy) {
		t.Errorf("%s: %s, seen %q, remedy %q; want %s, %q, %q", got.Name, got.Result, got.Seen, got.Remedy, result, seen, remedy)
	}
	if got.Result == doctor.Broken && got.Remedy == "" {
		t.Errorf("%s: no remedy", got.Name)
	}
}

func look(t *testing.T, w *world) []doctor.Finding {
	t.Helper()
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	return w.Look(ctx)
}
