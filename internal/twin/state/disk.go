package state

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"net/url"
	"sync"

	_ "modernc.org/sqlite" // the driver "sqlite"
)

// Write is the new body of a row; without a body the row is deleted.
type Write struct {
	Table   string
	Key     string
	Version int
	Body    []byte
}

// Change is one thing a commit does to the file: a row's write, or with Save or Restore the taking or putting back of a
// snapshot of all rows.
type Change struct {
	Write
	Save    string
	Restore string
	Draw    uint64 // kept with a saved snapshot
}

// Disk keeps the rows. A Disk is used by one goroutine at a time, apart from LoadSnapshot.
type Disk interface {
	// Load gives every row to add and returns the mark of the last commit, zero for a new file.
	Load(ctx context.Context, add func(Write) error) (Mark, error)
	// LoadSnapshot gives every row of a snapshot and its draw; ok is false when there is none of that name.
	LoadSnapshot(ctx context.Context, name string, add func(Write) error) (draw uint64, ok bool, err error)
	// Commit does all changes and sets the mark, durably and whole or not at all. After an error the outcome is unknown
	// until Seq tells.
	Commit(m Mark, changes []Change) error
	Seq() (uint64, error)
	// Dump gives all rows, snapshots and marks of one moment. Like LoadSnapshot it may be called beside others.
	Dump(ctx context.Context, add func(Saved) error) error
	Close() error
}

// sqliteDisk is a Disk in one SQLite file, locked for this process.
type sqliteDisk struct {
	db *sql.DB
	mu sync.Mutex
}

const diskSchema = `
CREATE TABLE IF NOT EXISTS rows(tbl TEXT NOT NULL, pk TEXT NOT NULL, version INTEGER NOT NULL, body BLOB NOT NULL, PRIMARY KEY(tbl, pk)) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS snapshots(name TEXT PRIMARY KEY, draw INTEGER NOT NULL) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS snapshot_rows(name TEXT NOT NULL, tbl TEXT NOT NULL, pk TEXT NOT NULL, version INTEGER NOT NULL, body BLOB NOT NULL, PRIMARY KEY(name, tbl, pk)) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS mark(id INTEGER PRIMARY KEY CHECK (id = 1), seq INTEGER NOT NULL, draw INTEGER NOT NULL);
INSERT OR IGNORE INTO mark VALUES(1, 0, 0);`

// OpenDisk opens or makes the SQLite file at path. A file another process holds is refused.
func OpenDisk(ctx context.Context, path string) (Disk, error) {
	name := (&url.URL{Path: path}).EscapedPath() // SQLite reads a URI: ?, # and % in a folder's name are none of it
	db, err := sql.Open("sqlite", "file:"+name+"?_pragma=busy_timeout(500)&_pragma=locking_mode(EXCLUSIVE)&_pragma=journal_mode(WAL)&_pragma=synchronous(FULL)&_pragma=cache_size(-512)&_txlock=immediate")
	if err != nil {
		return nil, fmt.Errorf("open %s: %w", path, err)
	}
	db.SetMaxOpenConns(1)
	if _, err := db.ExecContext(ctx, diskSchema); err != nil {
		return nil, errors.Join(fmt.Errorf("open %s (is another process using it?): %w", path, err), db.Close())
	}
	return &sqliteDisk{db: db}, nil
}

func (d *sqliteDisk) Load(ctx context.Context, add func(Write) error) (m Mark, err error) {
	if err := d.db.QueryRowContext(ctx, `SELECT seq, draw FROM mark`).Scan(&m.Seq, &m.Draw); err != nil {
		return m, err
	}
	return m, d.each(ctx, add, `SELECT tbl, pk, version, body FROM rows`)
}

func (d *sqliteDisk) LoadSnapshot(ctx context.Context, name string, add func(Write) error) (draw uint64, ok bool, err error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	err = d.db.QueryRowContext(ctx, `SELECT draw FROM snapshots WHERE name = $1`, name).Scan(&draw)
	if errors.Is(err, sql.ErrNoRows) {
		return 0, false, nil
	}
	if err != nil {
		return 0, false, err
	}
	return draw, true, d.each(ctx, add, `SELECT tbl, pk, version, body FROM snapshot_rows WHERE name = $1`, name)
}

func (d *sqliteDisk) each(ctx context.Context, add func(Write) error, query string, args ...any) (err error) {
	rows, err := d.db.QueryContext(ctx, query, args...)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, rows.Close()) }()
	for rows.Next() {
		var w Write
		if err := rows.Scan(&w.Table, &w.Key, &w.Version, &w.Body); err != nil {
			return err
		}
		if err := add(w); err != nil {
			return err
		}
	}
	return rows.Err()
}

func (d *sqliteDisk) Commit(m Mark, changes []Change) error {
	d.mu.Lock()
	defer d.mu.Unlock()
	tx, err := d.db.Begin()
	if err != nil {
		return err
	}
	if err := writeAll(tx, m, changes); err != nil {
		return errors.Join(err, tx.Rollback())
	}
	return tx.Commit()
}

func writeAll(tx *sql.Tx, m Mark, changes []Change) (err error) {
	put, err := tx.Prepare(`INSERT INTO rows(tbl, pk, version, body) VALUES($1, $2, $3, $4) ON CONFLICT DO UPDATE SET version = excluded.version, body = excluded.body`)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, put.Close()) }()
	for _, c := range changes {
		switch {
		case c.Restore != "":
			err = execAll(tx, []string{`DELETE FROM rows WHERE $1 = $1`, `INSERT INTO rows SELECT tbl, pk, version, body FROM snapshot_rows WHERE name = $1`}, c.Restore)
		case c.Save != "":
			err = save(tx, c)
		case c.Body == nil:
			_, err = tx.Exec(`DELETE FROM rows WHERE tbl = $1 AND pk = $2`, c.Table, c.Key)
		default:
			_, err = put.Exec(c.Table, c.Key, c.Version, c.Body)
		}
		if err != nil {
			return err
		}
	}
	_, err = tx.Exec(`UPDATE mark SET seq = $1, draw = $2`, m.Seq, m.Draw)
	return err
}

func save(tx *sql.Tx, c Change) error {
	if _, err := tx.Exec(`INSERT INTO snapshots(name, draw) VALUES($1, $2) ON CONFLICT DO UPDATE SET draw = excluded.draw`, c.Save, c.Draw); err != nil {
		return err
	}
	return execAll(tx, []string{`DELETE FROM snapshot_rows WHERE name = $1`, `INSERT INTO snapshot_rows SELECT $1, tbl, pk, version, body FROM rows`}, c.Save)
}

func execAll(tx *sql.Tx, statements []string, name string) error {
	for _, s := range statements {
		if _, err := tx.Exec(s, name); err != nil {
			return err
		}
	}
	return nil
}

func (d *sqliteDisk) Seq() (seq uint64, err error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	err = d.db.QueryRow(`SELECT seq FROM mark`).Scan(&seq)
	return seq, err
}

func (d *sqliteDisk) Close() error { return d.db.Close() }
