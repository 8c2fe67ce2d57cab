package factory_test

import (
	"context"
	"fmt"
	"strings"
	"sync"
	"testing"
	"time"

	"accountfactory/internal/factory"
)

// gathering is sessions that give nobody one until so many wait for theirs.
type gathering struct {
	factory.Sessions
	want int

	mu       sync.Mutex
	armed    bool
	in, most int
	enough   chan struct{}
}

// For waits for the others, or until the caller's time is over: then there are no others, and nobody waits any more.
func (g *gathering) For(ctx context.Context, requester string) (factory.AWS, error) {
	if g.enter() {
		defer g.leave()
		select {
		case <-g.enough:
		case <-ctx.Done():
			g.open()
			return factory.AWS{}, ctx.Err()
		}
	}
	return g.Sessions.For(ctx, requester)
}

func (g *gathering) enter() bool {
	g.mu.Lock()
	defer g.mu.Unlock()
	if !g.armed {
		return false
	}
	g.in++
	g.most = max(g.most, g.in)
	if g.in == g.want {
		close(g.enough)
		g.want = 0
	}
	return true
}

func (g *gathering) leave() {
	g.mu.Lock()
	defer g.mu.Unlock()
	g.in--
}

func (g *gathering) open() {
	g.mu.Lock()
	defer g.mu.Unlock()
	if g.want > 0 {
		close(g.enough)
		g.want = 0
	}
}

// await returns once so many wait.
func (g *gathering) await(t *testing.T, n int) {
	t.Helper()
	late, tick := time.After(time.Minute), time.NewTicker(time.Millisecond)
	defer tick.Stop()
	for {
		g.mu.Lock()
		in := g.in
		g.mu.Unlock()
		if in == n {
			return
		}
		select {
		case <-tick.C:
		case <-late:
			t.Fatalf("%d wait, want %d", in, n)
		}
	}
}

// awaiting has a factory at which so many requests wait for their SSO users, whose sessions come to eight at once.
func awaiting(t *testing.T, n int) (*bundle, *gathering, []string) {
	t.Helper()
	b := setup(t)
	g := &gathering{Sessions: b.cloud, want: 8, enough: make(chan struct{})}
	b.set = func(c *factory.Config) { c.ExternalIdentity, c.Sessions = true, g }
	b.reopen()
	var ids []string
	for i := range n {
		d := b.drive(b.submit(ada, input(i+1)).ID, nil)
		if d.State != factory.StateWaitingForPerson {
			t.Fatalf("%s\n%s", d.State, story(d))
		}
		ids = append(ids, d.ID)
	}
	b.clock.advance(time.Minute)
	g.mu.Lock()
	g.armed = true
	g.mu.Unlock()
	return b, g, ids
}

// TestAttend_Several: while the cloud takes its time eight requests are looked at at once, and each goes on once.
func TestAttend_Several(t *testing.T) {
	t.Parallel()
	b, g, ids := awaiting(t, 20)
	for i := range ids {
		b.cloud.users[fmt.Sprintf("lead%d@example.com", i+1)] = fmt.Sprintf("user-%d", i+1)
	}
	b.attend()
	if g.most != 8 {
		t.Errorf("%d requests were looked at at once, want 8", g.most)
	}
	b.attend() // finds none
	for _, id := range ids {
		d := b.get(id)
		if n := strings.Count(story(d), "Nobody needs to answer any more"); d.Ask != nil || d.Generation != 2 || n != 1 {
			t.Errorf("%s in generation %d went on %d times\n%s", d.State, d.Generation, n, story(d))
		}
	}
}

// TestAttend_Stopped: a factory that stops waits for nobody's answer.
func TestAttend_Stopped(t *testing.T) {
	t.Parallel()
	b, g, ids := awaiting(t, 3)
	ctx, cancel := context.WithCancel(t.Context())
	done := make(chan struct{})
	go func() {
		defer close(done)
		_ = b.svc.Attend(ctx) // what could not be stored is stored next time
	}()
	g.await(t, len(ids))
	cancel()
	<-done
	for _, id := range ids {
		if d := b.get(id); d.State != factory.StateWaitingForPerson || d.Generation != 1 {
			t.Errorf("%s in generation %d\n%s", d.State, d.Generation, story(d))
		}
	}
}

// TestAttend_ClockBack: a person's part that is done shows also after the clock was set back by hours.
func TestAttend_ClockBack(t *testing.T) {
	t.Parallel()
	b := provided(t)
	id := b.submit(ada, input(1)).ID
	b.waits(id)
	b.clock.advance(-8 * time.Hour)
	for range 2 { // the first look finds nobody, and the next is due by the clock as it is now
		b.attend()
		if d := b.get(id); d.State != factory.StateWaitingForPerson {
			t.Fatalf("%s\n%s", d.State, story(d))
		}
	}
	b.cloud.users["lead1@example.com"] = "user-synced"
	b.clock.advance(time.Minute)
	b.attend()
	if d := b.drive(id, nil); d.State != factory.StateSucceeded {
		t.Errorf("%s\n%s", d.State, story(d))
	}
}
