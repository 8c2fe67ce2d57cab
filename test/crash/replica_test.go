package crash

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"accountfactory/internal/factory"
	"accountfactory/test/harness"
)

// Requests that two replicas handle: what is promised by default, more with ACCOUNTFACTORY_SOAK=1. takeoverWithin is promised too.
const (
	someShared, manyShared = 200, 1000
	takeoverWithin         = time.Minute
)

// pair is two factories that share a PostgreSQL and work on one twin, which stands in for AWS.
type pair struct {
	*town
	database *harness.Postgres
	url      string
	second   *harness.Process
}

// TestReplicas has two replicas on PostgreSQL handle requests of all kinds while one is killed, the other is stopped in the
// middle of its calls and goes on later, and PostgreSQL is restarted: every request ends as one that nobody disturbed, none
// is doubled, and what a replica left is taken over within a minute.
func TestReplicas(t *testing.T) {
	t.Parallel()
	p := beginPair(t)
	requests := someShared
	if soaking() {
		requests = manyShared
	}
	want := make([]outcome, len(walks))
	for i, e := range walks {
		p.must(p.walk(e, "calm-"+e.name))
		want[i] = p.left("calm-" + e.name)
	}
	calm := len(p.acked)
	var enough atomic.Bool
	var walkers sync.WaitGroup
	var next atomic.Int64
	for range people {
		walkers.Go(func() {
			for !enough.Load() {
				i := int(next.Add(1)) - 1
				if err := p.walk(walks[i%len(walks)], fmt.Sprintf("shared-%03d", i)); err != nil {
					t.Error(err)
					return
				}
			}
		})
	}
	for _, trouble := range []struct {
		name  string
		cause func() time.Time
	}{{"kill -9", p.killFirst}, {"a pause", p.pauseSecond}, {"PostgreSQL restarted", p.restartDatabase}} {
		p.awaitMore(requests / 4)
		at := trouble.cause()
		t.Logf("%s after %d requests; taken over after %s", trouble.name, p.submitted()-calm, p.takeover(at))
	}
	p.awaitMore(requests - (p.submitted() - calm))
	enough.Store(true)
	walkers.Wait()
	for i := range int(next.Load()) {
		name := fmt.Sprintf("shared-%03d", i)
		if diff := cmp.Diff(want[i%len(walks)], p.left(name)); diff != "" {
			t.Errorf("%s, %s (-undisturbed +disturbed):\n%s", name, walks[i%len(walks)].name, diff)
		}
	}
	hit := p.checkRequests()
	t.Logf("%d requests by two replicas, %d taken over", p.submitted()-calm, hit)
}

func beginPair(t *testing.T) *pair {
	t.Helper()
	database, err := harness.StartPostgres(t.Context())
	if errors.Is(err, harness.ErrNoPostgres) {
		harness.Missing(t, true, err.Error())
	}
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = database.Close() }) // its folder is in the temporary one
	p := &pair{database: database}
	if p.url, err = database.Database(t.Context()); err != nil {
		t.Fatal(err)
	}
	p.town = beginTown(t, true, "--database", p.url)
	p.second = p.replica("-second")
	t.Cleanup(func() { p.second.Kill() })
	var cancel context.CancelFunc
	p.ctx, cancel = context.WithTimeout(t.Context(), boundOfTown)
	t.Cleanup(cancel)
	return p
}

// replica starts a further factory on the same database.
func (p *pair) replica(folder string) *harness.Process {
	p.t.Helper()
	r, err := harness.StartIn(p.ctx, &p.log, p.env(), binary, p.data+folder, "serve", append(p.asAWS(), "--database", p.url)...)
	p.must(err)
	return r
}

// awaitMore waits until more requests have been taken.
func (p *pair) awaitMore(n int) {
	p.t.Helper()
	goal := p.submitted() + n
	p.must(harness.Poll(p.ctx, 20*time.Millisecond, func() (bool, error) { return p.submitted() >= goal || p.t.Failed(), nil }))
}

// use has people talk to one of the replicas.
func (p *pair) use(r *harness.Process) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.factory = r
}

// killFirst kills the replica that people talk to; they go on with the other. It is not brought up again.
func (p *pair) killFirst() time.Time {
	first := p.factory
	p.use(p.second)
	first.Kill()
	at := clockNow()
	p.second = p.replica("-third")
	return at
}

// pauseSecond stops the replica that nobody talks to until another has taken over what it had, and lets it go on then.
func (p *pair) pauseSecond() time.Time {
	p.t.Helper()
	p.must(p.second.Pause())
	at := clockNow()
	p.takeover(at)
	p.must(p.second.Continue())
	return at
}

// restartDatabase stops PostgreSQL under everybody and starts it again.
func (p *pair) restartDatabase() time.Time {
	p.t.Helper()
	p.must(p.database.Stop())
	p.must(p.database.Start(p.ctx))
	return clockNow()
}

// takeover waits until no request is left that a replica had at some time and nobody has taken a turn at since, and gives
// how long that took.
func (p *pair) takeover(at time.Time) time.Duration {
	p.t.Helper()
	var list struct{ Requests []factory.Detail }
	p.must(harness.Poll(p.ctx, 100*time.Millisecond, func() (bool, error) {
		list.Requests = nil
		refused, err := p.ask("GET", "/api/v1/requests", "", nil, &list)
		if err != nil {
			return false, err
		}
		if refused != nil {
			return false, refused
		}
		if took := clockNow().Sub(at); took > takeoverWithin {
			return false, fmt.Errorf("%s after the trouble something is not taken over", took)
		}
		return !slices.ContainsFunc(list.Requests, func(d factory.Detail) bool {
			return d.State == factory.StateRunning && d.UpdatedAt.Before(at)
		}), nil
	}))
	return clockNow().Sub(at).Round(10 * time.Millisecond)
}
