package factory

import (
	"context"
	"errors"
	"log/slog"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"
)

// counter counts what is logged.
type counter struct {
	slog.Handler
	lines *atomic.Int64
}

func (c counter) Enabled(context.Context, slog.Level) bool { return true }

func (c counter) Handle(context.Context, slog.Record) error {
	c.lines.Add(1)
	return nil
}

// TestEvery: what fails each second for long is in the log ever less often, and at once again after it went well.
func TestEvery(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		var done, lines atomic.Int64
		s := &Service{log: slog.New(counter{slog.DiscardHandler, &lines})}
		ctx, stop := context.WithCancel(t.Context())
		go s.every(ctx, time.Second, "look", func(context.Context) error {
			if done.Add(1) == 101 {
				return nil
			}
			return errors.New("no such role")
		})
		for _, tc := range []struct{ after, want int64 }{{1, 1}, {100, 7}, {101, 7}, {102, 8}, {104, 9}} { // lines until then
			for done.Load() < tc.after {
				<-time.After(time.Second)
				synctest.Wait()
			}
			if got := lines.Load(); got != tc.want {
				t.Errorf("after %d times %d lines, want %d", tc.after, got, tc.want)
			}
		}
		stop()
		synctest.Wait()
	})
}
