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
	err := s.disk.Commit(last.root.mark, changes(batch))
	if err != nil && s.written(last.root.mark) {
		err = nil
	}
	if err != nil {
		s.rollback(batch, err)
		return
	}
	s.durable.Store(last.root)
	for _, c := range batch {
		close(c.ready)
	}
	s.changed.wake()
}

// written tells whether a commit that reported an error is in the file after all: after such an error only the file knows,
// so it asks until the file answers or the store closes. No answer leaves meanwhile.
func (s *Store) written(m Mark) bool {
	for pause := 10 * time.Millisecond; ; pause = min(2*pause, time.Second) {
		seq, err := s.disk.Seq()
		if err == nil {
			return seq == m.Seq
		}
		s.log.Error("cannot read back the state file after a failed commit", "error", err)
		select {
		case <-time.After(pause):
		case <-s.done:
			return false
		}
	}
}

func (s *Store) rollback(batch []*commit, cause error) {
	s.log.Error("state not written", "error", cause)
	err := fmt.Errorf("%w: %w", ErrNotDurable, cause)
	s.mu.Lock()
	batch = append(batch, s.queue...)
	s.queue = nil
	s.newest = s.durable.Load()
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
