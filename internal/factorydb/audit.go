package factorydb

import (
	"context"
	"encoding/json"

	"accountfactory/internal/factory"
)

// audit adds a row to the audit log. The caller holds the limits' lock, so rows are numbered in the order they commit.
func (db *DB) audit(ctx context.Context, t tx, row factory.AuditRow, before, after any) error {
	err := t.row(ctx, `SELECT audit_number, audit_hash FROM limits WHERE id = 1`).Scan(&row.Number, &row.Previous)
	if err != nil {
		return err
	}
	if row.Before, err = json.Marshal(before); err != nil {
		return err
	}
	if row.After, err = json.Marshal(after); err != nil {
		return err
	}
	row.Actor, row.Reason = writable(row.Actor), writable(row.Reason) // the hash is of what is kept
	row.Number, row.At = row.Number+1, db.now()
	row.Hash = row.Sum()
	if _, err := t.exec(ctx, `INSERT INTO audit (number, at, actor, action, request_id, reason, before, after, previous, hash)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)`, row.Number, micros(row.At), row.Actor, row.Action, row.RequestID, row.Reason,
		string(row.Before), string(row.After), row.Previous, row.Hash); err != nil {
		return err
	}
	_, err = t.exec(ctx, `UPDATE limits SET audit_number = $1, audit_hash = $2 WHERE id = 1`, row.Number, row.Hash)
	return err
}

// auditUpdate records what somebody did to a request, or that the factory moved it to another state; other turns of the
// factory are in the timeline alone.
func (db *DB) auditUpdate(ctx context.Context, t tx, before, after *factory.Request, events []factory.Event) error {
	row := factory.AuditRow{RequestID: after.ID}
	for _, e := range events {
		row.Reason = e.Text
		if e.Action != "" {
			row.Actor, row.Action = e.Actor, e.Action
		}
	}
	if row.Action == "" {
		if before.State == after.State {
			return nil
		}
		row.Actor, row.Action = factory.AuditFactory, factory.AuditState
	}
	return db.audit(ctx, t, row, before.AuditView(), after.AuditView())
}

// Audit gives the audit rows after a number, in order.
func (db *DB) Audit(ctx context.Context, after int64, limit int) (out []factory.AuditRow, err error) {
	err = db.reader().each(ctx, `SELECT number, at, actor, action, request_id, reason, before, after, previous, hash FROM audit
		WHERE number > $1 ORDER BY number LIMIT $2`, []any{after, limit}, func(s scanner) error {
		var r factory.AuditRow
		var at int64
		var before, after string
		err := s.Scan(&r.Number, &at, &r.Actor, &r.Action, &r.RequestID, &r.Reason, &before, &after, &r.Previous, &r.Hash)
		r.At, r.Before, r.After = fromMicros(at), json.RawMessage(before), json.RawMessage(after)
		out = append(out, r)
		return err
	})
	return out, err
}
