package state

import (
	"time"

	"github.com/tidwall/btree"

	"accountfactory/internal/clock"
)

// Mark says how far a state has come; it is kept in the file with every commit.
type Mark struct {
	Seq  uint64 // commits since the file was made; never goes back
	Draw uint64 // transactions since the start state; a restore takes it back, so that ids repeat
}

// root is one immutable state: a tree per table, in the order the tables were declared.
type root struct {
	mark   Mark
	trees  []*trees
	clock  *clock.Twin // runs by the root's own clock setting; never set
	commit *commit     // what makes it durable; nil for a loaded root
}

// trees are a table's rows by primary key and its indexes, each from index key + 0 + primary key to the primary key.
type trees struct {
	rows    *btree.Map[string, any]
	indexes []*btree.Map[string, string]
}

func newTrees(indexes int) *trees {
	t := &trees{rows: new(btree.Map[string, any])}
	for range indexes {
		t.indexes = append(t.indexes, new(btree.Map[string, string]))
	}
	return t
}

// copy is a cheap copy-on-write copy. Call it only under the writers' mutex.
func (t *trees) copy() *trees {
	c := &trees{rows: t.rows.Copy(), indexes: make([]*btree.Map[string, string], len(t.indexes))}
	for i, ix := range t.indexes {
		c.indexes[i] = ix.Copy()
	}
	return c
}

func (s *Store) emptyRoot() *root {
	r := &root{trees: make([]*trees, len(s.tables))}
	for i, t := range s.tables {
		r.trees[i] = newTrees(len(t.indexes))
	}
	return r
}

// takeClock makes r's clock from its rows. What happens on a root happens at the root's time: a restore or an advance must
// not show the runner new rows at the old time or old rows at the new.
func (s *Store) takeClock(r *root) {
	r.clock = clock.NewTwin(s.opts.Wall, s.clockSetting(r))
}

// now is the twin's time on r, to the millisecond.
func (r *root) now() time.Time { return r.clock.Now().Truncate(time.Millisecond) }

// pending gives r's commit unless it is durable already.
func (r *root) pending(durable *root) *commit {
	if r == durable || r.commit == nil || r.mark.Seq <= durable.mark.Seq {
		return nil
	}
	return r.commit
}
