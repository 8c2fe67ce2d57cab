package replica

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"os"
	"slices"
	"testing"
	"time"

	"accountfactory/internal/factory"
	"accountfactory/test/harness"
)

// How long PostgreSQL is away: a while by default, the minute that is promised with ACCOUNTFACTORY_SOAK=1.
const (
	someOutage = 8 * time.Second
	longOutage = time.Minute
)

// TestOutage: while PostgreSQL refuses connections the factory lives, says that it is not ready, and takes nothing it could not
// keep; when PostgreSQL is back, so is it, and what was under way ends, each once.
func TestOutage(t *testing.T) {
	t.Parallel()
	database, err := harness.StartPostgres(t.Context()) // of its own: others go on with theirs
	if errors.Is(err, harness.ErrNoPostgres) {
		harness.Missing(t, true, err.Error())
	}
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = database.Close() }) // its folder is a temporary one
	url, err := database.Database(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	s := standingIn(t, "--speed", "3000") // a vend takes half a second
	p, _, err := s.serve(t, t.TempDir(), "--database", url, "--daily-cap", "off")
	if err != nil {
		t.Fatal(err)
	}
	for _, args := range [][]string{{"setup-role", "--yes", "--organization", s.organization, "--endpoint-url", s.url}, {"queue", "resume", "--server", p.Console}} {
		if out, code := s.run(t, args...); code != 0 {
			t.Fatalf("%v: %s", args, out)
		}
	}
	o := &outage{t, s, p}
	const before = 6
	for n := range before {
		if refused := o.submit(n); refused != nil {
			t.Fatal(refused)
		}
	}
	if err := database.Stop(); err != nil {
		t.Logf("PostgreSQL said at its end: %v", err)
	}
	o.last()
	if err := database.Start(t.Context()); err != nil {
		t.Fatal(err)
	}
	o.await("/readyz", http.StatusOK)
	if refused := o.submit(before); refused != nil {
		t.Errorf("after the outage: %v", refused)
	}
	o.end(before + 1)
}

// outage is a factory whose database goes away.
type outage struct {
	t      *testing.T
	cloud  *standIn
	server *harness.Process
}

// last sits the outage out, and looks at the factory meanwhile.
func (o *outage) last() {
	o.t.Helper()
	length := someOutage
	if os.Getenv("ACCOUNTFACTORY_SOAK") == "1" {
		length = longOutage
	}
	over := time.After(length)
	o.await("/readyz", http.StatusServiceUnavailable)
	if refused := o.submit(99); refused == nil || refused.Status < http.StatusInternalServerError {
		o.t.Errorf("without a database it answers a submission with %v", refused)
	}
	tick := time.NewTicker(500 * time.Millisecond)
	defer tick.Stop()
	for {
		select {
		case <-over:
			return
		case <-o.server.Ended():
			o.t.Fatal("the factory did not outlive its database")
		case <-tick.C:
			if alive, ready := o.status("/healthz"), o.status("/readyz"); alive != http.StatusOK || ready != http.StatusServiceUnavailable {
				o.t.Errorf("in the outage healthz says %d, readyz %d", alive, ready)
			}
		}
	}
}

func (o *outage) status(path string) int {
	resp, err := http.Get(o.server.Console + path)
	if err != nil {
		o.t.Fatal(err)
	}
	_, err = io.Copy(io.Discard, resp.Body)
	if err := errors.Join(err, resp.Body.Close()); err != nil {
		o.t.Fatal(err)
	}
	return resp.StatusCode
}

// await waits until the factory answers as it should.
func (o *outage) await(path string, status int) {
	o.t.Helper()
	ctx, cancel := context.WithTimeout(o.t.Context(), within)
	defer cancel()
	if err := harness.Poll(ctx, 50*time.Millisecond, func() (bool, error) { return o.status(path) == status, nil }); err != nil {
		o.t.Errorf("%s does not answer %d: %v", path, status, err)
	}
}

func (o *outage) api() harness.API {
	o.t.Helper()
	c, err := o.cloud.Management(o.t.Context())
	if err != nil {
		o.t.Fatal(err)
	}
	r := o.server.Ready
	r.AWS = o.cloud.url
	return r.API(c.Config.Credentials)
}

// submit asks for an account.
func (o *outage) submit(n int) (refused *harness.Refusal) {
	o.t.Helper()
	name := fmt.Sprintf("outage-%d", n)
	in := factory.Input{Parameters: factory.Parameters{
		Name: name, AccountEmail: name + "@example.com", OU: "Sandbox", SSOUserEmail: name + "@example.com", SSOUserFirstName: "Ada", SSOUserLastName: "Lovelace",
	}}
	var d factory.Detail
	if err := o.api().Do(o.t.Context(), http.MethodPost, "/api/v1/requests", in, &d); err != nil && !errors.As(err, &refused) {
		o.t.Fatal(err)
	}
	return refused
}

// end waits until all requests have succeeded, and wants no more of them than were taken.
func (o *outage) end(taken int) {
	o.t.Helper()
	ctx, cancel := context.WithTimeout(o.t.Context(), time.Minute)
	defer cancel()
	var all []factory.Detail
	err := harness.Poll(ctx, 100*time.Millisecond, func() (bool, error) {
		var err error
		all, err = o.api().Requests(ctx)
		return !slices.ContainsFunc(all, func(d factory.Detail) bool { return !d.State.Ended() }), err
	})
	if err != nil || len(all) != taken {
		o.t.Errorf("%d requests, %d were taken: %v", len(all), taken, err)
	}
	accounts := map[string]bool{}
	for _, d := range all {
		if d.State != factory.StateSucceeded || accounts[d.AccountID] {
			o.t.Errorf("%s: %s, account %s: %s", d.Name, d.State, d.AccountID, d.ErrorMessage)
		}
		accounts[d.AccountID] = true
	}
}
