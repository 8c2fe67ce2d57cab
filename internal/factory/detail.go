package factory

import (
	"context"
	"fmt"
)

// Detail is a request as people see it: with its place in the queue and its timeline.
type Detail struct {
	Request
	Position   int     `json:"position"`             // 1 is next; 0 for a request that has its slot, or needs none
	WaitingFor string  `json:"waitingFor,omitempty"` // what it waits for, named
	Timeline   []Event `json:"timeline,omitempty"`
}

// Get gives one request with its timeline. Returns ErrNotFound.
func (s *Service) Get(ctx context.Context, c Caller, id string) (Detail, error) {
	r, err := s.get(ctx, c, actSee, id)
	if err != nil {
		return Detail{}, err
	}
	return s.detail(ctx, r)
}

func (s *Service) detail(ctx context.Context, r Request) (Detail, error) {
	q, err := s.queueFor(ctx, r)
	if err != nil {
		return Detail{}, err
	}
	d := place(r, q)
	d.Timeline, err = s.store.Timeline(ctx, r.ID)
	return d, err
}

// queueFor reads the queue where a request's place in it matters.
func (s *Service) queueFor(ctx context.Context, r Request) (Queue, error) {
	if r.State.Ended() {
		return Queue{}, nil
	}
	return s.store.Queue(ctx)
}

// List gives the requests a caller may see, oldest first, ended ones too, without timelines.
func (s *Service) List(ctx context.Context, c Caller, f Filter) ([]Detail, error) {
	if err := may(c, actSee, nil); err != nil {
		return nil, err
	}
	rs, err := s.store.List(ctx, c.filter(f))
	if err != nil {
		return nil, err
	}
	q, err := s.store.Queue(ctx)
	if err != nil {
		return nil, err
	}
	places := q.places()
	out := make([]Detail, len(rs))
	for i, r := range rs {
		out[i] = placeIn(r, q, places)
	}
	return out, nil
}

// places gives the position of each request that waits for a slot.
func (q Queue) places() map[string]int {
	out := make(map[string]int, len(q.Waiting))
	for i, id := range q.Waiting {
		out[id] = i + 1
	}
	return out
}

func place(r Request, q Queue) Detail { return placeIn(r, q, q.places()) }

func placeIn(r Request, q Queue, places map[string]int) Detail {
	d := Detail{Request: r, WaitingFor: r.WaitReason}
	if r.State == StateWaiting && !r.Slot {
		d.Position = places[r.ID]
		d.WaitingFor = q.reason(d.Position)
	}
	return d
}

// reason says what a request at a position waits for, by name.
func (q Queue) reason(position int) string {
	switch {
	case q.Limit == 0:
		return "the factory to be resumed: its limit of account operations is 0"
	case len(q.Holding) == 0:
		return "a worker"
	}
	first := q.Holding[0]
	return fmt.Sprintf("account operation %s (%s of %q, step %s): %d of %d in use, %d before this one",
		first.ID, first.Kind, first.Name, first.Step, len(q.Holding), q.Limit, max(position-1, 0))
}
