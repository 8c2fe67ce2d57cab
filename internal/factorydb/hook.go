package factorydb

import (
	"context"
	"database/sql"
	"errors"
	"time"

	"accountfactory/internal/factory"
)

const hookColumns = `id, request_id, hook, event, state, attempts, due, created_at, ended_at, result, output, body`

func scanHook(row scanner) (factory.HookRun, error) {
	var h factory.HookRun
	var due, created, ended int64
	var body string
	err := row.Scan(&h.ID, &h.RequestID, &h.Hook, &h.Event, &h.State, &h.Attempts, &due, &created, &ended, &h.Result, &h.Output, &body)
	if errors.Is(err, sql.ErrNoRows) {
		return h, factory.ErrNotFound
	}
	h.Due, h.CreatedAt, h.EndedAt, h.Body = fromMicros(due), fromMicros(created), fromMicros(ended), []byte(body)
	return h, err
}

// addHooks keeps the runs that a change asks for.
func addHooks(ctx context.Context, t tx, r *stored) error {
	for _, h := range r.Hooks {
		if _, err := t.exec(ctx, `INSERT INTO hook_runs (`+hookColumns+`, claimed) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, 0)`,
			h.ID, h.RequestID, h.Hook, string(h.Event), string(h.State), h.Attempts, micros(h.Due), micros(h.CreatedAt), micros(h.EndedAt), h.Result, h.Output,
			string(h.Body)); err != nil {
			return err
		}
	}
	r.Hooks = nil
	return nil
}

// releaseHooks ends all leases: nobody lives who has one.
func releaseHooks(ctx context.Context, t tx, now time.Time) error {
	_, err := t.exec(ctx, `UPDATE hook_runs SET claimed = 0, due = $1 WHERE state = 'pending' AND claimed = 1`, micros(now))
	return err
}

// dueHook is the run that is due longest. One that nobody has and that is due so late waits for its next attempt by a clock that
// was set back since: no pause between attempts is as long.
const dueHook = `SELECT ` + hookColumns + ` FROM hook_runs WHERE state = 'pending' AND (due <= $1 OR claimed = 0 AND due > $2)` + notHeld + ` ORDER BY due, id LIMIT 1`

// ClaimHook takes the run that is due longest. Returns ErrNotFound when none is.
func (db *DB) ClaimHook(ctx context.Context, now time.Time, lease time.Duration) (factory.HookRun, error) {
	toCome := micros(now.Add(clockBack))
	if _, err := scanHook(db.reader().row(ctx, dueHook, micros(now), toCome)); err != nil { // mostly there is none
		return factory.HookRun{}, err
	}
	var h factory.HookRun
	err := db.inTx(ctx, func(t tx) error {
		if _, err := lockLimits(ctx, t); err != nil {
			return err
		}
		var err error
		if h, err = scanHook(t.row(ctx, dueHook, micros(now), toCome)); err != nil {
			return err
		}
		h.Attempts++
		_, err = t.exec(ctx, `UPDATE hook_runs SET attempts = $1, claimed = 1, due = $2 WHERE id = $3`, h.Attempts, micros(now.Add(lease)), h.ID)
		return err
	})
	return h, err
}

// EndHook stores what an attempt came to.
func (db *DB) EndHook(ctx context.Context, h factory.HookRun, e factory.Event) error {
	return db.inTx(ctx, func(t tx) error {
		if _, err := lockLimits(ctx, t); err != nil {
			return err
		}
		t.note([]string{h.RequestID}, false)
		n, err := t.exec(ctx, `UPDATE hook_runs SET state = $1, claimed = 0, due = $2, ended_at = $3, result = $4, output = $5
			WHERE id = $6 AND state = 'pending' AND attempts = $7`, string(h.State), micros(h.Due), micros(h.EndedAt), h.Result, h.Output, h.ID, h.Attempts)
		if err != nil || n == 0 || e.Text == "" {
			return err
		}
		_, err = db.addLine(ctx, t, h.RequestID, e)
		return err
	})
}

// addLine adds a line to a request's timeline, which is a change: who comes back to a stream of changes is shown it.
func (db *DB) addLine(ctx context.Context, t tx, id string, e factory.Event) (stored, error) {
	r, err := readRequest(ctx, t, id)
	if err != nil {
		return r, err
	}
	if err := addEvents(ctx, t, &r, []factory.Event{e}); err != nil {
		return r, err
	}
	r.UpdatedAt = db.now()
	return r, updateRequest(ctx, t, &r)
}

// RetryHook makes a failed run pending again.
func (db *DB) RetryHook(ctx context.Context, requestID, id string, e factory.Event) error {
	return db.inTx(ctx, func(t tx) error {
		if _, err := lockLimits(ctx, t); err != nil {
			return err
		}
		t.note([]string{requestID}, false)
		h, err := scanHook(t.row(ctx, `SELECT `+hookColumns+` FROM hook_runs WHERE id = $1 AND request_id = $2`, id, requestID))
		if err != nil {
			return err
		}
		r, err := db.addLine(ctx, t, requestID, e)
		if err != nil {
			return err
		}
		if h.State != factory.HookFailed {
			return &factory.ConflictError{RequestID: requestID, State: r.State, Reason: "its hook run " + id + " is " + string(h.State) + ", and only a failed one is run again"}
		}
		if _, err := t.exec(ctx, `UPDATE hook_runs SET state = 'pending', attempts = 0, due = $1, ended_at = 0 WHERE id = $2`, micros(e.At), id); err != nil {
			return err
		}
		row := factory.AuditRow{Actor: e.Actor, Action: e.Action, RequestID: requestID, Reason: e.Text}
		return db.audit(ctx, t, row, map[string]string{"hook": id, "state": string(h.State)}, map[string]string{"hook": id, "state": string(factory.HookPending)})
	})
}

// HookRuns gives a request's runs in their order.
func (db *DB) HookRuns(ctx context.Context, requestID string) (out []factory.HookRun, err error) {
	err = db.reader().each(ctx, `SELECT `+hookColumns+` FROM hook_runs WHERE request_id = $1 ORDER BY created_at, id`, []any{requestID}, func(s scanner) error {
		h, err := scanHook(s)
		out = append(out, h)
		return err
	})
	return out, err
}
