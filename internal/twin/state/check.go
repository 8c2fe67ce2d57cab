package state

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"

	"github.com/tidwall/btree"
)

// CheckRows reads the file and reports every row and index entry in memory that a restart would make differ: a row that was
// modified after Put, or one that its JSON does not bring back. It is for tests of the tables' users; writers wait meanwhile.
func (s *Store) CheckRows(ctx context.Context) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	for c := s.pendingLocked(); c != nil; c = s.pendingLocked() {
		s.mu.Unlock()
		_ = c.wait()
		s.mu.Lock()
	}
	if s.closed {
		return ErrClosed
	}
	file := s.emptyRoot()
	mark, err := s.loadRows(ctx, file)
	if err != nil {
		return fmt.Errorf("check rows: %w", err)
	}
	if mark != s.newest.mark {
		err = fmt.Errorf("check rows: the file's mark is %+v, not %+v", mark, s.newest.mark)
	}
	for i, t := range s.tables {
		err = errors.Join(err, t.differences(s.newest.trees[i], file.trees[i]))
	}
	return err
}

func (t *table) differences(memory, file *trees) (err error) {
	memory.rows.Scan(func(key string, row any) bool {
		got, _ := json.Marshal(row)
		var want []byte
		if kept, ok := file.rows.Get(key); ok {
			want, _ = json.Marshal(kept)
		}
		if !bytes.Equal(got, want) {
			err = errors.Join(err, fmt.Errorf("table %s, row %q: in memory %s, in the file %s", t.name, key, got, want))
		}
		return true
	})
	if m, f := memory.rows.Len(), file.rows.Len(); m != f {
		err = errors.Join(err, fmt.Errorf("table %s: %d rows in memory, %d in the file", t.name, m, f))
	}
	for i, ix := range t.indexes {
		if !sameEntries(memory.indexes[i], file.indexes[i]) {
			err = errors.Join(err, fmt.Errorf("table %s: index %s is not what its rows say", t.name, ix.name))
		}
	}
	return err
}

func sameEntries(a, b *btree.Map[string, string]) bool {
	same := a.Len() == b.Len()
	a.Scan(func(entry, key string) bool {
		other, ok := b.Get(entry)
		same = same && ok && other == key
		return same
	})
	return same
}
