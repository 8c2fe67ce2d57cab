package server_test

import (
	"context"
	"crypto/sha256"
	"errors"
	"io/fs"
	"log/slog"
	"net"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"accountfactory/internal/doctor"
	"accountfactory/internal/factory"
	"accountfactory/internal/factorydb"
	"accountfactory/internal/server"
	"accountfactory/test/harness"
)

// postgresURL gives an empty PostgreSQL database on a server of the test's own.
func postgresURL(t *testing.T) string {
	t.Helper()
	p, err := harness.StartPostgres(context.Background())
	if errors.Is(err, harness.ErrNoPostgres) {
		harness.Missing(t, true, err.Error())
	}
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = p.Close() }) // a folder of the test's own
	url, err := p.Database(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	return url
}

// TestExamine_Well: beside a server that runs well no line complains, on either database.
func TestExamine_Well(t *testing.T) {
	t.Parallel()
	for name, database := range map[string]func(*testing.T) string{
		"SQLite": func(*testing.T) string { return "" }, "PostgreSQL": postgresURL,
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			c := config(filepath.Join(t.TempDir(), "data"))
			c.AllowedOUs = "Sandbox, Security"
			if c.Database = database(t); c.Database != "" {
				c.KeyFile = filepath.Join(t.TempDir(), "key")
			}
			serve(t, c)
			seen := map[string]bool{}
			for _, f := range server.Examine(t.Context(), c) {
				seen[f.Name] = true
				if f.Result != doctor.OK && f.Result != doctor.Skipped {
					t.Errorf("%+v", f)
				}
				if f.Name == doctor.AllowedOUs && f.Seen != "requesters may choose: Sandbox, Security" {
					t.Errorf("allowed: %q", f.Seen)
				}
			}
			for _, must := range []string{doctor.Credentials, doctor.Product, doctor.Permissions, doctor.Binding, doctor.Migrations, doctor.KeyFile, doctor.Clock, doctor.AllowedOUs} {
				if !seen[must] {
					t.Errorf("no line %s", must)
				}
			}
		})
	}
}

// contents gives a hash of each file below a folder.
func contents(t *testing.T, dir string) map[string][32]byte {
	t.Helper()
	out := map[string][32]byte{}
	err := filepath.WalkDir(dir, func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		body, err := os.ReadFile(path)
		out[path] = sha256.Sum256(body)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return out
}

// TestExamine_ChangesNothing: the folder of a server that does not run is as it was, to the file.
func TestExamine_ChangesNothing(t *testing.T) {
	t.Parallel()
	c := config(filepath.Join(t.TempDir(), "data"))
	if err := serve(t, c).stop(); err != nil {
		t.Fatal(err)
	}
	before := contents(t, c.Data)
	found := server.Examine(t.Context(), c)
	if diff := cmp.Diff(before, contents(t, c.Data)); diff != "" {
		t.Error(diff)
	}
	if f := finding(t, found, doctor.Server); f.Result != doctor.Warning || !strings.Contains(f.Remedy, "accountfactory serve") {
		t.Errorf("%+v", f)
	}
	missing := config(filepath.Join(t.TempDir(), "never"))
	server.Examine(t.Context(), missing)
	if _, err := os.Stat(missing.Data); !os.IsNotExist(err) {
		t.Errorf("the folder was made: %v", err)
	}
}

// TestExamine_Killed: a server that was killed does not run, whoever has its port by now.
func TestExamine_Killed(t *testing.T) {
	t.Parallel()
	c := config(filepath.Join(t.TempDir(), "data"))
	killed := serve(t, c)
	left := read(t, filepath.Join(c.Data, "server.json"))
	if err := killed.stop(); err != nil {
		t.Fatal(err)
	}
	other := serve(t, config(filepath.Join(t.TempDir(), "data")))
	put(t, filepath.Join(c.Data, "server.json"), strings.ReplaceAll(left, killed.Console, other.Console))
	found := server.Examine(t.Context(), c)
	if f := finding(t, found, doctor.Server); f.Result != doctor.Warning || f.Seen != "none runs, so what is in the twin was not looked at" {
		t.Errorf("%+v", f)
	}
	if f := finding(t, found, doctor.Ports); f.Result != doctor.OK {
		t.Errorf("%+v", f)
	}
}

func finding(t *testing.T, found []doctor.Finding, name string) doctor.Finding {
	t.Helper()
	i := slices.IndexFunc(found, func(f doctor.Finding) bool { return f.Name == name })
	if i < 0 {
		t.Fatalf("no line %s in %v", name, found)
	}
	return found[i]
}

// TestExamine_Broken: what is wrong around a server has a line of its own, with what helps, and secrets are in none.
func TestExamine_Broken(t *testing.T) {
	t.Parallel()
	const secret = "the-password-of-something"
	for name, tc := range map[string]struct {
		change       func(*testing.T, *server.Config)
		line         string
		seen, remedy string
	}{
		"a setting": {func(_ *testing.T, c *server.Config) { c.AccountID = "12" }, doctor.Settings, "--account-id", "serve --help"},
		"database away": {func(_ *testing.T, c *server.Config) {
			c.Database = "postgres://factory:" + secret + "@127.0.0.1:1/none?connect_timeout=2"
		}, doctor.Database, "connect", "--database"},
		"no database": {func(t *testing.T, c *server.Config) {
			put(t, filepath.Join(c.Data, "factory.db"), "this is no database, though it has more than the hundred bytes of a header: "+strings.Repeat("x", 4096))
		}, doctor.Database, "not a database", "--data"},
		"mail server away": {func(_ *testing.T, c *server.Config) {
			c.SMTP.Host, c.SMTP.From, c.SMTP.User, c.SMTP.Password = "127.0.0.1:1", "a@example.com", "a", secret
		}, doctor.Mail, "connect", "--smtp-host"},
		"sign-in provider away": {func(_ *testing.T, c *server.Config) {
			c.SignIn = server.SignIn{Issuer: "https://127.0.0.1:1", ClientID: "console", Roles: []string{"team=operator"}}
		}, doctor.SignIn, "connect", "--oidc-issuer"},
		"port taken": {func(t *testing.T, c *server.Config) {
			l, err := new(net.ListenConfig).Listen(t.Context(), "tcp", "localhost:0")
			if err != nil {
				t.Fatal(err)
			}
			t.Cleanup(func() { _ = l.Close() }) // it was only in the way
			c.Console = l.Addr().String()
		}, doctor.Ports, "--console", "another address"},
		"keys for all to see": {func(t *testing.T, c *server.Config) {
			put(t, filepath.Join(c.Data, "console.key"), strings.Repeat("ab", 32))
			if err := os.Chmod(filepath.Join(c.Data, "console.key"), 0o644); err != nil {
				t.Fatal(err)
			}
		}, doctor.KeyFile, "0644", "chmod 600"},
		"a newer version's database": {func(t *testing.T, c *server.Config) {
			made(t, c.Data, factory.Binding{}, `INSERT INTO goose_db_version (version_id, is_applied) VALUES (999, 1)`)
		}, doctor.Migrations, "999", "run that version"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			c := config(t.TempDir())
			if err := os.Chmod(c.Data, 0o700); err != nil {
				t.Fatal(err)
			}
			tc.change(t, &c)
			found := server.Examine(t.Context(), c)
			f := finding(t, found, tc.line)
			if f.Result != doctor.Broken || !strings.Contains(f.Seen, tc.seen) || !strings.Contains(f.Remedy, tc.remedy) {
				t.Errorf("%+v", f)
			}
			for _, f := range found {
				if strings.Contains(f.Seen+f.Looked+f.Remedy, secret) {
					t.Errorf("%s shows a secret: %+v", f.Name, f)
				}
			}
		})
	}
}

// TestExamine_AnotherOrganization: a database of another organization than the twin's is named with both.
func TestExamine_AnotherOrganization(t *testing.T) {
	t.Parallel()
	c := config(filepath.Join(t.TempDir(), "data"))
	serve(t, c)
	c.Database, c.KeyFile = postgresURL(t), filepath.Join(c.Data, "console.key")
	db, err := factorydb.Open(t.Context(), factorydb.Config{URL: c.Database, Log: slog.New(slog.DiscardHandler)})
	if err != nil {
		t.Fatal(err)
	}
	if err := errors.Join(db.Bind(t.Context(), factory.Binding{Kind: "twin", OrganizationID: "o-elsewhere00", ManagementAccount: "999999999999", Region: "us-east-1"}), db.Close()); err != nil {
		t.Fatal(err)
	}
	f := finding(t, server.Examine(t.Context(), c), doctor.Binding)
	if f.Result != doctor.Broken || !strings.Contains(f.Seen, "o-elsewhere00") || !strings.Contains(f.Remedy, "belongs to this organization") {
		t.Errorf("%+v", f)
	}
}

func put(t *testing.T, path, text string) {
	t.Helper()
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
}
