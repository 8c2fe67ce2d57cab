package factory_test

import (
	"context"
	"errors"
	"slices"
	"strings"
	"testing"
	"time"

	"accountfactory/internal/factory"
)

func lists(b *bundle) (n int) {
	b.cloud.mu.Lock()
	defer b.cloud.mu.Unlock()
	for _, op := range b.cloud.calls {
		if op == "ListAccounts" {
			n++
		}
	}
	return n
}

// TestSurvey: who asked for the cloud may go, the reading goes on, and the next one finds what it has read.
func TestSurvey(t *testing.T) {
	t.Parallel()
	b := setup(t)
	begun, gate := make(chan struct{}), make(chan struct{})
	b.cloud.fault = func(op string, _ int) (before, after error) {
		if op == "ListAccounts" {
			close(begun)
			<-gate
		}
		return nil, nil
	}
	ctx, cancel := context.WithCancel(t.Context())
	asked := make(chan error, 1)
	go func() {
		_, err := b.svc.Submit(ctx, ada, b.cloud, input(1))
		asked <- err
	}()
	<-begun
	cancel()
	if err := <-asked; !errors.Is(err, context.Canceled) || !strings.Contains(err.Error(), "the organization is still being read, 0 accounts so far") {
		t.Errorf("who waited was told %v", err)
	}
	close(gate)
	b.submit(ada, input(1))
	if n := lists(b); n != 1 {
		t.Errorf("accounts were listed %d times", n)
	}
}

// TestSurvey_Stopped: a server that stops ends its reading and begins no other.
func TestSurvey_Stopped(t *testing.T) {
	t.Parallel()
	b := setup(t)
	begun := make(chan struct{})
	b.cloud.fault = func(op string, _ int) (before, after error) {
		if op == "ListAccounts" {
			close(begun)
		}
		return nil, nil
	}
	b.cloud.hangs = "ListAccounts"
	asked := make(chan error)
	submit := func() {
		_, err := b.svc.Submit(t.Context(), ada, b.cloud, input(1))
		asked <- err
	}
	go submit()
	<-begun
	if err := b.svc.Stop(t.Context()); err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{"context canceled", "this server is stopping"} {
		if err := <-asked; err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%v, want %q", err, want)
		}
		if want == "context canceled" {
			go submit()
		}
	}
}

// TestSurvey_Large: what fails a check is read again, unless reading takes so long that what was just read is fresh.
func TestSurvey_Large(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		takes time.Duration
		want  int
	}{{2 * time.Second, 2}, {time.Minute, 1}} {
		t.Run(tt.takes.String(), func(t *testing.T) {
			t.Parallel()
			b := setup(t)
			b.cloud.fault = func(op string, _ int) (before, after error) {
				if op == "ListAccounts" {
					b.clock.advance(tt.takes)
				}
				return nil, nil
			}
			in := input(1)
			in.OU = "Nowhere"
			var refused *factory.RefusedError
			if _, err := b.svc.Submit(t.Context(), ada, b.cloud, in); !errors.As(err, &refused) {
				t.Fatalf("an OU that is not there: %v", err)
			}
			if n := lists(b); n != tt.want {
				t.Errorf("accounts were listed %d times, want %d: %v", n, tt.want, slices.Compact(b.cloud.calls))
			}
		})
	}
}

// TestSurvey_ClockBack: what was read before the clock was set back is not taken for new until the clock is there again.
func TestSurvey_ClockBack(t *testing.T) {
	t.Parallel()
	b := setup(t)
	b.submit(ada, input(1))
	b.clock.advance(-time.Hour)
	b.submit(ada, input(2))
	b.submit(ada, input(3))
	if n := lists(b); n != 2 {
		t.Errorf("accounts were listed %d times, want once before the clock was set back and once after", n)
	}
}

// TestSurvey_Unit: an organizational unit that was made or registered a moment ago is known to whoever names it.
func TestSurvey_Unit(t *testing.T) {
	t.Parallel()
	b := setup(t)
	vended(b)
	b.submit(ada, input(2)) // reads the cloud
	for i := range b.cloud.ous {
		b.cloud.ous[i].registered = true
	}
	in := input(3)
	in.OU = "Wild"
	b.submit(ada, in)
	b.cloud.ous = append(b.cloud.ous, fakeOU{"ou-ab12-brandnew", "New", "r-ab12", true})
	b.clock.advance(time.Millisecond)
	b.submit(ada, about(factory.KindUpdate, first, func(in *factory.Input) { in.OU = "New" }))
}
