package factorydb

import (
	"context"
	"log/slog"
	"time"

	"github.com/riverqueue/river"
	"github.com/riverqueue/river/rivertype"

	"accountfactory/internal/factory"
)

// jobArgs is a River job: the doorbell of a request's generation.
type jobArgs struct {
	RequestID  string `json:"request_id"`
	Generation int64  `json:"generation"`
}

// Kind names the job; stored, never renamed.
func (jobArgs) Kind() string { return "request" }

// River's settings. A job gives itself back well before its timeout; a process that died mid-job is found by our own
// sweep, so River's rescue is only the backstop.
const (
	workers = 80 // as many as there may be account operations, those that need none any more, and lightWorkers
	// How soon after a fetch River may fetch again; on PostgreSQL, how often an insert rings too.
	sqliteCooldown   = 5 * time.Millisecond
	postgresCooldown = time.Millisecond
	pollInterval     = 150 * time.Millisecond
	jobTimeout       = 15 * time.Second
	rescueAfter      = 20 * time.Second
	softStop         = 2 * time.Second

	// A short wait is slept inside the job: a snooze wakes only with the next poll. A job does not go on for longer
	// than longJob, which leaves one turn room before the timeout.
	shortWait = 2 * time.Second
	longJob   = 4 * time.Second
)

// riverConfig is what River is told on either database.
func (db *DB) riverConfig() *river.Config {
	ws := river.NewWorkers()
	river.AddWorker(ws, &worker{db: db})
	river.AddWorker(ws, &bellWorker{})
	return &river.Config{
		Queues:               map[string]river.QueueConfig{river.QueueDefault: {MaxWorkers: workers}},
		Workers:              ws,
		FetchPollInterval:    pollInterval,
		JobTimeout:           jobTimeout,
		RescueStuckJobsAfter: rescueAfter,
		SoftStopTimeout:      softStop,
		MaxAttempts:          32000, // a request is never discarded because it was tried often
		// Finished doorbells tell nothing: what happened is in the timeline.
		CompletedJobRetentionPeriod: 10 * time.Minute,
		Logger:                      slog.New(quiet{db.log.Handler()}),
	}
}

// Start lets workers take turns until Stop.
func (db *DB) Start(ctx context.Context, turn factory.Turn) error {
	db.mu.Lock()
	db.turn, db.stopping, db.started = turn, make(chan struct{}), true
	db.mu.Unlock()
	return db.engine.start(context.WithoutCancel(ctx)) // Stop stops it, with its jobs in order
}

// Stop ends the waits inside jobs, lets the turns under way finish for a moment, and returns when no job runs.
func (db *DB) Stop(ctx context.Context) error {
	db.mu.Lock()
	started := db.started
	db.started = false
	if started {
		close(db.stopping)
	}
	db.mu.Unlock()
	if !started {
		return nil
	}
	return db.engine.stop(ctx)
}

type worker struct {
	river.WorkerDefaults[jobArgs]
	db *DB
}

// NextRetry makes a job that failed available again at once: waiting is the request's business, not the job's.
func (w *worker) NextRetry(*river.Job[jobArgs]) time.Time { return w.db.clock.Now() }

// Work takes turns at the request until it has ended, somebody else holds it, or the next turn is some time away.
func (w *worker) Work(ctx context.Context, job *river.Job[jobArgs]) error {
	w.db.mu.Lock()
	turn, stopping := w.db.turn, w.db.stopping
	w.db.mu.Unlock()
	began := w.db.clock.Now()
	for {
		wait, more := turn(ctx, job.Args.RequestID, job.Args.Generation)
		if !more {
			return nil
		}
		if wait > shortWait || w.db.clock.Now().Sub(began)+wait > longJob || !sleep(ctx, stopping, wait) {
			return river.JobSnooze(wait)
		}
	}
}

// sleep waits, and reports whether the job may go on after it.
func sleep(ctx context.Context, stopping <-chan struct{}, d time.Duration) bool {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
	case <-stopping:
	case <-ctx.Done():
	}
	select {
	case <-stopping:
		return false
	default:
		return ctx.Err() == nil
	}
}

// jobParams and jobIDs are what InsertManyTx takes and gives; jobs are fetched with the next poll, or sooner.
func jobParams(jobs []jobArgs) []river.InsertManyParams {
	params := make([]river.InsertManyParams, len(jobs))
	for i, j := range jobs {
		params[i] = river.InsertManyParams{Args: j}
	}
	return params
}

func jobIDs(inserted []*rivertype.JobInsertResult, err error) ([]int64, error) {
	ids := make([]int64, len(inserted))
	for i, r := range inserted {
		ids[i] = r.Job.ID
	}
	return ids, err
}

// quiet passes only River's warnings on: it narrates.
type quiet struct{ slog.Handler }

func (q quiet) Enabled(ctx context.Context, l slog.Level) bool {
	return l >= slog.LevelWarn && q.Handler.Enabled(ctx, l)
}

// WithAttrs and WithGroup keep what comes of it as quiet.
func (q quiet) WithAttrs(as []slog.Attr) slog.Handler { return quiet{q.Handler.WithAttrs(as)} }
func (q quiet) WithGroup(name string) slog.Handler    { return quiet{q.Handler.WithGroup(name)} }
