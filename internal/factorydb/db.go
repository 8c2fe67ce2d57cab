package factorydb

import (
	"context"
	"embed"
	"errors"
	"io/fs"
	"log/slog"
	"sync"
	"time"

	"accountfactory/internal/clock"
	"accountfactory/internal/factory"
)

// DB is a factory.Store.
type DB struct {
	engine engine
	clock  clock.Clock
	log    *slog.Logger

	mu       sync.Mutex
	listener func(ids []string, queue bool)
	turn     factory.Turn
	stopping chan struct{}
	started  bool
}

// Config is what Open needs. Log and one of Path and URL must be set.
type Config struct {
	Path  string // of the SQLite file; made when it is not there
	URL   string // of a PostgreSQL database, which any number of processes may share; it comes before Path
	Limit int    // account operations at once, at first start only; 0 means 1
	Auto  bool   // the limit follows what others leave of AWS's quota; at first start only
	// DailyCap is how many new accounts are begun in a day, at first start only; 0 is no cap.
	DailyCap int
	// Paused makes the queue begin paused, at first start only: until a person resumes it nothing is written to the cloud.
	Paused bool
	Clock  clock.Clock // nil means clock.Wall
	Log    *slog.Logger
}

// usualQuota is how many account operations Control Tower allows at once until it is asked for more. Source: Control Tower
// user guide, "Quotas".
const usualQuota = 5

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
	if cfg.Auto {
		cfg.Limit = usualQuota
	}
	files, err := fs.Sub(migrations, "migrations")
	if err != nil {
		return nil, err
	}
	db := &DB{clock: cfg.Clock, log: cfg.Log, listener: func([]string, bool) {}}
	if cfg.URL != "" {
		db.engine, err = openPostgres(ctx, db, cfg.URL, files)
	} else {
		db.engine, err = openSQLite(ctx, db, cfg.Path, files)
	}
	if err != nil {
		return nil, err
	}
	err = db.inTx(ctx, func(t tx) error {
		mode, by := factory.ModeOpen, ""
		if cfg.Paused {
			mode, by = factory.ModePaused, factory.AuditFactory
		}
		_, err := t.exec(ctx, `INSERT INTO limits (id, account_operations, last_number, mode, mode_by, mode_at, auto, quota, daily_cap)
			VALUES (1, $1, 0, $2, $3, $4, $5, $6, $7) ON CONFLICT (id) DO NOTHING`,
			cfg.Limit, string(mode), by, micros(db.now()), bit(cfg.Auto), usualQuota, cfg.DailyCap)
		return err
	})
	if err != nil {
		return nil, errors.Join(err, db.engine.close())
	}
	return db, nil
}

// Close closes the database. Stop first.
func (db *DB) Close() error { return db.engine.close() }

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

func (db *DB) reader() reader { return db.engine.reader() }

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
