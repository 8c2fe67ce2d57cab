package state

import (
	"context"
	"encoding/json"
	"fmt"
	"runtime"
)

// rowBatch is how many rows are decoded at a time.
const rowBatch = 256

// loading is a batch of the file's rows on its way into a root.
type loading struct {
	writes []Write
	keys   []string
	rows   []any
	err    error
	ready  chan struct{}
}

// fill puts the rows that load gives into r. JSON is most of the work of a start, so batches are decoded beside one another
// and beside the reading; they are inserted in order.
func (s *Store) fill(r *root, load func(add func(Write) error) error) error {
	batches := make(chan *loading, 2*runtime.GOMAXPROCS(0))
	stop, inserted := make(chan struct{}), make(chan error, 1)
	go func() { inserted <- s.insertAll(r, batches, stop) }()
	next := new(loading)
	send := func() error {
		next.ready = make(chan struct{})
		select {
		case batches <- next:
		case <-stop:
			return <-inserted
		}
		go s.decode(next)
		next = new(loading)
		return nil
	}
	err := load(func(w Write) error {
		if next.writes = append(next.writes, w); len(next.writes) < rowBatch {
			return nil
		}
		return send()
	})
	if err == nil {
		err = send()
	}
	close(batches)
	if err != nil {
		return err
	}
	return <-inserted
}

// loadRows fills r with the present rows.
func (s *Store) loadRows(ctx context.Context, r *root) (m Mark, err error) {
	err = s.fill(r, func(add func(Write) error) (err error) {
		m, err = s.disk.Load(ctx, add)
		return err
	})
	return m, err
}

func (s *Store) insertAll(r *root, batches <-chan *loading, stop chan<- struct{}) error {
	for b := range batches {
		<-b.ready
		for i, row := range b.rows {
			if b.err == nil {
				t := s.byName[b.writes[i].Table]
				b.err = t.insert(r.trees[t.id], b.keys[i], row)
			}
		}
		if b.err != nil {
			close(stop)
			return b.err
		}
	}
	return nil
}

func (s *Store) decode(b *loading) {
	defer close(b.ready)
	b.keys, b.rows = make([]string, len(b.writes)), make([]any, len(b.writes))
	for i, w := range b.writes {
		if b.keys[i], b.rows[i], b.err = s.decodeRow(w); b.err != nil {
			return
		}
	}
}

// decodeRow brings a row of the file to its table's present version. A row of a table or a version nobody declared is an
// error: an older program must not drop what a newer one wrote.
func (s *Store) decodeRow(w Write) (key string, row any, err error) {
	t := s.byName[w.Table]
	if t == nil {
		return "", nil, fmt.Errorf("row %q of unknown table %q: was it written by a newer version?", w.Key, w.Table)
	}
	body, err := t.upgraded(w)
	if err != nil {
		return "", nil, err
	}
	if key, row, err = t.decode(body); err != nil {
		return "", nil, fmt.Errorf("table %s, row %q: %w", w.Table, w.Key, err)
	}
	if key != w.Key {
		return "", nil, fmt.Errorf("table %s: row %q says its key is %q", w.Table, w.Key, key)
	}
	return key, row, nil
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
