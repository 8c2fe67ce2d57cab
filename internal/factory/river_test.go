package factory_test

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"testing"
	"time"

	"accountfactory/internal/factory"
)

// running is a bundle whose workers run, on the wall's time.
func running(t testing.TB) *bundle {
	t.Helper()
	b := setup(t)
	b.clock, b.cloud.clock.Clock = nil, nil
	if err := b.db.Close(); err != nil {
		t.Fatal(err)
	}
	b.open()
	b.start()
	return b
}

func (b *bundle) start() {
	b.t.Helper()
	if err := b.svc.Start(b.t.Context()); err != nil {
		b.t.Fatal(err)
	}
	svc := b.svc
	b.t.Cleanup(func() { _ = svc.Stop(context.Background()) })
}

func (b *bundle) stop() {
	b.t.Helper()
	if err := b.svc.Stop(context.Background()); err != nil {
		b.t.Fatal(err)
	}
}

// await watches a request until it is as wanted.
func (b *bundle) await(id string, until func(factory.Detail) bool) factory.Detail {
	b.t.Helper()
	ctx, cancel := context.WithTimeout(b.t.Context(), 2*time.Minute)
	defer cancel()
	ch, err := b.svc.Watch(ctx, boss, id)
	if err != nil {
		b.t.Fatal(err)
	}
	var last factory.Detail
	for last = range ch {
		if until(last) {
			return last
		}
	}
	b.t.Fatalf("request stays %s in %s:\n%s", last.State, last.Step, story(last))
	return last
}

func ended(d factory.Detail) bool { return d.State.Ended() }

// TestQueue launches three with a limit of one: each waits for the one before, by name, and they begin in order.
func TestQueue(t *testing.T) {
	t.Parallel()
	b := running(t)
	held := make(chan struct{}) // the first does not end before all have been asked for
	b.cloud.fault = func(op string, _ int) (error, error) {
		if op == "DescribeRecord" {
			<-held
		}
		return nil, nil
	}
	ids := make([]string, 3)
	for i := range ids {
		d := b.submit(ada, input(i))
		ids[i] = d.ID
		if i > 0 && (d.Position != i || d.WaitingFor == "") {
			t.Errorf("request %d has position %d and waits for %q", i, d.Position, d.WaitingFor)
		}
	}
	close(held)
	var begun []time.Time
	for _, id := range ids {
		d := b.await(id, ended)
		if d.State != factory.StateSucceeded {
			t.Fatalf("%s\n%s", d.State, story(d))
		}
		begun = append(begun, d.StartedAt)
	}
	if begun[0].IsZero() || !slices.IsSortedFunc(begun, time.Time.Compare) {
		t.Errorf("they began at %v", begun)
	}
}

// TestStopsAtEachStep stops the workers at each step and starts new ones on the same database.
func TestStopsAtEachStep(t *testing.T) {
	t.Parallel()
	for _, step := range []string{factory.StepCheck, factory.StepTurn, factory.StepProvision, factory.StepFollow, factory.StepVerify} {
		t.Run(step, func(t *testing.T) {
			t.Parallel()
			b := running(t)
			// Hold the calls of the step back, so that the stop falls into it.
			held := make(chan struct{})
			reached := make(chan struct{}, 100)
			firstCall := map[string]string{
				factory.StepCheck: "SearchProvisionedProducts", factory.StepTurn: "ListEnabledBaselines", factory.StepProvision: "ProvisionProduct",
				factory.StepFollow: "DescribeRecord", factory.StepVerify: "DescribeAccount",
			}[step]
			b.cloud.polls = 2
			b.mode(factory.ModePaused) // submitting makes some of the calls too, and none of the request's may be missed
			id := b.submit(ada, input(1)).ID
			b.cloud.mu.Lock()
			b.cloud.fault = func(op string, _ int) (error, error) {
				if op == firstCall {
					select {
					case reached <- struct{}{}:
					default:
					}
					<-held
				}
				return nil, nil
			}
			b.cloud.mu.Unlock()
			b.mode(factory.ModeOpen)
			<-reached
			stopped := make(chan error, 1)
			go func() { stopped <- b.svc.Stop(context.Background()) }()
			close(held)
			if err := <-stopped; err != nil {
				t.Fatal(err)
			}
			if err := b.db.Close(); err != nil {
				t.Fatal(err)
			}
			b.open()
			b.start()
			b.checkWhole(scenarios[0], b.await(id, ended))
		})
	}
}

// TestSweepFindsLost takes a request's job away: the sweep gives it a new worker.
func TestSweepFindsLost(t *testing.T) {
	t.Parallel()
	b := setup(t)
	d := b.drive(b.submit(ada, input(1)).ID, atStep(factory.StepFollow))
	if n, err := b.db.Sweep(t.Context(), false); n != 0 || err != nil {
		t.Fatalf("a request with a job was swept: %d %v", n, err)
	}
	if _, err := b.db.Update(t.Context(), d.ID, factory.AnyGeneration, func(r *factory.Request) ([]factory.Event, error) {
		r.JobID = 1 << 40 // no such job
		return nil, nil
	}); err != nil {
		t.Fatal(err)
	}
	if n, err := b.db.Sweep(t.Context(), false); n != 1 || err != nil {
		t.Fatalf("Sweep gave %d %v, want 1", n, err)
	}
	b.checkWhole(scenarios[0], b.drive(d.ID, nil))
}

// TestLimitChanges raises the limit while many wait: as many start at once, and no more than that.
func TestLimitChanges(t *testing.T) {
	t.Parallel()
	b := setup(t)
	for i := range 8 {
		b.submit(ada, input(i))
	}
	holding := func() int {
		q, err := b.db.Queue(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		return q.Used
	}
	for _, step := range []struct{ limit, want int }{{3, 3}, {5, 5}, {2, 5}, {0, 5}, {50, 8}} {
		if err := b.svc.ChangeQueue(t.Context(), boss, factory.QueueChange{Limit: new(step.limit)}); err != nil {
			t.Fatal(err)
		}
		if got := holding(); got != step.want {
			t.Errorf("limit %d: %d hold a slot, want %d", step.limit, got, step.want)
		}
	}
	var denied *factory.DeniedError
	if err := b.svc.ChangeQueue(t.Context(), ada, factory.QueueChange{Limit: new(3)}); !errors.As(err, &denied) {
		t.Errorf("a requester changed the limit: %v", err)
	}
	var no *factory.RefusedError
	if err := b.svc.ChangeQueue(t.Context(), boss, factory.QueueChange{Limit: new(51)}); !errors.As(err, &no) {
		t.Errorf("limit 51: %v", err)
	}
}

// BenchmarkFreedSlot measures from one request's end to the next one's first step done, with a limit of one.
func BenchmarkFreedSlot(b *testing.B) {
	bb := running(b)
	bb.cloud.polls = 0
	if err := bb.svc.ChangeQueue(b.Context(), boss, factory.QueueChange{Limit: new(0)}); err != nil {
		b.Fatal(err)
	}
	ids := make([]string, b.N+1)
	for i := range ids {
		ids[i] = bb.submit(ada, input(i)).ID
	}
	if err := bb.svc.ChangeQueue(b.Context(), boss, factory.QueueChange{Limit: new(1)}); err != nil {
		b.Fatal(err)
	}
	var gaps []time.Duration
	for i, id := range ids {
		d := bb.await(id, ended)
		if i > 0 {
			gaps = append(gaps, d.Timeline[2].At.Sub(bb.get(ids[i-1]).EndedAt))
		}
	}
	slices.Sort(gaps)
	b.ReportMetric(float64(gaps[len(gaps)/2].Milliseconds()), "p50-ms")
	b.ReportMetric(float64(gaps[len(gaps)-1].Milliseconds()), "max-ms")
	b.ReportMetric(0, "ns/op")
}

// BenchmarkLaunch vends b.N accounts through an instant fake, 50 at once: what the engine and the database cost.
func BenchmarkLaunch(b *testing.B) {
	bb := running(b)
	bb.cloud.polls = 0
	if err := bb.svc.ChangeQueue(b.Context(), boss, factory.QueueChange{Limit: new(50)}); err != nil {
		b.Fatal(err)
	}
	ids := make([]string, b.N)
	b.ResetTimer()
	for i := range ids {
		ids[i] = bb.submit(ada, input(i)).ID
	}
	submitted := b.Elapsed()
	for _, id := range ids {
		if d := bb.await(id, ended); d.State != factory.StateSucceeded {
			b.Fatal(fmt.Sprint(d.State, "\n", story(d)))
		}
	}
	b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "requests/s")
	b.ReportMetric(float64(b.N)/submitted.Seconds(), "submitted/s")
}
