package server

import (
	"context"
	"fmt"
	"time"

	"github.com/prometheus/client_golang/prometheus"

	"accountfactory/internal/factorydb"
)

// Retention is how long what has ended is kept; 0 keeps it for good.
type Retention struct {
	Requests time.Duration // requests that ended, but for those that say whose an account is. Default 0
	Events   time.Duration // timelines of such, but for their last line, and ended runs of hooks. Default 0
}

// minKeep is the least time: what happened today and yesterday counts for caps and repetitions.
const minKeep = 48 * time.Hour

func (r Retention) validate() error {
	for setting, keep := range map[string]time.Duration{"keep-requests": r.Requests, "keep-events": r.Events} {
		if keep != 0 && keep < minKeep {
			return UsageError{setting, fmt.Sprintf("give a time of %s or more, such as 9600h, or 0 to keep all", minKeep)}
		}
	}
	return nil
}

// pruneEvery is how often it is looked for what is kept no longer.
const pruneEvery = time.Hour

// startPruning prunes now and every hour, until the stop.
func (s *Server) startPruning(db *factorydb.DB) {
	ctx, cancel := context.WithCancel(context.Background())
	done := make(chan struct{})
	go func() {
		defer close(done)
		tick := time.NewTicker(pruneEvery)
		defer tick.Stop()
		for ctx.Err() == nil {
			s.prune(ctx, db)
			select {
			case <-ctx.Done():
			case <-tick.C:
			}
		}
	}()
	s.onStop(func(context.Context) error {
		cancel()
		<-done
		return nil
	})
}

func (s *Server) prune(ctx context.Context, db *factorydb.DB) {
	gone, err := db.Prune(ctx, factorydb.Keep{Requests: s.config.Keep.Requests, Events: s.config.Keep.Events})
	if err != nil && ctx.Err() == nil {
		s.config.Log.WarnContext(ctx, "pruning", "error", err)
	}
	for table, n := range gone {
		s.watch.metrics.pruned.WithLabelValues(table).Add(float64(n))
		if n > 0 {
			s.config.Log.InfoContext(ctx, "pruned", "table", table, "rows", n)
		}
	}
}

func newPruned() *prometheus.CounterVec {
	return prometheus.NewCounterVec(prometheus.CounterOpts{
		Name: "accountfactory_pruned_rows_total", Help: "Rows removed after the time they are kept, by table.",
	}, []string{"table"})
}
