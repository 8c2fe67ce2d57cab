package factory

import (
	"context"
	"fmt"
	"time"
)

// deadline is how long a step should take at most. A step that takes longer is not ended, for what AWS does nothing
// takes back: the timeline says so, loudly, and the request goes on.
func deadline(step string) time.Duration {
	switch step {
	case StepTurn: // for others' operations
		return 6 * time.Hour
	case StepFollow: // an hour is what AWS calls slow, and has its own line
		return 2 * time.Hour
	}
	return 30 * time.Minute
}

// alarm writes an alarm to the timeline, once for each step that is overdue.
func (w *work) alarm(ctx context.Context) error {
	since := w.r.Progress.StepSince
	if since.IsZero() {
		since = w.r.StartedAt
	}
	took := w.clock.Now().Sub(since)
	if since.IsZero() || took < deadline(w.r.Step) || w.r.Progress.Alarmed == w.r.Step {
		return nil
	}
	w.log.WarnContext(ctx, "a step is overdue", "request", w.r.ID, "step", w.r.Step, "since", since)
	r, err := w.store.Update(ctx, w.r.ID, w.r.Generation, func(r *Request) ([]Event, error) {
		r.Progress.Alarmed = r.Step
		e := w.event(r.Step, "%s", fmt.Sprintf("Alarm: the step %s should take %s at most and has taken %s. It goes on; somebody should look.", r.Step, deadline(r.Step), rounded(took)))
		e.Alarm = true
		return []Event{e}, nil
	})
	if err != nil {
		return &storeError{err}
	}
	w.r = r
	return nil
}
