package state

import (
	"encoding/json"
	"fmt"
	"iter"
	"unicode/utf8"
)

// Table is a declared table of rows of type T. Rows are values: once Put, a row is never modified; copy it, change the
// copy, Put that. A test compares all rows with the file to hold us to it.
type Table[T any] struct {
	*table
	key func(*T) string
}

// table is what the store knows of a table without knowing T.
type table struct {
	store    *Store
	id       int
	name     string
	version  int
	indexes  []index
	upgrades map[int]func(json.RawMessage) (json.RawMessage, error)
	decode   func([]byte) (key string, row any, err error)
}

// Define declares a table before Open. key gives a row's primary key; version is that of T's JSON form, see Upgrade.
func Define[T any](s *Store, name string, version int, key func(*T) string) *Table[T] {
	if _, twice := s.byName[name]; twice || s.disk != nil {
		panic("state: table " + name + " declared twice, or after Open")
	}
	t := &table{store: s, id: len(s.tables), name: name, version: version, upgrades: map[int]func(json.RawMessage) (json.RawMessage, error){}}
	t.decode = func(body []byte) (string, any, error) {
		row := new(T)
		if err := json.Unmarshal(body, row); err != nil {
			return "", nil, err
		}
		return key(row), row, nil
	}
	s.tables = append(s.tables, t)
	s.byName[name] = t
	return &Table[T]{table: t, key: key}
}

// Upgrade declares how the JSON of a row of version from becomes that of version from+1.
func (t *Table[T]) Upgrade(from int, f func(json.RawMessage) (json.RawMessage, error)) {
	t.upgrades[from] = f
}

// Get gives the row with this key, or nil. The row must not be modified.
func (t *Table[T]) Get(tx *Tx, key string) *T {
	row, ok := tx.root.trees[t.id].rows.Get(key)
	if !ok {
		return nil
	}
	return row.(*T)
}

// Len gives the number of rows.
func (t *Table[T]) Len(tx *Tx) int { return tx.root.trees[t.id].rows.Len() }

// Put inserts the row or replaces the one with its key. The row belongs to the table from then on.
func (t *Table[T]) Put(tx *Tx, row *T) {
	key := t.key(row)
	if !utf8.ValidString(key) { // JSON would change it, and the file then name a row that is not there
		tx.fail(fmt.Errorf("state: key %q of %s is not UTF-8", key, t.name))
		return
	}
	body, err := json.Marshal(row)
	if err != nil {
		tx.fail(fmt.Errorf("state: encode %s %q: %w", t.name, key, err))
		return
	}
	tx.put(t.table, key, row, body)
}

// Change puts a changed copy of the row with this key, and reports whether there was one. The copy is shallow: f replaces
// slices and maps, it does not write into them.
func (t *Table[T]) Change(tx *Tx, key string, f func(row *T)) bool {
	old := t.Get(tx, key)
	if old == nil {
		return false
	}
	row := *old
	f(&row)
	if t.key(&row) != key {
		panic("state: " + t.name + ": Change must not change the key")
	}
	t.Put(tx, &row)
	return true
}

// Delete removes the row with this key and reports whether there was one.
func (t *Table[T]) Delete(tx *Tx, key string) bool { return tx.delete(t.table, key) }

// All gives the rows in the order of their keys. Collect first when the loop changes the table.
func (t *Table[T]) All(tx *Tx) iter.Seq[*T] { return t.From(tx, "") }

// From gives the rows whose keys are at or after key.
func (t *Table[T]) From(tx *Tx, key string) iter.Seq[*T] {
	return func(yield func(*T) bool) {
		tx.root.trees[t.id].rows.Ascend(key, func(_ string, row any) bool { return yield(row.(*T)) })
	}
}

// After gives the rows whose keys come after key; with "" all of them.
func (t *Table[T]) After(tx *Tx, key string) iter.Seq[*T] {
	if key == "" {
		return t.All(tx)
	}
	return t.From(tx, key+"\x00")
}
