package state_test

import (
	"cmp"
	"errors"
	"iter"
	"maps"
	"path/filepath"
	"slices"
	"strconv"
	"testing"

	gocmp "github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"accountfactory/internal/twin/state"
)

// model is the table as a plain map.
type model map[string]account

// Awkward values: an empty one, one that begins another, zero bytes and the bytes that escape them.
var (
	ids     = rapid.SampledFrom([]string{"", "1", "10", "1\x00", "2", "ä", "\x01"})
	values  = rapid.SampledFrom([]string{"", "a", "a\x00", "a\x00b", "a\x01", "a\x01\x01", "ab", "ü"})
	changes = rapid.SampledFrom([]string{"put", "change", "delete"})
)

// step does one random change to both, or leaves both alone when the e-mail is taken.
func (m model) step(rt *rapid.T, f *fixture, tx *state.Tx) {
	a := account{ID: ids.Draw(rt, "id"), Email: values.Draw(rt, "email"), Parent: values.Draw(rt, "parent")}
	free := true
	for id, b := range m {
		free = free && (id == a.ID || b.Email != a.Email || a.Email == "")
	}
	if got := f.byEmail.First(tx, a.Email); a.Email != "" && free != (got == nil || got.ID == a.ID) {
		rt.Fatalf("e-mail %q free: %v, the index finds %+v", a.Email, free, got)
	}
	_, have := m[a.ID]
	switch kind := changes.Draw(rt, "change"); {
	case kind == "put" && free:
		f.accounts.Put(tx, &a)
		m[a.ID] = a
	case kind == "change" && free:
		if f.accounts.Change(tx, a.ID, func(row *account) { *row = a }) != have {
			rt.Fatalf("Change found %q: %v", a.ID, !have)
		}
		if have {
			m[a.ID] = a
		}
	case kind == "delete":
		if f.accounts.Delete(tx, a.ID) != have {
			rt.Fatalf("Delete found %q: %v", a.ID, !have)
		}
		delete(m, a.ID)
	}
}

// rows gives the model's rows for which ok holds, in the order of less.
func (m model) rows(ok func(account) bool, less func(a, b account) int) []account {
	out := []account{}
	for _, a := range m {
		if ok(a) {
			out = append(out, a)
		}
	}
	slices.SortFunc(out, less)
	return out
}

func byID(a, b account) int { return cmp.Compare(a.ID, b.ID) }
func byParent(a, b account) int {
	return cmp.Or(cmp.Compare(a.Parent, b.Parent), cmp.Compare(a.ID, b.ID))
}

// check asks the table everything it can be asked.
func (m model) check(rt *rapid.T, f *fixture, tx *state.Tx) {
	same := func(what string, got iter.Seq[*account], want []account) {
		rows := []account{}
		for a := range got {
			rows = append(rows, *a)
		}
		if diff := gocmp.Diff(want, rows); diff != "" {
			rt.Fatalf("%s (-want +got):\n%s", what, diff)
		}
	}
	id, value := ids.Draw(rt, "asked id"), values.Draw(rt, "asked value")
	if n := f.accounts.Len(tx); n != len(m) {
		rt.Fatalf("%d rows, want %d", n, len(m))
	}
	want, have := m[id]
	if got := f.accounts.Get(tx, id); (got != nil) != have || have && *got != want {
		rt.Fatalf("row %q: %+v, want %+v", id, got, want)
	}
	any := func(account) bool { return true }
	same("All", f.accounts.All(tx), m.rows(any, byID))
	same("From", f.accounts.From(tx, id), m.rows(func(a account) bool { return a.ID >= id }, byID))
	same("After", f.accounts.After(tx, id), m.rows(func(a account) bool { return id == "" || a.ID > id }, byID))
	same("unique Of", f.byEmail.Of(tx, value), m.rows(func(a account) bool { return a.Email == value && value != "" }, byID))
	same("Of", f.byParent.Of(tx, value), m.rows(func(a account) bool { return a.Parent == value }, byID))
	same("OfAfter", f.byParent.OfAfter(tx, value, id), m.rows(func(a account) bool { return a.Parent == value && (id == "" || a.ID > id) }, byID))
	same("index From", f.byParent.From(tx, value), m.rows(func(a account) bool { return a.Parent >= value }, byParent))
}

// TestTableAgainstMap plays random transactions, refusals, restores and restarts on a table and on a map.
func TestTableAgainstMap(t *testing.T) {
	t.Parallel()
	dir, run := t.TempDir(), 0
	rapid.Check(t, func(rt *rapid.T) {
		run++
		path := filepath.Join(dir, strconv.Itoa(run)+".db")
		open := func() *fixture {
			f := declare(state.Options{Path: path})
			if _, err := f.Open(t.Context()); err != nil {
				rt.Fatal(err)
			}
			return f
		}
		f, now, saved := open(), model{}, model(nil)
		defer func() { _ = f.Close() }()
		rt.Repeat(map[string]func(*rapid.T){
			"update": func(rt *rapid.T) {
				next, refuse := maps.Clone(now), rapid.Bool().Draw(rt, "refuse")
				err := f.Update(t.Context(), func(tx *state.Tx) error {
					for range rapid.IntRange(0, 6).Draw(rt, "changes") {
						next.step(rt, f, tx)
					}
					next.check(rt, f, tx) // a writer sees its own changes
					if refuse {
						return errRefused
					}
					return nil
				})
				if errors.Is(err, errRefused) != refuse || err != nil && !refuse {
					rt.Fatalf("update: %v", err)
				}
				if !refuse {
					now = next
				}
			},
			"restart": func(rt *rapid.T) {
				must(t, f.Close())
				f = open()
			},
			"snapshot": func(rt *rapid.T) {
				must(t, f.Snapshot(t.Context(), "s"))
				saved = maps.Clone(now)
			},
			"restore": func(rt *rapid.T) {
				if saved == nil {
					rt.Skip()
				}
				must(t, f.Restore(t.Context(), "s"))
				now = maps.Clone(saved)
			},
			"": func(rt *rapid.T) {
				_ = f.View(func(tx *state.Tx) error { now.check(rt, f, tx); return nil })
				must(t, f.CheckRows(t.Context()))
			},
		})
	})
}

func TestUniqueIndexRefusesASecondRow(t *testing.T) {
	t.Parallel()
	f := setup(t, state.Options{Path: filepath.Join(t.TempDir(), "twin.db")})
	defer func() {
		if recover() == nil || len(f.list(t)) != 0 {
			t.Errorf("two rows of one e-mail were put: %v", f.list(t))
		}
	}()
	_ = f.Update(t.Context(), func(tx *state.Tx) error {
		f.accounts.Put(tx, &account{ID: "1", Email: "a@x"})
		f.accounts.Put(tx, &account{ID: "2", Email: "a@x"})
		return nil
	})
}

func TestRowThatWouldNotComeBackIsRefused(t *testing.T) {
	t.Parallel()
	f := setup(t, state.Options{Path: filepath.Join(t.TempDir(), "twin.db")})
	if err := f.Update(t.Context(), func(tx *state.Tx) error { f.accounts.Put(tx, &account{ID: "\xff"}); return nil }); err == nil {
		t.Error("a key that is not UTF-8 was put")
	}
	must(t, f.CheckRows(t.Context()))
}

func TestCheckRowsFindsAModifiedRow(t *testing.T) {
	t.Parallel()
	f := setup(t, state.Options{Path: filepath.Join(t.TempDir(), "twin.db")})
	row := &account{ID: "1", Parent: "root"}
	must(t, f.Update(t.Context(), func(tx *state.Tx) error { f.accounts.Put(tx, row); return nil }))
	must(t, f.CheckRows(t.Context()))
	row.Parent = "sandbox"
	if err := f.CheckRows(t.Context()); err == nil {
		t.Error("a row modified after Put went unnoticed")
	}
}
