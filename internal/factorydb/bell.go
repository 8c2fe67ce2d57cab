package factorydb

import (
	"context"
	"database/sql"

	"github.com/riverqueue/river"
	"github.com/riverqueue/river/riverdriver/riversqlite"
)

// On SQLite River polls: asking more often than the poll interval costs more when nobody does anything than all of the
// rest, and a freed slot would wait for the next poll. River has no call that makes it look at once, except after an insert
// of its own, outside of a transaction: so after one of ours has put jobs in, one more rings the bell.

// bellArgs is a job that does nothing.
type bellArgs struct{}

// Kind names the job; stored, never renamed.
func (bellArgs) Kind() string { return "bell" }

type bellWorker struct {
	river.WorkerDefaults[bellArgs]
}

func (bellWorker) Work(context.Context, *river.Job[bellArgs]) error { return nil }

// ringing is River's driver, but for saying that nobody listens to inserts: the client then tells its own queue.
type ringing struct{ *riversqlite.Driver }

func (ringing) SupportsListener() bool { return false }

// bell rings once for however many asked meanwhile.
type bell struct {
	asked chan struct{}
	stop  context.CancelFunc
	done  chan struct{}
}

func newBell() *bell { return &bell{asked: make(chan struct{}, 1)} }

// ask never waits.
func (b *bell) ask() {
	select {
	case b.asked <- struct{}{}:
	default:
	}
}

// start rings when asked, until halt. A bell that cannot be rung is no matter: the next poll finds the jobs.
func (b *bell) start(ctx context.Context, r *river.Client[*sql.Tx]) {
	ctx, b.stop = context.WithCancel(ctx)
	b.done = make(chan struct{})
	go func() {
		defer close(b.done)
		for {
			select {
			case <-ctx.Done():
				return
			case <-b.asked:
				_, _ = r.Insert(ctx, bellArgs{}, nil)
			}
		}
	}()
}

func (b *bell) halt() {
	if b.stop != nil {
		b.stop()
		<-b.done
	}
}
