package factory

import (
	"context"
	"reflect"
)

// Watch gives a request now and at each change, until it has ended (then the channel is closed after the end) or ctx
// is done. Returns ErrNotFound.
func (s *Service) Watch(ctx context.Context, c Caller, id string) (<-chan Detail, error) {
	return following(ctx, s, &follower{only: id}, feed[Detail]{
		first: func(ctx context.Context) (Detail, error) { return s.Get(ctx, c, id) },
		next: func(ctx context.Context, _ *follower, last Detail) (Detail, bool, error) {
			d, err := s.Get(ctx, c, id)
			return d, !reflect.DeepEqual(d, last), err
		},
		over: func(d Detail) bool { return d.State.Ended() },
	})
}
