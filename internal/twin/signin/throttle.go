package signin

import (
	"sync"
	"time"

	"accountfactory/internal/clock"
)

// throttle makes guessing slow: after a few tries in a row each next one has to wait, twice as long every time. Nobody is
// locked out for good, whoever guesses in their name. It lives in memory: a restart forgives.
type throttle struct {
	wall clock.Clock
	mu   sync.Mutex
	rows map[string]*tries
}

type tries struct {
	count int
	next  time.Time
}

const (
	longestWait   = 30 * time.Second
	forgetTries   = time.Hour
	throttledKeys = 10_000
)

// limit is one count of tries: free of them come without waiting.
type limit struct {
	key  string
	free int
}

func newThrottle(wall clock.Clock) *throttle {
	return &throttle{wall: wall, rows: map[string]*tries{}}
}

// try counts a try against every limit, or says how long the caller has to wait before it may try at all. It counts
// before the outcome is known, so that guesses sent all at once do not slip through together.
func (t *throttle) try(limits ...limit) (wait time.Duration) {
	t.mu.Lock()
	defer t.mu.Unlock()
	now := t.wall.Now()
	for _, l := range limits {
		if row := t.rows[l.key]; row != nil && row.next.Sub(now) > wait {
			wait = row.next.Sub(now)
		}
	}
	if wait > 0 {
		return wait
	}
	for _, l := range limits {
		row := t.rows[l.key]
		if row == nil || now.Sub(row.next) > forgetTries {
			row = &tries{}
			t.makeRoom(now)
			t.rows[l.key] = row
		}
		row.count++
		row.next = now.Add(delay(row.count - l.free))
	}
	return 0
}

// forgive forgets the tries of those who have shown that they know.
func (t *throttle) forgive(limits ...limit) {
	t.mu.Lock()
	defer t.mu.Unlock()
	for _, l := range limits {
		delete(t.rows, l.key)
	}
}

// delay is how long the next try waits after so many too many.
func delay(beyond int) time.Duration {
	if beyond <= 0 {
		return 0
	}
	return min(time.Second<<min(beyond-1, 10), longestWait)
}

// makeRoom bounds what strangers can make us remember. Call it under the mutex.
func (t *throttle) makeRoom(now time.Time) {
	if len(t.rows) < throttledKeys {
		return
	}
	oldest := ""
	for key, row := range t.rows {
		if now.Sub(row.next) > forgetTries {
			delete(t.rows, key)
		} else if oldest == "" || row.next.Before(t.rows[oldest].next) {
			oldest = key
		}
	}
	delete(t.rows, oldest)
}
