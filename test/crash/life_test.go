package crash

import (
	"bytes"
	"context"
	"crypto/rand"
	"fmt"
	"os"
	"path/filepath"
	"sync"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"

	"accountfactory/internal/factory"
	"accountfactory/test/harness"
)

// tick is how often something is looked at that tells nobody when it changes.
const tick = 15 * time.Millisecond

// life is a server's data folder, through all the deaths of the processes on it.
type life struct {
	t      *testing.T
	ctx    context.Context
	data   string
	args   []string
	log    log
	server *harness.Process // nil while none runs
	deaths int
	hit    int // how often a death left a request in the middle of its work
}

// begin copies the seeded data folder. Nothing runs yet.
func begin(t *testing.T, args ...string) *life {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), 8*time.Minute)
	l := &life{t: t, ctx: ctx, data: filepath.Join(t.TempDir(), "data"), args: append([]string{"--speed", "instant"}, args...)}
	if err := os.CopyFS(l.data, os.DirFS(seeded)); err != nil {
		t.Fatal(err)
	}
	l.ownKey()
	t.Cleanup(func() {
		cancel()
		if l.server != nil {
			l.server.Kill()
		}
		if t.Failed() {
			t.Logf("the server said:\n%s", l.log.String())
		}
	})
	return l
}

// ownKey gives this life a management key of its own. A command line that outlives its server finds the address of one that
// is gone; another life's server may have the port by then, and with the same key would take what is not meant for it.
func (l *life) ownKey() {
	l.t.Helper()
	key := fmt.Sprintf("[management]\naws_access_key_id = AKIA%s\naws_secret_access_key = %s\n", rand.Text()[:16], rand.Text()+rand.Text()[:14])
	if err := os.WriteFile(filepath.Join(l.data, "credentials"), []byte(key), 0o600); err != nil {
		l.t.Fatal(err)
	}
}

// serve starts the server; when an armed fault ends it on its way up, once more.
func (l *life) serve() {
	l.t.Helper()
	for range 2 {
		if l.tryServe() {
			return
		}
	}
	l.t.Fatal("the server died on its way up twice")
}

// serveTwin starts the twin alone.
func (l *life) serveTwin() {
	l.t.Helper()
	p, err := harness.Start(l.ctx, &l.log, binary, l.data, "twin", l.args...)
	if err != nil {
		l.t.Fatal(err)
	}
	l.server = p
}

func (l *life) tryServe() bool {
	l.t.Helper()
	p, err := harness.Start(l.ctx, &l.log, binary, l.data, "serve", l.args...)
	if err != nil {
		l.t.Logf("start: %v", err)
		l.deaths++
		return false
	}
	l.server = p
	return true
}

// kill ends the server from outside.
func (l *life) kill() {
	l.server.Kill()
	l.dead()
}

func (l *life) dead() {
	l.server = nil
	l.deaths++
}

// revive starts the server again if it has died.
func (l *life) revive() {
	l.t.Helper()
	if l.server == nil {
		l.serve()
		return
	}
	select {
	case <-l.server.Ended():
		l.dead()
		l.serve()
	default:
	}
}

func (l *life) clients() *harness.Clients {
	l.t.Helper()
	c, err := l.server.Management(l.ctx)
	if err != nil {
		l.t.Fatal(err)
	}
	return c
}

// lab makes a call of the lab, which no fault strikes.
func (l *life) lab(method, path string, in, out any) {
	l.t.Helper()
	if err := l.server.Lab(l.credentials()).Do(l.ctx, method, path, in, out); err != nil {
		l.t.Fatalf("%s %s: %v", method, path, err)
	}
}

func (l *life) credentials() aws.CredentialsProvider { return l.clients().Config.Credentials }

// fault is what the lab arms.
type fault struct {
	ID        string `json:"id,omitempty"`
	Kind      string `json:"kind"`
	Service   string `json:"service,omitempty"`
	Operation string `json:"operation,omitempty"`
	Step      string `json:"step,omitempty"`
	Reason    string `json:"reason,omitempty"`
	Delay     int    `json:"delay,omitempty"`
	Count     int    `json:"count,omitempty"`
	Skip      int    `json:"skip,omitempty"`
	Email     string `json:"email,omitempty"`
}

func (l *life) arm(f fault) string {
	l.t.Helper()
	var armed fault
	l.lab("POST", "/_twin/faults", f, &armed)
	return armed.ID
}

// armed gives the fault of an id, nil when it has struck as often as it should.
func (l *life) armed(id string) *fault {
	l.t.Helper()
	var all struct{ Faults []fault }
	l.lab("GET", "/_twin/faults", nil, &all)
	for _, f := range all.Faults {
		if f.ID == id {
			return &f
		}
	}
	return nil
}

// cli runs a command line against the data folder.
func (l *life) cli(args ...string) harness.Result {
	l.t.Helper()
	out, err := harness.Command(l.ctx, binary, append(args, "--data", l.data)...)
	if err != nil {
		l.t.Fatal(err)
	}
	return out
}

// launch asks for an account named so, as a person does at a shell.
func (l *life) launch(name string, more ...string) harness.Result {
	l.t.Helper()
	return l.cli(append([]string{
		"launch", "--name", name, "--email", name + "@example.com", "--ou", "Sandbox",
		"--sso-email", name + "-owner@example.com", "--sso-first", "Olive", "--sso-last", "Owner", "-o", "json",
	}, more...)...)
}

// request gives the request for an account, nil when there is none. The server may die meanwhile.
func (l *life) request(name string) (*factory.Detail, error) {
	all, err := l.server.API(l.credentials()).Requests(l.ctx)
	if err != nil {
		return nil, err
	}
	var found *factory.Detail
	for i, r := range all {
		if r.AccountEmail != name+"@example.com" {
			continue
		}
		if found != nil {
			l.t.Errorf("two requests for %s: %s and %s", name, found.ID, r.ID)
		}
		found = &all[i]
	}
	return found, nil
}

// log keeps what the processes say.
type log struct {
	mu  sync.Mutex
	buf bytes.Buffer
}

func (l *log) Write(p []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.buf.Write(p)
}

func (l *log) String() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.buf.String()
}

// await sees a request to its end through whatever deaths there are, reviving the server each time. A launch that was
// never acknowledged is asked for again, as a person would.
func (l *life) await(name string) *factory.Detail {
	l.t.Helper()
	var last *factory.Detail
	err := harness.Poll(l.ctx, tick, func() (bool, error) {
		l.revive()
		r, err := l.request(name)
		if err != nil {
			return false, nil //nolint:nilerr // it is dying; the next round revives it
		}
		if r == nil {
			l.launch(name)
			return false, nil
		}
		last = r
		return r.State.Ended() || r.State == factory.StateNeedsDecision, nil
	})
	if err != nil {
		l.t.Fatalf("request for %s: %v; last seen: %s", name, err, show(last))
	}
	return last
}

// find gives a request that is there, reviving the server as often as it takes.
func (l *life) find(name string) (r *factory.Detail) {
	l.t.Helper()
	l.must(harness.Poll(l.ctx, tick, func() (ok bool, err error) {
		l.revive()
		r, err = l.request(name)
		return err == nil && r != nil, nil
	}))
	return r
}

func show(r *factory.Detail) string {
	if r == nil {
		return "nothing"
	}
	return fmt.Sprintf("%s %s, step %s, waits for %q, %s %s %s\n%s", r.ID, r.State, r.Step, r.WaitingFor, r.ErrorCode, r.ErrorMessage, r.Explanation, timeline(r))
}

func timeline(r *factory.Detail) string {
	var b bytes.Buffer
	for _, e := range r.Timeline {
		fmt.Fprintf(&b, "  %s %s: %s %s %s\n", e.At.Format("15:04:05.000"), e.Step, e.Text, e.AWSCode, e.AWSMessage)
	}
	return b.String()
}
