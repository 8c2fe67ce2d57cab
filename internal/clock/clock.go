// Package clock has the two clocks. Wall is real time: signatures, credentials, cookies, codes. Twin is the time of the
// AWS that the twin plays: wall time plus an offset, or frozen, so that a lab can move ninety days ahead without one
// signature or session expiring. It imports nothing of ours.
package clock

import (
	"sync"
	"time"
)

// Clock tells the time.
type Clock interface{ Now() time.Time }

// Wall is real time.
type Wall struct{}

// Now gives the present time in UTC.
func (Wall) Now() time.Time { return time.Now().UTC() }

// Fixed is a clock that stands; for tests.
type Fixed time.Time

// Now gives always the same time.
func (f Fixed) Now() time.Time { return time.Time(f).UTC() }

// Setting is what a twin clock must remember across a restart. The zero value runs with the wall.
type Setting struct {
	Offset time.Duration `json:"offset,omitempty"` // added to the wall's time while not frozen
	Frozen *time.Time    `json:"frozen,omitempty"` // the time shown while frozen, nil when running
}

// Twin is a movable clock, safe for concurrent use.
type Twin struct {
	base Clock

	mu      sync.Mutex
	setting Setting
	changed chan struct{}
}

// NewTwin gives a twin clock over base with the setting of an earlier run.
func NewTwin(base Clock, s Setting) *Twin {
	return &Twin{base: base, setting: s, changed: make(chan struct{})}
}

// Now gives the twin's time in UTC.
func (t *Twin) Now() time.Time {
	t.mu.Lock()
	defer t.mu.Unlock()
	return t.now()
}

func (t *Twin) now() time.Time {
	if t.setting.Frozen != nil {
		return t.setting.Frozen.UTC()
	}
	return t.base.Now().Add(t.setting.Offset).UTC()
}

// Setting gives what must be stored for the clock to go on after a restart.
func (t *Twin) Setting() Setting {
	t.mu.Lock()
	defer t.mu.Unlock()
	return t.setting
}

// Set replaces the setting, as a restore does.
func (t *Twin) Set(s Setting) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.setting = s
	t.wake()
}

// Advanced gives the setting that stands d ahead of the present one. It changes nothing: store it first, then Set it.
func (t *Twin) Advanced(d time.Duration) Setting {
	t.mu.Lock()
	defer t.mu.Unlock()
	s := t.setting
	if s.Frozen != nil {
		at := s.Frozen.Add(d)
		s.Frozen = &at
	} else {
		s.Offset += d
	}
	return s
}

// Stopped gives the setting that stands still at the present time; Running the one that goes on from there.
func (t *Twin) Stopped() Setting {
	t.mu.Lock()
	defer t.mu.Unlock()
	at := t.now()
	return Setting{Offset: t.setting.Offset, Frozen: &at}
}

// Running gives the setting that runs on from the time now shown.
func (t *Twin) Running() Setting {
	t.mu.Lock()
	defer t.mu.Unlock()
	return Setting{Offset: t.now().Sub(t.base.Now())}
}

// Wait gives how long, in real time, until the twin's clock shows at: 0 when it has passed, and ok is false while the
// clock stands before it. Changed tells when to ask again.
func (t *Twin) Wait(at time.Time) (d time.Duration, ok bool) {
	t.mu.Lock()
	defer t.mu.Unlock()
	d = at.Sub(t.now())
	if d <= 0 {
		return 0, true
	}
	return d, t.setting.Frozen == nil
}

// Changed gives a channel that is closed at the next change of the setting.
func (t *Twin) Changed() <-chan struct{} {
	t.mu.Lock()
	defer t.mu.Unlock()
	return t.changed
}

func (t *Twin) wake() {
	close(t.changed)
	t.changed = make(chan struct{})
}
