package crash

import (
	"encoding/json"
	"testing"

	"accountfactory/internal/factory"
	"accountfactory/test/harness"
)

// operation is one that the lab lists as under way.
type operation struct {
	ID, Kind, Step string
	Stuck          bool
}

// stuck waits for an operation that a fault has stopped.
func (l *life) stuck() operation {
	l.t.Helper()
	var found []operation
	l.must(harness.Poll(l.ctx, tick, func() (bool, error) {
		found = l.stopped()
		return len(found) > 0, nil
	}))
	return found[0]
}

// stopped gives the operations that a fault has stopped and nobody released.
func (l *life) stopped() (all []operation) {
	l.t.Helper()
	var out struct{ Operations []operation }
	l.lab("GET", "/_twin/operations", nil, &out)
	for _, o := range out.Operations {
		if o.Stuck {
			all = append(all, o)
		}
	}
	return all
}

func (l *life) release(o operation) {
	l.t.Helper()
	l.lab("POST", "/_twin/operations/"+o.ID+"/release", nil, nil)
}

// TestKilledOnceLaunchReturned: what the command line has printed an id for is durable.
func TestKilledOnceLaunchReturned(t *testing.T) {
	t.Parallel()
	for range 3 {
		l := begin(t)
		l.serve()
		out := l.launch(account)
		l.kill()
		var said factory.Detail
		if err := json.Unmarshal([]byte(out.Out), &said); err != nil || said.ID == "" {
			t.Fatalf("launch printed %q, %v; %s", out.Out, err, out.Err)
		}
		l.serve()
		if r := l.await(account); r.ID != said.ID {
			t.Errorf("the request is %s, the launch printed %s", r.ID, said.ID)
		}
		l.whole(account, vended(account, created))
		l.kill()
	}
}

// TestKilledWhileOthersWait: what waits in the queue goes on waiting in its order, through two deaths, while what is at
// work in AWS stays there.
func TestKilledWhileOthersWait(t *testing.T) {
	t.Parallel()
	l := begin(t)
	l.serve()
	l.arm(fault{Kind: "stuck", Service: "controltower", Step: "baseline", Count: 1})
	names := []string{"first", "second", "third"}
	for _, name := range names {
		if out := l.launch(name); out.Code != 0 {
			t.Fatalf("launch %s: %s", name, out.Err)
		}
	}
	op := l.stuck()
	for range 2 {
		l.kill()
		l.serve()
		for i, name := range names {
			r, err := l.request(name)
			l.must(err)
			if r.State.Ended() || r.Position != i {
				t.Errorf("%s is %s at position %d, want open at %d", name, r.State, r.Position, i)
			}
		}
	}
	l.release(op)
	l.allWhole(names...)
}
