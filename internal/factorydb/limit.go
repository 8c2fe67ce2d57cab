package factorydb

import (
	"context"
	"math"
	"time"

	"accountfactory/internal/factory"
)

// quotaSaid is whether an operator said the quota. Versions that did not keep that took the usual number for nobody's.
const quotaSaid = `CASE WHEN quota_said = 1 OR quota <> 5 THEN 1 ELSE 0 END`

// Measured stores what an automatic limit comes to. It changes nothing once somebody set one by hand.
func (db *DB) Measured(ctx context.Context, n int) error {
	return db.inTx(ctx, func(t tx) error {
		if _, err := lockLimits(ctx, t); err != nil {
			return err
		}
		changed, err := t.exec(ctx, `UPDATE limits SET account_operations = $1 WHERE id = 1 AND auto = 1 AND account_operations <> $1`, n)
		if err != nil || changed == 0 {
			return err
		}
		return db.dispatchNow(ctx, t)
	})
}

// limits are the settings as the audit log has them.
type limits struct {
	Limit    int  `json:"limit"`
	Auto     bool `json:"auto"`
	Quota    int  `json:"quota"`
	Said     bool `json:"quotaSaid"`
	DailyCap int  `json:"dailyCap"`
}

func readLimits(ctx context.Context, t tx) (l limits, err error) {
	var auto, said int
	err = t.row(ctx, `SELECT account_operations, auto, quota, `+quotaSaid+`, daily_cap FROM limits WHERE id = 1`).Scan(&l.Limit, &auto, &l.Quota, &said, &l.DailyCap)
	l.Auto, l.Said = auto == 1, said == 1
	return l, err
}

// day gives when the present day began.
func (db *DB) day() time.Time { return db.now().UTC().Truncate(24 * time.Hour) }

const begunSince = `SELECT count(*) FROM requests WHERE kind = 'launch' AND started_at > 0 AND started_at >= $1`

// fresh gives how many more new accounts may begin today.
func (db *DB) fresh(ctx context.Context, t tx) (int, error) {
	l, err := readLimits(ctx, t)
	if err != nil || l.DailyCap == 0 {
		return math.MaxInt32, err
	}
	var begun int
	err = t.row(ctx, begunSince, micros(db.day())).Scan(&begun)
	return max(0, l.DailyCap-begun), err
}

// Working gives the requests that hold an account operation.
func (db *DB) Working(ctx context.Context) ([]factory.Request, error) {
	rs, err := requests(ctx, db.reader(), `WHERE slot = 1 AND light = 0 ORDER BY number`)
	out := make([]factory.Request, len(rs))
	for i := range rs {
		out[i] = rs[i].Request
	}
	return out, err
}
