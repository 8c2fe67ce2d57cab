package state

import (
	"encoding/json"
	"fmt"
	"iter"
	"strings"

	"github.com/tidwall/btree"
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

type index struct {
	name   string
	unique bool
	key    func(row any) (string, bool)
}

// Index finds rows of a table by another value than the primary key.
type Index[T any] struct {
	table *Table[T]
	pos   int
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

// Index declares an index. key gives a row's value, and false to leave the row out; the value must not hold a zero byte.
func (t *Table[T]) Index(name string, key func(*T) (string, bool)) *Index[T] {
	return t.addIndex(name, false, key)
}

// Unique declares an index in which no two rows have the same value: Put panics on a second, so look before.
func (t *Table[T]) Unique(name string, key func(*T) (string, bool)) *Index[T] {
	return t.addIndex(name, true, key)
}

func (t *Table[T]) addIndex(name string, unique bool, key func(*T) (string, bool)) *Index[T] {
	t.indexes = append(t.indexes, index{name: name, unique: unique, key: func(row any) (string, bool) { return key(row.(*T)) }})
	return &Index[T]{table: t, pos: len(t.indexes) - 1}
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

// First gives the first row with this value, or nil.
func (ix *Index[T]) First(tx *Tx, value string) *T {
	for row := range ix.Of(tx, value) {
		return row
	}
	return nil
}

// Of gives the rows with this value in the order of their primary keys.
func (ix *Index[T]) Of(tx *Tx, value string) iter.Seq[*T] { return ix.OfAfter(tx, value, "") }

// OfAfter gives the rows with this value whose primary keys come after key; with "" all of them.
func (ix *Index[T]) OfAfter(tx *Tx, value, key string) iter.Seq[*T] {
	prefix := value + "\x00"
	from := prefix
	if key != "" {
		from += key + "\x00"
	}
	return ix.scan(tx, from, func(entry string) bool { return strings.HasPrefix(entry, prefix) })
}

// From gives all rows whose value is at or after value, in the order of value and primary key.
func (ix *Index[T]) From(tx *Tx, value string) iter.Seq[*T] {
	return ix.scan(tx, value, func(string) bool { return true })
}

func (ix *Index[T]) scan(tx *Tx, from string, ok func(entry string) bool) iter.Seq[*T] {
	return func(yield func(*T) bool) {
		t := tx.root.trees[ix.table.id]
		t.indexes[ix.pos].Ascend(from, func(entry, key string) bool {
			row, _ := t.rows.Get(key)
			return ok(entry) && yield(row.(*T))
		})
	}
}

func (t *table) insert(in *trees, key string, row any) {
	for i, ix := range t.indexes {
		value, ok := ix.key(row)
		if !ok {
			continue
		}
		if ix.unique && taken(in.indexes[i], value, key) {
			panic("state: " + t.name + "." + ix.name + " has another row for " + value)
		}
		in.indexes[i].Set(value+"\x00"+key, key)
	}
	in.rows.Set(key, row)
}

func (t *table) remove(in *trees, key string) bool {
	old, ok := in.rows.Delete(key)
	if !ok {
		return false
	}
	for i, ix := range t.indexes {
		if value, ok := ix.key(old); ok {
			in.indexes[i].Delete(value + "\x00" + key)
		}
	}
	return true
}

// taken tells whether another row than key has this value.
func taken(ix *btree.Map[string, string], value, key string) (found bool) {
	ix.Ascend(value+"\x00", func(entry, pk string) bool {
		found = strings.HasPrefix(entry, value+"\x00") && pk != key
		return false
	})
	return found
}
