package cloud

import (
	"context"
	"sync"
)

// turn lets in one at a time who asks AWS for what others want too. They wait for it as for AWS, no longer than their own time: a
// mutex would keep them for as long as the one who is in, whose time may be another. Its zero value is free.
type turn struct {
	mu    sync.Mutex
	taken chan struct{} // holds one while it is
}

func (t *turn) take(ctx context.Context) error {
	t.mu.Lock()
	if t.taken == nil {
		t.taken = make(chan struct{}, 1)
	}
	t.mu.Unlock()
	select {
	case t.taken <- struct{}{}:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

// give is for the one who took it.
func (t *turn) give() { <-t.taken }
