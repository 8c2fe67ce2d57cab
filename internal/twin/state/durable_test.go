package state_test

import (
	"errors"
	"fmt"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"testing"

	"pgregory.net/rapid"

	"accountfactory/internal/twin/state"
)

// counted is a row of a transaction that also counts itself in the row "count": whole when both its rows are there.
type counted struct {
	ID string
	N  int `json:",omitempty"`
}

// ledger is a store of counted transactions with what their writers were told.
type ledger struct {
	*state.Store
	rows *state.Table[counted]

	mu     sync.Mutex
	acked  map[string]bool
	failed map[string]bool
	seen   int // highest count anyone was shown
}

func openLedger(t *testing.T, opts state.Options) *ledger {
	t.Helper()
	l := &ledger{Store: state.New(opts), acked: map[string]bool{}, failed: map[string]bool{}}
	l.rows = state.Define(l.Store, "counted", 1, func(r *counted) string { return r.ID })
	if _, err := l.Open(t.Context()); err != nil && !errors.Is(err, state.ErrClosed) && !errors.Is(err, state.ErrNotDurable) {
		t.Fatal(err)
	}
	return l
}

func (l *ledger) count(tx *state.Tx) int {
	if r := l.rows.Get(tx, "count"); r != nil {
		return r.N
	}
	return 0
}

// write does one transaction of three rows.
func (l *ledger) write(t *testing.T, id string) error {
	t.Helper()
	err := l.Update(t.Context(), func(tx *state.Tx) error {
		n := l.count(tx) + 1
		l.rows.Put(tx, &counted{ID: id + "/a"})
		l.rows.Put(tx, &counted{ID: "count", N: n})
		l.rows.Put(tx, &counted{ID: id + "/b"})
		return nil
	})
	l.mu.Lock()
	defer l.mu.Unlock()
	switch {
	case err == nil:
		l.acked[id] = true
	case errors.Is(err, state.ErrNotDurable):
		l.failed[id] = true
	case !errors.Is(err, state.ErrClosed):
		t.Errorf("write: %v", err)
	}
	return err
}

// refuse looks at the count and refuses, or changes nothing; the answer must rest on what is durable.
func (l *ledger) refuse(t *testing.T, answer error) {
	t.Helper()
	n := 0
	err := l.Update(t.Context(), func(tx *state.Tx) error { n = l.count(tx); return answer })
	if errors.Is(err, answer) || err == nil {
		l.show(n)
		if got := l.look(t); got < n {
			t.Errorf("an answer rested on count %d, durable is %d", n, got)
		}
	}
}

// look checks one durable state, and gives its count.
func (l *ledger) look(t *testing.T) (n int) {
	_ = l.View(func(tx *state.Tx) error {
		n = l.count(tx)
		if rows := l.rows.Len(tx); n > 0 && rows != 2*n+1 {
			t.Errorf("count is %d with %d rows", n, rows)
		}
		return nil
	})
	l.show(n)
	return n
}

func (l *ledger) show(n int) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.seen = max(l.seen, n)
}

// judgeAfter compares what the file holds after the end with what was said before.
func (l *ledger) judgeAfter(t *testing.T, before map[string]bool, after *ledger) map[string]bool {
	have := map[string]bool{}
	_ = after.View(func(tx *state.Tx) error {
		for r := range after.rows.All(tx) {
			if id, ok := strings.CutSuffix(r.ID, "/a"); ok {
				have[id] = after.rows.Get(tx, id+"/b") != nil
			}
		}
		return nil
	})
	if n := after.look(t); n != len(have) || n < l.seen {
		t.Errorf("count is %d of %d transactions; %d had been shown", n, len(have), l.seen)
	}
	for id, whole := range have {
		if !whole || l.failed[id] {
			t.Errorf("transaction %s: whole %v, reported as failed %v", id, whole, l.failed[id])
		}
	}
	for _, told := range []map[string]bool{before, l.acked} {
		for id := range told {
			if !have[id] {
				t.Errorf("transaction %s was acknowledged and is gone", id)
			}
		}
	}
	return have
}

// TestDurability runs writers, refusers and a reader over a disk that fails and dies as rapid says, several lives long.
func TestDurability(t *testing.T) {
	t.Parallel()
	dir, run := t.TempDir(), 0
	rapid.Check(t, func(rt *rapid.T) {
		run++
		path := filepath.Join(dir, strconv.Itoa(run)+".db")
		have := map[string]bool{}
		for life := range rapid.IntRange(1, 3).Draw(rt, "lives") {
			verdicts := rapid.SliceOfN(rapid.SampledFrom([]verdict{pass, pass, pass, failBefore, failAfter, failMute}), 1, 20).Draw(rt, "verdicts")
			death := rapid.SampledFrom([]verdict{pass, dieBefore, dieAfter}).Draw(rt, "death")
			d := openFaulty(t, path, func(n int, _ []state.Change) verdict {
				switch {
				case life == 0 && n == 1:
					return pass // the first start
				case n <= len(verdicts):
					return verdicts[n-1]
				}
				return death
			})
			l := openLedger(t, state.Options{Disk: d, Seed: 1})
			l.live(t, d, life, rapid.IntRange(1, 5).Draw(rt, "writers"), rapid.IntRange(1, 10).Draw(rt, "writes"))
			must(t, l.Close())
			after := openLedger(t, state.Options{Path: path})
			have = l.judgeAfter(t, have, after)
			must(t, after.CheckRows(t.Context()))
			must(t, after.Close())
		}
		if t.Failed() {
			rt.Fatal("see above")
		}
	})
}

// live runs the writers to their end, or to the death of the disk.
func (l *ledger) live(t *testing.T, d *faulty, life, writers, writes int) {
	var busy, looking sync.WaitGroup
	end := make(chan struct{})
	looking.Go(func() {
		for {
			changed := l.Changed()
			l.look(t)
			select {
			case <-changed:
			case <-end:
				return
			}
		}
	})
	for w := range writers {
		busy.Go(func() {
			for n := range writes {
				_ = l.write(t, fmt.Sprintf("%d-%d-%d", life, w, n))
				l.refuse(t, []error{errRefused, nil}[n%2])
			}
		})
	}
	done := make(chan struct{})
	go func() { busy.Wait(); close(done) }()
	select {
	case <-d.died:
		must(t, l.Close()) // lets the writers go, none the wiser
		<-done
	case <-done:
	}
	close(end)
	looking.Wait()
}

// TestFailedCommitStaysFailed has the log keep a commit whose fsync failed, as SQLite's does, and the process die before
// the next write.
func TestFailedCommitStaysFailed(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "twin.db")
	d := openFaulty(t, path, func(n int, changes []state.Change) verdict {
		switch {
		case n == 2:
			return failSync
		case n > 2 && len(changes) > 0:
			return dieBefore
		}
		return pass
	})
	l := openLedger(t, state.Options{Disk: d})
	if err := l.write(t, "lost"); !errors.Is(err, state.ErrNotDurable) || !errors.Is(err, errDisk) {
		t.Fatalf("write without fsync: %v", err)
	}
	l.live(t, d, 0, 1, 1)
	must(t, l.Close())
	after := openLedger(t, state.Options{Path: path})
	defer after.Close()
	if have := l.judgeAfter(t, nil, after); len(have) != 0 {
		t.Errorf("after the crash: %v", have)
	}
}

func TestFirstStartThatFailsIsRepeated(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "twin.db")
	open := func(judge func(int, []state.Change) verdict) (bool, error) {
		s := state.New(state.Options{Disk: openFaulty(t, path, judge)})
		first, err := s.Open(t.Context())
		must(t, s.Close())
		return first, err
	}
	if _, err := open(func(n int, _ []state.Change) verdict { return []verdict{failBefore, pass}[n-1] }); !errors.Is(err, state.ErrNotDurable) {
		t.Errorf("first start on a disk that fails: %v", err)
	}
	for _, want := range []bool{true, false} {
		if first, err := open(nil); err != nil || first != want {
			t.Errorf("first start: %v, %v, want %v", first, err, want)
		}
	}
}

func TestCloseWithOutcomeUnknown(t *testing.T) {
	t.Parallel()
	d := openFaulty(t, filepath.Join(t.TempDir(), "twin.db"), func(n int, _ []state.Change) verdict { return []verdict{pass, dieAfter}[min(n-1, 1)] })
	l := openLedger(t, state.Options{Disk: d})
	answer := make(chan error)
	go func() { answer <- l.write(t, "1") }()
	<-d.died
	must(t, l.Close())
	if err := <-answer; !errors.Is(err, state.ErrClosed) || errors.Is(err, state.ErrNotDurable) {
		t.Errorf("the answer to a write that may or may not be in the file: %v", err)
	}
}
