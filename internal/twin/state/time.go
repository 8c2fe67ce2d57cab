package state

import (
	"context"

	"accountfactory/internal/clock"
)

// Clock is the twin's clock. Change it with SetClock, which keeps the change.
func (s *Store) Clock() *clock.Twin { return s.clock }

// SetClock stores the clock's setting, then applies it.
func (s *Store) SetClock(ctx context.Context, c clock.Setting) error {
	err := s.Update(ctx, func(tx *Tx) error {
		s.system.settings.Put(tx, &setting{Name: clockSetting, Clock: &c})
		return nil
	})
	if err != nil {
		return err
	}
	s.followSettings()
	s.scheduled.wake()
	return nil
}

// followSettings sets the clock that others see by the durable rows, after a start, a restore or SetClock. Whoever comes
// last reads the last rows, so that two at once leave the clock as the file has it.
func (s *Store) followSettings() {
	s.settling.Lock()
	defer s.settling.Unlock()
	s.clock.Set(s.clockSetting(s.durable.Load()))
}
