package crash

import (
	"context"
	"fmt"
	"maps"
	"math/rand/v2"
	"os"
	"slices"
	"testing"
	"time"
)

// Kills at random times: few by default, a thousand with ACCOUNTFACTORY_SOAK=1.
const (
	someKills = 12
	manyKills = 1000
	perKill   = 20 * time.Second // a bound, far beyond what one takes
)

// TestRandomKills keeps a few launches going, at a speed at which a vend takes a good part of a second, and kills the
// server at random times, its start included.
func TestRandomKills(t *testing.T) {
	t.Parallel()
	kills := someKills
	if os.Getenv("ACCOUNTFACTORY_SOAK") == "1" {
		kills = manyKills
	}
	seed := rand.Uint64()
	random := rand.New(rand.NewPCG(seed, 0)) //nolint:gosec // kill times, not secrets
	l := begin(t, "--speed", "3000", "--account-operations", "2")
	var cancel context.CancelFunc
	l.ctx, cancel = context.WithTimeout(t.Context(), time.Duration(kills+30)*perKill)
	defer cancel()
	names := map[string]bool{} // true once the launch was acknowledged
	for n := range kills {
		l.serve()
		name := fmt.Sprintf("vend-%03d", n/3) // asked for three times, by somebody who forgets that they did
		asked := make(chan bool, 1)
		go func() { asked <- l.launch(name).Code == 0 }()
		<-time.After(time.Duration(random.Int64N(int64(600 * time.Millisecond))))
		l.kill()
		names[name] = <-asked || names[name]
	}
	l.serve()
	open := 0
	for name, acknowledged := range names {
		r, err := l.request(name)
		l.must(err)
		if r == nil && acknowledged {
			t.Errorf("%s was acknowledged and is forgotten", name)
		}
		if r != nil && !r.State.Ended() {
			open++
		}
	}
	l.allWhole(slices.Collect(maps.Keys(names))...)
	if kills == manyKills && l.hit < manyKills/20 {
		t.Errorf("only %d of %d kills struck a request at work", l.hit, kills)
	}
	t.Logf("seed %d: %d kills, %d of them while a request was at work, %d accounts, %d open after the last kill", seed, kills, l.hit, len(names), open)
}
