package state

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
)

// Saved is a row as a backup keeps it: of the present, or of a snapshot. One without a table is the mark of either.
type Saved struct {
	Snapshot string
	Write
	Mark Mark // of a snapshot only Draw
}

// Dump gives all that is durable at one moment: the present and every snapshot. Commits wait while it is read, not while it
// is given.
func (s *Store) Dump(ctx context.Context, add func(Saved) error) error {
	s.mu.Lock()
	closed := s.closed
	s.mu.Unlock()
	if closed {
		return ErrClosed
	}
	return s.disk.Dump(ctx, add)
}

func (d *sqliteDisk) Dump(ctx context.Context, add func(Saved) error) error {
	all, err := d.readAll(ctx)
	if err != nil {
		return fmt.Errorf("read %w", err)
	}
	for i := range all {
		if err := add(all[i]); err != nil {
			return err
		}
	}
	return nil
}

func (d *sqliteDisk) readAll(ctx context.Context) (out []Saved, err error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	keep := func(snapshot string) func(Write) error {
		return func(w Write) error {
			out = append(out, Saved{Snapshot: snapshot, Write: w})
			return nil
		}
	}
	mark, err := d.Load(ctx, keep(""))
	if err != nil {
		return nil, err
	}
	out = append(out, Saved{Mark: mark})
	snapshots, err := d.snapshots(ctx)
	for _, s := range snapshots {
		err = errors.Join(err, d.each(ctx, keep(s.Snapshot), `SELECT tbl, pk, version, body FROM snapshot_rows WHERE name = $1`, s.Snapshot))
		out = append(out, s)
	}
	return out, err
}

// snapshots gives the marks of all snapshots.
func (d *sqliteDisk) snapshots(ctx context.Context) (out []Saved, err error) {
	rows, err := d.db.QueryContext(ctx, `SELECT name, draw FROM snapshots ORDER BY name`)
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, rows.Close()) }()
	for rows.Next() {
		var s Saved
		if err := rows.Scan(&s.Snapshot, &s.Mark.Draw); err != nil {
			return nil, err
		}
		out = append(out, s)
	}
	return out, rows.Err()
}

// DumpFile is Dump of a file that no process has open.
func DumpFile(ctx context.Context, path string, add func(Saved) error) error {
	d, err := OpenDisk(ctx, path)
	if err != nil {
		return err
	}
	return errors.Join(d.Dump(ctx, add), d.Close())
}

// Import makes a new file of what Dump gave. Delivery is held in it until ReleaseDelivery, but for the sinks named local, which
// begin anew: what they filled is not part of a backup. next gives one row after another to add.
func Import(ctx context.Context, path string, local []string, next func(add func(Saved) error) error) error {
	opened, err := OpenDisk(ctx, path)
	if err != nil {
		return err
	}
	d := opened.(*sqliteDisk) //nolint:forcetypeassert // what OpenDisk gives
	return errors.Join(d.fill(ctx, local, next), d.Close())
}

func (d *sqliteDisk) fill(ctx context.Context, local []string, next func(add func(Saved) error) error) error {
	tx, err := d.db.BeginTx(ctx, nil)
	if err != nil {
		return err
	}
	defer tx.Rollback() //nolint:errcheck // no effect after Commit
	if err := next(func(s Saved) error { return put(ctx, tx, s) }); err != nil {
		return err
	}
	for _, name := range local {
		if _, err := tx.ExecContext(ctx, `DELETE FROM rows WHERE tbl = 'sinks' AND pk = $1`, name); err != nil {
			return err
		}
	}
	if _, err := tx.ExecContext(ctx, `INSERT OR REPLACE INTO rows VALUES('settings', $1, 1, $2)`, heldSetting, []byte(`{"Name":"`+heldSetting+`","Held":true}`)); err != nil {
		return err
	}
	return tx.Commit()
}

func put(ctx context.Context, tx *sql.Tx, s Saved) (err error) {
	switch {
	case s.Table == "" && s.Snapshot == "":
		_, err = tx.ExecContext(ctx, `UPDATE mark SET seq = $1, draw = $2`, s.Mark.Seq, s.Mark.Draw)
	case s.Table == "":
		_, err = tx.ExecContext(ctx, `INSERT INTO snapshots VALUES($1, $2)`, s.Snapshot, s.Mark.Draw)
	case s.Snapshot == "":
		_, err = tx.ExecContext(ctx, `INSERT INTO rows VALUES($1, $2, $3, $4)`, s.Table, s.Key, s.Version, s.Body)
	default:
		_, err = tx.ExecContext(ctx, `INSERT INTO snapshot_rows VALUES($1, $2, $3, $4, $5)`, s.Snapshot, s.Table, s.Key, s.Version, s.Body)
	}
	return err
}
