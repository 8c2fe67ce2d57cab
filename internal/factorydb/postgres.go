package factorydb

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"strconv"
	"strings"
	"sync"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"
	"github.com/jackc/pgx/v5/stdlib"
	"github.com/pressly/goose/v3"
	"github.com/riverqueue/river"
	"github.com/riverqueue/river/riverdriver/riverpgxv5"
	"github.com/riverqueue/river/rivermigrate"
)

// postgres is a database that any number of processes share.
type postgres struct {
	db    *DB
	pool  *pgxpool.Pool
	river *river.Client[pgx.Tx]
	id    string // this process among the replicas

	quit    context.CancelFunc
	running sync.WaitGroup
}

// poolSize is how many connections a process takes unless the URL says pool_max_conns.
const poolSize = 16

// idleInTransaction is after what PostgreSQL ends the session of a process that stands still inside a transaction: it may hold
// the lock that everybody needs.
const idleInTransaction = 4 * time.Second

// migrationLock is the advisory lock under which one process migrates at a time.
const migrationLock = 0x6163_6374_6661_6374

func openPostgres(ctx context.Context, db *DB, url string, files fs.FS) (*postgres, error) {
	config, err := pgxpool.ParseConfig(url)
	if err != nil {
		return nil, err // pgx hides the password
	}
	if !strings.Contains(url, "pool_max_conns") {
		config.MaxConns = poolSize
	}
	config.ConnConfig.RuntimeParams["idle_in_transaction_session_timeout"] = strconv.FormatInt(idleInTransaction.Milliseconds(), 10)
	e := &postgres{db: db, id: replicaID()}
	if e.pool, err = pgxpool.NewWithConfig(ctx, config); err != nil {
		return nil, err
	}
	if err := e.prepare(ctx, files); err != nil {
		e.pool.Close()
		return nil, fmt.Errorf("open database %s on %s: %w", config.ConnConfig.Database, config.ConnConfig.Host, err)
	}
	return e, nil
}

// prepare migrates, one process at a time. An older process that is still running goes on: a migration only adds.
func (e *postgres) prepare(ctx context.Context, files fs.FS) error {
	conn, err := e.pool.Acquire(ctx)
	if err != nil {
		return err
	}
	defer conn.Release()
	if _, err := conn.Exec(ctx, `SELECT pg_advisory_lock($1)`, int64(migrationLock)); err != nil {
		return err
	}
	err = e.migrate(ctx, files)
	_, unlockErr := conn.Exec(context.WithoutCancel(ctx), `SELECT pg_advisory_unlock($1)`, int64(migrationLock))
	return errors.Join(err, unlockErr)
}

func (e *postgres) migrate(ctx context.Context, files fs.FS) error {
	handle := stdlib.OpenDBFromPool(e.pool)
	ours, err := goose.NewProvider(goose.DialectPostgres, handle, files, goose.WithDisableGlobalRegistry(true), goose.WithSlog(e.db.log),
		goose.WithAllowOutofOrder(true)) // numbers are given out before the changes are ready
	if err != nil {
		return err
	}
	if _, err := ours.Up(ctx); err != nil {
		return fmt.Errorf("migrate: %w", err)
	}
	if err := handle.Close(); err != nil {
		return err
	}
	driver := riverpgxv5.New(e.pool)
	theirs, err := rivermigrate.New(driver, &rivermigrate.Config{Logger: slog.New(slog.DiscardHandler)})
	if err != nil {
		return err
	}
	if _, err := theirs.Migrate(ctx, rivermigrate.DirectionUp, nil); err != nil {
		return fmt.Errorf("migrate River: %w", err)
	}
	config := e.db.riverConfig()
	config.ID, config.FetchCooldown = e.id, postgresCooldown
	e.river, err = river.NewClient(driver, config)
	return err
}

func (e *postgres) close() error {
	e.pool.Close()
	return nil
}

func (e *postgres) start(ctx context.Context) error {
	if err := e.beat(ctx); err != nil { // before it works, or another would take its work over
		return err
	}
	ctx, e.quit = context.WithCancel(ctx)
	e.running.Go(func() { e.beats(ctx) })
	e.running.Go(func() { e.listens(ctx) })
	return e.river.Start(context.WithoutCancel(ctx))
}

func (e *postgres) stop(ctx context.Context) error {
	err := e.river.Stop(ctx)
	e.quit()
	e.running.Wait()
	return errors.Join(err, e.leave(ctx))
}

func (e *postgres) reader() reader { return pgReader{e.pool} }

func (e *postgres) inTx(ctx context.Context, n *notes, f func(tx) error) error {
	return pgx.BeginFunc(ctx, e.pool, func(t pgx.Tx) error {
		if err := f(pgTx{pgReader{t}, n, t, e.river}); err != nil {
			return err
		}
		return e.publish(ctx, t, n)
	})
}

// pgQueryer is what a pool and a transaction have in common.
type pgQueryer interface {
	Query(ctx context.Context, query string, args ...any) (pgx.Rows, error)
	QueryRow(ctx context.Context, query string, args ...any) pgx.Row
}

// pgReader reads through pgx, which prepares what is asked again by itself.
type pgReader struct{ q pgQueryer }

func (r pgReader) row(ctx context.Context, query string, args ...any) scanner {
	return r.q.QueryRow(ctx, query, writables(args)...)
}

func (r pgReader) each(ctx context.Context, query string, args []any, f func(scanner) error) error {
	rows, err := r.q.Query(ctx, query, writables(args)...)
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

// pgTx is a tx of pgx with River beside it.
type pgTx struct {
	pgReader
	*notes
	tx    pgx.Tx
	river *river.Client[pgx.Tx]
}

func (pgTx) forUpdate() string { return " FOR UPDATE" }

func (t pgTx) exec(ctx context.Context, query string, args ...any) (int64, error) {
	tag, err := t.tx.Exec(ctx, query, writables(args)...)
	return tag.RowsAffected(), err
}

func (t pgTx) enqueue(ctx context.Context, jobs []jobArgs) ([]int64, error) {
	return jobIDs(t.river.InsertManyTx(ctx, t.tx, jobParams(jobs)))
}
