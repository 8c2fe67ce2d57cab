package factorydb

import (
	"context"
	"time"
)

// Keep is how long what has ended is kept; 0 keeps it for good. The audit log is always kept whole: its chain is its worth.
type Keep struct {
	// Requests that have ended. What says whose an account is, which e-mails are taken and which are never free again stays:
	// launches, enrolments and closings that succeeded, and changes of e-mail.
	Requests time.Duration
	// Events are the lines of a timeline, but for its last, and the ended runs of hooks, of requests that have ended.
	Events time.Duration
}

// Pruned is how many rows went, by table.
type Pruned map[string]int64

// pruneBatch is how many requests a transaction prunes: everybody else waits for it.
const pruneBatch = 100

// pruneLock is the advisory lock of the one process that prunes.
const pruneLock = 0x6163_6374_7072_756e

// endedStates are those in which nobody works at a request.
const endedStates = "'succeeded', 'failed', 'cancelled'"

// Prune removes what is kept no longer, in small transactions. While another process does it, it does nothing.
func (db *DB) Prune(ctx context.Context, k Keep) (Pruned, error) {
	out := Pruned{}
	for _, what := range []func(context.Context, tx) (int, error){
		func(ctx context.Context, t tx) (int, error) { return db.pruneSessions(ctx, t, out) },
		func(ctx context.Context, t tx) (int, error) { return db.pruneRequests(ctx, t, k.Requests, out) },
		func(ctx context.Context, t tx) (int, error) { return db.pruneEvents(ctx, t, k.Events, out) },
	} {
		for n := pruneBatch; n == pruneBatch; {
			if err := db.inTx(ctx, func(t tx) (err error) {
				n, err = db.pruneOnce(ctx, t, what)
				return err
			}); err != nil {
				return out, err
			}
		}
	}
	return out, nil
}

// pruneOnce takes a batch, unless another process prunes.
func (db *DB) pruneOnce(ctx context.Context, t tx, what func(context.Context, tx) (int, error)) (int, error) {
	if t.forUpdate() != "" {
		mine := false
		if err := t.row(ctx, `SELECT pg_try_advisory_xact_lock($1)`, int64(pruneLock)).Scan(&mine); err != nil || !mine {
			return 0, err
		}
	}
	if _, err := lockLimits(ctx, t); err != nil { // nobody retries a request meanwhile
		return 0, err
	}
	return what(ctx, t)
}

// before gives the time until which something is kept, and false when it is kept for good.
func (db *DB) before(keep time.Duration) (int64, bool) {
	return micros(db.now().Add(-keep)), keep > 0
}

func (db *DB) pruneSessions(ctx context.Context, t tx, out Pruned) (int, error) {
	n, err := t.exec(ctx, `DELETE FROM sessions WHERE hash IN (SELECT hash FROM sessions WHERE expires <= $1 ORDER BY expires LIMIT $2)`, micros(db.now()), pruneBatch)
	out["sessions"] += n
	return int(n), err
}

func (db *DB) pruneRequests(ctx context.Context, t tx, keep time.Duration, out Pruned) (int, error) {
	until, some := db.before(keep)
	if !some {
		return 0, nil
	}
	ids, err := textColumn(ctx, t, `SELECT id FROM requests WHERE state IN (`+endedStates+`) AND ended_at > 0 AND ended_at < $1
		AND NOT (state = 'succeeded' AND (kind IN ('launch', 'enroll', 'close') OR new_email_key <> ''))
		AND NOT EXISTS (SELECT 1 FROM hook_runs h WHERE h.request_id = requests.id AND h.state = 'pending')
		ORDER BY number LIMIT $2`, until, pruneBatch)
	if err != nil {
		return 0, err
	}
	for _, id := range ids {
		for _, of := range []struct{ table, column string }{{"hook_runs", "request_id"}, {"events", "request_id"}, {"submitted", "request_id"}, {"requests", "id"}} {
			n, err := t.exec(ctx, `DELETE FROM `+of.table+` WHERE `+of.column+` = $1`, id)
			if err != nil {
				return 0, err
			}
			out[of.table] += n
		}
	}
	t.note(ids, false)
	return len(ids), nil
}

// pruneEvents leaves a timeline its last line, which says how the request ended.
func (db *DB) pruneEvents(ctx context.Context, t tx, keep time.Duration, out Pruned) (int, error) {
	until, some := db.before(keep)
	if !some {
		return 0, nil
	}
	ids, err := textColumn(ctx, t, `SELECT id FROM requests WHERE state IN (`+endedStates+`) AND ended_at > 0 AND ended_at < $1
		AND (EXISTS (SELECT 1 FROM events e WHERE e.request_id = requests.id AND e.number < requests.events)
			OR EXISTS (SELECT 1 FROM hook_runs h WHERE h.request_id = requests.id AND h.state <> 'pending'))
		ORDER BY number LIMIT $2`, until, pruneBatch)
	if err != nil {
		return 0, err
	}
	for _, id := range ids {
		lines, err := t.exec(ctx, `DELETE FROM events WHERE request_id = $1 AND number < (SELECT events FROM requests WHERE id = $1)`, id)
		if err != nil {
			return 0, err
		}
		runs, err := t.exec(ctx, `DELETE FROM hook_runs WHERE request_id = $1 AND state <> 'pending'`, id)
		if err != nil {
			return 0, err
		}
		out["events"] += lines
		out["hook_runs"] += runs
	}
	t.note(ids, false)
	return len(ids), nil
}

func textColumn(ctx context.Context, r reader, query string, args ...any) (out []string, err error) {
	err = r.each(ctx, query, args, func(s scanner) error {
		var one string
		err := s.Scan(&one)
		out = append(out, one)
		return err
	})
	return out, err
}
