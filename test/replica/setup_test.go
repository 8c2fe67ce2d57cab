package replica

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"net/http/httputil"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/organizations"

	"accountfactory/test/harness"
)

// server is the PostgreSQL of all tests here, started when the first one wants it.
var server harness.SharedPostgres

func TestMain(m *testing.M) {
	code := harness.Main(m)
	if err := server.Close(); err != nil {
		fmt.Fprintln(os.Stderr, err)
	}
	os.Exit(code)
}

// standIn is a twin that stands in for AWS, and a listener before it that writes down which operations it is asked for.
type standIn struct {
	*harness.Process
	url          string
	organization string

	mu    sync.Mutex
	calls []string
}

func standingIn(t *testing.T, args ...string) *standIn {
	t.Helper()
	s := &standIn{Process: harness.Run(t, "twin", append([]string{"--speed", "instant"}, args...)...)}
	to, err := url.Parse(s.AWS)
	if err != nil {
		t.Fatal(err)
	}
	proxy := &httputil.ReverseProxy{Rewrite: func(r *httputil.ProxyRequest) {
		r.SetURL(to)
		r.Out.Host = r.In.Host // it is signed
	}}
	front := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		s.note(r)
		proxy.ServeHTTP(w, r)
	}))
	t.Cleanup(front.Close)
	s.url = front.URL
	c, err := s.Management(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	out, err := c.Organizations.DescribeOrganization(t.Context(), &organizations.DescribeOrganizationInput{})
	if err != nil {
		t.Fatal(err)
	}
	s.organization = aws.ToString(out.Organization.Id)
	return s
}

// note writes down an operation: awsJson's header, awsQuery's parameter from a copy of the body, or the path.
func (s *standIn) note(r *http.Request) {
	operation := r.Header.Get("X-Amz-Target")
	if operation == "" {
		operation = r.URL.Query().Get("Action")
	}
	if operation == "" {
		operation = bodyAction(r)
	}
	if operation == "" {
		operation = r.URL.Path
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.calls = append(s.calls, operation[strings.LastIndex(operation, ".")+1:])
}

// asked gives the operations asked for since the last look.
func (s *standIn) asked() []string {
	s.mu.Lock()
	defer s.mu.Unlock()
	out := s.calls
	s.calls = nil
	return out
}

// env lets a process find the stand-in's management credentials the way AWS's clients do.
func (s *standIn) env(t *testing.T) []string {
	t.Helper()
	return harness.Env(t.TempDir(), "AWS_SHARED_CREDENTIALS_FILE="+filepath.Join(s.Data, "credentials"), "AWS_PROFILE=management")
}

// serve starts a factory that works on the stand-in as if it were AWS.
func (s *standIn) serve(t *testing.T, data string, args ...string) (*harness.Process, *harness.Log, error) {
	t.Helper()
	log := &harness.Log{}
	args = append([]string{"--cloud", "aws", "--endpoint-url", s.url, "--organization", s.organization}, args...)
	p, err := harness.StartIn(t.Context(), log, s.env(t), harness.Binary(t), data, "serve", args...)
	if err == nil {
		t.Cleanup(p.Kill)
	}
	t.Cleanup(func() {
		if t.Failed() {
			t.Logf("the server on %s said:\n%s", data, log)
		}
	})
	return p, log, err
}

// says waits until a server that runs has said something: it comes by a pipe, and the banner after the ready file.
func says(t *testing.T, log *harness.Log, text string) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), within)
	defer cancel()
	if err := harness.Poll(ctx, 10*time.Millisecond, func() (bool, error) { return strings.Contains(log.String(), text), nil }); err != nil {
		t.Errorf("it does not say %q: %v: %s", text, err, log)
	}
}

// run runs a command of the program, with the stand-in's management credentials.
func (s *standIn) run(t *testing.T, args ...string) (out string, code int) {
	t.Helper()
	cmd := exec.CommandContext(t.Context(), harness.Binary(t), args...)
	cmd.Env = s.env(t)
	text, err := cmd.CombinedOutput()
	if err != nil && cmd.ProcessState == nil {
		t.Fatal(err)
	}
	return string(text), cmd.ProcessState.ExitCode()
}

// bodyAction gives the parameter Action of awsQuery, and leaves the body as it was.
func bodyAction(r *http.Request) string {
	body, err := io.ReadAll(r.Body)
	if err != nil {
		return ""
	}
	r.Body = io.NopCloser(bytes.NewReader(body))
	form, err := url.ParseQuery(string(body))
	if err != nil {
		return ""
	}
	return form.Get("Action")
}

var reads = regexp.MustCompile(`^(Get|List|Describe|Search|AssumeRole|/list-|/get-)`)

// writes gives those operations that are not reads.
func writes(operations []string) (out []string) {
	for _, o := range operations {
		if !reads.MatchString(o) {
			out = append(out, o)
		}
	}
	return out
}
