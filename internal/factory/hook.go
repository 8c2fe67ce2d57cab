package factory

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"
)

// HookEvent is what a hook is told of. Stored: never renamed.
type HookEvent string

const (
	HookSuccess HookEvent = "success" // a request succeeded
	HookFailure HookEvent = "failure" // a request failed, also because nobody answered in time
	HookWaiting HookEvent = "waiting" // a request waits for a person, or one is reminded

	HookCancelled HookEvent = "cancelled" // somebody ended a request; what exists stays
)

// HookEvents gives all there are.
func HookEvents() []HookEvent {
	return []HookEvent{HookSuccess, HookFailure, HookWaiting, HookCancelled}
}

// Hook is what an operator wants done when a request ends or waits: a URL that is called, or a command that is run. Those
// who ask for accounts cannot name one. URL and Secret are shown nowhere: some services' URLs are secrets.
type Hook struct {
	Name     string
	On       []HookEvent
	Kinds    []Kind        // of requests; empty means all
	URL      string        // to post to
	Secret   string        // signs what is posted
	Command  []string      // program and arguments, no shell
	Dir      string        // where the command runs; empty is where the server does
	Env      []string      // the command's environment, beside credentials: the server's own is not handed on
	Timeout  time.Duration // of one attempt; default 10 s, of a command 10 minutes
	Attempts int           // until it counts as failed; default 8, of a command 3
}

// hookBackoff is the pause between two attempts.
func hookBackoff() Backoff { return Backoff{Min: time.Second, Max: 5 * time.Minute} }

func (h Hook) timeout() time.Duration {
	if len(h.Command) > 0 {
		return cmp.Or(h.Timeout, 10*time.Minute)
	}
	return cmp.Or(h.Timeout, 10*time.Second)
}

func (h Hook) attempts() int {
	if len(h.Command) > 0 {
		return cmp.Or(h.Attempts, 3)
	}
	return cmp.Or(h.Attempts, 8)
}

func (h Hook) wants(r *Request, e HookEvent) bool {
	return slices.Contains(h.On, e) && (len(h.Kinds) == 0 || slices.Contains(h.Kinds, r.Kind))
}

// HookState is how a hook's run stands. Stored: never renamed.
type HookState string

const (
	HookPending HookState = "pending" // to be run, running, or waiting for its next attempt
	HookDone    HookState = "done"
	HookFailed  HookState = "failed" // after its last attempt; an operator can have it run again
)

// HookRun is one telling of one hook. It is run at least once after the change it tells of is durable, whatever becomes of
// the server: a run that was under way when it died is run again, with the same ID.
type HookRun struct {
	ID        string    `json:"id"`
	RequestID string    `json:"-"`
	Hook      string    `json:"hook"`
	Event     HookEvent `json:"event"`
	State     HookState `json:"state"`
	Attempts  int       `json:"attempts"`
	Due       time.Time `json:"-"`
	CreatedAt time.Time `json:"createdAt"`
	EndedAt   time.Time `json:"endedAt,omitzero"`
	Result    string    `json:"result,omitempty"` // of the last attempt
	Output    string    `json:"output,omitempty"` // the end of what it said; for operators
	Body      []byte    `json:"-"`
}

// hookBody is what a hook gets: in a post's body, or on a command's standard input.
type hookBody struct {
	ID      string    `json:"id"` // of the run: the same for each attempt
	Event   HookEvent `json:"event"`
	At      time.Time `json:"at"`
	Cloud   Binding   `json:"cloud"`
	Request *Request  `json:"request"`
}

// hook adds a run of each hook that wants to know of a change; the store keeps them with it.
func (s *Service) hook(r *Request, e HookEvent) {
	for _, h := range s.cfg.Hooks {
		if !h.wants(r, e) {
			continue
		}
		now := s.clock.Now()
		run := HookRun{ID: "hook" + strings.TrimPrefix(newID(), "req"), RequestID: r.ID, Hook: h.Name, Event: e, State: HookPending, Due: now, CreatedAt: now}
		body, err := json.Marshal(hookBody{run.ID, e, now, s.cfg.Binding, r})
		if err != nil { // a request marshals, or the API could not show it
			s.log.Error("encode a hook's input", "request", r.ID, "error", err)
			continue
		}
		run.Body = body
		r.Hooks = append(r.Hooks, run)
	}
}

// hookWorkers is how many hooks run at once.
const hookWorkers = 4

// hookLoop runs hooks as they are due.
func (s *Service) hookLoop(ctx context.Context) {
	tick := time.NewTicker(s.cfg.AttendEvery)
	defer tick.Stop()
	for {
		ran, err := s.RunHook(ctx)
		if err != nil && ctx.Err() == nil {
			s.log.WarnContext(ctx, "run a hook", "error", err)
		}
		if ran && err == nil {
			continue
		}
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
		}
	}
}

// RunHook makes one attempt at the run that is due longest. ran is false when none is.
func (s *Service) RunHook(ctx context.Context) (ran bool, err error) {
	longest := time.Minute
	for _, h := range s.cfg.Hooks {
		longest = max(longest, h.timeout())
	}
	run, err := s.store.ClaimHook(ctx, s.clock.Now(), longest+time.Minute)
	if errors.Is(err, ErrNotFound) {
		return false, nil
	}
	if err != nil {
		return false, err
	}
	i := slices.IndexFunc(s.cfg.Hooks, func(h Hook) bool { return h.Name == run.Hook })
	if i < 0 { // of another replica, which was started with it: that one may be next
		return true, s.hookEnded(ctx, run, Hook{}, "this server has no hook of this name", errors.New("not configured"))
	}
	h := s.cfg.Hooks[i]
	try, cancel := context.WithTimeout(ctx, h.timeout())
	defer cancel()
	said, err := s.try(try, h, &run)
	if ctx.Err() != nil {
		return false, errors.Join(ctx.Err(), s.leaveHook(ctx, run))
	}
	return true, s.hookEnded(ctx, run, h, said, err)
}

// leaveTimeout is how long a server that stops tries to leave a run to others.
const leaveTimeout = time.Second

// leaveHook ends the lease of a run that this server, which stops, did not come to the end of: another takes it at once.
func (s *Service) leaveHook(ctx context.Context, run HookRun) error {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), leaveTimeout)
	defer cancel()
	run.Due = s.clock.Now()
	return s.store.EndHook(ctx, run, Event{})
}

// try makes an attempt and says what it came to.
func (s *Service) try(ctx context.Context, h Hook, run *HookRun) (said string, err error) {
	if len(h.Command) > 0 {
		said, err = s.runCommand(ctx, h, run)
	} else {
		said, err = s.post(ctx, h, run)
	}
	if errors.Is(ctx.Err(), context.DeadlineExceeded) {
		return fmt.Sprintf("took longer than %s", h.timeout()), ctx.Err()
	}
	return said, err
}

// hookEnded stores what an attempt came to. A hook's failure changes nothing of its request: the timeline says it.
func (s *Service) hookEnded(ctx context.Context, run HookRun, h Hook, said string, failed error) error {
	now := s.clock.Now()
	run.Result, run.EndedAt = said, now
	e := Event{At: now, Step: "hook"}
	switch {
	case failed == nil:
		run.State = HookDone
		e.Text = fmt.Sprintf("Hook %s: %s.", run.Hook, said)
	case run.Attempts >= h.attempts():
		run.State, e.Alarm = HookFailed, true
		e.Text = fmt.Sprintf("Hook %s failed %d times and is given up: %s. The request is as it was; an operator can have the hook run again.", run.Hook, run.Attempts, said)
		s.log.WarnContext(ctx, "a hook is given up", "request", run.RequestID, "hook", run.Hook, "attempts", run.Attempts)
	default:
		run.EndedAt, run.Due = noTime, now.Add(hookBackoff().after(run.Attempts-1))
		e.Text = onceIn(run.Attempts, fmt.Sprintf("Hook %s, attempt %d of %d: %s. Tried again.", run.Hook, run.Attempts, h.attempts(), said))
	}
	return s.store.EndHook(ctx, run, e)
}

// RetryHook has a hook that failed run again. Returns DeniedError for others than operators, ErrNotFound, ConflictError.
func (s *Service) RetryHook(ctx context.Context, c Caller, request, run string) (Detail, error) {
	if err := may(c, actHook, nil); err != nil {
		return Detail{}, err
	}
	r, err := s.store.Get(ctx, request)
	if err != nil {
		return Detail{}, err
	}
	e := s.event("hook", "Hook run %s is run again, as %s wants it.", run, c.ARN).by(c, AuditHook)
	if err := s.store.RetryHook(ctx, r.ID, run, e); err != nil {
		return Detail{}, err
	}
	return s.Get(ctx, c, r.ID)
}
