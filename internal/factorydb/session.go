package factorydb

import (
	"context"
	"database/sql"
	"encoding/base64"
	"errors"
	"time"
)

// expiredAtOnce bounds the work that one new session does for old ones.
const expiredAtOnce = 100

// AddSession keeps what belongs to a session until it expires, and forgets some that have.
func (db *DB) AddSession(ctx context.Context, hash string, sealed []byte, expires time.Time) error {
	return db.inTx(ctx, func(t tx) error {
		if _, err := t.exec(ctx, `DELETE FROM sessions WHERE hash IN (SELECT hash FROM sessions WHERE expires <= $1 ORDER BY expires LIMIT $2)`,
			micros(db.now()), expiredAtOnce); err != nil {
			return err
		}
		_, err := t.exec(ctx, `INSERT INTO sessions (hash, sealed, expires) VALUES ($1, $2, $3)`, hash, text(sealed), micros(expires))
		return err
	})
}

// Session gives what belongs to a session, nil when there is none or it has expired.
func (db *DB) Session(ctx context.Context, hash string) ([]byte, error) {
	return sealed(db.reader().row(ctx, `SELECT sealed FROM sessions WHERE hash = $1 AND expires > $2`, hash, micros(db.now())))
}

// ChangeSession replaces what belongs to a session, and reports whether there is one: a change never brings one back.
func (db *DB) ChangeSession(ctx context.Context, hash string, sealed []byte) (found bool, err error) {
	err = db.inTx(ctx, func(t tx) error {
		n, err := t.exec(ctx, `UPDATE sessions SET sealed = $1 WHERE hash = $2`, text(sealed), hash)
		found = n > 0
		return err
	})
	return found, err
}

// DropSession forgets a session; one that is not there is no error.
func (db *DB) DropSession(ctx context.Context, hash string) error {
	return db.inTx(ctx, func(t tx) error {
		_, err := t.exec(ctx, `DELETE FROM sessions WHERE hash = $1`, hash)
		return err
	})
}

// Keep keeps one thing by its name, in place of an earlier one.
func (db *DB) Keep(ctx context.Context, name string, sealed []byte) error {
	return db.inTx(ctx, func(t tx) error {
		_, err := t.exec(ctx, `INSERT INTO kept (name, sealed) VALUES ($1, $2) ON CONFLICT (name) DO UPDATE SET sealed = excluded.sealed`, name, text(sealed))
		return err
	})
}

// Kept gives what is kept by a name, nil for nothing.
func (db *DB) Kept(ctx context.Context, name string) ([]byte, error) {
	return sealed(db.reader().row(ctx, `SELECT sealed FROM kept WHERE name = $1`, name))
}

// text and sealed write bytes as both databases take them.
func text(sealed []byte) string { return base64.StdEncoding.EncodeToString(sealed) }

func sealed(row scanner) ([]byte, error) {
	var out string
	if err := row.Scan(&out); errors.Is(err, sql.ErrNoRows) {
		return nil, nil
	} else if err != nil {
		return nil, err
	}
	return base64.StdEncoding.DecodeString(out)
}
