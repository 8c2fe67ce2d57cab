package scenario

import (
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/goccy/go-yaml"
)

// Scenario is a file that says what happens to a twin, and when. The same file on the same start state and random seed
// plays the same again.
type Scenario struct {
	Description string `yaml:"description"`
	Reset       bool   `yaml:"reset"` // begins with the start state
	Steps       []Step `yaml:"steps"`
}

// Step is one thing that happens, once its time has come.
type Step struct {
	Name string `yaml:"name"`
	When When   `yaml:"when"`
	What What   `yaml:"what"`
}

// When is the time of a step: at once when it says nothing, otherwise when everything it says is so.
type When struct {
	After string `yaml:"after"` // of the twin's time since the step before
	Event string `yaml:"event"` // name of a lifecycle event that came since
	State string `yaml:"state"` // of that event
	Step  string `yaml:"step"`  // an operation over time is about to do this
}

// What is what a step does: one of these.
type What struct {
	Fault     *Fault     `yaml:"fault"`
	Condition *Condition `yaml:"condition"`
	Clear     *Condition `yaml:"clear"`
	Clock     *Clock     `yaml:"clock"`
	Release   bool       `yaml:"release"` // lets everything go on that is stuck
	Disarm    bool       `yaml:"disarm"`  // disarms every fault
	Snapshot  string     `yaml:"snapshot"`
	Restore   string     `yaml:"restore"`
}

// Clock moves, stops or starts the twin's time.
type Clock struct {
	Advance string `yaml:"advance" json:"advance,omitempty"`
	Freeze  *bool  `yaml:"freeze" json:"freeze,omitempty"`
}

// Parse reads a scenario. What is unknown or contradicts itself is an error that says where.
func Parse(text []byte) (*Scenario, error) {
	var s Scenario
	if err := yaml.UnmarshalWithOptions(text, &s, yaml.Strict()); err != nil {
		return nil, err
	}
	if len(s.Steps) == 0 {
		return nil, errors.New("steps: say at least one thing that happens")
	}
	for i, step := range s.Steps {
		if problem := step.problem(); problem != "" {
			return nil, fmt.Errorf("step %d: %s", i+1, problem)
		}
	}
	return &s, nil
}

func (s Step) problem() string {
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

// Title says in a line what a step does.
func (s Step) Title() string {
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

// String says in words when a step's time has come, "" for at once.
func (w When) String() string {
	var out []string
	if w.After != "" {
		out = append(out, w.After+" of the twin's time have passed")
	}
	if w.Event != "" {
		out = append(out, strings.TrimSpace(w.Event+" "+w.State)+" was told")
	}
	if w.Step != "" {
		out = append(out, "an operation is about to do "+w.Step)
	}
	return strings.Join(out, " and ")
}
