package console

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"net/http"
	"path"
	"strings"
	"sync"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"

	"accountfactory/docs"
	"accountfactory/internal/cloud"
	"accountfactory/internal/scenario"
)

// playTime is how long a scenario may take, as on the command line.
const playTime = time.Hour

// The states of a play.
const (
	playGoes    = "playing"
	playDone    = "done"
	playFailed  = "failed"
	playStopped = "stopped"
)

// theatre plays scenarios, one at a time: two would take one another's events for their own.
type theatre struct {
	mu  sync.Mutex
	now *play // the last one, ended ones too; nil when none was played since the start
}

// play is one playing of a scenario, as the page sees it.
type play struct {
	Name    string       `json:"name"`
	State   string       `json:"state"`
	Steps   []playedStep `json:"steps"`
	Error   string       `json:"error,omitempty"`
	Started time.Time    `json:"startedAt"`
	Ended   time.Time    `json:"endedAt,omitzero"`

	stop context.CancelFunc
}

type playedStep struct {
	Title string    `json:"title"`
	When  string    `json:"when,omitempty"` // empty for at once
	At    time.Time `json:"at,omitzero"`    // the twin's time at which it was done
}

// readyMade is a scenario that comes with the program.
type readyMade struct {
	Name        string       `json:"name"`
	Description string       `json:"description"`
	Reset       bool         `json:"reset"` // it is meant to begin with the start state
	Steps       []playedStep `json:"steps"`
	Text        string       `json:"text"`
}

func stepsOf(s *scenario.Scenario) []playedStep {
	out := make([]playedStep, len(s.Steps))
	for i, step := range s.Steps {
		out[i] = playedStep{Title: step.Title(), When: step.When.String()}
	}
	return out
}

// readyMades gives the scenarios that come with the program, by name.
func readyMades() (out []readyMade, err error) {
	files, err := fs.Glob(docs.Scenarios(), "scenarios/*.yaml")
	if err != nil {
		return nil, err
	}
	for _, file := range files {
		text, err := fs.ReadFile(docs.Scenarios(), file)
		if err != nil {
			return nil, err
		}
		s, err := scenario.Parse(text)
		if err != nil {
			return nil, fmt.Errorf("%s: %w", file, err)
		}
		out = append(out, readyMade{
			Name: strings.TrimSuffix(path.Base(file), ".yaml"), Description: strings.TrimSpace(s.Description), Reset: s.Reset, Steps: stepsOf(s), Text: string(text),
		})
	}
	return out, nil
}

// mayLab asks the twin whether a role may use its lab: what the answer is about does not matter.
func (c *Console) mayLab(r *http.Request, one *session) error {
	if c.config.About.Cloud != cloud.KindTwin {
		return &apiError{status: http.StatusNotFound, Code: "NotFound", Message: "scenarios are played on a twin, and this is AWS"}
	}
	at, err := c.placeOf(r)
	if err != nil {
		return err
	}
	return inLabsWords(c.inside(r.Context(), one, at, func(_ *cloud.Clients, o *opened) error {
		return c.config.Cloud.LabAs(aws.CredentialsProviderFunc(o.retrieve)).Do(r.Context(), http.MethodGet, "/_twin/clock", nil, nil)
	}))
}

// inLabsWords gives the lab's refusals the form callers see.
func inLabsWords(err error) error {
	var refused *cloud.LabError
	if errors.As(err, &refused) {
		return &apiError{status: refused.Status, Code: refused.Code, Message: refused.Message}
	}
	return err
}

// scenarios lists what can be played, and how the last play stands.
func (c *Console) scenarios(r *http.Request, one *session) (answer, error) {
	if err := c.mayLab(r, one); err != nil {
		return answer{}, err
	}
	all, err := readyMades()
	return ok(map[string]any{"scenarios": all, "play": c.theatre.last()}), err
}

// playScenario begins to play: one that comes with the program by its name, or the text of another. Whether the role may is
// asked at the beginning; the steps are done with the management credentials, which alone outlive a step that restores a
// state in which nobody is signed in.
func (c *Console) playScenario(r *http.Request, one *session) (answer, error) {
	in, err := read[struct {
		Name  string `json:"name"`
		Text  string `json:"text"`
		Reset bool   `json:"reset"` // whether to begin with the start state, whatever the file says
	}](r)
	if err != nil {
		return answer{}, err
	}
	if err := c.mayLab(r, one); err != nil {
		return answer{}, err
	}
	s, name, err := asked(in.Name, in.Text)
	if err != nil {
		return answer{}, err
	}
	s.Reset = in.Reset
	began, err := c.theatre.begin(context.WithoutCancel(r.Context()), c.clock.Now, name, s, c.config.Cloud.Lab().Do)
	return answer{http.StatusAccepted, began}, err
}

// asked finds the scenario that is meant.
func asked(name, text string) (*scenario.Scenario, string, error) {
	if text == "" {
		body, err := fs.ReadFile(docs.Scenarios(), "scenarios/"+name+".yaml")
		if err != nil {
			return nil, "", &apiError{status: http.StatusNotFound, Code: "NotFound", Message: fmt.Sprintf("there is no scenario %q", name)}
		}
		text = string(body)
	}
	s, err := scenario.Parse([]byte(text))
	if err != nil {
		return nil, "", &apiError{status: http.StatusUnprocessableEntity, Code: "Refused", Message: err.Error()}
	}
	if name == "" {
		name = "your own"
	}
	return s, name, nil
}

// stopScenario ends the play under way between two steps. What has been done stays done.
func (c *Console) stopScenario(r *http.Request, one *session) (answer, error) {
	if err := c.mayLab(r, one); err != nil {
		return answer{}, err
	}
	c.theatre.end()
	return ok(map[string]any{"play": c.theatre.last()}), nil
}

// begin starts a play and answers at once with how it stands.
func (t *theatre) begin(ctx context.Context, now func() time.Time, name string, s *scenario.Scenario, lab scenario.Do) (play, error) {
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.now != nil && t.now.State == playGoes {
		return play{}, &apiError{status: http.StatusConflict, Code: "Conflict", Message: fmt.Sprintf("the scenario %s is being played: wait for its end, or stop it", t.now.Name)}
	}
	ctx, stop := context.WithTimeout(ctx, playTime)
	p := &play{Name: name, State: playGoes, Steps: stepsOf(s), Started: now(), stop: stop}
	t.now = p
	player := &scenario.Player{Lab: lab, Done: func(i int, twin time.Time) {
		t.mu.Lock()
		defer t.mu.Unlock()
		p.Steps[i].At = twin
	}}
	go func() {
		defer stop()
		err := player.Play(ctx, s)
		t.mu.Lock()
		defer t.mu.Unlock()
		p.close(now(), err)
	}()
	return p.copied(), nil
}

func (p *play) close(at time.Time, err error) {
	p.Ended = at
	switch {
	case err == nil:
		p.State = playDone
	case errors.Is(err, context.Canceled):
		p.State = playStopped
	case errors.Is(err, context.DeadlineExceeded):
		p.State, p.Error = playFailed, fmt.Sprintf("it did not come to its end within %s", playTime)
	default:
		p.State, p.Error = playFailed, err.Error()
	}
}

// copied is for readers that hold no lock.
func (p *play) copied() play {
	out := *p
	out.Steps = append([]playedStep(nil), p.Steps...)
	return out
}

func (t *theatre) last() *play {
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.now == nil {
		return nil
	}
	out := t.now.copied()
	return &out
}

func (t *theatre) end() {
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.now != nil {
		t.now.stop()
	}
}
