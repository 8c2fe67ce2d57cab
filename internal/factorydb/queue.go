package factorydb

import (
	"context"

	"accountfactory/internal/factory"
)

// lockLimits takes the lock under which slots are counted and gives the limit. On SQLite the immediate transaction is
// the lock already, and the statement that would take it on PostgreSQL costs nothing.
func lockLimits(ctx context.Context, t tx) (limit int, err error) {
	if _, err = t.exec(ctx, `UPDATE limits SET account_operations = account_operations WHERE id = 1`); err != nil {
		return 0, err
	}
	err = t.row(ctx, `SELECT account_operations FROM limits WHERE id = 1`).Scan(&limit)
	return limit, err
}

// dispatch gives free slots to the oldest waiting requests, and each its job. The caller holds the limits' lock.
func (db *DB) dispatch(ctx context.Context, t tx, limit int) (ids []string, err error) {
	var used int
	if err := t.row(ctx, `SELECT count(*) FROM requests WHERE slot = 1`).Scan(&used); err != nil {
		return nil, err
	}
	if used >= limit {
		return nil, nil
	}
	next, err := requests(ctx, t, `WHERE state = 'waiting' AND slot = 0 ORDER BY number LIMIT $1`, limit-used)
	if err != nil {
		return nil, err
	}
	for i := range next {
		r := &next[i]
		r.Slot = true
		used++
		if err := addEvents(ctx, t, r, []factory.Event{factory.Admitted(db.clock.Now(), &r.Request, used, limit)}); err != nil {
			return nil, err
		}
		ids = append(ids, r.ID)
	}
	return ids, db.employ(ctx, t, next)
}

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
		rs[i].JobID, rs[i].UpdatedAt = ids[i], db.clock.Now()
		if err := rewrite(ctx, t, &rs[i]); err != nil {
			return err
		}
	}
	return nil
}

// rewrite writes a request in the transaction that read it, whatever generation it was raised to there.
func rewrite(ctx context.Context, t tx, r *stored) error {
	var held int64
	if err := t.row(ctx, `SELECT generation FROM requests WHERE id = $1`, r.ID).Scan(&held); err != nil {
		return err
	}
	return updateRequest(ctx, t, r, held)
}

// Sweep gives a worker to each request that has a slot and no job that could still work at it. all takes over every
// one, for the start of the only process.
func (db *DB) Sweep(ctx context.Context, all bool) (int, error) {
	var ids []string
	err := db.inTx(ctx, func(t tx) error {
		limit, err := lockLimits(ctx, t)
		if err != nil {
			return err
		}
		where := `WHERE slot = 1 AND NOT EXISTS (SELECT 1 FROM river_job j WHERE j.id = requests.job_id AND j.finalized_at IS NULL) ORDER BY number`
		if all {
			where = `WHERE slot = 1 ORDER BY number`
		}
		lost, err := requests(ctx, t, where)
		if err != nil {
			return err
		}
		for i := range lost {
			r := &lost[i]
			r.Generation++
			if err := addEvents(ctx, t, r, []factory.Event{factory.TakenOver(db.clock.Now(), &r.Request)}); err != nil {
				return err
			}
			ids = append(ids, r.ID)
		}
		if err := db.employ(ctx, t, lost); err != nil {
			return err
		}
		_, err = db.dispatch(ctx, t, limit)
		return err
	})
	if err != nil {
		return 0, err
	}
	db.tell(ids, true)
	return len(ids), nil
}

// SetLimit changes how many account operations run at once. Raising it starts requests in the same transaction;
// lowering it lets those that run finish.
func (db *DB) SetLimit(ctx context.Context, n int) error {
	var ids []string
	err := db.inTx(ctx, func(t tx) error {
		if _, err := t.exec(ctx, `UPDATE limits SET account_operations = $1 WHERE id = 1`, n); err != nil {
			return err
		}
		var err error
		ids, err = db.dispatch(ctx, t, n)
		return err
	})
	if err == nil {
		db.tell(ids, true)
	}
	return err
}

// Queue gives the limit, those that hold a slot and those that wait, in order.
func (db *DB) Queue(ctx context.Context) (factory.Queue, error) {
	var q factory.Queue
	r := db.reader()
	if err := r.row(ctx, `SELECT account_operations FROM limits WHERE id = 1`).Scan(&q.Limit); err != nil {
		return q, err
	}
	holding, err := requests(ctx, r, `WHERE slot = 1 ORDER BY number`)
	if err != nil {
		return q, err
	}
	for _, h := range holding {
		q.Holding = append(q.Holding, h.Request)
	}
	err = r.each(ctx, `SELECT id FROM requests WHERE state = 'waiting' AND slot = 0 ORDER BY number`, nil, func(s scanner) error {
		var id string
		err := s.Scan(&id)
		q.Waiting = append(q.Waiting, id)
		return err
	})
	return q, err
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
