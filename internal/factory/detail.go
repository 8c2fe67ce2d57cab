package factory

import (
	"context"
	"fmt"
	"time"
)

// Detail is a request as people see it: with its place in the queue and its timeline.
type Detail struct {
	Request
	Position   int    `json:"position"`             // 1 is next; 0 for a request that has its slot, or needs none
	WaitingFor string `json:"waitingFor,omitempty"` // what it waits for, named
	// ExpectedStart is when it should begin by what others took, where that can be said.
	ExpectedStart time.Time `json:"expectedStart,omitzero"`
	Steps         []string  `json:"steps,omitempty"` // those it takes, in order; not in lists
	Timeline      []Event   `json:"timeline,omitempty"`
	Hooks         []HookRun `json:"hooks,omitempty"`
	ToDo          string    `json:"toDo,omitempty"` // what a person may do yet, of a request that succeeded
}

// Get gives one request with its timeline. Returns ErrNotFound.
func (s *Service) Get(ctx context.Context, c Caller, id string) (Detail, error) {
	r, err := s.get(ctx, c, actSee, id)
	if err != nil {
		return Detail{}, err
	}
	d, err := s.detail(ctx, r)
	if err != nil {
		return Detail{}, err
	}
	if d.Hooks, err = s.store.HookRuns(ctx, id); err != nil {
		return Detail{}, err
	}
	for i := range d.Hooks {
		if c.role() != RoleOperator && c.role() != RoleAuditor { // a command of the operator's may say anything
			d.Hooks[i].Output = ""
		}
	}
	return d, nil
}

func (s *Service) detail(ctx context.Context, r Request) (Detail, error) {
	d := Detail{Request: r, WaitingFor: r.waitsFor(), Steps: r.kind().taken(&r)}
	if r.State == StateSucceeded {
		d.ToDo = r.toDo()
	}
	if r.queued() {
		q, err := s.store.Queue(ctx)
		if err != nil {
			return Detail{}, err
		}
		if d.Position, err = s.store.Position(ctx, r); err != nil {
			return Detail{}, err
		}
		d.WaitingFor = s.waitingFor(q, r, d.Position)
		if !r.Light {
			usual, err := s.usual(ctx)
			if err != nil {
				return Detail{}, err
			}
			d.ExpectedStart = s.expectedOf(q, &r, usual, d.Position)
		}
	}
	var err error
	d.Timeline, err = s.store.Timeline(ctx, r.ID)
	return d, err
}

// waitsFor says what a request that is not in the queue waits for.
func (r *Request) waitsFor() string {
	if r.Ask != nil {
		return r.Ask.Who + ": " + r.Ask.What
	}
	return r.WaitReason
}

// queued reports whether the request waits for a slot.
func (r *Request) queued() bool { return r.State == StateWaiting && !r.Slot }

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
	waiting, err := s.store.Waiting(ctx)
	if err != nil {
		return nil, err
	}
	places := make(map[string]int, len(waiting))
	for i, id := range waiting {
		places[id] = i + 1
	}
	usual, err := s.usual(ctx)
	if err != nil {
		return nil, err
	}
	out := make([]Detail, len(rs))
	for i, r := range rs {
		out[i] = Detail{Request: r, WaitingFor: r.waitsFor()}
		if r.queued() {
			out[i].Position = places[r.ID]
			out[i].WaitingFor = s.waitingFor(q, r, places[r.ID])
			out[i].ExpectedStart = s.expectedOf(q, &r, usual, places[r.ID])
		}
	}
	return out, nil
}

// waitingFor says what a request without a worker waits for.
func (s *Service) waitingFor(q Queue, r Request, position int) string {
	if r.NotBefore.After(s.clock.Now()) {
		text := "its time, " + r.NotBefore.UTC().Format(time.RFC3339)
		if !r.StartedAt.IsZero() { // a closure that met AWS's quota: the account may be unmanaged
			return text
		}
		return text + ": until then cancelling it undoes it"
	}
	if q.capped(&r) {
		return fmt.Sprintf("tomorrow: %d new accounts were begun today (UTC), and the daily cap is %d", q.Begun, q.DailyCap)
	}
	if r.Light && q.Limit > 0 && q.Mode == ModeOpen {
		return "a worker"
	}
	return q.reason(position)
}

// reason says what a request at a position waits for, by name.
func (q Queue) reason(position int) string {
	switch {
	case q.Mode != ModeOpen:
		return "the queue to be resumed: it was set to " + string(q.Mode) + " by " + q.ModeBy
	case q.Limit == 0:
		return "the factory to be resumed: its limit of account operations is 0"
	case q.Used == 0:
		return "a worker"
	}
	return fmt.Sprintf("account operation %s (%s of %q, step %s): %d of %d in use, %d before this one",
		q.First.ID, q.First.Kind, q.First.Name, q.First.Step, q.Used, q.Limit, max(position-1, 0))
}
