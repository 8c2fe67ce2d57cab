package factorydb

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"

	"accountfactory/internal/factory"
)

const requestColumns = `id, number, kind, state, step, generation, slot, job_id, due, wait_reason, email_key, parameters, progress,
	account_id, product_id, requester, source_identity, role, reason, cancel_requested, error_code, error_message, explanation,
	events, created_at, updated_at, ended_at, priority, not_before, light, started_at, ask, attend_at, new_email_key`

// stored is a request with what only the database needs of it.
type stored struct {
	factory.Request
	events int   // rows in its timeline
	held   int64 // the generation it was read with
}

// asked is what the column parameters holds.
type asked struct {
	*factory.Parameters
	*factory.Options
}

func scanRequest(row scanner) (stored, error) {
	var (
		r                           stored
		parameters, progress, email string
		ask, newEmail               string
		due, created, updated, end  int64
		notBefore, started, attend  int64
		slot, cancel, light         int
	)
	err := row.Scan(&r.ID, &r.Number, &r.Kind, &r.State, &r.Step, &r.Generation, &slot, &r.JobID, &due, &r.WaitReason, &email, &parameters, &progress,
		&r.AccountID, &r.ProductID, &r.Requester, &r.SourceIdentity, &r.Role, &r.Reason, &cancel, &r.ErrorCode, &r.ErrorMessage, &r.Explanation,
		&r.events, &created, &updated, &end, &r.Priority, &notBefore, &light, &started, &ask, &attend, &newEmail)
	if errors.Is(err, sql.ErrNoRows) {
		return stored{}, factory.ErrNotFound
	}
	if err != nil {
		return stored{}, err
	}
	r.Slot, r.CancelRequested, r.Light, r.held = slot == 1, cancel == 1, light == 1, r.Generation
	r.NotBefore, r.StartedAt, r.AttendAt = fromMicros(notBefore), fromMicros(started), fromMicros(attend)
	r.Due, r.CreatedAt, r.UpdatedAt, r.EndedAt = fromMicros(due), fromMicros(created), fromMicros(updated), fromMicros(end)
	asked := asked{&r.Parameters, &r.Options}
	if err := json.Unmarshal([]byte(parameters), &asked); err != nil {
		return stored{}, fmt.Errorf("parameters of %s: %w", r.ID, err)
	}
	if err := json.Unmarshal([]byte(progress), &r.Progress); err != nil {
		return stored{}, fmt.Errorf("progress of %s: %w", r.ID, err)
	}
	if ask != "" {
		if err := json.Unmarshal([]byte(ask), &r.Ask); err != nil {
			return stored{}, fmt.Errorf("what %s asks: %w", r.ID, err)
		}
	}
	return r, nil
}

// values gives the columns in the order of requestColumns.
func (r *stored) values() ([]any, error) {
	parameters, err := json.Marshal(asked{&r.Parameters, &r.Options})
	if err != nil {
		return nil, err
	}
	progress, err := json.Marshal(r.Progress)
	if err != nil {
		return nil, err
	}
	ask := []byte(nil)
	if r.Ask != nil {
		if ask, err = json.Marshal(r.Ask); err != nil {
			return nil, err
		}
	}
	return []any{
		r.ID, r.Number, string(r.Kind), string(r.State), r.Step, r.Generation, bit(r.Slot), r.JobID, micros(r.Due), r.WaitReason, r.EmailKey(),
		string(parameters), string(progress), r.AccountID, r.ProductID, r.Requester, r.SourceIdentity, r.Role, r.Reason, bit(r.CancelRequested),
		r.ErrorCode, r.ErrorMessage, r.Explanation, r.events, micros(r.CreatedAt), micros(r.UpdatedAt), micros(r.EndedAt),
		r.Priority, micros(r.NotBefore), bit(r.Light), micros(r.StartedAt),
		string(ask), micros(r.AttendAt), factory.EmailKey(r.NewEmail),
	}, nil
}

func bit(b bool) int {
	if b {
		return 1
	}
	return 0
}

func readRequest(ctx context.Context, q reader, id string) (stored, error) {
	return scanRequest(q.row(ctx, `SELECT `+requestColumns+` FROM requests WHERE id = $1`, id))
}

func insertRequest(ctx context.Context, t tx, r *stored) error {
	v, err := r.values()
	if err != nil {
		return err
	}
	_, err = t.exec(ctx, `INSERT INTO requests (`+requestColumns+`) VALUES
		($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21, $22, $23, $24, $25, $26, $27, $28, $29, $30, $31, $32, $33, $34)`, v...)
	return err
}

// updateRequest writes a request back, if the generation it was read with still holds it. Returns ErrStale.
func updateRequest(ctx context.Context, t tx, r *stored) error {
	v, err := r.values()
	if err != nil {
		return err
	}
	n, err := t.exec(ctx, `UPDATE requests SET (`+requestColumns+`) =
		($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21, $22, $23, $24, $25, $26, $27, $28, $29, $30, $31, $32, $33, $34)
		WHERE id = $1 AND generation = $35`, append(v, r.held)...)
	if err == nil && n != 1 {
		err = factory.ErrStale
	}
	r.held = r.Generation
	return err
}

// addEvents writes lines to a request's timeline; the request must be written after.
func addEvents(ctx context.Context, t tx, r *stored, events []factory.Event) error {
	for _, e := range events {
		r.events++
		if _, err := t.exec(ctx, `INSERT INTO events (request_id, number, at, step, text, aws_code, aws_message, alarm) VALUES ($1, $2, $3, $4, $5, $6, $7, $8)`,
			r.ID, r.events, micros(e.At), e.Step, e.Text, e.AWSCode, e.AWSMessage, bit(e.Alarm)); err != nil {
			return err
		}
	}
	return nil
}
