package factory

import (
	"context"
	"slices"
	"sync"
	"time"
)

// follower is told of changes: of every one, or of those that show at one request. One who is slow misses what was in
// between, never the last.
type follower struct {
	only string        // id of a request; empty: all
	wake chan struct{} // holds one: that something changed since the last look

	mu    sync.Mutex
	ids   map[string]struct{}
	queue bool
	all   bool // too many to remember
}

// tell wakes the follower. When places in the queue moved everybody looks.
func (f *follower) tell(ids []string, queue bool) {
	if f.only != "" && !queue && !slices.Contains(ids, f.only) {
		return
	}
	if f.only == "" {
		f.remember(ids, queue)
	}
	select {
	case f.wake <- struct{}{}:
	default:
	}
}

func (f *follower) remember(ids []string, queue bool) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.queue = f.queue || queue
	for _, id := range ids {
		if len(f.ids) >= manyNews {
			f.all = true
			return
		}
		f.ids[id] = struct{}{}
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

// followers are all there are.
type followers struct {
	mu  sync.Mutex
	all map[*follower]struct{}
}

func (fs *followers) add(f *follower) {
	f.wake, f.ids = make(chan struct{}, 1), map[string]struct{}{}
	fs.mu.Lock()
	defer fs.mu.Unlock()
	if fs.all == nil {
		fs.all = map[*follower]struct{}{}
	}
	fs.all[f] = struct{}{}
}

func (fs *followers) drop(f *follower) {
	fs.mu.Lock()
	defer fs.mu.Unlock()
	delete(fs.all, f)
}

// changed is called by the store after a transaction.
func (fs *followers) changed(ids []string, queue bool) {
	fs.mu.Lock()
	defer fs.mu.Unlock()
	for f := range fs.all {
		f.tell(ids, queue)
	}
}

// feed is what a follower is given.
type feed[T any] struct {
	first func(context.Context) (T, error)
	next  func(context.Context, *follower, T) (next T, changed bool, err error)
	over  func(T) bool // nothing comes after it; nil: never
	more  func(T) bool // the next is there already, whatever changes; nil: never
}

// followPause keeps a thousand followers of a moving queue from reading the database all the time: changes come in bunches.
const followPause = 50 * time.Millisecond

// following gives what is so now, and then each change, until ctx is done, the feed is over, or a look fails; then the
// channel is closed. Returns the first look's error.
func following[T any](ctx context.Context, s *Service, f *follower, feed feed[T]) (<-chan T, error) {
	s.followers.add(f) // before the first look, so that nothing falls in between
	now, err := feed.first(ctx)
	if err != nil {
		s.followers.drop(f)
		return nil, err
	}
	out := make(chan T)
	go func() {
		defer close(out)
		defer s.followers.drop(f)
		for changed := true; ; {
			if changed {
				select {
				case out <- now:
				case <-ctx.Done():
					return
				}
			}
			if feed.over != nil && feed.over(now) {
				return
			}
			if (feed.more == nil || !feed.more(now)) && !f.await(ctx) {
				return
			}
			next, moved, err := feed.next(ctx, f, now)
			if err != nil {
				return
			}
			if changed = moved; changed {
				now = next
			}
		}
	}()
	return out, nil
}

// await waits out the pause, and then for the next change; false when ctx is done.
func (f *follower) await(ctx context.Context) bool {
	select {
	case <-time.After(followPause):
	case <-ctx.Done():
		return false
	}
	select {
	case <-f.wake:
		return true
	case <-ctx.Done():
		return false
	}
}
