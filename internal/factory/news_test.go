package factory_test

import (
	"context"
	"fmt"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"accountfactory/internal/clock"
	"accountfactory/internal/factory"
)

// reader follows the news for a caller. What it read last of each request, and of the queue, is in it.
type reader struct {
	t        *testing.T
	news     <-chan factory.News
	stop     context.CancelFunc
	at       time.Time
	requests map[string]factory.State
	queue    factory.QueueView
}

func (b *bundle) follow(t *testing.T, c factory.Caller, since time.Time) *reader {
	t.Helper()
	ctx, cancel := context.WithCancel(t.Context())
	t.Cleanup(cancel)
	news, err := b.svc.News(ctx, c, since)
	if err != nil {
		t.Fatal(err)
	}
	return &reader{t: t, news: news, stop: cancel, requests: map[string]factory.State{}}
}

// until reads until something holds.
func (r *reader) until(what string, holds func() bool) {
	r.t.Helper()
	late := time.After(time.Minute)
	for !holds() {
		select {
		case one := <-r.news:
			r.take(one)
		case <-late:
			r.t.Fatalf("%s: not seen; saw %v", what, r.requests)
		}
	}
}

func (r *reader) take(one factory.News) {
	r.at = one.At
	for _, d := range one.Requests {
		r.requests[d.ID] = d.State
	}
	if one.Queue != nil {
		r.queue = *one.Queue
	}
}

// TestNews: first what is open, then each change, one's own alone; others follow all.
func TestNews(t *testing.T) {
	t.Parallel()
	b := setup(t)
	mine, theirs := b.submit(ada, input(1)).ID, b.submit(bob, input(2)).ID
	requester, operator := b.follow(t, ada, time.Time{}), b.follow(t, boss, time.Time{})
	requester.take(<-requester.news)
	if diff := cmp.Diff(map[string]factory.State{mine: factory.StateWaiting}, requester.requests); diff != "" {
		t.Errorf("at first a requester sees: %s", diff)
	}
	operator.take(<-operator.news)
	if len(operator.requests) != 2 || operator.queue.Limit != 1 || operator.queue.Running != 1 {
		t.Errorf("at first an operator sees %v and %+v", operator.requests, operator.queue)
	}
	driven := make(chan struct{})
	go func() { defer close(driven); b.drive(mine, nil); b.drive(theirs, nil) }()
	defer func() { <-driven }()
	requester.until("the end of one's own", func() bool { return requester.requests[mine] == factory.StateSucceeded })
	operator.until("the end of both", func() bool {
		return operator.requests[mine] == factory.StateSucceeded && operator.requests[theirs] == factory.StateSucceeded && operator.queue.Running == 0
	})
	if _, found := requester.requests[theirs]; found {
		t.Error("a requester sees another's request")
	}
	requester.stop()
	for range requester.news { // ends, and with it what wrote to it
	}
}

// TestNews_Queue: a request that is added moves the queue, for those who follow it and for those whose place somebody takes.
func TestNews_Queue(t *testing.T) {
	t.Parallel()
	b := setup(t)
	r := b.follow(t, boss, time.Time{})
	r.take(<-r.news)
	b.submit(ada, input(1))
	r.until("the first one runs", func() bool { return r.queue.Running == 1 })
	old := b.submit(ada, input(2)).ID
	r.until("the second one waits", func() bool { return r.queue.Waiting == 1 })
	watched, err := b.svc.Watch(t.Context(), ada, old)
	if err != nil {
		t.Fatal(err)
	}
	if d := <-watched; d.Position != 1 {
		t.Fatalf("it waits at %d", d.Position)
	}
	urgent := input(3)
	urgent.Priority = 5
	b.submit(boss, urgent)
	select {
	case d := <-watched:
		if d.Position != 2 {
			t.Errorf("overtaken, it waits at %d", d.Position)
		}
	case <-time.After(time.Minute):
		t.Error("nobody tells that it was overtaken")
	}
}

// TestNews_Since: who comes back sees what changed meanwhile, ended requests too, and nothing older.
func TestNews_Since(t *testing.T) {
	t.Parallel()
	b := setup(t)
	old := b.submit(ada, input(1)).ID
	b.drive(old, nil)
	b.clock.advance(time.Hour)
	r := b.follow(t, boss, time.Time{})
	r.take(<-r.news)
	if len(r.requests) != 0 {
		t.Errorf("ended requests are open: %v", r.requests)
	}
	r.stop()
	b.clock.advance(time.Minute)
	missed := b.submit(ada, input(2)).ID
	b.drive(missed, nil)
	again := b.follow(t, boss, r.at)
	again.take(<-again.news)
	if diff := cmp.Diff(map[string]factory.State{missed: factory.StateSucceeded}, again.requests); diff != "" {
		t.Errorf("after coming back: %s", diff)
	}
}

// TestNews_Slow: who does not read costs nothing but the last state of each.
func TestNews_Slow(t *testing.T) {
	t.Parallel()
	b := setup(t)
	r := b.follow(t, boss, time.Time{})
	r.take(<-r.news)
	id := b.submit(ada, input(1)).ID
	b.drive(id, nil)
	r.until("the end", func() bool { return r.requests[id] == factory.StateSucceeded })
}

// ahead is the clock of a server that is before another one's.
type ahead struct {
	clock.Clock
	by time.Duration
}

func (a ahead) Now() time.Time { return a.Clock.Now().Add(a.by) }

// TestNews_Skew: who comes back to a server whose clock is before that of the one that made a change misses nothing.
func TestNews_Skew(t *testing.T) {
	t.Parallel()
	b := setup(t)
	b.set = func(c *factory.Config) { c.Clock = ahead{c.Clock, 30 * time.Second} } // the database has the other's
	b.reopen()
	r := b.follow(t, boss, time.Time{})
	r.take(<-r.news)
	r.stop()
	b.clock.advance(10 * time.Second)
	missed := factory.Request{ID: "req-missed", Kind: factory.KindLaunch, State: factory.StateFailed, Step: factory.StepCheck, Requester: ada.ARN, UpdatedAt: b.clock.Now()}
	if _, err := b.db.Add(t.Context(), missed, factory.Event{}); err != nil {
		t.Fatal(err)
	}
	again := b.follow(t, boss, r.at)
	again.take(<-again.news)
	if again.requests[missed.ID] != factory.StateFailed {
		t.Errorf("after coming back: %v", again.requests)
	}
}

// counting is a store that knows how many requests were read of it at once.
type counting struct {
	factory.Store
	mu   sync.Mutex
	most int
}

func (c *counting) List(ctx context.Context, f factory.Filter) ([]factory.Request, error) {
	rs, err := c.Store.List(ctx, f)
	c.mu.Lock()
	defer c.mu.Unlock()
	c.most = max(c.most, len(rs))
	return rs, err
}

// TestNews_Long: who was away for long is given all that changed, in order, and no more of it is read at once than a hundred. Who
// is cut off in the middle goes on from there.
func TestNews_Long(t *testing.T) {
	t.Parallel()
	b := setup(t)
	var c *counting
	b.wrap = func(s factory.Store) factory.Store { c = &counting{Store: s}; return c }
	b.reopen()
	since := b.clock.Now()
	const all = 250
	for n := range all {
		b.clock.advance(time.Second)
		r := factory.Request{ID: fmt.Sprintf("req-%03d", n), Kind: factory.KindLaunch, State: factory.StateFailed, Step: factory.StepCheck, Requester: ada.ARN, CreatedAt: b.clock.Now(), UpdatedAt: b.clock.Now()}
		if _, err := b.db.Add(t.Context(), r, factory.Event{}); err != nil {
			t.Fatal(err)
		}
	}
	var order []string
	r := b.follow(t, boss, since)
	read := func() {
		one := <-r.news
		for _, d := range one.Requests {
			order = append(order, d.ID)
		}
		r.take(one)
	}
	read()
	moved := order[0] // and so comes once more
	b.clock.advance(time.Second)
	if _, err := b.db.Update(t.Context(), moved, factory.AnyGeneration, func(r *factory.Request) ([]factory.Event, error) {
		r.State = factory.StateCancelled
		return nil, nil
	}); err != nil {
		t.Fatal(err)
	}
	read()
	r.stop()
	if len(order) != 200 {
		t.Errorf("two readings gave %d requests, want 200", len(order))
	}
	again := b.follow(t, ada, r.at)
	again.take(<-again.news)
	if _, old := again.requests["req-100"]; old || len(again.requests) < all-200 || again.queue.Limit == 0 {
		t.Errorf("who was cut off is given %d requests, old ones: %v, and the queue %+v", len(again.requests), old, again.queue)
	}
	again.until("the change meanwhile", func() bool { return again.requests[moved] == factory.StateCancelled })
	for id := range again.requests {
		r.requests[id] = again.requests[id]
	}
	for n := range all {
		if id := fmt.Sprintf("req-%03d", n); n < 200 && order[n] != id || r.requests[id] == "" {
			t.Fatalf("%s is missing, or not in its place", id)
		}
	}
	if c.most != 100 {
		t.Errorf("%d requests were read at once, want 100", c.most)
	}
}
