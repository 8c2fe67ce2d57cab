package server

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"os"
	"path/filepath"

	"accountfactory/internal/backup"
	"accountfactory/internal/clock"
	"accountfactory/internal/cloud"
	"accountfactory/internal/factorydb"
	"accountfactory/internal/twin"
	"accountfactory/internal/twin/state"
)

// A backup's two halves are consistent because the factory's comes first: whatever it knows of the cloud, the cloud has, as it
// would on AWS. What happened since is found by looking, as after a crash.

// source is what a backup is made of.
type source struct {
	config Config
	region string
	db     *factorydb.DB // nil for a twin alone
	twin   func(context.Context, func(state.Saved) error) error
}

// backUp writes a running server's backup.
func (s *Server) backUp(ctx context.Context, out io.Writer) error {
	from := source{config: s.config, region: s.config.Region, db: s.watch.db.Load()}
	if s.twin != nil {
		from.twin = s.twin.Dump
	}
	return from.write(ctx, out)
}

func (f source) write(ctx context.Context, out io.Writer) error {
	m := backup.Manifest{
		Version: f.config.Version, At: clock.Wall{}.Now().UTC(), Kind: cloud.KindTwin, Account: f.config.AccountID, Region: f.region,
		Factory: f.db != nil, Twin: f.twin != nil, Migrations: factorydb.Migrations(),
	}
	if f.config.Cloud.aws() {
		m.Kind, m.Account = cloud.KindAWS, ""
	}
	if f.db != nil {
		b, err := f.db.Bound(ctx)
		if err != nil {
			return err
		}
		m.Organization, m.Account, m.Region = b.OrganizationID, b.ManagementAccount, b.Region
	}
	w, err := backup.NewWriter(out, m)
	if err != nil {
		return err
	}
	if err := f.parts(ctx, w); err != nil {
		return err
	}
	return w.Close()
}

// parts writes the files, then the factory's half, then the twin's.
func (f source) parts(ctx context.Context, w *backup.Writer) error {
	for name, path := range map[string]string{credentialsName: CredentialsFile(f.config.Data), keyName: f.config.keyFile()} {
		body, err := os.ReadFile(path)
		if os.IsNotExist(err) {
			continue
		}
		if err == nil {
			err = w.File(backup.File{Name: name, Body: body})
		}
		if err != nil {
			return err
		}
	}
	if f.db != nil {
		if err := f.db.Dump(ctx, factorydb.Dumped{
			Table: func(name string, columns []string) error {
				return w.Table(backup.Table{Name: name, Columns: columns})
			},
			Row: w.Row,
		}); err != nil {
			return err
		}
	}
	if f.twin == nil {
		return nil
	}
	return f.twin(ctx, func(r state.Saved) error {
		return w.State(backup.StateRow{Snapshot: r.Snapshot, Table: r.Table, Key: r.Key, Version: r.Version, Body: r.Body, Seq: r.Mark.Seq, Draw: r.Mark.Draw})
	})
}

// Names of the files in a backup.
const (
	credentialsName = "credentials"
	keyName         = "key"
)

// BackUp seals a backup of a data folder's server, running or not, into a new file for its owner only. A running server says
// itself what it works on; for one that does not run c says it.
func BackUp(ctx context.Context, c Config, to string, k backup.Key) (err error) {
	if _, err := os.Stat(to); err == nil {
		return fmt.Errorf("%s is there already: name a new file", to)
	}
	part, err := os.CreateTemp(filepath.Dir(to), filepath.Base(to)+".part-*") // 0600
	if err != nil {
		return err
	}
	defer func() {
		if err != nil {
			_ = os.Remove(part.Name()) // what is wrong is known
		}
	}()
	sealed, err := backup.Seal(part, k)
	if err == nil {
		err = c.backUp(ctx, sealed)
	}
	if err == nil {
		err = sealed.Close()
	}
	if err == nil {
		err = part.Sync()
	}
	if err = errors.Join(err, part.Close()); err != nil {
		return err
	}
	return os.Rename(part.Name(), to)
}

// backUp writes a backup in clear, of the server that runs, or else of what lies in the folder.
func (c Config) backUp(ctx context.Context, out io.Writer) error {
	resp, err := control(ctx, c.Data, "/backup")
	if errors.Is(err, errNoControl) {
		return c.backUpStopped(ctx, out)
	}
	if err != nil {
		return err
	}
	_, err = io.Copy(out, resp.Body)
	why := resp.Trailer.Get(backupError)
	if err := errors.Join(err, resp.Body.Close()); err != nil {
		return fmt.Errorf("the server's backup was cut off: %w", err)
	}
	if resp.StatusCode != http.StatusOK || why != "" {
		return fmt.Errorf("the server could not write its backup: %s %s", resp.Status, why)
	}
	return nil
}

// backUpStopped holds the folder's lock, so that no server starts meanwhile.
func (c Config) backUpStopped(ctx context.Context, out io.Writer) (err error) {
	if _, err := os.Stat(c.Data); err != nil {
		return fmt.Errorf("no server runs on the data folder, and: %w", err)
	}
	release, err := lock(c.Data)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, release()) }()
	from := source{config: c, region: c.Region}
	if !c.Cloud.aws() {
		from.twin = func(ctx context.Context, add func(state.Saved) error) error { return twin.DumpFolder(ctx, c.Data, add) }
	}
	in, err := factorydb.Inspect(ctx, c.factoryFile(), c.Database, false)
	if err != nil {
		return err
	}
	if len(in.Pending)+len(in.Unknown) > 0 && !in.New { // opening it would change it
		return fmt.Errorf("%s is of another version of this program: take the backup with that one", in.Where)
	}
	if !in.New {
		if from.db, err = factorydb.Open(ctx, factorydb.Config{Path: c.factoryFile(), URL: c.Database, Log: quietLog(c.Log)}); err != nil {
			return err
		}
		defer func() { err = errors.Join(err, from.db.Close()) }()
	}
	return from.write(ctx, out)
}

func quietLog(l *slog.Logger) *slog.Logger {
	if l == nil {
		return slog.New(slog.DiscardHandler)
	}
	return l
}
