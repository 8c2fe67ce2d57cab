package state

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
)

var errNoFile = errors.New("state: neither Path nor Disk is set")

// Open loads the rows and starts committer and runner. first reports whether the file was new.
func (s *Store) Open(ctx context.Context) (first bool, err error) {
	s.disk = s.opts.Disk
	if s.disk == nil {
		if s.opts.Path == "" {
			return false, errNoFile
		}
		if s.disk, err = OpenDisk(ctx, s.opts.Path); err != nil {
			return false, err
		}
	}
	start := s.emptyRoot()
	mark, err := s.loadRows(ctx, start)
	if err != nil {
		s.closed = true
		return false, errors.Join(fmt.Errorf("load state: %w", err), s.disk.Close())
	}
	start.mark = mark
	s.takeClock(start)
	s.newest = start
	s.durable.Store(start)
	first = s.system.settings.Get(&Tx{store: s, root: start}, seedSetting) == nil // also when an earlier first start failed
	runCtx, cancel := context.WithCancel(context.WithoutCancel(ctx))
	s.stop = cancel
	s.running.Go(func() { s.commitLoop() })
	if err := s.settle(ctx, first); err != nil {
		return first, errors.Join(err, s.Close())
	}
	s.running.Go(func() { s.runLoop(runCtx) })
	return first, nil
}

// settle stores the seed at first start, and takes seed and clock of an earlier run later on.
func (s *Store) settle(ctx context.Context, first bool) error {
	if first {
		seed := s.opts.Seed
		if seed == 0 {
			seed = rand.Uint64()
		}
		if err := s.Update(ctx, func(tx *Tx) error {
			s.system.settings.Put(tx, &setting{Name: seedSetting, Seed: seed})
			return nil
		}); err != nil {
			return fmt.Errorf("first start: %w", err)
		}
	}
	s.followSettings()
	return nil
}

// Close waits for what is queued, then closes the file. Later calls of Update fail with ErrClosed.
func (s *Store) Close() error {
	s.mu.Lock()
	again := s.closed
	s.closed = true
	s.mu.Unlock()
	if again || s.stop == nil {
		s.running.Wait()
		return nil
	}
	s.stop()
	close(s.done)
	s.running.Wait()
	return s.disk.Close()
}
