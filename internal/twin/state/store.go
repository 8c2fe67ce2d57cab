package state

import (
	"context"
	"errors"
	"log/slog"
	"sync"
	"sync/atomic"

	"accountfactory/internal/clock"
)

// ErrClosed is returned once the store is closed.
var ErrClosed = errors.New("state: store is closed")

// ErrNotDurable is wrapped by the error of every Update whose commit failed. The caller may try again: nothing happened. (An
// Update that Close cut short while the file would not say what it holds fails with ErrClosed instead: nobody knows.)
var ErrNotDurable = errors.New("state: not written")

// Options is what a Store needs. Only Disk or Path must be set.
type Options struct {
	Path string       // the SQLite file; made when missing
	Disk Disk         // instead of Path: where rows are kept; tests wrap OpenDisk with one that blocks or fails
	Wall clock.Clock  // nil means clock.Wall
	Log  *slog.Logger // nil discards

	// Seed makes ids and the spread of durations repeat: the same transactions in the same order draw the same values.
	// It is kept in the file at first start and stays; 0 lets the store choose one.
	Seed uint64
	// Speed divides the duration of operations. 0 means no waiting at all.
	Speed float64
	// Kill is what a kill fault armed for a step does; it does not return. nil ignores such faults.
	Kill func()
}

// Store is the twin's state. New makes one, tables and operations are declared on it, Open loads the file and starts it.
type Store struct {
	opts  Options
	log   *slog.Logger
	clock *clock.Twin
	disk  Disk

	tables   []*table
	byName   map[string]*table
	handlers map[string]Step
	system   systemTables

	mu      sync.Mutex // writers: newest, queue, closed
	newest  *root
	queue   []*commit
	closed  bool
	durable atomic.Pointer[root]
	kick    chan struct{} // wakes the committer

	// snapshots is held while one is taken, restored or read: what a restore puts back in memory and in the file must be
	// the same, whatever snapshot of that name is taken at the same time.
	snapshots sync.Mutex
	saved     map[string]*root // those already decoded
	sending   gate             // shut by a restore
	sinks     runningSinks

	settling  sync.Mutex // followSettings
	changed   broadcast  // after each publish
	scheduled broadcast  // when operations may have become due
	done      chan struct{}
	stop      context.CancelFunc
	running   sync.WaitGroup
}

// runningSinks are the names of those that deliver, by kind of message.
type runningSinks struct {
	mu sync.Mutex
	of map[string][]string
}

// New makes a store. Declare tables and operations on it, then Open it.
func New(opts Options) *Store {
	if opts.Wall == nil {
		opts.Wall = clock.Wall{}
	}
	if opts.Log == nil {
		opts.Log = slog.New(slog.DiscardHandler)
	}
	s := &Store{
		opts: opts, log: opts.Log, byName: map[string]*table{}, handlers: map[string]Step{}, saved: map[string]*root{},
		sinks: runningSinks{of: map[string][]string{}},
		clock: clock.NewTwin(opts.Wall, clock.Setting{}), kick: make(chan struct{}, 1), done: make(chan struct{}),
	}
	s.system = defineSystem(s)
	return s
}

// View runs f on the last durable state. f must not change anything.
func (s *Store) View(f func(tx *Tx) error) error {
	return f(&Tx{store: s, root: s.durable.Load()})
}

// Update runs f on the newest state, one writer at a time, and returns once the outcome is durable. When f returns an
// error nothing it did stays and that error is returned. f must do no I/O, no hashing and no waiting; it is not repeated.
// It returns an error wrapping ErrNotDurable when the file could not be written; then nothing happened. A ctx that has
// ended before f began is returned as its error; later it changes nothing.
func (s *Store) Update(ctx context.Context, f func(tx *Tx) error) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	c, err := s.apply(f)
	if c == nil {
		return err
	}
	// The caller waits whatever becomes of ctx: an answer must never leave before the outcome is known.
	if failed := c.wait(); failed != nil {
		return failed
	}
	return err
}

// apply runs f in memory and queues what it changed. It returns the commit on which the outcome rests: f's own, or for a
// refusal or a look that changed nothing the one it read, nil when that is durable already.
func (s *Store) apply(f func(tx *Tx) error) (*commit, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.closed {
		return nil, ErrClosed
	}
	tx := s.begin()
	if err := tx.run(f); err != nil || len(tx.writes) == 0 {
		return s.pendingLocked(), err
	}
	c := &commit{root: tx.sealed(), writes: tx.writes, ready: make(chan struct{})}
	s.push(c)
	if tx.scheduled {
		s.scheduled.wake()
	}
	return c, nil
}

// pendingLocked gives the last commit not yet durable: who refuses on what it wrote must wait for it.
func (s *Store) pendingLocked() *commit {
	return s.newest.pending(s.durable.Load())
}

func (s *Store) push(c *commit) {
	c.root.commit = c
	s.newest = c.root
	s.queue = append(s.queue, c)
	select {
	case s.kick <- struct{}{}:
	default:
	}
}

// Changed gives a channel that is closed when the durable state next changes.
func (s *Store) Changed() <-chan struct{} { return s.changed.wait() }
