package cli

import (
	"context"
	"fmt"
	"io"
	"os"
	"strings"
	"time"

	"github.com/goccy/go-yaml"
)

// scenario is a file that says what happens to a twin, and when. The same file on the same start state and random seed
// plays the same again.
type scenario struct {
	Description string         `yaml:"description"`
	Reset       bool           `yaml:"reset"` // begins with the start state
	Steps       []scenarioStep `yaml:"steps"`
}

// scenarioStep is one thing that happens, once its time has come.
type scenarioStep struct {
	Name string       `yaml:"name"`
	When scenarioWhen `yaml:"when"`
	What scenarioWhat `yaml:"what"`
}

// scenarioWhen is the time of a step: at once when it says nothing, otherwise when everything it says is so.
type scenarioWhen struct {
	After string `yaml:"after"` // of the twin's time since the step before
	Event string `yaml:"event"` // name of a lifecycle event that came since
	State string `yaml:"state"` // of that event
	Step  string `yaml:"step"`  // an operation over time is about to do this
}

// scenarioWhat is what a step does: one of these.
type scenarioWhat struct {
	Fault     *armedFault    `yaml:"fault"`
	Condition *labCondition  `yaml:"condition"`
	Clear     *labCondition  `yaml:"clear"`
	Clock     *scenarioClock `yaml:"clock"`
	Release   bool           `yaml:"release"` // lets everything go on that is stuck
	Disarm    bool           `yaml:"disarm"`  // disarms every fault
	Snapshot  string         `yaml:"snapshot"`
	Restore   string         `yaml:"restore"`
}

type scenarioClock struct {
	Advance string `yaml:"advance" json:"advance,omitempty"`
	Freeze  *bool  `yaml:"freeze" json:"freeze,omitempty"`
}

// readScenario reads a file. What is unknown or contradicts itself is a usage error.
func readScenario(path string) (*scenario, error) {
	body, err := os.ReadFile(path)
	if err != nil {
		return nil, usageError("%w", err)
	}
	var s scenario
	if err := yaml.UnmarshalWithOptions(body, &s, yaml.Strict()); err != nil {
		return nil, usageError("%s: %w", path, err)
	}
	if len(s.Steps) == 0 {
		return nil, usageError("%s: steps: say at least one thing that happens", path)
	}
	for i, step := range s.Steps {
		if problem := step.problem(); problem != "" {
			return nil, usageError("%s: step %d: %s", path, i+1, problem)
		}
	}
	return &s, nil
}

func (s scenarioStep) problem() string {
	n := 0
	for _, given := range []bool{s.What.Fault != nil, s.What.Condition != nil, s.What.Clear != nil, s.What.Clock != nil, s.What.Release, s.What.Disarm, s.What.Snapshot != "", s.What.Restore != ""} {
		if given {
			n++
		}
	}
	if n != 1 {
		return fmt.Sprintf("what: want one of fault, condition, clear, clock, release, disarm, snapshot and restore, have %d", n)
	}
	if s.When.State != "" && s.When.Event == "" {
		return "when: state goes with event"
	}
	durations := []string{s.When.After}
	if s.What.Clock != nil {
		durations = append(durations, s.What.Clock.Advance)
	}
	for _, d := range durations {
		if _, err := time.ParseDuration(d); d != "" && err != nil {
			return fmt.Sprintf("%q is no duration: want 90m, 24h or the like", d)
		}
	}
	return ""
}

// title says in a line what a step does.
func (s scenarioStep) title() string {
	if s.Name != "" {
		return s.Name
	}
	w := s.What
	switch {
	case w.Fault != nil:
		return strings.TrimSpace("arm " + w.Fault.Name + " " + w.Fault.Kind)
	case w.Condition != nil:
		return "set " + w.Condition.Name
	case w.Clear != nil:
		return "clear " + w.Clear.Name
	case w.Clock != nil:
		return "move the clock"
	case w.Release:
		return "release what is stuck"
	case w.Disarm:
		return "disarm all faults"
	case w.Snapshot != "":
		return "snapshot " + w.Snapshot
	}
	return "restore " + w.Restore
}

// labDo makes a call of the lab.
type labDo func(ctx context.Context, method, path string, in, out any) error

// player plays a scenario on a lab.
type player struct {
	lab   labDo
	out   io.Writer
	every time.Duration // between two looks
	seen  int           // events up to here are of the past
	since time.Time     // twin time of the step before
}

// play does the steps in order, and returns with ctx.
func (p *player) play(ctx context.Context, s *scenario) error {
	if s.Reset {
		if err := p.lab(ctx, "POST", "/_twin/reset", nil, nil); err != nil {
			return err
		}
	}
	events, err := p.events(ctx)
	if err != nil {
		return err
	}
	p.seen = len(events)
	if p.since, err = p.now(ctx); err != nil {
		return err
	}
	for i, step := range s.Steps {
		if err := p.wait(ctx, step.When); err != nil {
			return fmt.Errorf("step %d, %s: %w", i+1, step.title(), err)
		}
		if err := p.do(ctx, step.What); err != nil {
			return fmt.Errorf("step %d, %s: %w", i+1, step.title(), err)
		}
		if p.since, err = p.now(ctx); err != nil {
			return err
		}
		_, _ = fmt.Fprintf(p.out, "%s  %d/%d %s\n", p.since.UTC().Format(time.RFC3339), i+1, len(s.Steps), step.title())
	}
	return nil
}

func (p *player) wait(ctx context.Context, w scenarioWhen) error {
	ticker := time.NewTicker(p.every)
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
func (p *player) come(ctx context.Context, w scenarioWhen) (bool, error) {
	if w.After != "" {
		after, _ := time.ParseDuration(w.After) // checked when it was read
		now, err := p.now(ctx)
		if err != nil || now.Sub(p.since) < after {
			return false, err
		}
	}
	if w.Step != "" {
		var got struct{ Operations []struct{ Step string } }
		if err := p.lab(ctx, "GET", "/_twin/operations", nil, &got); err != nil {
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
	for i := p.seen; i < len(events); i++ {
		if events[i].is(w) {
			p.seen = i + 1
			return true, err
		}
	}
	return false, err
}

// labEvent is what a scenario looks at of an event.
type labEvent struct {
	Detail struct {
		EventName           string
		ServiceEventDetails map[string]struct{ State string }
	}
}

func (e labEvent) is(w scenarioWhen) bool {
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

func (p *player) events(ctx context.Context) ([]labEvent, error) {
	var got struct{ Events []labEvent }
	err := p.lab(ctx, "GET", "/_twin/events", nil, &got)
	return got.Events, err
}

func (p *player) now(ctx context.Context) (time.Time, error) {
	var clock struct{ Now time.Time }
	err := p.lab(ctx, "GET", "/_twin/clock", nil, &clock)
	return clock.Now, err
}

func (p *player) do(ctx context.Context, w scenarioWhat) error {
	switch {
	case w.Fault != nil:
		return p.lab(ctx, "POST", "/_twin/faults", w.Fault, nil)
	case w.Condition != nil:
		return p.lab(ctx, "POST", "/_twin/conditions", w.Condition, nil)
	case w.Clear != nil:
		return p.lab(ctx, "DELETE", "/_twin/conditions", w.Clear, nil)
	case w.Clock != nil:
		return p.lab(ctx, "POST", "/_twin/clock", w.Clock, nil)
	case w.Release:
		return p.release(ctx)
	case w.Disarm:
		return p.disarm(ctx)
	case w.Snapshot != "":
		return p.lab(ctx, "POST", "/_twin/snapshot", map[string]string{"name": w.Snapshot}, nil)
	}
	return p.lab(ctx, "POST", "/_twin/restore", map[string]string{"name": w.Restore}, nil)
}

func (p *player) release(ctx context.Context) error {
	var got struct {
		Operations []struct {
			ID    string
			Stuck bool
		}
	}
	if err := p.lab(ctx, "GET", "/_twin/operations", nil, &got); err != nil {
		return err
	}
	for _, op := range got.Operations {
		if op.Stuck {
			if err := p.lab(ctx, "POST", "/_twin/operations/"+op.ID+"/release", nil, nil); err != nil {
				return err
			}
		}
	}
	return nil
}

func (p *player) disarm(ctx context.Context) error {
	var got struct{ Faults []struct{ ID string } }
	if err := p.lab(ctx, "GET", "/_twin/faults", nil, &got); err != nil {
		return err
	}
	for _, f := range got.Faults {
		if err := p.lab(ctx, "DELETE", "/_twin/faults/"+f.ID, nil, nil); err != nil {
			return err
		}
	}
	return nil
}
