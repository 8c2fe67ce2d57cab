package state

import (
	"context"
	"fmt"
	"slices"
)

// StartSnapshot is the name of the snapshot that first start takes and a reset restores.
const StartSnapshot = "start"

// Snapshot keeps the present state under a name, in the file, replacing an earlier one of that name.
func (s *Store) Snapshot(ctx context.Context, name string) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	s.snapshots.Lock()
	defer s.snapshots.Unlock()
	s.mu.Lock()
	if s.closed {
		s.mu.Unlock()
		return ErrClosed
	}
	tx := s.begin()
	tx.root.mark.Draw--
	c := &commit{root: tx.sealed(), save: name, ready: make(chan struct{})}
	s.push(c)
	s.mu.Unlock()
	if err := c.wait(); err != nil {
		return err
	}
	s.saved[name] = c.root
	return nil
}

// NoSnapshotError says that there is no snapshot of a name.
type NoSnapshotError struct{ Name string }

func (e NoSnapshotError) Error() string { return fmt.Sprintf("no snapshot named %q", e.Name) }

// Restore puts the state back to what it was when the snapshot was taken: every row, the clock's setting, the ids to come.
// Messages written since are gone with their rows, delivered or not, and the sinks stand where they stood; nothing is
// delivered meanwhile. It returns a NoSnapshotError for an unknown name.
func (s *Store) Restore(ctx context.Context, name string) error {
	s.snapshots.Lock()
	defer s.snapshots.Unlock()
	snap, err := s.load(ctx, name)
	if err != nil {
		return err
	}
	open, err := s.sending.shut(ctx)
	if err != nil {
		return err
	}
	defer open()
	s.mu.Lock()
	if s.closed {
		s.mu.Unlock()
		return ErrClosed
	}
	back := &root{mark: Mark{Seq: s.newest.mark.Seq + 1, Draw: snap.mark.Draw}, trees: slices.Clone(snap.trees), clock: snap.clock}
	for i, t := range back.trees {
		back.trees[i] = t.copy()
	}
	c := &commit{root: back, restore: name, ready: make(chan struct{})}
	s.push(c)
	s.mu.Unlock()
	if err := c.wait(); err != nil {
		return err
	}
	s.followSettings()
	s.scheduled.wake()
	return nil
}

// snapshot gives the root of a snapshot.
func (s *Store) snapshot(ctx context.Context, name string) (*root, error) {
	s.snapshots.Lock()
	defer s.snapshots.Unlock()
	return s.load(ctx, name)
}

// load reads a snapshot from the file, the first time. The caller holds snapshots.
func (s *Store) load(ctx context.Context, name string) (*root, error) {
	if snap := s.saved[name]; snap != nil {
		return snap, nil
	}
	snap := s.emptyRoot()
	var draw uint64
	var ok bool
	if err := s.fill(snap, func(add func(Write) error) (err error) {
		draw, ok, err = s.disk.LoadSnapshot(ctx, name, add)
		return err
	}); err != nil {
		return nil, fmt.Errorf("load snapshot %q: %w", name, err)
	}
	if !ok {
		return nil, NoSnapshotError{Name: name}
	}
	snap.mark.Draw = draw
	s.takeClock(snap)
	s.saved[name] = snap
	return snap, nil
}

// HasSnapshot reports whether there is a snapshot of this name.
func (s *Store) HasSnapshot(ctx context.Context, name string) bool {
	_, err := s.snapshot(ctx, name)
	return err == nil
}
