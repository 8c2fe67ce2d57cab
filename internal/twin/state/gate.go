package state

import (
	"context"
	"sync"
)

// gate lets many in, until one shuts it: that ends the context of those inside, waits for them and keeps others out.
type gate struct {
	mu     sync.Mutex
	inside map[int]context.CancelFunc
	next   int
	left   chan struct{} // closed when the last one inside leaves a gate that is shut
	opened chan struct{} // closed when a shut gate opens; nil while it is open
}

// enter waits until the gate is open, or gives ctx's error. Call leave when done.
func (g *gate) enter(ctx context.Context) (inner context.Context, leave func(), err error) {
	g.mu.Lock()
	for g.opened != nil {
		opened := g.opened
		g.mu.Unlock()
		select {
		case <-opened:
		case <-ctx.Done():
			return nil, nil, ctx.Err()
		}
		g.mu.Lock()
	}
	defer g.mu.Unlock()
	inner, cancel := context.WithCancel(ctx)
	if g.inside == nil {
		g.inside = map[int]context.CancelFunc{}
	}
	id := g.next
	g.next++
	g.inside[id] = cancel
	return inner, func() { cancel(); g.leave(id) }, nil
}

func (g *gate) leave(id int) {
	g.mu.Lock()
	defer g.mu.Unlock()
	delete(g.inside, id)
	if g.left != nil && len(g.inside) == 0 {
		close(g.left)
		g.left = nil
	}
}

// shut returns once nobody is inside, or gives ctx's error and is open again; call open to let others in. One shuts at a
// time.
func (g *gate) shut(ctx context.Context) (open func(), err error) {
	g.mu.Lock()
	g.opened = make(chan struct{})
	var left chan struct{}
	if len(g.inside) > 0 {
		left = make(chan struct{})
		g.left = left
	}
	for _, cancel := range g.inside {
		cancel()
	}
	g.mu.Unlock()
	if left == nil {
		return g.open, nil
	}
	select {
	case <-left:
		return g.open, nil
	case <-ctx.Done():
		g.open()
		return nil, ctx.Err()
	}
}

func (g *gate) open() {
	g.mu.Lock()
	defer g.mu.Unlock()
	close(g.opened)
	g.opened, g.left = nil, nil
}
