package factory

import (
	"context"
	"reflect"
	"sync"
	"time"
)

// watchers tell those who watch a request that it changed. A watcher that is slow misses states in between, never the
// last one.
type watchers struct {
	mu  sync.Mutex
	all map[*watcher]struct{}

	followers map[*follower]struct{}
}

type watcher struct {
	id   string
	wake chan struct{} // holds one: that something changed since the last look
}

func (ws *watchers) add(id string) *watcher {
	w := &watcher{id: id, wake: make(chan struct{}, 1)}
	ws.mu.Lock()
	defer ws.mu.Unlock()
	if ws.all == nil {
		ws.all = map[*watcher]struct{}{}
	}
	ws.all[w] = struct{}{}
	return w
}

func (ws *watchers) drop(w *watcher) {
	ws.mu.Lock()
	defer ws.mu.Unlock()
	delete(ws.all, w)
}

// changed is called by the store after a transaction. When places in the queue moved everybody looks.
func (ws *watchers) changed(ids []string, queue bool) {
	ws.mu.Lock()
	defer ws.mu.Unlock()
	for w := range ws.all {
		mine := queue
		for _, id := range ids {
			mine = mine || id == w.id
		}
		if mine {
			select {
			case w.wake <- struct{}{}:
			default:
			}
		}
	}
	for f := range ws.followers {
		f.tell(ids, queue)
	}
}

// watchPause keeps a thousand watchers of a moving queue from reading the database all the time.
const watchPause = 50 * time.Millisecond

// Watch gives a request now and at each change, until it has ended (then the channel is closed after the end) or ctx
// is done. Returns ErrNotFound.
func (s *Service) Watch(ctx context.Context, c Caller, id string) (<-chan Detail, error) {
	w := s.watchers.add(id) // before the first look, so that nothing falls in between
	first, err := s.Get(ctx, c, id)
	if err != nil {
		s.watchers.drop(w)
		return nil, err
	}
	out := make(chan Detail)
	go func() {
		defer close(out)
		defer s.watchers.drop(w)
		s.watch(ctx, c, w, first, out)
	}()
	return out, nil
}

func (s *Service) watch(ctx context.Context, c Caller, w *watcher, d Detail, out chan<- Detail) {
	for {
		select {
		case out <- d:
		case <-ctx.Done():
			return
		}
		if d.State.Ended() {
			return
		}
		for {
			select {
			case <-w.wake:
			case <-ctx.Done():
				return
			}
			next, err := s.Get(ctx, c, w.id)
			if err != nil {
				return
			}
			if !reflect.DeepEqual(next, d) {
				d = next
				break
			}
			select {
			case <-time.After(watchPause):
			case <-ctx.Done():
				return
			}
		}
	}
}
