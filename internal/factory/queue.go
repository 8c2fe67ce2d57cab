package factory

import (
	"context"
	"slices"
	"time"
)

// Mode says whether the queue moves.
type Mode string

const (
	ModeOpen     Mode = "open"     // waiting requests are started as slots are free
	ModePaused   Mode = "paused"   // what runs goes on, nothing more is started, new requests wait
	ModeDraining Mode = "draining" // as paused, and new requests are refused
)

// QueueView is the queue as people see it.
type QueueView struct {
	Mode      Mode      `json:"mode"`
	ModeBy    string    `json:"modeBy,omitempty"` // who paused, drained or resumed it
	ModeAt    time.Time `json:"modeAt,omitzero"`
	Limit     int       `json:"limit"`              // account operations at once
	Auto      bool      `json:"auto,omitempty"`     // the limit is what others leave of the quota
	Quota     int       `json:"quota,omitempty"`    // AWS's, with auto
	DailyCap  int       `json:"dailyCap,omitempty"` // new accounts begun in a day (UTC)
	Begun     int       `json:"begunToday"`
	Running   int       `json:"running"` // that requests occupy
	Waiting   int       `json:"waiting"` // for one
	Usual     string    `json:"usual"`   // how long one takes, of the last that succeeded; empty when none did
	Drained   bool      `json:"drained"` // paused or draining, and nothing runs any more
	NextStart time.Time `json:"nextStart,omitzero"`
}

// Queue shows the queue. Everybody who may see requests may see how many there are.
func (s *Service) Queue(ctx context.Context, c Caller) (QueueView, error) {
	if err := may(c, actSee, nil); err != nil {
		return QueueView{}, err
	}
	q, err := s.store.Queue(ctx)
	if err != nil {
		return QueueView{}, err
	}
	usual, err := s.usual(ctx)
	if err != nil {
		return QueueView{}, err
	}
	v := QueueView{Mode: q.Mode, ModeBy: q.ModeBy, ModeAt: q.ModeAt, Limit: q.Limit, Running: q.Used, Waiting: q.Waiting, Drained: q.Mode != ModeOpen && q.Busy == 0}
	v.Auto, v.DailyCap, v.Begun = q.Auto, q.DailyCap, q.Begun
	if q.Auto {
		v.Quota = s.quotaOf(q)
	}
	if usual > 0 {
		v.Usual = rounded(usual).String()
	}
	switch {
	case q.Mode == ModeOpen && q.Waiting > 0 && q.Waiting == q.Capped:
		v.NextStart = s.tomorrow()
	case q.Waiting > 0:
		v.NextStart = s.expected(q, usual, 1)
	}
	return v, nil
}

// Draining is the refusal of a new request while the queue drains.
func Draining(by string) *RefusedError {
	return &RefusedError{Checks: []Check{bad(CheckQueue, "the factory takes no new requests: it was told to drain by "+by, "ask again once it is resumed: accountfactory queue resume")}}
}

// measured is how many requests count for how long one takes.
const measured = 20

// usual gives how long an account operation took lately, the middle one; 0 when none was seen.
func (s *Service) usual(ctx context.Context) (time.Duration, error) {
	took, err := s.store.Durations(ctx, measured)
	if err != nil || len(took) == 0 {
		return 0, err
	}
	slices.Sort(took)
	return took[len(took)/2], nil
}

// expected gives when a request at a position should begin: each slot is free again after the usual time, the first when
// the oldest that runs has taken it. Zero when that cannot be said.
func (s *Service) expected(q Queue, usual time.Duration, position int) time.Time {
	if usual == 0 || position < 1 || q.Limit == 0 || q.Mode != ModeOpen || q.First.StartedAt.IsZero() {
		return noTime
	}
	wave := time.Duration((position-1)/q.Limit + 1)
	at, now := q.First.StartedAt.Add(wave*usual), s.clock.Now()
	if at.Before(now) {
		return now
	}
	return at
}
