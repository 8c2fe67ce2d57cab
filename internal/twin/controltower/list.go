package controltower

import (
	"context"
	"encoding/json"
	"iter"
	"slices"

	"accountfactory/internal/twin/state"
	"accountfactory/internal/wire"
)

// listing is one page of a list, as a call asks for it.
type listing[T any] struct {
	name   string
	filter any // part of what a token is good for
	token  *string
	size   *int32
	usual  int                                           // page size when none is asked for
	rows   func(tx *state.Tx, after string) iter.Seq[*T] // in the order of their keys
	key    func(*T) string
	keep   func(*state.Tx, *T) bool
}

// listed gives the rows of a page and the token of the next. Elsewhere than at home there are none.
func listed[T any](ctx context.Context, s *Service, l listing[T]) (page []*T, next *string, err error) {
	shape, _ := json.Marshal(l.filter) // lists of strings always encode
	scope := l.name + " " + string(shape)
	after, ok := wire.After(scope, l.token)
	if !ok {
		return nil, nil, badToken()
	}
	size := l.usual
	if l.size != nil && *l.size > 0 {
		size = int(*l.size)
	}
	err = s.state.View(func(tx *state.Tx) error {
		if !s.atHome(ctx) {
			return nil
		}
		for row := range l.rows(tx, after) {
			if !l.keep(tx, row) {
				continue
			}
			if len(page) == size {
				next = wire.Cursor(scope, l.key(page[size-1]))
				return nil
			}
			page = append(page, row)
		}
		return nil
	})
	return page, next, err
}

// among tells whether a filter lets a value through; an empty one lets all.
func among[V comparable](filter []V, v V) bool { return len(filter) == 0 || slices.Contains(filter, v) }
