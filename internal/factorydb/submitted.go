package factorydb

import (
	"context"
	"database/sql"
	"errors"

	"accountfactory/internal/factory"
)

// Submitted gives the request that a submission made. Returns ErrNotFound and KeyReusedError.
func (db *DB) Submitted(ctx context.Context, requester string, once factory.Once) (factory.Request, error) {
	r, err := submitted(ctx, db.reader(), requester, once)
	return r.Request, err
}

func submitted(ctx context.Context, q reader, requester string, once factory.Once) (stored, error) {
	var hash, id string
	err := q.row(ctx, `SELECT hash, request_id FROM submitted WHERE requester = $1 AND key = $2`, requester, once.Key).Scan(&hash, &id)
	switch {
	case errors.Is(err, sql.ErrNoRows):
		return stored{}, factory.ErrNotFound
	case err != nil:
		return stored{}, err
	case hash != once.Hash:
		return stored{}, &factory.KeyReusedError{Key: once.Key, RequestID: id}
	}
	return readRequest(ctx, q, id)
}

func (db *DB) insertSubmitted(ctx context.Context, t tx, r *factory.Request) error {
	if r.Once.Key == "" {
		return nil
	}
	_, err := t.exec(ctx, `INSERT INTO submitted (requester, key, hash, request_id, at) VALUES ($1, $2, $3, $4, $5)`,
		r.Requester, r.Once.Key, r.Once.Hash, r.ID, micros(db.now()))
	return err
}
