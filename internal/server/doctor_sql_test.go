package server_test

import (
	"database/sql"
	"errors"
	"log/slog"
	"path/filepath"
	"testing"

	"accountfactory/internal/factory"
	"accountfactory/internal/factorydb"
)

// made makes a factory's database in a data folder, and changes it by a statement.
func made(t *testing.T, dir string, b factory.Binding, statement string) {
	t.Helper()
	path := filepath.Join(dir, "factory.db")
	db, err := factorydb.Open(t.Context(), factorydb.Config{Path: path, Log: slog.New(slog.DiscardHandler)})
	if err != nil {
		t.Fatal(err)
	}
	if b != (factory.Binding{}) {
		err = db.Bind(t.Context(), b)
	}
	if err := errors.Join(err, db.Close()); err != nil {
		t.Fatal(err)
	}
	raw, err := sql.Open("sqlite", path)
	if err != nil {
		t.Fatal(err)
	}
	_, err = raw.ExecContext(t.Context(), statement)
	if err := errors.Join(err, raw.Close()); err != nil {
		t.Fatal(err)
	}
}
