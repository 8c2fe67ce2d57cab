package state

import "accountfactory/internal/clock"

// systemTables are the store's own.
type systemTables struct {
	settings   *Table[setting]
	operations *Table[Operation]
	due        *Index[Operation]
	about      *Index[Operation]
	outbox     *Table[Message]
	byKind     *Index[Message]
	sinks      *Table[sink]
	faults     *Table[Fault]
}

// setting is a row of what must outlive the process although it is no service's.
type setting struct {
	Name  string
	Seed  uint64         `json:",omitempty"`
	Clock *clock.Setting `json:",omitempty"`
	Held  bool           `json:",omitempty"` // of delivery
	Marks []mark         `json:",omitempty"` // of the outbox
}

const (
	seedSetting  = "seed"
	clockSetting = "clock"
	heldSetting  = "delivery"
)

func defineSystem(s *Store) systemTables {
	var t systemTables
	t.settings = Define(s, "settings", 1, func(r *setting) string { return r.Name })
	t.operations = Define(s, "operations", 1, func(o *Operation) string { return o.ID })
	t.due = t.operations.Index("due", func(o *Operation) (string, bool) { return dueKey(o), !o.Stuck })
	t.about = t.operations.Index("about", func(o *Operation) (string, bool) { return o.Kind + "/" + o.Ref, true })
	t.outbox = Define(s, "outbox", 1, func(m *Message) string { return m.ID })
	t.byKind = t.outbox.Index("kind", func(m *Message) (string, bool) { return m.Kind, true })
	t.sinks = Define(s, "sinks", 1, func(k *sink) string { return k.Name })
	t.faults = Define(s, "faults", 1, func(f *Fault) string { return f.ID })
	return t
}

// clockSetting gives the setting of r's clock.
func (s *Store) clockSetting(r *root) clock.Setting {
	if row := s.system.settings.Get(&Tx{store: s, root: r}, clockSetting); row != nil && row.Clock != nil {
		return *row.Clock
	}
	return clock.Setting{}
}

// seed gives the seed of ids and spread.
func (s *Store) seed(tx *Tx) uint64 {
	if row := s.system.settings.Get(tx, seedSetting); row != nil {
		return row.Seed
	}
	return s.opts.Seed
}
