package factorydb

import (
	"context"
	"crypto/rand"
	"os"
	"strconv"
	"strings"
	"time"
)

// Replicas: each says every beatEvery that it lives, and takes over the requests of one that was not heard of for
// deadAfter. That one may only be paused: the generation is raised, so what it still writes is refused.
const (
	beatEvery = 2 * time.Second
	deadAfter = 8 * time.Second
)

// replicaID is unique to a process and tells people which it is.
func replicaID() string {
	host, err := os.Hostname()
	if err != nil {
		host = "host"
	}
	if len(host) > 40 {
		host = host[:40]
	}
	return host + "-" + strconv.Itoa(os.Getpid()) + "-" + strings.ToLower(rand.Text()[:8])
}

// databaseNow is the database's present in microseconds: the clocks of the replicas may differ.
const databaseNow = `(extract(epoch FROM clock_timestamp()) * 1000000)::bigint`

func (e *postgres) beat(ctx context.Context) error {
	_, err := e.pool.Exec(ctx, `INSERT INTO replicas (id, seen_at) VALUES ($1, `+databaseNow+`) ON CONFLICT (id) DO UPDATE SET seen_at = excluded.seen_at`, e.id)
	return err
}

// leave says that this process works no more, and forgets those long dead.
func (e *postgres) leave(ctx context.Context) error {
	_, err := e.pool.Exec(ctx, `DELETE FROM replicas WHERE id = $1 OR seen_at < `+databaseNow+` - $2`, e.id, time.Hour.Microseconds())
	return err
}

func (e *postgres) beats(ctx context.Context) {
	tick := time.NewTicker(beatEvery)
	defer tick.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
		}
		if err := e.beatAndLook(ctx); err != nil && ctx.Err() == nil {
			e.db.log.WarnContext(ctx, "replica", "id", e.id, "error", err)
		}
	}
}

// beatAndLook says that this process lives, and takes over what the dead left. It looks before it locks, as there is
// seldom anything.
func (e *postgres) beatAndLook(ctx context.Context) error {
	if err := e.beat(ctx); err != nil {
		return err
	}
	var any bool
	where, args := e.lost(false, e.db.toCome())
	if err := e.pool.QueryRow(ctx, `SELECT EXISTS (SELECT 1 FROM requests `+where+`)`, args...).Scan(&any); err != nil || !any {
		return err
	}
	n, err := e.db.Sweep(ctx, false)
	if n > 0 {
		e.db.log.WarnContext(ctx, "took over requests of a process that is gone", "requests", n)
	}
	return err
}

// lost: others may live, so starting means nothing. River keeps who took a job last in attempted_by.
func (e *postgres) lost(_ bool, toCome int64) (string, []any) {
	return `WHERE slot = 1` + notHeld + ` AND (updated_at > $1 OR NOT EXISTS (SELECT 1 FROM river_job j WHERE j.id = requests.job_id AND j.finalized_at IS NULL AND (j.state <> 'running'
		OR EXISTS (SELECT 1 FROM replicas p WHERE p.id = j.attempted_by[array_upper(j.attempted_by, 1)] AND p.seen_at > ` +
		databaseNow + ` - ` + strconv.FormatInt(deadAfter.Microseconds(), 10) + `))))`, []any{toCome}
}
