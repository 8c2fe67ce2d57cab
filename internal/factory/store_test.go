package factory_test

import (
	"context"
	"errors"
	"fmt"
	"testing"

	"accountfactory/internal/factory"
)

// shakyStore is a database that fails: at the nth write, before it took effect or after, or at the nth look at the queue.
type shakyStore struct {
	factory.Store
	writes, looks  int
	failWrite      int
	failLook       int
	afterItsEffect bool
}

var errGone = errors.New("database is gone")

func (s *shakyStore) Update(ctx context.Context, id string, generation int64, change func(*factory.Request) ([]factory.Event, error)) (factory.Request, error) {
	s.writes++
	if s.writes != s.failWrite {
		return s.Store.Update(ctx, id, generation, change)
	}
	if s.afterItsEffect {
		if _, err := s.Store.Update(ctx, id, generation, change); err != nil {
			return factory.Request{}, err
		}
	}
	return factory.Request{}, errGone
}

func (s *shakyStore) Queue(ctx context.Context) (factory.Queue, error) {
	s.looks++
	if s.looks == s.failLook {
		return factory.Queue{}, errGone
	}
	return s.Store.Queue(ctx)
}

// TestDatabaseGone fails one of the first looks of steps at the queue, and each write of a launch to the database, also one that took effect without saying so: the
// request goes on when the database is back, and nothing happens twice.
func TestDatabaseGone(t *testing.T) {
	t.Parallel()
	for _, s := range scenarios {
		for n := 1; n <= 14; n++ {
			for _, after := range []bool{false, true} {
				t.Run(fmt.Sprintf("%s/write %d/after=%v", s.name, n, after), func(t *testing.T) {
					t.Parallel()
					b := setup(t)
					s.prepare(b.cloud)
					shaky := &shakyStore{failWrite: n, afterItsEffect: after}
					b.wrap = func(db factory.Store) factory.Store { shaky.Store = db; return shaky }
					b.reopen()
					d := b.submit(ada, input(1))
					shaky.failLook = shaky.looks + 1 + n%2
					b.checkWhole(s, b.drive(d.ID, nil))
					if n <= 7 && shaky.writes < n || shaky.looks == 0 {
						t.Errorf("only %d writes and %d looks were made", shaky.writes, shaky.looks)
					}
				})
			}
		}
	}
}
