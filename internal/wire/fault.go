package wire

import (
	"context"
	"time"
)

// fault asks what is to go wrong with the call.
func (c *call) fault(ctx context.Context) Fault {
	if c.e.cfg.Fault == nil {
		return Fault{}
	}
	return c.e.cfg.Fault(ctx, c.req)
}

// before does what a fault does before handling, and tells whether it ends there.
func (c *call) before(ctx context.Context, f Fault) (_ answer, stop bool) {
	if f.Delay > 0 && !wait(ctx, f.Delay) {
		return answer{cut: true}, true // the client is gone, nothing is handled
	}
	switch {
	case f.Cut:
		return answer{cut: true}, true
	case f.Err != nil:
		return c.fail(f.Err), true
	}
	if f.Before != nil {
		f.Before()
	}
	return answer{}, false
}

// after does what a fault does once the call is handled.
func (c *call) after(f Fault, a answer) answer {
	if f.After != nil {
		f.After()
	}
	if f.CutAfter {
		return answer{cut: true}
	}
	return a
}

// wait waits in real time; false when ctx ended first.
func wait(ctx context.Context, d time.Duration) bool {
	t := time.NewTimer(d)
	defer t.Stop()
	select {
	case <-t.C:
		return true
	case <-ctx.Done():
		return false
	}
}
