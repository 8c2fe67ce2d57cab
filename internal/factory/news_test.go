package factory_test

import (
	"context"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

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
