package state

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"math/rand/v2"
	"sync"
	"sync/atomic"

	"accountfactory/internal/clock"
)

// ErrClosed is returned once the store is closed.
var ErrClosed = errors.New("state: store is closed")

// ErrNotDurable is wrapped by the error of every Update whose commit failed. The caller may try again: nothing happened. (An
// Update that Close cut short while the file would not say what it holds fails with ErrClosed instead: nobody knows.)
var ErrNotDurable = errors.New("state: not written")

var errNoFile = errors.New("state: neither Path nor Disk is set")

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

	settling  sync.Mutex // followSettings
	changed   broadcast  // after each publish
	scheduled broadcast  // when operations may have become due
	done      chan struct{}
	stop      context.CancelFunc
	running   sync.WaitGroup
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
		clock: clock.NewTwin(opts.Wall, clock.Setting{}), kick: make(chan struct{}, 1), done: make(chan struct{}),
	}
	s.system = defineSystem(s)
	return s
}

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
	mark, err := s.disk.Load(ctx, s.loader(start))
	if err != nil {
		s.closed = true
		return false, errors.Join(fmt.Errorf("load state: %w", err), s.disk.Close())
	}
	start.mark = mark
	s.takeClock(start)
	s.newest = start
	s.durable.Store(start)
	first = mark.Seq == 0
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

// followSettings sets the clock that others see by the durable rows, after a start, a restore or SetClock. Whoever comes
// last reads the last rows, so that two at once leave the clock as the file has it.
func (s *Store) followSettings() {
	s.settling.Lock()
	defer s.settling.Unlock()
	s.clock.Set(s.clockSetting(s.durable.Load()))
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

// View runs f on the last durable state. f must not change anything.
func (s *Store) View(f func(tx *Tx) error) error {
	r := s.durable.Load()
	return f(&Tx{store: s, root: r, now: r.now()})
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

// broadcast wakes all who wait, once.
type broadcast struct {
	mu sync.Mutex
	ch chan struct{}
}

func (b *broadcast) wait() <-chan struct{} {
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.ch == nil {
		b.ch = make(chan struct{})
	}
	return b.ch
}

func (b *broadcast) wake() {
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.ch != nil {
		close(b.ch)
		b.ch = nil
	}
}
