package state

import "context"

// Delivery beyond this machine is held in what was restored from a backup: since then some of it may have gone out, and a
// mail, unlike an event, cannot be dropped by its id. What is written meanwhile waits too.

// Held reports whether delivery is held.
func (s *Store) Held() bool {
	held := false
	_ = s.View(func(tx *Tx) error {
		row := s.system.settings.Get(tx, heldSetting)
		held = row != nil && row.Held
		return nil
	})
	return held
}

// ReleaseDelivery lets delivery go on from where it stands.
func (s *Store) ReleaseDelivery(ctx context.Context) error {
	return s.Update(ctx, func(tx *Tx) error {
		s.system.settings.Delete(tx, heldSetting)
		return nil
	})
}

// DeliverOut is Deliver to somewhere beyond this machine: nothing goes out while delivery is held.
func (s *Store) DeliverOut(ctx context.Context, name, kind string, send func(context.Context, *Message) error) {
	s.runs(name, kind)
	for changed := s.changed.wait(); s.Held(); changed = s.changed.wait() {
		select {
		case <-ctx.Done():
			return
		case <-s.done:
			return
		case <-changed:
		}
	}
	s.Deliver(ctx, name, kind, send)
}
