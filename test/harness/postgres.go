package harness

import (
	"context"
	"errors"
	"fmt"
	"net/url"
	"os"
	"os/exec"
	"os/user"
	"path/filepath"
	"slices"
	"strconv"
	"sync/atomic"
	"syscall"
	"time"

	"github.com/jackc/pgx/v5"
)

// ErrNoPostgres says that Debian's PostgreSQL is not on this machine.
var ErrNoPostgres = errors.New("PostgreSQL's server")

// Postgres is a PostgreSQL server of the tests' own, in a temporary folder, reached by a socket in it.
type Postgres struct {
	dir  string
	bin  string
	user *syscall.Credential // PostgreSQL refuses to be root
	cmd  *exec.Cmd
	log  *Log
	made atomic.Int64
}

// StartPostgres makes a server with nothing in it. Returns ErrNoPostgres. Close removes it.
func StartPostgres(ctx context.Context) (*Postgres, error) {
	found, err := filepath.Glob("/usr/lib/postgresql/*/bin/initdb")
	if err != nil {
		return nil, err
	}
	if len(found) == 0 {
		return nil, ErrNoPostgres
	}
	slices.Sort(found)
	p := &Postgres{bin: filepath.Dir(found[len(found)-1]), log: &Log{}}
	if p.dir, err = os.MkdirTemp("", "accountfactory-pg-"); err != nil {
		return nil, err
	}
	if err := errors.Join(p.asItself(), p.init(ctx)); err != nil {
		return nil, errors.Join(err, os.RemoveAll(p.dir))
	}
	if err := p.Start(ctx); err != nil {
		return nil, errors.Join(err, p.Close())
	}
	return p, nil
}

// asItself gives the folder to the user that the package made, when the tests run as root.
func (p *Postgres) asItself() error {
	if os.Geteuid() != 0 {
		return nil
	}
	u, err := user.Lookup("postgres")
	if err != nil {
		return err
	}
	uid, uidErr := strconv.ParseUint(u.Uid, 10, 32)
	gid, gidErr := strconv.ParseUint(u.Gid, 10, 32)
	if err := errors.Join(uidErr, gidErr); err != nil {
		return err
	}
	p.user = &syscall.Credential{Uid: uint32(uid), Gid: uint32(gid)}
	return os.Chown(p.dir, int(uid), int(gid))
}

func (p *Postgres) command(name string, args ...string) *exec.Cmd {
	cmd := exec.Command(filepath.Join(p.bin, name), args...)
	cmd.Dir, cmd.Env = p.dir, []string{"PATH=" + os.Getenv("PATH"), "LC_ALL=C"}
	cmd.SysProcAttr = &syscall.SysProcAttr{Credential: p.user, Setpgid: true}
	cmd.Stdout, cmd.Stderr = p.log, p.log
	return cmd
}

func (p *Postgres) init(context.Context) error {
	if err := p.command("initdb", "--pgdata", filepath.Join(p.dir, "data"), "--username", "tests", "--auth", "trust", "--encoding", "UTF8", "--no-sync").Run(); err != nil {
		return fmt.Errorf("initdb: %w\n%s", err, p.log)
	}
	return nil
}

// Start starts the server and waits until it accepts.
func (p *Postgres) Start(ctx context.Context) error {
	p.cmd = p.command("postgres", "-D", filepath.Join(p.dir, "data"), "-k", p.dir, "-c", "listen_addresses=", "-c", "max_connections=300", "-c", "shared_buffers=32MB",
		"-c", "fsync=off") // the machine does not fail, only processes do
	if err := p.cmd.Start(); err != nil {
		return err
	}
	ctx, cancel := context.WithTimeout(ctx, startWithin)
	defer cancel()
	err := Poll(ctx, 20*time.Millisecond, func() (bool, error) {
		conn, err := pgx.Connect(ctx, p.url("postgres"))
		if err != nil {
			return false, nil //nolint:nilerr // not yet
		}
		return true, conn.Close(ctx)
	})
	if err != nil {
		return fmt.Errorf("PostgreSQL does not accept: %w\n%s", err, p.log)
	}
	return nil
}

// Stop ends the server, as an administrator who does not wait for its clients does.
func (p *Postgres) Stop() error {
	if p.cmd == nil {
		return nil
	}
	_ = p.cmd.Process.Signal(syscall.SIGINT) // it may have ended by itself
	err := p.cmd.Wait()
	p.cmd = nil
	return err
}

// Close ends the server and removes what it kept.
func (p *Postgres) Close() error { return errors.Join(p.Stop(), os.RemoveAll(p.dir)) }

// Database makes an empty database and gives its URL.
func (p *Postgres) Database(ctx context.Context) (string, error) {
	conn, err := pgx.Connect(ctx, p.url("postgres"))
	if err != nil {
		return "", err
	}
	name := "db" + strconv.FormatInt(p.made.Add(1), 10)
	_, err = conn.Exec(ctx, "CREATE DATABASE "+name)
	return p.url(name), errors.Join(err, conn.Close(ctx))
}

// Said gives what the server has logged so far.
func (p *Postgres) Said() string { return p.log.String() }

func (p *Postgres) url(database string) string {
	return "postgres:///" + database + "?" + url.Values{"host": {p.dir}, "user": {"tests"}, "sslmode": {"disable"}}.Encode()
}

// Dump gives a table as a backup would have it.
func (p *Postgres) Dump(ctx context.Context, database, table string) (string, error) {
	cmd := exec.CommandContext(ctx, filepath.Join(p.bin, "pg_dump"), "--table", table, "--column-inserts", database)
	cmd.Env = []string{"PATH=" + os.Getenv("PATH"), "LC_ALL=C"}
	out, err := cmd.CombinedOutput()
	return string(out), err
}
