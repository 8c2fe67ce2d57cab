package state

import (
	"encoding/json"
	"fmt"
)

// loader gives the function that adds rows of the file to r, brought to their table's present version. A row of a table
// or a version nobody declared is an error: an older program must not drop what a newer one wrote.
func (s *Store) loader(r *root) func(Write) error {
	return func(w Write) error {
		t := s.byName[w.Table]
		if t == nil {
			return fmt.Errorf("row %q of unknown table %q: was it written by a newer version?", w.Key, w.Table)
		}
		body, err := t.upgraded(w)
		if err != nil {
			return err
		}
		key, row, err := t.decode(body)
		if err != nil {
			return fmt.Errorf("table %s, row %q: %w", w.Table, w.Key, err)
		}
		if key != w.Key {
			return fmt.Errorf("table %s: row %q says its key is %q", w.Table, w.Key, key)
		}
		return t.insert(r.trees[t.id], key, row)
	}
}

func (t *table) upgraded(w Write) ([]byte, error) {
	if w.Version > t.version {
		return nil, fmt.Errorf("table %s, row %q: version %d is newer than this program's %d", w.Table, w.Key, w.Version, t.version)
	}
	body := json.RawMessage(w.Body)
	for v := w.Version; v < t.version; v++ {
		up := t.upgrades[v]
		if up == nil {
			return nil, fmt.Errorf("table %s: no upgrade from version %d", w.Table, v)
		}
		var err error
		if body, err = up(body); err != nil {
			return nil, fmt.Errorf("table %s, row %q: upgrade from version %d: %w", w.Table, w.Key, v, err)
		}
	}
	return body, nil
}
