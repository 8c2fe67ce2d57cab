package peer

import (
	"fmt"
	"hash/fnv"
	"io"
	"maps"
	"math/rand/v2"
	"net/http"
	"net/http/httptest"
	"net/url"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"accountfactory/internal/clock"
)

// trouble is what befalls calls, as shares of them.
type trouble struct {
	seed      uint64
	throttled float64
	cut       float64       // the call takes effect and its answer is lost
	stale     float64       // of reads
	age       time.Duration // how old an answer to a stale read may be
}

// fate is what befalls one call.
type fate string

const (
	unharmed    fate = "unharmed"
	isThrottled fate = "throttled"
	isCut       fate = "cut"
	isStale     fate = "stale"
)

// fate depends on the seed, the operation and how many calls of it there were, so that a run can be had again as far as the
// factory's own order of calls allows. Each write's first answer is lost, and its second sending throttled.
func (t trouble) fate(operation string, n int, read bool) fate {
	if !read && n == 1 {
		return isCut
	}
	if !read && n == 2 {
		return isThrottled
	}
	h := fnv.New64a()
	_, _ = fmt.Fprintf(h, "%s %d", operation, n) // a hash takes everything
	x := rand.New(rand.NewPCG(t.seed, h.Sum64())).Float64()
	switch {
	case x < t.throttled:
		return isThrottled
	case x < t.throttled+t.cut:
		return isCut
	case read && x < t.throttled+t.cut+t.stale:
		return isStale
	}
	return unharmed
}

// front is the listener before moto.
type front struct {
	*httptest.Server
	moto    *url.URL
	rules   map[string]rule
	trouble trouble

	mu     sync.Mutex
	harms  bool // calls are disturbed
	calls  map[string]int
	seen   map[string][]answer // to reads, by question, oldest first
	fates  map[fate]int
	struck map[string]map[fate]int // by write
}

func newFront(t *testing.T, m *moto, trouble trouble, rules map[string]rule) *front {
	t.Helper()
	to, err := url.Parse(m.url)
	if err != nil {
		t.Fatal(err)
	}
	f := &front{
		moto: to, rules: rules, trouble: trouble,
		calls: map[string]int{}, seen: map[string][]answer{}, fates: map[fate]int{}, struck: map[string]map[fate]int{},
	}
	f.Server = httptest.NewServer(f)
	t.Cleanup(f.Close)
	return f
}

// begin has calls disturbed from now on.
func (f *front) begin() {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.harms = true
}

// end has them left alone.
func (f *front) end() {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.harms = false
}

// ServeHTTP hands a call on, or does to it what its fate is.
func (f *front) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	c, err := readCall(r)
	if err != nil {
		http.Error(w, err.Error(), http.StatusBadGateway)
		return
	}
	what := f.decide(c)
	if what == isThrottled {
		c.throttled().write(w)
		return
	}
	if what == isStale {
		if a, old := f.old(c); old {
			a.write(w)
			return
		}
	}
	a, err := f.ask(c)
	if err != nil {
		http.Error(w, err.Error(), http.StatusBadGateway)
		return
	}
	if what == isCut {
		panic(http.ErrAbortHandler) // net/http closes the connection
	}
	a.write(w)
}

// decide leaves people's proofs of who they are alone: these tests are about the factory.
func (f *front) decide(c *call) fate {
	f.mu.Lock()
	defer f.mu.Unlock()
	if !f.harms || c.operation == "GetCallerIdentity" {
		return unharmed
	}
	f.calls[c.operation]++
	what := f.trouble.fate(c.operation, f.calls[c.operation], c.isRead())
	f.fates[what]++
	if !c.isRead() {
		if f.struck[c.operation] == nil {
			f.struck[c.operation] = map[fate]int{}
		}
		f.struck[c.operation][what]++
	}
	return what
}

// ask has a rule answer, or moto.
func (f *front) ask(c *call) (answer, error) {
	if rule, found := f.rules[c.operation]; found {
		return rule(c, f.forward)
	}
	return f.forward(c)
}

func (f *front) forward(c *call) (answer, error) {
	req, err := c.to(f.moto)
	if err != nil {
		return answer{}, err
	}
	resp, err := http.DefaultTransport.RoundTrip(req)
	if err != nil {
		return answer{}, err
	}
	defer func() { _ = resp.Body.Close() }() // read to its end
	body, err := io.ReadAll(resp.Body)
	a := answer{resp.StatusCode, resp.Header, body, clock.Wall{}.Now()}
	if err == nil && c.isRead() {
		f.remember(c, a)
	}
	return a, err
}

// remember keeps an answer for as long as it may be given again.
func (f *front) remember(c *call, a answer) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.seen[c.question] = append(f.fresh(c), a)
}

// old gives the oldest answer that may still be given.
func (f *front) old(c *call) (answer, bool) {
	f.mu.Lock()
	defer f.mu.Unlock()
	known := f.fresh(c)
	if len(known) == 0 {
		return answer{}, false
	}
	return known[0], true
}

func (f *front) fresh(c *call) []answer {
	since := clock.Wall{}.Now().Add(-f.trouble.age)
	return slices.DeleteFunc(f.seen[c.question], func(a answer) bool { return a.at.Before(since) })
}

func (a answer) write(w http.ResponseWriter) {
	for k, v := range a.header {
		if k != "Content-Length" && k != "Connection" {
			w.Header()[k] = v
		}
	}
	w.WriteHeader(a.status)
	_, _ = w.Write(a.body) // who asked may be gone
}

// figures tells what was done to how many calls, and to each write.
func (f *front) figures() string {
	f.mu.Lock()
	defer f.mu.Unlock()
	out := []string{fmt.Sprint(f.fates)}
	for _, op := range slices.Sorted(maps.Keys(f.struck)) {
		out = append(out, fmt.Sprintf("%s %v", op, f.struck[op]))
	}
	return strings.Join(out, "; ")
}
