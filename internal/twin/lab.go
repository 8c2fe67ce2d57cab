package twin

import (
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"time"

	"accountfactory/internal/twin/state"
)

// The lab: what AWS has not got. JSON over HTTP under /_twin/, signed with the name "twin".

// labError is an error the lab answers with; anything else is internal.
type labError struct {
	status        int
	Code, Message string
}

func (e *labError) Error() string { return e.Message }

func badRequest(message string) error { return &labError{http.StatusBadRequest, "BadRequest", message} }

type labHandler func(r *http.Request) (any, error)

// lab gives all routes of the lab.
func (t *Twin) lab() http.Handler {
	mux := http.NewServeMux()
	on := func(pattern string, h labHandler) { mux.Handle(pattern, t.labRoute(h)) }
	on("GET /_twin/status", t.labStatus)
	on("POST /_twin/reset", t.labReset)
	on("POST /_twin/snapshot", t.labSnapshot)
	on("POST /_twin/restore", t.labRestore)
	on("GET /_twin/clock", t.labClock)
	on("POST /_twin/clock", t.labSetClock)
	on("GET /_twin/faults", t.labFaults)
	on("POST /_twin/faults", t.labArm)
	on("DELETE /_twin/faults/{id}", t.labDisarm)
	on("GET /_twin/failures", t.labFailures)
	on("GET /_twin/conditions", t.labConditions)
	on("POST /_twin/conditions", t.labSetCondition)
	on("DELETE /_twin/conditions", t.labClearCondition)
	on("GET /_twin/denials", t.labDenials)
	on("GET /_twin/drift", t.labDrift)
	on("POST /_twin/explain", t.labExplain)
	on("GET /_twin/operations", t.labOperations)
	on("POST /_twin/operations/{id}/release", t.labRelease)
	on("GET /_twin/events", t.labMessages("event", viewEvent))
	on("GET /_twin/outbox", t.labMessages("mail", viewMail))
	on("POST /_twin/outbox/deliver", t.labDeliver)
	on("/_twin/", func(r *http.Request) (any, error) {
		return nil, &labError{http.StatusNotFound, "NotFound", "the lab has no " + r.Method + " " + r.URL.Path}
	})
	return mux
}

func (t *Twin) labRoute(h labHandler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		out, err := h(r)
		status := http.StatusOK
		if err != nil {
			var known *labError
			if !errors.As(err, &known) {
				t.log.ErrorContext(r.Context(), "lab", "path", r.URL.Path, "error", err)
				known = &labError{http.StatusInternalServerError, "InternalFailure", "see the server's log"}
			}
			status, out = known.status, map[string]any{"error": map[string]string{"code": known.Code, "message": known.Message}}
		}
		body, err := json.Marshal(out)
		if err != nil {
			status, body = http.StatusInternalServerError, []byte(`{}`)
		}
		w.Header().Set("Content-Type", "application/json")
		w.WriteHeader(status)
		_, _ = w.Write(append(body, '\n')) // the client may be gone; nothing to do about it
	})
}

// readBody reads a JSON object, strictly; an empty body is the zero value.
func readBody[T any](r *http.Request) (T, error) {
	var in T
	d := json.NewDecoder(r.Body)
	d.DisallowUnknownFields()
	if err := d.Decode(&in); err != nil && !errors.Is(err, io.EOF) {
		return in, badRequest("the body is not the JSON expected: " + err.Error())
	}
	return in, nil
}

func (t *Twin) labStatus(*http.Request) (any, error) {
	return map[string]any{
		"region": t.config.Region, "account": t.config.ManagementAccountID, "accountOperations": t.tower.AccountOperations(), "profile": t.tower.Profile(),
		"speed": t.config.Speed, "time": t.state.Clock().Now(), "deliveryHeld": t.state.Held(),
	}, nil
}

func (t *Twin) labReset(r *http.Request) (any, error) {
	if err := t.state.Restore(r.Context(), state.StartSnapshot); err != nil {
		return nil, err
	}
	return map[string]any{"restored": state.StartSnapshot}, t.putManagementKey(r.Context())
}

type snapshotName struct {
	Name string `json:"name"`
}

func (t *Twin) labSnapshot(r *http.Request) (any, error) {
	in, err := readBody[snapshotName](r)
	if err != nil {
		return nil, err
	}
	if in.Name == "" || in.Name == state.StartSnapshot {
		return nil, badRequest(`name: give the snapshot a name other than "start", which is what a reset restores`)
	}
	return map[string]any{"name": in.Name}, t.state.Snapshot(r.Context(), in.Name)
}

func (t *Twin) labRestore(r *http.Request) (any, error) {
	in, err := readBody[snapshotName](r)
	if err != nil {
		return nil, err
	}
	var missing state.NoSnapshotError
	if err := t.state.Restore(r.Context(), in.Name); errors.As(err, &missing) {
		return nil, &labError{http.StatusNotFound, "NotFound", missing.Error()}
	} else if err != nil {
		return nil, err
	}
	return map[string]any{"restored": in.Name}, t.putManagementKey(r.Context())
}

func (t *Twin) labClock(*http.Request) (any, error) {
	s := t.state.Clock().Setting()
	return map[string]any{"now": t.state.Clock().Now(), "frozen": s.Frozen != nil, "offset": s.Offset.String()}, nil
}

// labSetClock takes {"advance":"24h"}, {"freeze":true} or {"freeze":false}.
func (t *Twin) labSetClock(r *http.Request) (any, error) {
	in, err := readBody[struct {
		Advance string `json:"advance"`
		Freeze  *bool  `json:"freeze"`
	}](r)
	if err != nil {
		return nil, err
	}
	c := t.state.Clock()
	if in.Freeze != nil {
		next := c.Running()
		if *in.Freeze {
			next = c.Stopped()
		}
		if err := t.state.SetClock(r.Context(), next); err != nil {
			return nil, err
		}
	}
	if in.Advance != "" {
		d, err := time.ParseDuration(in.Advance)
		if err != nil || d < 0 {
			return nil, badRequest(`advance: want a duration ahead, such as "90m" or "2160h"`)
		}
		if err := t.state.SetClock(r.Context(), c.Advanced(d)); err != nil {
			return nil, err
		}
	}
	return t.labClock(r)
}

// labMessages gives the messages of a kind, in the order they were written, from after one that is named.
func (t *Twin) labMessages(kind string, view func(*state.Message) (any, error)) labHandler {
	return func(r *http.Request) (any, error) {
		out := []any{}
		err := t.state.View(func(tx *state.Tx) error {
			for m := range tx.Messages(kind, r.URL.Query().Get("after")) {
				one, err := view(m)
				if err != nil {
					return err
				}
				out = append(out, one)
			}
			return nil
		})
		return map[string]any{kind + "s": out, "kept": keptWords()}, err
	}
}
