package factorydb

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"net/url"

	"github.com/pressly/goose/v3"
	"github.com/riverqueue/river"
	"github.com/riverqueue/river/riverdriver/riversqlite"
	"github.com/riverqueue/river/rivermigrate"
	_ "modernc.org/sqlite" // the database/sql driver "sqlite"
)

// sqlite is a file, for one process at a time.
type sqlite struct {
	write *sql.DB // one connection, shared with River
	read  *sql.DB // query_only: pages never wait for writers
	river *river.Client[*sql.Tx]
	bell  *bell

	writing, reading *statements
}

func openSQLite(ctx context.Context, db *DB, path string, files fs.FS) (*sqlite, error) {
	e := &sqlite{bell: newBell()}
	var err error
	if e.write, err = sqliteHandle(path, 1, "_txlock=immediate"); err != nil {
		return nil, err
	}
	e.writing = newStatements(e.write)
	if err := e.prepare(ctx, db, files); err != nil {
		return nil, errors.Join(fmt.Errorf("open %s: %w", path, err), e.write.Close())
	}
	if e.read, err = sqliteHandle(path, 4, "_pragma=query_only(1)"); err != nil {
		return nil, errors.Join(err, e.write.Close())
	}
	e.reading = newStatements(e.read)
	return e, nil
}

// sqliteHandle opens a handle. FULL makes each commit durable before it returns; WAL lets readers read meanwhile.
func sqliteHandle(path string, conns int, more string) (*sql.DB, error) {
	dsn := "file:" + (&url.URL{Path: path}).EscapedPath() +
		"?_pragma=busy_timeout(5000)&_pragma=journal_mode(WAL)&_pragma=synchronous(FULL)&_pragma=foreign_keys(1)&" + more
	h, err := sql.Open("sqlite", dsn)
	if err != nil {
		return nil, err
	}
	h.SetMaxOpenConns(conns)
	return h, nil
}

func (e *sqlite) prepare(ctx context.Context, db *DB, files fs.FS) error {
	ours, err := goose.NewProvider(goose.DialectSQLite3, e.write, files, goose.WithDisableGlobalRegistry(true), goose.WithSlog(db.log),
		goose.WithAllowOutofOrder(true)) // numbers are given out before the changes are ready
	if err != nil {
		return err
	}
	if _, err := ours.Up(ctx); err != nil {
		return fmt.Errorf("migrate: %w", err)
	}
	driver := ringing{riversqlite.New(e.write)}
	theirs, err := rivermigrate.New(driver, &rivermigrate.Config{Logger: slog.New(slog.DiscardHandler)})
	if err != nil {
		return err
	}
	if _, err := theirs.Migrate(ctx, rivermigrate.DirectionUp, nil); err != nil {
		return fmt.Errorf("migrate River: %w", err)
	}
	config := db.riverConfig()
	config.PollOnly, config.FetchCooldown = true, sqliteCooldown
	e.river, err = river.NewClient(driver, config)
	return err
}

func (e *sqlite) close() error { return errors.Join(e.write.Close(), e.read.Close()) }

func (e *sqlite) start(ctx context.Context) error {
	if err := e.river.Start(ctx); err != nil {
		return err
	}
	e.bell.start(ctx, e.river) // not before: River's queue cannot be told while it starts
	return nil
}

func (e *sqlite) stop(ctx context.Context) error {
	e.bell.halt()
	return e.river.Stop(ctx)
}

// lost: at the start of the only process no worker lives.
func (e *sqlite) lost(starting bool, toCome int64) (string, []any) {
	if starting {
		return `WHERE slot = 1` + notHeld, nil
	}
	return `WHERE slot = 1` + notHeld + ` AND (updated_at > $1
		OR NOT EXISTS (SELECT 1 FROM river_job j WHERE j.id = requests.job_id AND j.finalized_at IS NULL))`, []any{toCome}
}

// reader reads beside the writers.
func (e *sqlite) reader() reader {
	return sqlReader{e.read, func(ctx context.Context, query string) *sql.Stmt {
		if st := e.reading.get(query); st != nil {
			return st
		}
		if err := e.reading.prepare(ctx); err != nil {
			return nil // the query itself will say what is wrong
		}
		return e.reading.get(query)
	}}
}

// inTx: with one writing connection it must not be called inside another.
func (e *sqlite) inTx(ctx context.Context, n *notes, f func(tx) error) error {
	if err := e.writing.prepare(ctx); err != nil {
		return err
	}
	t, err := e.write.BeginTx(ctx, nil)
	if err != nil {
		return err
	}
	defer t.Rollback() //nolint:errcheck // no effect after Commit
	stmt := func(ctx context.Context, query string) *sql.Stmt {
		if s := e.writing.get(query); s != nil {
			return t.StmtContext(ctx, s)
		}
		return nil
	}
	inserted := false
	if err := f(sqlTx{sqlReader{t, stmt}, n, t, e.river, &inserted}); err != nil {
		return err
	}
	if err := t.Commit(); err != nil {
		return err
	}
	if inserted {
		e.bell.ask()
	}
	return nil
}

// queryer is what *sql.DB and *sql.Tx have in common.
type queryer interface {
	QueryContext(ctx context.Context, query string, args ...any) (*sql.Rows, error)
	QueryRowContext(ctx context.Context, query string, args ...any) *sql.Row
}

// sqlReader reads through database/sql. stmt gives a prepared statement for a query, or nil.
type sqlReader struct {
	q    queryer
	stmt func(ctx context.Context, query string) *sql.Stmt
}

func (r sqlReader) row(ctx context.Context, query string, args ...any) scanner {
	if s := r.stmt(ctx, query); s != nil { //nolint:sqlclosecheck // kept prepared until the database closes
		return s.QueryRowContext(ctx, writables(args)...)
	}
	return r.q.QueryRowContext(ctx, query, writables(args)...)
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
		return s.QueryContext(ctx, writables(args)...)
	}
	return r.q.QueryContext(ctx, query, writables(args)...)
}

// sqlTx is a tx of database/sql with River beside it. It is immediate, which is all the locking there is.
type sqlTx struct {
	sqlReader
	*notes
	tx       *sql.Tx
	river    *river.Client[*sql.Tx]
	inserted *bool // set once there are jobs in it
}

func (sqlTx) forUpdate() string { return "" }

func (t sqlTx) exec(ctx context.Context, query string, args ...any) (int64, error) {
	var (
		res sql.Result
		err error
	)
	if s := t.stmt(ctx, query); s != nil { //nolint:sqlclosecheck // kept prepared until the database closes
		res, err = s.ExecContext(ctx, writables(args)...)
	} else {
		res, err = t.tx.ExecContext(ctx, query, writables(args)...)
	}
	if err != nil {
		return 0, err
	}
	return res.RowsAffected()
}

func (t sqlTx) enqueue(ctx context.Context, jobs []jobArgs) ([]int64, error) {
	*t.inserted = true
	return jobIDs(t.river.InsertManyTx(ctx, t.tx, jobParams(jobs)))
}
