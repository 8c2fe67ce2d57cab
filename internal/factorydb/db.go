package factorydb

import (
	"context"
	"database/sql"
	"embed"
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"net/url"
	"sync"
	"time"

	"github.com/pressly/goose/v3"
	"github.com/riverqueue/river"
	"github.com/riverqueue/river/riverdriver/riversqlite"
	"github.com/riverqueue/river/rivermigrate"
	_ "modernc.org/sqlite" // the database/sql driver "sqlite"

	"accountfactory/internal/clock"
	"accountfactory/internal/factory"
)

// DB is a factory.Store on SQLite.
type DB struct {
	write *sql.DB // one connection, shared with River
	read  *sql.DB // query_only: pages never wait for writers
	river *river.Client[*sql.Tx]

	writing, reading *statements

	clock clock.Clock
	log   *slog.Logger

	mu       sync.Mutex
	listener func(ids []string, queue bool)
	turn     factory.Turn
	stopping chan struct{}
	started  bool
}

// Config is what Open needs. Path and Log must be set.
type Config struct {
	Path  string      // of the database file; made when it is not there
	Limit int         // account operations at once, at first start only; 0 means 1
	Clock clock.Clock // nil means clock.Wall
	Log   *slog.Logger
}

//go:embed migrations/*.sql
var migrations embed.FS

// Open opens the database and brings it up to date: our migrations, then River's.
func Open(ctx context.Context, cfg Config) (*DB, error) {
	if cfg.Clock == nil {
		cfg.Clock = clock.Wall{}
	}
	if cfg.Limit == 0 {
		cfg.Limit = 1
	}
	db := &DB{clock: cfg.Clock, log: cfg.Log, listener: func([]string, bool) {}}
	var err error
	if db.write, err = openSQLite(cfg.Path, 1, "_txlock=immediate"); err != nil {
		return nil, err
	}
	db.writing = newStatements(db.write)
	if err := db.prepare(ctx, cfg); err != nil {
		return nil, errors.Join(fmt.Errorf("open %s: %w", cfg.Path, err), db.write.Close())
	}
	if db.read, err = openSQLite(cfg.Path, 4, "_pragma=query_only(1)"); err != nil {
		return nil, errors.Join(err, db.write.Close())
	}
	db.reading = newStatements(db.read)
	return db, nil
}

// openSQLite opens a handle. FULL makes each commit durable before it returns; WAL lets readers read meanwhile.
func openSQLite(path string, conns int, more string) (*sql.DB, error) {
	dsn := "file:" + (&url.URL{Path: path}).EscapedPath() +
		"?_pragma=busy_timeout(5000)&_pragma=journal_mode(WAL)&_pragma=synchronous(FULL)&_pragma=foreign_keys(1)&" + more
	h, err := sql.Open("sqlite", dsn)
	if err != nil {
		return nil, err
	}
	h.SetMaxOpenConns(conns)
	return h, nil
}

func (db *DB) prepare(ctx context.Context, cfg Config) error {
	files, err := fs.Sub(migrations, "migrations")
	if err != nil {
		return err
	}
	ours, err := goose.NewProvider(goose.DialectSQLite3, db.write, files, goose.WithDisableGlobalRegistry(true), goose.WithSlog(cfg.Log),
		goose.WithAllowOutofOrder(true)) // numbers are given out before the changes are ready
	if err != nil {
		return err
	}
	if _, err := ours.Up(ctx); err != nil {
		return fmt.Errorf("migrate: %w", err)
	}
	quiet := slog.New(slog.DiscardHandler)
	theirs, err := rivermigrate.New(riversqlite.New(db.write), &rivermigrate.Config{Logger: quiet})
	if err != nil {
		return err
	}
	if _, err := theirs.Migrate(ctx, rivermigrate.DirectionUp, nil); err != nil {
		return fmt.Errorf("migrate River: %w", err)
	}
	if _, err := db.write.ExecContext(ctx,
		`INSERT INTO limits (id, account_operations, last_number) VALUES (1, $1, 0) ON CONFLICT (id) DO NOTHING`, cfg.Limit); err != nil {
		return err
	}
	return db.makeRiver()
}

// Close closes the database. Stop first.
func (db *DB) Close() error { return errors.Join(db.write.Close(), db.read.Close()) }

// Listen names who is told of changes.
func (db *DB) Listen(f func(ids []string, queue bool)) {
	db.mu.Lock()
	defer db.mu.Unlock()
	db.listener = f
}

func (db *DB) tell(ids []string, queue bool) {
	db.mu.Lock()
	f := db.listener
	db.mu.Unlock()
	if len(ids) > 0 || queue {
		f(ids, queue)
	}
}

// reader reads beside the writers.
func (db *DB) reader() reader {
	return sqlReader{db.read, func(ctx context.Context, query string) *sql.Stmt {
		if st := db.reading.get(query); st != nil {
			return st
		}
		if err := db.reading.prepare(ctx); err != nil {
			return nil // the query itself will say what is wrong
		}
		return db.reading.get(query)
	}}
}

// now is the present as it is stored.
func (db *DB) now() time.Time { return db.clock.Now().Truncate(time.Microsecond) }

// micros and fromMicros keep times as whole microseconds; 0 is no time.
func micros(t time.Time) int64 {
	if t.IsZero() {
		return 0
	}
	return t.UnixMicro()
}

func fromMicros(n int64) time.Time {
	if n == 0 {
		return time.Time{}
	}
	return time.UnixMicro(n).UTC()
}
