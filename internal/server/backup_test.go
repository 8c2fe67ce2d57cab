package server_test

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"accountfactory/internal/backup"
	"accountfactory/internal/doctor"
	"accountfactory/internal/factory"
	"accountfactory/internal/factorydb"
	"accountfactory/internal/server"
)

func sealingKey(t *testing.T, digit string) backup.Key {
	t.Helper()
	path := filepath.Join(t.TempDir(), "key")
	put(t, path, strings.Repeat(digit, 64)+"\n")
	k, err := backup.KeyFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return k
}

// only fails unless a folder holds exactly these.
func only(t *testing.T, dir string, want ...string) {
	t.Helper()
	entries, err := os.ReadDir(dir)
	if err != nil {
		t.Fatal(err)
	}
	var names []string
	for _, e := range entries {
		names = append(names, e.Name())
	}
	if strings.Join(names, " ") != strings.Join(want, " ") {
		t.Errorf("%s holds %v, want %v", dir, names, want)
	}
}

// TestBackUp: the twin with the factory, running and stopped, comes back as it was, paused; files are for their owner only, and
// nothing in clear is left. The folder's path is longer than a socket's may be.
func TestBackUp(t *testing.T) {
	t.Parallel()
	c := config(filepath.Join(t.TempDir(), strings.Repeat("long", 25), "data"))
	running, k, dir := serve(t, c), sealingKey(t, "a"), t.TempDir()
	if info, err := os.Stat(filepath.Join(c.Data, "control.sock")); err != nil || info.Mode().Perm() != 0o600 {
		t.Fatalf("the control socket: %v, %v", info, err)
	}
	hot, cold := filepath.Join(dir, "hot"), filepath.Join(dir, "cold")
	if err := server.BackUp(t.Context(), c, hot, k); err != nil {
		t.Fatal(err)
	}
	if err := server.BackUp(t.Context(), c, hot, k); err == nil || !strings.Contains(err.Error(), "is there already") {
		t.Errorf("over a file: %v", err)
	}
	organization := finding(t, server.Examine(t.Context(), c), doctor.Organization).Seen
	if err := running.stop(); err != nil {
		t.Fatal(err)
	}
	if _, err := os.Stat(filepath.Join(c.Data, "control.sock")); !os.IsNotExist(err) {
		t.Errorf("the socket is left: %v", err)
	}
	if err := server.BackUp(t.Context(), c, cold, k); err != nil {
		t.Fatal(err)
	}
	only(t, dir, "cold", "hot")
	for _, file := range []string{hot, cold} {
		if info, err := os.Stat(file); err != nil || info.Mode().Perm() != 0o600 {
			t.Errorf("%s: %v, %v", file, info, err)
		}
		parent := t.TempDir()
		r := server.Restore{From: file, Key: k, Data: filepath.Join(parent, "data"), By: "ann"}
		if _, err := r.Run(t.Context()); err != nil {
			t.Fatal(err)
		}
		only(t, parent, "data")
		only(t, r.Data, "console.key", "credentials", "factory.db", "twin.db")
		kept(t, r.Data)
		again := config(r.Data)
		restored := serve(t, again)
		found := server.Examine(t.Context(), again)
		if got := finding(t, found, doctor.Organization); got.Seen != organization {
			t.Errorf("restored: %s, was %s", got.Seen, organization)
		}
		if got := finding(t, found, doctor.Database); !strings.Contains(got.Seen, "paused") {
			t.Errorf("restored: %+v", got)
		}
		if got := finding(t, found, doctor.Binding); got.Result != doctor.OK {
			t.Errorf("restored: %+v", got)
		}
		if err := restored.stop(); err != nil {
			t.Fatal(err)
		}
		const held = "paused: no request begins until accountfactory queue resume"
		if said := restored.said.String(); !strings.Contains(said, held) || strings.Contains(running.said.String(), held) {
			t.Errorf("restored, the server says %q, and before it said %q", said, running.said.String())
		}
	}
}

// TestRestore_There: a folder that is there, such as one where a volume is mounted, is filled and not replaced. One that was
// not filled to the end is refused by name.
func TestRestore_There(t *testing.T) {
	t.Parallel()
	c, k, file := config(filepath.Join(t.TempDir(), "data")), sealingKey(t, "a"), filepath.Join(t.TempDir(), "file")
	if err := serve(t, c).stop(); err != nil {
		t.Fatal(err)
	}
	if err := server.BackUp(t.Context(), c, file, k); err != nil {
		t.Fatal(err)
	}
	volume := t.TempDir()
	before, err := os.Stat(volume)
	if err != nil {
		t.Fatal(err)
	}
	r := server.Restore{From: file, Key: k, Data: volume, By: "ann"}
	if _, err := r.Run(t.Context()); err != nil {
		t.Fatal(err)
	}
	only(t, volume, "console.key", "credentials", "factory.db", "twin.db")
	if after, err := os.Stat(volume); err != nil || !os.SameFile(before, after) || after.Mode().Perm() != 0o700 {
		t.Errorf("the folder was replaced: %v, %v", after.Mode(), err)
	}
	if err := serve(t, config(volume)).stop(); err != nil {
		t.Fatal(err)
	}
	if err := os.Mkdir(filepath.Join(volume, ".restoring-1"), 0o700); err != nil {
		t.Fatal(err)
	}
	if err := server.Run(t.Context(), config(volume)); err == nil || !strings.Contains(err.Error(), "did not come to its end") {
		t.Errorf("a half restored folder: %v", err)
	}
}

// TestRestore_Refuses: what cannot be restored makes nothing.
func TestRestore_Refuses(t *testing.T) {
	t.Parallel()
	c, k, dir := config(filepath.Join(t.TempDir(), "data")), sealingKey(t, "a"), t.TempDir()
	serve(t, c)
	good := filepath.Join(dir, "good")
	if err := server.BackUp(t.Context(), c, good, k); err != nil {
		t.Fatal(err)
	}
	body := read(t, good)
	altered := []byte(body)
	altered[len(altered)/2] ^= 1
	file := func(name, text string) string {
		put(t, filepath.Join(dir, name), text)
		return filepath.Join(dir, name)
	}
	full := t.TempDir()
	put(t, filepath.Join(full, "notes"), "mine")
	for name, tc := range map[string]struct {
		r    server.Restore
		want string
		is   error
	}{
		"another key":          {r: server.Restore{From: good, Key: sealingKey(t, "b")}, is: backup.ErrWrongKey},
		"cut off":              {r: server.Restore{From: file("cut", body[:len(body)-20]), Key: k}, is: backup.ErrTruncated},
		"altered":              {r: server.Restore{From: file("altered", string(altered)), Key: k}, want: "piece"},
		"no backup":            {r: server.Restore{From: file("text", strings.Repeat("text", 100)), Key: k}, is: backup.ErrNotBackup},
		"no file":              {r: server.Restore{From: filepath.Join(dir, "none"), Key: k}, is: os.ErrNotExist},
		"another organization": {r: server.Restore{From: good, Key: k, Organization: "o-somethingelse"}, want: "nothing was restored"},
		"a folder in use":      {r: server.Restore{From: good, Key: k, Data: full}, want: "is not empty"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			parent := t.TempDir()
			if tc.r.Data == "" {
				tc.r.Data = filepath.Join(parent, "data")
			}
			_, err := tc.r.Run(t.Context())
			if err == nil || !strings.Contains(err.Error(), tc.want) || tc.is != nil && !errors.Is(err, tc.is) {
				t.Errorf("%v, want %q, %v", err, tc.want, tc.is)
			}
			only(t, parent)
		})
	}
}

// TestRestore_DatabaseInUse: a database that belongs to a factory already is not touched, and nothing else is made.
func TestRestore_DatabaseInUse(t *testing.T) {
	t.Parallel()
	c, k := config(filepath.Join(t.TempDir(), "data")), sealingKey(t, "a")
	c.Database, c.KeyFile = postgresURL(t), filepath.Join(t.TempDir(), "key")
	serve(t, c)
	file, parent := filepath.Join(t.TempDir(), "backup"), t.TempDir()
	if err := server.BackUp(t.Context(), c, file, k); err != nil {
		t.Fatal(err)
	}
	r := server.Restore{From: file, Key: k, Data: filepath.Join(parent, "data"), Database: c.Database}
	var inUse *factorydb.NotEmptyError
	if _, err := r.Run(t.Context()); !errors.As(err, &inUse) {
		t.Errorf("%v", err)
	}
	only(t, parent)
	r.Database = "" // the same rows fit SQLite
	if m, err := r.Run(t.Context()); err != nil || !m.Factory || !m.Twin {
		t.Errorf("%+v, %v", m, err)
	}
}

// TestBackUp_OtherVersion: a database of another version is not brought up to date by a backup.
func TestBackUp_OtherVersion(t *testing.T) {
	t.Parallel()
	c := config(t.TempDir())
	c.Cloud.Kind = "aws"
	made(t, c.Data, factory.Binding{}, `DELETE FROM goose_db_version WHERE version_id = 20`)
	file := filepath.Join(t.TempDir(), "backup")
	if err := server.BackUp(t.Context(), c, file, sealingKey(t, "a")); err == nil || !strings.Contains(err.Error(), "another version") {
		t.Errorf("%v", err)
	}
	only(t, filepath.Dir(file))
}
