package factorydb

import (
	"context"
	"time"

	"accountfactory/internal/factory"
)

// Attend gives the requests that wait for a person and are due to be looked at, or whose time was set before the clock was set back.
func (db *DB) Attend(ctx context.Context, now time.Time) ([]factory.Request, error) {
	rs, err := requests(ctx, db.reader(), `WHERE attend_at > 0 AND (attend_at <= $1 OR updated_at > $2)`+notHeld+` ORDER BY attend_at LIMIT 100`,
		micros(now), micros(now.Add(clockBack)))
	out := make([]factory.Request, len(rs))
	for i := range rs {
		out[i] = rs[i].Request
	}
	return out, err
}
