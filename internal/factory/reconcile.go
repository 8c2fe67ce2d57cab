package factory

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"math/bits"
	"time"
)

// work is one turn at a request by a worker that holds its generation.
type work struct {
	*Service
	aws AWS
	r   Request // as last stored
}

// outcome is what a turn came to. The zero outcome stays in the step and looks again at once.
type outcome struct {
	next   string         // the step to go on with; empty stays
	done   bool           // the kind's next step goes on
	wait   time.Duration  // before the next turn
	change func(*Request) // stored with it
	text   string         // the line in the timeline; empty writes none
	code   string         // AWS's, with the line
	words  string
	again  bool  // the same thing is tried again: Tries counts on
	looked bool  // because the cloud does not show it yet: Looks counts on too
	renew  bool  // the next generation takes over
	end    State // the request ends, or stops, in this state
	ask    *Ask  // what a person is to do, with a state that asks
	// until gives the slot back and lets the request wait in the queue until then.
	until time.Time
}

// stored reports whether there is anything to write: a quiet poll writes nothing.
func (o outcome) stored() bool {
	return o.next != "" || o.done || o.change != nil || o.text != "" || o.again || o.renew || o.end != "" || !o.until.IsZero()
}

// Turn takes one turn at a request for a worker that holds the generation. Workers call it; tests do so directly.
func (s *Service) Turn(ctx context.Context, id string, generation int64) (time.Duration, bool) {
	r, err := s.store.Get(ctx, id)
	switch {
	case errors.Is(err, ErrNotFound):
		return 0, false
	case err != nil:
		return s.shaken(ctx, "read request", id, err)
	case r.Generation != generation || !r.Slot:
		return 0, false
	}
	if wait := r.Due.Sub(s.clock.Now()); wait > 0 {
		return wait, true
	}
	w := &work{Service: s, r: r}
	var out outcome
	if err = w.alarm(ctx); err == nil {
		out, err = w.run(ctx)
	}
	if ctx.Err() != nil {
		return 0, true // the process stops: the row says where to go on
	}
	var down *storeError
	switch {
	case errors.Is(err, ErrStale):
		return 0, false
	case errors.As(err, &down):
		return s.shaken(ctx, "database inside a turn", id, down.err)
	case err != nil:
		out = w.failed(err)
	}
	return w.finish(ctx, out)
}

// storeError is the database failing inside a step: it says nothing about the request, which is tried again.
type storeError struct{ err error }

func (e *storeError) Error() string { return "store: " + e.err.Error() }
func (e *storeError) Unwrap() error { return e.err }

// shaken waits out a database that is not there: the cloud is asked nothing meanwhile.
func (s *Service) shaken(ctx context.Context, what, id string, err error) (time.Duration, bool) {
	s.log.WarnContext(ctx, "the database did not answer", "doing", what, "request", id, "error", err)
	return jitter(time.Second), true
}

// run does the present step within the time a turn may take.
func (w *work) run(ctx context.Context) (outcome, error) {
	st, found := w.r.kind().stage(w.r.Step)
	if !found { // written by a newer version: left for one
		text := onceIn(w.r.Progress.Tries, fmt.Sprintf("This version knows no step %q and leaves the request alone.", w.r.Step))
		return outcome{again: true, wait: w.cfg.Retry.Max, text: text}, nil
	}
	ctx, cancel := context.WithTimeout(ctx, w.cfg.TurnTimeout)
	defer cancel()
	var err error
	if w.aws, err = w.sessions.For(ctx, w.r.Progress.RequestedBy); err != nil {
		return outcome{}, err
	}
	return st.do(ctx, w)
}

// finish stores what a turn came to.
func (w *work) finish(ctx context.Context, out outcome) (time.Duration, bool) {
	if !out.stored() {
		return out.wait, true
	}
	err := w.save(ctx, out)
	switch {
	case errors.Is(err, ErrStale), errors.Is(err, ErrNotFound):
		return 0, false
	case err != nil && ctx.Err() != nil:
		return 0, true
	case err != nil:
		return w.shaken(ctx, "store a turn", w.r.ID, err)
	}
	return out.wait, w.r.Slot && !out.renew
}

// save writes an outcome to the request, fenced by the generation that the work holds.
func (w *work) save(ctx context.Context, out outcome) error {
	r, err := w.store.Update(ctx, w.r.ID, w.r.Generation, func(r *Request) ([]Event, error) {
		var events []Event
		if out.text != "" {
			e := w.event(r.Step, "%s", out.text)
			e.AWSCode, e.AWSMessage = out.code, out.words
			events = append(events, e)
		}
		o := out
		if o.ask != nil && r.CancelRequested { // somebody cancelled during the call: nobody is asked
			o.ask, o.end = nil, StateCancelled
			events = append(events, w.event(r.Step, "Cancelled as asked: nobody needs to do anything. %s", r.leftovers()))
		}
		if o.givesWay() && r.CancelRequested { // nothing is under way any more: what somebody cancelled is not sent again
			o.renew, o.until, o.end = false, noTime, StateCancelled
			events = append(events, w.event(r.Step, "Cancelled as asked: AWS is at nothing of this request's. %s", r.leftovers()))
		}
		o.apply(w.Service, r)
		return events, nil
	})
	if err != nil {
		return &storeError{err}
	}
	w.r = r
	return nil
}

func (o outcome) apply(s *Service, r *Request) {
	switch {
	case !o.again:
		r.Progress.Tries, r.Progress.Looks = 0, 0
	case o.looked:
		r.Progress.Looks++
		fallthrough
	default:
		r.Progress.Tries++
	}
	if o.change != nil {
		o.change(r)
	}
	before := r.Step
	switch {
	case o.next != "":
		r.Step = o.next
	case o.done:
		r.Step = r.kind().after(r.Step, r)
	}
	if r.Step != before {
		r.Progress.StepSince, r.Progress.Alarmed = s.clock.Now(), ""
	}
	if o.renew {
		r.Generation++
	}
	r.Due = noTime
	if o.wait > 0 {
		r.Due = s.clock.Now().Add(o.wait)
	}
	if !o.until.IsZero() {
		r.State, r.Slot, r.NotBefore = StateWaiting, false, o.until
		r.Progress.StepSince = o.until
	}
	if o.end != "" {
		s.end(r, o.end)
	}
	if o.ask != nil {
		r.Ask = o.ask
		r.AttendAt = s.nextLook(r)
		s.hook(r, HookWaiting)
	}
}

// givesWay reports whether the outcome waits for room at AWS, with nothing under way there.
func (o outcome) givesWay() bool { return o.renew || !o.until.IsZero() }

var noTime time.Time

// end puts a request into a state in which it holds no slot.
func (s *Service) end(r *Request, state State) {
	r.State, r.Slot, r.WaitReason, r.Due = state, false, "", noTime
	r.Ask, r.AttendAt = nil, noTime
	if state.Ended() {
		r.EndedAt, r.Light = s.clock.Now(), r.light()
		r.Progress.Code = ""
	}
	switch state {
	case StateSucceeded:
		s.hook(r, HookSuccess)
	case StateFailed:
		s.hook(r, HookFailure)
	case StateCancelled:
		s.hook(r, HookCancelled)
	case StateWaiting, StateRunning, StateNeedsDecision, StateWaitingForPerson:
	}
}

func (s *Service) event(step, format string, args ...any) Event {
	return Event{At: s.clock.Now(), Step: step, Text: fmt.Sprintf(format, args...)}
}

// maxLooks is how often a state that should still change is looked at before it counts as a failure. Calls that AWS did
// not answer are no looks.
const maxLooks = 12

// failed decides what an error of a step comes to. A request never ends while a write's outcome is unknown: its slot
// stands for an operation that may be running.
func (w *work) failed(err error) outcome {
	var (
		fail  *failure
		stop  *decision
		later *notYet
	)
	switch {
	case errors.As(err, &fail):
		return w.ended(fail)
	case errors.As(err, &stop):
		return w.deciding(stop)
	case errors.As(err, &later):
		if w.r.Progress.Looks >= maxLooks {
			return w.ended(cmp.Or(later.then, &failure{text: later.text}))
		}
		n := w.r.Progress.Looks
		return outcome{again: true, looked: true, wait: w.cfg.Retry.after(n), text: onceIn(n, later.text+" Looking again.")}
	}
	if staleSession(err) {
		w.sessions.Forget(w.r.Progress.RequestedBy)
	}
	if transient(err) || w.r.sent() {
		return w.later(err)
	}
	return w.ended(failedCall("what the step "+w.r.Step+" asked", err))
}

// later waits and repeats the step: the same call with the same token.
func (w *work) later(err error) outcome {
	n := w.r.Progress.Tries
	w.log.Debug("call repeated", "request", w.r.ID, "step", w.r.Step, "tries", n, "error", err)
	text, code, message := unanswered(err)
	out := outcome{again: true, wait: w.cfg.Retry.after(n)}
	if out.text = onceIn(n, fmt.Sprintf("%s Tried again after a pause (%d so far).", text, n+1)); out.text != "" {
		out.code, out.words = code, message
	}
	return out
}

// onceIn keeps a timeline short: the 1st, 2nd, 4th, 8th … repetition gets a line.
func onceIn(n int, text string) string {
	if bits.OnesCount(uint(n)) > 1 { //nolint:gosec // never negative
		return ""
	}
	return text
}

// ended ends a request that failed; one that somebody wanted cancelled ends as cancelled.
func (w *work) ended(f *failure) outcome {
	out := outcome{end: StateFailed, text: f.text, code: f.code, words: f.message}
	if w.r.CancelRequested {
		out.end, out.text = StateCancelled, "Cancelled as asked, now that the operation has ended. "+f.text
	}
	out.change = func(r *Request) {
		r.ErrorCode, r.ErrorMessage, r.Explanation = f.code, f.message, f.text
		r.Progress.Intent, r.Progress.RecordID = nil, ""
	}
	out.text += " " + w.r.leftovers()
	return out
}
