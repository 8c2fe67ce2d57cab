package factory

import (
	"context"
	"errors"
	"slices"
	"sync"
	"time"
)

// News is what is new to somebody who follows all they may see.
type News struct {
	At       time.Time  // what was so at this time is in it; a later look from here on misses nothing
	Requests []Detail   // as they are now, those that changed last at the end
	Queue    *QueueView // nil when it did not move
}

const (
	// firstLook is how many open requests somebody is shown who has not followed before: the newest.
	firstLook = 100
	// lookBack is how much before the last look a later one begins, as a change may have been under way then.
	lookBack = 5 * time.Second
	// manyNews bounds what is remembered for somebody who is slow; beyond it they are shown all that changed since.
	manyNews = 1000
)

// News gives the queue and the open requests that a caller may see, or with since all requests that changed after it,
// and then each change, until ctx is done. When places in the queue move, only the queue is given: there may be a
// thousand. Somebody slow misses states in between, never the last one.
func (s *Service) News(ctx context.Context, c Caller, since time.Time) (<-chan News, error) {
	f := &follower{wake: make(chan struct{}, 1), ids: map[string]struct{}{}}
	s.watchers.follow(f) // before the first look, so that nothing falls in between
	first, err := s.lookAll(ctx, c, since)
	if err != nil {
		s.watchers.unfollow(f)
		return nil, err
	}
	out := make(chan News)
	go func() {
		defer close(out)
		defer s.watchers.unfollow(f)
		s.follow(ctx, c, f, first, out)
	}()
	return out, nil
}

func (s *Service) follow(ctx context.Context, c Caller, f *follower, next News, out chan<- News) {
	for {
		select {
		case out <- next:
		case <-ctx.Done():
			return
		}
		for last := next.At; ; {
			select {
			case <-f.wake:
			case <-ctx.Done():
				return
			}
			select { // changes come in bunches
			case <-time.After(watchPause):
			case <-ctx.Done():
				return
			}
			change, err := s.look(ctx, c, f, last)
			if err != nil {
				return
			}
			if len(change.Requests) > 0 || change.Queue != nil {
				next = change
				break
			}
		}
	}
}

// look reads what a follower was told of.
func (s *Service) look(ctx context.Context, c Caller, f *follower, last time.Time) (News, error) {
	ids, queue, all := f.take()
	if all {
		return s.lookAll(ctx, c, last)
	}
	out := News{At: s.clock.Now()}
	for _, id := range ids {
		d, err := s.Get(ctx, c, id)
		switch {
		case errors.Is(err, ErrNotFound): // another's
		case err != nil:
			return out, err
		default:
			out.Requests = append(out.Requests, d)
		}
	}
	slices.SortFunc(out.Requests, func(a, b Detail) int { return a.UpdatedAt.Compare(b.UpdatedAt) })
	if !queue {
		return out, nil
	}
	q, err := s.Queue(ctx, c)
	out.Queue = &q
	return out, err
}

// lookAll reads what somebody is shown first.
func (s *Service) lookAll(ctx context.Context, c Caller, since time.Time) (News, error) {
	out := News{At: s.clock.Now()}
	q, err := s.Queue(ctx, c)
	if err != nil {
		return out, err
	}
	out.Queue = &q
	f := Filter{Open: true, Newest: true, Limit: firstLook}
	if !since.IsZero() {
		f = Filter{ChangedSince: since.Add(-lookBack)}
	}
	rs, err := s.List(ctx, c, f)
	if err != nil {
		return out, err
	}
	for i := range rs {
		if rs[i].Timeline, err = s.store.Timeline(ctx, rs[i].ID); err != nil {
			return out, err
		}
	}
	slices.SortFunc(rs, func(a, b Detail) int { return a.UpdatedAt.Compare(b.UpdatedAt) })
	out.Requests = rs
	return out, nil
}

// follower is told of every change.
type follower struct {
	wake chan struct{} // holds one: that something changed since the last look

	mu    sync.Mutex
	ids   map[string]struct{}
	queue bool
	all   bool // too many to remember
}

func (f *follower) tell(ids []string, queue bool) {
	f.mu.Lock()
	f.queue = f.queue || queue
	for _, id := range ids {
		if len(f.ids) >= manyNews {
			f.all = true
			break
		}
		f.ids[id] = struct{}{}
	}
	f.mu.Unlock()
	select {
	case f.wake <- struct{}{}:
	default:
	}
}

// take gives what the follower was told since the last time.
func (f *follower) take() (ids []string, queue, all bool) {
	f.mu.Lock()
	defer f.mu.Unlock()
	for id := range f.ids {
		ids = append(ids, id)
	}
	queue, all = f.queue, f.all
	f.queue, f.all = false, false
	clear(f.ids)
	return ids, queue, all
}

func (ws *watchers) follow(f *follower) {
	ws.mu.Lock()
	defer ws.mu.Unlock()
	if ws.followers == nil {
		ws.followers = map[*follower]struct{}{}
	}
	ws.followers[f] = struct{}{}
}

func (ws *watchers) unfollow(f *follower) {
	ws.mu.Lock()
	defer ws.mu.Unlock()
	delete(ws.followers, f)
}
