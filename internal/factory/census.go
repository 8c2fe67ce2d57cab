package factory

import (
	"context"
	"time"
)

// States gives all states there are.
func States() []State {
	return []State{StateWaiting, StateRunning, StateNeedsDecision, StateWaitingForPerson, StateSucceeded, StateFailed, StateCancelled}
}

// Census is how many requests there are, for those who watch over a server.
type Census struct {
	States map[State]int // of requests, by state; those that no request is in are not there
	Queue  Queue
	Oldest time.Time // since when the request waits that waits longest and may begin; zero when none does
}

// Census counts. It costs no more the longer requests are kept than an index of their states.
func (s *Service) Census(ctx context.Context) (Census, error) {
	q, err := s.store.Queue(ctx)
	if err != nil {
		return Census{}, err
	}
	states, oldest, err := s.store.Count(ctx)
	return Census{States: states, Queue: q, Oldest: oldest}, err
}
