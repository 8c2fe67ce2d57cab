package twin

import (
	"fmt"
	"net/http"
	"slices"

	"accountfactory/internal/twin/state"
)

func (t *Twin) labFaults(*http.Request) (any, error) {
	out := []*state.Fault{}
	err := t.state.View(func(tx *state.Tx) error { out = append(out, tx.Faults()...); return nil })
	return map[string]any{"faults": out}, err
}

func (t *Twin) labArm(r *http.Request) (any, error) {
	f, err := readBody[state.Fault](r)
	if err != nil {
		return nil, err
	}
	if !slices.Contains(state.FaultKinds, f.Kind) {
		return nil, badRequest(fmt.Sprintf("kind: %q is none of %v", f.Kind, state.FaultKinds))
	}
	if f.Count < 0 || f.Skip < 0 || f.Delay < 0 || f.Probability < 0 || f.Probability > 1 {
		return nil, badRequest("count, skip and delay must not be negative; probability lies between 0 and 1")
	}
	if f.Kind.Kills() && f.Count == 0 {
		return nil, badRequest("count: a fault that kills needs one, as otherwise it would strike again after every start")
	}
	err = t.state.Update(r.Context(), func(tx *state.Tx) error { f.ID = tx.ArmFault(f); return nil })
	return f, err
}

func (t *Twin) labDisarm(r *http.Request) (any, error) {
	id, found := r.PathValue("id"), false
	err := t.state.Update(r.Context(), func(tx *state.Tx) error { found = tx.DisarmFault(id); return nil })
	if err == nil && !found {
		return nil, &labError{http.StatusNotFound, "NotFound", "no fault " + id + " is armed"}
	}
	return map[string]any{"id": id}, err
}

func (t *Twin) labOperations(*http.Request) (any, error) {
	out := []*state.Operation{}
	err := t.state.View(func(tx *state.Tx) error { out = append(out, tx.Operations()...); return nil })
	return map[string]any{"operations": out}, err
}

// labRelease lets an operation go on that a fault had stuck.
func (t *Twin) labRelease(r *http.Request) (any, error) {
	id, found := r.PathValue("id"), false
	err := t.state.Update(r.Context(), func(tx *state.Tx) error { found = tx.SetStuck(id, false); return nil })
	if err == nil && !found {
		return nil, &labError{http.StatusNotFound, "NotFound", "no operation " + id + " is under way"}
	}
	return map[string]any{"id": id}, err
}
