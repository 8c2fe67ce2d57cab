package server

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"

	"accountfactory/internal/backup"
	"accountfactory/internal/cloud"
	"accountfactory/internal/factorydb"
	"accountfactory/internal/twin"
	"accountfactory/internal/twin/state"
)

// Restore is what a backup is restored to.
type Restore struct {
	From         string // the backup's file
	Key          backup.Key
	Data         string // folder that is made; one that is there must be empty
	Database     string // URL of an empty PostgreSQL database. Default: SQLite in the folder
	Organization string // that it must be of; needed for one of AWS
	KeyFile      string // where the key that seals sign-ins is put, unless it is there. Default: console.key in the folder
	By           string // who restores, for the audit log
}

// Run proves the whole backup before it makes anything, makes a folder beside the one wanted, or in it when that is there, as
// where a volume is mounted, fills the database in one transaction, and then puts the folder in place. What is restored is held
// until somebody resumes the queue.
func (r Restore) Run(ctx context.Context) (backup.Manifest, error) {
	var m backup.Manifest
	counts, err := r.read(backup.Sink{Manifest: func(found backup.Manifest) error {
		m = found
		return r.guard(found)
	}})
	if err != nil {
		return m, fmt.Errorf("%s: %w", r.From, err)
	}
	there, err := r.roomFor(ctx)
	if err != nil {
		return m, err
	}
	made, err := r.begin(there)
	if err != nil {
		return m, err
	}
	defer func() { _ = os.RemoveAll(made) }() // moved, when all went well
	if err := r.fill(ctx, made, m, counts); err != nil {
		return m, err
	}
	if err := ownDatabases(made, r.databases(m)...); err != nil {
		return m, err
	}
	if there {
		return m, r.moveUp(made)
	}
	return m, os.Rename(made, r.Data)
}

// read gives the backup to a sink.
func (r Restore) read(to backup.Sink) (backup.Counts, error) {
	f, err := os.Open(r.From)
	if err != nil {
		return backup.Counts{}, err
	}
	defer func() { _ = f.Close() }() // only read
	plain, err := backup.Unseal(f, r.Key)
	if err != nil {
		return backup.Counts{}, err
	}
	return backup.Read(plain, to)
}

// guard refuses another organization's backup, and one that this version does not understand.
func (r Restore) guard(m backup.Manifest) error {
	known := factorydb.Migrations()
	for _, n := range m.Migrations {
		if !slices.Contains(known, n) {
			return fmt.Errorf("%w: version %s, with migration %d", backup.ErrNewer, m.Version, n)
		}
	}
	switch {
	case r.Organization != "" && r.Organization != m.Organization:
		return fmt.Errorf("it is of organization %s, and --organization names %s: nothing was restored", m.Organization, r.Organization)
	case r.Organization == "" && m.Kind == cloud.KindAWS:
		return UsageError{"organization", "the backup works on AWS: name the organization it must be of, o-…, so that no other is ever touched"}
	case r.Database != "" && !m.Factory:
		return UsageError{"database", "the backup is of a twin alone, which has no database"}
	}
	return nil
}

// roomFor refuses to put anything where something is, and tells whether the folder is there.
func (r Restore) roomFor(ctx context.Context) (there bool, err error) {
	entries, err := os.ReadDir(r.Data)
	if err != nil && !os.IsNotExist(err) {
		return false, err
	}
	if there = err == nil; len(entries) > 0 {
		return there, fmt.Errorf("the data folder %s is not empty: name a new one with --data", r.Data)
	}
	if r.Database == "" {
		return there, nil
	}
	in, err := factorydb.Inspect(ctx, "", r.Database, false)
	if err == nil && in.Binding.OrganizationID != "" {
		err = &factorydb.NotEmptyError{Where: in.Where, Binding: in.Binding}
	}
	return there, err
}

// fill makes the folder. A shared database is filled last: nothing of it is seen when the rest did not work.
func (r Restore) fill(ctx context.Context, dir string, m backup.Manifest, counts backup.Counts) error {
	if m.Twin {
		if err := twin.Import(ctx, dir, r.states); err != nil {
			return fmt.Errorf("restore the twin: %w", err)
		}
	}
	if _, err := r.read(backup.Sink{File: func(f backup.File) error { return r.putFile(dir, f) }}); err != nil {
		return err
	}
	if !m.Factory {
		return nil
	}
	cfg := factorydb.Config{Path: filepath.Join(dir, factoryDatabase), URL: r.Database, Log: quietLog(nil)}
	err := factorydb.Load(ctx, cfg, r.By, func(to factorydb.Dumped) error {
		got, err := r.read(backup.Sink{
			Table: func(t backup.Table) error { return to.Table(t.Name, t.Columns) },
			Row:   to.Row,
		})
		if err == nil && got != counts { // somebody writes to the file
			err = errors.New("the backup changed while it was read")
		}
		return err
	})
	if err != nil {
		return fmt.Errorf("restore the factory: %w", err)
	}
	return nil
}

// databases names those that the folder gets.
func (r Restore) databases(m backup.Manifest) []string {
	c := Config{Cloud: Cloud{Kind: m.Kind}, TwinOnly: !m.Factory, Database: r.Database}
	return c.databases()
}

func (r Restore) states(add func(state.Saved) error) error {
	_, err := r.read(backup.Sink{State: func(s backup.StateRow) error {
		return add(state.Saved{
			Snapshot: s.Snapshot, Mark: state.Mark{Seq: s.Seq, Draw: s.Draw},
			Write: state.Write{Table: s.Table, Key: s.Key, Version: s.Version, Body: s.Body},
		})
	}})
	return err
}

// Describe reads a backup to its end and gives what it is of.
func Describe(from io.Reader, k backup.Key) (m backup.Manifest, counts backup.Counts, err error) {
	plain, err := backup.Unseal(from, k)
	if err != nil {
		return m, counts, err
	}
	counts, err = backup.Read(plain, backup.Sink{Manifest: func(found backup.Manifest) error {
		m = found
		return nil
	}})
	return m, counts, err
}
