package factory_test

import (
	"bytes"
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"accountfactory/internal/factory"
)

const secret = "a secret of sixteen"

// receiver is a hook's other end.
type receiver struct {
	*httptest.Server
	mu     sync.Mutex
	status int
	got    []*http.Request
	bodies [][]byte
}

func newReceiver(t *testing.T) *receiver {
	t.Helper()
	r := &receiver{status: http.StatusNoContent}
	r.Server = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, req *http.Request) {
		body, _ := io.ReadAll(req.Body)
		r.mu.Lock()
		defer r.mu.Unlock()
		r.got, r.bodies = append(r.got, req), append(r.bodies, body)
		w.WriteHeader(r.status)
		_, _ = io.WriteString(w, "thank you")
	}))
	t.Cleanup(r.Close)
	return r
}

func (r *receiver) answers(status int) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.status = status
}

// hooked is a bundle with hooks.
func hooked(t *testing.T, hooks ...factory.Hook) *bundle {
	t.Helper()
	b := setup(t)
	b.set = func(c *factory.Config) { c.Hooks, c.Accounts = hooks, insider{} }
	b.reopen()
	return b
}

// insider gives credentials of which nothing may be shown.
type insider struct{}

func (insider) Environment(_ context.Context, id, session string, _ time.Duration) ([]string, error) {
	return []string{"AWS_ACCESS_KEY_ID=ASIATOPSECRET", "AWS_SECRET_ACCESS_KEY=topsecretkey", "AWS_SESSION_TOKEN=topsecrettoken", "AWS_REGION=" + region, "FOR=" + id + " " + session}, nil
}

// runHooks runs all hooks that are due, and gives how many attempts that were.
func (b *bundle) runHooks() (n int) {
	b.t.Helper()
	for {
		ran, err := b.svc.RunHook(b.t.Context())
		if err != nil {
			b.t.Fatal(err)
		}
		if !ran {
			return n
		}
		n++
	}
}

func always(h factory.Hook) factory.Hook {
	h.On = []factory.HookEvent{factory.HookSuccess, factory.HookFailure, factory.HookWaiting, factory.HookCancelled}
	return h
}

// TestHook_Post: what ended is posted, signed, with what the asker gave along; the timeline says so.
func TestHook_Post(t *testing.T) {
	t.Parallel()
	r := newReceiver(t)
	b := hooked(t, always(factory.Hook{Name: "notify", URL: r.URL + "/secret-path", Secret: secret}), always(factory.Hook{Name: "closures", Kinds: []factory.Kind{factory.KindClose}}))
	in := furnished()
	d := b.drive(b.submit(ada, in).ID, nil)
	if n := b.runHooks(); n != 1 || len(r.got) != 1 {
		t.Fatalf("%d attempts, %d posts", n, len(r.got))
	}
	req, body := r.got[0], r.bodies[0]
	mac := hmac.New(sha256.New, []byte(secret))
	mac.Write([]byte(req.Header.Get("X-AccountFactory-Timestamp") + "." + string(body)))
	if got := req.Header.Get("X-AccountFactory-Signature"); got != "sha256="+hex.EncodeToString(mac.Sum(nil)) {
		t.Errorf("signature %s", got)
	}
	var told struct {
		ID, Event string
		Cloud     factory.Binding
		Request   factory.Request
	}
	if err := json.Unmarshal(body, &told); err != nil {
		t.Fatal(err)
	}
	if told.Event != "success" || told.Cloud != binding || told.Request.ID != d.ID || told.Request.AccountID != first || told.Request.State != factory.StateSucceeded ||
		told.Request.Fields["ticket"] != "ABC-1" || told.ID != req.Header.Get("X-AccountFactory-Delivery") {
		t.Errorf("told: %s", body)
	}
	d = b.get(d.ID)
	if len(d.Hooks) != 1 || d.Hooks[0].State != factory.HookDone || d.Hooks[0].Output != "" && d.Hooks[0].Output != "thank you" {
		t.Errorf("%+v", d.Hooks)
	}
	if s := story(d); !strings.Contains(s, "hook      Hook notify: told, answered 204") || strings.Contains(s, "secret-path") {
		t.Errorf("timeline:\n%s", s)
	}
}

// TestHook_Failing: a receiver that does not take it is tried again, ever later, then given up with an alarm; the request
// stays as it ended, and an operator has it run again.
func TestHook_Failing(t *testing.T) {
	t.Parallel()
	r := newReceiver(t)
	r.answers(http.StatusBadGateway)
	b := hooked(t, always(factory.Hook{Name: "notify", URL: r.URL, Secret: secret, Attempts: 3}))
	d := b.drive(b.submit(ada, input(1)).ID, nil)
	for range 10 {
		b.runHooks()
		b.clock.advance(time.Minute)
	}
	d = b.get(d.ID)
	if len(r.got) != 3 || d.State != factory.StateSucceeded || d.Hooks[0].State != factory.HookFailed || !strings.Contains(d.Hooks[0].Result, "502") {
		t.Fatalf("%d posts, request %s, %+v", len(r.got), d.State, d.Hooks)
	}
	if last := d.Timeline[len(d.Timeline)-1]; !last.Alarm || !strings.Contains(last.Text, "failed 3 times and is given up") {
		t.Errorf("timeline:\n%s", story(d))
	}
	var denied *factory.DeniedError
	if _, err := b.svc.RetryHook(t.Context(), ada, d.ID, d.Hooks[0].ID); !errors.As(err, &denied) {
		t.Errorf("a requester: %v", err)
	}
	r.answers(http.StatusOK)
	if _, err := b.svc.RetryHook(t.Context(), boss, d.ID, d.Hooks[0].ID); err != nil {
		t.Fatal(err)
	}
	b.runHooks()
	var conflict *factory.ConflictError
	if _, err := b.svc.RetryHook(t.Context(), boss, d.ID, d.Hooks[0].ID); !errors.As(err, &conflict) {
		t.Errorf("one that is done: %v", err)
	}
	if _, err := b.svc.RetryHook(t.Context(), boss, d.ID, "hook-none"); !errors.Is(err, factory.ErrNotFound) {
		t.Errorf("one that is not there: %v", err)
	}
	if d = b.get(d.ID); d.Hooks[0].State != factory.HookDone {
		t.Errorf("%+v\n%s", d.Hooks, story(d))
	}
	rows := b.log()
	if last := rows[len(rows)-1]; last.Action != factory.AuditHook || factory.VerifyAudit(0, "", rows) != nil {
		t.Errorf("audit: %+v", last)
	}
}

// TestHook_Events: a failure, a question and its reminder are told too, and that somebody cancelled a request.
func TestHook_Events(t *testing.T) {
	t.Parallel()
	r := newReceiver(t)
	b := hooked(t, always(factory.Hook{Name: "notify", URL: r.URL, Secret: secret}))
	vended(b)
	d := b.drive(b.submit(ada, renaming()).ID, nil)
	for range 8 {
		b.clock.advance(24 * time.Hour)
		b.attend()
	}
	other := b.submit(bob, input(2))
	if _, err := b.svc.Cancel(t.Context(), bob, other.ID); err != nil {
		t.Fatal(err)
	}
	b.runHooks()
	var got, cancelled []string
	for _, body := range r.bodies {
		var told struct {
			Event   string
			Request struct{ ID, State string }
		}
		if err := json.Unmarshal(body, &told); err != nil {
			t.Fatal(err)
		}
		if told.Request.ID == other.ID {
			cancelled = append(cancelled, told.Event+" "+told.Request.State)
		}
		if strings.Contains(string(body), b.code()) {
			t.Errorf("the code is told: %s", body)
		}
		if told.Request.ID == d.ID {
			got = append(got, told.Event)
		}
	}
	if want := "waiting waiting waiting waiting waiting waiting waiting failure"; strings.Join(got, " ") != want {
		t.Errorf("told %q, want %q", strings.Join(got, " "), want)
	}
	if len(cancelled) != 1 || cancelled[0] != "cancelled cancelled" {
		t.Errorf("told of the cancelled one %q", cancelled)
	}
}

// script is a command of a shell.
func script(text string) []string { return []string{"/bin/sh", "-c", text} }

// TestHook_Command: it gets the request on standard input and credentials for the account, and nothing of the server's
// environment; what it says is kept, without the credentials.
func TestHook_Command(t *testing.T) {
	t.Setenv("SERVER_SECRET", "of the server's own")
	dir := t.TempDir()
	b := hooked(t, factory.Hook{
		Name: "baseline", On: []factory.HookEvent{factory.HookSuccess}, Command: script("cat > input; env > env; env; exit $CODE"), Dir: dir, Env: []string{"CODE=0", "PATH=" + os.Getenv("PATH")},
	})
	d := b.drive(b.submit(ada, input(1)).ID, nil)
	b.runHooks()
	d = b.get(d.ID)
	if d.Hooks[0].State != factory.HookDone {
		t.Fatalf("%+v", d.Hooks)
	}
	in, err := os.ReadFile(filepath.Join(dir, "input"))
	if err != nil || !json.Valid(in) || !bytes.Contains(in, []byte(`"accountId":"`+first)) {
		t.Errorf("input %s %v", in, err)
	}
	env, err := os.ReadFile(filepath.Join(dir, "env"))
	if err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{"AWS_SESSION_TOKEN=topsecrettoken", "ACCOUNTFACTORY_ACCOUNT_ID=" + first, "ACCOUNTFACTORY_EVENT=success", "FOR=" + first + " accountfactory-" + d.ID} {
		if !strings.Contains(string(env), want) {
			t.Errorf("no %s in its environment:\n%s", want, env)
		}
	}
	if strings.Contains(string(env), "SERVER_SECRET") {
		t.Errorf("the server's environment was handed on:\n%s", env)
	}
	if out := d.Hooks[0].Output; strings.Contains(strings.ToLower(out), "topsecret") || !strings.Contains(out, "AWS_SESSION_TOKEN=(AWS_SESSION_TOKEN)") {
		t.Errorf("output:\n%s", out)
	}
	if mine, err := b.svc.Get(t.Context(), ada, d.ID); err != nil || mine.Hooks[0].Output != "" {
		t.Errorf("the requester sees the output: %+v %v", mine.Hooks, err)
	}
}

// TestHook_CommandLimits: one that runs too long is killed with what it started, one that says much is cut, one that fails
// is run again.
func TestHook_CommandLimits(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	b := hooked(t,
		factory.Hook{Name: "slow", On: []factory.HookEvent{factory.HookSuccess}, Command: script("sleep 600 & wait"), Timeout: 50 * time.Millisecond, Attempts: 1},
		factory.Hook{Name: "loud", On: []factory.HookEvent{factory.HookSuccess}, Command: script("head -c 100000 /dev/zero | tr '\\0' x; echo end"), Attempts: 1, Env: []string{"PATH=/usr/bin:/bin"}},
		factory.Hook{Name: "second", On: []factory.HookEvent{factory.HookSuccess}, Command: script("echo >> tries; test $(cat tries | wc -l) = 2"), Dir: dir, Env: []string{"PATH=/usr/bin:/bin"}},
		factory.Hook{Name: "gone", On: []factory.HookEvent{factory.HookSuccess}, Command: []string{"/nonexistent"}, Attempts: 1},
	)
	d := b.drive(b.submit(ada, input(1)).ID, nil)
	for range 3 {
		b.runHooks()
		b.clock.advance(time.Minute)
	}
	d = b.get(d.ID)
	by := map[string]factory.HookRun{}
	for _, h := range d.Hooks {
		by[h.Hook] = h
	}
	if h := by["slow"]; h.State != factory.HookFailed || h.Result != "took longer than 50ms" {
		t.Errorf("slow: %+v", h)
	}
	if h := by["loud"]; h.State != factory.HookDone || len(h.Output) != 8<<10 || !strings.HasSuffix(h.Output, "xend\n") {
		t.Errorf("loud: %s, %d bytes", h.State, len(h.Output))
	}
	if h := by["second"]; h.State != factory.HookDone || h.Attempts != 2 {
		t.Errorf("second: %+v", h)
	}
	if h := by["gone"]; h.State != factory.HookFailed || !strings.Contains(h.Result, "could not be run") {
		t.Errorf("gone: %+v", h)
	}
}

// TestHook_Dies: a hook whose server died while it ran, or before, is run by the next one; one that was told is not again.
func TestHook_Dies(t *testing.T) {
	t.Parallel()
	r := newReceiver(t)
	b := hooked(t, always(factory.Hook{Name: "notify", URL: r.URL, Secret: secret}))
	b.drive(b.submit(ada, input(1)).ID, nil)
	b.reopen() // before it was told
	if run, err := b.db.ClaimHook(t.Context(), b.clock.Now(), time.Hour); err != nil || run.Attempts != 1 {
		t.Fatalf("%+v %v", run, err)
	}
	if n := b.runHooks(); n != 0 {
		t.Errorf("%d ran beside it", n)
	}
	b.reopen() // while it was being told
	if n := b.runHooks(); n != 1 || len(r.got) != 1 {
		t.Errorf("%d attempts, %d posts", n, len(r.got))
	}
	b.reopen()
	if n := b.runHooks(); n != 0 {
		t.Errorf("told again")
	}
}

// TestHook_Gone: one that this server does not know may be another replica's, as while a new configuration is rolled out: it is
// left for that one some times before it is given up.
func TestHook_Gone(t *testing.T) {
	t.Parallel()
	r := newReceiver(t)
	b := hooked(t, always(factory.Hook{Name: "notify", URL: r.URL, Secret: secret}))
	with := b.set
	for n, tc := range []struct {
		comes bool
		want  factory.HookState
	}{{true, factory.HookDone}, {false, factory.HookFailed}} {
		d := b.drive(b.submit(ada, input(n+1)).ID, nil)
		b.set = nil
		b.reopen()
		b.runHooks()
		if h := b.get(d.ID).Hooks[0]; h.State != factory.HookPending || !strings.Contains(h.Result, "no hook of this name") {
			t.Errorf("after one attempt: %+v", h)
		}
		if tc.comes {
			b.set = with
			b.reopen()
		}
		for range 10 {
			b.clock.advance(10 * time.Minute)
			b.runHooks()
		}
		if h := b.get(d.ID).Hooks[0]; h.State != tc.want || len(r.got) != 1 {
			t.Errorf("at the end, with %d posts: %+v", len(r.got), h)
		}
		b.set = with
		b.reopen()
	}
}

// TestHook_Silent: neither the log nor the timeline has the URL or the secret, whatever goes wrong.
func TestHook_Silent(t *testing.T) {
	t.Parallel()
	var logged bytes.Buffer
	b := setup(t)
	b.set = func(c *factory.Config) {
		c.Log = slog.New(slog.NewTextHandler(&logged, &slog.HandlerOptions{Level: slog.LevelDebug}))
		c.Hooks = []factory.Hook{
			always(factory.Hook{Name: "away", URL: "http://127.0.0.1:1/hidden-path?token=hidden-token", Secret: secret, Attempts: 1}),
			always(factory.Hook{Name: "wrong", URL: "http://hidden-host:port/", Secret: secret, Attempts: 1}),
		}
	}
	b.reopen()
	d := b.drive(b.submit(ada, input(1)).ID, nil)
	b.runHooks()
	d = b.get(d.ID)
	text, err := json.Marshal(d)
	if err != nil {
		t.Fatal(err)
	}
	for _, all := range []string{logged.String(), string(text)} {
		if strings.Contains(all, "hidden-") || strings.Contains(all, secret) {
			t.Errorf("shown: %s", all)
		}
	}
	if d.Hooks[0].State != factory.HookFailed || d.Hooks[1].State != factory.HookFailed {
		t.Errorf("%+v", d.Hooks)
	}
}

// TestHook_Stopped: a server that stops while it tells a hook leaves the run to another, which need not wait for the lease's end.
func TestHook_Stopped(t *testing.T) {
	t.Parallel()
	ctx, stop := context.WithCancel(t.Context())
	told := 0
	receiver := httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		if told++; told == 1 {
			_, _ = io.ReadAll(r.Body)
			stop()
			<-r.Context().Done()
		}
	}))
	t.Cleanup(receiver.Close)
	b := hooked(t, always(factory.Hook{Name: "notify", URL: receiver.URL, Secret: secret}))
	d := b.drive(b.submit(ada, input(1)).ID, nil)
	if ran, err := b.svc.RunHook(ctx); ran || !errors.Is(err, context.Canceled) {
		t.Fatalf("ran %v, %v", ran, err)
	}
	if n := b.runHooks(); n != 1 || told != 2 {
		t.Errorf("%d runs afterwards, told %d times", n, told)
	}
	if h := b.get(d.ID).Hooks[0]; h.State != factory.HookDone || h.Attempts != 2 {
		t.Errorf("%+v", h)
	}
}
