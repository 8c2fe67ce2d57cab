package state

import (
	"fmt"
	"iter"
	"strings"

	"github.com/tidwall/btree"
)

// Index finds rows of a table by another value than the primary key.
type Index[T any] struct {
	table *Table[T]
	pos   int
}

type index struct {
	name   string
	unique bool
	key    func(row any) (string, bool)
}

// Index declares an index. key gives a row's value, and false to leave the row out.
func (t *Table[T]) Index(name string, key func(*T) (string, bool)) *Index[T] {
	return t.addIndex(name, false, key)
}

// Unique declares an index in which no two rows have the same value: Put panics on a second, so look before.
func (t *Table[T]) Unique(name string, key func(*T) (string, bool)) *Index[T] {
	return t.addIndex(name, true, key)
}

func (t *Table[T]) addIndex(name string, unique bool, key func(*T) (string, bool)) *Index[T] {
	if t.store.disk != nil {
		panic("state: index " + name + " of " + t.name + " declared after Open")
	}
	t.indexes = append(t.indexes, index{name: name, unique: unique, key: func(row any) (string, bool) { return key(row.(*T)) }})
	return &Index[T]{table: t, pos: len(t.indexes) - 1}
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
	prefix := entry(value, "")
	from := prefix
	if key != "" {
		from += key + "\x00"
	}
	return ix.scan(tx, from, func(entry string) bool { return strings.HasPrefix(entry, prefix) })
}

// From gives all rows whose value is at or after value, in the order of value and primary key.
func (ix *Index[T]) From(tx *Tx, value string) iter.Seq[*T] {
	return ix.scan(tx, escape(value), func(string) bool { return true })
}

// FromAfter gives all rows that come after one of this value and primary key, in the order of value and primary key.
func (ix *Index[T]) FromAfter(tx *Tx, value, key string) iter.Seq[*T] {
	return ix.scan(tx, entry(value, key)+"\x00", func(string) bool { return true })
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

// insert adds a row that is not there yet. After an error the trees are of no more use.
func (t *table) insert(in *trees, key string, row any) error {
	for i, ix := range t.indexes {
		value, ok := ix.key(row)
		if !ok {
			continue
		}
		if ix.unique && taken(in.indexes[i], value, key) {
			return fmt.Errorf("state: %s.%s has another row for %q", t.name, ix.name, value)
		}
		in.indexes[i].Set(entry(value, key), key)
	}
	in.rows.Set(key, row)
	return nil
}

func (t *table) remove(in *trees, key string) bool {
	old, ok := in.rows.Delete(key)
	if !ok {
		return false
	}
	for i, ix := range t.indexes {
		if value, ok := ix.key(old); ok {
			in.indexes[i].Delete(entry(value, key))
		}
	}
	return true
}

// taken tells whether another row than key has this value.
func taken(ix *btree.Map[string, string], value, key string) (found bool) {
	prefix := entry(value, "")
	ix.Ascend(prefix, func(entry, pk string) bool {
		found = strings.HasPrefix(entry, prefix) && pk != key
		return false
	})
	return found
}

// entry gives an index's key for a row: in the order of values, then of primary keys.
func entry(value, key string) string { return escape(value) + "\x00" + key }

// escape keeps zero bytes out of a value, and the order of values.
func escape(value string) string {
	if strings.IndexByte(value, 0) < 0 && strings.IndexByte(value, 1) < 0 {
		return value
	}
	return strings.NewReplacer("\x00", "\x01\x01", "\x01", "\x01\x02").Replace(value)
}
