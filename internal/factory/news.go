package factory

import (
	"cmp"
	"context"
	"errors"
	"slices"
	"time"
)

// News is what is new to somebody who follows all they may see.
type News struct {
	At       time.Time  // what was so at this time is in it, or was given before; a later look from here on misses nothing
	Requests []Detail   // as they are now, those that changed last at the end
	Queue    *QueueView // nil when it did not move

	rest *Filter // of what is given next, as there was too much for once; nil: nothing is left
}

const (
	// firstLook is how many open requests somebody is shown who has not followed before: the newest.
	firstLook = 100
	// atOnce is how many requests are read and given at once to somebody who missed changes: there may be years of them.
	atOnce = 100
	// lookBack is how much before the last look a later one begins: a change may have been under way then, and the clocks of the
	// server that made it and of the one that was asked may be apart.
	lookBack = time.Minute
	// manyNews bounds what is remembered for somebody who is slow; beyond it they are shown all that changed since.
	manyNews = 1000
)

// News gives the queue and the open requests that a caller may see, or with since all requests that changed after it,
// and then each change, until ctx is done. When places in the queue move, only the queue is given: there may be a
// thousand. Somebody slow misses states in between, never the last one.
func (s *Service) News(ctx context.Context, c Caller, since time.Time) (<-chan News, error) {
	return following(ctx, s, &follower{}, feed[News]{
		first: func(ctx context.Context) (News, error) { return s.lookAll(ctx, c, since) },
		next: func(ctx context.Context, f *follower, last News) (News, bool, error) {
			if last.rest != nil {
				n, err := s.page(ctx, c, News{At: s.clock.Now()}, *last.rest)
				return n, true, err
			}
			n, err := s.look(ctx, c, f, last.At)
			return n, len(n.Requests) > 0 || n.Queue != nil, err
		},
		more: func(n News) bool { return n.rest != nil },
	})
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
	if since.IsZero() {
		return s.page(ctx, c, out, Filter{Open: true, Newest: true, Limit: firstLook})
	}
	return s.page(ctx, c, out, Filter{ByChange: true, ChangedSince: since.Add(-lookBack), Limit: atOnce})
}

// page adds requests to what is new. Of those in the order of their changes the first are given, and where the next ones begin:
// one that changes meanwhile moves to their end, so none is missed between two pages.
func (s *Service) page(ctx context.Context, c Caller, out News, f Filter) (News, error) {
	rs, err := s.List(ctx, c, f)
	if err != nil {
		return out, err
	}
	for i := range rs {
		if rs[i].Timeline, err = s.store.Timeline(ctx, rs[i].ID); err != nil {
			return out, err
		}
	}
	slices.SortFunc(rs, func(a, b Detail) int {
		return cmp.Or(a.UpdatedAt.Compare(b.UpdatedAt), cmp.Compare(a.Number, b.Number))
	})
	out.Requests = rs
	if f.ByChange && len(rs) == f.Limit {
		last := rs[len(rs)-1]
		if last.UpdatedAt.Before(out.At) { // unless the clock was set back since
			out.At = last.UpdatedAt
		}
		f.ChangedSince, f.After = last.UpdatedAt, last.Number
		out.rest = &f
	}
	return out, nil
}
