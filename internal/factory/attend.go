package factory

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"time"
)

// look reports whether the cloud shows that a person's part is done, although nobody answered; text says what was seen.
type look func(context.Context, *work) (seen bool, text string, err error)

// lookers is how many requests that wait for a person are looked at at once. A cloud that does not answer takes each of them as
// long as a turn may; what they ask it together leaves most of the calls' budget to the requests that are worked on.
const lookers = 8

// Attend looks once at each request that waits for a person and whose time has come: it reminds, gives up, or goes on with
// one whose part is seen done. It returns when it has looked at all of them. Twice, or by two replicas at once, is safe: each
// change is fenced by the generation and by the time that made it due.
func (s *Service) Attend(ctx context.Context) error {
	due, err := s.store.Attend(ctx, s.clock.Now())
	if err != nil {
		return err
	}
	failed := make([]error, len(due))
	room := make(chan struct{}, lookers)
	var all sync.WaitGroup
	for i, r := range due {
		room <- struct{}{}
		all.Go(func() {
			defer func() { <-room }()
			if err := s.attend(ctx, r); err != nil && !errors.Is(err, ErrStale) && !errors.Is(err, ErrNotFound) {
				failed[i] = fmt.Errorf("%s: %w", r.ID, err)
			}
		})
	}
	all.Wait()
	return errors.Join(failed...)
}

func (s *Service) attend(ctx context.Context, due Request) error {
	seen, text := s.lookFor(ctx, due)
	_, err := s.store.Update(ctx, due.ID, due.Generation, func(r *Request) ([]Event, error) {
		if !r.AttendAt.Equal(due.AttendAt) || r.Ask == nil { // somebody else attended to it meanwhile
			return nil, ErrStale
		}
		switch now := s.clock.Now(); {
		case seen:
			r.Step = r.kind().after(r.Step, r)
			r.resume(now)
			return []Event{s.event(r.Step, "%s Nobody needs to answer any more.", text)}, nil
		case !now.Before(r.Ask.ExpiresAt):
			return []Event{s.expire(r)}, nil
		case !now.Before(r.Ask.RemindAt):
			return []Event{s.remind(r)}, nil
		}
		r.AttendAt = s.nextLook(r)
		return nil, nil
	})
	return err
}

// lookFor asks the cloud. That it does not answer changes nothing: it is asked again.
func (s *Service) lookFor(ctx context.Context, r Request) (seen bool, text string) {
	st, _ := r.kind().stage(r.Step)
	if st.look == nil {
		return false, ""
	}
	ctx, cancel := context.WithTimeout(ctx, s.cfg.TurnTimeout)
	defer cancel()
	w := &work{Service: s, r: r}
	var err error
	if w.aws, err = s.sessions.For(ctx, r.Progress.RequestedBy); err == nil {
		seen, text, err = st.look(ctx, w)
	}
	if staleSession(err) {
		s.sessions.Forget(r.Progress.RequestedBy)
	}
	if err != nil {
		s.log.DebugContext(ctx, "look for a person's part", "request", r.ID, "error", err)
		return false, ""
	}
	return seen, text
}

// nextLook gives when a request that waits for a person is worth looking at again.
func (s *Service) nextLook(r *Request) time.Time {
	at := r.Ask.RemindAt
	if r.Ask.ExpiresAt.Before(at) {
		at = r.Ask.ExpiresAt
	}
	if st, _ := r.kind().stage(r.Step); st.look != nil {
		now := s.clock.Now()
		if next := now.Add(s.cfg.Attend.within(now.Sub(r.Ask.Since))); next.Before(at) {
			at = next
		}
	}
	return at
}

// remind says once more who is waited for, as an alarm.
func (s *Service) remind(r *Request) Event {
	r.Ask.Reminders++
	for !r.Ask.RemindAt.After(s.clock.Now()) {
		r.Ask.RemindAt = r.Ask.RemindAt.Add(s.cfg.Person.Remind)
	}
	r.AttendAt = s.nextLook(r)
	e := s.event(r.Step, "Reminder %d: waits for %s since %s: %s Given up on %s.", r.Ask.Reminders, r.Ask.Who,
		r.Ask.Since.UTC().Format(time.RFC3339), r.Ask.What, r.Ask.ExpiresAt.UTC().Format(time.RFC3339))
	e.Alarm = true
	s.hook(r, HookWaiting)
	return e
}

// expire ends a request that nobody answered. A retry asks again.
func (s *Service) expire(r *Request) Event {
	text := fmt.Sprintf("Nobody answered in time: waited for %s since %s: %s", r.Ask.Who, r.Ask.Since.UTC().Format(time.RFC3339), r.Ask.What)
	r.ErrorCode, r.ErrorMessage, r.Explanation = "", "", text
	s.end(r, StateFailed)
	e := s.event(r.Step, "%s %s", text, r.leftovers())
	e.Alarm = true
	return e
}
