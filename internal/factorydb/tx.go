package factorydb

import (
	"context"
	"database/sql"
)

// scanner is a row to read.
type scanner interface{ Scan(dest ...any) error }

// reader reads: in a transaction or beside it.
type reader interface {
	row(ctx context.Context, query string, args ...any) scanner
	each(ctx context.Context, query string, args []any, f func(scanner) error) error
}

// tx is what our SQL needs of a transaction. One adapter per database makes it.
type tx interface {
	reader
	exec(ctx context.Context, query string, args ...any) (changed int64, err error)
	// enqueue gives River a job per request, in the transaction, and their ids in the same order.
	enqueue(ctx context.Context, jobs []jobArgs) ([]int64, error)
}

// queryer is what *sql.DB and *sql.Tx have in common.
type queryer interface {
	QueryContext(ctx context.Context, query string, args ...any) (*sql.Rows, error)
	QueryRowContext(ctx context.Context, query string, args ...any) *sql.Row
}

// sqlReader reads through database/sql. stmt, where set, gives a prepared statement for a query, or nil.
type sqlReader struct {
	q    queryer
	stmt func(ctx context.Context, query string) *sql.Stmt
}

func (r sqlReader) row(ctx context.Context, query string, args ...any) scanner {
	if s := r.stmt(ctx, query); s != nil { //nolint:sqlclosecheck // kept prepared until the database closes
		return s.QueryRowContext(ctx, args...)
	}
	return r.q.QueryRowContext(ctx, query, args...)
}

func (r sqlReader) each(ctx context.Context, query string, args []any, f func(scanner) error) error {
	rows, err := r.rows(ctx, query, args)
	if err != nil {
		return err
	}
	defer rows.Close()
	for rows.Next() {
		if err := f(rows); err != nil {
			return err
		}
	}
	return rows.Err()
}

func (r sqlReader) rows(ctx context.Context, query string, args []any) (*sql.Rows, error) {
	if s := r.stmt(ctx, query); s != nil { //nolint:sqlclosecheck // kept prepared until the database closes
		return s.QueryContext(ctx, args...)
	}
	return r.q.QueryContext(ctx, query, args...)
}

// sqlTx is a tx of database/sql with River beside it.
type sqlTx struct {
	sqlReader
	tx *sql.Tx
	db *DB
}

func (t sqlTx) exec(ctx context.Context, query string, args ...any) (int64, error) {
	var (
		res sql.Result
		err error
	)
	if s := t.stmt(ctx, query); s != nil { //nolint:sqlclosecheck // kept prepared until the database closes
		res, err = s.ExecContext(ctx, args...)
	} else {
		res, err = t.tx.ExecContext(ctx, query, args...)
	}
	if err != nil {
		return 0, err
	}
	return res.RowsAffected()
}

// inTx runs f in a transaction. With one writing connection it must not be called inside another.
func (db *DB) inTx(ctx context.Context, f func(tx) error) error {
	if err := db.writing.prepare(ctx); err != nil {
		return err
	}
	t, err := db.write.BeginTx(ctx, nil)
	if err != nil {
		return err
	}
	defer t.Rollback() //nolint:errcheck // no effect after Commit
	stmt := func(ctx context.Context, query string) *sql.Stmt {
		if s := db.writing.get(query); s != nil {
			return t.StmtContext(ctx, s)
		}
		return nil
	}
	if err := f(sqlTx{sqlReader{t, stmt}, t, db}); err != nil {
		return err
	}
	return t.Commit()
}
