package factorydb

import (
	"context"
	"database/sql"
	"fmt"
	"io/fs"
	"net/url"
	"os"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"

	"accountfactory/internal/factory"
)

// Inspection is what a look at a database sees.
type Inspection struct {
	Where   string // the database, without a password
	Product string // what it is, with its version
	New     bool   // nothing of ours is in it yet
	Pending []int64
	Unknown []int64         // migrations of a newer version of this program
	Binding factory.Binding // the cloud it belongs to; zero before the first start
	Paused  bool
	Now     time.Time // by the database's own clock; zero where it has none
	Log     int64     // bytes of SQLite's write-ahead log
	Major   int       // PostgreSQL's; 0 for SQLite
}

// Inspect looks at the database that Open would open, and writes nothing: it makes no file and migrates nothing. running
// says that a server works on it.
func Inspect(ctx context.Context, path, databaseURL string, running bool) (Inspection, error) {
	if databaseURL != "" {
		return inspectPostgres(ctx, databaseURL)
	}
	return inspectSQLite(ctx, path, running)
}

// Migrations gives the numbers of the migrations that this version knows, in order.
func Migrations() []int64 {
	files, err := fs.Glob(migrations, "migrations/*.sql")
	if err != nil {
		return nil // the pattern is good
	}
	out := make([]int64, 0, len(files))
	for _, f := range files {
		number, _, _ := strings.Cut(strings.TrimPrefix(f, "migrations/"), "_")
		if n, err := strconv.ParseInt(number, 10, 64); err == nil {
			out = append(out, n)
		}
	}
	slices.Sort(out)
	return out
}

func inspectSQLite(ctx context.Context, path string, running bool) (Inspection, error) {
	in := Inspection{Where: path, Product: "SQLite"}
	if info, err := os.Stat(path); os.IsNotExist(err) || err == nil && info.Size() == 0 {
		in.New = true
		return in, nil
	} else if err != nil {
		return in, err
	}
	if info, err := os.Stat(path + "-wal"); err == nil {
		in.Log = info.Size()
	}
	mode := "mode=ro"
	if !running && in.Log == 0 { // nobody writes, and SQLite need not make the files that it shares with writers
		mode = "immutable=1"
	}
	db, err := sql.Open("sqlite", "file:"+(&url.URL{Path: path}).EscapedPath()+"?"+mode+"&_pragma=query_only(1)&_pragma=busy_timeout(2000)")
	if err != nil {
		return in, err
	}
	defer func() { _ = db.Close() }() // only read
	r := sqlReader{db, func(context.Context, string) *sql.Stmt { return nil }}
	var version string
	if err := r.row(ctx, `SELECT sqlite_version()`).Scan(&version); err != nil {
		return in, err
	}
	in.Product += " " + version
	err = in.read(ctx, r, `SELECT name FROM sqlite_master WHERE type = 'table' AND name IN ('goose_db_version', 'bindings', 'limits')`)
	return in, err
}

func inspectPostgres(ctx context.Context, databaseURL string) (in Inspection, err error) {
	config, err := pgx.ParseConfig(databaseURL)
	if err != nil {
		return in, err // pgx hides the password
	}
	in.Where = fmt.Sprintf("database %s on %s", config.Database, config.Host)
	config.RuntimeParams["default_transaction_read_only"] = "on"
	delete(config.RuntimeParams, "pool_max_conns") // the pool's, not PostgreSQL's
	conn, err := pgx.ConnectConfig(ctx, config)
	if err != nil {
		return in, err
	}
	defer conn.Close(context.WithoutCancel(ctx)) // only read
	var micro int64
	if err := conn.QueryRow(ctx, `SELECT current_setting('server_version'), current_setting('server_version_num')::int / 10000, `+databaseNow).Scan(&in.Product, &in.Major, &micro); err != nil {
		return in, err
	}
	in.Product, in.Now = "PostgreSQL "+in.Product, fromMicros(micro)
	err = in.read(ctx, pgReader{conn}, `SELECT table_name FROM information_schema.tables WHERE table_schema = ANY (current_schemas(false)) AND table_name IN ('goose_db_version', 'bindings', 'limits')`)
	return in, err
}

// read reads what both databases have in the same words.
func (in *Inspection) read(ctx context.Context, r reader, tables string) error {
	var have []string
	if err := r.each(ctx, tables, nil, func(s scanner) error {
		var name string
		err := s.Scan(&name)
		have = append(have, name)
		return err
	}); err != nil {
		return err
	}
	if !slices.Contains(have, "goose_db_version") {
		in.New = true
		return nil
	}
	if err := in.readMigrations(ctx, r); err != nil {
		return err
	}
	if slices.Contains(have, "bindings") {
		if err := in.readBinding(ctx, r); err != nil {
			return err
		}
	}
	if !slices.Contains(in.Pending, queueMigration) && slices.Contains(have, "limits") {
		return in.readMode(ctx, r)
	}
	return nil
}

// queueMigration is the one that gave the queue its mode.
const queueMigration = 3

func (in *Inspection) readMode(ctx context.Context, r reader) error {
	return r.each(ctx, `SELECT mode FROM limits WHERE id = 1`, nil, func(s scanner) error {
		var mode string
		err := s.Scan(&mode)
		in.Paused = factory.Mode(mode) != factory.ModeOpen
		return err
	})
}

func (in *Inspection) readMigrations(ctx context.Context, r reader) error {
	known := Migrations()
	var done []int64
	if err := r.each(ctx, `SELECT version_id FROM goose_db_version WHERE version_id > 0`, nil, func(s scanner) error {
		var n int64
		err := s.Scan(&n)
		done = append(done, n)
		return err
	}); err != nil {
		return err
	}
	for _, n := range known {
		if !slices.Contains(done, n) {
			in.Pending = append(in.Pending, n)
		}
	}
	for _, n := range done {
		if !slices.Contains(known, n) {
			in.Unknown = append(in.Unknown, n)
		}
	}
	return nil
}

func (in *Inspection) readBinding(ctx context.Context, r reader) error {
	return r.each(ctx, `SELECT kind, organization_id, management_account, region FROM bindings WHERE id = 1`, nil, func(s scanner) error {
		b := &in.Binding
		return s.Scan(&b.Kind, &b.OrganizationID, &b.ManagementAccount, &b.Region)
	})
}
