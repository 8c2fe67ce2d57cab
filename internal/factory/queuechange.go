package factory

import (
	"context"
	"fmt"
	"slices"
)

// QueueChange is what an operator changes of the queue at once; what is nil stays.
type QueueChange struct {
	Limit    *int  // account operations at once
	Auto     *int  // the limit follows AWS's quota, of this many or, with 0, of as many as AWS says; not beside Limit
	DailyCap *int  // new accounts begun in a day; 0 is no cap
	Mode     *Mode // open, paused, draining
}

// ChangeQueue changes the queue as a whole or, with a RefusedError that names what is wrong, nothing of it. Returns DeniedError for a
// caller who is no operator.
func (s *Service) ChangeQueue(ctx context.Context, c Caller, change QueueChange) error {
	if err := may(c, actLimit, nil); err != nil {
		return err
	}
	if wrong := change.wrong(); len(wrong) > 0 {
		return &RefusedError{Checks: wrong}
	}
	if err := s.store.ChangeQueue(ctx, change, c.actor()); err != nil {
		return err
	}
	if change.Auto != nil {
		if err := s.Measure(ctx); err != nil { // it is set, whether AWS answers now or later
			s.log.WarnContext(ctx, "what others leave of the quota is measured later", "error", err)
		}
	}
	return nil
}

// wrong gives a failed check for each member that is out of bounds.
func (q QueueChange) wrong() (out []Check) {
	if q.Limit != nil && (*q.Limit < 0 || *q.Limit > maxLimit) {
		out = append(out, bad("limit", fmt.Sprintf("%d account operations at once", *q.Limit), fmt.Sprintf("0 to %d are possible", maxLimit)))
	}
	if q.Auto != nil && (*q.Auto < 0 || *q.Auto > maxLimit) {
		out = append(out, bad("limit", fmt.Sprintf("a quota of %d account operations", *q.Auto), fmt.Sprintf("1 to %d are possible", maxLimit)))
	}
	if q.DailyCap != nil && (*q.DailyCap < 0 || *q.DailyCap > maxCap) {
		out = append(out, bad(CheckDailyCap, fmt.Sprintf("%d new accounts a day", *q.DailyCap), fmt.Sprintf("0, which is no cap, to %d are possible", maxCap)))
	}
	if q.Mode != nil && !slices.Contains([]Mode{ModeOpen, ModePaused, ModeDraining}, *q.Mode) {
		out = append(out, bad(CheckQueue, "the queue has no mode "+string(*q.Mode), "it can be open, paused or draining"))
	}
	return out
}
