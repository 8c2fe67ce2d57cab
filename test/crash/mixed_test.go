package crash

import (
	"context"
	"fmt"
	"slices"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"accountfactory/internal/clock"
	"accountfactory/internal/factory"
)

func clockNow() time.Time { return clock.Wall{}.Now() }

// People at once, and how much happens: in one process some by default, all with ACCOUNTFACTORY_SOAK=1; apart all each time.
const (
	people                   = 4
	someRequests, someDeaths = 60, 15
	manyRequests, manyDeaths = 200, 100
	boundOfTown              = 25 * time.Minute
)

// TestMixedKills kills factory and twin, in one process, at random times while requests of all kinds are asked for: each
// ends as it should, none is doubled, none that was acknowledged is lost, and each account is as one that nobody disturbed.
func TestMixedKills(t *testing.T) {
	t.Parallel()
	requests, deaths := someRequests, someDeaths
	if soaking() {
		requests, deaths = manyRequests, manyDeaths
	}
	mixedKills(t, false, requests, deaths)
}

// TestMixedKills_Apart kills either of them, each in its own process: the factory sees the cloud vanish and come back.
func TestMixedKills_Apart(t *testing.T) {
	t.Parallel()
	mixedKills(t, true, manyRequests, manyDeaths)
}

func mixedKills(t *testing.T, apart bool, requests, deaths int) {
	t.Helper()
	w := beginTown(t, apart)
	var cancel context.CancelFunc
	w.ctx, cancel = context.WithTimeout(t.Context(), boundOfTown)
	defer cancel()
	want := make([]outcome, len(walks))
	for i, e := range walks {
		if err := w.walk(e, "calm-"+e.name); err != nil {
			t.Fatal(err)
		}
		want[i] = w.left("calm-" + e.name)
	}
	calm := len(w.acked)
	var enough atomic.Bool
	var walkers sync.WaitGroup
	var next atomic.Int64
	names := make([][]string, people)
	for n := range people {
		walkers.Go(func() {
			for !enough.Load() {
				i := int(next.Add(1)) - 1
				name := fmt.Sprintf("mixed-%03d", i)
				if err := w.walk(walks[i%len(walks)], name); err != nil {
					t.Error(err)
					return
				}
				names[n] = append(names[n], name)
			}
		})
	}
	begun := clockNow()
	for w.deaths < deaths || w.submitted()-calm < requests {
		<-time.After(time.Duration(w.random.Int64N(int64(600 * time.Millisecond))))
		if t.Failed() {
			break
		}
		w.strike()
	}
	enough.Store(true)
	walkers.Wait()
	lasted := clockNow().Sub(begun)
	all := slices.Concat(names...)
	slices.Sort(all)
	for _, name := range all {
		var i int
		_, _ = fmt.Sscanf(name, "mixed-%d", &i)
		if diff := cmp.Diff(want[i%len(walks)], w.left(name)); diff != "" {
			t.Errorf("%s, %s (-undisturbed +killed):\n%s", name, walks[i%len(walks)].name, diff)
		}
	}
	hit := w.checkRequests()
	slices.Sort(w.took)
	t.Logf("%d requests of %d accounts, kills %v in %s; a dead worker's request was taken over %d times; up again within %s, slowest %s",
		len(w.acked)-calm, len(all), w.kills, lasted.Round(time.Millisecond), hit, w.took[len(w.took)/2].Round(time.Millisecond), w.took[len(w.took)-1].Round(time.Millisecond))
}

func (w *town) submitted() int {
	w.mu.Lock()
	defer w.mu.Unlock()
	return len(w.acked)
}

// checkRequests looks for each request that was acknowledged, that there are no others, and that all have ended; and says
// how often one was taken over from a worker that died.
func (w *town) checkRequests() (hit int) {
	w.t.Helper()
	var list struct{ Requests []factory.Detail }
	if refused, err := w.ask("GET", "/api/v1/requests", "", nil, &list); err != nil || refused != nil {
		w.t.Fatalf("%v, %v", refused, err)
	}
	there := map[string]bool{}
	for _, r := range list.Requests {
		there[r.ID] = true
		if !r.State.Ended() {
			w.t.Errorf("has not ended: %s", show(&r))
		}
		hit += int(r.Generation) - 1
	}
	for key, id := range w.acked {
		if !there[id] {
			w.t.Errorf("%s was acknowledged as %s and is forgotten", key, id)
		}
	}
	if len(there) != len(w.acked) {
		w.t.Errorf("%d requests, and %d were asked for", len(there), len(w.acked))
	}
	return hit
}
