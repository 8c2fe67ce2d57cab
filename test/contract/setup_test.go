package contract

import (
	"bytes"
	"context"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/organizations"

	"accountfactory/internal/cli"
	"accountfactory/internal/factory"
	"accountfactory/internal/server"
	"accountfactory/test/harness"
)

// fixture is a server of its own, in this process, and clients of it.
type fixture struct {
	*harness.Clients
	harness.Ready
	t    *testing.T
	ctx  context.Context
	data string
	api  harness.API

	config server.Config
	stop   func() // may be called more than once
}

// signal is a writer that tells of the first write: the banner, which comes once everything accepts.
type signal struct {
	once  sync.Once
	ready chan struct{}
}

func (s *signal) Write(p []byte) (int, error) {
	s.once.Do(func() { close(s.ready) })
	return len(p), nil
}

// setup serves on a new data folder. change may adjust the configuration.
func setup(t *testing.T, change ...func(*server.Config)) *fixture {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), 5*time.Minute) // for all that a test does
	up := &signal{ready: make(chan struct{})}
	c := server.DefaultConfig()
	c.Data, c.AWS, c.Console, c.Speed, c.Out, c.Region = t.TempDir(), "localhost:0", "localhost:0", "instant", up, "eu-west-1"
	for _, f := range change {
		f(&c)
	}
	ready, stop := begin(t, c, up)
	t.Cleanup(func() {
		cancel()
		stop()
	})
	f := &fixture{Ready: ready, t: t, ctx: ctx, data: c.Data, config: c, stop: stop}
	clients, err := f.Management(ctx, c.Data)
	f.must(err)
	f.Clients = clients
	f.api = f.API(f.Config.Credentials)
	return f
}

// begin serves until stop; up hears that everything accepts.
func begin(t *testing.T, c server.Config, up *signal) (ready harness.Ready, stop func()) {
	t.Helper()
	ended := make(chan error, 1)
	serveCtx, cancel := context.WithCancel(context.WithoutCancel(t.Context()))
	go func() { ended <- server.Run(serveCtx, c) }()
	stop = sync.OnceFunc(func() {
		cancel()
		if err := <-ended; err != nil {
			t.Errorf("the server ended with %v", err)
		}
	})
	select {
	case <-up.ready:
	case err := <-ended:
		ended <- nil
		t.Fatalf("the server did not come up: %v", err)
	}
	found, err := server.Find(c.Data)
	if err != nil {
		t.Fatal(err)
	}
	return harness.Ready{AWS: found.AWS, Console: found.Console, Region: found.Region, Account: found.Account, PID: found.PID}, stop
}

// restart ends the server and starts it again on the same data, at other addresses.
func (f *fixture) restart() {
	f.t.Helper()
	f.stop()
	up := &signal{ready: make(chan struct{})}
	f.config.Out = up
	f.Ready, f.stop = begin(f.t, f.config, up)
	f.t.Cleanup(f.stop)
}

func (f *fixture) must(err error) {
	f.t.Helper()
	if err != nil {
		f.t.Fatal(err)
	}
}

// good is a launch that works.
func good(name string) factory.Input {
	return factory.Input{Parameters: factory.Parameters{
		Name: name, AccountEmail: name + "@example.com", OU: "Sandbox",
		SSOUserEmail: name + "-owner@example.com", SSOUserFirstName: "Olive", SSOUserLastName: "Owner",
	}}
}

// said is how a command line ended.
type said struct {
	code     int
	out, err string
}

// cli runs a command line in this process, against the data folder.
func (f *fixture) cli(args ...string) said {
	f.t.Helper()
	var out, errs bytes.Buffer
	env := func(string) (string, bool) { return "", false }
	code := cli.Run(f.ctx, append(args, "--data", f.data), env, cli.Streams{In: strings.NewReader(""), Out: &out, Err: &errs})
	return said{code, out.String(), errs.String()}
}

// flags are a launch as command-line flags.
func flags(in factory.Input) []string {
	out := []string{"launch"}
	for _, f := range []struct{ flag, value string }{
		{"name", in.Name},
		{"email", in.AccountEmail},
		{"ou", in.OU},
		{"sso-email", in.SSOUserEmail},
		{"sso-first", in.SSOUserFirstName},
		{"sso-last", in.SSOUserLastName},
	} {
		if f.value != "" {
			out = append(out, "--"+f.flag, f.value)
		}
	}
	return append(out, extras(in)...)
}

// extras are the flags that go with a launch file too.
func extras(in factory.Input) (out []string) {
	if in.Region != "" {
		out = append(out, "--region", in.Region)
	}
	for _, v := range in.TagOptions {
		out = append(out, "--tag-option", v)
	}
	for _, v := range in.NotificationARNs {
		out = append(out, "--notification-arn", v)
	}
	if in.Plan {
		out = append(out, "--plan")
	}
	return out
}

// file writes a launch file of one account.
func (f *fixture) file(in factory.Input) string {
	f.t.Helper()
	var b strings.Builder
	lead := "- "
	for _, e := range []struct{ key, value string }{
		{"name", in.Name},
		{"email", in.AccountEmail},
		{"ou", in.OU},
		{"sso-email", in.SSOUserEmail},
		{"sso-first", in.SSOUserFirstName},
		{"sso-last", in.SSOUserLastName},
	} {
		if e.value != "" {
			b.WriteString(lead + e.key + ": \"" + e.value + "\"\n")
			lead = "  "
		}
	}
	path := filepath.Join(f.t.TempDir(), "accounts.yaml")
	f.must(os.WriteFile(path, []byte(b.String()), 0o600))
	return path
}

// ou gives an OU's id under the root.
func (f *fixture) ou(name string) string {
	f.t.Helper()
	ous, err := f.Organizations.ListOrganizationalUnitsForParent(f.ctx, &organizations.ListOrganizationalUnitsForParentInput{ParentId: f.root()})
	f.must(err)
	for _, ou := range ous.OrganizationalUnits {
		if aws.ToString(ou.Name) == name {
			return aws.ToString(ou.Id)
		}
	}
	f.t.Fatalf("no OU %s", name)
	return ""
}

func (f *fixture) root() *string {
	f.t.Helper()
	roots, err := f.Organizations.ListRoots(f.ctx, &organizations.ListRootsInput{})
	f.must(err)
	return roots.Roots[0].Id
}

// dataOf gives a folder by which the command line finds the same server, with somebody else's key in it.
func (f *fixture) dataOf(c *harness.Clients) string {
	f.t.Helper()
	dir := f.t.TempDir()
	body, err := os.ReadFile(filepath.Join(f.data, "server.json"))
	f.must(err)
	f.must(os.WriteFile(filepath.Join(dir, "server.json"), body, 0o600))
	key, err := c.Config.Credentials.Retrieve(f.ctx)
	f.must(err)
	text := "[management]\naws_access_key_id = " + key.AccessKeyID + "\naws_secret_access_key = " + key.SecretAccessKey + "\n"
	f.must(os.WriteFile(filepath.Join(dir, "credentials"), []byte(text), 0o600))
	return dir
}
