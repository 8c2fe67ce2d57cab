package state

import (
	"context"
	"slices"
	"time"
)

// Retain is what of the outbox is kept once every sink has it; the zero Retain keeps all. Time is the wall's: moving the twin's
// clock ahead makes no mail old.
type Retain struct {
	Age   time.Duration // 0: whatever its age
	Count int           // of a kind; 0: however many
}

// mark says how far the outbox had come at a time. One a day tells the age of messages, which carry only the twin's time.
type mark struct {
	At   time.Time
	Last string // ID of the newest message
}

// markEvery is how far marks are apart.
const markEvery = 24 * time.Hour

const marksSetting = "outbox-marks"

// retainBatch is how many messages a transaction removes.
const retainBatch = 500

// Retain removes messages that are kept no longer, and gives how many. What a sink that runs has not delivered yet stays, however
// old; so does everything while delivery is held.
func (s *Store) Retain(ctx context.Context, keep Retain, kinds ...string) (removed int, err error) {
	if keep == (Retain{}) || s.Held() {
		return 0, nil
	}
	now := s.opts.Wall.Now()
	if err := s.markOutbox(ctx, now, keep.Age); err != nil {
		return 0, err
	}
	for _, kind := range kinds {
		gone, err := s.overdue(keep, kind, now)
		if err != nil {
			return removed, err
		}
		for batch := range slices.Chunk(gone, retainBatch) {
			if err := s.Update(ctx, func(tx *Tx) error {
				tx.root.mark.Draw-- // ids to come do not depend on housekeeping
				for _, id := range batch {
					s.system.outbox.Delete(tx, id)
				}
				return nil
			}); err != nil {
				return removed, err
			}
			removed += len(batch)
		}
	}
	return removed, nil
}

// markOutbox writes today's mark, and forgets those that tell nothing more.
func (s *Store) markOutbox(ctx context.Context, now time.Time, age time.Duration) error {
	return s.Update(ctx, func(tx *Tx) error {
		marks := s.marks(tx)
		if n := len(marks); n > 0 && now.Sub(marks[n-1].At) < markEvery {
			return nil
		}
		last := ""
		for m := range s.system.outbox.All(tx) { // by their ids
			last = m.ID
		}
		// The newest that is old enough says what is: those before it say less.
		old := 0
		for i, m := range marks {
			if now.Sub(m.At) >= age {
				old = i
			}
		}
		next := append(slices.Clone(marks[old:]), mark{At: now.UTC().Round(0), Last: last})
		tx.root.mark.Draw-- // ids to come do not depend on housekeeping
		s.system.settings.Put(tx, &setting{Name: marksSetting, Marks: next})
		return nil
	})
}

func (s *Store) marks(tx *Tx) []mark {
	if row := s.system.settings.Get(tx, marksSetting); row != nil {
		return row.Marks
	}
	return nil
}

// overdue gives the messages of a kind that every sink has, and that are too old or too many.
func (s *Store) overdue(keep Retain, kind string, now time.Time) (gone []string, err error) {
	err = s.View(func(tx *Tx) error {
		delivered, known := s.deliveredTo(tx, kind)
		if !known {
			return nil
		}
		old := ""
		for _, m := range s.marks(tx) {
			if keep.Age > 0 && now.Sub(m.At) >= keep.Age {
				old = m.Last
			}
		}
		var all []string
		for m := range tx.Messages(kind, "") {
			all = append(all, m.ID)
		}
		for i, id := range all {
			tooMany := keep.Count > 0 && len(all)-i > keep.Count
			if id > delivered || !tooMany && id > old {
				break
			}
			gone = append(gone, id)
		}
		return nil
	})
	return gone, err
}

// deliveredTo gives up to where every sink of a kind that runs has delivered; known is false when none runs.
func (s *Store) deliveredTo(tx *Tx, kind string) (last string, known bool) {
	s.sinks.mu.Lock()
	defer s.sinks.mu.Unlock()
	for _, name := range s.sinks.of[kind] {
		at := ""
		if row := s.system.sinks.Get(tx, name); row != nil {
			at = row.Last
		}
		if !known || at < last {
			last, known = at, true
		}
	}
	return last, known
}

// runs notes that a sink delivers, or waits to.
func (s *Store) runs(name, kind string) {
	s.sinks.mu.Lock()
	defer s.sinks.mu.Unlock()
	if !slices.Contains(s.sinks.of[kind], name) {
		s.sinks.of[kind] = append(s.sinks.of[kind], name)
	}
}
