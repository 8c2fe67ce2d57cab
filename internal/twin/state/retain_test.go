package state_test

import (
	"fmt"
	"path/filepath"
	"sync"
	"testing"
	"time"

	"accountfactory/internal/twin/state"
)

// movable is a wall clock that a test moves.
type movable struct {
	mu sync.Mutex
	at time.Time
}

func (m *movable) Now() time.Time {
	m.mu.Lock()
	defer m.mu.Unlock()
	return m.at
}

func (m *movable) move(d time.Duration) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.at = m.at.Add(d)
}

// TestViewKeepsItsTime: what one look shows is of one moment, however long it takes.
func TestViewKeepsItsTime(t *testing.T) {
	t.Parallel()
	wall := &movable{at: time.Date(2026, 11, 1, 0, 0, 0, 0, time.UTC)}
	s := state.New(state.Options{Path: filepath.Join(t.TempDir(), "twin.db"), Wall: wall})
	if _, err := s.Open(t.Context()); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { must(t, s.Close()) })
	_ = s.View(func(tx *state.Tx) error {
		first := tx.Now()
		wall.move(time.Hour)
		if second := tx.Now(); !first.Equal(wall.Now().Add(-time.Hour)) || !second.Equal(first) {
			t.Errorf("it is %v, and then %v", first, second)
		}
		return nil
	})
}

func bodies(s *state.Store, kind string) (out []string) {
	_ = s.View(func(tx *state.Tx) error {
		for m := range tx.Messages(kind, "") {
			out = append(out, string(m.Body))
		}
		return nil
	})
	return out
}

// settled waits until a sink has delivered all.
func settled(t *testing.T, s *state.Store, name string) {
	t.Helper()
	await(t, s, func(*state.Tx) bool { return s.Undelivered(name, "mail") == 0 })
}

// TestRetain: what every sink has goes after its time by the wall's clock, or when there are too many; what one has not stays, and
// so does all while delivery is held or nobody delivers.
func TestRetain(t *testing.T) {
	t.Parallel()
	const day = 24 * time.Hour
	wall := &movable{at: time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)}
	path := filepath.Join(t.TempDir(), "twin.db")
	s := setup(t, state.Options{Path: path, Wall: wall}).Store
	retain := func(keep state.Retain, want int, left ...int) {
		t.Helper()
		n, err := s.Retain(t.Context(), keep, "mail")
		if got := bodies(s, "mail"); err != nil || n != want || fmt.Sprint(got) != fmt.Sprint(left) {
			t.Errorf("%d went, %v are left, %v; want %d, %v", n, got, err, want, left)
		}
		must(t, s.CheckRows(t.Context()))
	}
	post(t, s, "mail", 1, 2, 3)
	post(t, s, "event", 100)
	retain(state.Retain{Count: 1}, 0, 1, 2, 3) // nobody delivers
	away, stop := delivering(t, s.DeliverOut, "away")
	local, _ := delivering(t, s.Deliver, "local")
	take(t, away, 1, 2)
	take(t, local, 1, 2, 3)
	settled(t, s, "local")
	month := state.Retain{Age: 30 * day}
	retain(month, 0, 1, 2, 3)
	wall.move(31 * day)
	post(t, s, "mail", 4)
	take(t, local, 4)
	settled(t, s, "local")
	retain(month, 0, 1, 2, 3, 4) // the other sink keeps no place in the middle of a batch
	take(t, away, 3, 4)
	settled(t, s, "away")
	retain(month, 3, 4)
	wall.move(10 * day)
	retain(month, 0, 4)
	wall.move(21 * day)
	retain(month, 1)
	for i := 5; i < 1205; i++ {
		post(t, s, "mail", i)
		take(t, local, i)
		take(t, away, i)
	}
	settled(t, s, "local")
	settled(t, s, "away")
	retain(state.Retain{Count: 2}, 1198, 1203, 1204)
	if got := bodies(s, "event"); len(got) != 1 {
		t.Errorf("events %v", got)
	}
	stop()
	rows := saved(t, s.Dump)
	must(t, s.Close())
	other := filepath.Join(t.TempDir(), "restored.db")
	must(t, state.Import(t.Context(), other, nil, giving(rows)))
	s = setup(t, state.Options{Path: other, Wall: wall}).Store
	delivering(t, s.DeliverOut, "away")
	retain(state.Retain{Count: 1}, 0, 1203, 1204) // held
}
