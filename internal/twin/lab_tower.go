package twin

import (
	"errors"
	"net/http"
	"slices"

	"accountfactory/internal/twin/controltower"
	"accountfactory/internal/twin/state"

	"github.com/aws/smithy-go"
)

// labConditions gives what is set, and what could be.
func (t *Twin) labConditions(*http.Request) (any, error) {
	out := []*controltower.Condition{}
	err := t.state.View(func(tx *state.Tx) error {
		out = append(out, slices.Collect(t.tower.AllConditions(tx))...)
		return nil
	})
	return map[string]any{"conditions": out, "known": controltower.Conditions()}, err
}

func (t *Twin) labSetCondition(r *http.Request) (any, error) {
	in, err := readBody[controltower.Condition](r)
	if err != nil {
		return nil, err
	}
	return t.setCondition(r, in)
}

func (t *Twin) setCondition(r *http.Request, c controltower.Condition) (any, error) {
	err := t.state.Update(r.Context(), func(tx *state.Tx) error { return t.tower.SetCondition(tx, c) })
	var wrong controltower.ConditionError
	var refused smithy.APIError // of the service it changes: no such account
	if errors.As(err, &wrong) || errors.As(err, &refused) {
		return nil, badRequest(err.Error())
	}
	return map[string]any{"condition": c.Name}, err
}

func (t *Twin) labClearCondition(r *http.Request) (any, error) {
	in, err := readBody[controltower.Condition](r)
	if err != nil {
		return nil, err
	}
	found := false
	err = t.state.Update(r.Context(), func(tx *state.Tx) error { found = t.tower.ClearCondition(tx, in); return nil })
	if err == nil && !found {
		return nil, &labError{http.StatusNotFound, "NotFound", "no such condition is set"}
	}
	return map[string]any{"condition": in.Name}, err
}

// labDrift gives what has drifted and is not repaired.
func (t *Twin) labDrift(*http.Request) (any, error) {
	out := []*controltower.Drift{}
	err := t.state.View(func(tx *state.Tx) error { out = append(out, t.tower.Drifts(tx)...); return nil })
	return map[string]any{"drift": out}, err
}

// labSettings gives Account Factory's own settings.
func (t *Twin) labSettings(*http.Request) (any, error) {
	var out controltower.Settings
	err := t.state.View(func(tx *state.Tx) error { out = t.tower.Settings(tx); return nil })
	return out, err
}

func (t *Twin) labPutSettings(r *http.Request) (any, error) {
	in, err := readBody[controltower.Settings](r)
	if err != nil {
		return nil, err
	}
	err = t.state.Update(r.Context(), func(tx *state.Tx) error { return t.tower.PutSettings(tx, in) })
	var wrong controltower.SettingsError
	if errors.As(err, &wrong) {
		return nil, badRequest(wrong.Problem)
	}
	return in, err
}
