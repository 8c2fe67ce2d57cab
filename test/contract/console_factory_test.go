package contract

import (
	"bufio"
	"cmp"
	"context"
	"encoding/json"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"testing"
	"time"

	"accountfactory/internal/factory"
	"accountfactory/test/harness"
)

// in names a role of the management account as the API's header does.
func (f *fixture) in(role string) string { return f.Ready.Account + "/" + role }

// event is one server-sent event.
type event struct {
	name, id string
	data     []byte
}

// stream is an open stream of events.
type stream struct {
	t      *testing.T
	lines  *bufio.Scanner
	header http.Header
	close  func()
	last   string // id
}

// events opens the stream as the page does, or as a browser does that comes back.
func (p *person) events(role, lastID string) *stream {
	p.t.Helper()
	ctx, cancel := context.WithCancel(p.f.ctx)
	r, err := http.NewRequestWithContext(ctx, http.MethodGet, p.Base+"/api/v1/events?role="+url.QueryEscape(role), http.NoBody)
	p.f.must(err)
	r.Header.Set("Accept", "text/event-stream")
	if lastID != "" {
		r.Header.Set("Last-Event-ID", lastID)
	}
	resp, err := p.Client.Do(r) //nolint:bodyclose // the stream closes it
	p.f.must(err)
	if resp.StatusCode != http.StatusOK {
		p.t.Fatalf("events answers %s", resp.Status)
	}
	s := &stream{t: p.t, lines: bufio.NewScanner(resp.Body), header: resp.Header, close: func() { cancel(); _ = resp.Body.Close() }}
	s.lines.Buffer(nil, 1<<20)
	p.t.Cleanup(s.close)
	return s
}

// next gives the next event; comments and the time to retry after are none.
func (s *stream) next() (e event, more bool) {
	for s.lines.Scan() {
		field, value, _ := strings.Cut(s.lines.Text(), ": ")
		switch {
		case s.lines.Text() == "" && e.name != "":
			s.last = cmp.Or(e.id, s.last)
			return e, true
		case field == "event":
			e.name = value
		case field == "id":
			e.id = value
		case field == "data":
			e.data = []byte(value)
		}
	}
	return e, false
}

// request reads until a request is as it should be.
func (s *stream) request(holds func(factory.Detail) bool) (d factory.Detail) {
	s.t.Helper()
	for {
		e, more := s.next()
		if !more {
			s.t.Fatalf("the stream ended: %v", s.lines.Err())
		}
		if e.name != "request" {
			continue
		}
		d = factory.Detail{}
		if err := json.Unmarshal(e.data, &d); err != nil {
			s.t.Fatal(err)
		}
		if holds(d) {
			return d
		}
	}
}

// TestConsole_Launch: a person launches from the browser, in the role they opened, follows the request to its end, and
// finds it again after the server was started anew, still signed in. The owner opens the new account.
func TestConsole_Launch(t *testing.T) {
	t.Parallel()
	f := setup(t)
	p, role := f.arrive("requester"), f.in(endUser)
	stream := p.events(role, "")
	for name, want := range map[string]string{"Content-Type": "text/event-stream", "X-Accel-Buffering": "no", "Cache-Control": "no-store, no-transform"} {
		if got := stream.header.Get(name); got != want {
			t.Errorf("%s: %q", name, got)
		}
	}
	if e, _ := stream.next(); e.name != "queue" || !strings.Contains(string(e.data), `"limit":1`) {
		t.Errorf("first comes %s %s", e.name, e.data)
	}
	var plan factory.Plan
	p.must(http.MethodPost, "/api/v1/checks", role, good("team"), &plan)
	if len(plan.Writes) == 0 {
		t.Errorf("%+v", plan)
	}
	var made factory.Detail
	p.must(http.MethodPost, "/api/v1/requests", role, good("team"), &made)
	if !strings.HasPrefix(made.Requester, "arn:aws:sts::"+f.Ready.Account+":assumed-role/AWSReservedSSO_"+endUser+"_") || !strings.HasSuffix(made.Requester, "/requester") {
		t.Errorf("requested by %s", made.Requester)
	}
	done := stream.request(func(d factory.Detail) bool { return d.ID == made.ID && d.State.Ended() })
	if done.State != factory.StateSucceeded || done.AccountID == "" || len(done.Timeline) == 0 {
		t.Fatalf("%+v", done)
	}

	owner := &person{harness.NewBrowser(f.Console), f, t}
	owner.get(f.mailed("team-owner@example.com"))
	owner.submit("choose", "password", goodPassword, "again", goodPassword)
	owner.get("/sign-in")
	var who struct{ Arn string }
	owner.must(http.MethodPost, "/api/v1/aws/"+done.AccountID+"/"+admins+"/"+f.Region+"/sts/GetCallerIdentity", "", obj{}, &who)
	if !strings.Contains(who.Arn, done.AccountID) {
		t.Errorf("the owner is %s", who.Arn)
	}
	if a := owner.do(http.MethodPost, "/api/v1/requests", done.AccountID+"/"+admins, good("more"), nil); a.Refusal == nil || a.status != http.StatusForbidden {
		t.Errorf("the owner launches from their own account: %d %s", a.status, a.body)
	}

	stream.close()
	f.restart()
	p.Base = f.Console
	p.must(http.MethodGet, "/api/v1/session", "", nil, nil)
	again := p.events(role, stream.last)
	if d := again.request(func(factory.Detail) bool { return true }); d.ID != made.ID || d.State != factory.StateSucceeded {
		t.Errorf("who comes back is told of %+v", d)
	}
	var mine struct{ Requests []factory.Detail }
	p.must(http.MethodGet, "/api/v1/requests?state=succeeded&order=newest&limit=10", role, nil, &mine)
	if len(mine.Requests) != 1 || mine.Requests[0].ID != made.ID {
		t.Errorf("%+v", mine)
	}
}

// TestConsole_Factory: who may do what in which role, and what is wrong with a call that names none.
func TestConsole_Factory(t *testing.T) {
	t.Parallel()
	f := setup(t)
	requester, admin := f.arrive("requester"), f.arrive("admin")
	for _, tc := range []struct {
		name, method, path, role string
		who                      *person
		in                       any
		status                   int
		code, words              string
	}{
		{"no role named", "GET", "/api/v1/requests", "", requester, nil, 400, "RoleRequired", "X-Accountfactory-Role"},
		{"half a role", "GET", "/api/v1/requests", "123456789012", requester, nil, 400, "RoleRequired", "account/role"},
		{"another's role", "GET", "/api/v1/requests", f.in(admins), requester, nil, 403, "ForbiddenException", "No access"},
		{"the queue's limit", "PUT", "/api/v1/queue", f.in(endUser), requester, obj{"limit": 2}, 403, "AccessDenied", "that takes an operator"},
		{"the audit log", "GET", "/api/v1/audit", f.in(endUser), requester, nil, 403, "AccessDenied", "auditor"},
		{"an administrator in a lesser role", "PUT", "/api/v1/queue", f.in(endUser), admin, obj{"limit": 2}, 403, "AccessDenied", "that takes an operator"},
		{"an administrator", "PUT", "/api/v1/queue", f.in(admins), admin, obj{"limit": 2, "mode": "paused"}, 0, "", ""},
		{"an administrator reads the audit log", "GET", "/api/v1/audit", f.in(admins), admin, nil, 0, "", ""},
		{"a wrong state", "GET", "/api/v1/requests?state=gone", f.in(endUser), requester, nil, 400, "BadRequest", "state"},
		{"a wrong limit", "GET", "/api/v1/requests?limit=0", f.in(endUser), requester, nil, 400, "BadRequest", "limit"},
		{"a wrong order", "GET", "/api/v1/requests?order=x", f.in(endUser), requester, nil, 400, "BadRequest", "order"},
		{"a wrong kind", "GET", "/api/v1/requests?kind=x", f.in(endUser), requester, nil, 400, "BadRequest", "kind"},
		{"events without a role", "GET", "/api/v1/events", "", requester, nil, 400, "RoleRequired", "account/role"},
	} {
		a := tc.who.do(tc.method, tc.path, tc.role, tc.in, nil)
		if tc.status == 0 {
			if a.Refusal != nil {
				t.Errorf("%s: %d %s", tc.name, a.status, a.body)
			}
			continue
		}
		if a.Refusal == nil || a.status != tc.status || a.Code != tc.code || !strings.Contains(a.Message, tc.words) {
			t.Errorf("%s: %d %s", tc.name, a.status, a.body)
		}
	}
	nobody := &person{harness.NewBrowser(f.Console), f, t}
	for _, path := range []string{"/api/v1/requests", "/api/v1/events", "/api/v1/session", "/api/v1/portal/accounts"} {
		if a := nobody.do(http.MethodGet, path, f.in(endUser), nil, nil); a.status != http.StatusUnauthorized || a.Code != "Unauthenticated" {
			t.Errorf("nobody: %s answers %d %s", path, a.status, a.body)
		}
	}
}

// TestConsole_Pages: a list in pages, newest first, by the cursor that each gives.
func TestConsole_Pages(t *testing.T) {
	t.Parallel()
	f := setup(t)
	p, role := f.arrive("requester"), f.in(endUser)
	f.done("queue", "pause")
	var want []string
	for _, name := range []string{"a1", "b2", "c3", "d4", "e5"} {
		var d factory.Detail
		p.must(http.MethodPost, "/api/v1/requests", role, good(name), &d)
		want = append([]string{name}, want...)
	}
	var got []string
	for after, pages := int64(0), 0; pages < 9; pages++ {
		var page struct {
			Requests []factory.Detail
			Next     int64
		}
		p.must(http.MethodGet, "/api/v1/requests?state=open&kind=launch&mine=true&order=newest&limit=2&after="+strconv.FormatInt(after, 10), role, nil, &page)
		for _, d := range page.Requests {
			got = append(got, d.Name)
		}
		if after = page.Next; after == 0 {
			break
		}
	}
	if strings.Join(got, " ") != strings.Join(want, " ") {
		t.Errorf("%v, want %v", got, want)
	}
}

// TestConsole_StreamEnds: a stream ends when its reader goes, and when its person is signed out.
func TestConsole_StreamEnds(t *testing.T) {
	t.Parallel()
	f := setup(t)
	p := f.arrive("requester")
	streams := make([]*stream, 0, 33)
	for range 32 {
		streams = append(streams, p.events(f.in(endUser), ""))
	}
	for _, path := range []string{"/api/v1/events", "/api/v1/requests/req-1/watch"} {
		if a := p.do(http.MethodGet, path+"?role="+url.QueryEscape(f.in(endUser)), "", nil, nil); a.Refusal == nil || a.status != http.StatusTooManyRequests {
			t.Errorf("one stream too many, %s: %d", path, a.status)
		}
	}
	for _, s := range streams {
		s.close()
	}
	f.must(harness.Poll(f.ctx, 10*time.Millisecond, func() (bool, error) { // the places of those that went are free again
		ctx, cancel := context.WithCancel(f.ctx)
		defer cancel()
		r, err := http.NewRequestWithContext(ctx, http.MethodGet, p.Base+"/api/v1/events?role="+url.QueryEscape(f.in(endUser)), http.NoBody)
		f.must(err)
		resp, err := p.Client.Do(r)
		f.must(err)
		_ = resp.Body.Close()
		return resp.StatusCode == http.StatusOK, nil
	}))
}
