package scenario

import (
	"context"
	"fmt"
	"slices"
	"time"
)

// Do makes a call of the lab.
type Do func(ctx context.Context, method, path string, in, out any) error

// Player plays a scenario on a lab.
type Player struct {
	Lab   Do
	Every time.Duration                  // between two looks; default 200 ms
	Done  func(step int, twin time.Time) // called after each step, counted from 0; may be nil

	seen  string    // id of the last event that is of the past
	since time.Time // twin time of the step before
}

// usually is how often the twin is looked at: as often as a person would see a difference.
const usually = 200 * time.Millisecond

// Play does the steps in order, and returns with ctx.
func (p *Player) Play(ctx context.Context, s *Scenario) error {
	if p.Every <= 0 {
		p.Every = usually
	}
	if s.Reset {
		if err := p.Lab(ctx, "POST", "/_twin/reset", nil, nil); err != nil {
			return err
		}
	}
	if err := p.pass(ctx); err != nil {
		return err
	}
	var err error
	if p.since, err = p.now(ctx); err != nil {
		return err
	}
	for i, step := range s.Steps {
		if err := p.wait(ctx, step.When); err != nil {
			return fmt.Errorf("step %d, %s: %w", i+1, step.Title(), err)
		}
		if err := p.do(ctx, step.What); err != nil {
			return fmt.Errorf("step %d, %s: %w", i+1, step.Title(), err)
		}
		if p.since, err = p.now(ctx); err != nil {
			return err
		}
		if p.Done != nil {
			p.Done(i, p.since)
		}
	}
	return nil
}

func (p *Player) wait(ctx context.Context, w When) error {
	ticker := time.NewTicker(p.Every)
	defer ticker.Stop()
	for {
		come, err := p.come(ctx, w)
		if come || err != nil {
			return err
		}
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-ticker.C:
		}
	}
}

// come tells whether a step's time has come.
func (p *Player) come(ctx context.Context, w When) (bool, error) {
	if w.After != "" {
		after, _ := time.ParseDuration(w.After) // checked when it was read
		now, err := p.now(ctx)
		if err != nil || now.Sub(p.since) < after {
			return false, err
		}
	}
	if w.Step != "" {
		var got struct{ Operations []struct{ Step string } }
		if err := p.Lab(ctx, "GET", "/_twin/operations", nil, &got); err != nil {
			return false, err
		}
		found := false
		for _, op := range got.Operations {
			found = found || op.Step == w.Step
		}
		if !found {
			return false, nil
		}
	}
	if w.Event == "" {
		return true, nil
	}
	events, err := p.events(ctx)
	past := slices.IndexFunc(events, func(e labEvent) bool { return e.ID == p.seen }) // -1, too, when the twin keeps it no longer
	for _, e := range events[past+1:] {
		if e.is(w) {
			p.seen = e.ID
			return true, err
		}
	}
	return false, err
}

// pass makes all events that were told past.
func (p *Player) pass(ctx context.Context) error {
	events, err := p.events(ctx)
	if err == nil && len(events) > 0 {
		p.seen = events[len(events)-1].ID
	}
	return err
}

// labEvent is what a scenario looks at of an event.
type labEvent struct {
	ID     string
	Detail struct {
		EventName           string
		ServiceEventDetails map[string]struct{ State string }
	}
}

func (e labEvent) is(w When) bool {
	if e.Detail.EventName != w.Event {
		return false
	}
	for _, d := range e.Detail.ServiceEventDetails {
		if w.State == "" || d.State == w.State {
			return true
		}
	}
	return false
}

func (p *Player) events(ctx context.Context) ([]labEvent, error) {
	var got struct{ Events []labEvent }
	err := p.Lab(ctx, "GET", "/_twin/events", nil, &got)
	return got.Events, err
}

func (p *Player) now(ctx context.Context) (time.Time, error) {
	var clock struct{ Now time.Time }
	err := p.Lab(ctx, "GET", "/_twin/clock", nil, &clock)
	return clock.Now, err
}

func (p *Player) do(ctx context.Context, w What) error {
	switch {
	case w.Fault != nil:
		return p.Lab(ctx, "POST", "/_twin/faults", w.Fault, nil)
	case w.Condition != nil:
		return p.Lab(ctx, "POST", "/_twin/conditions", w.Condition, nil)
	case w.Clear != nil:
		return p.Lab(ctx, "DELETE", "/_twin/conditions", w.Clear, nil)
	case w.Clock != nil:
		return p.Lab(ctx, "POST", "/_twin/clock", w.Clock, nil)
	case w.Release:
		return p.release(ctx)
	case w.Disarm:
		return p.disarm(ctx)
	case w.Snapshot != "":
		return p.Lab(ctx, "POST", "/_twin/snapshot", map[string]string{"name": w.Snapshot}, nil)
	}
	if err := p.Lab(ctx, "POST", "/_twin/restore", map[string]string{"name": w.Restore}, nil); err != nil {
		return err
	}
	return p.pass(ctx) // what was told since the snapshot never was
}

func (p *Player) release(ctx context.Context) error {
	var got struct {
		Operations []struct {
			ID    string
			Stuck bool
		}
	}
	if err := p.Lab(ctx, "GET", "/_twin/operations", nil, &got); err != nil {
		return err
	}
	for _, op := range got.Operations {
		if op.Stuck {
			if err := p.Lab(ctx, "POST", "/_twin/operations/"+op.ID+"/release", nil, nil); err != nil {
				return err
			}
		}
	}
	return nil
}

func (p *Player) disarm(ctx context.Context) error {
	var got struct{ Faults []struct{ ID string } }
	if err := p.Lab(ctx, "GET", "/_twin/faults", nil, &got); err != nil {
		return err
	}
	for _, f := range got.Faults {
		if err := p.Lab(ctx, "DELETE", "/_twin/faults/"+f.ID, nil, nil); err != nil {
			return err
		}
	}
	return nil
}
