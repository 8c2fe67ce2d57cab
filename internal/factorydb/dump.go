package factorydb

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"

	"accountfactory/internal/factory"
)

// Dumped takes a database's rows, table by table. The values of a row are strings, int64 and nil.
type Dumped struct {
	Table func(name string, columns []string) error
	Row   func([]any) error
}

// notDumped reports whether a table is not part of a backup: River's jobs are doorbells of processes that will not be there,
// as replicas are; who is signed in signs in again, or a sign-out since the backup would be undone.
func notDumped(table string) bool {
	return slices.Contains([]string{"goose_db_version", "replicas", "sessions"}, table) || strings.HasPrefix(table, "river_") || strings.HasPrefix(table, "sqlite_")
}

// Dump gives all of one moment, beside those who write.
func (db *DB) Dump(ctx context.Context, to Dumped) error {
	return db.engine.snapshot(ctx, func(r reader, tables string) error {
		var names []string
		if err := r.each(ctx, tables, nil, func(s scanner) error {
			var name string
			err := s.Scan(&name)
			names = append(names, name)
			return err
		}); err != nil {
			return err
		}
		names = slices.DeleteFunc(names, notDumped)
		slices.SortFunc(names, func(a, b string) int { // what others refer to comes first
			if (a == "requests") != (b == "requests") {
				return map[bool]int{true: -1, false: 1}[a == "requests"]
			}
			return strings.Compare(a, b)
		})
		for _, name := range names {
			if err := dumpTable(ctx, r, name, to); err != nil {
				return fmt.Errorf("dump %s: %w", name, err)
			}
		}
		return nil
	})
}

// wide is a scanner that knows its columns.
type wide interface {
	names() ([]string, error)
	values() ([]any, error)
}

func dumpTable(ctx context.Context, r reader, name string, to Dumped) error {
	begun := false
	return r.each(ctx, `SELECT * FROM `+quoted(name), nil, func(s scanner) error {
		w, err := wideOf(s)
		if err != nil {
			return err
		}
		if !begun {
			columns, err := w.names()
			if err != nil {
				return err
			}
			if err := to.Table(name, columns); err != nil {
				return err
			}
			begun = true
		}
		row, err := w.values()
		if err != nil {
			return err
		}
		for i := range row {
			if row[i], err = plain(row[i]); err != nil {
				return err
			}
		}
		return to.Row(row)
	})
}

func quoted(name string) string { return `"` + strings.ReplaceAll(name, `"`, `""`) + `"` }

// plain gives a value as both databases take it again.
func plain(v any) (any, error) {
	switch v := v.(type) {
	case nil, string, int64:
		return v, nil
	case int32:
		return int64(v), nil
	case int16:
		return int64(v), nil
	}
	return nil, fmt.Errorf("a dump keeps no %T", v)
}

func wideOf(s scanner) (wide, error) {
	switch s := s.(type) {
	case *sql.Rows:
		return sqlWide{s}, nil
	case pgx.Rows:
		return pgWide{s}, nil
	}
	return nil, fmt.Errorf("a dump reads no %T", s)
}

type sqlWide struct{ *sql.Rows }

func (w sqlWide) names() ([]string, error) { return w.Columns() }

func (w sqlWide) values() ([]any, error) {
	columns, err := w.Columns()
	if err != nil {
		return nil, err
	}
	out, to := make([]any, len(columns)), make([]any, len(columns))
	for i := range out {
		to[i] = &out[i]
	}
	return out, w.Scan(to...)
}

type pgWide struct{ pgx.Rows }

func (w pgWide) names() (out []string, err error) {
	for _, f := range w.FieldDescriptions() {
		out = append(out, f.Name)
	}
	return out, nil
}

func (w pgWide) values() ([]any, error) { return w.Values() }

func (e *sqlite) snapshot(ctx context.Context, f func(reader, string) error) error {
	t, err := e.read.BeginTx(ctx, nil) // the first SELECT fixes what it sees
	if err != nil {
		return err
	}
	defer t.Rollback() //nolint:errcheck // only read
	return f(sqlReader{t, func(context.Context, string) *sql.Stmt { return nil }}, `SELECT name FROM sqlite_master WHERE type = 'table'`)
}

func (e *postgres) snapshot(ctx context.Context, f func(reader, string) error) error {
	return pgx.BeginTxFunc(ctx, e.pool, pgx.TxOptions{IsoLevel: pgx.RepeatableRead, AccessMode: pgx.ReadOnly}, func(t pgx.Tx) error {
		// Who takes the dump may be slow; nobody waits for this transaction.
		if _, err := t.Exec(ctx, `SET LOCAL idle_in_transaction_session_timeout = 0`); err != nil {
			return err
		}
		return f(pgReader{t}, `SELECT table_name FROM information_schema.tables WHERE table_schema = current_schema() AND table_type = 'BASE TABLE'`)
	})
}

// NotEmptyError says that a database that should be filled has something in it.
type NotEmptyError struct {
	Where   string
	Binding factory.Binding
}

func (e *NotEmptyError) Error() string {
	return fmt.Sprintf("%s is not empty: it belongs to organization %s; give an empty one", e.Where, e.Binding.OrganizationID)
}

// Load fills a new database with what Dump gave, in one transaction, and holds it until the queue is resumed. next gives one
// table or row after another to what it is given. Returns NotEmptyError.
func Load(ctx context.Context, cfg Config, by string, next func(Dumped) error) error {
	in, err := Inspect(ctx, cfg.Path, cfg.URL, false)
	if err != nil {
		return err
	}
	if in.Binding != (factory.Binding{}) {
		return &NotEmptyError{in.Where, in.Binding}
	}
	db, err := Open(ctx, cfg)
	if err != nil {
		return err
	}
	err = db.inTx(ctx, func(t tx) error { return db.load(ctx, t, by, next) })
	return errors.Join(err, db.Close())
}

func (db *DB) load(ctx context.Context, t tx, by string, next func(Dumped) error) error {
	if err := t.row(ctx, `SELECT id FROM limits WHERE id = 1`+t.forUpdate()).Scan(new(int)); err != nil {
		return err
	}
	var requests int
	if err := t.row(ctx, `SELECT count(*) FROM requests`).Scan(&requests); err != nil || requests > 0 {
		return errors.Join(err, errors.New("the database has requests"))
	}
	if _, err := t.exec(ctx, `DELETE FROM limits`); err != nil {
		return err
	}
	insert := ""
	err := next(Dumped{
		Table: func(name string, columns []string) error {
			insert = insertion(name, columns)
			return nil
		},
		Row: func(row []any) error {
			_, err := t.exec(ctx, insert, row...)
			return err
		},
	})
	if err != nil {
		return err
	}
	return db.hold(ctx, t, by)
}

func insertion(table string, columns []string) string {
	var names, places []string
	for i, c := range columns {
		names, places = append(names, quoted(c)), append(places, fmt.Sprintf("$%d", i+1))
	}
	return `INSERT INTO ` + quoted(table) + ` (` + strings.Join(names, ", ") + `) VALUES (` + strings.Join(places, ", ") + `)`
}

// AuditRestore is the action of a restore in the audit log.
const AuditRestore = "restore"

// hold keeps everything as it was at the backup until somebody resumes the queue. Requests keep their account operations; their
// jobs were of another River.
func (db *DB) hold(ctx context.Context, t tx, by string) error {
	var before string
	if err := t.row(ctx, `SELECT mode FROM limits WHERE id = 1`).Scan(&before); err != nil {
		return fmt.Errorf("the backup has no queue: %w", err)
	}
	for _, change := range []string{
		`UPDATE requests SET job_id = 0`,
		`UPDATE hook_runs SET claimed = 0 WHERE state = 'pending'`,
	} {
		if _, err := t.exec(ctx, change); err != nil {
			return err
		}
	}
	if _, err := t.exec(ctx, `UPDATE limits SET held = 1, mode = $1, mode_by = $2, mode_at = $3 WHERE id = 1`, string(factory.ModePaused), AuditRestore, micros(db.now())); err != nil {
		return err
	}
	return db.audit(ctx, t, factory.AuditRow{Actor: by, Action: AuditRestore, Reason: "restored from a backup; held until the queue is resumed"}, before, factory.ModePaused)
}

// release lets a restored database be worked at: requests that have an account operation get workers, which look at the cloud
// first.
func (db *DB) release(ctx context.Context, t tx, now time.Time) error {
	n, err := t.exec(ctx, `UPDATE limits SET held = 0 WHERE id = 1 AND held = 1`)
	if err != nil || n == 0 {
		return err
	}
	if err := releaseHooks(ctx, t, now); err != nil {
		return err
	}
	_, err = db.takeOver(ctx, t, false)
	return err
}
