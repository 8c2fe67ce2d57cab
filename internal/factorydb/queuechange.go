package factorydb

import (
	"context"
	"strconv"

	"accountfactory/internal/factory"
)

// ChangeQueue changes limits and mode in one transaction, which starts what all of it together lets start. Lowering a limit lets
// those that run finish.
func (db *DB) ChangeQueue(ctx context.Context, c factory.QueueChange, by string) error {
	return db.inTx(ctx, func(t tx) error {
		if _, err := lockLimits(ctx, t); err != nil {
			return err
		}
		if c.Limit != nil {
			if err := db.setLimits(ctx, t, by, factory.AuditLimit, `account_operations = $1, auto = 0`, *c.Limit); err != nil {
				return err
			}
		}
		if c.Auto != nil {
			quota, said := *c.Auto, *c.Auto > 0
			if !said {
				quota = usualQuota
			}
			if err := db.setLimits(ctx, t, by, factory.AuditLimit, `auto = 1, quota = $1, account_operations = $1, quota_said = `+strconv.Itoa(bit(said)), quota); err != nil {
				return err
			}
		}
		if c.DailyCap != nil {
			if err := db.setLimits(ctx, t, by, factory.AuditCap, `daily_cap = $1`, *c.DailyCap); err != nil {
				return err
			}
		}
		if c.Mode != nil {
			if err := db.setMode(ctx, t, *c.Mode, by); err != nil {
				return err
			}
		}
		return db.dispatchNow(ctx, t)
	})
}

// setLimits changes settings and records it.
func (db *DB) setLimits(ctx context.Context, t tx, by, action, set string, n int) error {
	before, err := readLimits(ctx, t)
	if err != nil {
		return err
	}
	if _, err := t.exec(ctx, `UPDATE limits SET `+set+` WHERE id = 1`, n); err != nil {
		return err
	}
	after, err := readLimits(ctx, t)
	if err != nil {
		return err
	}
	return db.audit(ctx, t, factory.AuditRow{Actor: by, Action: action}, before, after)
}

// setMode pauses, drains or resumes the queue, and records it; a restored database is let go on with that.
func (db *DB) setMode(ctx context.Context, t tx, m factory.Mode, by string) error {
	var before string
	if err := t.row(ctx, `SELECT mode FROM limits WHERE id = 1`).Scan(&before); err != nil {
		return err
	}
	now := db.now()
	if _, err := t.exec(ctx, `UPDATE limits SET mode = $1, mode_by = $2, mode_at = $3 WHERE id = 1`, string(m), by, micros(now)); err != nil {
		return err
	}
	if err := db.audit(ctx, t, factory.AuditRow{Actor: by, Action: factory.AuditMode}, before, m); err != nil || m != factory.ModeOpen {
		return err
	}
	return db.release(ctx, t, now)
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
