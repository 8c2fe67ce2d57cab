package factorydb

import (
	"context"
	"errors"
	"time"

	"accountfactory/internal/factory"
)

// lockLimits takes the lock under which slots are counted, numbers given and audit rows chained, and gives the limit, 0
// while the queue does not move. Every transaction that does one of these takes it first.
func lockLimits(ctx context.Context, t tx) (limit int, err error) {
	err = t.row(ctx, `SELECT CASE WHEN mode = 'open' THEN account_operations ELSE 0 END FROM limits WHERE id = 1`+t.forUpdate()).Scan(&limit)
	return limit, err
}

// dispatch gives free slots to waiting requests whose time has come, by priority and then age, and each its job. Those
// that need no account operation get a worker beside the limit. The caller holds the limits' lock.
func (db *DB) dispatch(ctx context.Context, t tx, limit int) (started []stored, err error) {
	var used, light int
	if err := t.row(ctx, `SELECT count(*), coalesce(sum(light), 0) FROM requests WHERE slot = 1`).Scan(&used, &light); err != nil {
		return nil, err
	}
	used -= light
	var next []stored
	for _, lane := range []struct{ light, free int }{{0, limit - used}, {1, lightWorkers - light}} {
		if lane.free <= 0 || limit == 0 { // paused
			continue
		}
		found, err := db.next(ctx, t, lane.light, lane.free)
		if err != nil {
			return nil, err
		}
		next = append(next, found...)
	}
	for i := range next {
		r := &next[i]
		r.Slot = true
		if r.StartedAt.IsZero() {
			r.StartedAt = db.now()
		}
		if !r.Progress.StepSince.IsZero() { // what a step may take counts from here
			r.Progress.StepSince = db.now()
		}
		if !r.Light {
			used++
		}
		if err := addEvents(ctx, t, r, []factory.Event{factory.Admitted(db.now(), &r.Request, used, limit)}); err != nil {
			return nil, err
		}
	}
	t.note(idsOf(next), false)
	return next, db.employ(ctx, t, next)
}

// isNew is a launch that has made no account yet.
const isNew = `kind = 'launch' AND account_id = ''`

// next gives the first of those that wait in a lane, and of new accounts only as many as may begin today.
func (db *DB) next(ctx context.Context, t tx, light, free int) ([]stored, error) {
	fresh, err := db.fresh(ctx, t)
	if err != nil {
		return nil, err
	}
	const waits = `state = 'waiting' AND slot = 0 AND light = $1 AND not_before <= $2`
	if fresh >= free {
		return requests(ctx, t, `WHERE `+waits+` ORDER BY priority DESC, number LIMIT $3`, light, micros(db.now()), free)
	}
	return requests(ctx, t, `WHERE `+waits+` AND (NOT (`+isNew+`) OR number IN (SELECT number FROM requests WHERE `+waits+` AND `+isNew+` ORDER BY priority DESC, number LIMIT $4))
		ORDER BY priority DESC, number LIMIT $3`, light, micros(db.now()), free, fresh)
}

// lightWorkers is how many requests without an account operation are worked on at once.
const lightWorkers = 10

// employ gives each request a job of its generation and writes it.
func (db *DB) employ(ctx context.Context, t tx, rs []stored) error {
	if len(rs) == 0 {
		return nil
	}
	jobs := make([]jobArgs, len(rs))
	for i := range rs {
		jobs[i] = jobArgs{RequestID: rs[i].ID, Generation: rs[i].Generation}
	}
	ids, err := t.enqueue(ctx, jobs)
	if err != nil {
		return err
	}
	for i := range rs {
		rs[i].JobID, rs[i].UpdatedAt = ids[i], db.now()
		if err := updateRequest(ctx, t, &rs[i]); err != nil {
			return err
		}
	}
	return nil
}

// Sweep gives a worker to each request that has a slot and no job that could still work at it. all takes over every
// one, for the start of the only process.
func (db *DB) Sweep(ctx context.Context, all bool) (int, error) {
	var found int
	err := db.inTx(ctx, func(t tx) error {
		limit, err := lockLimits(ctx, t)
		if err != nil {
			return err
		}
		if all && t.forUpdate() == "" { // a database of one process: nobody else runs hooks
			if err := releaseHooks(ctx, t, db.now()); err != nil {
				return err
			}
		}
		if found, err = db.takeOver(ctx, t, all); err != nil {
			return err
		}
		_, err = db.dispatch(ctx, t, limit)
		return err
	})
	return found, err
}

// clockBack is how far a change may lie in the future. Beyond it the clock was set back since, as where a machine's clock kept
// local time until a time service came: River would wake the job when the clock is there again. No pause of ours is as long, and
// replicas whose clocks are so far apart cannot both sign calls of AWS.
const clockBack = 15 * time.Minute

func (db *DB) toCome() int64 { return micros(db.now().Add(clockBack)) }

// takeOver gives a worker of a new generation to each request that has lost its own.
func (db *DB) takeOver(ctx context.Context, t tx, all bool) (int, error) {
	toCome := db.toCome()
	where, args := db.engine.lost(all, toCome)
	lost, err := requests(ctx, t, where+` ORDER BY number`, args...)
	if err != nil {
		return 0, err
	}
	for i := range lost {
		r := &lost[i]
		r.Generation++
		if micros(r.Due) > toCome {
			r.Due = time.Time{}
		}
		if err := addEvents(ctx, t, r, []factory.Event{factory.TakenOver(db.now(), &r.Request)}); err != nil {
			return 0, err
		}
	}
	if err := db.employ(ctx, t, lost); err != nil {
		return 0, err
	}
	t.note(idsOf(lost), true)
	return len(lost), nil
}

// notHeld is the condition that a restored database does not meet before somebody resumes its queue.
const notHeld = ` AND (SELECT held FROM limits WHERE id = 1) = 0`

func idsOf(rs []stored) []string {
	ids := make([]string, len(rs))
	for i := range rs {
		ids[i] = rs[i].ID
	}
	return ids
}

// SetLimit changes how many account operations run at once. Raising it starts requests in the same transaction;
// lowering it lets those that run finish.
func (db *DB) SetLimit(ctx context.Context, n int, by string) error {
	return db.setLimits(ctx, factory.AuditRow{Actor: by, Action: factory.AuditLimit}, `UPDATE limits SET account_operations = $1, auto = 0 WHERE id = 1`, n)
}

// dispatchNow starts what a changed limit or mode lets start.
func (db *DB) dispatchNow(ctx context.Context, t tx) error {
	limit, err := lockLimits(ctx, t)
	if err != nil {
		return err
	}
	t.note(nil, true)
	_, err = db.dispatch(ctx, t, limit)
	return err
}

// SetMode pauses, drains or resumes the queue.
func (db *DB) SetMode(ctx context.Context, m factory.Mode, by string, at time.Time) error {
	return db.inTx(ctx, func(t tx) error {
		if _, err := lockLimits(ctx, t); err != nil {
			return err
		}
		var before string
		if err := t.row(ctx, `SELECT mode FROM limits WHERE id = 1`).Scan(&before); err != nil {
			return err
		}
		if _, err := t.exec(ctx, `UPDATE limits SET mode = $1, mode_by = $2, mode_at = $3 WHERE id = 1`, string(m), by, micros(at)); err != nil {
			return err
		}
		err := db.audit(ctx, t, factory.AuditRow{Actor: by, Action: factory.AuditMode}, before, m)
		if err == nil && m == factory.ModeOpen {
			err = db.release(ctx, t, at)
		}
		if err != nil {
			return err
		}
		return db.dispatchNow(ctx, t)
	})
}

// Durations gives how long the last account operations that succeeded took. Those that waited for a person, or for a quota,
// after they had begun say nothing of that.
func (db *DB) Durations(ctx context.Context, n int) (out []time.Duration, err error) {
	err = db.reader().each(ctx, `SELECT ended_at - started_at FROM requests WHERE state = 'succeeded' AND light = 0 AND started_at > 0
		AND new_email_key = '' AND not_before <= started_at ORDER BY ended_at DESC LIMIT $1`, []any{n}, func(s scanner) error {
		var took int64
		err := s.Scan(&took)
		out = append(out, time.Duration(took)*time.Microsecond)
		return err
	})
	return out, err
}

// Queue gives the limit and what uses it.
func (db *DB) Queue(ctx context.Context) (factory.Queue, error) {
	var q factory.Queue
	var at int64
	var auto, said int
	r := db.reader()
	if err := r.row(ctx, begunSince, micros(db.day())).Scan(&q.Begun); err != nil {
		return q, err
	}
	if err := r.row(ctx, `SELECT account_operations, auto, quota, `+quotaSaid+`, daily_cap, mode, mode_by, mode_at,
		(SELECT count(*) FROM requests WHERE slot = 1 AND light = 0), (SELECT count(*) FROM requests WHERE slot = 1),
		(SELECT count(*) FROM requests WHERE state = 'waiting' AND slot = 0 AND light = 0 AND not_before <= $1) FROM limits WHERE id = 1`, micros(db.now())).
		Scan(&q.Limit, &auto, &q.Quota, &said, &q.DailyCap, &q.Mode, &q.ModeBy, &at, &q.Used, &q.Busy, &q.Waiting); err != nil {
		return q, err
	}
	q.ModeAt, q.Auto, q.QuotaSaid = fromMicros(at), auto == 1, said == 1
	if q.Full() {
		if err := r.row(ctx, `SELECT count(*) FROM requests WHERE state = 'waiting' AND slot = 0 AND light = 0 AND not_before <= $1 AND `+isNew, micros(db.now())).Scan(&q.Capped); err != nil {
			return q, err
		}
	}
	first, err := scanRequest(r.row(ctx, `SELECT `+requestColumns+` FROM requests WHERE slot = 1 AND light = 0 ORDER BY number LIMIT 1`))
	if err != nil && !errors.Is(err, factory.ErrNotFound) {
		return q, err
	}
	q.First = first.Request
	return q, nil
}

// Position gives a waiting request's place: how many wait for a slot up to it. One that may not begin yet has none.
func (db *DB) Position(ctx context.Context, r factory.Request) (int, error) {
	var n int
	now := micros(db.now())
	if micros(r.NotBefore) > now {
		return 0, nil
	}
	err := db.reader().row(ctx, `SELECT count(*) FROM requests WHERE state = 'waiting' AND slot = 0 AND light = $1 AND not_before <= $2
		AND (priority > $3 OR priority = $3 AND number <= $4)`, bit(r.Light), now, r.Priority, r.Number).Scan(&n)
	return n, err
}

// Waiting gives the ids of the requests that wait for an account operation, in order.
func (db *DB) Waiting(ctx context.Context) ([]string, error) {
	var ids []string
	err := db.reader().each(ctx, `SELECT id FROM requests
		WHERE state = 'waiting' AND slot = 0 AND light = 0 AND not_before <= $1 ORDER BY priority DESC, number`, []any{micros(db.now())}, func(s scanner) error {
		var id string
		err := s.Scan(&id)
		ids = append(ids, id)
		return err
	})
	return ids, err
}

// requests reads requests by the rest of a statement.
func requests(ctx context.Context, r reader, rest string, args ...any) ([]stored, error) {
	var out []stored
	err := r.each(ctx, `SELECT `+requestColumns+` FROM requests `+rest, args, func(s scanner) error {
		one, err := scanRequest(s)
		out = append(out, one)
		return err
	})
	return out, err
}
