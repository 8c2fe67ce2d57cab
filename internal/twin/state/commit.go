package state

import (
	"fmt"
	"time"
)

// commit is one writer's change on its way to the file.
type commit struct {
	root    *root
	writes  []Write
	restore string // a snapshot to put back before writes; see Restore
	save    string // a snapshot to take after writes; see Snapshot

	err   error
	ready chan struct{} // closed once err is final
}

func (c *commit) wait() error {
	<-c.ready
	return c.err
}

// commitLoop writes what is queued, all that gathered at once, until the store closes and the queue is empty.
func (s *Store) commitLoop() {
	for {
		select {
		case <-s.kick:
			s.flush()
		case <-s.done:
			s.flush()
			return
		}
	}
}

// flush writes the queue as one transaction and publishes its last root, or fails it and all that was built on it.
func (s *Store) flush() {
	s.mu.Lock()
	batch := s.queue
	s.queue = nil
	s.mu.Unlock()
	if len(batch) == 0 {
		return
	}
	last := batch[len(batch)-1]
	if err := s.write(last.root.mark, changes(batch)); err != nil {
		s.rollback(batch, s.fence(last.root.mark.Seq), err)
		return
	}
	s.durable.Store(last.root)
	s.changed.wake() // before the answers, so that a writer who asks Changed afterwards is not woken by its own change
	for _, c := range batch {
		close(c.ready)
	}
}

// write commits to the file. After an error only the file knows whether the commit is in it, so write asks until the file
// answers or the store closes. No answer leaves meanwhile.
func (s *Store) write(m Mark, changes []Change) error {
	failed := s.disk.Commit(m, changes)
	if failed == nil {
		return nil
	}
	for pause := 10 * time.Millisecond; ; pause = min(2*pause, time.Second) {
		seq, err := s.disk.Seq()
		if err == nil && seq == m.Seq {
			return nil
		}
		if err == nil {
			return fmt.Errorf("%w: %w", ErrNotDurable, failed)
		}
		s.log.Error("cannot read back the state file after a failed commit", "error", err)
		select {
		case <-time.After(pause):
		case <-s.done:
			return fmt.Errorf("%w while it was unknown whether a change was written: %w", ErrClosed, failed)
		}
	}
}

// fence makes a failed commit's failure final. When only the fsync failed, SQLite leaves the whole transaction in the
// write-ahead log, and a crash would bring it back although its writers were told that nothing happened; the next commit
// is written over it. So fence commits nothing but a new seq before they are told. When that fails too, as it will while
// the disk is gone, they are told all the same, and the first commit that succeeds is the fence. It gives the root to go
// on from.
func (s *Store) fence(failed uint64) *root {
	r := *s.durable.Load()
	r.mark.Seq, r.commit = failed+1, nil
	if err := s.write(r.mark, nil); err != nil {
		s.log.Error("state file takes no commit after a failed one", "error", err)
		return s.durable.Load()
	}
	return &r
}

// rollback goes on from base and fails the batch with all that was built on it.
func (s *Store) rollback(batch []*commit, base *root, err error) {
	s.log.Error("state not written", "error", err)
	s.mu.Lock()
	batch = append(batch, s.queue...)
	s.queue = nil
	s.durable.Store(base)
	s.newest = base
	s.mu.Unlock()
	for _, c := range batch {
		c.err = err
		close(c.ready)
	}
	s.scheduled.wake() // what the lost transactions had done is due again
}

// changes puts a batch in the order the file needs it: per stretch between snapshots and restores, the last value of each
// row.
func changes(batch []*commit) []Change {
	var out []Change
	at := map[string]int{}
	cut := func() { at = map[string]int{} }
	for _, c := range batch {
		if c.restore != "" {
			cut()
			out = append(out, Change{Restore: c.restore})
		}
		for _, w := range c.writes {
			if i, ok := at[w.Table+"\x00"+w.Key]; ok {
				out[i].Write = w
				continue
			}
			at[w.Table+"\x00"+w.Key] = len(out)
			out = append(out, Change{Write: w})
		}
		if c.save != "" {
			cut()
			out = append(out, Change{Save: c.save, Draw: c.root.mark.Draw})
		}
	}
	return out
}
