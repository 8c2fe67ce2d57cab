package factorydb

import (
	"context"
	"time"

	"accountfactory/internal/factory"
)

// Count gives how many requests are in each state, and since when the one waits that waits longest.
func (db *DB) Count(ctx context.Context) (states map[factory.State]int, oldest time.Time, err error) {
	states = map[factory.State]int{}
	r := db.reader()
	if err := r.each(ctx, `SELECT state, count(*) FROM requests GROUP BY state`, nil, func(s scanner) error {
		var (
			state string
			n     int
		)
		err := s.Scan(&state, &n)
		states[factory.State(state)] = n
		return err
	}); err != nil {
		return nil, oldest, err
	}
	var at int64
	err = r.row(ctx, `SELECT coalesce(min(created_at), 0) FROM requests WHERE state = 'waiting' AND slot = 0 AND not_before <= $1`, micros(db.now())).Scan(&at)
	return states, fromMicros(at), err
}

// Coming gives how many accounts open launches have yet to make.
func (db *DB) Coming(ctx context.Context) (n int, err error) {
	err = db.reader().row(ctx, `SELECT count(*) FROM requests WHERE state IN (`+openStates+`) AND `+isNew).Scan(&n)
	return n, err
}
