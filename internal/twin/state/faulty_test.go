package state_test

import (
	"errors"
	"sync"
	"testing"

	"accountfactory/internal/twin/state"
)

// verdict is what becomes of a commit.
type verdict int

const (
	pass       verdict = iota
	failBefore         // not in the file
	failAfter          // in the file, but reported as failed
	failMute           // in the file, reported as failed, and the file cannot be asked at first
	failSync           // not in the file, but in the log, so that a crash before the next commit brings it back
	dieBefore          // the process dies with the commit not in the file
	dieAfter           // the process dies with the commit in the file
)

var errDisk = errors.New("input/output error")

// faulty is a disk on which the test decides about each commit.
type faulty struct {
	state.Disk
	judge func(n int, changes []state.Change) verdict
	died  chan struct{} // closed at death

	mu    sync.Mutex
	n     int
	dead  bool
	mute  int
	ghost func() error // brings back what failSync left in the log
	hold  chan struct{}
	held  chan struct{} // gets one for each commit that waits
}

func openFaulty(t *testing.T, path string, judge func(n int, changes []state.Change) verdict) *faulty {
	t.Helper()
	d, err := state.OpenDisk(t.Context(), path)
	must(t, err)
	return &faulty{Disk: d, judge: judge, died: make(chan struct{}), held: make(chan struct{}, 100)}
}

// block makes commits wait until release.
func (d *faulty) block() (release func()) {
	hold := make(chan struct{})
	d.mu.Lock()
	defer d.mu.Unlock()
	d.hold = hold
	return func() {
		d.mu.Lock()
		d.hold = nil
		d.mu.Unlock()
		close(hold)
	}
}

func (d *faulty) Commit(m state.Mark, changes []state.Change) error {
	d.mu.Lock()
	hold := d.hold
	d.mu.Unlock()
	if hold != nil {
		d.held <- struct{}{}
		<-hold
	}
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.dead {
		return errDisk
	}
	d.n++
	v := pass
	if d.judge != nil {
		v = d.judge(d.n, changes)
	}
	switch v {
	case failBefore:
		return errDisk
	case failSync:
		d.ghost = func() error { return d.Disk.Commit(m, changes) }
		return errDisk
	case dieBefore:
		d.die()
		return errDisk
	case pass, failAfter, failMute, dieAfter: // later
	}
	if err := d.Disk.Commit(m, changes); err != nil {
		return err
	}
	d.ghost = nil
	switch v {
	case failMute:
		d.mute = 2
		return errDisk
	case failAfter:
		return errDisk
	case dieAfter:
		d.die()
		return errDisk
	case pass, failBefore, failSync, dieBefore: // done with
	}
	return nil
}

func (d *faulty) die() {
	d.dead = true
	close(d.died)
}

func (d *faulty) Seq() (uint64, error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.dead || d.mute > 0 {
		d.mute--
		return 0, errDisk
	}
	return d.Disk.Seq()
}

// Close leaves the file as the death of the process would.
func (d *faulty) Close() error {
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.dead && d.ghost != nil {
		return errors.Join(d.ghost(), d.Disk.Close())
	}
	return d.Disk.Close()
}
