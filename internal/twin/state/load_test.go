package state_test

import (
	"context"
	"encoding/json"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"accountfactory/internal/twin/state"
)

// The same table as an older and a newer program have it.
type (
	personOne struct{ ID, Name string }
	personTwo struct{ ID, Given, Family string }
)

func openOne(ctx context.Context, path string) (*state.Store, *state.Table[personOne], error) {
	s := state.New(state.Options{Path: path})
	people := state.Define(s, "people", 1, func(p *personOne) string { return p.ID })
	_, err := s.Open(ctx)
	return s, people, err
}

func openTwo(ctx context.Context, path string, up bool) (*state.Store, *state.Table[personTwo], error) {
	s := state.New(state.Options{Path: path})
	people := state.Define(s, "people", 2, func(p *personTwo) string { return p.ID })
	if up {
		people.Upgrade(1, func(old json.RawMessage) (json.RawMessage, error) {
			var one personOne
			if err := json.Unmarshal(old, &one); err != nil {
				return nil, err
			}
			given, family, ok := strings.Cut(one.Name, " ")
			if !ok {
				return nil, errors.New("no family name")
			}
			return json.Marshal(personTwo{one.ID, given, family})
		})
	}
	_, err := s.Open(ctx)
	return s, people, err
}

func TestRowsOfAnOlderVersionAreUpgraded(t *testing.T) {
	t.Parallel()
	ctx, path := t.Context(), filepath.Join(t.TempDir(), "twin.db")
	one, people, err := openOne(ctx, path)
	must(t, err)
	must(t, one.Update(ctx, func(tx *state.Tx) error { people.Put(tx, &personOne{"1", "Ada Lovelace"}); return nil }))
	must(t, one.Snapshot(ctx, "old"))
	must(t, one.Close())
	if _, _, err := openTwo(ctx, path, false); err == nil || !strings.Contains(err.Error(), "no upgrade from version 1") {
		t.Errorf("opened without an upgrade: %v", err)
	}
	two, newer, err := openTwo(ctx, path, true)
	must(t, err)
	look := func() {
		t.Helper()
		_ = two.View(func(tx *state.Tx) error {
			if got := newer.Get(tx, "1"); got == nil || *got != (personTwo{"1", "Ada", "Lovelace"}) {
				t.Errorf("upgraded row: %+v", got)
			}
			return nil
		})
		must(t, two.CheckRows(ctx))
	}
	look()
	must(t, two.Update(ctx, func(tx *state.Tx) error { newer.Put(tx, &personTwo{"2", "Alan", "Turing"}); return nil }))
	must(t, two.Restore(ctx, "old")) // snapshots are upgraded too
	look()
	must(t, two.Update(ctx, func(tx *state.Tx) error { newer.Put(tx, &personTwo{"1", "Ada", "Lovelace"}); return nil }))
	must(t, two.Close())
	if _, _, err := openOne(ctx, path); err == nil || !strings.Contains(err.Error(), "newer than this program's 1") {
		t.Errorf("an older program opened a newer row: %v", err)
	}
}

func TestFileThatIsNotOursToOpen(t *testing.T) {
	t.Parallel()
	ctx, path := t.Context(), filepath.Join(t.TempDir(), "twin.db")
	one, people, err := openOne(ctx, path)
	must(t, err)
	must(t, one.Update(ctx, func(tx *state.Tx) error { people.Put(tx, &personOne{"1", "Ada Lovelace"}); return nil }))
	if _, _, err := openOne(ctx, path); err == nil || !strings.Contains(err.Error(), "another process") {
		t.Errorf("two stores on one file: %v", err)
	}
	must(t, one.Update(ctx, func(tx *state.Tx) error { people.Put(tx, &personOne{"2", "Ada Lovelace"}); return nil }))
	must(t, one.Close())

	s := state.New(state.Options{Path: path})
	if _, err := s.Open(ctx); err == nil || !strings.Contains(err.Error(), `unknown table "people"`) {
		t.Errorf("a table nobody declared: %v", err)
	}
	must(t, s.Close())
	if err := s.Update(ctx, func(*state.Tx) error { return nil }); !errors.Is(err, state.ErrClosed) {
		t.Errorf("update of a store that could not be opened: %v", err)
	}

	s = state.New(state.Options{Path: path})
	unique := state.Define(s, "people", 1, func(p *personOne) string { return p.ID })
	unique.Unique("name", func(p *personOne) (string, bool) { return p.Name, true })
	if _, err := s.Open(ctx); err == nil || !strings.Contains(err.Error(), "another row") {
		t.Errorf("rows that a new unique index does not allow: %v", err)
	}

	if _, err := state.New(state.Options{}).Open(ctx); err == nil {
		t.Error("opened without a path")
	}
	must(t, os.WriteFile(path+"x", []byte("not a database, but long enough to have a header of SQLite"), 0o600))
	if _, _, err := openOne(ctx, path+"x"); err == nil {
		t.Error("opened a file that is no database")
	}
}

func TestPathIsTakenAsItIs(t *testing.T) {
	t.Parallel()
	dir := filepath.Join(t.TempDir(), "100%20 a?b#c")
	must(t, os.Mkdir(dir, 0o700))
	setup(t, state.Options{Path: filepath.Join(dir, "twin.db")})
	if _, err := os.Stat(filepath.Join(dir, "twin.db")); err != nil {
		t.Error(err)
	}
}

func TestCloseBeforeOpen(t *testing.T) {
	t.Parallel()
	must(t, state.New(state.Options{}).Close())
}
