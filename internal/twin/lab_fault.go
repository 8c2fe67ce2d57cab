package twin

import (
	"fmt"
	"net/http"
	"slices"

	"accountfactory/internal/twin/controltower"
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
	if f.Name != "" {
		known, ok := controltower.FailureNamed(f.Name)
		if !ok {
			return nil, badRequest(fmt.Sprintf("name: there is no known failure %q; see GET /_twin/failures", f.Name))
		}
		if known.Condition != "" {
			return t.setCondition(r, controltower.Condition{Name: known.Condition})
		}
		f = named(f, known.Fault)
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

// named gives a known failure, narrowed as the request says.
func named(asked, known state.Fault) state.Fault {
	known.Account, known.Email, known.Skip, known.Probability = asked.Account, asked.Email, asked.Skip, asked.Probability
	if asked.Count != 0 {
		known.Count = asked.Count
	}
	return known
}

func (t *Twin) labFailures(*http.Request) (any, error) {
	return map[string]any{"failures": controltower.Failures()}, nil
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
	out := []operationView{}
	err := t.state.View(func(tx *state.Tx) error {
		for _, op := range tx.Operations() {
			out = append(out, viewOperation(op))
		}
		return nil
	})
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
