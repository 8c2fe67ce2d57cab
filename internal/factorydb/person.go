package factorydb

import (
	"context"
	"time"

	"accountfactory/internal/factory"
)

// Attend gives the requests that wait for a person and are due to be looked at.
func (db *DB) Attend(ctx context.Context, now time.Time) ([]factory.Request, error) {
	rs, err := requests(ctx, db.reader(), `WHERE attend_at > 0 AND attend_at <= $1`+notHeld+` ORDER BY attend_at LIMIT 100`, micros(now))
	out := make([]factory.Request, len(rs))
	for i := range rs {
		out[i] = rs[i].Request
	}
	return out, err
}
