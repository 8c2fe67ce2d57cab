package factory

import (
	"bytes"
	"context"
	"errors"
	"log/slog"
	"strings"
	"testing"
	"testing/synctest"
	"time"
)

// TestEvery: what fails each second for long is in the log ever less often, and at once again after it went well.
func TestEvery(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		var log bytes.Buffer
		s := &Service{log: slog.New(slog.NewTextHandler(&log, nil))}
		ctx, stop := context.WithCancel(t.Context())
		done := 0
		go s.every(ctx, time.Second, "look", func(context.Context) error {
			if done++; done == 101 {
				return nil
			}
			return errors.New("no such role")
		})
		for _, tc := range []struct {
			after int
			want  int // lines until then
		}{{1, 1}, {100, 7}, {101, 7}, {102, 8}, {104, 9}} {
			for done < tc.after {
				<-time.After(time.Second)
				synctest.Wait()
			}
			if got := strings.Count(log.String(), "no such role"); got != tc.want {
				t.Errorf("after %d times %d lines, want %d", tc.after, got, tc.want)
			}
		}
		stop()
		synctest.Wait()
	})
}
