package clock_test

import (
	"testing"
	"time"

	"accountfactory/internal/clock"
)

func TestTwin(t *testing.T) {
	t.Parallel()
	start := time.Date(2026, 1, 2, 3, 4, 5, 0, time.UTC)
	tw := clock.NewTwin(clock.Fixed(start), clock.Setting{})
	if got := tw.Now(); !got.Equal(start) {
		t.Fatalf("fresh clock shows %v, want the wall's %v", got, start)
	}
	changed := tw.Changed()
	tw.Set(tw.Advanced(24 * time.Hour))
	select {
	case <-changed:
	default:
		t.Error("a change of the setting did not close Changed")
	}
	if got, want := tw.Now(), start.Add(24*time.Hour); !got.Equal(want) {
		t.Errorf("advanced clock shows %v, want %v", got, want)
	}
	if d, ok := tw.Wait(start.Add(25 * time.Hour)); d != time.Hour || !ok {
		t.Errorf("Wait for an hour ahead: %v %v", d, ok)
	}

	tw.Set(tw.Stopped())
	if d, ok := tw.Wait(start.Add(25 * time.Hour)); ok {
		t.Errorf("a frozen clock promises to reach a later time in %v", d)
	}
	if d, ok := tw.Wait(start); d != 0 || !ok {
		t.Errorf("a time that has passed: %v %v", d, ok)
	}
	tw.Set(tw.Advanced(time.Minute))
	if got, want := tw.Now(), start.Add(24*time.Hour+time.Minute); !got.Equal(want) {
		t.Errorf("frozen and advanced clock shows %v, want %v", got, want)
	}

	again := clock.NewTwin(clock.Fixed(start.Add(time.Hour)), tw.Setting())
	if got, want := again.Now(), tw.Now(); !got.Equal(want) {
		t.Errorf("after a restart the frozen clock shows %v, want %v", got, want)
	}
	again.Set(again.Running())
	if got, want := again.Now(), tw.Now(); !got.Equal(want) {
		t.Errorf("a thawed clock goes on from %v, want %v", got, want)
	}
}
